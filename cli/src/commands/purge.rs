//! `purge`: removes text everywhere it was written. The one real deletion.

use std::io::{BufRead, IsTerminal};

use anyhow::{Context, Result, bail};
use domain::{Clock, MemoryId};
use serde_json::json;
use store::{Purge, PurgeReport};

use super::{conversations, project};
use crate::args;
use crate::house::House;
use crate::out::{self, Ink, Out};

/// Shows what would go, asks, and removes it.
pub(super) async fn run(house: &House, words: &args::Purge) -> Result<()> {
    let purge = which(house, &words.which).await?;
    if words.dry_run {
        let report = house.store.purge_preview(&purge).await?;
        return tell(house, &report, Done::Not);
    }
    if !words.yes {
        let report = house.store.purge_preview(&purge).await?;
        // What is asked is for the person: scripts get one value, when it is done.
        match house.out.is_json() {
            true => lines(house.out, &report, Done::Not)
                .iter()
                .for_each(out::say),
            false => tell(house, &report, Done::Not)?,
        }
        confirm()?;
    }
    let report = house.store.purge(&purge, house.clock.now()).await?;
    tell(house, &report, Done::Yes)?;
    report
        .outside
        .iter()
        .for_each(|place| out::say(format!("beyond our reach: {place}")));
    Ok(())
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Done {
    Yes,
    Not,
}

async fn which(house: &House, words: &args::Which) -> Result<Purge> {
    if let Some(pattern) = &words.pattern {
        return Ok(Purge::Pattern(pattern.clone()));
    }
    if let Some(name) = &words.only_project {
        return Ok(Purge::Project(project::named(house, name).await?.id));
    }
    if let Some(session) = &words.session {
        return Ok(Purge::Session(
            conversations::session_named(house, session).await?,
        ));
    }
    words
        .before
        .map(Purge::Before)
        .context("name what is to be removed")
}

fn confirm() -> Result<()> {
    let stdin = std::io::stdin();
    if !stdin.is_terminal() {
        bail!("nothing was removed; add --yes where nobody can be asked");
    }
    out::say("This cannot be undone. Remove it? Type yes:");
    let mut answer = String::new();
    stdin.lock().read_line(&mut answer)?;
    match answer.trim() {
        "yes" => Ok(()),
        _ => bail!("nothing was removed"),
    }
}

fn tell(house: &House, report: &PurgeReport, done: Done) -> Result<()> {
    if house.out.is_json() {
        return house
            .out
            .value(&json!({ "done": done == Done::Yes, "removed": report }));
    }
    lines(house.out, report, done)
        .iter()
        .try_for_each(|line| house.out.line(line))
}

fn lines(out: Out, report: &PurgeReport, done: Done) -> Vec<String> {
    let verb = if done == Done::Yes {
        "removed"
    } else {
        "would remove"
    };
    let mut lines = vec![format!(
        "{}: {} turns, {} memories, {} quotes, {} old wordings, {} requests to a model",
        out.ink(Ink::Warn, verb),
        report.turns,
        report.memories.len(),
        report.evidence,
        report.revisions,
        report.asks,
    )];
    let ids: Vec<&str> = report.memories.iter().map(MemoryId::as_str).collect();
    if !ids.is_empty() {
        lines.push(format!("  {}", ids.join(" ")));
    }
    lines
}
