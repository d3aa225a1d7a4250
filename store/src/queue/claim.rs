//! Giving a job out: the one that is due longest, in a lane where nothing runs.
//!
//! A worker gets its own person's jobs alone, since it reads their files; lanes hold for the whole
//! tenant, since memories of a project are everybody's.

use domain::{Claimed, Job, JobId, OwnerId, RunId, StoreError};
use jiff::{SignedDuration, Timestamp};

use crate::Store;
use crate::engine::{Row, sql, values};

sql! {
    /// Of two claims at once on a server, the second must see what the first took: a lane is more than
    /// one row. On a file the transaction itself comes one after the other.
    ONE_AT_A_TIME in "jobs": "SELECT $1 AS tenant",
        postgres: "SELECT CAST(pg_advisory_xact_lock(hashtext($1)) AS TEXT) AS tenant";
    /// A lease that ran out was a worker that died: that counts as an attempt, so that a job that
    /// kills its workers does not do so for ever. A row that another transaction is just writing is
    /// left to it. $5 says whether what may have to wait for a model will do: it stands behind what
    /// does not, however long it has been due, for archiving and the user's own rules wait for nobody.
    CLAIM in "jobs":
        "UPDATE jobs SET claim = claim + 1, leased_until = $4, waits_on = NULL,
            attempts = attempts + CASE WHEN leased_until IS NULL THEN 0 ELSE 1 END
         WHERE tenant = $1 AND id = (
            SELECT job.id FROM jobs AS job
            WHERE job.tenant = $1 AND job.owner = $2 AND NOT job.parked AND job.due_at <= $3
              AND ($5 OR job.kind <> 'extract') AND (job.leased_until IS NULL OR job.leased_until <= $3)
              AND NOT EXISTS (SELECT 1 FROM jobs AS other
                    WHERE other.tenant = job.tenant AND other.lane = job.lane
                      AND other.id <> job.id AND other.leased_until > $3)
            ORDER BY job.due_at, job.id LIMIT 1)
         RETURNING id, run, owner, body, attempts, claim",
        postgres:
        "UPDATE jobs SET claim = claim + 1, leased_until = $4, waits_on = NULL,
            attempts = attempts + CASE WHEN leased_until IS NULL THEN 0 ELSE 1 END
         WHERE tenant = $1 AND id = (
            SELECT job.id FROM jobs AS job
            WHERE job.tenant = $1 AND job.owner = $2 AND NOT job.parked AND job.due_at <= $3
              AND ($5 OR job.kind <> 'extract') AND (job.leased_until IS NULL OR job.leased_until <= $3)
              AND NOT EXISTS (SELECT 1 FROM jobs AS other
                    WHERE other.tenant = job.tenant AND other.lane = job.lane
                      AND other.id <> job.id AND other.leased_until > $3)
            ORDER BY job.due_at, job.id LIMIT 1 FOR UPDATE SKIP LOCKED)
         RETURNING id, run, owner, body, attempts, claim";
    RECLAIM in "jobs":
        "UPDATE jobs SET leased_until = $3 WHERE tenant = $1 AND owner = $2 AND leased_until > $3";
    PARK_UNREAD in "jobs":
        "UPDATE jobs SET parked = TRUE, leased_until = NULL, why = $3 WHERE tenant = $1 AND id = $2";
    /// Looked at before a write transaction is begun: an idle worker takes no lock.
    ANY_DUE in "jobs":
        "SELECT id FROM jobs WHERE tenant = $1 AND owner = $2 AND due_at <= $3 AND NOT parked
           AND (leased_until IS NULL OR leased_until <= $3) LIMIT 1";
}

impl Store {
    /// Ends every lease of this owner now, so that the next claim gives those jobs out at once, and
    /// returns how many there were. Each counts an attempt then, as after any lease that ran out.
    ///
    /// Only whoever holds the operating system's lock for workers of this file may call it: nobody else
    /// can be at work then, so whoever held the leases is dead. On a server it does nothing, because
    /// other hosts may be at work there.
    pub async fn reclaim(&self, now: Timestamp) -> Result<u64, StoreError> {
        if self.pool.is_server() {
            return Ok(0);
        }
        let mut tx = self.pool.write().await?;
        let values = values![&self.who.tenant, &self.who.owner, now];
        let ended = tx.run(RECLAIM, &values).await?;
        tx.commit().await?;
        Ok(ended)
    }
}

/// Gives out a job.
pub(crate) async fn claim(
    store: &Store,
    now: Timestamp,
    lease: SignedDuration,
) -> Result<Option<Claimed>, StoreError> {
    let (tenant, owner) = (&store.who.tenant, &store.who.owner);
    let until = now.saturating_add(lease).unwrap_or(Timestamp::MAX);
    while store
        .pool
        .first(ANY_DUE, &values![tenant, owner, now])
        .await?
        .is_some()
    {
        let mut tx = store.pool.write().await?;
        tx.first(ONE_AT_A_TIME, &values![tenant]).await?;
        let at_once = values![tenant, owner, now, until, false];
        let any = values![tenant, owner, now, until, true];
        let row = match tx.first(CLAIM, &at_once).await? {
            None => tx.first(CLAIM, &any).await?,
            row => row,
        };
        let Some(row) = row else {
            return Ok(None);
        };
        let read = claimed(&row);
        if let Err(error) = &read {
            // A later version's job, or a damaged row: it must not stop the others.
            let values = values![tenant, row.int("id")?, error.to_string()];
            tx.run(PARK_UNREAD, &values).await?;
        }
        tx.commit().await?;
        if let Ok(claimed) = read {
            return Ok(Some(claimed));
        }
    }
    Ok(None)
}

fn claimed(row: &Row) -> Result<Claimed, StoreError> {
    let attempts = row.int("attempts")?;
    Ok(Claimed {
        id: JobId(row.int("id")?),
        run: RunId(row.int("run")?),
        owner: OwnerId::new(row.text("owner")?),
        job: row.json::<Job>("body")?,
        attempts: u32::try_from(attempts).unwrap_or(u32::MAX),
        claim: row.int("claim")?,
    })
}
