//! Reads how a model thinks that a new lesson stands to a known one.
//!
//! It must not guess: two answers, or an answer that is denied, are none.

use domain::Reply;

use super::names::Name;
use super::redacted;
use super::sheet;

/// How a new lesson stands to a known one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It adds nothing.
    Duplicate,
    /// It says the same and more.
    Refines,
    /// Both cannot hold.
    Contradicts,
    /// They speak of different things.
    Unrelated,
    /// The reply gives no answer, or more than one.
    Unreadable(String),
}

const WORDS: &[(&str, Verdict)] = &[
    ("duplicate", Verdict::Duplicate),
    ("duplicates", Verdict::Duplicate),
    ("duplicated", Verdict::Duplicate),
    ("refine", Verdict::Refines),
    ("refines", Verdict::Refines),
    ("refinement", Verdict::Refines),
    ("contradict", Verdict::Contradicts),
    ("contradicts", Verdict::Contradicts),
    ("contradiction", Verdict::Contradicts),
    ("contradictory", Verdict::Contradicts),
    ("unrelated", Verdict::Unrelated),
];

const DENIALS: &[&str] = &[
    "not",
    "no",
    "neither",
    "nor",
    "never",
    "isn't",
    "doesn't",
    "don't",
    "aren't",
    "cannot",
    "can't",
    "isn’t",
    "doesn’t",
    "nicht",
    "kein",
    "keine",
    "pas",
    "or",
];

/// Reads a reply to the judge prompt: its element, its key, or the one verdict in its words.
pub fn verdict(reply: &Reply) -> Verdict {
    let sheet = sheet::read(reply);
    let mut given: Vec<&str> = sheet
        .of(Name::Verdict)
        .filter_map(|draft| draft.text(Name::Reason))
        .collect();
    if given.is_empty() {
        given = vec![&sheet.prose];
    }
    let mut found: Vec<Verdict> = Vec::new();
    for text in given {
        match of(text) {
            Some(verdict) if found.contains(&verdict) => {}
            Some(verdict) => found.push(verdict),
            None => {
                return Verdict::Unreadable(format!("it gives no verdict: {:?}", redacted(text)));
            }
        }
    }
    match found.len() {
        1 => found.remove(0),
        _ => Verdict::Unreadable("it gives more than one verdict".to_owned()),
    }
}

/// Returns the verdict in a text: the word on a line of its own, or the only one there is.
fn of(text: &str) -> Option<Verdict> {
    let lines = text
        .lines()
        .map(|line| line.trim_matches(|c: char| !c.is_alphanumeric()));
    let mut alone: Vec<Verdict> = lines.filter_map(word).collect();
    alone.dedup();
    if let [only] = alone.as_slice() {
        return Some(only.clone());
    }
    let lower = text.to_lowercase();
    let mut found: Option<Verdict> = None;
    for token in lower.split(|c: char| !c.is_alphanumeric() && !matches!(c, '\'' | '’')) {
        if DENIALS.contains(&token) {
            return None;
        }
        match (word(token), &found) {
            (Some(next), Some(known)) if next != *known => return None,
            (Some(next), _) => found = Some(next),
            (None, _) => {}
        }
    }
    found
}

fn word(word: &str) -> Option<Verdict> {
    let known = WORDS
        .iter()
        .find(|(known, _)| word.eq_ignore_ascii_case(known));
    known.map(|(_, verdict)| verdict.clone())
}
