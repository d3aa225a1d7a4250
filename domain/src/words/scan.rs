//! Finds the pieces of composed text that are worth a token: compounds, and runs without spaces.
//!
//! It must not look inside a piece.

use super::unspaced::is_unspaced;

/// A stretch of text that one rule takes apart.
pub(super) enum Piece<'a> {
    /// Words joined by one `.`, `-` or `'` each.
    Compound(&'a str),
    /// Letters of a script that sets no spaces.
    Unspaced(&'a str),
}

/// Returns the first piece of composed text, and what follows it.
pub(super) fn next_piece(text: &str) -> Option<(Piece<'_>, &str)> {
    let start = text.find(|c| matches!(class(c), Class::Word | Class::Unspaced))?;
    let text = &text[start..];
    let unspaced = text
        .find(|c| class(c) != Class::Unspaced)
        .unwrap_or(text.len());
    if unspaced > 0 {
        let (run, rest) = text.split_at(unspaced);
        return Some((Piece::Unspaced(run), rest));
    }
    let mut end = word_length(text);
    while let Some(b'.' | b'-' | b'\'') = text.as_bytes().get(end) {
        match word_length(&text[end + 1..]) {
            0 => break,
            more => end += 1 + more,
        }
    }
    let (compound, rest) = text.split_at(end);
    Some((Piece::Compound(compound), rest))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Word,
    Unspaced,
    Gap,
}

#[inline]
fn class(c: char) -> Class {
    if c.is_ascii() {
        let word = c.is_ascii_alphanumeric() || c == '_';
        return if word { Class::Word } else { Class::Gap };
    }
    match c {
        c if !c.is_alphanumeric() => Class::Gap,
        c if is_unspaced(c) => Class::Unspaced,
        _ => Class::Word,
    }
}

/// How many bytes of word the text begins with; bytes are enough until a letter is not ASCII.
fn word_length(text: &str) -> usize {
    let is_word = |b: u8| b.is_ascii_alphanumeric() || b == b'_';
    let ascii = text.bytes().position(|b| !is_word(b)).unwrap_or(text.len());
    if text.as_bytes().get(ascii).is_none_or(u8::is_ascii) {
        return ascii;
    }
    text.find(|c| class(c) != Class::Word).unwrap_or(text.len())
}
