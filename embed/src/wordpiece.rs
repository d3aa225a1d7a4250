//! Cuts a text into the pieces of the teacher's vocabulary, as the teacher's own tokenizer does.
//!
//! Reads no more of the text than it is given, and knows no marks such as `[CLS]`: whoever writes one
//! means those characters.

mod classes;
mod words;

use crate::table::{Piece, Shelf};

/// Returns the numbers of a text's pieces in the teacher's vocabulary, without the words it lacks.
pub fn pieces(text: &str) -> Vec<u32> {
    let mut numbers = Vec::new();
    each_piece(text, |piece| numbers.push(piece.number()));
    numbers
}

/// Hands on each piece of a text, in their order.
pub(crate) fn each_piece(text: &str, mut take: impl FnMut(Piece)) {
    let mut found = Vec::new();
    words::each(text, |word| {
        found.clear();
        if cut(word.as_bytes(), &mut found) {
            found.iter().for_each(|&piece| take(piece));
        }
    });
}

/// Cuts a word into the longest pieces from the left. `false`: a part of it is in no vocabulary, and
/// then the whole word is unknown.
fn cut(mut word: &[u8], found: &mut Vec<Piece>) -> bool {
    let mut shelf = Some(Shelf::ALL);
    while !word.is_empty() {
        let Some((piece, length)) = shelf.and_then(|shelf| longest(shelf, word)) else {
            return false;
        };
        found.push(piece);
        word = &word[length..];
        shelf = continuing();
    }
    true
}

/// Returns the longest piece of a shelf with which the bytes begin, and how many of them it takes.
fn longest(mut shelf: Shelf, bytes: &[u8]) -> Option<(Piece, usize)> {
    let mut best = None;
    for (length, &byte) in (1..).zip(bytes) {
        let Some(narrowed) = shelf.narrowed(byte) else {
            break;
        };
        shelf = narrowed;
        best = shelf.whole().map(|piece| (piece, length)).or(best);
    }
    best
}

/// Returns the pieces that continue a word: they are spelt with two signs before the letters.
fn continuing() -> Option<Shelf> {
    Shelf::ALL.narrowed(b'#')?.narrowed(b'#')
}
