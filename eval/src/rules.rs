//! What the rules extractor finds in recorded transcripts, for a person to judge.
//!
//! Counts nothing as right or wrong: the labelled sentences lie with the extractor's tests.

use std::path::Path;

use anyhow::{Context, Result};
use domain::{Lesson, Turn};
use extractors::{Budget, Limits, episodes, ground, rules as extractor};
use serde::Serialize;

use crate::folder::transcripts;

/// One lesson that was found.
#[derive(Clone, Debug, Serialize)]
pub struct RuleFound {
    /// The transcript.
    pub path: String,
    /// The turn that is quoted first.
    pub turn: String,
    /// The quote.
    pub quote: String,
    /// What was made of it.
    pub lesson: Lesson,
    /// Why it does not stand on its evidence, if it does not.
    pub doubt: Option<String>,
}

/// Returns everything that the rules find below a folder, in the order of the files.
pub fn rules(folder: &Path) -> Result<Vec<RuleFound>> {
    let mut found = Vec::new();
    let mut seen = std::collections::BTreeSet::new();
    for mut source in transcripts(folder)? {
        loop {
            let reading = extractors::read(&source, Budget::default())
                .with_context(|| source.path.clone())?;
            let fresh: Vec<Turn> = reading
                .turns
                .into_iter()
                .filter(|turn| seen.insert(turn.id.clone()))
                .collect();
            found.extend(in_turns(&source.path, &fresh));
            source.cursor = reading.cursor;
            if !reading.more {
                break;
            }
        }
    }
    Ok(found)
}

fn in_turns(path: &str, turns: &[Turn]) -> Vec<RuleFound> {
    let turns: Vec<&Turn> = turns.iter().collect();
    let mut found = Vec::new();
    for episode in episodes::cut(&turns, |_| None, &Limits::default()) {
        let inside = turns.iter().filter(|turn| episode.turns.contains(&turn.id));
        let inside: Vec<Turn> = inside.map(|turn| (*turn).clone()).collect();
        found.extend(extractor::candidates(&inside).into_iter().map(|candidate| {
            let doubt = ground::check(&candidate, &inside)
                .err()
                .map(|doubt| doubt.to_string());
            let first = candidate.evidence.first();
            RuleFound {
                path: path.to_owned(),
                turn: first
                    .map(|quote| quote.turn.to_string())
                    .unwrap_or_default(),
                quote: first.map(|quote| quote.quote.clone()).unwrap_or_default(),
                lesson: candidate.lesson,
                doubt,
            }
        }));
    }
    found
}
