//! Removes text for good: the one real deletion.
//!
//! What goes leaves its name behind, so that neither reading its source again nor taking a run back
//! restores it. Reaches what the person owns and what the store itself writes, and says what it cannot
//! reach.

pub(crate) mod find;
pub(crate) mod names;
pub(crate) mod past;
pub(crate) mod places;
pub(crate) mod remove;
pub(crate) mod says;
pub(crate) mod scrub;
pub(crate) mod sources;

use domain::{MemoryId, ProjectId, SessionId, StoreError};
use jiff::Timestamp;
use regex::Regex;
use serde::Serialize;

use crate::Store;
use crate::queue::begin_run;
use find::Doomed;
use places::Places;

/// What shall go.
#[derive(Clone, Debug)]
pub enum Purge {
    /// Every text in which this is found.
    Pattern(Regex),
    /// Everything of a project and of those that are one with it.
    Project(ProjectId),
    /// Everything that was said in a session, also where a fork repeats it.
    Session(SessionId),
    /// Everything that was said before this.
    Before(Timestamp),
}

/// What a purge removes, or would remove.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct PurgeReport {
    /// Archived turns.
    pub turns: usize,
    /// Memories, with everything that hangs on them.
    pub memories: Vec<MemoryId>,
    /// Quotes.
    pub evidence: usize,
    /// States in the history of memories.
    pub revisions: usize,
    /// Requests to a model, with their replies.
    pub asks: usize,
    /// Journal entries, which then cannot be taken back.
    pub journal: usize,
    /// Notes that a reader keeps between two readings, errors of jobs and calls, reasons of links,
    /// places of episodes, and quotes that had been taken back.
    pub notes: usize,
    /// Paths of sources, names and paths of projects, and rows of sessions.
    pub names: usize,
    /// What stays although it says it, each in a sentence with the reason.
    pub stays: Vec<String>,
    /// What lies outside our reach, each in a sentence.
    pub outside: Vec<String>,
}

impl PurgeReport {
    /// Returns whether there is nothing to remove.
    pub fn is_empty(&self) -> bool {
        let counts = [
            self.turns,
            self.evidence,
            self.revisions,
            self.asks,
            self.journal,
            self.notes,
            self.names,
        ];
        self.memories.is_empty() && counts.iter().all(|count| *count == 0)
    }

    fn of(doomed: &Doomed) -> Self {
        Self {
            turns: doomed.turns.len(),
            memories: doomed.memories.iter().map(MemoryId::new).collect(),
            evidence: doomed.evidence.len(),
            revisions: doomed.revisions.len(),
            asks: doomed.asks.len(),
            journal: doomed.journal.len(),
            notes: doomed.carries.len()
                + doomed.jobs.len()
                + doomed.calls.len()
                + doomed.links.len()
                + doomed.places.len()
                + doomed.former.len(),
            names: doomed.names.count(),
            stays: doomed.names.stay.clone(),
            outside: Vec::new(),
        }
    }

    /// Adds what a second look found, which others wrote during the first.
    fn add(&mut self, later: Self) {
        self.turns += later.turns;
        self.memories.extend(later.memories);
        self.evidence += later.evidence;
        self.revisions += later.revisions;
        self.asks += later.asks;
        self.journal += later.journal;
        self.notes += later.notes;
        self.names += later.names;
    }
}

/// So often is looked again for what others wrote meanwhile.
const LOOKS: usize = 3;

impl Store {
    /// Returns what a purge would remove.
    pub async fn purge_preview(&self, purge: &Purge) -> Result<PurgeReport, StoreError> {
        Ok(PurgeReport::of(&find::doomed(self, purge).await?))
    }

    /// Returns how what goes is called in files that lie beside the store. To be asked before it goes.
    pub async fn purge_places(&self, purge: &Purge) -> Result<Places, StoreError> {
        let mut tx = self.pool.read().await?;
        names::places(&mut tx, &self.who, purge).await
    }

    /// Removes it, and every trace of it that the engine can be made to give up.
    pub async fn purge(&self, purge: &Purge, now: Timestamp) -> Result<PurgeReport, StoreError> {
        let mut report = PurgeReport::default();
        for _ in 0..LOOKS {
            // The archive is searched before the transaction, which others wait for.
            let doomed = find::doomed(self, purge).await?;
            let found = PurgeReport::of(&doomed);
            // What a project was called is known to the first look alone.
            for what in &found.stays {
                if !report.stays.contains(what) {
                    report.stays.push(what.clone());
                }
            }
            if found.is_empty() {
                break;
            }
            let mut tx = self.pool.write().await?;
            begin_run(&mut tx, self, "purge", now, None).await?;
            remove::remove(&mut tx, &self.who.tenant, &doomed).await?;
            names::remove(&mut tx, &self.who, &doomed.names).await?;
            tx.commit().await?;
            report.add(found);
        }
        // Also when nothing was found: an earlier purge may have been cut short here.
        report.outside = scrub::scrub(self).await?;
        Ok(report)
    }
}
