//! The door to recorded transcripts: says what a file is, and reads it on from where it was left.
//!
//! Never changes a file, never waits for one, and never holds more of it than a budget allows.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io;
use std::path::Path;

use domain::{Cursor, Format, Session, Source, Transient, Turn};

mod lines;
mod sniff;
mod start;

pub(crate) use lines::{Line, Lines};
pub(crate) use start::{Start, marks};

/// How much is read in one go, so that neither memory nor a transaction grows with the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    /// After this many turns reading stops at the next prompt of the user, at twice as many anyway.
    pub turns: usize,
    /// The same for the bytes of kept text.
    pub text_bytes: usize,
    /// A longer line is passed over with a count.
    pub line_bytes: usize,
}

impl Default for Budget {
    fn default() -> Self {
        Self {
            // Writing so many holds the write lock for well under 50 ms, also among 100,000 memories.
            turns: 200,
            text_bytes: 4 << 20,
            // The longest line of 327,000 recorded ones has 2.1 MB.
            line_bytes: 8 << 20,
        }
    }
}

/// What a file turned out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sniffed {
    /// A transcript that can be read.
    Known(Format),
    /// A transcript of a kind that is not read yet, by its name.
    NotYet(&'static str),
    /// A file in which nothing stands yet.
    Empty,
    /// Something else.
    Unknown,
}

/// What one go over a source brought.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reading {
    /// The turns, in the order of the file.
    pub turns: Vec<Turn>,
    /// The runs they belong to; whoever knows the projects fills them in.
    pub sessions: Vec<Session>,
    /// Where to read on. It may move only together with the turns.
    pub cursor: Cursor,
    /// Whether something readable stands behind the cursor.
    pub more: bool,
    /// What was passed over.
    pub report: Report,
}

/// What was met and not kept, so that nothing is lost in silence.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Lines looked at.
    pub lines: u64,
    /// Bytes passed.
    pub bytes: u64,
    /// Bookkeeping lines, by their type.
    pub skipped: BTreeMap<String, u64>,
    /// Lines of types that nobody told us about, by their type.
    pub unknown: BTreeMap<String, u64>,
    /// Lines of a conversation in which nothing but noise stood.
    pub empty: u64,
    /// Lines that are no JSON, hold nothing but NULs, or nest too deep for any of it to be read.
    pub broken: u64,
    /// Where the first few of those begin.
    pub broken_at: Vec<u64>,
    /// Lines that could be read only after something invalid in them was replaced: bytes that are
    /// no text, a time that is none, an oversized name.
    pub mended: u64,
    /// Where the first few of those begin.
    pub mended_at: Vec<u64>,
    /// Lines over the cap.
    pub too_long: u64,
    /// Whether the last line is still being written; it is read when it is whole.
    pub unfinished: bool,
    /// Whether the file was begun anew, because it is not the one that the cursor knew.
    pub anew: bool,
}

impl Report {
    /// Adds what a later go over the same source reported.
    pub fn add(&mut self, later: &Self) {
        self.lines += later.lines;
        self.bytes += later.bytes;
        for (name, count) in &later.skipped {
            *self.skipped.entry(name.clone()).or_default() += count;
        }
        for (name, count) in &later.unknown {
            *self.unknown.entry(name.clone()).or_default() += count;
        }
        self.empty += later.empty;
        self.broken += later.broken;
        self.mended += later.mended;
        let places = [
            (&mut self.broken_at, &later.broken_at),
            (&mut self.mended_at, &later.mended_at),
        ];
        for (known, more) in places {
            let room = Self::PLACES.saturating_sub(known.len());
            known.extend(more.iter().take(room));
        }
        self.too_long += later.too_long;
        self.unfinished = later.unfinished;
        self.anew |= later.anew;
    }

    // Enough to look at by hand; a file of broken lines must not fill the memory.
    pub(crate) const PLACES: usize = 16;
}

/// Why a source could not be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// Nothing is there.
    #[error("{path} is not there")]
    Gone {
        /// The path.
        path: String,
    },
    /// Something is there that is no file.
    #[error("{path} is {what}, not a file")]
    NotAFile {
        /// The path.
        path: String,
        /// What it is.
        what: &'static str,
    },
    /// The file became shorter while it was read.
    #[error("{path} became shorter while it was read")]
    Shrank {
        /// The path.
        path: String,
    },
    /// The system refused.
    #[error("{path} cannot be read")]
    Io {
        /// The path.
        path: String,
        /// Why.
        #[source]
        source: io::Error,
    },
}

impl Transient for ReadError {
    fn is_transient(&self) -> bool {
        match self {
            Self::Shrank { .. } => true,
            Self::Io { source, .. } => source.kind() != io::ErrorKind::PermissionDenied,
            Self::Gone { .. } | Self::NotAFile { .. } => false,
        }
    }
}

/// Says by its content what a file is.
pub fn sniff(path: &Path) -> Result<Sniffed, ReadError> {
    let file = open(path)?;
    sniff::look(file).map_err(|source| failed(path, source))
}

/// Reads a source on from its cursor, as far as the budget goes.
pub fn read(source: &Source, budget: Budget) -> Result<Reading, ReadError> {
    let path = Path::new(&source.path);
    let file = open(path)?;
    match source.format {
        Format::ClaudeCodeJsonl => crate::claude::read(file, source, budget),
    }
    .map_err(|error| match error.kind() {
        io::ErrorKind::UnexpectedEof => ReadError::Shrank {
            path: source.path.clone(),
        },
        _ => failed(path, error),
    })
}

/// Opens a file and nothing but a file: opening a FIFO would wait for its writer.
fn open(path: &Path) -> Result<File, ReadError> {
    let meta = fs::metadata(path).map_err(|source| failed(path, source))?;
    if !meta.is_file() {
        return Err(ReadError::NotAFile {
            path: path.display().to_string(),
            what: start::what(&meta),
        });
    }
    File::open(path).map_err(|source| failed(path, source))
}

fn failed(path: &Path, source: io::Error) -> ReadError {
    let path = path.display().to_string();
    match source.kind() {
        io::ErrorKind::NotFound => ReadError::Gone { path },
        _ => ReadError::Io { path, source },
    }
}
