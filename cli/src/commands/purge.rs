//! `purge`: removes text everywhere it was written. The one real deletion.

use std::collections::BTreeSet;
use std::io::{BufRead, IsTerminal};

use anyhow::{Context, Result, bail};
use domain::{Clock, MemoryId, ProjectId, SessionId};
use jiff::Timestamp;
use llm::mailbox;
use regex::RegexBuilder;
use serde_json::json;
use store::{Purge, PurgeReport};

use super::{conversations, project};
use crate::args;
use crate::house::House;
use crate::model;
use crate::out::{self, Ink, Out};
use crate::traces::{self, Wanted};

/// Shows what would go, asks, and removes it.
pub(super) async fn run(house: &House, words: &args::Purge) -> Result<()> {
    let purge = which(house, words).await?;
    if words.which.pattern.is_some() && !words.match_case {
        out::say(
            "the pattern is found in upper and lower case alike; --match-case finds it as written",
        );
    }
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
    let places = house.store.purge_places(&purge).await?;
    let wanted = Wanted {
        purge: &purge,
        places: &places,
    };
    // The mailbox goes first: what it held can then not come back as a reply in between. So do the
    // notices, which name what is to be read.
    let mailbox = empty_mailbox(house, &purge).await?;
    let traces = traces::remove(&house.home, &wanted)?;
    let mut report = house.store.purge(&purge, house.clock.now()).await?;
    report.stays.extend(traces::stay(&house.home, &wanted));
    for (count, what) in [
        (mailbox, "requests and replies removed from the mailbox"),
        (traces.lines, "lines removed from the log"),
        (traces.notices, "notices removed from the spool"),
    ] {
        if count > 0 {
            out::say(format!("{count} {what}"));
        }
    }
    tell(house, &report, Done::Yes)?;
    report
        .stays
        .iter()
        .for_each(|what| out::say(format!("stays: {what}")));
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

async fn which(house: &House, words: &args::Purge) -> Result<Purge> {
    let (words, match_case) = (&words.which, words.match_case);
    if let Some(pattern) = &words.pattern {
        let mut pattern = RegexBuilder::new(pattern);
        return Ok(Purge::Pattern(
            pattern.case_insensitive(!match_case).build()?,
        ));
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

/// Removes from the mailbox what the purge removes from the store.
async fn empty_mailbox(house: &House, purge: &Purge) -> Result<usize> {
    let folder = model::mailbox_folder(&house.config.llm, &house.home);
    let purged = match purge {
        Purge::Pattern(pattern) => mailbox::purge(&folder, &|text| pattern.is_match(text)),
        Purge::Session(session) => mailbox::purge_sessions(&folder, &|held| held == session),
        // A request that goes with its session although it was not meant is asked again.
        Purge::Project(project) => {
            let sessions = sessions(house, Some(project), |_| true).await?;
            mailbox::purge_sessions(&folder, &|held| sessions.contains(held))
        }
        Purge::Before(at) => {
            let sessions = sessions(house, None, |begun| begun < *at).await?;
            mailbox::purge_sessions(&folder, &|held| sessions.contains(held))
        }
    };
    let purged = purged.with_context(|| format!("the mailbox {}", folder.display()))?;
    Ok(usize::try_from(purged.requests + purged.replies)?)
}

/// Returns the sessions of a project, or of all, that began when it is wanted.
async fn sessions(
    house: &House,
    project: Option<&ProjectId>,
    wanted: impl Fn(Timestamp) -> bool,
) -> Result<BTreeSet<SessionId>> {
    let all = house.store.conversations(project, None, usize::MAX).await?;
    let all = all.into_iter().map(|conversation| conversation.session);
    let found = all.filter(|session| wanted(session.started_at));
    Ok(found.map(|session| session.id).collect())
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
        "{}: {} turns, {} memories, {} quotes, {} old wordings, {} requests to a model, {} names and paths",
        out.ink(Ink::Warn, verb),
        report.turns,
        report.memories.len(),
        report.evidence,
        report.revisions,
        report.asks,
        report.names,
    )];
    let ids: Vec<&str> = report.memories.iter().map(MemoryId::as_str).collect();
    if !ids.is_empty() {
        lines.push(format!("  {}", ids.join(" ")));
    }
    lines
}
