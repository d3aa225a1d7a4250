//! Memories: lessons that we hold, and how they are shown with all that belongs to them.
//!
//! A memory is the row; a record is the row with its evidence, belief and standing read beside it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    Belief, Evidence, Lesson, MemoryId, OwnerId, ProjectId, Scope, Slot, Speaker, Standing, digest,
    xml,
};

/// Counts the changes of a memory's row; a writer says which one it read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Revision(pub i64);

impl Revision {
    /// The revision of a memory at birth.
    pub const FIRST: Self = Self(1);

    /// Returns the revision after this one.
    pub fn next(self) -> Self {
        Self(self.0 + 1)
    }
}

/// When a lesson is true in the world.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Validity {
    /// True from here.
    #[serde(rename = "valid_from")]
    pub from: Timestamp,
    /// True until here; `None` is true still.
    #[serde(rename = "valid_to")]
    pub to: Option<Timestamp>,
}

/// A lesson that we hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Memory {
    /// Its name for ever.
    pub id: MemoryId,
    /// Whose it is.
    pub owner: OwnerId,
    /// The repository that it belongs to; `None` in the user's scope.
    pub project: Option<ProjectId>,
    /// What it says.
    pub lesson: Lesson,
    /// The subject area.
    pub domain: String,
    /// The slot that it fills, where it gives something a value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slot: Option<Slot>,
    /// Words that a person put on it.
    pub tags: Vec<String>,
    /// Whose claim it is.
    pub asserted_by: Speaker,
    /// Whether a person wants it always in sight.
    pub pinned: bool,
    /// When it is true in the world.
    #[serde(flatten)]
    pub validity: Validity,
    /// When we took it in.
    pub recorded_at: Timestamp,
    /// When we stopped holding it.
    pub retired_at: Option<Timestamp>,
    /// When it was last said or shown.
    pub seen_at: Timestamp,
    /// How often the row has changed.
    pub revision: Revision,
}

impl Memory {
    /// Names a memory by its owner, its project, its first evidence and its XML at birth.
    pub fn name(
        owner: &OwnerId,
        project: Option<&ProjectId>,
        first_evidence: &str,
        lesson: &Lesson,
    ) -> MemoryId {
        let project = project.map_or("", ProjectId::as_str);
        MemoryId::new(digest(
            'm',
            &[owner.as_str(), project, first_evidence, &xml::write(lesson)],
        ))
    }

    /// Returns the text under which it is found: what it says, and the words put on it.
    pub fn searchable(&self) -> String {
        let mut text = self.lesson.text();
        for word in std::iter::once(&self.domain).chain(&self.tags) {
            text.push('\n');
            text.push_str(word);
        }
        text
    }

    /// Returns whether the owner alone may see it.
    pub fn is_private(&self) -> bool {
        self.lesson.scope == Scope::User
    }
}

/// A memory with everything that is known of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// The row.
    pub memory: Memory,
    /// What it rests on, oldest first.
    pub evidence: Vec<Evidence>,
    /// What speaks for and against it.
    pub belief: Belief,
    /// How it stands.
    pub standing: Standing,
}
