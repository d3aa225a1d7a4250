//! `work`: does whatever waits to be done, alone, and stops.

use anyhow::{Result, bail};
use domain::Clock;
use pipeline::{Did, Lock, LockError, Stop, Tally};
use serde::Serialize;
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::args::Work;
use crate::batches;
use crate::house::House;
use crate::left::{self, Left};
use crate::out::{self, Ink, Out};
use crate::withdrawal;

use super::readers;

/// Drains what is due; with `--watch` stays and keeps the schedule.
pub(super) async fn run(house: &House, words: &Work) -> Result<()> {
    run_telling(house, words, &mut complain).await
}

/// Does the same, and lets whoever asked for it follow each job.
pub(super) async fn run_telling(
    house: &House,
    words: &Work,
    tell: &mut (dyn FnMut(&Did) + Send),
) -> Result<()> {
    let lock = match Lock::take(&house.home.lock()) {
        Ok(lock) => lock,
        Err(LockError::Held(holder)) => {
            out::say(format!(
                "another worker is at it already (process {holder})"
            ));
            return nothing(house.out);
        }
        Err(error) => return Err(error.into()),
    };
    take_over(house).await?;
    let mut ears = Ears::open()?;
    let (rules, spool) = (house.rules()?, house.home.spool());
    let model = house.model();
    let ports = house.ports(model.as_deref());
    if words.watch {
        let mut tell = watching();
        return Ok(pipeline::watch(&ports, &rules, &spool, &mut ears.stop, &mut tell).await?);
    }
    let batches = batches::open(house)?;
    if let Some(batches) = &batches {
        batches::collect(batches).await;
    }
    let tally = pipeline::drain(&ports, &rules, &spool, &ears.stop, tell).await?;
    if let Some(batches) = batches.as_ref().filter(|_| !*ears.stop.borrow()) {
        batches::hand_in(house, &rules, batches).await?;
    }
    drop(lock);
    let came = Came::of(house, tally, &ears.stop).await?;
    if house.out.is_json() {
        house.out.value(&came)?;
    }
    report(house, &came)
}

/// Whoever holds the lock is alone: what another process had claimed died with it.
pub(super) async fn take_over(house: &House) -> Result<()> {
    let dead = house.store.reclaim(house.clock.now()).await?;
    if dead > 0 {
        out::say(format!("taking over {dead} jobs of a worker that died"));
    }
    // Whoever kept a project out may have died before the mailbox was emptied.
    withdrawal::run(house).await?;
    Ok(())
}

/// Says on stderr what failed, and what was passed over, as it happens.
pub(super) fn complain(did: &Did) {
    if let Did::Finished { changes, .. } = did {
        changes.notes.iter().for_each(out::say);
    }
    if let Did::Failed { job, why, parked } = did {
        let then = match parked {
            true => "it waits for you: `dormouse status`",
            false => "it is tried again",
        };
        out::say(format!("{} failed: {why}; {then}", job.kind()));
    }
}

/// Says the same, and what keeps jobs waiting whenever that has changed: nobody reads a summary.
fn watching() -> impl FnMut(&Did) + Send {
    let mut told = String::new();
    move |did| {
        complain(did);
        if let Did::Waits { job, on } = did
            && *on != told
            && readers::mailbox_name(on).is_none()
        {
            out::say(format!("{} waits: {on}", job.kind()));
            told.clone_from(on);
        }
    }
}

/// Tells a script that nothing was done; a person has read why.
pub(super) fn nothing(out: Out) -> Result<()> {
    match out.is_json() {
        true => out.value(&Tally::default()),
        false => Ok(()),
    }
}

/// What came of the work, and what is left of it.
#[derive(Serialize)]
pub(super) struct Came {
    #[serde(flatten)]
    tally: Tally,
    jobs_left: Vec<Left>,
    /// Whether an end was wanted before everything was done.
    stopped: bool,
}

impl Came {
    /// Looks at what is left.
    pub(super) async fn of(house: &House, tally: Tally, stop: &Stop) -> Result<Self> {
        let jobs_left = left::groups(&house.store.jobs().await?);
        Ok(Self {
            tally,
            stopped: *stop.borrow() && !jobs_left.is_empty(),
            jobs_left,
        })
    }

    fn verdict(&self) -> Result<()> {
        if self.stopped {
            return Err(Stopped.into());
        }
        match self.tally.failed {
            0 => Ok(()),
            failed => bail!("jobs that failed: {failed}; `dormouse status` says which and why"),
        }
    }
}

/// The person wanted an end before everything was done.
#[derive(Debug)]
pub(crate) struct Stopped;

impl std::fmt::Display for Stopped {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("stopped before everything was done; `dormouse work` goes on from here")
    }
}

impl std::error::Error for Stopped {}

/// So many reasons are told; `status` tells all.
const REASONS: usize = 5;

/// Says what was done and what is left, to a person.
pub(super) fn report(house: &House, came: &Came) -> Result<()> {
    if house.out.is_json() {
        return came.verdict();
    }
    let tally = &came.tally;
    let mut line = format!(
        "{} turns read, {} new memories, {} supported",
        tally.turns,
        house.out.ink(Ink::Good, tally.memories.to_string()),
        tally.supported,
    );
    if tally.quarantined > 0 {
        line.push_str(&format!(", {} in quarantine", tally.quarantined));
    }
    if tally.failed > 0 {
        let failed = format!(", {} jobs failed", tally.failed);
        line.push_str(&house.out.ink(Ink::Warn, failed));
    }
    house.out.line(line)?;
    for group in came.jobs_left.iter().take(REASONS) {
        house.out.line(group.line())?;
    }
    if came.jobs_left.len() > REASONS {
        house.out.line("and more: `dormouse status` tells all")?;
    }
    if tally.odd_notices > 0 {
        let odd = house.home.spool().join(pipeline::spool::ODD);
        out::say(format!(
            "{} files in the spool were no notices; look at them in {}",
            tally.odd_notices,
            odd.display()
        ));
    }
    came.verdict()
}

/// Hears when the person or the system wants us to stop.
pub(super) struct Ears {
    pub(super) stop: Stop,
    _listening: JoinSet<()>,
}

impl Ears {
    /// Begins to listen: the first signal asks for an end after the present job, the second ends.
    pub(super) fn open() -> Result<Self> {
        let (set, stop) = watch::channel(false);
        let mut asked = Signals::new()?;
        let mut listening = JoinSet::new();
        listening.spawn(async move {
            asked.any().await;
            out::say(
                "stopping after the present job; a question to a model is given up in a few seconds. \
                 A second Ctrl-C stops at once",
            );
            let _ = set.send(true);
            asked.any().await;
            std::process::exit(130);
        });
        Ok(Self {
            stop,
            _listening: listening,
        })
    }
}

#[cfg(unix)]
struct Signals {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    fn new() -> Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        let interrupt = signal(SignalKind::interrupt())?;
        Ok(Self {
            interrupt,
            terminate: signal(SignalKind::terminate())?,
        })
    }

    async fn any(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}

#[cfg(not(unix))]
struct Signals;

#[cfg(not(unix))]
impl Signals {
    fn new() -> Result<Self> {
        Ok(Self)
    }

    async fn any(&mut self) {
        let _ = tokio::signal::ctrl_c().await;
    }
}
