//! Asks: requests to a model, frozen when first built.
//!
//! No reply is bought twice: a rerun finds the ask by the digest of what it would ask.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{AskId, digest};

/// What a reply cost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Usage {
    /// Tokens of the request.
    pub input_tokens: u64,
    /// Tokens of the reply.
    pub output_tokens: u64,
}

/// A request to a model, with its reply once there is one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ask {
    /// A digest of model, prompt version and request.
    pub id: AskId,
    /// The prompt that was filled, with its version: `extract/1`.
    pub prompt: String,
    /// The model that is asked.
    pub model: String,
    /// The request, word for word.
    pub request: String,
    /// When it was built.
    pub asked_at: Timestamp,
    /// The reply, word for word.
    pub reply: Option<String>,
    /// When the reply came.
    pub answered_at: Option<Timestamp>,
    /// What it cost.
    pub usage: Usage,
}

impl Ask {
    /// Names an ask by everything that decides its reply.
    pub fn name(prompt: &str, model: &str, request: &str) -> AskId {
        AskId::new(digest('a', &[prompt, model, request]))
    }
}
