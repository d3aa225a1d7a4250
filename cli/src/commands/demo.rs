//! `demo`: the main job on a recorded session, in a throw-away home.
//!
//! Its clock stands still, so that it prints the same every time.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use domain::{Author, Changes, Clock, Format, Job, NextJob, Queue, Record, Shown, Source, View};
use eval::Scratch;
use jiff::Timestamp;
use pipeline::Tally;
use recall::Hit;
use serde_json::{Value, json};
use store::ListWish;
use tokio::sync::watch;

use super::{memories, search, work};
use crate::args::Words;
use crate::clock::WallClock;
use crate::home::Home;
use crate::house::House;
use crate::out::{Ink, Out};

/// A session of Claude Code: a health endpoint is built, a test database is down, words are said.
const SESSION: &str = include_str!("../../demo/session.jsonl");
/// The folder in which it was recorded. It exists on no machine, and need not.
const PROJECT: &str = "/srv/shop";
/// The hour after the session.
const NOW: Timestamp = Timestamp::constant(1_772_449_200, 0);

/// Words of the session that are no lesson, each with the reason.
const PASSED_OVER: [(&str, &str); 4] = [
    ("Don't push yet", "bound to the moment"),
    ("the other file", "bound to the moment"),
    ("always use yarn", "put there by the client: nobody said it"),
    (
        "always run curl",
        "said by a web page: data, not an instruction",
    ),
];
/// Stands in what a command printed.
const PASSWORD: &str = "correct-horse-battery";
const NO_PASSWORD: &str = "a password: in no byte of the home";
/// What somebody may ask later.
const QUERY: &str = "npm or pnpm";

/// Shows reading, learning, finding, and reading again.
pub(super) async fn run(words: &Words) -> Result<()> {
    let scratch = Scratch::new("demo")?;
    let words = Words {
        project: Some(PathBuf::from(PROJECT)),
        ..words.bare()
    };
    let mut house = House::open_at(Home::at(&scratch.path().join("home")), &words).await?;
    house.clock = WallClock::Still(NOW);
    let path = scratch.path().join("session.jsonl");
    // A folder of our own: nobody's file can be harmed here.
    #[expect(
        clippy::disallowed_methods,
        reason = "the file is new, in a folder made just now"
    )]
    std::fs::write(&path, SESSION).context("the demo needs a temporary folder to write in")?;

    let story = play(&house, &path).await?;
    match house.out.is_json() {
        true => house.out.value(&value(&story)?),
        false => tell(house.out, &story),
    }
}

/// What the session came to, read twice.
struct Story {
    first: Tally,
    learned: Vec<Record>,
    hits: Vec<Hit<Record>>,
    again: Tally,
}

async fn play(house: &House, path: &Path) -> Result<Story> {
    let first = read(house, path).await?;
    let view = View {
        project: house.here().await?.map(|project| project.id),
        ..View::default()
    };
    let learned = learned(house, &view).await?;
    for (words, _) in PASSED_OVER {
        let taken = learned
            .iter()
            .any(|record| record.memory.lesson.text().contains(words));
        ensure!(!taken, "{words:?} was learned: the demo shows a fault");
    }
    ensure!(
        !holds(house.home.root(), PASSWORD)?,
        "the password reached the disk"
    );
    Ok(Story {
        first,
        learned,
        hits: recall::search(&house.store, &view, QUERY, 1).await?,
        again: read(house, path).await?,
    })
}

fn tell(out: Out, story: &Story) -> Result<()> {
    heading(out, "A recorded session is read")?;
    let (turns, lessons) = (story.first.turns, story.first.memories);
    let lines = SESSION.lines().count();
    out.line(format!("{lines} lines, {turns} turns, {lessons} lessons"))?;

    heading(out, "What was learned, each with the words it came from")?;
    for record in &story.learned {
        memories::print(out, record)?;
        memories::print_evidence(out, record)?;
    }
    heading(out, "What was in it and was not learned")?;
    for (words, why) in PASSED_OVER {
        out.line(format!("  “{words}” {}", out.ink(Ink::Faint, why)))?;
    }
    let why = out.ink(Ink::Faint, NO_PASSWORD);
    out.line(format!("  “{}…” {why}", &PASSWORD[..12]))?;

    heading(out, &format!("dormouse search {QUERY}"))?;
    for hit in &story.hits {
        out.line(memories::line(out, &hit.found))?;
        out.line(format!("  {}", out.ink(Ink::Faint, search::reasons(hit))))?;
    }
    heading(out, "The same session is read again")?;
    let (turns, lessons) = (story.again.turns, story.again.memories);
    out.line(format!("{turns} turns, {lessons} lessons"))
}

fn value(story: &Story) -> Result<Value> {
    let learned: Vec<Shown<'_>> = story.learned.iter().map(Shown::from).collect();
    let passed_over = PASSED_OVER.map(|(words, why)| json!({ "words": words, "why": why }));
    let hits: Result<Vec<Value>> = story.hits.iter().map(search::value).collect();
    Ok(json!({
        "lines": SESSION.lines().count(), "first": story.first, "learned": learned,
        "passed_over": passed_over, "search": { "query": QUERY, "hits": hits? },
        "again": story.again,
    }))
}

fn heading(out: Out, text: &str) -> Result<()> {
    out.line("")?;
    out.line(out.ink(Ink::Strong, text))
}

/// Reads a session and learns from it.
async fn read(house: &House, path: &Path) -> Result<Tally> {
    let source = Source::unread(path.display().to_string(), Format::ClaudeCodeJsonl);
    let now = house.clock.now();
    let job = Job::Ingest {
        source: source.id.clone(),
    };
    let changes = Changes {
        sources: vec![source],
        next: vec![NextJob { job, due: now }],
        ..Changes::at(now)
    };
    house
        .store
        .apply(&changes, &Author::Person("ingest".to_owned()))
        .await?;
    let (_keep, stop) = watch::channel(false);
    let (rules, spool) = (house.rules()?, house.home.spool());
    Ok(pipeline::drain(
        &house.ports(None),
        &rules,
        &spool,
        &stop,
        &mut work::complain,
    )
    .await?)
}

async fn learned(house: &House, view: &View) -> Result<Vec<Record>> {
    let mut page = house.store.list(&ListWish::held(view.clone(), 20)).await?;
    page.sort_by_key(|record| (record.memory.validity.from, record.memory.id.clone()));
    Ok(page)
}

/// Returns whether any file of a folder holds these bytes.
fn holds(folder: &Path, trace: &str) -> Result<bool> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let held = path.is_file()
            && std::fs::read(&path)?
                .windows(trace.len())
                .any(|bytes| bytes == trace.as_bytes());
        if held {
            return Ok(true);
        }
    }
    Ok(false)
}
