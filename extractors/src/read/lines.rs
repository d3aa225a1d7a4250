//! Hands out a file's lines one by one without ever holding more than one.
//!
//! Knows nothing of what a line means, and keeps nothing of a line over the cap.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Take};

// Large enough that the system calls do not show, small enough to stay in the cache.
const BUFFER_BYTES: usize = 256 * 1024;

/// One line, without its line break and without what may stand around its words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Line<'a> {
    /// A line that a line break ends.
    Whole(&'a [u8]),
    /// What stands behind the last line break: a last line, or the beginning of one.
    Open(&'a [u8]),
    /// A line over the cap; nothing of it was kept.
    Long,
    /// What stands behind the last line break is over the cap.
    LongOpen,
}

/// The lines between two places of a file.
pub(crate) struct Lines {
    file: BufReader<Take<File>>,
    line: Vec<u8>,
    cap: usize,
    end: u64,
    stop: u64,
}

impl Lines {
    /// Reads from `offset`, where the file stands, up to `stop`.
    pub(crate) fn new(file: File, offset: u64, stop: u64, cap: usize) -> Self {
        let file = file.take(stop.saturating_sub(offset));
        Self {
            file: BufReader::with_capacity(BUFFER_BYTES, file),
            line: Vec::new(),
            cap,
            end: offset,
            stop,
        }
    }

    /// Returns where the line after the last one handed out begins.
    pub(crate) fn end(&self) -> u64 {
        self.end
    }

    /// Gives the file back.
    pub(crate) fn into_file(self) -> File {
        self.file.into_inner().into_inner()
    }

    /// Returns the next line, or `None` at the end.
    pub(crate) fn next(&mut self) -> io::Result<Option<Line<'_>>> {
        self.line.clear();
        // One huge line must not keep its memory for the rest of the file.
        self.line.shrink_to(1 << 20);
        let (mut long, mut ended) = (false, false);
        while !ended {
            let chunk = self.file.fill_buf()?;
            if chunk.is_empty() {
                break;
            }
            let newline = memchr::memchr(b'\n', chunk);
            let used = newline.map_or(chunk.len(), |at| at + 1);
            let kept = newline.unwrap_or(used);
            long |= self.line.len() + kept > self.cap;
            if long {
                self.line = Vec::new();
            } else {
                self.line.extend_from_slice(&chunk[..kept]);
            }
            ended = newline.is_some();
            self.file.consume(used);
            self.end += used as u64;
        }
        if !ended && self.end < self.stop {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        Ok(match (ended, long) {
            (true, true) => Some(Line::Long),
            (true, false) => Some(Line::Whole(trim(&self.line))),
            (false, true) => Some(Line::LongOpen),
            (false, false) if self.line.is_empty() => None,
            (false, false) => Some(Line::Open(trim(&self.line))),
        })
    }
}

/// Returns a line without blanks, a mark of byte order, and the NULs that a crash leaves in a file.
fn trim(line: &[u8]) -> &[u8] {
    let line = line.strip_prefix("\u{feff}".as_bytes()).unwrap_or(line);
    let blank = |byte: &u8| *byte == 0 || byte.is_ascii_whitespace();
    let from = line.iter().position(|byte| !blank(byte));
    let to = line.iter().rposition(|byte| !blank(byte));
    match (from, to) {
        (Some(from), Some(to)) => &line[from..=to],
        // Blanks are nothing; where NULs alone are left, words may have stood.
        _ => line
            .iter()
            .position(|byte| *byte == 0)
            .map_or(&[], |at| &line[at..=at]),
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Seek as _, Write as _};

    use super::*;

    fn lines(content: &[u8], cap: usize) -> Vec<String> {
        let mut file = tempfile::tempfile().expect("a temporary file");
        file.write_all(content).expect("written");
        file.rewind().expect("rewound");
        let mut lines = Lines::new(file, 0, content.len() as u64, cap);
        let mut seen = Vec::new();
        while let Some(line) = lines.next().expect("read") {
            let text = format!("{line:?}");
            seen.push(match line {
                Line::Whole(bytes) => String::from_utf8_lossy(bytes).into_owned(),
                Line::Open(bytes) => format!("{}…", String::from_utf8_lossy(bytes)),
                Line::Long | Line::LongOpen => text,
            });
        }
        assert_eq!(lines.end(), content.len() as u64);
        seen
    }

    #[test]
    fn a_line_ends_at_its_line_break_of_either_kind() {
        assert_eq!(lines(b"one\r\n \0two\n\nfo", 10), ["one", "two", "", "fo…"]);
        assert_eq!(lines(b"", 10), [""; 0]);
    }

    #[test]
    fn a_line_over_the_cap_is_passed_and_the_next_one_read() {
        assert_eq!(
            lines(b"12345\n1234\n12345", 4),
            ["Long", "1234", "LongOpen"]
        );
    }

    #[test]
    fn a_file_that_ends_before_its_length_is_an_error_and_no_end() {
        let file = tempfile::tempfile().expect("a temporary file");
        let mut lines = Lines::new(file, 0, 5, 10);
        let error = lines.next().expect_err("the file is shorter");
        assert_eq!(error.kind(), io::ErrorKind::UnexpectedEof);
    }
}
