//! Takes sentences out of recorded transcripts, and claims each as it was said.
//!
//! What a person or an assistant said in prose; no tool's output, no code blocks.

use std::collections::HashSet;
use std::path::Path;

use anyhow::{Context, Result};
use domain::{Candidate, Evidence, Kind, Lesson, Part, PartKind, Scope, Source, Speaker, Turn};
use extractors::Budget;
use extractors::ground::Beyond;

use super::{Measured, copies};
use crate::folder::transcripts;

/// So many sentences are taken of one transcript at the most, so that none outweighs the rest.
const OF_ONE: usize = 150;
const LEAST_WORDS: usize = 5;
const MOST_CHARS: usize = 300;

/// Checks the sentences of every transcript in the corpus.
pub(super) fn measure(folder: &Path, measured: &mut Measured) -> Result<()> {
    let corpus = folder.join("corpus");
    let mut seen = HashSet::new();
    for source in transcripts(&corpus)? {
        let mut left = OF_ONE;
        for turn in turns(source)? {
            for part in &turn.parts {
                for sentence in of_part(part) {
                    if left > 0 && seen.insert(sentence.to_owned()) {
                        left -= 1;
                        claim(measured, &turn, part.speaker, sentence);
                    }
                }
            }
        }
    }
    Ok(())
}

fn turns(mut source: Source) -> Result<Vec<Turn>> {
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

fn claim(measured: &mut Measured, turn: &Turn, said_by: Speaker, sentence: &str) {
    let candidate = Candidate {
        lesson: Lesson {
            kind: Kind::Fact,
            scope: Scope::Project,
            what: sentence.to_owned(),
            when: None,
            do_: None,
            warn: None,
        },
        domain: "general".to_owned(),
        slot: None,
        asserted_by: said_by,
        evidence: vec![Evidence {
            session: turn.session.clone(),
            turn: turn.id.clone(),
            quote: sentence.to_owned(),
            said_by,
            at: turn.at,
            branch: None,
        }],
    };
    let turns = std::slice::from_ref(turn);
    measured.take(sentence, &candidate, (turns, Beyond::default()), || {
        copies::of_the_lesson(&candidate, turns)
    });
}

/// Returns the sentences of what somebody said.
fn of_part(part: &Part) -> Vec<&str> {
    let speaks = matches!(part.speaker, Speaker::User | Speaker::Assistant);
    if !speaks || part.kind != PartKind::Said {
        return Vec::new();
    }
    let mut fenced = false;
    let mut found = Vec::new();
    for line in part.text.lines() {
        if line.trim_start().starts_with("```") {
            fenced = !fenced;
        } else if !fenced {
            found.extend(of_line(line));
        }
    }
    found
}

fn of_line(line: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = line;
    while !rest.is_empty() {
        let ends = [". ", "! ", "? "].iter().filter_map(|sign| rest.find(sign));
        let end = ends.min().map_or(rest.len(), |at| at + 1);
        let sentence = rest[..end].trim_matches(|c: char| c.is_whitespace() || "#>|*-".contains(c));
        rest = rest[end..].trim_start();
        let words = sentence.split_whitespace().count();
        if words >= LEAST_WORDS && sentence.chars().count() <= MOST_CHARS {
            found.push(sentence);
        }
    }
    found
}
