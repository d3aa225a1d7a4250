//! Reads Claude Code's transcripts: from lines of JSON to turns whose speakers are known.
//!
//! Loses no word that a person typed, and lets no text speak in a person's name.

use std::fs::File;
use std::io;

use domain::{Cursor, Source};

use crate::read::{self, Budget, Lines, Reading, Report, Start};

mod answer;
mod attachment;
mod block;
mod call;
pub(crate) mod json;
mod keep;
mod line;
mod message;
mod naming;
mod noise;
mod prompt;
mod queue;
mod reader;
mod skim;
mod state;

use reader::{Reader, Step};

// Real names have up to 60 bytes; anything longer is somebody's attempt.
const NAME_BYTES: usize = 128;
const CALL_BYTES: usize = 128;
const PATH_BYTES: usize = 1024;

/// Reads a transcript on from its cursor.
pub(crate) fn read(mut file: File, source: &Source, budget: Budget) -> io::Result<Reading> {
    let start = Start::seek(&mut file, &source.cursor)?;
    let known = if start.anew {
        Cursor::default()
    } else {
        source.cursor.clone()
    };
    let mut lines = Lines::new(file, start.offset, start.len, budget.line_bytes);
    let mut reader = Reader::new(&source.path, &known, budget);
    let mut offset = start.offset;
    let mut full = false;
    loop {
        let step = match lines.next()? {
            None => Step::End,
            Some(line) => reader.line(line, offset),
        };
        match step {
            Step::Passed => offset = lines.end(),
            Step::Full => full = true,
            Step::Unfinished => reader.report.unfinished = true,
            Step::End => {}
        }
        if step != Step::Passed {
            break;
        }
    }
    let report = Report {
        bytes: offset - start.offset,
        anew: start.anew,
        ..std::mem::take(&mut reader.report)
    };
    let head = read::marks(&mut lines.into_file(), offset)?;
    let last = reader
        .turns
        .last()
        .map(|turn| turn.id.clone())
        .or(known.last);
    Ok(Reading {
        cursor: Cursor {
            offset,
            last,
            head: Some(head),
            carry: Some(reader.state.to_carry()),
        },
        turns: reader.turns,
        sessions: reader.sessions,
        more: full,
        report,
    })
}
