//! How fast transcripts are read, and in how much memory.
//!
//! Reads from a warm file, as one core can, and keeps nothing of what it read.

use std::path::Path;

use anyhow::{Context, Result};
use domain::{Part, Source, Speaker, Turn};
use extractors::{Budget, Report};
use serde::Serialize;

use crate::folder::transcripts;
use crate::stopwatch::{begin, peak_memory_mb};

/// So often everything is read after once to warm up; the median counts.
const ROUNDS: usize = 5;

/// What reading came to.
#[derive(Clone, Debug, Serialize)]
pub struct ReadingFigures {
    /// Files that were read.
    pub files: usize,
    /// Their bytes.
    pub bytes: u64,
    /// The turns in them.
    pub turns: usize,
    /// Of those, the ones in which a person speaks.
    pub turns_of_the_user: usize,
    /// Megabytes a second: the median of the rounds.
    pub mb_per_second: f64,
    /// The slowest and the fastest round.
    pub range: (f64, f64),
    /// The most memory the process held, in megabytes.
    pub peak_memory_mb: Option<f64>,
    /// Lines of unknown kinds, by kind.
    pub unknown: std::collections::BTreeMap<String, u64>,
    /// Lines that are no JSON.
    pub broken: u64,
}

/// Reads every transcript below a folder several times over.
pub fn reading(folder: &Path) -> Result<ReadingFigures> {
    let sources = transcripts(folder)?;
    let mut all = read_all(&sources)?;
    let mut speeds = Vec::new();
    for _ in 0..ROUNDS {
        let watch = begin();
        all = read_all(&sources)?;
        speeds.push(all.report.bytes as f64 / 1e3 / watch.ms());
    }
    speeds.sort_by(f64::total_cmp);
    Ok(ReadingFigures {
        files: sources.len(),
        bytes: all.report.bytes,
        turns: all.turns,
        turns_of_the_user: all.of_the_user,
        mb_per_second: speeds[ROUNDS / 2],
        range: (speeds[0], speeds[ROUNDS - 1]),
        peak_memory_mb: peak_memory_mb(),
        unknown: all.report.unknown,
        broken: all.report.broken,
    })
}

#[derive(Default)]
struct All {
    turns: usize,
    of_the_user: usize,
    report: Report,
}

fn read_all(sources: &[Source]) -> Result<All> {
    let mut all = All::default();
    for source in sources {
        let mut source = source.clone();
        loop {
            let reading = extractors::read(&source, Budget::default())
                .with_context(|| source.path.clone())?;
            all.turns += reading.turns.len();
            all.of_the_user += reading
                .turns
                .iter()
                .filter(|turn| of_the_user(turn))
                .count();
            all.report.add(&reading.report);
            source.cursor = reading.cursor;
            if !reading.more {
                break;
            }
        }
    }
    Ok(all)
}

fn of_the_user(turn: &Turn) -> bool {
    turn.parts
        .iter()
        .any(|part: &Part| part.speaker == Speaker::User)
}
