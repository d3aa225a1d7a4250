//! Changes: everything that a job or a person wants written, as one value.
//!
//! It is printed for a dry run, compared in tests, and applied all or not at all.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    BeliefEvent, Cursor, Episode, Evidence, Job, Link, Memory, MemoryId, Project, Revision,
    Session, Source, SourceId, Turn,
};

/// A memory at birth, with what it rests on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewMemory {
    /// The row.
    pub memory: Memory,
    /// Its evidence; empty only where a person or an agent wrote it down.
    pub evidence: Vec<Evidence>,
}

/// A job to do afterwards, in the same run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NextJob {
    /// The work.
    pub job: Job,
    /// Not before this.
    pub due: Timestamp,
}

/// Everything to be written, in one transaction. The default is nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changes {
    /// When it was decided.
    pub at: Timestamp,
    /// The memories it was decided on: if one has moved, nothing is written.
    pub read: Vec<(MemoryId, Revision)>,
    /// Projects that were seen, each with the aliases under which it was seen.
    pub projects: Vec<Project>,
    /// Sources that were found; those known already stay as they are.
    pub sources: Vec<Source>,
    /// How far a source has now been read.
    pub cursor: Option<(SourceId, Cursor)>,
    /// Sessions that were seen; their span only ever grows.
    pub sessions: Vec<Session>,
    /// Turns to archive; those known already only gain the session.
    pub turns: Vec<Turn>,
    /// Episodes that were cut.
    pub episodes: Vec<Episode>,
    /// Memories that are new.
    pub saved: Vec<NewMemory>,
    /// Memories whose row changes: each as it shall be, one revision on.
    pub updated: Vec<Memory>,
    /// Evidence that existing memories gain.
    pub evidence: Vec<(MemoryId, Evidence)>,
    /// Events for and against.
    pub beliefs: Vec<BeliefEvent>,
    /// Links that begin, or that end (`ended_at` is set).
    pub links: Vec<Link>,
    /// What is to be done next.
    pub next: Vec<NextJob>,
    /// What a person should hear of it, such as lines that could not be read. Not stored.
    pub notes: Vec<String>,
}

impl Changes {
    /// Returns nothing to write, decided at this instant.
    pub fn at(at: Timestamp) -> Self {
        Self {
            at,
            ..Self::default()
        }
    }
}
