//! The store's two doors: the queue, through which all writing goes, and the library, for reading.
//!
//! Values cross them, never transactions: a value can be printed, compared, and applied again.

use std::collections::BTreeSet;

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};

use crate::{
    Alias, Author, Changes, Claimed, Episode, EpisodeId, Exclusion, Finished, Job, JobId, Kind,
    Project, ProjectId, Record, SessionId, Source, SourceId, StoreError, Turn, TurnId,
};

/// Takes work in, gives it out, and writes what came of it.
#[async_trait]
pub trait Queue: Send + Sync {
    /// Adds a job as the beginning of a run; `None`: the same job already waits unclaimed.
    async fn enqueue(
        &self,
        job: &Job,
        due: Timestamp,
        now: Timestamp,
    ) -> Result<Option<JobId>, StoreError>;

    /// Gives out the job that is due longest and whose lane is free, for as long as the lease.
    async fn claim(
        &self,
        now: Timestamp,
        lease: SignedDuration,
    ) -> Result<Option<Claimed>, StoreError>;

    /// Extends a lease; false: the job is no longer ours.
    async fn renew(&self, job: &Claimed, until: Timestamp) -> Result<bool, StoreError>;

    /// Puts a job back until something outside has happened. Counts no attempt.
    async fn wait(&self, job: &Claimed, on: &str, look_again: Timestamp) -> Result<(), StoreError>;

    /// Returns the things that waiting jobs wait for, each once.
    async fn waited_for(&self) -> Result<Vec<String>, StoreError>;

    /// Makes so many of the jobs that wait for a thing due now, those first that were to look first.
    async fn wake(&self, on: &str, now: Timestamp, most: usize) -> Result<u64, StoreError>;

    /// Writes a job's changes and takes the job away, all or nothing.
    async fn finish(&self, job: &Claimed, changes: &Changes) -> Result<Finished, StoreError>;

    /// Puts a failed job back until `again`, or parks it for a person.
    async fn fail(
        &self,
        job: &Claimed,
        why: &str,
        again: Option<Timestamp>,
    ) -> Result<(), StoreError>;

    /// Writes what a person or an agent wants, by the same way and into the same journal.
    async fn apply(&self, changes: &Changes, by: &Author) -> Result<Finished, StoreError>;

    /// Returns when the next waiting job falls due, if any waits: how long a worker may sleep.
    async fn next_due(&self) -> Result<Option<Timestamp>, StoreError>;

    /// Drops journal entries from before this instant: what they tell can no longer be undone.
    async fn prune_journal(&self, before: Timestamp) -> Result<u64, StoreError>;
}

/// Which memories and turns a reader may see and wants to see.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct View {
    /// The project whose memories are wanted beside the user's own; `None` is every project.
    pub project: Option<ProjectId>,
    /// The kinds that are wanted; empty is all.
    pub kinds: Vec<Kind>,
    /// What was true then, by today's knowledge.
    pub as_of: Option<Timestamp>,
    /// What we believed then.
    pub known_at: Option<Timestamp>,
}

/// A search in the words of one kind of thing.
#[derive(Clone, Debug)]
pub struct Lookup {
    /// What may be seen.
    pub view: View,
    /// The terms, each once.
    pub terms: Vec<String>,
    /// Returns what a term is worth that stands in so many documents (the second) of so many (the first).
    pub worth: fn(u64, u64) -> f64,
    /// At most so many candidates.
    pub limit: usize,
}

/// How common terms are in what may be seen.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Census {
    /// How many documents there are.
    pub documents: u64,
    /// How many tokens a document has in the mean.
    pub mean_tokens: f64,
    /// For each term, in the order asked, in how many documents it stands.
    pub holding: Vec<u64>,
}

/// What holds the terms of a lookup.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Holding<T> {
    /// How common the terms are.
    pub census: Census,
    /// The candidates that hold the most of what they are worth, in no promised order.
    pub found: Vec<T>,
}

/// A turn that was found, with what is needed to show where it was said.
#[derive(Clone, Debug, PartialEq)]
pub struct TurnHit {
    /// The turn.
    pub turn: Turn,
    /// The project of its working directory.
    pub project: Option<ProjectId>,
}

/// Answers what the house holds. Nothing here writes.
#[async_trait]
pub trait Library: Send + Sync {
    /// Returns a source and how far it has been read.
    async fn source(&self, id: &SourceId) -> Result<Option<Source>, StoreError>;

    /// Returns every source that was ever read, in the order of their names.
    async fn sources(&self) -> Result<Vec<Source>, StoreError>;

    /// Returns when a run with this verb last began.
    async fn last_run(&self, verb: &str) -> Result<Option<Timestamp>, StoreError>;

    /// Returns when the first run of all began: since then there are nights that can be missed.
    async fn first_run(&self) -> Result<Option<Timestamp>, StoreError>;

    /// Returns which of these turns need not be taken in: archived already, or purged for good.
    async fn known_turns(&self, ids: &[TurnId]) -> Result<BTreeSet<TurnId>, StoreError>;

    /// Returns the project that goes by one of these names, the strongest name first.
    async fn project_named(&self, aliases: &[Alias]) -> Result<Option<Project>, StoreError>;

    /// Returns the paths and projects of which nothing is read.
    async fn exclusions(&self) -> Result<Vec<Exclusion>, StoreError>;

    /// Returns the projects that no model reads, with all that are one with them.
    async fn kept_from_models(&self) -> Result<BTreeSet<ProjectId>, StoreError>;

    /// Returns an episode with its turns, in order; purged turns are missing from it.
    async fn episode(&self, id: &EpisodeId) -> Result<Option<(Episode, Vec<Turn>)>, StoreError>;

    /// Returns the memories of every standing that say just these words, in this project or the user's scope.
    async fn saying(
        &self,
        project: Option<&ProjectId>,
        fingerprint: &str,
    ) -> Result<Vec<Record>, StoreError>;

    /// Returns the memories in view that hold the terms which are worth most.
    async fn memories_holding(&self, lookup: &Lookup) -> Result<Holding<Record>, StoreError>;

    /// Returns the turns in view that hold the terms which are worth most.
    async fn turns_holding(&self, lookup: &Lookup) -> Result<Holding<TurnHit>, StoreError>;

    /// Returns a session's turns around a place in it, in order.
    async fn conversation(
        &self,
        session: &SessionId,
        around: Option<&TurnId>,
        limit: usize,
    ) -> Result<Vec<Turn>, StoreError>;
}
