//! The end of a job, and a person's word: changes, journal, next jobs, all in one transaction.
//!
//! Whoever lost the job, or decided on what has moved, writes nothing.

use domain::{Author, Changes, Claimed, Finished, Job, NextJob, RunId, StoreError};

use super::{add_job, begin_run};
use crate::engine::{Tx, sql, values};
use crate::write::{self, Hand};
use crate::{Store, fault};

sql! {
    /// Held until the end on a server, so that nobody claims what is just being finished.
    OURS in "jobs":
        "SELECT id FROM jobs
         WHERE tenant = $1 AND id = $2 AND claim = $3 AND leased_until IS NOT NULL",
        postgres:
        "SELECT id FROM jobs
         WHERE tenant = $1 AND id = $2 AND claim = $3 AND leased_until IS NOT NULL FOR UPDATE";
    DONE in "jobs": "DELETE FROM jobs WHERE tenant = $1 AND id = $2";
    EXTRACTED in "episodes":
        "UPDATE episodes SET extracted_by = $3 WHERE tenant = $1 AND id = $2";
}

/// Writes a job's changes and takes the job away.
pub(crate) async fn finish(
    store: &Store,
    job: &Claimed,
    changes: &Changes,
) -> Result<Finished, StoreError> {
    let tenant = &store.who.tenant;
    let packed = write::archive::pack(tenant, &job.owner, changes);
    let mut tx = store.pool.write().await?;
    fault::point("finish.begin");
    let ours = tx.first(OURS, &values![tenant, job.id, job.claim]).await?;
    if ours.is_none() {
        return Ok(Finished::Lost);
    }
    let hand = Hand {
        tenant: tenant.clone(),
        owner: job.owner.clone(),
        run: job.run,
        verb: job.job.kind().to_owned(),
        at: changes.at,
    };
    let stale = write::changes(&mut tx, &hand, changes, &packed).await?;
    if !stale.is_empty() {
        return Ok(Finished::Stale(stale));
    }
    if let Job::Extract { episode, .. } = &job.job {
        tx.run(EXTRACTED, &values![tenant, episode, job.run])
            .await?;
    }
    tx.run(DONE, &values![tenant, job.id]).await?;
    add_next(&mut tx, &hand, &changes.next).await?;
    commit(tx, job.run).await
}

/// Writes what a person or an agent wants, in a run of its own.
pub(crate) async fn apply(
    store: &Store,
    changes: &Changes,
    by: &Author,
) -> Result<Finished, StoreError> {
    let packed = write::archive::pack(&store.who.tenant, &store.who.owner, changes);
    let mut tx = store.pool.write().await?;
    fault::point("finish.begin");
    let verb = by.verb("apply");
    let hand = Hand {
        tenant: store.who.tenant.clone(),
        owner: store.who.owner.clone(),
        run: begin_run(&mut tx, store, verb, changes.at, None).await?,
        verb: verb.to_owned(),
        at: changes.at,
    };
    let stale = write::changes(&mut tx, &hand, changes, &packed).await?;
    if !stale.is_empty() {
        return Ok(Finished::Stale(stale));
    }
    add_next(&mut tx, &hand, &changes.next).await?;
    commit(tx, hand.run).await
}

async fn add_next(tx: &mut Tx, hand: &Hand, next: &[NextJob]) -> Result<(), StoreError> {
    for NextJob { job, due } in next {
        add_job(tx, &hand.tenant, &hand.owner, hand.run, job, *due).await?;
    }
    Ok(())
}

async fn commit(tx: Tx, run: RunId) -> Result<Finished, StoreError> {
    fault::point("finish.before-commit");
    tx.commit().await?;
    fault::point("finish.after-commit");
    Ok(Finished::Done(run))
}
