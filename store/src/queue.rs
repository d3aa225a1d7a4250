//! The queue: jobs that survive a crash, given out one lane at a time.
//!
//! Knows nothing of what a job does; it keeps the job's words, its run, and who holds it until when.

pub(crate) mod claim;
pub(crate) mod finish;
pub(crate) mod parked;
pub(crate) mod waits;

use async_trait::async_trait;
use domain::{
    Author, Changes, Claimed, Finished, Job, JobId, OwnerId, Queue, RunId, StoreError, TenantId,
};
use jiff::{SignedDuration, Timestamp};

use crate::Store;
use crate::engine::{Tx, sql, values};
use crate::write::journal::{Counter, take_numbers};
pub use parked::Parked;

sql! {
    BEGIN_RUN in "runs":
        "INSERT INTO runs (tenant, id, verb, owner, started_at, undoes) VALUES ($1, $2, $3, $4, $5, $6)";
    /// The same job waits once.
    ADD_JOB in "jobs":
        "INSERT INTO jobs (tenant, id, run, owner, kind, lane, body, due_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
         ON CONFLICT (tenant, owner, body) WHERE leased_until IS NULL AND NOT parked DO NOTHING
         RETURNING id";
    /// A job that waits already is due when the more impatient of the two wants it, unless it failed:
    /// then it has a reason to wait.
    HURRY in "jobs":
        "UPDATE jobs SET due_at = $4
         WHERE tenant = $1 AND owner = $2 AND body = $3 AND due_at > $4 AND attempts = 0
           AND leased_until IS NULL AND NOT parked";
    WAITING in "jobs":
        "SELECT id FROM jobs WHERE tenant = $1 AND owner = $2 AND body = $3
           AND leased_until IS NULL AND NOT parked";
    BARRED in "episodes":
        "SELECT id FROM episodes WHERE tenant = $1 AND id = $2 AND barred_by IS NOT NULL";
    RENEW in "jobs":
        "UPDATE jobs SET leased_until = $4
         WHERE tenant = $1 AND id = $2 AND claim = $3 AND leased_until IS NOT NULL";
    /// A job that goes back takes the place of the same job that came meanwhile.
    DROP_TWIN in "jobs":
        "DELETE FROM jobs
         WHERE tenant = $1 AND id <> $2 AND leased_until IS NULL AND NOT parked
           AND EXISTS (SELECT 1 FROM jobs AS ours
                WHERE ours.tenant = $1 AND ours.id = $2 AND ours.claim = $3
                  AND ours.leased_until IS NOT NULL
                  AND ours.owner = jobs.owner AND ours.body = jobs.body)";
    WAIT in "jobs":
        "UPDATE jobs SET leased_until = NULL, waits_on = $4, due_at = $5
         WHERE tenant = $1 AND id = $2 AND claim = $3 AND leased_until IS NOT NULL";
    FAIL in "jobs":
        "UPDATE jobs SET leased_until = NULL, attempts = attempts + 1, why = $4, due_at = $5
         WHERE tenant = $1 AND id = $2 AND claim = $3 AND leased_until IS NOT NULL";
    PARK in "jobs":
        "UPDATE jobs SET leased_until = NULL, attempts = attempts + 1, why = $4, parked = TRUE
         WHERE tenant = $1 AND id = $2 AND claim = $3 AND leased_until IS NOT NULL";
    /// A claimed job counts with the end of its lease: then somebody may have to look after it.
    NEXT_DUE in "jobs":
        "SELECT MIN(COALESCE(leased_until, due_at)) AS due FROM jobs
         WHERE tenant = $1 AND owner = $2 AND NOT parked";
}

#[async_trait]
impl Queue for Store {
    async fn enqueue(
        &self,
        job: &Job,
        due: Timestamp,
        now: Timestamp,
    ) -> Result<Option<JobId>, StoreError> {
        let (tenant, owner) = (&self.who.tenant, &self.who.owner);
        let mut tx = self.pool.write().await?;
        if hurry(&mut tx, tenant, owner, job, due).await? {
            tx.commit().await?;
            return Ok(None);
        }
        let run = begin_run(&mut tx, self, job.kind(), now, None).await?;
        let id = add_job(&mut tx, tenant, owner, run, job, due).await?;
        // Without a job there shall be no run either, so then nothing is committed.
        if id.is_some() {
            tx.commit().await?;
        }
        Ok(id)
    }

    async fn claim(
        &self,
        now: Timestamp,
        lease: SignedDuration,
    ) -> Result<Option<Claimed>, StoreError> {
        claim::claim(self, now, lease).await
    }

    async fn renew(&self, job: &Claimed, until: Timestamp) -> Result<bool, StoreError> {
        let mut tx = self.pool.write().await?;
        let values = values![&self.who.tenant, job.id, job.claim, until];
        let renewed = tx.run(RENEW, &values).await?;
        tx.commit().await?;
        Ok(renewed == 1)
    }

    async fn wait(&self, job: &Claimed, on: &str, look_again: Timestamp) -> Result<(), StoreError> {
        let mut tx = self.pool.write().await?;
        drop_twin(&mut tx, self, job).await?;
        let values = values![&self.who.tenant, job.id, job.claim, on, look_again];
        tx.run(WAIT, &values).await?;
        tx.commit().await
    }

    async fn waited_for(&self) -> Result<Vec<String>, StoreError> {
        waits::waited_for(self).await
    }

    async fn wake(&self, on: &str, now: Timestamp, most: usize) -> Result<u64, StoreError> {
        waits::wake(self, on, now, most).await
    }

    async fn finish(&self, job: &Claimed, changes: &Changes) -> Result<Finished, StoreError> {
        finish::finish(self, job, changes).await
    }

    async fn fail(
        &self,
        job: &Claimed,
        why: &str,
        again: Option<Timestamp>,
    ) -> Result<(), StoreError> {
        let mut tx = self.pool.write().await?;
        let tenant = &self.who.tenant;
        match again {
            Some(again) => {
                drop_twin(&mut tx, self, job).await?;
                let values = values![tenant, job.id, job.claim, why, again];
                tx.run(FAIL, &values).await?
            }
            None => {
                tx.run(PARK, &values![tenant, job.id, job.claim, why])
                    .await?
            }
        };
        tx.commit().await
    }

    async fn apply(&self, changes: &Changes, by: &Author) -> Result<Finished, StoreError> {
        finish::apply(self, changes, by).await
    }

    async fn next_due(&self) -> Result<Option<Timestamp>, StoreError> {
        let values = values![&self.who.tenant, &self.who.owner];
        let row = self.pool.first(NEXT_DUE, &values).await?;
        row.map_or(Ok(None), |row| row.time_or_none("due"))
    }

    async fn prune_journal(&self, before: Timestamp) -> Result<u64, StoreError> {
        self.drop_old_journal(before).await
    }
}

/// Begins a run and returns its number.
pub(crate) async fn begin_run(
    tx: &mut Tx,
    store: &Store,
    verb: &str,
    now: Timestamp,
    undoes: Option<RunId>,
) -> Result<RunId, StoreError> {
    let tenant = &store.who.tenant;
    let run = RunId(take_numbers(tx, tenant, Counter::Run, 1).await?);
    let undoes = undoes.map(|run| run.0);
    let values = values![tenant, run, verb, &store.who.owner, now, undoes];
    tx.run(BEGIN_RUN, &values).await?;
    Ok(run)
}

/// Adds a job to a run. `None`: it waits already, or it may not be done at all.
pub(crate) async fn add_job(
    tx: &mut Tx,
    tenant: &TenantId,
    owner: &OwnerId,
    run: RunId,
    job: &Job,
    due: Timestamp,
) -> Result<Option<JobId>, StoreError> {
    if let Some(episode) = job.episode()
        && tx.first(BARRED, &values![tenant, episode]).await?.is_some()
    {
        return Ok(None);
    }
    if hurry(tx, tenant, owner, job, due).await? {
        return Ok(None);
    }
    let id = take_numbers(tx, tenant, Counter::Job, 1).await?;
    let body = body(job);
    let values = values![tenant, id, run, owner, job.kind(), job.lane(), &body, due];
    Ok(tx.first(ADD_JOB, &values).await?.map(|_| JobId(id)))
}

/// Returns whether the same job waits already, and brings it forward if this one is more impatient.
async fn hurry(
    tx: &mut Tx,
    tenant: &TenantId,
    owner: &OwnerId,
    job: &Job,
    due: Timestamp,
) -> Result<bool, StoreError> {
    let body = body(job);
    tx.run(HURRY, &values![tenant, owner, &body, due]).await?;
    Ok(tx
        .first(WAITING, &values![tenant, owner, &body])
        .await?
        .is_some())
}

async fn drop_twin(tx: &mut Tx, store: &Store, job: &Claimed) -> Result<(), StoreError> {
    let values = values![&store.who.tenant, job.id, job.claim];
    tx.run(DROP_TWIN, &values).await?;
    Ok(())
}

/// Returns the job's words: the same work has the same words.
pub(crate) fn body(job: &Job) -> String {
    serde_json::to_string(job).expect("a job is ids and words, which JSON can hold")
}
