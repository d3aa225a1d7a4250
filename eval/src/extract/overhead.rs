//! What everything around a model takes on a long session, and what the session would cost.
//!
//! The model answers at once with three lessons an episode, so that all its time is ours.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use domain::{Episode, Format, Kind, PartKind, Reply, Scope, Source, Speaker, Turn};
use extractors::replies::MAX_LESSONS;
use extractors::{Budget, Limits, episodes, ground, replies};
use prompts::{Extract, Form};
use serde::Serialize;

use super::house::{Labels, work};
use crate::folder::transcripts;
use crate::gold::{self, Claim, Plan, Quoted};
use crate::scratch::Scratch;
use crate::stopwatch::begin;

/// So long is the session: ten hours of work, by the recorded ones.
const BYTES: usize = 5_000_000;
/// Room for a request, as the worker gives it.
const ROOM: usize = 15_000;

/// What the time went to, in milliseconds, and what a model would be asked.
#[derive(Clone, Debug, Serialize)]
pub struct Overhead {
    /// Bytes of the transcript.
    pub bytes: u64,
    /// Recorded sessions that were put together for it.
    pub sessions: usize,
    /// Turns in it.
    pub turns: usize,
    /// Reading the transcript.
    pub reading_ms: f64,
    /// Cutting it into episodes.
    pub cutting_ms: f64,
    /// Filling the prompts.
    pub prompts_ms: f64,
    /// Reading the replies, three lessons each.
    pub replies_ms: f64,
    /// Grounding what they say.
    pub grounding_ms: f64,
    /// The worker from the notice to the last memory, with a store of its own: all of the above,
    /// with queue, books, looking for known memories, and storing.
    pub whole_ms: f64,
    /// Memories that were stored.
    pub memories: usize,
    /// Requests that a model with a window of 32,000 tokens is sent.
    pub calls: u64,
    /// Tokens of the requests, by estimate.
    pub input_tokens: u64,
    /// Tokens of the replies, by estimate.
    pub output_tokens: u64,
    /// Tokens of the largest request, by estimate.
    pub largest_request_tokens: u64,
}

/// Measures the time around an instant model on a session of five megabytes.
pub(super) async fn measure(folder: &Path) -> Result<Overhead> {
    let scratch = Scratch::new("eval-overhead")?;
    let (path, sessions) = long_session(&folder.join("corpus"), scratch.path())?;
    let watch = begin();
    let turns = read(&path)?;
    let reading_ms = watch.ms();
    let borrowed: Vec<&Turn> = turns.iter().collect();
    let watch = begin();
    let cut = episodes::cut(&borrowed, |_| None, &Limits::default());
    let cutting_ms = watch.ms();
    let first = work(&below(&scratch, "dry")?, &path, Labels::of([])).await?;
    let told: Vec<(&Episode, Reply)> = first
        .episodes
        .iter()
        .map(|episode| (episode, chatty(episode, &turns)))
        .collect();
    let (prompts_ms, replies_ms, grounding_ms) = by_itself(&told, &turns);
    let model = Labels::of(told.iter().map(|(e, reply)| (e.id.clone(), reply.clone())));
    let home = below(&scratch, "home")?;
    let watch = begin();
    let worked = work(&home, &path, model).await?;
    let whole_ms = watch.ms();
    debug_assert!(!cut.is_empty(), "a long session has episodes");
    Ok(Overhead {
        bytes: std::fs::metadata(&path)?.len(),
        sessions,
        turns: turns.len(),
        reading_ms,
        cutting_ms,
        prompts_ms,
        replies_ms,
        grounding_ms,
        whole_ms,
        memories: worked.memories().await?.len(),
        calls: worked.asked.calls,
        input_tokens: worked.asked.input_tokens,
        output_tokens: worked.asked.output_tokens,
        largest_request_tokens: worked.asked.largest,
    })
}

fn below(scratch: &Scratch, name: &str) -> Result<PathBuf> {
    let folder = scratch.path().join(name);
    std::fs::create_dir(&folder)?;
    Ok(folder)
}

/// Times what can be called by itself: filling, reading replies, grounding.
fn by_itself(told: &[(&Episode, Reply)], turns: &[Turn]) -> (f64, f64, f64) {
    let (mut prompts_ms, mut replies_ms, mut grounding_ms) = (0.0, 0.0, 0.0);
    for (episode, reply) in told {
        let inside = inside(episode, turns);
        let watch = begin();
        let filled = prompts::extract(&Extract {
            episode,
            turns: &inside,
            known: &[],
            standing: "",
            hints: "",
            form: Form::Xml,
            room: ROOM,
        });
        prompts_ms += watch.ms();
        drop(filled);
        let watch = begin();
        let harvest = replies::lessons(reply, episode, &inside);
        replies_ms += watch.ms();
        let watch = begin();
        let held = harvest.candidates.iter();
        let held = held
            .filter(|one| ground::check(one, &inside).is_ok())
            .count();
        grounding_ms += watch.ms();
        debug_assert!(held <= MAX_LESSONS, "no more than were read");
    }
    (prompts_ms, replies_ms, grounding_ms)
}

fn inside(episode: &Episode, turns: &[Turn]) -> Vec<Turn> {
    let ids: std::collections::HashSet<_> = episode.turns.iter().collect();
    let inside = turns.iter().filter(|turn| ids.contains(&turn.id));
    inside.cloned().collect()
}

/// Puts the longest recorded sessions together until they are long enough.
fn long_session(corpus: &Path, into: &Path) -> Result<(PathBuf, usize)> {
    let mut sources = transcripts(corpus)?;
    let size = |source: &Source| std::fs::metadata(&source.path).map_or(0, |data| data.len());
    sources.sort_by_key(|source| std::cmp::Reverse(size(source)));
    let (mut text, mut count) = (Vec::new(), 0);
    for source in sources {
        let bytes = std::fs::read(&source.path).with_context(|| source.path.clone())?;
        for line in bytes.split_inclusive(|byte| *byte == b'\n') {
            if text.len() < BYTES {
                text.extend_from_slice(line);
            }
        }
        if !text.ends_with(b"\n") {
            text.push(b'\n');
        }
        count += 1;
        if text.len() >= BYTES {
            break;
        }
    }
    let path = into.join("long.jsonl");
    #[expect(
        clippy::disallowed_methods,
        reason = "a file in a folder of our own, which nobody else reads"
    )]
    std::fs::write(&path, text)?;
    Ok((path, count))
}

fn read(path: &Path) -> Result<Vec<Turn>> {
    let mut source = Source::unread(path.display().to_string(), Format::ClaudeCodeJsonl);
    let mut turns = Vec::new();
    loop {
        let reading =
            extractors::read(&source, Budget::default()).with_context(|| source.path.clone())?;
        turns.extend(reading.turns);
        source.cursor = reading.cursor;
        if !reading.more {
            return Ok(turns);
        }
    }
}

/// Returns a reply that claims the first lines of three turns as they were said.
fn chatty(episode: &Episode, turns: &[Turn]) -> Reply {
    let inside = inside(episode, turns);
    let said = inside.iter().filter_map(|turn| {
        let of = |part: &&domain::Part| {
            part.kind == PartKind::Said
                && matches!(part.speaker, Speaker::User | Speaker::Assistant)
                && part.text.split_whitespace().count() > 4
        };
        let line = turn.parts.iter().find(of)?.text.lines().next()?;
        Some((turn, line.chars().take(200).collect::<String>()))
    });
    let claims: Vec<Claim> = said
        .take(MAX_LESSONS)
        .map(|(t, words)| claim(t, words))
        .collect();
    let by_id = inside.iter().map(|turn| (&turn.id, turn)).collect();
    let plans: Vec<Plan<'_>> = claims
        .iter()
        .map(|claim| Plan::new(claim, 0, claim.quotes.iter().collect(), &by_id))
        .collect();
    gold::reply(&plans.iter().collect::<Vec<_>>(), episode, &inside)
}

fn claim(turn: &Turn, words: String) -> Claim {
    Claim {
        id: turn.id.to_string(),
        against: None,
        kind: Kind::Fact,
        scope: Scope::Project,
        what: words.clone(),
        when: "working on this again".to_owned(),
        does: String::new(),
        warn: String::new(),
        quotes: vec![Quoted {
            turn: turn.id.clone(),
            words,
        }],
    }
}
