//! The loop: claims a job, runs it, writes what came of it, until nothing is due.
//!
//! Holds no state between jobs: whatever must survive stands in the queue.

use std::future::Future;
use std::path::Path;
use std::time::Duration;

use domain::{Changes, Claimed, Finished, Job, Model, RunId, Transient, Wrote};
use serde::Serialize;
use tokio::sync::watch;
use tracing::{info, warn};

use crate::line::Line;
use crate::{Ports, Rules, StepError, WorkError, backoff, run, spool, waking};

/// The signal to stop after the present job.
pub type Stop = watch::Receiver<bool>;

/// How often a step decides anew when the memories it read have moved.
const STALE_TRIES: u32 = 5;
/// How long a watching worker sleeps at most: the spool has no bell.
const LONGEST_SLEEP: Duration = Duration::from_secs(2);

/// What one turn of the loop came to.
#[derive(Clone, Debug, PartialEq)]
pub enum Did {
    /// Nothing is due.
    Nothing,
    /// A job is done, and what came of it is written.
    Finished {
        /// The job.
        job: Job,
        /// Its run.
        run: RunId,
        /// What was new in it.
        wrote: Wrote,
        /// What was asked to be written.
        changes: Box<Changes>,
    },
    /// The job waits for something outside.
    Waits {
        /// The job.
        job: Job,
        /// What for.
        on: String,
    },
    /// The lease ran out under the work: somebody else does it.
    Lost(Job),
    /// The job failed.
    Failed {
        /// The job.
        job: Job,
        /// What a person reads about it.
        why: String,
        /// Whether it waits for a person now.
        parked: bool,
    },
}

/// What a worker did in all.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// Jobs that were finished.
    pub jobs: usize,
    /// Turns that were archived.
    pub turns: usize,
    /// Memories that are new and not in quarantine.
    pub memories: usize,
    /// Memories in quarantine.
    pub quarantined: usize,
    /// Memories that gained evidence.
    pub supported: usize,
    /// Jobs that wait for something outside.
    pub waiting: usize,
    /// Jobs that failed.
    pub failed: usize,
    /// Files in the spool that are no notices.
    pub odd_notices: usize,
}

impl Tally {
    fn count(&mut self, did: &Did) {
        match did {
            Did::Nothing | Did::Lost(_) => {}
            Did::Failed { .. } => self.failed += 1,
            Did::Waits { .. } => self.waiting += 1,
            Did::Finished { wrote, .. } => {
                self.jobs += 1;
                self.turns += wrote.turns;
                self.memories += wrote.memories;
                self.quarantined += wrote.quarantined;
                self.supported += wrote.supported;
            }
        }
    }
}

/// Does the one job that is due longest.
pub async fn turn(ports: &Ports<'_>, rules: &Rules) -> Result<Did, WorkError> {
    let Some(claimed) = ports.queue.claim(ports.clock.now(), rules.lease).await? else {
        return Ok(Did::Nothing);
    };
    match attempt(ports, rules, &claimed).await {
        Ok(did) => Ok(did),
        Err(StepError::Waits { on, again }) => {
            info!(job.id = %claimed.id, "{} waits for {on}", claimed.job.kind());
            ports.queue.wait(&claimed, &on, again).await?;
            let job = claimed.job;
            Ok(Did::Waits { job, on })
        }
        Err(error) => give_back(ports, claimed, &error).await,
    }
}

async fn attempt(ports: &Ports<'_>, rules: &Rules, claimed: &Claimed) -> Result<Did, StepError> {
    for _ in 0..STALE_TRIES {
        let changes = with_heartbeat(ports, rules, claimed, run(ports, rules, claimed)).await?;
        let job = claimed.job.clone();
        match ports.queue.finish(claimed, &changes).await? {
            Finished::Done { run, wrote } => {
                info!(job.id = %claimed.id, run.id = %run, turns = wrote.turns,
                    memories.new = wrote.memories, "finished {}", job.kind());
                return Ok(Did::Finished {
                    job,
                    run,
                    wrote,
                    changes: Box::new(changes),
                });
            }
            Finished::Lost => {
                warn!(job.id = %claimed.id, "lost the lease on {}", job.kind());
                return Ok(Did::Lost(job));
            }
            Finished::Stale(moved) => {
                info!(job.id = %claimed.id, moved = moved.len(), "deciding anew");
            }
        }
    }
    Err(StepError::Restless(STALE_TRIES))
}

/// Keeps the lease alive while a step works.
async fn with_heartbeat<T>(
    ports: &Ports<'_>,
    rules: &Rules,
    claimed: &Claimed,
    step: impl Future<Output = T>,
) -> T {
    let third = Duration::try_from(rules.lease / 3).unwrap_or(Duration::from_secs(10));
    let mut beat = tokio::time::interval(third);
    beat.tick().await;
    // The step goes on while a renewal waits for the one connection that writes: it may hold it.
    let beats = async {
        loop {
            beat.tick().await;
            // A renewal that fails shows itself at `finish`, where the claim is checked.
            let until = ports.clock.now() + rules.lease;
            let _ = ports.queue.renew(claimed, until).await;
        }
    };
    tokio::select! {
        done = step => done,
        () = beats => unreachable!("a heart beats until the step is done"),
    }
}

async fn give_back(
    ports: &Ports<'_>,
    claimed: Claimed,
    error: &StepError,
) -> Result<Did, WorkError> {
    let now = ports.clock.now();
    let again = match error.is_transient() {
        true => backoff::again(claimed.id, claimed.attempts, now),
        false => None,
    };
    let why = sentence(error);
    warn!(job.id = %claimed.id, parked = again.is_none(), "{} failed: {why}", claimed.job.kind());
    ports.queue.fail(&claimed, &why, again).await?;
    Ok(Did::Failed {
        job: claimed.job,
        why,
        parked: again.is_none(),
    })
}

fn sentence(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(error.source(), |cause| cause.source());
    causes.fold(error.to_string(), |text, cause| format!("{text}: {cause}"))
}

/// Folds the spool in and works until nothing is due or the signal comes. A model that was found to be
/// down is asked by nobody else until then.
pub async fn drain(
    ports: &Ports<'_>,
    rules: &Rules,
    spool: &Path,
    stop: &Stop,
    tell: &mut (dyn FnMut(&Did) + Send),
) -> Result<Tally, WorkError> {
    let line = line(ports, stop);
    round(&through(ports, line.as_ref()), rules, spool, stop, tell).await
}

fn line<'a>(ports: &Ports<'a>, stop: &Stop) -> Option<Line<'a>> {
    let model = ports.model?;
    Some(Line::new(model, ports.clock, stop.clone()))
}

/// Returns the same doors, with the line where the model was.
fn through<'a>(ports: &Ports<'a>, line: Option<&'a Line<'_>>) -> Ports<'a> {
    Ports {
        model: line.map(|line| line as &dyn Model),
        ..*ports
    }
}

async fn round(
    ports: &Ports<'_>,
    rules: &Rules,
    spool: &Path,
    stop: &Stop,
    tell: &mut (dyn FnMut(&Did) + Send),
) -> Result<Tally, WorkError> {
    let odd_notices = spool::fold(ports.queue, spool, ports.clock.now())
        .await?
        .broken;
    let mut tally = Tally {
        odd_notices,
        ..Tally::default()
    };
    if odd_notices > 0 {
        warn!(odd_notices, "the spool held files that are no notices");
    }
    call_the_night(ports, rules).await?;
    waking::look_again(ports).await?;
    let mut heard = false;
    while !*stop.borrow() {
        let did = turn(ports, rules).await?;
        // Whoever answers one will answer the others.
        if !heard && was_answered(ports, &did) {
            heard = true;
            waking::everybody(ports).await?;
        }
        // Before giving up it looks once more for what came in while it worked.
        if did == Did::Nothing {
            let folded = spool::fold(ports.queue, spool, ports.clock.now()).await?;
            tally.odd_notices += folded.broken;
            if folded.taken == 0 {
                break;
            }
        }
        tally.count(&did);
        tell(&did);
    }
    Ok(tally)
}

/// Says whether a job is done for which the model had to be there.
fn was_answered(ports: &Ports<'_>, did: &Did) -> bool {
    let extracted = matches!(
        did,
        Did::Finished {
            job: Job::Extract { .. },
            ..
        }
    );
    extracted && ports.model.is_some()
}

/// Stays, keeps the schedule, and works whenever something is due, until the signal comes.
pub async fn watch(
    ports: &Ports<'_>,
    rules: &Rules,
    spool: &Path,
    stop: &mut Stop,
    tell: &mut (dyn FnMut(&Did) + Send),
) -> Result<(), WorkError> {
    let line = line(ports, stop);
    let ports = &through(ports, line.as_ref());
    while !*stop.borrow() {
        round(ports, rules, spool, stop, tell).await?;
        let due = ports.queue.next_due().await?;
        let wait = due.map(|due| due.duration_since(ports.clock.now()));
        let wait = wait
            .and_then(|wait| Duration::try_from(wait).ok())
            .unwrap_or(LONGEST_SLEEP);
        tokio::select! {
            () = tokio::time::sleep(wait.min(LONGEST_SLEEP)) => {}
            changed = stop.changed() => if changed.is_err() { break },
        }
    }
    Ok(())
}

/// Enqueues the night's work when its hour has come, or came while nobody worked: once.
async fn call_the_night(ports: &Ports<'_>, rules: &Rules) -> Result<(), WorkError> {
    let now = ports.clock.now();
    let last = match ports.library.last_run(Job::Sweep.kind()).await? {
        Some(last) => Some(last),
        None => ports.library.first_run().await?,
    };
    let Some(slot) = last.and_then(|last| rules.night.due(Some(last), now, &rules.zone)) else {
        return Ok(());
    };
    if ports.queue.enqueue(&Job::Sweep, slot, now).await?.is_some() {
        let pruned = ports.queue.prune_journal(now - rules.journal_keep).await?;
        info!(
            journal.pruned = pruned,
            "the night's work is due since {slot}"
        );
    }
    Ok(())
}
