//! Finds the part of a turn in which a quote stands: grounding and the reading of replies look alike.
//!
//! It must not say whether the quote may count; it only says where the words are and whose they are.

use std::ops::Range;

use domain::{Part, Speaker, Turn};

use super::fold::Text;
use super::quote;

/// A part in which a quote stands.
pub(super) struct Stand<'a> {
    /// The part.
    pub(super) part: &'a Part,
    /// Its words.
    pub(super) text: Text,
    /// Where among them the quote stands; never empty.
    pub(super) spans: Vec<Range<usize>>,
}

/// Returns the parts in which a quote stands, in the order in which they are given.
pub(super) fn stands<'a>(
    quote: &'a Text,
    parts: impl IntoIterator<Item = &'a Part>,
) -> impl Iterator<Item = Stand<'a>> {
    parts.into_iter().filter_map(move |part| {
        let text = Text::of(&part.text);
        let spans = quote::find(quote, &text);
        (!spans.is_empty()).then_some(Stand { part, text, spans })
    })
}

/// Returns the sentences of a text in which these words stand; none if they do not.
pub(crate) fn contexts(words: &str, text: &str) -> Vec<String> {
    let quote = Text::of(words);
    let text = Text::of(text);
    let spans = quote::find(&quote, &text);
    spans
        .iter()
        .map(|span| quote::sentences(&text, span))
        .collect()
}

/// Returns who said these words in a turn; of several who did, the one whose word weighs most.
///
/// `None` when nobody did, or when the words are too few to tell.
pub(crate) fn said_by(words: &str, turn: &Turn) -> Option<Speaker> {
    let quote = Text::of(words);
    if quote::is_too_short(&quote) {
        return None;
    }
    let mut parts: Vec<&Part> = turn.parts.iter().collect();
    parts.sort_by_key(|part| rank(part.speaker));
    let first = stands(&quote, parts).next()?;
    Some(first.part.speaker)
}

/// Returns how much a speaker's word weighs; the smallest weighs most.
pub(crate) fn rank(speaker: Speaker) -> u8 {
    match speaker {
        Speaker::User => 0,
        Speaker::Tool => 1,
        Speaker::Assistant => 2,
        Speaker::Outside => 3,
        Speaker::Injected => 4,
        Speaker::Compaction => 5,
    }
}
