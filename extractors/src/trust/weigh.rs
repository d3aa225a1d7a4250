//! Weighs how much of one text stands in another, by the words that tell.
//!
//! It must not know what a word means: negation and order are looked at elsewhere.

use std::collections::BTreeSet;

/// Words that say how strongly a thing is meant, and not what is.
const FORCE: [&str; 9] = [
    "always", "alway", "alwai", "never", "please", "pleas", "must", "should", "only",
];

/// The telling words of a text: stems, names and the parts of names.
pub(super) type Words = BTreeSet<String>;

/// Returns the telling words of a text; of a text of any length all of them.
pub(super) fn words(text: &str) -> Words {
    let sentences = text.lines().flat_map(domain::words::query);
    let tells = |word: &String| word.len() > 1 && !FORCE.contains(&word.as_str());
    sentences.filter(tells).collect()
}

/// Returns how many words two texts share.
pub(super) fn shared(one: &Words, other: &Words) -> usize {
    one.intersection(other).count()
}

/// Returns the share of the first text's words that stand in the second, from 0 to 1.
pub(super) fn covered(one: &Words, other: &Words) -> f64 {
    match one.len() {
        0 => 0.0,
        all => shared(one, other) as f64 / all as f64,
    }
}

/// Cuts a text into sentences; a line is at least one.
pub(super) fn sentences(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    for line in text.lines() {
        let mut from = 0;
        for (at, c) in line.char_indices() {
            let end = at + c.len_utf8();
            let breaks = line[end..].chars().next().is_none_or(char::is_whitespace);
            let wide = matches!(c, '。' | '！' | '？');
            if wide || (matches!(c, '.' | '!' | '?' | ';') && breaks) {
                found.push(line[from..end].trim());
                from = end;
            }
        }
        found.push(line[from..].trim());
    }
    found.retain(|sentence| sentence.chars().any(char::is_alphanumeric));
    found
}
