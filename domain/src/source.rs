//! Sources: files we read, and how far we have read them.
//!
//! A cursor moves only in the transaction that stores what it passed.

use serde::{Deserialize, Serialize};

use crate::{SourceId, TurnId, digest};

/// A transcript's shape, told by its content and never by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Format {
    /// Claude Code's JSON lines.
    ClaudeCodeJsonl,
}

impl Format {
    /// Returns the word that is stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ClaudeCodeJsonl => "claude-code-jsonl",
        }
    }

    /// Returns the format that a stored word names.
    pub fn from_word(word: &str) -> Option<Self> {
        (word == Self::ClaudeCodeJsonl.as_str()).then_some(Self::ClaudeCodeJsonl)
    }
}

/// A file that we read, and how far.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// Made from the path.
    pub id: SourceId,
    /// Where it lies, absolute.
    pub path: String,
    /// What is in it.
    pub format: Format,
    /// How far it has been read.
    pub cursor: Cursor,
}

impl Source {
    /// Names a source that has not been read yet.
    pub fn unread(path: impl Into<String>, format: Format) -> Self {
        let path = path.into();
        let id = SourceId::new(digest('s', &[&path]));
        Self {
            id,
            path,
            format,
            cursor: Cursor::default(),
        }
    }
}

/// How far a source has been read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    /// Bytes passed: always the start of a line.
    pub offset: u64,
    /// The last turn taken, to recognise the place after a rewrite.
    pub last: Option<TurnId>,
    /// A digest of the first bytes: another file under the same path is read anew.
    pub head: Option<String>,
    /// What the reader must remember over the gap, in its own words. Redacted like any text.
    pub carry: Option<String>,
}
