//! Writes a `Changes` in one transaction, for a job's end and for a person's word alike.
//!
//! Decides nothing about memories: it refuses what is stale or purged, and writes the rest as it comes.

pub(crate) mod archive;
pub(crate) mod episodes;
pub(crate) mod journal;
pub(crate) mod memories;
pub(crate) mod projects;
pub(crate) mod refuse;
pub(crate) mod standing;
pub(crate) mod state;
pub(crate) mod support;

use std::collections::BTreeSet;

use domain::{Changes, MemoryId, OwnerId, RunId, StoreError, TenantId};
use jiff::Timestamp;

use crate::engine::Tx;
use crate::fault;
use archive::Packed;
use journal::{Entry, Past};

/// In whose name is written, and in which run.
#[derive(Clone, Debug)]
pub(crate) struct Hand {
    pub(crate) tenant: TenantId,
    pub(crate) owner: OwnerId,
    pub(crate) run: RunId,
    /// What is being done, for the history.
    pub(crate) verb: String,
    pub(crate) at: Timestamp,
}

/// What must still be written down at the end about what was written.
#[derive(Debug, Default)]
pub(crate) struct Notes {
    /// For the journal.
    pub(crate) entries: Vec<Entry>,
    /// For the history.
    pub(crate) past: Vec<Past>,
    /// The memories whose standing or words may have changed.
    pub(crate) touched: BTreeSet<MemoryId>,
}

/// Writes everything but the next jobs. Returns the memories that have moved; then nothing may be
/// committed.
pub(crate) async fn changes(
    tx: &mut Tx,
    hand: &Hand,
    changes: &Changes,
    packed: &Packed<'_>,
) -> Result<Vec<MemoryId>, StoreError> {
    let known = memories::known(tx, &hand.tenant, &refuse::memories_of(changes)).await?;
    let gone = refuse::Gone::of(tx, &hand.tenant, changes).await?;
    let stale = refuse::stale(changes, &known, &gone);
    if !stale.is_empty() {
        return Ok(stale);
    }
    projects::write(tx, hand, &changes.projects).await?;
    archive::write(tx, hand, changes, packed, &gone).await?;
    fault::point("finish.after-turns");
    episodes::write(tx, hand, changes).await?;
    let mut notes = Notes::default();
    memories::save(tx, hand, &changes.saved, &known, &gone, &mut notes).await?;
    memories::update(tx, hand, &changes.updated, &known, &gone, &mut notes).await?;
    support::write(tx, hand, changes, &gone, &mut notes).await?;
    settle(tx, hand, notes).await?;
    Ok(Vec::new())
}

/// Brings everything derived up to date and writes journal and history.
pub(crate) async fn settle(tx: &mut Tx, hand: &Hand, notes: Notes) -> Result<(), StoreError> {
    standing::derive(tx, &hand.tenant, &notes.touched).await?;
    journal::remember(tx, hand, &notes.past).await?;
    journal::write(tx, hand, &notes.entries).await
}

/// Returns ids as the JSON list that `json_each` takes.
pub(crate) fn list<T: AsRef<str>>(ids: impl IntoIterator<Item = T>) -> String {
    let ids: Vec<String> = ids.into_iter().map(|id| id.as_ref().to_owned()).collect();
    serde_json::to_string(&ids).expect("a list of texts is JSON")
}
