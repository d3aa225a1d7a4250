//! Asks: requests to a model, frozen when first built.
//!
//! No reply is bought twice: a rerun finds the ask by what it is about, with the words that were
//! really sent, whatever it would build today.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{AskId, OwnerId, SessionId, digest};

/// What a reply cost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Usage {
    /// Tokens of the request.
    pub input_tokens: u64,
    /// Tokens of the reply.
    pub output_tokens: u64,
}

/// What is said to a model.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// What it is to do; ours alone.
    pub system: String,
    /// What it is to do it with; mostly words of others, fenced.
    pub user: String,
    /// The JSON schema that the reply must follow, for models that can promise it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schema: Option<Schema>,
    /// The reply may have so many tokens.
    pub max_output_tokens: u32,
}

/// The shape that a reply is held to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Schema {
    /// What the shape is called.
    pub name: String,
    /// The schema, as JSON text.
    pub json: String,
}

/// How a reply came to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ended {
    /// The model had said what it wanted.
    Whole,
    /// It ran out of tokens in the middle.
    Cut,
}

/// What a model said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reply {
    /// Its words.
    pub text: String,
    /// How they came to their end.
    pub ended: Ended,
    /// When they came.
    pub at: Timestamp,
    /// What they cost, as the model's server counts it.
    pub usage: Usage,
}

/// A request to a model, with its reply once there is one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ask {
    /// A digest of owner, subject, prompt and model; the request is not part of it, for what was
    /// built first is what holds.
    pub id: AskId,
    /// What it is about: `extract e12…`.
    pub about: String,
    /// The session whose words it carries, and on whose budget it goes.
    pub session: Option<SessionId>,
    /// The prompt that was filled, with its version: `extract/1`.
    pub prompt: String,
    /// The model that is asked.
    pub model: String,
    /// The request, word for word.
    pub request: Request,
    /// When it was built.
    pub asked_at: Timestamp,
    /// The reply, word for word but for secrets.
    pub reply: Option<Reply>,
}

impl Ask {
    /// Names an ask by whose it is, what it is about, and who is asked with which prompt.
    pub fn name(owner: &OwnerId, about: &str, prompt: &str, model: &str) -> AskId {
        AskId::new(digest('a', &[owner.as_str(), about, prompt, model]))
    }
}
