//! The end of a job, and a person's word: changes, journal, next jobs, all in one transaction.
//!
//! Whoever lost the job, or decided on what has moved, writes nothing.

use domain::{Author, Changes, Claimed, Finished, Job, NextJob, RunId, StoreError, Wrote};

use super::{add_job, begin_run};
use crate::engine::{Tx, sql, values};
use crate::write::{self, Hand, Outcome};
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
    /// Held until the end on a server, so that nobody takes back what is just being written.
    IN_FORCE in "runs":
        "SELECT id FROM runs WHERE tenant = $1 AND owner = $2 AND id = $3 AND undone_by IS NULL",
        postgres:
        "SELECT id FROM runs
         WHERE tenant = $1 AND owner = $2 AND id = $3 AND undone_by IS NULL FOR UPDATE";
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
    let wrote = match write::changes(&mut tx, &hand, changes, &packed).await? {
        Outcome::Written(wrote) => wrote,
        Outcome::Stale(moved) => return Ok(Finished::Stale(moved)),
    };
    if let Job::Extract { episode, .. } = &job.job {
        tx.run(EXTRACTED, &values![tenant, episode, job.run])
            .await?;
    }
    tx.run(DONE, &values![tenant, job.id]).await?;
    add_next(&mut tx, &hand, &changes.next).await?;
    commit(tx, job.run, wrote).await
}

/// Writes what a person or an agent wants, in a run of its own.
pub(crate) async fn apply(
    store: &Store,
    changes: &Changes,
    by: &Author,
) -> Result<Finished, StoreError> {
    apply_in(store, None, changes, by).await
}

/// Writes what a person or an agent wants, in a run that they have begun, or else in one of its own.
///
/// Work that is too long for one transaction is done in several, and is taken back as one run.
pub(crate) async fn apply_in(
    store: &Store,
    run: Option<RunId>,
    changes: &Changes,
    by: &Author,
) -> Result<Finished, StoreError> {
    let packed = write::archive::pack(&store.who.tenant, &store.who.owner, changes);
    let mut tx = store.pool.write().await?;
    fault::point("finish.begin");
    let verb = by.verb("apply");
    let run = match run {
        Some(run) => go_on(&mut tx, store, run).await?,
        None => begin_run(&mut tx, store, verb, changes.at, None).await?,
    };
    let hand = Hand {
        tenant: store.who.tenant.clone(),
        owner: store.who.owner.clone(),
        run,
        verb: verb.to_owned(),
        at: changes.at,
    };
    let wrote = match write::changes(&mut tx, &hand, changes, &packed).await? {
        Outcome::Written(wrote) => wrote,
        Outcome::Stale(moved) => return Ok(Finished::Stale(moved)),
    };
    add_next(&mut tx, &hand, &changes.next).await?;
    commit(tx, run, wrote).await
}

/// Holds a run that was begun in an earlier transaction, if nobody has taken it back since.
pub(crate) async fn go_on(tx: &mut Tx, store: &Store, run: RunId) -> Result<RunId, StoreError> {
    let asked = values![&store.who.tenant, &store.who.owner, run];
    match tx.first(IN_FORCE, &asked).await? {
        Some(_) => Ok(run),
        None => Err(StoreError::Refused(format!(
            "run {run} was taken back while it was still writing"
        ))),
    }
}

async fn add_next(tx: &mut Tx, hand: &Hand, next: &[NextJob]) -> Result<(), StoreError> {
    for NextJob { job, due } in next {
        add_job(tx, &hand.tenant, &hand.owner, hand.run, job, *due).await?;
    }
    Ok(())
}

async fn commit(tx: Tx, run: RunId, wrote: Wrote) -> Result<Finished, StoreError> {
    fault::point("finish.before-commit");
    tx.commit().await?;
    fault::point("finish.after-commit");
    Ok(Finished::Done { run, wrote })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Place, Who};
    use domain::{Episode, OwnerId, SessionId, TenantId, TurnId};
    use jiff::Timestamp;

    #[tokio::test]
    async fn a_run_that_was_taken_back_meanwhile_writes_no_more() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let place = Place::File(folder.path().join("dormouse.db"));
        let who = Who {
            tenant: TenantId::new("t"),
            owner: OwnerId::new("o"),
        };
        let store = Store::open(&place, who).await.expect("opens");
        let now = Timestamp::UNIX_EPOCH;
        let (session, turn) = (SessionId::new("s"), TurnId::new("t1"));
        let changes = Changes {
            episodes: vec![Episode {
                id: Episode::name(&session, &turn),
                session,
                project: None,
                place: domain::Place::default(),
                started_at: now,
                turns: vec![turn],
            }],
            ..Changes::at(now)
        };
        let by = Author::Person("import".to_owned());
        let done = apply_in(&store, None, &changes, &by).await.expect("writes");
        let run = done.run().expect("is written");
        let on = apply_in(&store, Some(run), &changes, &by).await;
        assert_eq!(on.expect("goes on").run(), Some(run));
        store.undo(run, now).await.expect("undoes");
        let late = apply_in(&store, Some(run), &changes, &by).await;
        assert!(matches!(late, Err(StoreError::Refused(why)) if why.contains("was taken back")));
    }
}
