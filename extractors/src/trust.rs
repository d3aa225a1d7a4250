//! Decides whether whoever vouches for a candidate may: what the outside world said is data.
//!
//! Pure: no store, no clock, no model. It must not look at whether a quote stands (`ground` does),
//! and a lesson that it lets through is not therefore true.
//!
//! **Voices.** Each quote has a voice: the user, the assistant, a tool, or outside. Words that the
//! user only pasted, quoted or reported are outside; a subagent's report is a tool's; a command
//! that the user ran is an act and not a rule.
//!
//! **Who may say what.** A preference, the user's scope, a claim about what the user wants, and
//! whatever steers the agent, takes a safeguard away or hands a secret out need the user's own
//! words. A decision and whatever tells somebody what to do need the user's or the assistant's, or a
//! tool's proof that something failed and then passed. Facts may rest on anybody.
//!
//! **Echoes.** An order that stands in a page, a file or a tool's output stays theirs, also when the
//! assistant repeats it or the reply quotes a harmless sentence of the user's beside it. It becomes
//! the user's when they say it, and the assistant's when it said so first or the session proves it.

mod disguise;
mod echo;
mod foreign;
mod named;
mod orders;
mod own;
mod poison;
mod proof;
mod rivals;
mod voice;
mod weigh;

use domain::{Candidate, Evidence, Kind, Lesson, MemoryId, Record, Scope, Speaker, Turn};

use crate::ground;
use poison::Class;

/// Why nobody who may say so vouches for a candidate.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Untrusted {
    /// The lesson would not read as it is written.
    #[error("{0:?} holds characters that nobody sees, or letters of two alphabets")]
    Disguised(String),
    /// A secret was taken out of it, so that a secret is what it is about.
    #[error("a secret stood in the lesson")]
    Secret,
    /// It holds the marks with which memories or clients set text apart.
    #[error("{0:?} is a mark of a memory or of a client, and no words")]
    Markup(String),
    /// It speaks to the agent or about its memory.
    #[error("{0:?} tells the agent or its memory how to behave, and the user did not say so")]
    Steering(String),
    /// It takes a safeguard away.
    #[error("{0:?} takes a safeguard away, and the user did not say so")]
    Unsafe(String),
    /// It hands out what is secret.
    #[error("{0:?} hands out what should stay here, and the user did not say so")]
    Leaking(String),
    /// It says what the user wants.
    #[error("{0:?} claims what the user wants or allows, and no words of the user say so")]
    AboutUser(String),
    /// It leads to a place, or to a command, that came in from outside.
    #[error("{0:?} was named by outside text alone")]
    Named(String),
    /// It needs the user's word.
    #[error("{0} needs the user's own words, and it has none")]
    NotTheUsers(&'static str),
    /// It needs somebody who decides.
    #[error("a decision needs the user's or the assistant's own words, and it has none")]
    NobodyDecided,
    /// It tells what to do on the word of data.
    #[error("it tells what to do, and only a page, a file or a tool says so")]
    NoOrder,
    /// It repeats an order that data gave.
    #[error("it repeats what only a page, a file or a tool says: {0:?}")]
    Echo(String),
    /// It says the opposite of what the user laid down, or gives it another value.
    #[error("it contradicts {0}, which the user said, and no words of the user take that back")]
    AgainstUser(MemoryId),
}

/// Checks that a candidate's quotes come from somebody who may say such a thing.
pub fn check(candidate: &Candidate, turns: &[Turn]) -> Result<(), Untrusted> {
    let lesson = &candidate.lesson;
    let text = text(candidate);
    if let Some(word) = disguise::found(&text) {
        return Err(Untrusted::Disguised(word));
    }
    if let Some(quote) = voice::hidden(&candidate.evidence, turns) {
        return Err(Untrusted::Disguised(quote.chars().take(80).collect()));
    }
    if text.contains("[redacted:") {
        return Err(Untrusted::Secret);
    }
    let vouched = Vouched::of(candidate, turns);
    if let Some((class, words)) = poison::unsaid(&text, &vouched.by_user) {
        return Err(match class {
            Class::Markup => Untrusted::Markup(words),
            Class::Steering => Untrusted::Steering(words),
            Class::Unsafe => Untrusted::Unsafe(words),
            Class::Leaking => Untrusted::Leaking(words),
        });
    }
    if !vouched.user() {
        if let Some(words) = poison::about_user(&text) {
            return Err(Untrusted::AboutUser(words));
        }
        if lesson.scope == Scope::User {
            return Err(Untrusted::NotTheUsers("the user's scope"));
        }
        if lesson.kind == Kind::Preference {
            return Err(Untrusted::NotTheUsers("a preference"));
        }
    }
    if lesson.kind == Kind::Decision && !vouched.somebody() {
        return Err(Untrusted::NobodyDecided);
    }
    if orders::in_lesson(lesson) && !vouched.somebody() && !proof::of(candidate, turns) {
        return Err(Untrusted::NoOrder);
    }
    if let Some(name) = named::by_outsiders(&text, turns, vouched.somebody()) {
        return Err(Untrusted::Named(name));
    }
    match echo::of(candidate, turns) {
        Some(said) => Err(Untrusted::Echo(said)),
        None => Ok(()),
    }
}

/// Checks that a candidate leaves alone what the user laid down, or carries their words.
///
/// `known` are the memories nearest to it, of any standing; only what the user said counts.
pub fn leaves_rules(
    candidate: &Candidate,
    turns: &[Turn],
    known: &[Record],
) -> Result<(), Untrusted> {
    let by_user = Vouched::of(candidate, turns).by_user;
    match rivals::of(candidate, &by_user, known) {
        Some(rule) => Err(Untrusted::AgainstUser(rule)),
        None => Ok(()),
    }
}

/// Returns whether a quote adds support to a memory that we hold: the user's own words do, and what
/// a tool shows, but no order that a tool printed.
pub fn bears_out(evidence: &Evidence, turns: &[Turn]) -> bool {
    match voice::of(evidence, turns) {
        Speaker::User => true,
        Speaker::Tool => evidence.said_by == Speaker::Tool && !orders::given(&evidence.quote),
        _ => false,
    }
}

/// Returns the candidate with its pasted quotes said by nobody here, so that belief and the words
/// shown to an agent tell the user's own from what they handed on. Narrows a reach that the user's
/// words do not have: who speaks of this project does not speak of all.
pub fn voiced(candidate: Candidate, turns: &[Turn]) -> Candidate {
    let mut candidate = candidate;
    if candidate.lesson.scope == Scope::User && own::is_bound(&candidate.evidence) {
        candidate.lesson.scope = Scope::Project;
    }
    for quote in &mut candidate.evidence {
        if quote.said_by == Speaker::User && voice::of(quote, turns) == Speaker::Outside {
            quote.said_by = Speaker::Outside;
        }
    }
    let said = |speaker| {
        candidate
            .evidence
            .iter()
            .any(|quote| quote.said_by == speaker)
    };
    if candidate.asserted_by == Speaker::User && !said(Speaker::User) {
        let others = candidate.evidence.iter().map(|quote| quote.said_by);
        let weakest = others.max_by_key(|speaker| ground::rank(*speaker));
        candidate.asserted_by = weakest.unwrap_or(Speaker::Outside);
    }
    candidate
}

/// Who vouches for a candidate.
struct Vouched {
    /// The user's own words that it quotes, each in its sentence.
    by_user: Vec<String>,
    /// Whether the assistant's words are among its quotes.
    assistant: bool,
}

impl Vouched {
    fn of(candidate: &Candidate, turns: &[Turn]) -> Self {
        let mut vouched = Self {
            by_user: Vec::new(),
            assistant: false,
        };
        let mut data = false;
        for quote in &candidate.evidence {
            match voice::of(quote, turns) {
                Speaker::User => vouched.by_user.extend(voice::around(quote, turns)),
                Speaker::Assistant => vouched.assistant = true,
                _ => data = true,
            }
        }
        // Beside data, a sentence of the user's must speak of the matter, or a page could borrow
        // their voice by having any harmless words of theirs quoted.
        if data {
            let matter = weigh::words(&essence(&candidate.lesson));
            vouched
                .by_user
                .retain(|said| weigh::shared(&matter, &weigh::words(said)) > 0);
        }
        vouched
    }

    fn user(&self) -> bool {
        !self.by_user.is_empty()
    }

    fn somebody(&self) -> bool {
        self.user() || self.assistant
    }
}

/// Returns what a lesson says and advises, without the moment in which it should come to mind.
fn essence(lesson: &Lesson) -> String {
    let advice = [&lesson.do_, &lesson.warn].into_iter().flatten();
    let all = std::iter::once(&lesson.what).chain(advice);
    all.map(String::as_str).collect::<Vec<_>>().join("\n")
}

/// Returns every word of a candidate that an agent may come to read.
fn text(candidate: &Candidate) -> String {
    let mut text = candidate.lesson.text();
    if let Some(slot) = &candidate.slot {
        text.push_str(&format!(
            "\n{} {}: {}",
            slot.subject, slot.attribute, slot.value
        ));
    }
    text.push('\n');
    text.push_str(&candidate.domain);
    text
}
