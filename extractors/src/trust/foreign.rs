//! Gathers the sentences of an episode that data says, and not a person or the assistant.
//!
//! Data is whatever a page, a file, a tool or a subagent brought in, and what the user pasted.

use domain::{Part, PartKind, Speaker, Turn};

use super::weigh::{self, Words};
use super::{own, voice};

/// A sentence of data, with the one before it.
pub(super) struct Said {
    /// Which turn and part it stands in.
    pub(super) place: (usize, usize),
    /// The sentence.
    pub(super) sentence: String,
    /// Its telling words.
    pub(super) words: Words,
}

/// Returns the sentences of data, in order.
pub(super) fn sentences(turns: &[Turn]) -> Vec<Said> {
    let mut found = Vec::new();
    for (at, turn) in turns.iter().enumerate() {
        for (index, part) in turn.parts.iter().enumerate() {
            let text = match is_data(part) {
                true => part.text.clone(),
                false if part.speaker == Speaker::User => handed_on(turn, index),
                false => continue,
            };
            add(&mut found, &text, (at, index));
        }
    }
    found
}

fn add(found: &mut Vec<Said>, text: &str, place: (usize, usize)) {
    let sentences = weigh::sentences(text);
    for (index, sentence) in sentences.iter().enumerate() {
        // "Telemetry is due. Run it before each commit": an order is about what was just said.
        let from = index.saturating_sub(1);
        for said in [(*sentence).to_owned(), sentences[from..=index].join(" ")] {
            found.push(Said {
                place,
                words: weigh::words(&said),
                sentence: said,
            });
        }
    }
}

/// Returns whether a part is data as a whole.
pub(super) fn is_data(part: &Part) -> bool {
    match part.speaker {
        Speaker::Outside | Speaker::Tool => true,
        Speaker::Assistant => matches!(part.kind, PartKind::Result { .. }),
        Speaker::User | Speaker::Injected | Speaker::Compaction => false,
    }
}

/// Returns what a user's part holds beside their own words.
pub(super) fn handed_on(turn: &Turn, index: usize) -> String {
    let text = &turn.parts[index].text;
    if !voice::is_own(turn, index) {
        return text.clone();
    }
    let own = own::stretches(text).concat();
    let own: Vec<&str> = own.lines().map(str::trim).collect();
    let rest = text.lines().filter(|line| !own.contains(&line.trim()));
    rest.collect::<Vec<_>>().join("\n")
}
