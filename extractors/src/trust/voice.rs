//! Says whose voice a quote has, which is not always who put the words into the session.
//!
//! It must not find a stronger voice than the evidence names: the claim is checked, not raised.

use domain::{Evidence, Part, PartKind, Speaker, Turn};

use super::{disguise, own};
use crate::ground;

// A run of letters this long is no word, and what somebody decodes from it nobody said.
const LONGEST_WORD_CHARS: usize = 40;

/// Returns whose voice a quote has: the user's, the assistant's, a tool's, or outside.
pub(super) fn of(evidence: &Evidence, turns: &[Turn]) -> Speaker {
    if is_blob(&evidence.quote) {
        return Speaker::Outside;
    }
    let voices = standing(evidence, turns).map(|(turn, index)| voice(turn, index, &evidence.quote));
    let strongest = voices.min_by_key(|speaker| weight(*speaker));
    strongest.unwrap_or(Speaker::Outside)
}

/// Returns the user's own sentences in which a quote stands.
pub(super) fn around(evidence: &Evidence, turns: &[Turn]) -> Vec<String> {
    let parts = standing(evidence, turns).filter(|(turn, index)| is_own(turn, *index));
    let sentences =
        parts.flat_map(|(turn, index)| own::sentences(&turn.parts[index].text, &evidence.quote));
    sentences.collect()
}

/// Returns whether a part is where the user speaks for themselves.
///
/// Of a message that was cut by wrappers, only what stands before the first is surely theirs: the
/// wrappers may have been pasted with all that is around them. Answers to questions stand apart.
pub(super) fn is_own(turn: &Turn, index: usize) -> bool {
    let part = &turn.parts[index];
    let says = |part: &Part| {
        part.speaker == Speaker::User && part.kind == PartKind::Said && !is_picture(&part.text)
    };
    let answers = turn
        .parts
        .iter()
        .any(|part| matches!(part.kind, PartKind::Result { .. }));
    match part.kind {
        PartKind::Refusal { .. } => part.speaker == Speaker::User,
        PartKind::Said => says(part) && (answers || !turn.parts[..index].iter().any(says)),
        PartKind::Call { .. } | PartKind::Result { .. } => false,
    }
}

fn is_picture(text: &str) -> bool {
    matches!(text.trim(), "[image]" | "[document]")
}

/// Returns the parts in which a quote stands as the evidence says.
fn standing<'a>(
    evidence: &'a Evidence,
    turns: &'a [Turn],
) -> impl Iterator<Item = (&'a Turn, usize)> {
    let cited = turns.iter().filter(|turn| turn.id == evidence.turn);
    cited.flat_map(move |turn| {
        let parts = turn.parts.iter().enumerate();
        let said = parts.filter(|(_, part)| {
            part.speaker == evidence.said_by
                && !ground::contexts(&evidence.quote, &part.text).is_empty()
        });
        said.map(move |(index, _)| (turn, index))
    })
}

fn voice(turn: &Turn, index: usize, quote: &str) -> Speaker {
    let part = &turn.parts[index];
    match (part.speaker, &part.kind) {
        // What a person ran they did, and laid down no rule by it.
        // A subagent hands on what it read; nobody here can see what that was.
        (Speaker::User, PartKind::Call { .. }) | (Speaker::Assistant, PartKind::Result { .. }) => {
            Speaker::Tool
        }
        (Speaker::User, _)
            if is_own(turn, index) && !own::sentences(&part.text, quote).is_empty() =>
        {
            Speaker::User
        }
        (Speaker::User, _) => Speaker::Outside,
        (speaker, _) => speaker,
    }
}

fn weight(speaker: Speaker) -> u8 {
    match speaker {
        Speaker::User => 0,
        Speaker::Assistant => 1,
        Speaker::Tool => 2,
        Speaker::Outside => 3,
        Speaker::Injected | Speaker::Compaction => 4,
    }
}

/// Returns the first quote of a part in which something stands that nobody sees or that runs backwards.
pub(super) fn hidden<'a>(evidence: &'a [Evidence], turns: &'a [Turn]) -> Option<&'a str> {
    let hides = |quote: &&Evidence| {
        let mut parts = standing(quote, turns);
        parts.any(|(turn, index)| disguise::hides(&turn.parts[index].text))
    };
    evidence
        .iter()
        .find(hides)
        .map(|quote| quote.quote.as_str())
}

fn is_blob(quote: &str) -> bool {
    let coded = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '=');
    let runs = quote.split(|c| !coded(c));
    let blobs = runs
        .filter(|run| run.len() >= LONGEST_WORD_CHARS && !run.contains('/') || run.len() >= 120);
    blobs.map(str::len).sum::<usize>() * 2 > quote.len()
}
