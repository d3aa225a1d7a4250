//! Blocks: a prompt of the user with all that follows it, and what it speaks of.
//!
//! Judges by words alone: it asks no model, and looks at no other block than the two it compares.

use std::collections::HashSet;

use domain::words;
use domain::{PartKind, Speaker, Turn};

use super::{said, tokens};

/// A turn with its place among those that were handed in.
pub(super) type Placed<'a> = (usize, &'a Turn);

// With fewer telling words a block ("yes, go on") says nothing about what it speaks of.
const TELLING: usize = 12;
// What leads a block stands in its first words; a long answer must not drown them.
const CHARS: usize = 6_000;

/// A prompt with what follows it, or what is left of that.
pub(super) struct Block<'a> {
    pub(super) turns: Vec<Placed<'a>>,
    pub(super) tokens: usize,
    /// What was said in all of the block, in characters.
    pub(super) said: usize,
    terms: HashSet<String>,
}

impl<'a> Block<'a> {
    pub(super) fn new(turns: Vec<Placed<'a>>) -> Self {
        let said = turns.iter().map(|(_, turn)| said::weight(turn)).sum();
        Self::part(turns, said)
    }

    /// Some turns of a block in which so much was said.
    pub(super) fn part(turns: Vec<Placed<'a>>, said: usize) -> Self {
        Self {
            tokens: turns.iter().map(|(_, turn)| tokens(turn)).sum(),
            terms: terms(&turns),
            turns,
            said,
        }
    }

    /// Returns how much two blocks have to do with one another, in a hundredth of the words of the one
    /// that has fewer; a block of few words goes with any.
    pub(super) fn cohesion(&self, other: &Self) -> usize {
        let least = self.terms.len().min(other.terms.len());
        if least < TELLING {
            return 100;
        }
        let shared = self.terms.intersection(&other.terms).count();
        shared * 100 / least
    }
}

/// Returns the telling words that people and model say and the commands that are run.
fn terms(turns: &[Placed<'_>]) -> HashSet<String> {
    let mut text = String::new();
    for part in turns.iter().flat_map(|(_, turn)| &turn.parts) {
        let counts = matches!(part.speaker, Speaker::User | Speaker::Assistant)
            && !matches!(part.kind, PartKind::Result { .. });
        let room = CHARS.saturating_sub(text.len());
        if counts && room > 0 {
            text.extend(part.text.chars().take(room));
            text.push('\n');
        }
    }
    words::query(&text).into_iter().collect()
}
