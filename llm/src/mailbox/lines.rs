//! Reads a file line by line, holding one line at a time and none that is too long.
//!
//! Parses nothing.

use std::io::{self, BufRead};

/// A reply of 4 MB is none; a request is a window's worth of words. Beyond this a line is not held
/// in memory to find out what it is.
pub(crate) const LONGEST_LINE: usize = 16 * 1024 * 1024;

/// One line, where it stands.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Line<'a> {
    /// Where it begins in the file.
    pub(crate) at: u64,
    /// Its bytes with the line feed, if it has one.
    pub(crate) len: u64,
    /// What stands there.
    pub(crate) text: Text<'a>,
}

/// What stands in a line.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Text<'a> {
    /// A line with its end.
    Whole(&'a [u8]),
    /// The file ends in the middle of it, or it lacks only its line feed.
    Open(&'a [u8]),
    /// Longer than any line may be.
    TooLong,
}

/// Reads lines from where a reader stands.
pub(crate) struct Lines<R> {
    reader: R,
    at: u64,
    held: Vec<u8>,
}

impl<R: BufRead> Lines<R> {
    /// Begins at an offset, to which the reader has been moved.
    pub(crate) fn from(reader: R, at: u64) -> Self {
        Self {
            reader,
            at,
            held: Vec::new(),
        }
    }

    /// Returns the next line, or `None` at the end.
    pub(crate) fn next(&mut self) -> io::Result<Option<Line<'_>>> {
        self.held.clear();
        let mut len = 0_u64;
        let ended = loop {
            let piece = self.reader.fill_buf()?;
            if piece.is_empty() {
                break false;
            }
            let end = piece.iter().position(|byte| *byte == b'\n');
            let taken = end.map_or(piece.len(), |at| at + 1);
            if self.held.len() <= LONGEST_LINE {
                self.held
                    .extend_from_slice(&piece[..taken.min(LONGEST_LINE + 1)]);
            }
            self.reader.consume(taken);
            len += taken as u64;
            if end.is_some() {
                break true;
            }
        };
        if len == 0 {
            return Ok(None);
        }
        let at = self.at;
        self.at += len;
        let text = match (self.held.len() > LONGEST_LINE, ended) {
            (true, _) => Text::TooLong,
            (false, true) => Text::Whole(trimmed(&self.held)),
            (false, false) => Text::Open(trimmed(&self.held)),
        };
        Ok(Some(Line { at, len, text }))
    }
}

/// Editors put a mark before the first line and carriage returns behind each.
fn trimmed(line: &[u8]) -> &[u8] {
    line.strip_prefix(b"\xef\xbb\xbf")
        .unwrap_or(line)
        .trim_ascii()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_come_with_their_places_and_the_last_one_says_that_it_is_open() {
        let mut lines = Lines::from(&b"\xef\xbb\xbfone\r\n\ntwo"[..], 10);
        let all: Vec<(u64, u64, String)> = std::iter::from_fn(|| {
            let line = lines.next().expect("memory reads")?;
            Some((line.at, line.len, format!("{:?}", line.text)))
        })
        .collect();
        let whole = |text: &[u8]| format!("{:?}", Text::Whole(text));
        assert_eq!(
            all,
            [
                (10, 8, whole(b"one")),
                (18, 1, whole(b"")),
                (19, 3, format!("{:?}", Text::Open(b"two"))),
            ]
        );
    }

    #[test]
    fn a_line_of_any_length_is_passed_over_in_bounded_memory() {
        let long = vec![b'x'; 3 * LONGEST_LINE];
        let text = [&long[..], b"\nshort\n"].concat();
        let mut lines = Lines::from(io::BufReader::new(&text[..]), 0);
        assert_eq!(
            lines.next().expect("reads").expect("a line").text,
            Text::TooLong
        );
        assert!(
            lines.held.capacity() <= 2 * LONGEST_LINE + 16_384,
            "{}",
            lines.held.capacity()
        );
        let next = lines.next().expect("reads").expect("a line");
        assert_eq!(next.text, Text::Whole(b"short"));
        assert_eq!(next.at, long.len() as u64 + 1);
    }
}
