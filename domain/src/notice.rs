//! Notices: what a hook leaves in the spool, and the worker folds in.
//!
//! A notice names an event, ids and paths; it never carries text of a conversation.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::SessionId;

/// What happened, as far as the worker cares.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Occasion {
    /// The client is about to compact, or has.
    Compaction,
    /// A turn has ended.
    Stop,
    /// The session has ended; it may end again.
    SessionEnd,
}

/// One small file in the spool.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// What happened.
    pub occasion: Occasion,
    /// In which session.
    pub session: SessionId,
    /// Where the client says that its transcript lies; it may never exist.
    pub transcript: String,
    /// The working directory.
    pub cwd: String,
    /// When.
    pub at: Timestamp,
}
