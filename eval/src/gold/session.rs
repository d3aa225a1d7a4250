//! Joins labels with the turns of the transcript that they speak of.
//!
//! Reads the transcript as the house does; a label whose line is no turn loses that line.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use domain::{Format, Kind, Scope, Source, Turn, TurnId};
use extractors::Budget;

use super::{Claim, Label, Quoted, files, quotes};

/// A session with its labels.
pub(crate) struct Labelled {
    /// The transcript.
    pub(crate) path: PathBuf,
    /// Everything that was said in it.
    pub(crate) turns: Vec<Turn>,
    /// What is to be kept of it, and then what is not.
    pub(crate) claims: Vec<Claim>,
}

/// Returns the labelled sessions of a folder with `gold/` and `corpus/`.
pub(crate) fn labelled(folder: &Path) -> Result<Vec<Labelled>> {
    let mut sessions = Vec::new();
    for file in files(folder)? {
        let path = folder.join("corpus").join(&file.source_file);
        let turns = turns(&path)?;
        let labels = file.positives.into_iter().chain(file.negatives);
        let claims = labels.map(|label| claim(label, &turns)).collect();
        sessions.push(Labelled {
            path,
            turns,
            claims,
        });
    }
    Ok(sessions)
}

fn turns(path: &Path) -> Result<Vec<Turn>> {
    let mut source = Source::unread(path.display().to_string(), Format::ClaudeCodeJsonl);
    let (mut turns, mut seen) = (Vec::new(), HashSet::new());
    loop {
        let reading =
            extractors::read(&source, Budget::default()).with_context(|| source.path.clone())?;
        let fresh = reading.turns.into_iter();
        turns.extend(fresh.filter(|turn| seen.insert(turn.id.clone())));
        source.cursor = reading.cursor;
        if !reading.more {
            return Ok(turns);
        }
    }
}

fn claim(label: Label, turns: &[Turn]) -> Claim {
    let quoted = label.evidence.iter().filter_map(|line| {
        let id = TurnId::new(line.uuid.clone()?);
        let turn = turns.iter().find(|turn| turn.id == id)?;
        let words = quotes::words(&line.excerpt, turn)?;
        Some(Quoted { turn: id, words })
    });
    let quotes: Vec<Quoted> = quoted.collect();
    Claim {
        id: label.id,
        kind: label.kind.unwrap_or(Kind::Fact),
        scope: label.scope.unwrap_or(Scope::Project),
        what: match label.reason {
            Some(_) => label.must_not_keep,
            None => label.what,
        },
        against: label.reason,
        when: label.when,
        does: label.does,
        warn: label.warn,
        quotes,
    }
}
