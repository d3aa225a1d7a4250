//! What it takes to take a run back, or why it cannot be done.
//!
//! Reads and holds rows; writes nothing.

use std::collections::{BTreeMap, BTreeSet};

use domain::{Memory, MemoryId, Run, RunId, StoreError, TenantId};

use super::Undoing;
use crate::engine::{Row, Tx, sql, values};
use crate::write::memories;
use crate::write::state::{MemoryRow, State, What};
use crate::{Store, models, projects, rows};

sql! {
    RUN in "runs": "SELECT * FROM runs WHERE tenant = $1 AND owner = $2 AND id = $3";
    /// The plus keeps SQLite from reading the whole journal in its order, rather than one run of it.
    ENTRIES in "journal":
        "SELECT seq, what, id, memory, was FROM journal WHERE tenant = $1 AND run = $2 ORDER BY +seq";
    /// The last run in force that, after ours, wrote the same rows or leaned on a memory that we made.
    /// Runs that were taken back and the undos that did it cancel each other out.
    LATER in "journal":
        "SELECT MAX(later.run) AS run FROM journal AS later
         JOIN runs ON runs.tenant = later.tenant AND runs.id = later.run
         WHERE later.tenant = $1 AND later.run <> $2
           AND runs.undone_by IS NULL AND runs.undoes IS NULL
           AND (EXISTS (SELECT 1 FROM journal AS ours
                    WHERE ours.tenant = later.tenant AND ours.run = $2 AND ours.seq < later.seq
                      AND ours.what = later.what AND ours.id = later.id)
             OR EXISTS (SELECT 1 FROM journal AS ours
                    WHERE ours.tenant = later.tenant AND ours.run = $2 AND ours.seq < later.seq
                      AND ours.what = 'memory' AND ours.was IS NULL
                      AND ours.id IN (later.memory, later.other)))
           AND later.seq > $3";
    CUT in "episodes":
        "SELECT id FROM episodes
         WHERE tenant = $1
           AND (barred_by = $2 OR barred_by IS NULL AND (cut_by = $2 OR extracted_by = $2)) LIMIT 1";
}

/// A run and everything that it wrote, each row as it stood before.
pub(crate) struct Plan {
    pub(crate) run: Run,
    /// By table and name; `None`: there was no such row.
    pub(crate) before: BTreeMap<(What, String), Option<State>>,
    /// The memories among them, as they stand now.
    pub(crate) memories: BTreeMap<MemoryId, MemoryRow>,
    links: BTreeSet<MemoryId>,
    merged: usize,
    models: usize,
}

impl Plan {
    /// Looks at a run's journal and at what came after it.
    pub(crate) async fn of(tx: &mut Tx, store: &Store, id: RunId) -> Result<Self, StoreError> {
        let tenant = &store.who.tenant;
        let row = tx
            .first(RUN, &values![tenant, &store.who.owner, id])
            .await?;
        let row = row.ok_or_else(|| refused(format!("there is no run {id}")))?;
        let run = rows::run(&row)?;
        if let Some(by) = run.undone_by {
            return Err(refused(format!(
                "run {id} was taken back already, by run {by}"
            )));
        }
        let entries = tx.all(ENTRIES, &values![tenant, id]).await?;
        if entries.is_empty() {
            refuse_empty(tx, tenant, id, row.int("entries")?).await?;
        }
        let mut before = BTreeMap::new();
        let mut links = BTreeSet::new();
        let (mut merged, mut models) = (0, 0);
        for entry in &entries {
            // What is said of projects is taken back where it was said.
            match entry.text("what")?.as_str() {
                projects::WHAT => {
                    merged += 1;
                    continue;
                }
                models::WHAT => {
                    models += 1;
                    continue;
                }
                _ => {}
            }
            let what = entry.word("what", What::from_word)?;
            if what == What::Link {
                links.extend(entry.text_or_none("memory")?.map(MemoryId::new));
            }
            // The first entry of a row tells how it stood before the run.
            before
                .entry((what, entry.text("id")?))
                .or_insert(was(entry)?);
        }
        let ids = before.keys().filter(|(what, _)| *what == What::Memory);
        let ids = ids.map(|(_, id)| MemoryId::new(id.as_str())).collect();
        let memories = memories::known(tx, tenant, &ids).await?;
        refuse_overtaken(tx, tenant, id, entries.first()).await?;
        Ok(Self {
            run,
            before,
            memories,
            links,
            merged,
            models,
        })
    }

    /// Returns the plan as it is shown.
    pub(crate) fn shown(&self) -> Undoing {
        let count = |of: What| self.before.keys().filter(|(what, _)| *what == of).count();
        Undoing {
            run: self.run.clone(),
            removed: self.removed().map(|row| row.memory.clone()).collect(),
            restored: self.restored().collect(),
            evidence: count(What::Evidence),
            beliefs: count(What::Belief),
            links: self.links.iter().cloned().collect(),
            projects: self.merged,
            models: self.models,
        }
    }

    fn removed(&self) -> impl Iterator<Item = &MemoryRow> {
        self.memories.values().filter(|row| {
            let key = (What::Memory, row.memory.id.to_string());
            matches!(self.before.get(&key), Some(None))
        })
    }

    fn restored(&self) -> impl Iterator<Item = Memory> {
        self.before.values().filter_map(|was| match was {
            Some(State::Memory(row)) => Some(row.memory.clone()),
            _ => None,
        })
    }
}

fn was(entry: &Row) -> Result<Option<State>, StoreError> {
    match entry.text_or_none("was")? {
        None => Ok(None),
        Some(_) => entry.json("was").map(Some),
    }
}

async fn refuse_empty(
    tx: &mut Tx,
    tenant: &TenantId,
    id: RunId,
    written: i64,
) -> Result<(), StoreError> {
    if written > 0 {
        return Err(refused(format!(
            "the journal no longer reaches back to run {id}"
        )));
    }
    match tx.first(CUT, &values![tenant, id]).await? {
        // It wrote no memory yet, but it cut episodes: those shall not be looked at. Or it is the undo of
        // such a run, and they may be looked at again.
        Some(_) => Ok(()),
        None => Err(refused(format!(
            "run {id} wrote nothing that can be taken back"
        ))),
    }
}

async fn refuse_overtaken(
    tx: &mut Tx,
    tenant: &TenantId,
    id: RunId,
    first: Option<&Row>,
) -> Result<(), StoreError> {
    let Some(first) = first else {
        return Ok(());
    };
    let values = values![tenant, id, first.int("seq")?];
    let later = tx.first(LATER, &values).await?;
    let later = later.map_or(Ok(None), |row| row.int_or_none("run"))?;
    match later.map(RunId) {
        Some(later) => Err(refused(format!(
            "run {id} cannot be taken back: run {later} changed the same memories later; take back {later} first"
        ))),
        None => Ok(()),
    }
}

fn refused(why: String) -> StoreError {
    StoreError::Refused(why)
}
