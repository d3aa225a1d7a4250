//! Fits the pieces of a transcript into a room, the least telling ones shortened most.
//!
//! Says of everything left out that it is. Numbers of turns are never moved by it.

use std::cmp::Reverse;

use domain::words::estimate_tokens;

use crate::shorten::{Errors, grouped, shorten};

/// What a piece is, the first to be left out first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Class {
    Outside,
    Tool,
    Call,
    Assistant,
    Failure,
    User,
}

impl Class {
    /// So many characters are shown where there is room. A user's paste may be long, but then it is
    /// rarely their own words; a file's content is hardly ever what a lesson rests on.
    fn chars(self) -> usize {
        match self {
            Self::User => 4_000,
            Self::Assistant => 3_000,
            Self::Failure => 2_000,
            Self::Tool => 1_200,
            Self::Call => 1_000,
            Self::Outside => 800,
        }
    }

    fn errors(self) -> Errors {
        match self {
            Self::Failure | Self::Tool => Errors::Kept,
            Self::Outside | Self::Call | Self::Assistant | Self::User => Errors::LikeAnyLine,
        }
    }
}

/// A part of a turn, as it may be shown.
pub(crate) struct Piece {
    /// Our line: the turn's id and who speaks.
    pub(crate) heading: String,
    /// What it is.
    pub(crate) class: Class,
    /// The words, cleaned.
    pub(crate) text: String,
}

impl Piece {
    /// Returns it with its text shortened to its share.
    fn shown(&self, share: usize) -> String {
        let mut out = self.heading.clone();
        if !self.text.is_empty() {
            let chars = self.class.chars() / share;
            out.push_str(&shorten(&self.text, chars, self.class.errors()));
        }
        out
    }
}

// What remains of the text at each attempt; below a sixteenth a piece says nothing any more.
const SHARES: [usize; 5] = [1, 2, 4, 8, 16];
// `[… 1,240 parts left out]`.
const GAP_TOKENS: usize = 8;

/// Returns the pieces in order, in at most so many tokens.
pub(crate) fn fit(pieces: &[Piece], room: usize) -> String {
    let mut tightest = Vec::new();
    for share in SHARES {
        tightest = pieces.iter().map(|piece| piece.shown(share)).collect();
        let tokens: usize = tightest.iter().map(|text| estimate_tokens(text)).sum();
        if tokens <= room {
            return tightest.concat();
        }
    }
    without(&tightest, &dropped(pieces, &tightest, room))
}

/// Decides which pieces go: by class, within a class from the middle outwards, for the beginning
/// says what is wanted and the end what came of it.
fn dropped(pieces: &[Piece], shown: &[String], room: usize) -> Vec<bool> {
    let mut order: Vec<usize> = (0..pieces.len()).collect();
    order.sort_by_key(|&at| {
        let from_end = at.min(pieces.len() - 1 - at);
        (pieces[at].class, Reverse(from_end), at)
    });
    let sizes: Vec<usize> = shown.iter().map(|text| estimate_tokens(text)).collect();
    let (mut tokens, mut gaps) = (sizes.iter().sum::<usize>(), 0_usize);
    let mut gone = vec![false; pieces.len()];
    for at in order {
        if tokens + gaps * GAP_TOKENS <= room {
            break;
        }
        let before = at > 0 && gone[at - 1];
        let after = gone.get(at + 1).copied().unwrap_or(false);
        gaps = gaps + 1 - usize::from(before) - usize::from(after);
        tokens -= sizes[at];
        gone[at] = true;
    }
    gone
}

/// Joins what stays, and says how many parts went where.
fn without(shown: &[String], gone: &[bool]) -> String {
    let (mut out, mut missing) = (String::new(), 0);
    for (text, gone) in shown.iter().zip(gone) {
        if *gone {
            missing += 1;
            continue;
        }
        say_missing(&mut out, missing);
        missing = 0;
        out.push_str(text);
    }
    say_missing(&mut out, missing);
    out
}

fn say_missing(out: &mut String, parts: usize) {
    if parts > 0 {
        out.push_str(&format!("[… {} parts left out]\n", grouped(parts)));
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn piece(class: Class, number: usize, chars: usize) -> Piece {
        Piece {
            heading: format!("[t{number} {class:?}]\n"),
            class,
            text: "word ".repeat(chars / 5).trim_end().to_owned(),
        }
    }

    #[test]
    fn with_room_nothing_is_left_out() {
        let pieces = [piece(Class::User, 1, 500), piece(Class::Outside, 2, 500)];
        let text = fit(&pieces, 400);
        assert!(!text.contains("left out"), "{text}");
    }

    #[test]
    fn the_users_words_go_last_and_the_outside_goes_first() {
        let classes = [
            Class::User,
            Class::Outside,
            Class::Assistant,
            Class::Failure,
            Class::User,
        ];
        let pieces: Vec<Piece> = (0..5).map(|at| piece(classes[at], at, 3_000)).collect();
        let mut gone: Vec<&str> = Vec::new();
        for room in (8..3_000).rev().step_by(3) {
            let text = fit(&pieces, room);
            let missing = pieces.iter().map(|piece| piece.heading.trim_end());
            let missing = missing.filter(|heading| !text.contains(heading));
            let new: Vec<&str> = missing.filter(|heading| !gone.contains(heading)).collect();
            gone.extend(new);
        }
        let order = [
            "[t1 Outside]",
            "[t2 Assistant]",
            "[t3 Failure]",
            "[t0 User]",
            "[t4 User]",
        ];
        assert_eq!(gone, order);
        assert_eq!(fit(&pieces, 8), "[… 5 parts left out]\n");
    }

    proptest! {
        #[test]
        fn whatever_is_said_it_fits(
            said in prop::collection::vec((0_usize..6, 0_usize..9_000), 0..40),
            room in 8_usize..9_000,
        ) {
            let classes = [
                Class::Outside, Class::Tool, Class::Call, Class::Assistant, Class::Failure, Class::User,
            ];
            let pieces: Vec<Piece> = said
                .iter()
                .enumerate()
                .map(|(at, (class, chars))| piece(classes[*class], at, *chars))
                .collect();
            let text = fit(&pieces, room);
            prop_assert!(estimate_tokens(&text) <= room, "{text}");
        }
    }
}
