//! Takes a run back: memories, evidence, belief and links stand again as they stood before it.
//!
//! Turns and cursors are left alone. An undo is a run like any other, and can itself be taken back.

pub(crate) mod plan;
pub(crate) mod restore;

use domain::{Memory, MemoryId, Run, RunId, StoreError};
use jiff::Timestamp;

use crate::engine::{Tx, sql, values};
use crate::queue::begin_run;
use crate::write::Hand;
use crate::{Store, fault, models, projects, rows};
use plan::Plan;

sql! {
    LAST_RUN in "runs":
        "SELECT * FROM runs
         WHERE tenant = $1 AND owner = $2 AND entries > 0 AND undone_by IS NULL AND undoes IS NULL
         ORDER BY id DESC LIMIT 1";
    MARK_UNDONE in "runs": "UPDATE runs SET undone_by = $3 WHERE tenant = $1 AND id = $2";
    /// Taking an undo back puts the run in force again that it had taken back.
    MARK_IN_FORCE in "runs":
        "UPDATE runs SET undone_by = NULL WHERE tenant = $1 AND undone_by = $2";
    BAR_EPISODES in "episodes":
        "UPDATE episodes SET barred_by = $3
         WHERE tenant = $1 AND barred_by IS NULL AND (cut_by = $2 OR extracted_by = $2)";
    /// Another run that cut the episode, or looked for lessons in it, may still be taken back.
    UNBAR_EPISODES in "episodes":
        "UPDATE episodes SET barred_by =
            (SELECT MAX(runs.undone_by) FROM runs
             WHERE runs.tenant = episodes.tenant
               AND runs.id IN (episodes.cut_by, episodes.extracted_by))
         WHERE tenant = $1 AND barred_by = $2";
    DROP_JOBS in "jobs":
        "DELETE FROM jobs WHERE tenant = $1 AND run = $2 AND kind IN ('extract', 'heed')";
    JOBS_LEFT in "jobs":
        "SELECT kind FROM jobs WHERE tenant = $1 AND run = $2 ORDER BY id LIMIT 1";
    /// What the run has still to read is not taken back with it; it goes on in a run of its own.
    MOVE_JOBS in "jobs": "UPDATE jobs SET run = $3 WHERE tenant = $1 AND run = $2";
    /// Quotes, belief and links have no revision of their own, so a job that has read them meanwhile
    /// could not see that they moved: whoever holds a job loses it and decides again.
    FENCE in "jobs":
        "UPDATE jobs SET claim = claim + 1, leased_until = $2
         WHERE tenant = $1 AND leased_until IS NOT NULL";
    /// Whole runs, so that none is taken back by half.
    PRUNE in "journal":
        "DELETE FROM journal WHERE tenant = $1 AND run IN
            (SELECT id FROM runs WHERE tenant = $1 AND wrote_at < $2)";
}

/// What taking a run back does, or would do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Undoing {
    /// The run that is taken back.
    pub run: Run,
    /// Memories that it made, and that go.
    pub removed: Vec<Memory>,
    /// Memories that it changed or took away: as they stood before it.
    pub restored: Vec<Memory>,
    /// How many pieces of evidence change.
    pub evidence: usize,
    /// How many dated events for or against change.
    pub beliefs: usize,
    /// The memories whose links change.
    pub links: Vec<MemoryId>,
    /// How many merged projects part again.
    pub projects: usize,
    /// How many projects models may read again, or no more.
    pub models: usize,
}

/// A run that was taken back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Undone {
    /// The run that took it back.
    pub by: RunId,
    /// What was done.
    pub undoing: Undoing,
}

impl Store {
    /// Returns the person's last run that wrote memories or what belongs to them, and still stands.
    pub async fn last_run_with_memories(&self) -> Result<Option<Run>, StoreError> {
        let values = values![&self.who.tenant, &self.who.owner];
        let row = self.pool.first(LAST_RUN, &values).await?;
        row.map(|row| rows::run(&row)).transpose()
    }

    /// Returns what taking a run back would do, or why it cannot be done.
    pub async fn undo_preview(&self, run: RunId) -> Result<Undoing, StoreError> {
        // The transaction is dropped; it holds the rows only so that preview and deed look alike.
        let mut tx = self.pool.write().await?;
        Ok(Plan::of(&mut tx, self, run).await?.shown())
    }

    /// Takes a run back. Refuses, naming the later run, where a later run changed the same rows.
    pub async fn undo(&self, run: RunId, now: Timestamp) -> Result<Undone, StoreError> {
        let mut tx = self.pool.write().await?;
        let by = begin_run(&mut tx, self, Hand::UNDO, now, Some(run)).await?;
        let plan = Plan::of(&mut tx, self, run).await?;
        let hand = Hand {
            tenant: self.who.tenant.clone(),
            owner: self.who.owner.clone(),
            run: by,
            verb: Hand::UNDO.to_owned(),
            at: now,
        };
        stop_jobs(&mut tx, self, run, now).await?;
        mark(&mut tx, &hand, run).await?;
        let undoing = plan.shown();
        restore::restore(&mut tx, &hand, plan).await?;
        projects::take_back(&mut tx, &hand, run).await?;
        models::take_back(&mut tx, &hand, run).await?;
        fault::point("undo.before-commit");
        tx.commit().await?;
        fault::point("undo.after-commit");
        Ok(Undone { by, undoing })
    }

    /// Drops the journal of runs that last wrote before this instant, and returns how many entries went.
    pub(crate) async fn drop_old_journal(&self, before: Timestamp) -> Result<u64, StoreError> {
        let mut tx = self.pool.write().await?;
        let dropped = tx.run(PRUNE, &values![&self.who.tenant, before]).await?;
        tx.commit().await?;
        Ok(dropped)
    }
}

/// Takes away what the run would still extract, and the leases of whatever is at work now.
async fn stop_jobs(
    tx: &mut Tx,
    store: &Store,
    run: RunId,
    now: Timestamp,
) -> Result<(), StoreError> {
    let tenant = &store.who.tenant;
    tx.run(DROP_JOBS, &values![tenant, run]).await?;
    if let Some(left) = tx.first(JOBS_LEFT, &values![tenant, run]).await? {
        let on = begin_run(tx, store, &left.text("kind")?, now, None).await?;
        tx.run(MOVE_JOBS, &values![tenant, run, on]).await?;
    }
    tx.run(FENCE, &values![tenant, now]).await?;
    Ok(())
}

/// Notes on the run that it is taken back, and on its episodes that nobody shall look there again.
async fn mark(tx: &mut Tx, hand: &Hand, run: RunId) -> Result<(), StoreError> {
    tx.run(MARK_IN_FORCE, &values![&hand.tenant, run]).await?;
    tx.run(UNBAR_EPISODES, &values![&hand.tenant, run]).await?;
    tx.run(MARK_UNDONE, &values![&hand.tenant, run, hand.run])
        .await?;
    tx.run(BAR_EPISODES, &values![&hand.tenant, run, hand.run])
        .await?;
    Ok(())
}
