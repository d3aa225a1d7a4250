//! Says why something in a reply was left out, in words for whoever reviews it.
//!
//! It must carry no more of the reply than a few words, and those without secrets.

use super::door::MAX_BYTES;
use super::{MAX_EVIDENCE, MAX_LESSONS, MAX_SUPPORTS};

/// Something that was left out, with the reason.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{item}: {fault}")]
pub struct Problem {
    /// What was left out: `memory 2`, `support 1`, or the `reply`.
    pub item: String,
    /// Why.
    pub fault: Fault,
}

/// Why something in a reply was left out.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// A part that must be there is not.
    #[error("it has no {0}")]
    Missing(&'static str),
    /// A part stands twice, with different words.
    #[error("its {0} stands twice, with different words")]
    Twice(&'static str),
    /// It is no lesson, by the rules that all lessons keep.
    #[error("it is no lesson: {0}")]
    NoLesson(String),
    /// Its XML or JSON cannot be read.
    #[error("it cannot be read: {0}")]
    Broken(String),
    /// A quote cites a turn that the episode never had.
    #[error("a quote cites {0:?}, which is no turn of the episode")]
    NoSuchTurn(String),
    /// A quote cites a turn that is not kept any more.
    #[error("a quote cites {0:?}, which is not kept any more")]
    TurnIsGone(String),
    /// A quote cites no turn, and stands in none.
    #[error("the quote {0:?} cites no turn, and stands in none")]
    Nowhere(String),
    /// A quote does not stand in its turn, or only in what bears no witness.
    #[error("the quote {0:?} was not said in {1}")]
    NotSaid(String, String),
    /// Nothing is left on which it could stand.
    #[error("it has no evidence that could be looked up")]
    NoEvidence,
    /// There are more quotes than a claim needs.
    #[error("it has more than {MAX_EVIDENCE} quotes; the rest is left out")]
    ManyQuotes,
    /// A slot without its subject, attribute or value.
    #[error("its slot is not whole and is left out")]
    HalfSlot,
    /// What is supported is no name of a memory.
    #[error("{0:?} is no name of a memory")]
    NoMemory(String),
    /// The same lesson stands twice in the reply; the quotes of both are kept.
    #[error("it says the same as an earlier one")]
    Repeated,
    /// An episode gives no more.
    #[error("an episode gives at most {MAX_LESSONS} lessons and {MAX_SUPPORTS} supports")]
    TooMany,
    /// The reply has more blocks than anyone reads.
    #[error("{0} more blocks were not read")]
    LeftOver(usize),
    /// The reply is longer than anyone reads.
    #[error("it is longer than {MAX_BYTES} bytes; what follows was not read")]
    TooLong,
}

impl Problem {
    pub(super) fn of(item: &str, fault: Fault) -> Self {
        Self {
            item: item.to_owned(),
            fault,
        }
    }
}

/// Returns the beginning of a text, for a message.
pub(super) fn short(text: &str) -> String {
    const CHARS: usize = 60;
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut chars = line.chars();
    let begin: String = chars.by_ref().take(CHARS).collect();
    match chars.next() {
        Some(_) => format!("{begin}…"),
        None => begin,
    }
}
