//! Makes what a server said fit to stand in an error: without keys and secrets, and short.
//!
//! Says nothing of its own.

use secrecy::SecretString;

use crate::traces;

/// A sentence or two; what is longer repeats what was sent.
const LONGEST_WHY: usize = 400;
/// Enough to see what it is.
const LONGEST_RAW: usize = 2_000;
/// More than that of what came is not even looked at.
const LONGEST_READ: usize = 64 * 1024;

/// Cleans what went wrong, for one line on a terminal.
pub(crate) fn why(text: &str, key: Option<&SecretString>, redact: fn(&str) -> String) -> String {
    let line: Vec<&str> = text.split_whitespace().collect();
    cleaned(&line.join(" "), key, redact, LONGEST_WHY)
}

/// Cleans the beginning of what came.
pub(crate) fn raw(text: &str, key: Option<&SecretString>, redact: fn(&str) -> String) -> String {
    cleaned(text, key, redact, LONGEST_RAW)
}

fn cleaned(
    text: &str,
    key: Option<&SecretString>,
    redact: fn(&str) -> String,
    longest: usize,
) -> String {
    // A server's words reach a terminal, and must not steer it. They go first: between the letters of
    // a key they would hide it.
    let plain: String = text
        .chars()
        .filter(|c| !c.is_control() || *c == '\n')
        .take(LONGEST_READ)
        .collect();
    // Before it is cut to what is shown: a few letters of a key would not be known for it.
    let without_key = match key {
        Some(key) => traces::hide(&plain, key, traces::IN_AN_ERROR),
        None => plain,
    };
    let redacted = redact(&without_key);
    let mut shown = redacted.chars();
    let mut short: String = shown.by_ref().take(longest).collect();
    if shown.next().is_some() {
        short.push('…');
    }
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hide(text: &str) -> String {
        text.replace("AKIA1", "[secret]")
    }

    #[test]
    fn neither_our_key_nor_anothers_secret_is_shown() {
        let key = SecretString::from("sk-mine".to_owned());
        let text = "bad key sk-mine,\n\n  not AKIA1";
        assert_eq!(why(text, Some(&key), hide), "bad key ***, not [secret]");
        assert_eq!(
            raw("{\n\"k\":\"sk-mine\"}", Some(&key), hide),
            "{\n\"k\":\"***\"}"
        );
    }

    #[test]
    fn a_terminal_is_not_steered_and_not_flooded() {
        assert_eq!(why("\u{1b}[31mred\u{7}", None, str::to_owned), "[31mred");
        let long = why(&"é".repeat(9_000), None, str::to_owned);
        assert_eq!(long.chars().count(), LONGEST_WHY + 1);
        assert!(long.ends_with('…'));
    }

    #[test]
    fn a_key_at_the_cut_is_not_shown_by_half() {
        let key = SecretString::from("sk-0123456789".to_owned());
        let text = format!("{}sk-0123456789", "a".repeat(LONGEST_WHY - 5));
        assert!(!why(&text, Some(&key), str::to_owned).contains("sk-"));
    }
}
