//! Writes a `Changes` in one transaction, for a job's end and for a person's word alike.
//!
//! Decides nothing about memories: it refuses what is stale or purged, and writes the rest as it comes.

pub(crate) mod archive;
pub(crate) mod episodes;
pub(crate) mod former;
pub(crate) mod journal;
pub(crate) mod memories;
pub(crate) mod projects;
pub(crate) mod refuse;
pub(crate) mod standing;
pub(crate) mod state;
pub(crate) mod support;

use std::collections::BTreeSet;

use domain::{Changes, LinkKind, MemoryId, OwnerId, RunId, StoreError, TenantId, Wrote};
use jiff::Timestamp;

use crate::engine::Tx;
use crate::fault;
use archive::Packed;
use journal::{Entry, Past, Reached};
use state::What;

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

impl Hand {
    /// What is done by whoever takes a run back.
    pub(crate) const UNDO: &str = "undo";

    /// Returns whether a run is being taken back.
    pub(crate) fn is_undo(&self) -> bool {
        self.verb == Self::UNDO
    }
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
    /// How far the memories whose rows are written had come before.
    pub(crate) reached: Reached,
}

impl Notes {
    /// Counts the memories that are new, and those that gained evidence.
    fn wrote(&self, changes: &Changes) -> Wrote {
        let of = |what: What| {
            let new = move |entry: &&Entry| entry.what == what && entry.was.is_none();
            self.entries.iter().filter(new).map(|entry| &entry.memory)
        };
        let born: BTreeSet<&MemoryId> = of(What::Memory).collect();
        let supported: BTreeSet<&MemoryId> = of(What::Evidence).collect();
        let links = changes.links.iter();
        let doubted = links.filter(|link| link.kind == LinkKind::Quarantined);
        let doubted: BTreeSet<&MemoryId> = doubted.map(|link| &link.from).collect();
        Wrote {
            turns: 0,
            memories: born.difference(&doubted).count(),
            quarantined: born.intersection(&doubted).count(),
            supported: supported.difference(&born).count(),
        }
    }
}

/// What became of changes.
pub(crate) enum Outcome {
    /// They are written, but for the next jobs.
    Written(Wrote),
    /// These memories have moved: nothing may be committed.
    Stale(Vec<MemoryId>),
}

/// Writes everything but the next jobs.
pub(crate) async fn changes(
    tx: &mut Tx,
    hand: &Hand,
    changes: &Changes,
    packed: &Packed<'_>,
) -> Result<Outcome, StoreError> {
    let known = memories::known(tx, &hand.tenant, &refuse::memories_of(changes)).await?;
    let gone = refuse::Gone::of(tx, &hand.tenant, changes, packed.fingerprints()).await?;
    let stale = refuse::stale(changes, &known, &gone);
    if !stale.is_empty() {
        return Ok(Outcome::Stale(stale));
    }
    // What was purged comes with the names of its projects: they stay purged with it.
    if !gone.all(&changes.turns) {
        projects::write(tx, hand, &changes.projects).await?;
    }
    let turns = archive::write(tx, hand, changes, packed, &gone).await?;
    fault::point("finish.after-turns");
    episodes::write(tx, hand, changes).await?;
    let saved = changes.saved.iter().map(|new| &new.memory.id);
    let written = saved.chain(changes.updated.iter().map(|memory| &memory.id));
    let mut notes = Notes {
        reached: Reached::of(tx, &hand.tenant, written.map(MemoryId::as_str)).await?,
        ..Notes::default()
    };
    memories::save(tx, hand, &changes.saved, &known, &gone, &mut notes).await?;
    memories::update(tx, hand, &changes.updated, &known, &gone, &mut notes).await?;
    support::write(tx, hand, changes, &gone, &mut notes).await?;
    let wrote = Wrote {
        turns,
        ..notes.wrote(changes)
    };
    settle(tx, hand, notes).await?;
    Ok(Outcome::Written(wrote))
}

/// Brings everything derived up to date and writes journal and history.
pub(crate) async fn settle(tx: &mut Tx, hand: &Hand, notes: Notes) -> Result<(), StoreError> {
    standing::derive(tx, &hand.tenant, &notes.touched).await?;
    journal::remember(tx, hand, &notes.past, notes.reached).await?;
    journal::write(tx, hand, &notes.entries).await
}

/// Returns ids as the JSON list that `json_each` takes.
pub(crate) fn list<T: AsRef<str>>(ids: impl IntoIterator<Item = T>) -> String {
    let ids: Vec<String> = ids.into_iter().map(|id| id.as_ref().to_owned()).collect();
    serde_json::to_string(&ids).expect("a list of texts is JSON")
}
