//! The file of a recording: one reply a line, in the order of their keys.
//!
//! Holds what was replied and by what name; the words that were asked are only in the key.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use domain::{Ask, Reply, digest};
use serde::{Deserialize, Serialize};

use crate::mailbox::replace;

/// One recorded reply.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Entry {
    key: String,
    about: String,
    prompt: String,
    model: String,
    reply: Reply,
}

/// All recorded replies, by their keys.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Tape(BTreeMap<String, Entry>);

/// A recording cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum CassetteError {
    /// The file cannot be read.
    #[error("the recording {path} cannot be read")]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// A line is no recorded reply.
    #[error("line {line} of the recording {path} is no recorded reply")]
    Line {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// Why.
        #[source]
        source: serde_json::Error,
    },
    /// Two lines reply to the same.
    #[error("line {line} of the recording {path} replies to {key} a second time")]
    Twice {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// The key.
        key: String,
    },
}

/// Returns the key under which a reply is recorded: a digest of prompt, model and request.
pub fn key(ask: &Ask) -> String {
    let request = serde_json::to_string(&ask.request).expect("text and numbers are always JSON");
    digest('k', &[&ask.prompt, &ask.model, &request])
}

impl Entry {
    pub(super) fn of(key: String, ask: &Ask, reply: Reply) -> Self {
        Self {
            key,
            about: ask.about.clone(),
            prompt: ask.prompt.clone(),
            model: ask.model.clone(),
            reply,
        }
    }
}

impl Tape {
    pub(super) fn read(path: &Path) -> Result<Self, CassetteError> {
        let text = fs::read_to_string(path).map_err(|source| CassetteError::Read {
            path: path.to_owned(),
            source,
        })?;
        let mut entries = BTreeMap::new();
        for (at, line) in text
            .lines()
            .enumerate()
            .filter(|(_, line)| !line.trim().is_empty())
        {
            let (path, line_number) = (path.to_owned(), at + 1);
            let entry: Entry =
                serde_json::from_str(line).map_err(|source| CassetteError::Line {
                    path: path.clone(),
                    line: line_number,
                    source,
                })?;
            let key = entry.key.clone();
            if entries.insert(key.clone(), entry).is_some() {
                return Err(CassetteError::Twice {
                    path,
                    line: line_number,
                    key,
                });
            }
        }
        Ok(Self(entries))
    }

    pub(super) fn find(&self, key: &str) -> Option<&Reply> {
        self.0.get(key).map(|entry| &entry.reply)
    }

    pub(super) fn keep(&mut self, entry: Entry) {
        self.0.entry(entry.key.clone()).or_insert(entry);
    }

    /// Recordings are short; writing all of one keeps its order whatever answered first.
    pub(super) fn write(&self, path: &Path) -> io::Result<()> {
        replace(path, |out| {
            self.0.values().try_for_each(|entry| {
                serde_json::to_writer(&mut *out, entry)?;
                out.write_all(b"\n")
            })
        })
    }
}
