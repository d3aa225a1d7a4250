//! Sessions: one run of an agent.
//!
//! Only what is known of the run itself; what was said in it are turns.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{ProjectId, SessionId};

/// The program whose transcript this is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Agent {
    /// Anthropic's Claude Code.
    ClaudeCode,
}

impl Agent {
    /// Returns the word that is stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ClaudeCode => "claude-code",
        }
    }

    /// Returns the agent that a stored word names.
    pub fn from_word(word: &str) -> Option<Self> {
        (word == Self::ClaudeCode.as_str()).then_some(Self::ClaudeCode)
    }
}

/// One run of an agent, as far as it has been read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// The agent's own name for it.
    pub id: SessionId,
    /// Who ran.
    pub agent: Agent,
    /// Where it began; its episodes may lie elsewhere.
    pub project: Option<ProjectId>,
    /// The first instant seen. Reading more moves it back, never forward.
    pub started_at: Timestamp,
    /// The last instant seen. Reading more moves it forward, never back.
    pub ended_at: Timestamp,
}
