//! The journal and the history: what each run did, and every state that a memory's row ever had.
//!
//! The journal is for taking back and is kept for a while; the history is for reading and stays.

use std::collections::HashMap;

use domain::{Memory, MemoryId, Revision, StoreError, TenantId};

use super::former;
use super::state::{State, What};
use super::{Hand, list};
use crate::engine::{Tx, Value, batch, sql, values};

/// One row that a run wrote, as it was before.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) what: What,
    pub(crate) id: String,
    /// The memory that the row belongs to.
    pub(crate) memory: MemoryId,
    /// The memory at a link's far end.
    pub(crate) other: Option<MemoryId>,
    /// `None`: there was no such row.
    pub(crate) was: Option<State>,
}

/// One state for the history.
#[derive(Clone, Debug)]
pub(crate) struct Past {
    memory: MemoryId,
    revision: Revision,
    body: Option<String>,
}

impl Past {
    /// The row as it is now.
    pub(crate) fn of(memory: &Memory) -> Self {
        Self {
            memory: memory.id.clone(),
            revision: memory.revision,
            body: Some(serde_json::to_string(memory).expect("a memory is plain text and words")),
        }
    }

    /// The row is there no more.
    pub(crate) fn removed(memory: &Memory) -> Self {
        Self {
            body: None,
            ..Self::of(memory)
        }
    }
}

/// How far each of some memories has come in the history.
#[derive(Debug, Default)]
pub(crate) struct Reached(HashMap<String, (i64, Revision)>);

impl Reached {
    /// Looks up memories; whether they stand today makes no difference.
    pub(crate) async fn of<T: AsRef<str>>(
        tx: &mut Tx,
        tenant: &TenantId,
        memories: impl IntoIterator<Item = T>,
    ) -> Result<Self, StoreError> {
        let ids = list(memories);
        let mut reached = HashMap::new();
        if ids != "[]" {
            for row in tx.all(REACHED, &values![tenant, ids]).await? {
                let to = (row.int("number")?, Revision(row.int("revision")?));
                reached.insert(row.text("memory")?, to);
            }
        }
        Ok(Self(reached))
    }

    /// Returns the highest revision that a memory ever had; `None`: it was never there.
    pub(crate) fn revision(&self, memory: &MemoryId) -> Option<Revision> {
        self.0.get(memory.as_str()).map(|(_, revision)| *revision)
    }
}

sql! {
    REACHED in "revisions":
        "SELECT memory, MAX(number) AS number, MAX(revision) AS revision FROM revisions
         WHERE tenant = $1 AND memory IN (SELECT value FROM json_each($2)) GROUP BY memory";
    COUNT_ENTRIES in "runs":
        "UPDATE runs SET entries = entries + $3, wrote_at = $4 WHERE tenant = $1 AND id = $2";
    /// Gives out so many numbers at once and returns the last of them.
    TAKE_NUMBERS in "counters":
        "INSERT INTO counters (tenant, name, value) VALUES ($1, $2, $3)
         ON CONFLICT (tenant, name) DO UPDATE SET value = counters.value + excluded.value
         RETURNING value";
}

batch! {
    ADD_REVISIONS in "revisions":
        "INSERT INTO revisions (tenant, memory, number, revision, at, run, verb, body)", 8, "";
    ADD_ENTRIES in "journal":
        "INSERT INTO journal (tenant, seq, run, at, what, id, memory, other, was)", 9, "";
}

/// What is numbered within a tenant.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Counter {
    Run,
    Job,
    Journal,
    Call,
}

/// Gives out so many numbers at once and returns the first of them.
///
/// On a server the counter is held until the end of the transaction; they are always taken in the
/// order run, journal, job, so that no two writers wait for one another.
pub(crate) async fn take_numbers(
    tx: &mut Tx,
    tenant: &TenantId,
    counter: Counter,
    count: usize,
) -> Result<i64, StoreError> {
    let name = match counter {
        Counter::Run => "run",
        Counter::Job => "job",
        Counter::Journal => "journal",
        Counter::Call => "call",
    };
    let count = i64::try_from(count).unwrap_or(i64::MAX);
    let row = tx
        .first(TAKE_NUMBERS, &values![tenant, name, count])
        .await?;
    let last = row.map_or(Ok(count), |row| row.int("value"))?;
    Ok(last - count + 1)
}

/// Writes states into the history.
pub(crate) async fn remember(
    tx: &mut Tx,
    hand: &Hand,
    past: &[Past],
    mut reached: Reached,
) -> Result<(), StoreError> {
    let mut rows = Vec::with_capacity(past.len());
    for past in past {
        let reached = reached.0.entry(past.memory.to_string());
        let (number, _) = reached.or_insert((0, past.revision));
        *number += 1;
        let cells: Vec<Value<'_>> = values![
            &hand.tenant,
            &past.memory,
            *number,
            past.revision.0,
            hand.at,
            hand.run,
            &hand.verb,
            &past.body,
        ]
        .into();
        rows.push(cells);
    }
    tx.insert(ADD_REVISIONS, &rows).await?;
    Ok(())
}

/// Writes entries into the journal and counts them for the run.
pub(crate) async fn write(tx: &mut Tx, hand: &Hand, entries: &[Entry]) -> Result<(), StoreError> {
    let count = i64::try_from(entries.len()).unwrap_or(i64::MAX);
    let counted = values![&hand.tenant, hand.run, count, hand.at];
    tx.run(COUNT_ENTRIES, &counted).await?;
    if entries.is_empty() {
        return Ok(());
    }
    let first = take_numbers(tx, &hand.tenant, Counter::Journal, entries.len()).await?;
    former::keep(tx, hand, first, entries).await?;
    let rows: Vec<Vec<Value<'_>>> = (first..)
        .zip(entries)
        .map(|(seq, entry)| {
            let was = entry.was.as_ref();
            let was = was.map(|was| serde_json::to_string(was).expect("a row is plain values"));
            let cells: [Value<'_>; 9] = values![
                &hand.tenant,
                seq,
                hand.run,
                hand.at,
                entry.what.as_str(),
                &entry.id,
                &entry.memory,
                &entry.other,
                Value::Text(was.map(Into::into)),
            ];
            cells.into()
        })
        .collect();
    tx.insert(ADD_ENTRIES, &rows).await?;
    Ok(())
}
