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
        out.write_all(text.as_ref().as_bytes())?;
        out.write_all(b"\n")?;
        Ok(())
    }

    /// Writes a value as one line of JSON.
    pub(crate) fn value(self, value: &impl Serialize) -> Result<()> {
        self.line(serde_json::to_string(value)?)
    }

    /// Puts ink on a text, where colour is wanted.
    pub(crate) fn ink(self, ink: Ink, text: impl AsRef<str>) -> String {
        let text = text.as_ref();
        if !self.color {
            return text.to_owned();
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
#[expect(clippy::print_stderr, reason = "this is the file that prints")]
pub(crate) fn say(text: impl AsRef<str>) {
    eprintln!("{}", text.as_ref());
}

/// Takes what a terminal could obey out of a text that came from elsewhere.
pub(crate) fn harmless(text: &str) -> String {
    text.chars()
        .map(|c| {
            if c.is_control() && c != '\n' && c != '\t' {
                '\u{fffd}'
            } else {
                c
            }
        })
        .collect()
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
