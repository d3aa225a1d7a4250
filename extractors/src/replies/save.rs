//! Reads replies that hold one memory: what a person saved, and what a cluster says together.
//!
//! It must not choose among several: where one is asked for, two are none.

use domain::{MemoryId, Reply};

use super::claim::{self, Written};
use super::fault::{Fault, short};
use super::names::Name;
use super::prose::{self, Meaning};
use super::redacted;
use super::sheet::{self, Sheet};

// A name of ours has 13 letters; others may have longer ones one day.
const ID_LETTERS: usize = 40;

/// What a model made of a text that was to be saved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Structured {
    /// A lesson.
    Lesson(Written),
    /// Nothing worth saving.
    Rejected {
        /// Why, for whoever saved it.
        reason: String,
    },
    /// No reply to what was asked; the text can still be saved as it was given.
    Unreadable(String),
}

/// What a model made of the members of a cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Merged {
    /// One lesson for all of them.
    Lesson {
        /// The lesson.
        written: Box<Written>,
        /// Quotes, each with the member whose evidence it is said to be.
        quotes: Vec<(MemoryId, String)>,
    },
    /// They do not say one thing.
    None,
    /// No reply to what was asked.
    Unreadable(String),
}

/// Reads a reply to the structure prompt.
pub fn structured(reply: &Reply) -> Structured {
    let sheet = sheet::read(reply);
    match one(&sheet) {
        Ok(Some((written, _))) => Structured::Lesson(written),
        Ok(None) => match rejection(&sheet) {
            // Whoever refuses a person's words says why; an empty reply refuses nothing.
            Some(reason) if reason.chars().any(char::is_alphanumeric) => {
                Structured::Rejected { reason }
            }
            Some(_) => Structured::Unreadable("it holds neither a memory nor a reason".to_owned()),
            None => Structured::Unreadable(no_memory(&sheet)),
        },
        Err(why) => Structured::Unreadable(why),
    }
}

/// Reads a reply to the merge prompt.
pub fn merged(reply: &Reply) -> Merged {
    let sheet = sheet::read(reply);
    match one(&sheet) {
        Ok(Some((written, quotes))) => Merged::Lesson {
            written: Box::new(written),
            quotes,
        },
        Ok(None) if rejection(&sheet).is_some() => Merged::None,
        Ok(None) => Merged::Unreadable(no_memory(&sheet)),
        Err(why) => Merged::Unreadable(why),
    }
}

/// Returns the name of a memory, when a word has its shape.
pub(super) fn memory_id(word: &str) -> Result<MemoryId, Fault> {
    let word = word
        .trim()
        .trim_matches(['[', ']', '#', '`'])
        .to_ascii_lowercase();
    let has_shape = word.starts_with('m')
        && (2..=ID_LETTERS).contains(&word.len())
        && word.bytes().all(|b| b.is_ascii_alphanumeric());
    match has_shape {
        true => Ok(MemoryId::new(word)),
        false => Err(Fault::NoMemory(short(&word))),
    }
}

type One = (Written, Vec<(MemoryId, String)>);

/// Returns the one memory of a reply; the same twice is one, two different ones are none.
fn one(sheet: &Sheet) -> Result<Option<One>, String> {
    let mut drafts = sheet.of(Name::Memory);
    let Some(draft) = drafts.next() else {
        return Ok(None);
    };
    let (written, _) = claim::written(draft).map_err(|fault| fault.to_string())?;
    for other in drafts {
        let same = claim::written(other).is_ok_and(|(other, _)| other == written);
        if !same {
            return Err("it holds several memories where one was asked for".to_owned());
        }
    }
    let quotes = draft.all(Name::Evidence).filter_map(|field| {
        let member = memory_id(field.beside(Name::Member)?).ok()?;
        let quote = field.text.trim();
        (!quote.is_empty()).then(|| (member, quote.to_owned()))
    });
    let quotes = quotes.collect();
    Ok(Some((written, quotes)))
}

/// Returns why there is no memory, when the reply says on purpose that there is none.
fn rejection(sheet: &Sheet) -> Option<String> {
    if let Some(draft) = sheet.of(Name::Reject).next() {
        return Some(short(draft.text(Name::Reason).unwrap_or_default()));
    }
    if sheet.is_half {
        return None;
    }
    let nothing = sheet.says_none || prose::meaning(&sheet.prose) == Meaning::Nothing;
    nothing.then(|| redacted(prose::reason(&sheet.prose).unwrap_or_default()))
}

fn no_memory(sheet: &Sheet) -> String {
    if sheet.is_cut {
        return "it breaks off".to_owned();
    }
    match prose::meaning(&sheet.prose) {
        Meaning::Refusal => format!("the model refuses: {:?}", redacted(&sheet.prose)),
        _ => match sheet.broken.first() {
            Some(why) => redacted(why),
            None => format!(
                "it holds no memory, and begins with {:?}",
                redacted(&sheet.prose)
            ),
        },
    }
}
