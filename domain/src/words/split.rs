//! Takes text apart: chunks between spaces, compounds, runs, the parts of a name.
//!
//! It must not decide what is worth asking for; it gives the caller every piece in one fixed order.
//!
//! ```text
//! compound  getStagedFiles.rs-v2   words joined by one `.`, `-` or `'` each
//! run       getStagedFiles         letters, digits and `_`
//! part      get Staged Files       what `_` and capitals set apart
//! ```

use super::MAX_TOKEN_CHARS;
use super::english;
use super::fold;
use super::scan::{Piece, next_piece};
use super::unspaced::each_pair;

/// A longer run is a blob, not a name: only its beginning is indexed.
const MAX_NAME_CHARS: usize = 200;

/// When the single characters of an unspaced run are tokens beside its pairs.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Singles {
    /// For an index, so that a question of one character finds the text.
    Always,
    /// For a question, where pairs say more.
    WhenAlone,
}

/// Calls `emit` with every token of the text, wholes before their parts.
pub(super) fn each_token(text: &str, singles: Singles, emit: &mut impl FnMut(&str)) {
    let (mut composed, mut token) = (String::new(), String::new());
    for chunk in text.split_ascii_whitespace() {
        let mut rest = spelled(chunk, fold::compose_bare, &mut composed);
        while let Some((piece, after)) = next_piece(rest) {
            match piece {
                Piece::Unspaced(run) => each_pair(run, singles, emit),
                Piece::Compound(compound) => by_dots(
                    compound,
                    &mut Writer {
                        token: &mut token,
                        emit,
                    },
                ),
            }
            rest = after;
        }
    }
}

/// Calls `emit` with every word of the text, whole and once for each time it stands there.
pub(super) fn each_word(text: &str, emit: &mut impl FnMut(&str)) {
    let (mut composed, mut word) = (String::new(), String::new());
    for chunk in text.split_ascii_whitespace() {
        let mut rest = spelled(chunk, fold::compose, &mut composed);
        while let Some((piece, after)) = next_piece(rest) {
            match piece {
                Piece::Unspaced(run) => each_pair(run, Singles::WhenAlone, emit),
                Piece::Compound(compound) => {
                    for run in compound.split(['.', '-']) {
                        word.clear();
                        fold::lower(run.trim_matches('_'), &mut word);
                        word.retain(|c| c != '\'');
                        if !word.is_empty() {
                            emit(&word);
                        }
                    }
                }
            }
            rest = after;
        }
    }
}

fn spelled<'a>(
    chunk: &'a str,
    compose: fn(&str, &mut String),
    composed: &'a mut String,
) -> &'a str {
    if chunk.is_ascii() {
        return chunk;
    }
    composed.clear();
    compose(chunk, composed);
    composed
}

/// `docs.rs`, `1.95.0`, `v2.1`: the whole joined, then what the dots set apart.
fn by_dots<F: FnMut(&str)>(compound: &str, out: &mut Writer<'_, F>) {
    if is_plain_word(compound) {
        return out.word(compound);
    }
    if !compound.contains('.') {
        return by_hyphens(compound, out);
    }
    out.joined(compound);
    // A version is also found by who leaves its `v` out.
    if let Some(number) = compound.strip_prefix(['v', 'V'])
        && number.starts_with(|c: char| c.is_ascii_digit())
    {
        out.joined(number);
    }
    compound.split('.').for_each(|piece| by_hyphens(piece, out));
}

/// `tech-stack`, `no-verify`, `ENT-242`.
fn by_hyphens<F: FnMut(&str)>(compound: &str, out: &mut Writer<'_, F>) {
    if !compound.contains('-') {
        return by_apostrophes(compound, out);
    }
    out.joined(compound);
    compound
        .split('-')
        .for_each(|piece| by_apostrophes(piece, out));
}

/// `don't` is `dont`, and `l'été` is also `été`.
fn by_apostrophes<F: FnMut(&str)>(compound: &str, out: &mut Writer<'_, F>) {
    if !compound.contains('\'') {
        return by_name(compound, out);
    }
    out.joined(compound);
    compound.split('\'').for_each(|run| by_name(run, out));
}

/// `snake_case`, `camelCase` and both at once.
fn by_name<F: FnMut(&str)>(run: &str, out: &mut Writer<'_, F>) {
    out.word(run);
    if is_plain_word(run) || is_longer_than(run, MAX_NAME_CHARS) {
        return;
    }
    for part in run.split('_').filter(|part| !part.is_empty()) {
        if part.len() < run.len() {
            out.word(part);
        }
        // No name is that long without an underscore, and a blob of capitals has many humps.
        if !is_longer_than(part, MAX_TOKEN_CHARS) {
            by_humps(part, out);
        }
    }
}

fn by_humps<F: FnMut(&str)>(part: &str, out: &mut Writer<'_, F>) {
    let mut start = 0;
    while let Some(length) = first_hump(&part[start..]) {
        out.word(&part[start..start + length]);
        start += length;
    }
    if start > 0 {
        out.word(&part[start..]);
    }
}

/// Where the first part of a camel-case name ends: `get|Staged`, `HTTP|Server`, `utf8|String`, but `URLs`.
fn first_hump(name: &str) -> Option<usize> {
    let mut before = None;
    let mut letters = name.char_indices().peekable();
    while let Some((at, c)) = letters.next() {
        if let Some(previous) = before.filter(|_| is_capital(c)) {
            let rest = &name[at + c.len_utf8()..];
            let word_begins =
                letters.peek().is_some_and(|(_, next)| next.is_lowercase()) && rest != "s";
            if char::is_lowercase(previous) || word_begins {
                return Some(at);
            }
        }
        before = Some(c);
    }
    None
}

/// Says whether lower-casing changes the letter; circled capitals (🅐) are upper case and have no other.
fn is_capital(c: char) -> bool {
    c.is_ascii_uppercase() || (c.is_uppercase() && !c.to_lowercase().eq([c]))
}

/// Most words of any text have nothing in them to take apart, and this is the quick way to see it.
fn is_plain_word(compound: &str) -> bool {
    let letters = compound.as_bytes().iter().skip(1);
    compound.as_bytes()[0].is_ascii_alphanumeric()
        && letters
            .copied()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
}

fn is_longer_than(text: &str, chars: usize) -> bool {
    text.len() > chars && text.chars().nth(chars).is_some()
}

/// `server` of `server2`; codes and versions (`e0308`, `v2`, `a1b2c3`) have no such letters.
fn letters_before_a_number(token: &str) -> Option<&str> {
    if !token.ends_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let letters = token.trim_end_matches(|c: char| c.is_ascii_digit());
    let a_name = letters.len() >= 3 && letters.chars().all(|c| c.is_alphabetic() || c == '_');
    (a_name && letters.len() < token.len() && !letters.ends_with('_')).then_some(letters)
}

/// Writes one token after the other into the same buffer.
struct Writer<'a, F> {
    token: &'a mut String,
    emit: &'a mut F,
}

impl<F: FnMut(&str)> Writer<'_, F> {
    /// Gives a word, and with it its stem, or its letters where a number clings to them (`server2`).
    fn word(&mut self, word: &str) {
        self.token.clear();
        fold::lower(word, self.token);
        let stem = english::stem(self.token).map(|(kept, ending)| (kept.len(), ending));
        let letters = letters_before_a_number(self.token).map(|letters| (letters.len(), ""));
        self.give();
        if let Some((kept, ending)) = stem.or(letters) {
            self.token.truncate(kept);
            self.token.push_str(ending);
            self.give();
        }
    }

    /// Gives a compound as one token: `1.95.0` as `1_95_0`, `don't` as `dont`.
    fn joined(&mut self, compound: &str) {
        let joined: String = compound
            .chars()
            .filter(|c| *c != '\'')
            .map(|c| if matches!(c, '.' | '-') { '_' } else { c })
            .collect();
        self.word(&joined);
    }

    fn give(&mut self) {
        if is_longer_than(self.token, MAX_TOKEN_CHARS) {
            let end = self
                .token
                .char_indices()
                .nth(MAX_TOKEN_CHARS)
                .map_or(self.token.len(), |(at, _)| at);
            self.token.truncate(end);
        }
        // What holds underscores alone spells nothing.
        if self.token.bytes().any(|b| b != b'_') {
            (self.emit)(self.token);
        }
    }
}
