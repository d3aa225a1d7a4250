//! Asks a model: freezes the request, sees to the budget, and keeps the reply before anyone reads it.
//!
//! Makes nothing of what is said. Whatever keeps a reply from coming is told apart here: what is only
//! late makes the job wait and counts no attempt.

use domain::{
    Ask, Budget, Call, CallEnd, Model, ModelError, OwnerId, Price, ProjectId, Reply, Request,
    Reserved, RunId, Sent, SessionId, Shows, Usage,
};
use extractors::replies::fit_to_keep;
use jiff::civil::Time;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use prompts::Filled;

use crate::Ports;
use crate::error::StepError;

/// How long a host that gave no hour itself is left alone.
const LATER: SignedDuration = SignedDuration::from_mins(10);
/// How long until we see for ourselves whether a person has done something.
const MUCH_LATER: SignedDuration = SignedDuration::from_hours(1);

/// How many tokens may be spent, and what they cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spending {
    /// So many on one day of the person's.
    pub day_tokens: u64,
    /// So many for the words of one session.
    pub session_tokens: u64,
    /// What the model's words cost.
    pub price: Price,
}

impl Spending {
    /// Returns what may be spent on the person's day that it is now.
    pub fn budget(&self, now: Timestamp, zone: &TimeZone) -> Budget {
        Budget {
            day_begins: day(now, zone).0,
            day_tokens: self.day_tokens,
            session_tokens: self.session_tokens,
        }
    }
}

/// What is to be asked, for whom, and what of the store it shows.
#[derive(Debug)]
pub struct Question {
    /// Whose words and whose budget.
    pub owner: OwnerId,
    /// What it is about; the same again finds the same request.
    pub about: String,
    /// The project whose words it carries.
    pub project: Option<ProjectId>,
    /// The session whose words it carries.
    pub session: Option<SessionId>,
    /// The run that wants to know.
    pub run: Option<RunId>,
    /// The filled prompt.
    pub filled: Filled,
    /// What it shows.
    pub shows: Shows,
}

/// Returns the ask with its reply: the one that is there, or one that is bought now.
///
/// The one place from which words go to a model, and so the place where a person's word is kept that
/// no model reads a project: not even a request that was frozen before is sent after that. It is the
/// one place, too, at which every reply comes in, whoever gave it: a secret in it goes no further.
pub async fn ask(
    ports: &Ports<'_>,
    spending: &Spending,
    zone: &TimeZone,
    question: Question,
) -> Result<Ask, StepError> {
    let model = ports.model.ok_or(StepError::NoModel)?;
    may_be_read(ports, question.project.as_ref()).await?;
    let (shows, run) = (question.shows.clone(), question.run);
    let fresh = built(question, model, ports.clock.now());
    may_be_asked(ports, model, &fresh).await?;
    let kept = ports.desk.freeze(&fresh, &shows).await?;
    let kept = kept.ok_or(StepError::Purged)?;
    if kept.reply.is_some() {
        return Ok(kept);
    }
    let call = match model.host() {
        None => None,
        Some(host) => Some(reserve(ports, spending, zone, &kept, host, run).await?),
    };
    let answer = model.ask(&kept).await;
    let answer = answer.map(|reply| fit(&reply, &kept.request));
    let answer = answer.map_err(fit_to_tell);
    let reply = match (answer, call) {
        (Ok(reply), Some(call)) => {
            let end = CallEnd::Answered(reply.clone());
            ports.desk.settle(call, &end).await?;
            reply
        }
        (Ok(reply), None) => {
            ports.desk.answer(&kept.id, &reply).await?;
            reply
        }
        (Err(error), call) => {
            if let Some(call) = call {
                ports.desk.settle(call, &end_of(&error)).await?;
            }
            return Err(judged(error, ports.clock.now()));
        }
    };
    Ok(Ask {
        reply: Some(reply),
        ..kept
    })
}

/// Says so where by a person's word no model reads a project.
async fn may_be_read(ports: &Ports<'_>, project: Option<&ProjectId>) -> Result<(), StepError> {
    let kept_out = ports.library.kept_from_models().await?;
    match project.is_some_and(|own| kept_out.contains(own)) {
        true => Err(StepError::KeptFromModels),
        false => Ok(()),
    }
}

/// Makes a job wait for a model that rests, before anything is kept: what is built when it can be asked
/// again knows more. A reply that was bought before waits for nobody.
async fn may_be_asked(ports: &Ports<'_>, model: &dyn Model, ask: &Ask) -> Result<(), StepError> {
    match model.rests() {
        Some(rest) if !ports.desk.is_answered(&ask.id).await? => Err(StepError::Waits {
            on: rest.why.to_string(),
            again: rest.until,
        }),
        _ => Ok(()),
    }
}

fn built(question: Question, model: &dyn Model, now: Timestamp) -> Ask {
    let Question { owner, about, .. } = &question;
    let prompt = &question.filled.prompt;
    Ask {
        id: Ask::name(owner, about, prompt, model.name()),
        about: question.about,
        session: question.session,
        prompt: question.filled.prompt,
        model: model.name().to_owned(),
        request: question.filled.request,
        asked_at: now,
        reply: None,
    }
}

fn fit(reply: &Reply, request: &Request) -> Reply {
    Reply {
        text: fit_to_keep(&reply.text),
        usage: believed(reply.usage, request),
        ended: reply.ended,
        at: reply.at,
    }
}

/// So many times what was sent, and what was asked for, is believed of a server that counts: our
/// estimate is rarely wrong by half, and a claim without bounds would block the day, or all days.
const BELIEVED: u64 = 4;

fn believed(claimed: Usage, request: &Request) -> Usage {
    let most_out = u64::from(request.max_output_tokens);
    Usage {
        input_tokens: claimed.input_tokens.min(BELIEVED * said(request)),
        output_tokens: claimed.output_tokens.min(BELIEVED * most_out),
    }
}

/// Returns how many tokens a request has, by our own estimate.
fn said(request: &Request) -> u64 {
    let said = domain::words::estimate_tokens(&request.system)
        + domain::words::estimate_tokens(&request.user);
    u64::try_from(said).unwrap_or(u64::MAX / BELIEVED)
}

/// What a host or a mailbox says of itself is kept with the job and shown to a person.
pub(crate) fn fit_to_tell(mut error: ModelError) -> ModelError {
    match &mut error {
        // By these words it is known again when it comes.
        ModelError::NotYet { .. } => {}
        ModelError::Down { why, .. }
        | ModelError::Shut { why, .. }
        | ModelError::Refused { why, .. } => *why = fit_to_keep(why),
        ModelError::Garbled { why, raw, .. } => {
            *why = fit_to_keep(why);
            *raw = fit_to_keep(raw);
        }
    }
    error
}

/// Sets the tokens of one call aside, or makes the job wait until there is room.
async fn reserve(
    ports: &Ports<'_>,
    spending: &Spending,
    zone: &TimeZone,
    ask: &Ask,
    host: &str,
    run: Option<RunId>,
) -> Result<domain::CallId, StepError> {
    let now = ports.clock.now();
    let tokens = said(&ask.request) + u64::from(ask.request.max_output_tokens);
    if let Some(on) = too_large(tokens, spending, ask.session.as_ref()) {
        let again = now + MUCH_LATER;
        return Err(StepError::Waits { on, again });
    }
    let call = Call {
        ask: ask.id.clone(),
        run,
        session: ask.session.clone(),
        host: host.to_owned(),
        model: ask.model.clone(),
        at: now,
        tokens,
        price: spending.price,
    };
    let (_, ends) = day(now, zone);
    let budget = spending.budget(now, zone);
    match ports.desk.reserve(&call, &budget).await? {
        Reserved::Yes(id) => Ok(id),
        Reserved::DayFull => Err(StepError::Waits {
            on: format!(
                "tomorrow: of the day's {} tokens too few are left",
                spending.day_tokens
            ),
            again: ends,
        }),
        Reserved::SessionFull => Err(StepError::Waits {
            on: format!(
                "a larger llm.session_tokens: of its session's {} too few are left",
                spending.session_tokens
            ),
            again: ends,
        }),
    }
}

/// Says so where a request would not even fit into a budget of which nothing is spent: no tomorrow
/// helps it.
fn too_large(tokens: u64, spending: &Spending, session: Option<&SessionId>) -> Option<String> {
    let session = session.map(|_| ("llm.session_tokens", spending.session_tokens));
    let budgets = [("llm.day_tokens", spending.day_tokens)]
        .into_iter()
        .chain(session);
    let (key, most) = budgets.min_by_key(|(_, most)| *most)?;
    (tokens > most).then(|| {
        format!("a larger {key}: this request alone needs {tokens} tokens, and {key} is {most}")
    })
}

/// Returns when the person's day began, and when the next one does.
fn day(now: Timestamp, zone: &TimeZone) -> (Timestamp, Timestamp) {
    let date = now.to_zoned(zone.clone()).date();
    let begin = |date: jiff::civil::Date| {
        let begin = date.to_datetime(Time::midnight()).to_zoned(zone.clone());
        begin.map(|begin| begin.timestamp())
    };
    let begins = begin(date).unwrap_or(now);
    let ends = date.tomorrow().and_then(begin);
    (begins, ends.unwrap_or(now + SignedDuration::from_hours(24)))
}

/// Returns what a failed call costs: nothing, if nobody can have worked on it.
fn end_of(error: &ModelError) -> CallEnd {
    let why = error.to_string();
    let sent = match error {
        ModelError::NotYet { .. } => Sent::Nothing,
        ModelError::Down { sent, .. } | ModelError::Shut { sent, .. } => *sent,
        ModelError::Refused { .. } | ModelError::Garbled { .. } => Sent::Heard,
    };
    match sent {
        Sent::Nothing => CallEnd::Unsent(why),
        Sent::Unheard => CallEnd::Unheard(why),
        Sent::Heard => CallEnd::Broken(why),
    }
}

/// Tells what is only late from what a person must see.
fn judged(error: ModelError, now: Timestamp) -> StepError {
    let again = now + again(&error);
    let on = match error {
        ModelError::NotYet { on } => on,
        ModelError::Down { .. } | ModelError::Shut { .. } => error.to_string(),
        ModelError::Refused { .. } | ModelError::Garbled { .. } => {
            return StepError::Model(error);
        }
    };
    StepError::Waits { on, again }
}

/// Returns how long a model is left alone that did not answer.
pub(crate) fn again(error: &ModelError) -> SignedDuration {
    match error {
        ModelError::Down { again, .. } => {
            let again = again.and_then(|again| SignedDuration::try_from(again).ok());
            again.unwrap_or(LATER)
        }
        _ => MUCH_LATER,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("an instant")
    }

    #[test]
    fn the_day_is_the_persons_own() {
        let zone = TimeZone::get("America/New_York").expect("a zone");
        let (begins, ends) = day(at("2026-11-21T03:00:00Z"), &zone);
        assert_eq!(begins, at("2026-11-20T05:00:00Z"));
        assert_eq!(ends, at("2026-11-21T05:00:00Z"));
    }

    #[test]
    fn a_day_on_which_clocks_are_put_back_has_25_hours() {
        let zone = TimeZone::get("Europe/Berlin").expect("a zone");
        let (begins, ends) = day(at("2026-10-25T12:00:00Z"), &zone);
        assert_eq!(ends.duration_since(begins), SignedDuration::from_hours(25));
    }

    #[test]
    fn a_server_that_claims_any_number_of_tokens_is_believed_four_times_what_was_said() {
        let request = Request {
            system: "word ".repeat(100),
            user: String::new(),
            schema: None,
            max_output_tokens: 50,
        };
        let claim = |tokens| Usage {
            input_tokens: tokens,
            output_tokens: tokens,
        };
        let usage = believed(claim(u64::MAX), &request);
        assert_eq!(usage.input_tokens, 4 * said(&request));
        assert_eq!(usage.output_tokens, 200);
        assert_eq!(believed(claim(150), &request), claim(150));
    }
}
