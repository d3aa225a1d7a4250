//! What can go wrong between us and a model, before anyone is told.
//!
//! Its words come from the server as they were; `words::clean` makes them fit to be read.

use std::time::Duration;

/// Why there is no reply.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// It cannot answer now.
    #[error("{why}")]
    Down {
        /// What it said.
        why: String,
        /// When it wants to be asked again.
        again: Option<Duration>,
        /// Whether somebody may have worked on the request.
        sent: bool,
    },
    /// Nothing will be answered until a person does something.
    #[error("{why}")]
    Shut {
        /// What, and what to do.
        why: String,
    },
    /// The key was not accepted.
    #[error("{why}")]
    KeyRefused {
        /// What it said.
        why: String,
    },
    /// This request is not answered.
    #[error("{why}")]
    Refused {
        /// What it said.
        why: String,
    },
    /// It does not know a part of the request, and may answer without it.
    #[error("{why}")]
    Unable {
        /// The part.
        part: Part,
        /// What it said.
        why: String,
    },
    /// What came is no reply.
    #[error("{why}")]
    Garbled {
        /// What is wrong with it.
        why: String,
        /// How it begins.
        raw: String,
    },
}

/// A part of a request that not every server knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// How freely it speaks.
    Temperature,
    /// The name of the limit of tokens.
    TokenLimit,
    /// The shape of the reply.
    Shape,
    /// The role of who says what it is to do.
    SystemRole,
    /// The wish that nothing be stored.
    Store,
}
