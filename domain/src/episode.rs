//! Episodes: runs of turns on one matter, cut to fit a model's window.
//!
//! An episode is never cut inside a turn, and never spans two projects.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{EpisodeId, Place, ProjectId, SessionId, TurnId, digest};

/// A run of turns on one matter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Episode {
    /// Made from the session and the first turn.
    pub id: EpisodeId,
    /// The session that it belongs to.
    pub session: SessionId,
    /// The repository of its working directory.
    pub project: Option<ProjectId>,
    /// Where it was said.
    pub place: Place,
    /// When its first turn was said.
    pub started_at: Timestamp,
    /// Its turns, in order; never empty. The first of them may be context: see [`Episode::context`].
    pub turns: Vec<TurnId>,
}

impl Episode {
    /// Names an episode by its session and its first turn.
    pub fn name(session: &SessionId, first: &TurnId) -> EpisodeId {
        EpisodeId::new(digest('e', &[session.as_str(), first.as_str()]))
    }

    /// Returns the turns before its first own: the last words of the episode before, shown so that what
    /// follows can be understood. The episode is named after its first own turn.
    pub fn context(&self) -> &[TurnId] {
        let is_own = |turn: &TurnId| Self::name(&self.session, turn) == self.id;
        let own = self.turns.iter().position(is_own).unwrap_or(0);
        &self.turns[..own]
    }
}
