//! The commands, one file each; here only which is which.

mod completions;
mod config;
mod conversations;
mod demo;
mod edit;
mod eval;
mod exclude;
mod explain;
mod export;
mod forget;
mod history;
mod import;
mod ingest;
mod list;
mod memories;
mod pin;
mod project;
mod purge;
pub(crate) mod readers;
mod reread;
mod restore;
mod review;
mod save;
mod search;
mod show;
mod status;
mod structure;
mod twins;
mod undo;
mod work;

pub(crate) use work::Stopped;

use anyhow::{Result, bail};

use crate::args::{Command, Words};
use crate::environment;
use crate::house::House;
use crate::out::{self, Out};

/// Runs the one command that the words name.
pub(crate) async fn run(words: Words) -> Result<()> {
    arm_fault()?;
    if is_off(&words.command) {
        out::say(format!("{} is set: nothing is read", environment::OFF));
        return work::nothing(Out::new(words.json));
    }
    match &words.command {
        Command::Completions { shell } => return completions::run(Out::new(words.json), *shell),
        Command::Eval(eval) => return eval::run(Out::new(words.json), eval).await,
        Command::Demo => return demo::run(&words).await,
        Command::Config => return config::run(&words),
        _ => {}
    }
    let house = House::open(&words).await?;
    let done = in_house(&house, &words.command).await;
    // Closed, a file takes its write-ahead log in: the next search need not read through it.
    house.store.close().await;
    done
}

async fn in_house(house: &House, command: &Command) -> Result<()> {
    match command {
        Command::Completions { .. } | Command::Eval(_) | Command::Demo | Command::Config => Ok(()),
        Command::Ingest(ingest) => ingest::run(house, ingest).await,
        Command::Reread(reread) => reread::run(house, reread).await,
        Command::Work(work) => work::run(house, work).await,
        Command::Search(search) => search::run(house, search).await,
        Command::List(list) => list::run(house, list).await,
        Command::Show(one) => show::run(house, one).await,
        Command::Explain(one) => explain::run(house, one).await,
        Command::History(one) => history::run(house, one).await,
        Command::Save(save) => save::run(house, save).await,
        Command::Edit(edit) => edit::run(house, edit).await,
        Command::Pin(pin) => pin::run(house, pin).await,
        Command::Forget(one) => forget::run(house, one).await,
        Command::Restore(one) => restore::run(house, one).await,
        Command::Review(review) => review::run(house, review).await,
        Command::Undo(undo) => undo::run(house, undo).await,
        Command::Status(status) => status::run(house, status).await,
        Command::Conversations(conversations) => conversations::run(house, conversations).await,
        Command::Project(project) => project::run(house, project).await,
        Command::Exclude(exclude) => exclude::run(house, exclude).await,
        Command::Purge(purge) => purge::run(house, purge).await,
        Command::Export(export) => export::run(house, export).await,
        Command::Import(import) => import::run(house, import).await,
    }
}

/// What reads transcripts does nothing in a session for which dormouse is turned off.
fn is_off(command: &Command) -> bool {
    let reads = matches!(
        command,
        Command::Ingest(_) | Command::Reread(_) | Command::Work(_)
    );
    reads && environment::is_off()
}

fn arm_fault() -> Result<()> {
    if let Some(point) = environment::fault()
        && !store::fault::arm(&point)
    {
        bail!(
            "{}={point}: known are {}",
            environment::FAULT,
            store::fault::POINTS.join(", ")
        );
    }
    Ok(())
}
