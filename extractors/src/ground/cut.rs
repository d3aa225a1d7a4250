//! Cuts a sentence into clauses, and says how each is joined to the one before.
//!
//! It must not say what a clause means.

use std::ops::Range;

use super::cues;
use super::fold::Text;

/// How a clause is joined to the one before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Start {
    Plain,
    Comma,
    Condition,
    Before,
    Without,
    Contrast,
}

/// Cuts a sentence where a clause begins.
pub(super) fn cut(text: &Text, sentence: &Range<usize>) -> Vec<(Start, Range<usize>)> {
    let mut cuts = Vec::new();
    let (mut start, mut from) = (Start::Plain, sentence.start);
    for index in sentence.clone() {
        let Some(next) = starts(text, sentence, from, index) else {
            continue;
        };
        if index > from {
            cuts.push((start, from..index));
        }
        (start, from) = (next, index);
    }
    cuts.push((start, from..sentence.end));
    cuts
}

/// Says whether and how a clause begins at this word.
fn starts(text: &Text, sentence: &Range<usize>, from: usize, index: usize) -> Option<Start> {
    let key = text.words[index].key.as_str();
    let next = (index + 1 < sentence.end).then(|| text.words[index + 1].key.as_str());
    if cues::opens_condition(key) {
        return Some(Start::Condition);
    }
    if cues::is_before(key) {
        return Some(Start::Before);
    }
    if cues::is_without(key) {
        return Some(Start::Without);
    }
    if is_contrast(text, from, index, next) {
        return Some(Start::Contrast);
    }
    if index == sentence.start {
        return None;
    }
    // "log to a file so it does not disturb": what follows says why.
    if key == "so" && next.is_some_and(|next| cues::is_subject(next) || next == "that") {
        return Some(Start::Plain);
    }
    let so_far = || text.words[from..index].iter().map(|word| word.key.as_str());
    // "The prefix says it is not updated": what it says stands by itself, unless saying is denied.
    let says = |key: &str| matches!(key, "say" | "says" | "said" | "means" | "shows");
    let reported = matches!(key, "it" | "they" | "he" | "she" | "we")
        && says(&text.words[index - 1].key)
        && !so_far().any(cues::is_hard);
    // "Rejected this and asked for that": who rejects one thing may want the next.
    let goes_on = cues::is_and(key)
        && next.is_some_and(|next| next.ends_with("ed"))
        && so_far().any(cues::is_lexical)
        && !so_far().any(cues::is_hard);
    if reported || goes_on {
        return Some(Start::Plain);
    }
    let forceful = |key: &str| cues::negates(key) || cues::is_order(key) || key == "use";
    let turns = cues::is_turn(key) || (cues::is_and(key) && next.is_some_and(forceful));
    if turns {
        return Some(Start::Plain);
    }
    let gap = text.gap(index);
    let comma =
        gap.contains([',', ':', '(', ')', '、', '|']) || gap.contains(" - ") || gap.contains("->");
    comma.then_some(Start::Comma)
}

/// Recognises what is set against the thing before it: "instead of x", "prefer y over x", "y not x".
fn is_contrast(text: &Text, from: usize, index: usize, next: Option<&str>) -> bool {
    let before: Vec<&str> = text.words[from..index]
        .iter()
        .map(|w| w.key.as_str())
        .collect();
    let pair = (text.words[index].key.as_str(), next.unwrap_or_default());
    match pair {
        ("instead", "of")
        | ("rather", "than")
        | ("au", "lieu")
        | ("em" | "en", "vez")
        | ("en", "lugar")
        | ("ao", "invés")
        | ("plutôt", "que")
        | ("statt" | "anstatt" | "anstelle" | "вместо", _) => true,
        ("over", _) => before.iter().any(|key| {
            ["prefer", "chose", "choose", "favo", "pick"]
                .iter()
                .any(|verb| key.starts_with(verb))
        }),
        ("not", "only" | "just" | "necessarily" | "") => false,
        ("not", _) => {
            // "Is deliberately not stored" is one negation, with or without its adverb.
            let mut back = before.iter().rev().skip_while(|key| key.ends_with("ly"));
            let last = back.next().or(before.last());
            last.is_some_and(|last| !cues::is_auxiliary(last) && !cues::is_hard(last))
        }
        ("never", _) => {
            let ordered = before
                .iter()
                .any(|key| cues::is_order(key) || cues::is_imperative(key));
            ordered && before.iter().any(|key| !cues::is_empty(key))
        }
        _ => false,
    }
}
