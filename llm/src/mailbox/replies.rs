//! An index over `replies.jsonl`: where the first usable reply to each request stands.
//!
//! Holds names and places, never words, and never writes: the file belongs to those who answer.

use std::collections::HashMap;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::path::Path;

use super::answer::{self, Said};
use super::folder::{self, Print};
use super::lines::{Lines, Text};

/// A line that says nothing that could be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadLine {
    /// Its number in the file, from 1.
    pub line: u64,
    /// What is wrong with it.
    pub why: String,
}

/// Where a reply stands.
#[derive(Clone, Copy, Debug)]
struct Found {
    at: u64,
    len: u64,
    /// Whether it has words; what has none gives way to what has.
    worth: Worth,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Worth {
    Broken,
    Garbled,
    Refused,
    Words,
}

/// What is known of the file.
#[derive(Debug, Default)]
pub(crate) struct Replies {
    print: Print,
    /// So far it was read.
    at: u64,
    lines: u64,
    /// The bytes before `at`, by which a file that was only added to is told from another one.
    tail: Vec<u8>,
    found: HashMap<String, Found>,
    bad: Vec<BadLine>,
    repeated: u64,
}

/// So many bytes say that what was read is still there.
const TAIL: u64 = 256;
/// So many bad lines are named; more of them are a wrong file, and one name of it is enough.
const NAMED: usize = 100;

impl Replies {
    /// Reads what was added since the last time, or everything where the file is another one.
    pub(crate) fn refresh(&mut self, path: &Path) -> io::Result<()> {
        let print = folder::print(path)?;
        if print == self.print {
            return Ok(());
        }
        let Some(file) = folder::open(path)? else {
            *self = Self::default();
            return Ok(());
        };
        let mut reader = BufReader::with_capacity(128 * 1024, file);
        if !self.is_continued(&print, &mut reader)? {
            // Lines that were named stay named, so that a rewritten file does not tell them again.
            let bad = std::mem::take(&mut self.bad);
            *self = Self {
                bad,
                ..Self::default()
            };
        }
        reader.seek(SeekFrom::Start(self.at))?;
        self.read_on(reader)?;
        self.print = print;
        self.keep_tail(path)
    }

    fn is_continued(&self, now: &Print, reader: &mut (impl Read + Seek)) -> io::Result<bool> {
        if !now.is_the_file_of(&self.print) || now.len < self.at || now.len == self.print.len {
            return Ok(false);
        }
        let mut tail = vec![0; self.tail.len()];
        reader.seek(SeekFrom::Start(self.at - self.tail.len() as u64))?;
        reader.read_exact(&mut tail)?;
        Ok(tail == self.tail)
    }

    fn read_on(&mut self, reader: impl io::BufRead) -> io::Result<()> {
        let mut lines = Lines::from(reader, self.at);
        while let Some(line) = lines.next()? {
            let (at, len) = (line.at, line.len);
            let read = match line.text {
                Text::Whole(b"") => None,
                Text::Whole(text) => Some(answer::read(text)),
                Text::TooLong => Some(Err("it is longer than any reply".to_owned())),
                // Somebody may be writing it just now: it is taken if it is whole, and else looked
                // at again when the file has grown.
                Text::Open(text) => match answer::read(text) {
                    Ok(answer) => Some(Ok(answer)),
                    Err(_) => return Ok(()),
                },
            };
            self.at = at + len;
            self.lines += 1;
            match read {
                None => {}
                Some(Ok(answer)) => self.keep(answer.custom_id, worth(&answer.said), at, len),
                Some(Err(why)) => self.note(why),
            }
        }
        Ok(())
    }

    fn keep(&mut self, name: String, worth: Worth, at: u64, len: u64) {
        let new = Found { at, len, worth };
        match self.found.get_mut(&name) {
            None => {
                self.found.insert(name, new);
            }
            Some(old) => {
                self.repeated += 1;
                // The first counts, but anything counts for more than what is worth less.
                if worth > old.worth {
                    *old = new;
                }
            }
        }
    }

    fn note(&mut self, why: String) {
        let bad = BadLine {
            line: self.lines,
            why,
        };
        if self.bad.len() < NAMED && !self.bad.contains(&bad) {
            tracing::warn!(
                "line {} of replies.jsonl is passed over: {}",
                bad.line,
                bad.why
            );
            self.bad.push(bad);
        }
    }

    fn keep_tail(&mut self, path: &Path) -> io::Result<()> {
        let Some(mut file) = folder::open(path)? else {
            return Ok(());
        };
        let from = self.at.saturating_sub(TAIL);
        self.tail = vec![0; usize::try_from(self.at - from).expect("a tail is short")];
        file.seek(SeekFrom::Start(from))?;
        file.read_exact(&mut self.tail)
    }

    /// Reads what was said to a request.
    pub(crate) fn find(&self, path: &Path, name: &str) -> io::Result<Option<Said>> {
        let Some(found) = self.found.get(name) else {
            return Ok(None);
        };
        let Some(mut file) = folder::open(path)? else {
            return Ok(None);
        };
        file.seek(SeekFrom::Start(found.at))?;
        let mut lines = Lines::from(BufReader::new(file.take(found.len)), found.at);
        let Some(line) = lines.next()? else {
            return Ok(None);
        };
        let (Text::Whole(text) | Text::Open(text)) = line.text else {
            return Ok(None);
        };
        // The file may have been rewritten since it was looked at; then the next look will tell.
        Ok(answer::read(text)
            .ok()
            .filter(|answer| answer.custom_id == name)
            .map(|it| it.said))
    }

    /// Returns whether a request has been answered, with words or with a refusal that stands.
    pub(crate) fn answers(&self, name: &str) -> bool {
        self.found
            .get(name)
            .is_some_and(|found| found.worth > Worth::Broken)
    }

    /// Returns the names under which something was said.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.found.keys().map(String::as_str)
    }

    pub(crate) fn bad(&self) -> &[BadLine] {
        &self.bad
    }

    pub(crate) fn repeated(&self) -> u64 {
        self.repeated
    }
}

fn worth(said: &Said) -> Worth {
    match said {
        Said::Words { .. } => Worth::Words,
        Said::Refused(_) => Worth::Refused,
        Said::Garbled { .. } => Worth::Garbled,
        Said::Broken(_) => Worth::Broken,
    }
}
