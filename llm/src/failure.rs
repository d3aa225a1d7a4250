//! What can go wrong between us and a model, before anyone is told.
//!
//! Its words come from the server as they were; `words::clean` makes them fit to be read.

use std::time::Duration;

use domain::{ModelError, Sent};
use secrecy::SecretString;

use crate::words;

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
        /// How far the request came.
        sent: Sent,
    },
    /// Nothing will be answered until a person does something.
    #[error("{why}")]
    Shut {
        /// What, and what to do.
        why: String,
        /// How far the request came.
        sent: Sent,
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

impl Failure {
    /// Returns the same, of a request that has been sent in vain before.
    pub(crate) fn after_a_try(self) -> Self {
        match self {
            Self::Shut { why, sent } => Self::Shut {
                why,
                sent: sent.max(Sent::Unheard),
            },
            other => other,
        }
    }

    /// Turns it into what the house is told: without secrets, and with what to do about a key.
    pub(crate) fn told(
        self,
        host: &str,
        key: Option<&SecretString>,
        key_advice: &str,
        redact: fn(&str) -> String,
    ) -> ModelError {
        let host = host.to_owned();
        let clean = |text: &str| words::why(text, key, redact);
        match self {
            Self::Down { why, again, sent } => ModelError::Down {
                host,
                why: clean(&why),
                again,
                sent,
            },
            Self::Shut { why, sent } => ModelError::Shut {
                host,
                why: clean(&why),
                sent,
            },
            Self::KeyRefused { why } => ModelError::Shut {
                host,
                why: format!("{}. {key_advice}", clean(&why)),
                sent: Sent::Unheard,
            },
            Self::Refused { why } | Self::Unable { why, .. } => ModelError::Refused {
                host,
                why: clean(&why),
            },
            Self::Garbled { why, raw } => ModelError::Garbled {
                host,
                why: clean(&why),
                raw: words::raw(&raw, key, redact),
            },
        }
    }
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
