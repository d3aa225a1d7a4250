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
    let text = &text[gap_length(text)..];
    let first = *text.as_bytes().first()?;
    if !first.is_ascii() {
        let unspaced = text.find(|c| class(c) != Class::Unspaced);
        let (run, rest) = text.split_at(unspaced.unwrap_or(text.len()));
        if !run.is_empty() {
            return Some((Piece::Unspaced(run), rest));
        }
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

/// Which ASCII bytes spell words: a table, because every byte of every text is looked up in it.
const IS_WORD: [bool; 128] = {
    let mut table = [false; 128];
    let mut byte = 0;
    while byte < table.len() {
        table[byte] = (byte as u8).is_ascii_alphanumeric() || byte as u8 == b'_';
        byte += 1;
    }
    table
};

/// How many bytes of word the text begins with; bytes are enough until a letter is not ASCII.
fn word_length(text: &str) -> usize {
    let is_word = |b: u8| IS_WORD.get(usize::from(b)) == Some(&true);
    let ascii = text.bytes().position(|b| !is_word(b)).unwrap_or(text.len());
    if text.as_bytes().get(ascii).is_none_or(u8::is_ascii) {
        return ascii;
    }
    text.find(|c| class(c) != Class::Word).unwrap_or(text.len())
}

/// How many bytes of neither word nor unspaced letters the text begins with.
fn gap_length(text: &str) -> usize {
    let is_gap = |b: u8| IS_WORD.get(usize::from(b)) == Some(&false);
    let ascii = text.bytes().position(|b| !is_gap(b)).unwrap_or(text.len());
    if text.as_bytes().get(ascii).is_none_or(u8::is_ascii) {
        return ascii;
    }
    text.find(|c| class(c) != Class::Gap).unwrap_or(text.len())
}
