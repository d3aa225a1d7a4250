//! What is not written: what was decided on rows that have moved, and what was purged for good.
//!
//! Writes nothing.

use std::collections::{BTreeMap, BTreeSet};

use domain::{Changes, Evidence, MemoryId, NewMemory, Revision, StoreError, TenantId, Turn};

use super::list;
use super::state::MemoryRow;
use crate::engine::{Tx, sql, values};

sql! {
    PURGED in "tombstones":
        "SELECT id FROM tombstones
         WHERE tenant = $1 AND kind = $2 AND id IN (SELECT value FROM json_each($3))";
}

/// What of a `Changes` was purged, by name.
#[derive(Debug, Default)]
pub(crate) struct Gone {
    turns: BTreeSet<String>,
    memories: BTreeSet<String>,
    evidence: BTreeSet<String>,
    lessons: BTreeSet<String>,
}

impl Gone {
    /// Looks up every name that the changes bring, and the fingerprints of the lessons that are new.
    pub(crate) async fn of(
        tx: &mut Tx,
        tenant: &TenantId,
        changes: &Changes,
        fingerprints: &[String],
    ) -> Result<Self, StoreError> {
        let turns = changes.turns.iter().map(|turn| turn.id.as_str());
        let quoted = evidence_of(changes).map(|(_, evidence)| evidence.turn.as_str());
        let evidence = evidence_of(changes).map(|(memory, evidence)| evidence.id(memory));
        let evidence: Vec<String> = evidence.map(|id| id.to_string()).collect();
        let memories = memories_of(changes);
        Ok(Self {
            turns: purged(tx, tenant, "turn", list(turns.chain(quoted))).await?,
            memories: purged(
                tx,
                tenant,
                "memory",
                list(memories.iter().map(MemoryId::as_str)),
            )
            .await?,
            evidence: purged(tx, tenant, "evidence", list(&evidence)).await?,
            lessons: purged(tx, tenant, "lesson", list(fingerprints)).await?,
        })
    }

    pub(crate) fn turn(&self, id: &str) -> bool {
        self.turns.contains(id)
    }

    /// Returns whether there are turns, and all of them are gone.
    pub(crate) fn all<'a>(&self, turns: impl IntoIterator<Item = &'a Turn>) -> bool {
        let mut turns = turns.into_iter().peekable();
        turns.peek().is_some() && turns.all(|turn| self.turn(turn.id.as_str()))
    }

    pub(crate) fn memory(&self, id: &MemoryId) -> bool {
        self.memories.contains(id.as_str())
    }

    /// A quote is gone with its turn.
    pub(crate) fn evidence(&self, memory: &MemoryId, evidence: &Evidence) -> bool {
        self.memory(memory)
            || self.turn(evidence.turn.as_str())
            || self.evidence.contains(evidence.id(memory).as_str())
    }

    /// Most often nothing was purged, and then nobody waits for a fingerprint.
    fn lesson(&self, new: &NewMemory) -> bool {
        !self.lessons.is_empty() && self.lessons.contains(&new.memory.lesson.fingerprint())
    }

    /// A memory is gone by its own name, or with the last of its quotes. Words that were purged may be
    /// written down by a person again, but are not extracted again from whatever else says them.
    pub(crate) fn new_memory(&self, new: &NewMemory) -> bool {
        let id = &new.memory.id;
        let quotes = &new.evidence;
        self.memory(id)
            || (!quotes.is_empty()
                && (self.lesson(new) || quotes.iter().all(|quote| self.evidence(id, quote))))
    }
}

async fn purged(
    tx: &mut Tx,
    tenant: &TenantId,
    kind: &'static str,
    ids: String,
) -> Result<BTreeSet<String>, StoreError> {
    if ids == "[]" {
        return Ok(BTreeSet::new());
    }
    let rows = tx.all(PURGED, &values![tenant, kind, ids]).await?;
    rows.iter().map(|row| row.text("id")).collect()
}

/// Returns every memory that the changes name.
pub(crate) fn memories_of(changes: &Changes) -> BTreeSet<MemoryId> {
    let read = changes.read.iter().map(|(id, _)| id);
    let saved = changes.saved.iter().map(|new| &new.memory.id);
    let updated = changes.updated.iter().map(|memory| &memory.id);
    let evidence = changes.evidence.iter().map(|(id, _)| id);
    let beliefs = changes.beliefs.iter().map(|event| &event.memory);
    let from = changes.links.iter().map(|link| &link.from);
    let to = changes.links.iter().filter_map(|link| link.to.as_ref());
    read.chain(saved)
        .chain(updated)
        .chain(evidence)
        .chain(beliefs)
        .chain(from)
        .chain(to)
        .cloned()
        .collect()
}

fn evidence_of(changes: &Changes) -> impl Iterator<Item = (&MemoryId, &Evidence)> {
    let born = changes.saved.iter().flat_map(|new| {
        let id = &new.memory.id;
        new.evidence.iter().map(move |evidence| (id, evidence))
    });
    let gained = changes.evidence.iter().map(|(id, evidence)| (id, evidence));
    born.chain(gained)
}

/// Returns the memories that are not as the changes take them to be.
pub(crate) fn stale(
    changes: &Changes,
    known: &BTreeMap<MemoryId, MemoryRow>,
    gone: &Gone,
) -> Vec<MemoryId> {
    let stands = |id: &MemoryId| known.get(id).map(|row| row.memory.revision);
    let moved = changes
        .read
        .iter()
        .filter(|(id, read)| stands(id) != Some(*read))
        .map(|(id, _)| id);
    let overtaken = changes
        .updated
        .iter()
        .filter(|new| !gone.memory(&new.id))
        .filter(|new| stands(&new.id).map(Revision::next) != Some(new.revision))
        .map(|new| &new.id);
    let born: BTreeSet<&MemoryId> = changes.saved.iter().map(|new| &new.memory.id).collect();
    let named = memories_of(changes);
    let missing = named
        .iter()
        .filter(|id| !known.contains_key(id) && !born.contains(id) && !gone.memory(id));
    let stale: BTreeSet<&MemoryId> = moved.chain(overtaken).chain(missing).collect();
    stale.into_iter().cloned().collect()
}
