//! Takes secrets out of a text before anything else in the house may see it.
//!
//! Pure: no store, no clock, no log. It never returns, prints or keeps what it took out.

use std::borrow::Cow;

mod blocks;
mod edges;
mod entropy;
mod named;
mod names;
mod placeholder;
mod scan;
mod shapes;
mod span;
mod tags;
mod tokens;
mod urls;
mod values;

#[cfg(test)]
mod tests;

use span::Span;

// A replaced secret can leave its neighbour standing at a word edge, where it is seen for the
// first time. Every pass shrinks what is left, and the cap keeps hostile input linear.
const MAX_PASSES: usize = 16;

/// A text without its secrets, and what kinds were taken out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Redacted<'a> {
    /// The text, borrowed when it held no secret.
    pub text: Cow<'a, str>,
    /// What was taken out, one entry a kind, in the order of first sight.
    pub found: Vec<Found>,
}

/// How many secrets of one kind were taken out of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Found {
    /// The kind, as it stands in the mark `[redacted:KIND]`.
    pub kind: &'static str,
    /// The number of marks of this kind that were set.
    pub count: usize,
}

/// Replaces every secret in the text by `[redacted:KIND]`; redacting twice changes nothing.
pub fn redact(text: &str) -> Redacted<'_> {
    let mut clean = Cow::Borrowed(text);
    let mut found = Vec::new();
    for _ in 0..MAX_PASSES {
        let spans = scan::spans(&clean);
        if spans.is_empty() {
            break;
        }
        clean = Cow::Owned(replace(&clean, &spans));
        spans.iter().for_each(|span| count(&mut found, span.kind));
    }
    Redacted { text: clean, found }
}

/// Returns whether [`redact`] would change the text.
pub fn has_secret(text: &str) -> bool {
    scan::any(text)
}

fn replace(text: &str, spans: &[Span]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut from = 0;
    for span in spans {
        out.push_str(&text[from..span.start]);
        out.push_str(span::MARK);
        out.push_str(span.kind);
        out.push(']');
        from = span.end;
    }
    out.push_str(&text[from..]);
    out
}

fn count(found: &mut Vec<Found>, kind: &'static str) {
    match found.iter_mut().find(|seen| seen.kind == kind) {
        Some(seen) => seen.count += 1,
        None => found.push(Found { kind, count: 1 }),
    }
}
