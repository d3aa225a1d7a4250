//! Lets a model read an episode: shows it the words and what is known, and reads what it replies.
//!
//! Believes nothing of the reply that code cannot see; whether a lesson stands on its quotes is
//! checked afterwards, as it is for the rules extractor's.

use std::path::Path;

use domain::{
    Ask, Claimed, Episode, Evidence, Lesson, Memory, MemoryId, Model, PartKind, Record, Reply,
    Shows, Speaker, Turn,
};
use extractors::project;
use extractors::replies::{self, Harvest, Outcome, Support};
use extractors::trust;
use prompts::{Extract, Filled, Form, LEAST_ROOM, Received};

use super::{Heard, near};
use crate::asking::{Question, ask};
use crate::{Ports, Rules, StepError};

/// So many of the nearest known memories are shown, so that they are supported and not repeated.
const KNOWN: usize = 10;
/// What leads to known memories is the words of people first; so much of them is enough.
const QUERY_CHARS: usize = 8_000;
/// The longest reply to the extract prompt, with the estimate's error on the request before it.
const MARGIN_TOKENS: usize = 3_000;

/// Returns what the model hears in an episode.
pub(super) async fn listen(
    ports: &Ports<'_>,
    rules: &Rules,
    job: &Claimed,
    model: &dyn Model,
    episode: &Episode,
    turns: &[Turn],
) -> Result<Heard, StepError> {
    // What is nearest to what was said, by its words.
    let known = near(ports, episode, &said(turns), KNOWN).await?;
    let memories: Vec<&Memory> = known.iter().map(|record| &record.memory).collect();
    let filled = fill(rules, model, episode, turns, &memories);
    let shows = Shows {
        turns: turns.iter().map(|turn| turn.id.clone()).collect(),
        memories: memories.iter().map(|memory| memory.id.clone()).collect(),
    };
    let mut asking = Asking {
        ports,
        rules,
        job,
        episode,
        shows,
    };
    let Came { first, harvests } = asking.read(turns, filled).await?;
    let mut heard = Heard::default();
    for harvest in harvests {
        take(&mut heard, harvest, turns, &known, &first);
    }
    heard.candidates.truncate(prompts::MEMORIES_AT_MOST);
    Ok(heard)
}

/// Returns what would be said to this model about an episode.
pub(crate) fn fill(
    rules: &Rules,
    model: &dyn Model,
    episode: &Episode,
    turns: &[Turn],
    known: &[&Memory],
) -> Filled {
    let cwd = episode.place.cwd.as_deref().unwrap_or_default();
    let standing = project::instructions(Path::new(cwd), rules.ceiling.as_deref());
    let hints = hints(episode);
    prompts::extract(&Extract {
        episode,
        turns,
        known,
        standing: &standing,
        hints: &hints,
        form: form(model),
        room: room(rules, model),
    })
}

/// Says which turns are there only so that the others can be understood.
fn hints(episode: &Episode) -> String {
    match episode.context().len() {
        0 => String::new(),
        context => format!(
            "What is numbered up to t{context} was read before and stands here as context: look for lessons from t{} on.",
            context + 1
        ),
    }
}

fn form(model: &dyn Model) -> Form {
    match model.keeps_schema() {
        true => Form::Json,
        false => Form::Xml,
    }
}

/// Returns how many tokens an episode may have so that this model sees all of it.
pub(crate) fn episode_tokens(wanted: usize, model: &dyn Model) -> usize {
    let has = model.window().saturating_sub(2 * MARGIN_TOKENS);
    wanted.min(has).max(LEAST_ROOM)
}

/// An episode is shown in the room it was cut for, and never in more than the model has.
fn room(rules: &Rules, model: &dyn Model) -> usize {
    let wanted = rules.episodes.max_tokens + MARGIN_TOKENS;
    let has = model.window().saturating_sub(MARGIN_TOKENS);
    wanted.min(has).max(LEAST_ROOM)
}

/// Returns what was said, the user's words before the assistant's.
fn said(turns: &[Turn]) -> String {
    let parts = || turns.iter().flat_map(|turn| &turn.parts);
    let by = |speaker| {
        parts().filter(move |part| {
            part.speaker == speaker && !matches!(part.kind, PartKind::Call { .. })
        })
    };
    let texts = by(Speaker::User).chain(by(Speaker::Assistant));
    let mut said = String::new();
    for part in texts {
        let room = QUERY_CHARS.saturating_sub(said.len());
        if room == 0 {
            break;
        }
        said.extend(part.text.chars().take(room));
        said.push('\n');
    }
    said
}

/// What came of asking: the reply, and the rest of it where it broke off.
struct Came {
    first: Ask,
    harvests: Vec<Harvest>,
}

/// Asks about one episode.
struct Asking<'a> {
    ports: &'a Ports<'a>,
    rules: &'a Rules,
    job: &'a Claimed,
    episode: &'a Episode,
    shows: Shows,
}

impl Asking<'_> {
    /// Asks and reads the reply. A reply that nobody can read is asked for anew only after a person
    /// let the job be tried again; the one that was read last is kept with its ask. A reply of which
    /// nothing whole came, also when the rest was asked for, is none that could be read.
    async fn read(&mut self, turns: &[Turn], filled: Filled) -> Result<Came, StepError> {
        let mut last = None;
        for number in 0..=self.job.attempts {
            let about = match number {
                0 => format!("extract {}", self.episode.id),
                _ => format!("extract {} again {number}", self.episode.id),
            };
            let ask = self.ask(about, filled.clone()).await?;
            let harvest = replies::lessons(reply(&ask)?, self.episode, turns);
            let rest = match harvest.outcome {
                Outcome::Cut { .. } => self.rest(turns, &ask, &harvest).await?,
                _ => None,
            };
            let harvests: Vec<Harvest> = std::iter::once(harvest).chain(rest).collect();
            match unread(&harvests) {
                Some(why) => last = Some((ask.id, why)),
                None => {
                    return Ok(Came {
                        first: ask,
                        harvests,
                    });
                }
            }
        }
        let (ask, why) = last.ok_or(StepError::NoModel)?;
        Err(StepError::Reply { ask, why })
    }

    /// Asks once for what a cut reply left out; if that is cut too, what came is what there is.
    async fn rest(
        &mut self,
        turns: &[Turn],
        first: &Ask,
        came: &Harvest,
    ) -> Result<Option<Harvest>, StepError> {
        let lessons: Vec<Lesson> = came
            .candidates
            .iter()
            .map(|candidate| candidate.lesson.clone())
            .collect();
        let supported: Vec<MemoryId> = came
            .supports
            .iter()
            .map(|support| support.memory.clone())
            .collect();
        let received = Received {
            lessons: &lessons,
            supported: &supported,
        };
        let Some(filled) = prompts::rest(&first.request, received) else {
            return Ok(None);
        };
        let ask = self.ask(format!("rest of {}", first.id), filled).await?;
        Ok(Some(replies::lessons(reply(&ask)?, self.episode, turns)))
    }

    async fn ask(&self, about: String, filled: Filled) -> Result<Ask, StepError> {
        let question = Question {
            owner: self.job.owner.clone(),
            about,
            project: self.episode.project.clone(),
            session: Some(self.episode.session.clone()),
            run: Some(self.job.run),
            filled,
            shows: self.shows.clone(),
        };
        ask(self.ports, &self.rules.spending, &self.rules.zone, question).await
    }
}

/// Returns why nothing could be read of a reply and of its rest; `None` where something was, and be it
/// that there is nothing.
fn unread(harvests: &[Harvest]) -> Option<String> {
    let mut why = None;
    for harvest in harvests {
        why = Some(match &harvest.outcome {
            Outcome::Unreadable(why) => why.clone(),
            Outcome::Cut { whole: 0 } => "it breaks off before anything in it is whole".to_owned(),
            _ => return None,
        });
    }
    why.map(|why| match harvests.len() {
        0 | 1 => why,
        _ => format!("{why}, and so does the rest, which was asked for"),
    })
}

fn reply(ask: &Ask) -> Result<&Reply, StepError> {
    ask.reply.as_ref().ok_or_else(|| StepError::Reply {
        ask: ask.id.clone(),
        why: "there is none".to_owned(),
    })
}

/// Adds a harvest to what was heard.
fn take(heard: &mut Heard, harvest: Harvest, turns: &[Turn], known: &[Record], first: &Ask) {
    let notes = harvest.problems.iter().map(ToString::to_string);
    heard.notes.extend(notes);
    if let Outcome::Cut { whole: 1.. } = harvest.outcome {
        let id = &first.id;
        heard.notes.push(format!(
            "a reply to {id} broke off; what came whole is kept"
        ));
    }
    if harvest.outcome == Outcome::Refused {
        heard
            .notes
            .push(format!("the model would not answer {}", first.id));
    }
    heard.candidates.extend(harvest.candidates);
    for support in harvest.supports {
        match supported(&support, turns, known, first) {
            Some(found) => heard.supports.push(found),
            None => heard.notes.push(format!(
                "the reply supports {}, which it was not shown",
                support.memory
            )),
        }
    }
}

/// Returns the known memory that a reply supports, if it was shown to the model, with those quotes
/// that are more than the model's agreement with what it was just told.
fn supported(
    support: &Support,
    turns: &[Turn],
    known: &[Record],
    first: &Ask,
) -> Option<(Record, Vec<Evidence>)> {
    let record = known
        .iter()
        .find(|record| record.memory.id == support.memory)?;
    let shown = prompts::known_in(&first.request).contains(&support.memory);
    let counts = |quote: &&Evidence| trust::bears_out(quote, turns);
    let evidence = support.evidence.iter().filter(counts).cloned().collect();
    shown.then(|| (record.clone(), evidence))
}
