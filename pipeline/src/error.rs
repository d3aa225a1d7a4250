//! What can go wrong in a step and in the worker, and whether trying again may help.
//!
//! A step's error parks or postpones one job; a worker's error ends the worker.

use domain::{AskId, EpisodeId, ModelError, SourceId, StoreError, Transient};
use extractors::ReadError;
use jiff::Timestamp;

/// Why a job could not be done.
#[derive(Debug, thiserror::Error)]
pub enum StepError {
    /// The store could not be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The transcript could not be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The job names a source that the store does not know.
    #[error("source {0} is not known")]
    NoSource(SourceId),
    /// The job names an episode that the store does not know.
    #[error("episode {0} is not known")]
    NoEpisode(EpisodeId),
    /// The memories that the step decided on kept moving under it.
    #[error("the memories it decided on changed {0} times while it ran")]
    Restless(u32),
    /// Something outside must happen first; that is no failure of the job.
    #[error("waits for {on}")]
    Waits {
        /// What for.
        on: String,
        /// When to look again, should nobody tell.
        again: Timestamp,
    },
    /// The model will not answer this request, or not so that it can be read.
    #[error(transparent)]
    Model(#[from] ModelError),
    /// The model answered, and nobody can make anything of it. Its words are kept with the ask.
    #[error("the reply to {ask} cannot be read: {why}")]
    Reply {
        /// The ask.
        ask: AskId,
        /// What is wrong with it.
        why: String,
    },
    /// There is no model to ask.
    #[error("no model is chosen: see llm.provider in `dormouse config`")]
    NoModel,
    /// The words belong to a project that no model reads.
    #[error("no model reads this project: `dormouse project list` shows which")]
    KeptFromModels,
    /// What the request was to show was purged while it was built.
    #[error("what it was to show a model was purged meanwhile")]
    Purged,
    /// A part of the program broke while it did the work.
    #[error("the step broke off: {0}")]
    Broke(String),
}

impl Transient for StepError {
    fn is_transient(&self) -> bool {
        match self {
            Self::Store(error) => error.is_transient(),
            Self::Read(error) => error.is_transient(),
            Self::Restless(_) | Self::Waits { .. } | Self::Purged => true,
            Self::NoSource(_)
            | Self::NoEpisode(_)
            | Self::Model(_)
            | Self::Reply { .. }
            | Self::NoModel
            | Self::KeptFromModels
            | Self::Broke(_) => false,
        }
    }
}

/// Why the worker itself stopped.
#[derive(Debug, thiserror::Error)]
pub enum WorkError {
    /// The queue could not be reached.
    #[error("the queue does not answer")]
    Queue(#[from] StoreError),
    /// The spool could not be read.
    #[error("the spool {path} cannot be read")]
    Spool {
        /// The folder.
        path: String,
        /// Why.
        #[source]
        source: std::io::Error,
    },
}
