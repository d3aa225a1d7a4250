//! Memories that are born and memories whose row changes.
//!
//! A memory that exists is never born again: what has become of it stands. One that was taken back may
//! be, but no revision of it is used twice.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use domain::{Memory, MemoryId, NewMemory, StoreError, TenantId};

use super::journal::{Entry, Past};
use super::refuse::Gone;
use super::state::{MemoryRow, State, What, add_memories, set_memories};
use super::{Hand, Notes, list};
use crate::engine::{Tx, sql, values};

sql! {
    /// On a server the rows are held until the end, always in the same order.
    KNOWN in "memories":
        "SELECT * FROM memories
         WHERE tenant = $1 AND id IN (SELECT value FROM json_each($2)) ORDER BY id",
        postgres:
        "SELECT * FROM memories
         WHERE tenant = $1 AND id IN (SELECT value FROM json_each($2)) ORDER BY id FOR UPDATE";
}

/// Returns those of these memories that stand in the store, and holds them against other writers.
pub(crate) async fn known(
    tx: &mut Tx,
    tenant: &TenantId,
    ids: &BTreeSet<MemoryId>,
) -> Result<BTreeMap<MemoryId, MemoryRow>, StoreError> {
    if ids.is_empty() {
        return Ok(BTreeMap::new());
    }
    let ids = list(ids.iter().map(MemoryId::as_str));
    let mut known = BTreeMap::new();
    for row in tx.all(KNOWN, &values![tenant, ids]).await? {
        let row = MemoryRow::read(&row)?;
        known.insert(row.memory.id.clone(), row);
    }
    Ok(known)
}

/// Inserts the memories that are new.
pub(crate) async fn save(
    tx: &mut Tx,
    hand: &Hand,
    saved: &[NewMemory],
    known: &BTreeMap<MemoryId, MemoryRow>,
    gone: &Gone,
    notes: &mut Notes,
) -> Result<(), StoreError> {
    let rows: Vec<MemoryRow> = saved
        .iter()
        .filter(|new| !gone.new_memory(new) && !known.contains_key(&new.memory.id))
        .map(|new| {
            let mut row = row(hand, &new.memory);
            if let Some(last) = notes.reached.revision(&new.memory.id) {
                row.memory.revision = last.next();
            }
            row
        })
        .collect();
    let added: HashSet<String> = add_memories(tx, &hand.tenant, &rows)
        .await?
        .into_iter()
        .collect();
    for row in rows
        .iter()
        .filter(|row| added.contains(row.memory.id.as_str()))
    {
        notes.born(row);
    }
    Ok(())
}

/// Writes the rows that change; that each is one revision on has been seen to.
pub(crate) async fn update(
    tx: &mut Tx,
    hand: &Hand,
    updated: &[Memory],
    known: &BTreeMap<MemoryId, MemoryRow>,
    gone: &Gone,
    notes: &mut Notes,
) -> Result<(), StoreError> {
    let updated: BTreeMap<&MemoryId, &Memory> = updated
        .iter()
        .filter(|memory| !gone.memory(&memory.id))
        .map(|memory| (&memory.id, memory))
        .collect();
    let rows: Vec<MemoryRow> = updated.values().map(|memory| row(hand, memory)).collect();
    set_memories(tx, &hand.tenant, &rows).await?;
    for row in &rows {
        let was = known.get(&row.memory.id).cloned();
        notes.changed(was, row);
    }
    Ok(())
}

fn row(hand: &Hand, memory: &Memory) -> MemoryRow {
    MemoryRow {
        memory: memory.clone(),
        run: hand.run,
    }
}

impl Notes {
    fn born(&mut self, row: &MemoryRow) {
        self.changed(None, row);
    }

    fn changed(&mut self, was: Option<MemoryRow>, row: &MemoryRow) {
        let id = &row.memory.id;
        self.touched.insert(id.clone());
        self.past.push(Past::of(&row.memory));
        self.entries.push(Entry {
            what: What::Memory,
            id: id.to_string(),
            memory: id.clone(),
            other: None,
            was: was.map(|was| State::Memory(Box::new(was))),
        });
    }
}
