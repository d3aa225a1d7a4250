//! What goes to the terminal: plain lines, JSON for scripts, colour only where somebody looks.
//!
//! The only file that prints. A reader that closes the pipe ends the program quietly.

use std::io::{self, IsTerminal, Write};

use anyhow::Result;
use serde::Serialize;

use crate::environment;

/// Where a command's answer goes, and in what form.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Out {
    json: bool,
    color: bool,
}

/// A colour with a meaning.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Ink {
    /// Names to copy: ids, runs.
    Name,
    /// What is of less weight.
    Faint,
    /// What went well.
    Good,
    /// What wants attention.
    Warn,
    /// Headings.
    Strong,
}

impl Out {
    /// Decides the form: JSON when asked for, colour when a terminal reads.
    pub(crate) fn new(json: bool) -> Self {
        let color = io::stdout().is_terminal() && !environment::no_color() && !json;
        Self { json, color }
    }

    /// Returns whether the answer is JSON.
    pub(crate) fn is_json(self) -> bool {
        self.json
    }

    /// Writes a line.
    pub(crate) fn line(self, text: impl AsRef<str>) -> Result<()> {
        let mut out = io::stdout().lock();
        // Names and paths from elsewhere may hold what a terminal obeys; only our own ink may pass.
        let text = if self.color {
            inked(text.as_ref())
        } else {
            harmless(text.as_ref())
        };
        out.write_all(text.as_bytes())?;
        out.write_all(b"\n")?;
        Ok(())
    }

    /// Writes a value as one line of JSON.
    pub(crate) fn value(self, value: &impl Serialize) -> Result<()> {
        self.line(escaped(&serde_json::to_string(value)?))
    }

    /// Puts ink on a text, where colour is wanted.
    pub(crate) fn ink(self, ink: Ink, text: impl AsRef<str>) -> String {
        let text = harmless(text.as_ref());
        if !self.color {
            return text;
        }
        let code = match ink {
            Ink::Name => "36",
            Ink::Faint => "2",
            Ink::Good => "32",
            Ink::Warn => "33",
            Ink::Strong => "1",
        };
        format!("\x1b[{code}m{text}\x1b[0m")
    }
}

/// Writes a line for a person on stderr, where it spoils no data.
pub(crate) fn say(text: impl AsRef<str>) {
    // Nobody may listen any more, and that is no reason to stop.
    let _ = writeln!(io::stderr().lock(), "{}", harmless(text.as_ref()));
}

/// Takes what a terminal could obey out of a text that came from elsewhere.
pub(crate) fn harmless(text: &str) -> String {
    text.chars()
        .map(|c| if is_obeyed(c) { '\u{fffd}' } else { c })
        .collect()
}

/// Returns whether a terminal would do something at this character instead of showing it.
fn is_obeyed(c: char) -> bool {
    let turns_the_line = matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    (c.is_control() && c != '\n' && c != '\t') || turns_the_line
}

/// Lets our own ink through, and nothing else that a terminal could obey.
fn inked(text: &str) -> String {
    let mut pieces = text.split('\u{1b}');
    let mut clean = harmless(pieces.next().unwrap_or_default());
    for piece in pieces {
        let digits = piece
            .strip_prefix('[')
            .and_then(|rest| rest.split_once('m'));
        let is_ink = digits.is_some_and(|(code, _)| code.bytes().all(|b| b.is_ascii_digit()));
        clean.push(if is_ink { '\u{1b}' } else { '\u{fffd}' });
        clean.push_str(&harmless(piece));
    }
    clean
}

/// Writes the same JSON without a character that a terminal could obey.
fn escaped(json: &str) -> String {
    let escape = |c: char| match is_obeyed(c) {
        true => format!("\\u{:04x}", u32::from(c)),
        false => c.to_string(),
    };
    match json.contains(is_obeyed) {
        true => json.chars().map(escape).collect(),
        false => json.to_owned(),
    }
}

/// Cuts a text to one line of so many characters.
pub(crate) fn headline(text: &str, most: usize) -> String {
    let line = harmless(text)
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ");
    match line.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", line[..end].trim_end()),
        None => line,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_from_elsewhere_reaches_a_terminal_as_a_command() {
        let hostile = "a\u{1b}[31mred\u{1b}]0;title\u{7}\u{9b}2J\u{202e}b\n";
        assert_eq!(
            harmless(hostile),
            "a\u{fffd}[31mred\u{fffd}]0;title\u{fffd}\u{fffd}2J\u{fffd}b\n"
        );
        assert_eq!(inked("\u{1b}[36mm1\u{1b}[0m"), "\u{1b}[36mm1\u{1b}[0m");
        assert!(!inked(hostile).contains("\u{1b}]"));
        assert_eq!(escaped("\"\u{9b}x\""), "\"\\u009bx\"");
    }
}
