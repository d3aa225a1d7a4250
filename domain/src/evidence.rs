//! Evidence: the words that a claim rests on, and who said them.
//!
//! A quote stands here as it was said; whether it really was, the extractors check.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{EvidenceId, Lesson, MemoryId, SessionId, Slot, Speaker, TurnId, digest};

/// A verbatim quote from a named turn.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// The session in which the turn was first read: evidence counts once, there.
    pub session: SessionId,
    /// The turn that is quoted.
    pub turn: TurnId,
    /// Its words.
    pub quote: String,
    /// Who said them.
    pub said_by: Speaker,
    /// When.
    pub at: Timestamp,
    /// On which git branch.
    pub branch: Option<String>,
}

impl Evidence {
    /// Names this evidence for a memory: the same quote twice is one.
    pub fn id(&self, memory: &MemoryId) -> EvidenceId {
        EvidenceId::new(digest(
            'v',
            &[memory.as_str(), self.turn.as_str(), &self.quote],
        ))
    }
}

/// A lesson with its evidence, before we know whether it is new.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Candidate {
    /// What is claimed.
    pub lesson: Lesson,
    /// The subject area, `general` where nothing better is known.
    pub domain: String,
    /// The slot that it fills, where it gives something a value.
    pub slot: Option<Slot>,
    /// Whose claim it is: the user's own rule, or the assistant's or a tool's finding.
    pub asserted_by: Speaker,
    /// What it rests on; never empty for an extracted candidate.
    pub evidence: Vec<Evidence>,
}
