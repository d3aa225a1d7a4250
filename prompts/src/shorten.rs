//! Shortens a text to its head and its tail, and keeps the lines between them that speak of errors.
//!
//! Says how much it left out. It must not cut a line that speaks of an error, short of an endless one.

use std::ops::Range;

use domain::words::estimate_tokens;

use crate::lines;

/// Whether lines that speak of errors are kept wherever they stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Errors {
    Kept,
    LikeAnyLine,
}

// The line that says what is left out has about so many characters: saving fewer saves nothing.
const SLACK: usize = 60;
// The longest error lines in the recorded sessions that are not a dump have about 300.
const ERROR_LINE_CHARS: usize = 400;
// However tight it gets, the first error is told.
const ERRORS_CHARS: usize = 400;

const ERROR_WORDS: [&str; 12] = [
    "error",
    "fail",
    "panic",
    "fatal",
    "exception",
    "traceback",
    "denied",
    "not found",
    "undefined",
    "unresolved",
    "cannot",
    "no such",
];

/// Returns a cleaned text with its lines marked, about `cap` characters of it, errors not counted.
pub(crate) fn shorten(text: &str, cap: usize, errors: Errors) -> String {
    let mut out = String::new();
    if text.chars().count() <= cap + SLACK {
        lines::mark(&mut out, text);
        return out;
    }
    let head = 0..head_end(text, cap / 2);
    let tail = tail_start(text, cap - cap / 2)..text.len();
    let mut kept = vec![head.clone()];
    if errors == Errors::Kept {
        kept.extend(error_lines(
            text,
            head.end..tail.start,
            cap.max(ERRORS_CHARS),
        ));
    }
    kept.push(tail);
    let mut at = 0;
    for range in kept {
        gap(&mut out, &text[at..range.start]);
        let shown = text[range.clone()].trim_matches('\n');
        if !shown.is_empty() {
            lines::mark(&mut out, shown);
        }
        at = range.end;
    }
    out
}

/// Returns a cleaned text with its lines marked, shortened to so many tokens.
pub(crate) fn to_tokens(text: &str, tokens: usize) -> String {
    // Latin text has four characters a token; where every character is one, halving finds the way.
    let mut cap = tokens * 4;
    loop {
        let shown = shorten(text, cap, Errors::LikeAnyLine);
        if estimate_tokens(&shown) <= tokens || cap == 0 {
            return shown;
        }
        cap /= 2;
    }
}

/// Says how much is left out, where something is.
fn gap(out: &mut String, left: &str) {
    if left.trim().is_empty() {
        return;
    }
    let count = grouped(left.trim_matches('\n').chars().count());
    out.push_str(&format!("[… {count} characters left out]\n"));
}

/// Returns a number with a comma before every third digit from the end.
pub(crate) fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// Where the head ends: at a line's end, unless that gave away more than half of it.
fn head_end(text: &str, chars: usize) -> usize {
    let end = text
        .char_indices()
        .nth(chars)
        .map_or(text.len(), |(at, _)| at);
    match text[..end].rfind('\n') {
        Some(line) if line >= end / 2 => line,
        _ => end,
    }
}

fn tail_start(text: &str, chars: usize) -> usize {
    let start = match chars {
        0 => text.len(),
        _ => text
            .char_indices()
            .nth_back(chars - 1)
            .map_or(0, |(at, _)| at),
    };
    let length = text.len() - start;
    match text[start..].find('\n') {
        Some(line) if line <= length / 2 => start + line + 1,
        _ => start,
    }
}

/// Returns the lines of a range that speak of errors, from the first on, up to so many characters.
fn error_lines(text: &str, range: Range<usize>, chars: usize) -> Vec<Range<usize>> {
    let (mut kept, mut left, mut at) = (Vec::<Range<usize>>::new(), chars, range.start);
    for line in text[range].split_inclusive('\n') {
        let start = at;
        at += line.len();
        if !speaks_of_an_error(line) {
            continue;
        }
        let shown = start + head_of_line(line);
        let cost = text[start..shown].chars().count();
        if cost > left {
            break;
        }
        left -= cost;
        match kept.last_mut() {
            Some(last) if last.end == start => last.end = shown,
            _ => kept.push(start..shown),
        }
    }
    kept
}

/// Where an error line ends: whole with its line break, unless it is endless.
fn head_of_line(line: &str) -> usize {
    line.char_indices()
        .nth(ERROR_LINE_CHARS)
        .map_or(line.len(), |(at, _)| at)
}

fn speaks_of_an_error(line: &str) -> bool {
    let lower = line.to_ascii_lowercase();
    ERROR_WORDS.iter().any(|word| lower.contains(word))
}

#[cfg(test)]
mod tests;
