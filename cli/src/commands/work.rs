//! `work`: does whatever waits to be done, alone, and stops.

use anyhow::{Result, bail};
use domain::Clock;
use pipeline::{Did, Lock, LockError, Stop, Tally};
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::args::Work;
use crate::batches;
use crate::house::House;
use crate::out::{self, Ink, Out};

/// Drains what is due; with `--watch` stays and keeps the schedule.
pub(super) async fn run(house: &House, words: &Work) -> Result<()> {
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
    let mut tell = |did: &Did| complain(did);
    if words.watch {
        return Ok(pipeline::watch(&ports, &rules, &spool, &mut ears.stop, &mut tell).await?);
    }
    let batches = batches::open(house)?;
    if let Some(batches) = &batches {
        batches::collect(batches).await;
    }
    let tally = pipeline::drain(&ports, &rules, &spool, &ears.stop, &mut tell).await?;
    if let Some(batches) = &batches {
        batches::hand_in(house, &rules, batches).await?;
    }
    drop(lock);
    report(house, &tally)
}

/// Whoever holds the lock is alone: what another process had claimed died with it.
pub(super) async fn take_over(house: &House) -> Result<()> {
    let dead = house.store.reclaim(house.clock.now()).await?;
    if dead > 0 {
        out::say(format!("taking over {dead} jobs of a worker that died"));
    }
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

/// Tells a script that nothing was done; a person has read why.
pub(super) fn nothing(out: Out) -> Result<()> {
    match out.is_json() {
        true => out.value(&Tally::default()),
        false => Ok(()),
    }
}

/// Says what was done.
pub(super) fn report(house: &House, tally: &Tally) -> Result<()> {
    if house.out.is_json() {
        house.out.value(tally)?;
        return verdict(tally);
    }
    let mut line = format!(
        "{} turns read, {} new memories, {} supported",
        tally.turns,
        house.out.ink(Ink::Good, tally.memories.to_string()),
        tally.supported,
    );
    if tally.quarantined > 0 {
        line.push_str(&format!(", {} in quarantine", tally.quarantined));
    }
    if tally.waiting > 0 {
        line.push_str(&format!(", {} jobs wait", tally.waiting));
    }
    if tally.failed > 0 {
        let failed = format!(", {} jobs failed", tally.failed);
        line.push_str(&house.out.ink(Ink::Warn, failed));
    }
    house.out.line(line)?;
    if tally.odd_notices > 0 {
        let odd = house.home.spool().join(pipeline::spool::ODD);
        out::say(format!(
            "{} files in the spool were no notices; look at them in {}",
            tally.odd_notices,
            odd.display()
        ));
    }
    verdict(tally)
}

/// Fails where a job failed.
pub(super) fn verdict(tally: &Tally) -> Result<()> {
    match tally.failed {
        0 => Ok(()),
        failed => bail!("jobs that failed: {failed}; `dormouse status` says which and why"),
    }
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
            out::say("stopping after the present job");
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
