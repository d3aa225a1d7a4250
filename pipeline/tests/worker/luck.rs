//! A worker and its bad luck: memories that keep moving, leases that run out, work that takes long.
//!
//! The luck is a queue that does something of its own before it hands a job's end on to the store.

use std::sync::atomic::{AtomicU32, Ordering::SeqCst};

use crate::house::{House, RULE, at};
use async_trait::async_trait;
use domain::{
    Author, Changes, Claimed, Finished, Job, JobId, Memory, Queue, Record, Standing, StoreError,
};
use jiff::{SignedDuration, Timestamp};
use pipeline::{Did, Ports, Verdict, judge, turn};
use store::{JobState, Store};

/// What happens just before a job is finished.
enum Luck {
    /// Somebody changes every memory, so many times.
    Moves(AtomicU32),
    /// Somebody else takes the job over.
    TakenOver,
    /// None; it counts how often the lease was renewed.
    None(AtomicU32),
}

/// A store with luck.
struct Lucky<'a>(&'a Store, Luck);

impl Lucky<'_> {
    async fn strike(&self, now: Timestamp) -> Result<(), StoreError> {
        match &self.1 {
            Luck::Moves(left) if left.load(SeqCst) > 0 => {
                left.fetch_sub(1, SeqCst);
                let wish = store::ListWish::held(domain::View::default(), 9);
                let touched = self.0.list(&wish).await?.into_iter().map(|held| Memory {
                    revision: held.memory.revision.next(),
                    ..held.memory
                });
                let changes = Changes {
                    updated: touched.collect(),
                    ..Changes::at(now)
                };
                let by = Author::Person("edit".to_owned());
                self.0.apply(&changes, &by).await.map(drop)
            }
            Luck::TakenOver => {
                self.0.reclaim(now).await?;
                let taken = self.0.claim(now, SignedDuration::from_hours(9)).await?;
                assert!(taken.is_some(), "the other worker has it now");
                Ok(())
            }
            Luck::Moves(_) | Luck::None(_) => Ok(()),
        }
    }
}

#[async_trait]
impl Queue for Lucky<'_> {
    async fn enqueue(
        &self,
        job: &Job,
        due: Timestamp,
        now: Timestamp,
    ) -> Result<Option<JobId>, StoreError> {
        self.0.enqueue(job, due, now).await
    }

    async fn claim(
        &self,
        now: Timestamp,
        lease: SignedDuration,
    ) -> Result<Option<Claimed>, StoreError> {
        self.0.claim(now, lease).await
    }

    async fn renew(&self, job: &Claimed, until: Timestamp) -> Result<bool, StoreError> {
        if let Luck::None(beats) = &self.1 {
            beats.fetch_add(1, SeqCst);
        }
        self.0.renew(job, until).await
    }

    async fn wait(&self, job: &Claimed, on: &str, look_again: Timestamp) -> Result<(), StoreError> {
        self.0.wait(job, on, look_again).await
    }

    async fn waited_for(&self) -> Result<Vec<String>, StoreError> {
        self.0.waited_for().await
    }

    async fn wake(&self, on: &str, now: Timestamp, most: usize) -> Result<u64, StoreError> {
        self.0.wake(on, now, most).await
    }

    async fn finish(&self, job: &Claimed, changes: &Changes) -> Result<Finished, StoreError> {
        self.strike(changes.at).await?;
        self.0.finish(job, changes).await
    }

    async fn fail(
        &self,
        job: &Claimed,
        why: &str,
        again: Option<Timestamp>,
    ) -> Result<(), StoreError> {
        self.0.fail(job, why, again).await
    }

    async fn apply(&self, changes: &Changes, by: &Author) -> Result<Finished, StoreError> {
        self.0.apply(changes, by).await
    }

    async fn next_due(&self) -> Result<Option<Timestamp>, StoreError> {
        self.0.next_due().await
    }

    async fn prune_journal(&self, before: Timestamp) -> Result<u64, StoreError> {
        self.0.prune_journal(before).await
    }
}

/// A house that holds a rule, and has yet to learn from a second session that says it again.
async fn said_again() -> House {
    let house = House::with_session(&[RULE]).await;
    house.drain().await;
    let path = house.write_session("two", &[RULE], "2026-03-03T10:00:00Z");
    house.enqueue_source(&path).await;
    turn(&house.ports(), &house.rules).await.expect("reads");
    house
}

async fn with_luck(house: &House, luck: Luck) -> (Did, Lucky<'_>) {
    let lucky = Lucky(&house.store, luck);
    let ports = Ports {
        queue: &lucky,
        ..house.ports()
    };
    let did = turn(&ports, &house.rules).await.expect("works");
    (did, lucky)
}

#[tokio::test]
async fn a_step_whose_memories_moved_decides_again_on_what_they_are_now() {
    let house = said_again().await;
    let (did, _) = with_luck(&house, Luck::Moves(AtomicU32::new(2))).await;
    assert!(matches!(did, Did::Finished { .. }), "{did:?}");
    assert_eq!(house.memories().await[0].evidence.len(), 2);
}

#[tokio::test]
async fn a_step_whose_memories_keep_moving_is_put_off_and_not_parked() {
    let house = said_again().await;
    let (did, _) = with_luck(&house, Luck::Moves(AtomicU32::new(u32::MAX))).await;
    assert!(matches!(did, Did::Failed { parked: false, .. }), "{did:?}");
    let jobs = house.store.jobs().await.expect("lists");
    assert!(
        matches!(jobs[0].state, JobState::Waiting { .. }),
        "{jobs:?}"
    );
}

#[tokio::test]
async fn a_job_that_another_took_over_is_neither_done_nor_failed() {
    let house = said_again().await;
    let (did, _) = with_luck(&house, Luck::TakenOver).await;
    assert!(matches!(did, Did::Lost(Job::Extract { .. })), "{did:?}");
    let jobs = house.store.jobs().await.expect("lists");
    assert!(
        matches!(jobs[0].state, JobState::Claimed { .. }),
        "{jobs:?}"
    );
    assert_eq!(house.memories().await[0].evidence.len(), 1);
}

#[tokio::test]
async fn a_lease_is_renewed_while_the_work_goes_on() {
    let mut house = House::new().await;
    // Reading so much takes many times as long as this lease; the clock of the house stands still.
    house.rules.lease = SignedDuration::from_millis(3);
    let long = "We go on and on. ".repeat(300_000);
    let path = house.write_session("long", &[&long], "2026-03-02T10:00:00Z");
    house.enqueue_source(&path).await;
    let (did, lucky) = with_luck(&house, Luck::None(AtomicU32::new(0))).await;
    assert!(matches!(did, Did::Finished { .. }), "{did:?}");
    let Luck::None(beats) = lucky.1 else {
        unreachable!("it was given none");
    };
    assert!(
        beats.into_inner() > 0,
        "nobody else may take the work for abandoned"
    );
}

#[tokio::test]
async fn of_memories_that_say_the_same_the_nearest_to_active_speaks_and_then_the_oldest() {
    let house = House::with_session(&[RULE]).await;
    house.drain().await;
    let held = house.memories().await.remove(0);
    let record = |standing, recorded: &str| Record {
        standing,
        memory: Memory {
            recorded_at: at(recorded),
            ..held.memory.clone()
        },
        ..held.clone()
    };
    let (spring, autumn) = ("2026-03-01T00:00:00Z", "2026-09-01T00:00:00Z");
    let old = record(Standing::Superseded, spring);
    let young = record(Standing::Active, autumn);
    let older = record(Standing::Active, spring);
    let doubted = record(Standing::Quarantined, spring);
    let forgotten = record(Standing::Forgotten, autumn);
    assert_eq!(judge(std::slice::from_ref(&doubted)), Verdict::New);
    assert_eq!(
        judge(&[old.clone(), young.clone(), doubted]),
        Verdict::Same(&young)
    );
    assert_eq!(
        judge(&[young.clone(), older.clone()]),
        Verdict::Same(&older)
    );
    assert_eq!(judge(&[older, forgotten]), Verdict::Forgotten);
}
