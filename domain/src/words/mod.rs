//! Turns text into the words we index, ask for and compare; both search engines store what is made here.
//!
//! Pure: no store, no clock, no locale. It must not change its output without a new [`VERSION`], because
//! every stored index was written by it and every question is asked in it.
//!
//! A token is lower case, free of Latin diacritics, at most 64 characters long, and made of
//! alphanumerics and `_` alone, so that neither engine can take it for an operator or cut it again.
//! `getStagedFiles` is indexed whole and in parts, `1.95.0` also as `1_95_0`, `tech-stack` also as
//! `tech_stack`, English words also by their stem, and scripts without spaces by overlapping pairs.

mod english;
mod fold;
mod scan;
mod split;
mod unspaced;
mod weight;

#[cfg(test)]
mod laws;
#[cfg(test)]
mod tables;

use std::collections::HashSet;

use split::Singles;

pub use weight::estimate_tokens;

/// The version of the tokens; an index written under another version must be rebuilt.
pub const VERSION: u32 = 1;

/// The longest token, in characters: enough for any name, too short for a blob to fill the index.
pub const MAX_TOKEN_CHARS: usize = 64;

/// The most tokens one question may hold; a pasted log is a question too.
pub const MAX_QUERY_TOKENS: usize = 256;

/// Returns the tokens to index for a text, in order, repeats kept.
pub fn tokens(text: &str) -> Vec<String> {
    // English prose with its parts and stems gives about one token for every four bytes.
    let mut tokens = Vec::with_capacity(text.len() / 4);
    each_token(text, |token| tokens.push(token.to_owned()));
    tokens
}

/// Calls `emit` with each of the [`tokens`], for who writes them on and needs no list of them.
pub fn each_token(text: &str, mut emit: impl FnMut(&str)) {
    split::each_token(text, Singles::Always, &mut emit);
}

/// Returns the distinct tokens to ask for, in order; any text at all is a valid question.
///
/// Each of them is among the [`tokens`] of the same text. English stop words are left out unless
/// nothing else remains.
pub fn query(text: &str) -> Vec<String> {
    let (mut telling, mut stops) = (Distinct::default(), Distinct::default());
    split::each_token(text, Singles::WhenAlone, &mut |token| {
        if english::is_stop_word(token) {
            stops.add(token);
        } else {
            telling.add(token);
        }
    });
    if telling.in_order.is_empty() {
        stops.in_order
    } else {
        telling.in_order
    }
}

/// Returns the words of a text for comparing it with another.
///
/// Unlike [`tokens`] they are neither split, stemmed, cut nor stripped of diacritics, so that texts
/// with different words never look alike. Punctuation counts for nothing.
pub fn words(text: &str) -> Vec<String> {
    let mut words = Vec::with_capacity(text.len() / 5);
    split::each_word(text, &mut |word| words.push(word.to_owned()));
    words
}

/// Returns the share of distinct words that two texts have in common, from 0 to 1.
///
/// Two texts without a single word (two emoji, say) have nothing in common: 0.
pub fn jaccard(a: &[String], b: &[String]) -> f64 {
    let a: HashSet<&str> = a.iter().map(String::as_str).collect();
    let b: HashSet<&str> = b.iter().map(String::as_str).collect();
    let shared = a.intersection(&b).count();
    let all = a.len() + b.len() - shared;
    if all == 0 {
        0.0
    } else {
        shared as f64 / all as f64
    }
}

/// The first tokens seen, each once.
#[derive(Default)]
struct Distinct {
    in_order: Vec<String>,
    seen: HashSet<String>,
}

impl Distinct {
    fn add(&mut self, token: &str) {
        if self.in_order.len() < MAX_QUERY_TOKENS && !self.seen.contains(token) {
            self.seen.insert(token.to_owned());
            self.in_order.push(token.to_owned());
        }
    }
}
