//! Says whether a pattern is found in what is kept: in every word that somebody said, wrote or named.
//!
//! The words of our own format are nobody's: whoever purges `user` does not mean every turn of theirs.

use domain::{Evidence, Memory, Part, PartKind, Scope, Turn};
use regex::Regex;
use serde_json::Value as Json;

use crate::write::state::State;

/// The domain of a lesson of which nobody has said one.
const NO_DOMAIN: &str = "general";

/// Returns whether a turn says it: where it was said, by which tool, or in its words.
pub(super) fn turn(turn: &Turn, pattern: &Regex) -> bool {
    let place = [&turn.place.cwd, &turn.place.branch, &turn.sidechain];
    is_in(place.into_iter().flatten(), pattern) || turn.parts.iter().any(|one| part(one, pattern))
}

fn part(part: &Part, pattern: &Regex) -> bool {
    let (call, tool) = match &part.kind {
        PartKind::Said => (None, None),
        PartKind::Refusal { call } => (Some(call), None),
        PartKind::Call { call, tool } | PartKind::Result { call, tool, .. } => {
            (Some(call), Some(tool))
        }
    };
    is_in(call.into_iter().chain(tool), pattern) || text(&part.text, pattern)
}

/// Returns whether a memory says it: in its lesson, its domain and tags, its path or its slot.
pub(super) fn memory(memory: &Memory, pattern: &Regex) -> bool {
    let path = match &memory.lesson.scope {
        Scope::Path(path) => Some(path),
        Scope::User | Scope::Project => None,
    };
    let domain = Some(&memory.domain).filter(|domain| *domain != NO_DOMAIN);
    let slot = memory.slot.iter();
    let slot = slot.flat_map(|slot| [&slot.subject, &slot.attribute, &slot.value]);
    let words = domain.into_iter().chain(path).chain(&memory.tags);
    pattern.is_match(&memory.lesson.text()) || is_in(words.chain(slot), pattern)
}

/// Returns whether a quote says it, or the branch on which it was said.
pub(super) fn evidence(evidence: &Evidence, pattern: &Regex) -> bool {
    is_in(
        [&evidence.quote].into_iter().chain(&evidence.branch),
        pattern,
    )
}

/// Returns whether a row says it that the journal can bring back.
pub(super) fn state(state: &State, pattern: &Regex) -> bool {
    match state {
        State::Memory(row) => memory(&row.memory, pattern),
        State::Evidence(row) => evidence(&row.evidence, pattern),
        State::Belief(_) => false,
        State::Link(row) => pattern.is_match(&row.link.why),
    }
}

/// Returns whether a text says it. One that is JSON is also looked through value by value: its escapes
/// would hide what it says.
pub(super) fn text(text: &str, pattern: &Regex) -> bool {
    let within = serde_json::from_str::<Json>(text);
    pattern.is_match(text) || within.is_ok_and(|json| json_says(&json, pattern))
}

fn json_says(json: &Json, pattern: &Regex) -> bool {
    match json {
        Json::String(text) => pattern.is_match(text),
        Json::Array(items) => items.iter().any(|item| json_says(item, pattern)),
        Json::Object(map) => map
            .iter()
            .any(|(key, item)| pattern.is_match(key) || json_says(item, pattern)),
        Json::Null | Json::Bool(_) | Json::Number(_) => false,
    }
}

fn is_in<'a>(mut words: impl Iterator<Item = &'a String>, pattern: &Regex) -> bool {
    words.any(|word| pattern.is_match(word))
}
