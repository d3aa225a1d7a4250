//! `work`: does whatever waits to be done, alone, and stops.

use anyhow::Result;
use pipeline::{Did, Lock, Stop, Tally};
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::args::Work;
use crate::house::House;
use crate::out::{self, Ink};

/// Drains what is due; with `--watch` stays and keeps the schedule.
pub(super) async fn run(house: &House, words: &Work) -> Result<()> {
    let lock = Lock::take(&house.home.lock())?;
    let mut ears = Ears::open()?;
    let (rules, spool) = (house.rules()?, house.home.spool());
    let mut tell = |did: &Did| complain(did);
    if words.watch {
        return Ok(
            pipeline::watch(&house.ports(), &rules, &spool, &mut ears.stop, &mut tell).await?,
        );
    }
    let tally = pipeline::drain(&house.ports(), &rules, &spool, &ears.stop, &mut tell).await?;
    drop(lock);
    report(house, &tally)
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

/// Says what was done.
pub(super) fn report(house: &House, tally: &Tally) -> Result<()> {
    if house.out.is_json() {
        return house.out.value(tally);
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
    if tally.failed > 0 {
        let failed = format!(", {} jobs failed", tally.failed);
        line.push_str(&house.out.ink(Ink::Warn, failed));
    }
    house.out.line(line)
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
