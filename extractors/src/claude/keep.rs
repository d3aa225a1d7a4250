//! Makes a text fit to be kept: free of escapes and secrets, and no longer than it is worth.
//!
//! Every text that leaves the reader has passed through here; nothing else redacts.

use std::borrow::Cow;
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

use crate::secrets::redact;

// A token that a cut would split is seen whole before the cut is made. JWTs have 1 to 2 kB.
const MARGIN: usize = 2048;
// Errors in the middle of a long output: so many lines, each so long, from so much of it.
const ERROR_LINES: usize = 12;
const ERROR_LINE_BYTES: usize = 300;
const ERROR_SEARCH_BYTES: usize = 512 * 1024;
// A window title is the longest escape in use.
const ESCAPE_BYTES: usize = 512;

/// Cleans a text and keeps its beginning.
pub(super) fn head(text: &str, cap: usize) -> String {
    let plain = plain(text.trim());
    if plain.len() <= cap {
        return redact(&plain).text.into_owned();
    }
    let window = redact(upto(&plain, cap + MARGIN)).text;
    let kept = at_a_gap(upto(&window, cap));
    format!("{kept}\n{}", gap(plain.len() - kept.len().min(plain.len())))
}

/// Cleans a text and keeps its beginning, its end, and lines between them that speak of errors.
pub(super) fn ends(text: &str, cap: usize) -> String {
    let plain = plain(text.trim());
    if plain.len() <= cap {
        return redact(&plain).text.into_owned();
    }
    let each = cap * 2 / 5;
    let first = redact(upto(&plain, each + MARGIN)).text;
    let last = redact(from_end(&plain, each + MARGIN)).text;
    let first = at_a_gap(upto(&first, each));
    let last = from_a_gap(from_end(&last, each));
    let middle =
        &plain[plain.ceil_char_boundary(each)..plain.floor_char_boundary(plain.len() - each)];
    let errors = redact(&errors(middle, cap - 2 * each)).text.into_owned();
    let left = plain
        .len()
        .saturating_sub(first.len() + last.len() + errors.len());
    match errors.is_empty() {
        true => format!("{first}\n{}\n{last}", gap(left)),
        false => format!("{first}\n{}\n{errors}\n[...]\n{last}", gap(left)),
    }
}

/// Cleans a name: one line, short.
pub(super) fn name(text: &str, cap: usize) -> String {
    let plain = plain(text);
    let short = redact(upto(&plain, cap + MARGIN)).text.into_owned();
    upto(&short, cap).replace(['\n', '\r'], " ")
}

fn gap(bytes: usize) -> String {
    format!("[... {bytes} bytes left out ...]")
}

fn errors(middle: &str, cap: usize) -> String {
    static WORDS: LazyLock<AhoCorasick> = LazyLock::new(|| {
        AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .build([
                "error",
                "fail",
                "panick",
                "fatal",
                "exception",
                "traceback",
                "denied",
                "not found",
                "undefined",
                "cannot ",
            ])
            .expect("ten short words make a small automaton")
    });
    let middle = upto(middle, ERROR_SEARCH_BYTES);
    let mut kept = String::new();
    let lines = middle.lines().filter(|line| WORDS.is_match(*line));
    for line in lines.take(ERROR_LINES) {
        let line = upto(line.trim_end(), ERROR_LINE_BYTES);
        if kept.len() + line.len() >= cap {
            break;
        }
        if !kept.is_empty() {
            kept.push('\n');
        }
        kept.push_str(line);
    }
    kept
}

fn upto(text: &str, bytes: usize) -> &str {
    &text[..text.floor_char_boundary(bytes.min(text.len()))]
}

fn from_end(text: &str, bytes: usize) -> &str {
    &text[text.ceil_char_boundary(text.len().saturating_sub(bytes))..]
}

/// Cuts back to the last line break or space, if one is near.
fn at_a_gap(text: &str) -> &str {
    let near = text.floor_char_boundary(text.len().saturating_sub(200));
    let gap = text[near..].rfind('\n').or_else(|| text[near..].rfind(' '));
    gap.map_or(text, |at| &text[..near + at]).trim_end()
}

fn from_a_gap(text: &str) -> &str {
    let near = upto(text, 200);
    let gap = near.find('\n').or_else(|| near.find(' '));
    gap.map_or(text, |at| &text[at..]).trim_start()
}

/// Returns the text without terminal escapes and without NUL, which no text column takes.
pub(super) fn plain(text: &str) -> Cow<'_, str> {
    if memchr::memchr2(0x1b, 0, text.as_bytes()).is_none() {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['\u{1b}', '\0']) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        if rest.starts_with('\0') {
            out.push('\u{fffd}');
        }
        rest = &rest[escape(rest)..];
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// Returns the length of the terminal escape, or of the NUL, at the start.
fn escape(text: &str) -> usize {
    let bytes = &text.as_bytes()[..text.len().min(ESCAPE_BYTES)];
    let found = match bytes {
        [0x1b, b'[', rest @ ..] => rest
            .iter()
            .position(|byte| !(0x20..=0x3f).contains(byte))
            .filter(|&at| (0x40..=0x7e).contains(&rest[at])),
        [0x1b, b']', rest @ ..] => rest.iter().position(|byte| matches!(byte, 0x07 | b'\\')),
        _ => None,
    };
    found.map_or(1, |at| at + 3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_and_nul_go_and_the_words_stay() {
        assert_eq!(
            plain("\u{1b}[1mbold\u{1b}[22m a\0b \u{1b}"),
            "bold a\u{fffd}b "
        );
        assert_eq!(plain("\u{1b}]0;title\u{7}x"), "x");
        assert_eq!(plain("\u{1b}[31é"), "[31é");
    }

    #[test]
    fn a_long_output_keeps_its_ends_and_its_errors() {
        let noise = "line of noise\n".repeat(2_000);
        let text = format!("first\n{noise}error[E0308]: mismatched types\n{noise}last");
        let kept = ends(&text, 1_000);
        assert!(kept.len() < 1_200, "{} bytes", kept.len());
        assert!(kept.starts_with("first\n"));
        assert!(kept.ends_with("\nlast"));
        assert!(kept.contains("error[E0308]: mismatched types"));
        assert!(kept.contains("bytes left out"));
    }

    #[test]
    fn a_cut_never_leaves_half_a_secret() {
        let secret = format!("ghp_{}", "A1b2C3d4E5f6G7h8I9".repeat(2));
        // No blank stands near, so that the cut cannot fall back to one.
        let text = format!("{},{secret},{}", "x,".repeat(190), "y,".repeat(190));
        for cap in (300..500).step_by(7) {
            assert!(!head(&text, cap).contains("A1b2C3d4"), "head of {cap}");
            assert!(!ends(&text, cap).contains("A1b2C3d4"), "ends of {cap}");
        }
        // The ends are shorter than the whole, so their cuts fall elsewhere.
        let early = format!("{},{secret},{}", "x,".repeat(190), "y,".repeat(900));
        let late = format!("{},{secret},{}", "x,".repeat(900), "y,".repeat(190));
        for cap in 900..1_100 {
            assert!(!ends(&early, cap).contains("A1b2C3d4"), "first of {cap}");
            assert!(!ends(&late, cap).contains("A1b2C3d4"), "last of {cap}");
        }
    }

    #[test]
    fn a_secret_is_taken_out_wherever_a_kept_text_may_hold_it() {
        let secret = format!("ghp_{}", "A1b2C3d4E5f6G7h8I9".repeat(2));
        let noise = "line of noise\n".repeat(500);
        for text in [
            format!("the token is {secret}"),
            format!("{secret}\n{noise}"),
            format!("{noise}{secret}"),
            format!("{noise}error: {secret} was refused\n{noise}"),
        ] {
            for kept in [head(&text, 1_000), ends(&text, 1_000), name(&text, 1_000)] {
                assert!(!kept.contains("A1b2C3d4"), "{kept}");
            }
        }
    }
}
