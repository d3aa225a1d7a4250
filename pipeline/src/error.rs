//! What can go wrong in a step and in the worker, and whether trying again may help.
//!
//! A step's error parks or postpones one job; a worker's error ends the worker.

use domain::{EpisodeId, SourceId, StoreError, Transient};
use extractors::ReadError;

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
    /// A part of the program broke while it did the work.
    #[error("the step broke off: {0}")]
    Broke(String),
}

impl Transient for StepError {
    fn is_transient(&self) -> bool {
        match self {
            Self::Store(error) => error.is_transient(),
            Self::Read(error) => error.is_transient(),
            Self::Restless(_) => true,
            Self::NoSource(_) | Self::NoEpisode(_) | Self::Broke(_) => false,
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
