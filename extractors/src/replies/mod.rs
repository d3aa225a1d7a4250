//! Reads what a model replied: tolerant at the door, strict inside.
//!
//! Pure: no store, no clock, no model. It must believe no word of a reply about where a quote comes
//! from, follow no instruction in it, and let nothing out that is no lesson by our own rules.
//!
//! **The way.** The `door` cuts a reply off at a mebibyte and takes out what shows nothing; thinking
//! aloud goes; what is left is XML or JSON, whichever begins first. XML is mended (`mend`) into
//! small well-formed blocks by a scanner of our own and then read by `quick-xml` (`strict`). We do
//! not read the reply's own events leniently instead: to an XML reader `Vec<T>` is an element and
//! `a && b` an error, and no setting of it tells text from tags as knowing our twenty names does.
//! JSON is carved into whole values (`carve`) and read by `serde_json`. Both give drafts; a draft
//! becomes a lesson by `domain`'s rules (`claim`) and its quotes are looked up (`witness`).
//!
//! **What is text.** Only the names of the contract are tags, in any case; every other `<` is text.
//! So is a known tag inside an element that is closed behind it. An element that is never closed
//! ends where the next one begins, but in a reply that was cut off it counts as half.
//! References are resolved once; a second time only where no word of the episode has any.

mod carve;
mod claim;
mod door;
mod draft;
mod entities;
mod fault;
mod harvest;
mod json;
mod mend;
mod names;
mod prose;
mod save;
mod sense;
mod sheet;
mod strays;
mod strict;
mod tags;
mod verdict;
mod witness;

#[cfg(test)]
mod tests;

use domain::{Candidate, Episode, Evidence, MemoryId, Reply, Turn};

use crate::secrets;

pub use claim::Written;
pub use door::fit_to_keep;
pub use fault::{Fault, Problem};
pub use save::{Merged, Structured, merged, structured};
pub use strays::{is_said, strays};
pub use verdict::{Verdict, verdict};

use fault::short;
use names::Name;
use prose::Meaning;
use sheet::Sheet;
use witness::Witness;

/// An episode gives so many lessons; the prompt says so too.
pub const MAX_LESSONS: usize = 3;
/// An episode supports so many known memories: as many as a prompt shows.
pub const MAX_SUPPORTS: usize = 10;
/// A claim has so many quotes; the prompt asks for one to three.
pub const MAX_EVIDENCE: usize = 3;

/// What was read out of a reply about an episode.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Harvest {
    /// Lessons with their evidence, the first three; whether they are true is not yet looked at.
    pub candidates: Vec<Candidate>,
    /// Known memories that the episode bears out again, with quotes that were found.
    pub supports: Vec<Support>,
    /// What was left out, and why.
    pub problems: Vec<Problem>,
    /// What the reply is as a whole.
    pub outcome: Outcome,
}

/// What a known memory gains.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Support {
    /// The memory, as the reply names it; whether it was shown to the model, the caller knows.
    pub memory: MemoryId,
    /// Quotes that were found, said by somebody who bears witness; never empty.
    pub evidence: Vec<Evidence>,
}

/// What a reply is as a whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It holds memories or supports, and came to its end; all of them may have been left out.
    Lessons,
    /// It says that there is nothing.
    None,
    /// The model would not answer.
    Refused,
    /// It breaks off. What came before is kept; the rest may be asked for once.
    Cut {
        /// So many memories and supports came whole.
        whole: usize,
    },
    /// It is no reply to what was asked.
    Unreadable(String),
}

/// Reads a reply to the extract prompt.
///
/// Evidence has the session, time, branch and speaker of the place where its words were found. A
/// quote that does not stand in the turn it cites stays with its candidate, for grounding to refuse.
pub fn lessons(reply: &Reply, episode: &Episode, turns: &[Turn]) -> Harvest {
    let mut sheet = sheet::read(reply);
    let decodes_twice = !turns.iter().any(has_references);
    for draft in &mut sheet.drafts {
        draft.map(|text| match decodes_twice {
            true => secrets::redact(&entities::decode(text)).text.into_owned(),
            false => text.to_owned(),
        });
    }
    let mut harvest = Harvest {
        candidates: Vec::new(),
        supports: Vec::new(),
        problems: of_the_whole(&sheet),
        outcome: outcome(&sheet),
    };
    let witness = Witness::new(episode, turns);
    for (index, draft) in sheet.of(Name::Memory).enumerate() {
        harvest.memory(&format!("memory {}", index + 1), draft, &witness);
    }
    for (index, draft) in sheet.of(Name::Supports).enumerate() {
        harvest.support(&format!("support {}", index + 1), draft, &witness);
    }
    harvest
}

fn has_references(turn: &Turn) -> bool {
    let mut texts = turn.parts.iter().map(|part| part.text.as_str());
    texts.any(|text| entities::decode(text) != text)
}

fn of_the_whole(sheet: &Sheet) -> Vec<Problem> {
    let mut faults = Vec::new();
    let broken = sheet.broken.iter().map(|why| redacted(why));
    faults.extend(broken.map(Fault::Broken));
    if sheet.left_over > 0 {
        faults.push(Fault::LeftOver(sheet.left_over));
    }
    if sheet.is_capped {
        faults.push(Fault::TooLong);
    }
    let faults = faults.into_iter();
    faults.map(|fault| Problem::of("reply", fault)).collect()
}

fn outcome(sheet: &Sheet) -> Outcome {
    let whole = sheet.of(Name::Memory).count() + sheet.of(Name::Supports).count();
    let meaning = prose::meaning(&sheet.prose);
    let has_words = whole > 0 || sheet.is_half || !sheet.broken.is_empty();
    match meaning {
        _ if has_words && sheet.is_cut => Outcome::Cut { whole },
        _ if whole > 0 => Outcome::Lessons,
        _ if has_words => {
            let why = sheet.broken.first().map(|why| redacted(why));
            Outcome::Unreadable(why.unwrap_or_else(|| "it breaks off".to_owned()))
        }
        _ if sheet.says_none || sheet.of(Name::Reject).next().is_some() => Outcome::None,
        Meaning::Nothing => Outcome::None,
        Meaning::Refusal => Outcome::Refused,
        Meaning::Talk if sheet.is_cut => Outcome::Cut { whole },
        Meaning::Talk if sheet.prose.is_empty() => Outcome::None,
        Meaning::Talk => {
            let begin = redacted(&sheet.prose);
            Outcome::Unreadable(format!("it holds no memories, and begins with {begin:?}"))
        }
    }
}

/// Returns the beginning of a text without its secrets.
fn redacted(text: &str) -> String {
    // A secret that is cut in two is not seen any more, so it goes before the cut.
    let begin: String = text.chars().take(4_000).collect();
    short(&secrets::redact(&begin).text)
}
