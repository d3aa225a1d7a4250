//! Jobs and runs: work that survives a crash, and what it caused.
//!
//! A job names its work and nothing else, so that the same work waiting twice is one job.

use serde::{Deserialize, Serialize};

use jiff::Timestamp;

use crate::{EpisodeId, JobId, MemoryId, OwnerId, ProjectId, RunId, SourceId};

/// A piece of work.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "job", rename_all = "kebab-case")]
pub enum Job {
    /// Read a source on from its cursor.
    Ingest {
        /// The source.
        source: SourceId,
    },
    /// Look for lessons in an episode.
    Extract {
        /// The episode.
        episode: EpisodeId,
        /// Its project: memories of one project are written by one job at a time.
        project: Option<ProjectId>,
    },
    /// Take what the user laid down in so many words out of an episode that a model is to read as well:
    /// that waits for no model.
    Heed {
        /// The episode.
        episode: EpisodeId,
        /// Its project.
        project: Option<ProjectId>,
    },
    /// The night's first work: read on whatever grew since it was last read.
    Sweep,
}

impl Job {
    /// Returns the word for this kind of work.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Ingest { .. } => "ingest",
            Self::Extract { .. } => "extract",
            Self::Heed { .. } => "heed",
            Self::Sweep => "sweep",
        }
    }

    /// Returns the lane: of the jobs in one lane, one runs at a time.
    pub fn lane(&self) -> String {
        match self {
            Self::Ingest { source } => format!("source {source}"),
            Self::Extract {
                project: Some(project),
                ..
            }
            | Self::Heed {
                project: Some(project),
                ..
            } => format!("project {project}"),
            Self::Extract { project: None, .. } | Self::Heed { project: None, .. } => {
                "no project".to_owned()
            }
            Self::Sweep => "night".to_owned(),
        }
    }

    /// Returns the episode that is looked at for lessons, if one is.
    pub fn episode(&self) -> Option<&EpisodeId> {
        match self {
            Self::Extract { episode, .. } | Self::Heed { episode, .. } => Some(episode),
            Self::Ingest { .. } | Self::Sweep => None,
        }
    }
}

/// A job that is ours until its lease ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claimed {
    /// Its number.
    pub id: JobId,
    /// The run that it belongs to.
    pub run: RunId,
    /// For whom it is done.
    pub owner: OwnerId,
    /// The work.
    pub job: Job,
    /// How often it was tried before.
    pub attempts: u32,
    /// Counts the claims: a worker whose lease ran out holds an old number, and its writes are refused.
    pub claim: i64,
}

/// What became of a `finish` or an `apply`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finished {
    /// Everything is written.
    Done {
        /// The run that it belongs to.
        run: RunId,
        /// What was new in it.
        wrote: Wrote,
    },
    /// Nothing is written: these memories have moved since they were read.
    Stale(Vec<MemoryId>),
    /// Nothing is written: the lease ran out and the job is no longer ours.
    Lost,
}

impl Finished {
    /// Returns the run in which everything is written, if it is.
    pub fn run(&self) -> Option<RunId> {
        match self {
            Self::Done { run, .. } => Some(*run),
            Self::Stale(_) | Self::Lost => None,
        }
    }
}

/// What was really written: what was known already, or was purged for good, is not counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wrote {
    /// Turns that were not archived before.
    pub turns: usize,
    /// Memories that are new and not in quarantine.
    pub memories: usize,
    /// Memories that are new, and in quarantine.
    pub quarantined: usize,
    /// Memories that were known and gained evidence.
    pub supported: usize,
}

/// Who wants a thing written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Author {
    /// The worker, by one of its jobs.
    Worker,
    /// The person, by a command: the verb says which.
    Person(String),
}

impl Author {
    /// Returns the word for what was done: a job's kind or a command's verb.
    pub fn verb<'a>(&'a self, job: &'a str) -> &'a str {
        match self {
            Self::Worker => job,
            Self::Person(verb) => verb,
        }
    }
}

/// A job and the jobs it caused, or one command of a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Run {
    /// Its number.
    pub id: RunId,
    /// What began it: a job's kind or a command's verb.
    pub verb: String,
    /// For whom.
    pub owner: OwnerId,
    /// When it began.
    pub started_at: Timestamp,
    /// When it last wrote something.
    pub wrote_at: Option<Timestamp>,
    /// The run that took it back.
    pub undone_by: Option<RunId>,
}
