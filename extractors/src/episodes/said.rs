//! Weighs how much a turn says in a person's or a model's own words.
//!
//! It must not judge what is said, only whether it is more than a nod.

use domain::{Part, PartKind, Speaker, Turn};

// A person's rule is short: "use pnpm, not npm" must outweigh a model's "Done. All good now."
const OF_USER: usize = 4;
// One sign says what takes three letters in a script with spaces.
const OF_SIGN: usize = 3;

/// Returns the characters said in a turn, weighed by who says them and in which script.
pub(super) fn weight(turn: &Turn) -> usize {
    turn.parts.iter().map(of_part).sum()
}

fn of_part(part: &Part) -> usize {
    let own_words = matches!(part.kind, PartKind::Said | PartKind::Refusal { .. });
    let factor = match part.speaker {
        _ if !own_words => 0,
        Speaker::User => OF_USER,
        Speaker::Assistant => 1,
        Speaker::Tool | Speaker::Outside | Speaker::Injected | Speaker::Compaction => 0,
    };
    let letters = part.text.chars().filter(|c| !c.is_whitespace());
    let size = letters.map(|c| match u32::from(c) {
        0x2e80..=0xd7ff | 0xf900..=0xffef => OF_SIGN,
        _ => 1,
    });
    factor * size.sum::<usize>()
}
