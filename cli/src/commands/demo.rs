//! `demo`: the main job on a recorded session, in a throw-away home.
//!
//! Its clock stands still, so that it prints the same every time.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use domain::{
    Author, Changes, Clock, Format, Job, NextJob, Queue, Record, Source, Speaker, Turn, View,
};
use jiff::Timestamp;
use pipeline::{Did, Tally};
use store::ListWish;
use tokio::sync::watch;

use super::{memories, search};
use crate::args::Words;
use crate::clock::WallClock;
use crate::home::Home;
use crate::house::House;
use crate::out::{Ink, Out, headline};

/// A session of Claude Code: a health endpoint is built, a test database is down, words are said.
const SESSION: &str = include_str!("../../demo/session.jsonl");
/// The folder in which it was recorded. It exists on no machine, and need not.
const PROJECT: &str = "/srv/shop";
/// The hour after the session.
const NOW: Timestamp = Timestamp::constant(1_772_449_200, 0);

/// Shows reading, learning, finding, and reading again.
pub(super) async fn run(words: &Words) -> Result<()> {
    let scratch = Scratch::new()?;
    let words = Words {
        project: Some(PathBuf::from(PROJECT)),
        ..words.bare()
    };
    let mut house = House::open_at(Home::at(&scratch.0.join("home")), &words).await?;
    house.clock = WallClock::Still(NOW);
    let path = scratch.0.join("session.jsonl");
    // A folder of our own: nobody's file can be harmed here.
    #[expect(
        clippy::disallowed_methods,
        reason = "the file is new, in a folder made just now"
    )]
    std::fs::write(&path, SESSION).context("the demo needs a temporary folder to write in")?;

    let out = house.out;
    heading(out, "A recorded session is read")?;
    let (tally, words_of) = read(&house, &path).await?;
    out.line(format!(
        "{} lines; {} turns archived, {} said by you, {} lessons learned",
        SESSION.lines().count(),
        tally.turns,
        words_of.len(),
        tally.memories
    ))?;
    heading(out, "What was learned, each with the words it came from")?;
    let view = View {
        project: house.here().await?.map(|project| project.id),
        ..View::default()
    };
    for record in learned(&house, &view).await? {
        memories::print(out, &record)?;
        memories::print_evidence(out, &record)?;
        out.line("")?;
    }
    heading(out, "What was said and is no lesson")?;
    words_of
        .iter()
        .try_for_each(|said| out.line(format!("  “{}”", headline(said, 90))))?;
    find(&house, &view, "which package manager do we use").await?;
    heading(out, "The same session is read again")?;
    let (tally, _) = read(&house, &path).await?;
    out.line(format!(
        "{} turns archived, {} lessons learned",
        tally.turns, tally.memories
    ))
}

fn heading(out: Out, text: &str) -> Result<()> {
    out.line("")?;
    out.line(out.ink(Ink::Strong, text))
}

/// Reads a session and learns from it: what was done, and what the user said.
async fn read(house: &House, path: &Path) -> Result<(Tally, Vec<String>)> {
    let source = Source::unread(path.display().to_string(), Format::ClaudeCodeJsonl);
    let now = house.clock.now();
    let changes = Changes {
        next: vec![NextJob {
            job: Job::Ingest {
                source: source.id.clone(),
            },
            due: now,
        }],
        sources: vec![source],
        ..Changes::at(now)
    };
    house
        .store
        .apply(&changes, &Author::Person("ingest".to_owned()))
        .await?;
    let (_keep, stop) = watch::channel(false);
    let mut said = Vec::new();
    let mut listen = |did: &Did| {
        if let Did::Finished { changes, .. } = did {
            said.extend(changes.turns.iter().flat_map(said_by_the_user));
        }
    };
    let (rules, spool) = (house.rules()?, house.home.spool());
    let tally = pipeline::drain(&house.ports(), &rules, &spool, &stop, &mut listen).await?;
    Ok((tally, said))
}

fn said_by_the_user(turn: &Turn) -> impl Iterator<Item = String> {
    turn.parts
        .iter()
        .filter(|part| part.speaker == Speaker::User)
        .map(|part| part.text.clone())
}

async fn learned(house: &House, view: &View) -> Result<Vec<Record>> {
    let mut page = house.store.list(&ListWish::held(view.clone(), 20)).await?;
    page.sort_by_key(|record| (record.memory.validity.from, record.memory.id.clone()));
    Ok(page)
}

async fn find(house: &House, view: &View, query: &str) -> Result<()> {
    let out = house.out;
    heading(out, &format!("dormouse search {query}"))?;
    for hit in recall::search(&house.store, view, query, 1).await? {
        out.line(memories::line(out, &hit.found))?;
        out.line(format!("  {}", out.ink(Ink::Faint, search::reasons(&hit))))?;
    }
    Ok(())
}

/// A folder that goes when the demo ends, however it ends.
struct Scratch(PathBuf);

impl Scratch {
    fn new() -> Result<Self> {
        let folder = std::env::temp_dir().join(format!("dormouse-demo-{}", std::process::id()));
        std::fs::create_dir(&folder)
            .with_context(|| format!("the demo cannot make {}", folder.display()))?;
        Ok(Self(folder))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // What cannot be removed now, the system's own cleaning of temporary files will.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
