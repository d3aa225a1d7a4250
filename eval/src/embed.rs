//! How fast the built-in table makes a vector: in a running process, and from nothing.
//!
//! Its texts are put together from ordinary words, since made-up ones fall into too many pieces.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use serde::{Deserialize, Serialize};

use crate::scratch::Scratch;
use crate::stopwatch::begin;

/// So often each text is made a vector of.
const ROUNDS: u64 = 40;
/// So many processes are started for one text each.
const PROCESSES: u64 = 101;

const WHO: [&str; 4] = ["the build", "our tests", "the worker", "a migration"];
const DOES: [&str; 4] = [
    "fails in CI with",
    "cannot be run twice because of",
    "was broken by",
    "must never depend on",
];
const WHAT: [&str; 4] = [
    "error E0502 in src/store/queue.rs",
    "a locked SQLite database",
    "the npm cache of another branch",
    "clock skew between two hosts",
];
const AND: [&str; 4] = [
    "",
    ", see DORMOUSE_HOME",
    "; use `cargo nextest run -p store`",
    " (seen on 2026-03-02)",
];

/// What making vectors came to.
#[derive(Clone, Debug, Serialize)]
pub struct EmbedFigures {
    /// The model's name, which holds the beginning of its table's hash.
    pub model: &'static str,
    /// How many different short texts there were.
    pub texts: usize,
    /// How many pieces one has on the average.
    pub pieces_each: f64,
    /// Microseconds for one short text in a running process: median and 99th percentile.
    pub text_us: (f64, f64),
    /// Microseconds for the first text of a process, by its own watch: median and slowest.
    pub first_text_us: (f64, f64),
    /// Milliseconds of a whole process that makes one vector, from start to end: median and slowest.
    pub whole_process_ms: (f64, f64),
    /// The same for a process that only prints its version.
    pub empty_process_ms: (f64, f64),
}

/// One text, and what it took.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Embedded {
    /// The model's name.
    pub model: String,
    /// How many pieces of its vocabulary the text has.
    pub pieces: usize,
    /// Microseconds for the vector, by this process's own watch.
    pub took_us: f64,
    /// The vector; nothing if the text holds nothing known.
    pub vector: Option<Vec<f32>>,
}

/// Makes the vector of one text, as the first thing that this process makes a vector of.
pub fn embed_one(text: &str) -> Embedded {
    let watch = begin();
    let vector = embed::built_in(text);
    let took_us = watch.ms() * 1e3;
    Embedded {
        model: embed::built_in_model().name().to_owned(),
        pieces: embed::pieces(text).len(),
        took_us,
        vector: vector.map(|vector| vector.numbers().to_vec()),
    }
}

/// Measures in this process, and with this very program in processes of their own.
pub fn embed(program: &Path) -> Result<EmbedFigures> {
    let texts: Vec<String> = (0..256).map(text).collect();
    let pieces: usize = texts.iter().map(|text| embed::pieces(text).len()).sum();
    let home = Scratch::new("eval-embed")?;
    let (mut first, mut whole, mut empty) = (Vec::new(), Vec::new(), Vec::new());
    for text in texts.iter().cycle().take(PROCESSES as usize) {
        let words = ["--json", "eval", "embed", "--text", text.as_str()];
        let (took_ms, said) = process(program, home.path(), &words)?;
        whole.push(took_ms);
        let said: Embedded = serde_json::from_slice(&said).context("its answer is no vector")?;
        first.push(said.took_us);
        empty.push(process(program, home.path(), &["--version"])?.0);
    }
    Ok(EmbedFigures {
        model: embed::built_in_model().name(),
        texts: texts.len(),
        pieces_each: pieces as f64 / texts.len() as f64,
        text_us: middle_and(running(&texts)?, 0.99),
        first_text_us: middle_and(first, 1.0),
        whole_process_ms: middle_and(whole, 1.0),
        empty_process_ms: middle_and(empty, 1.0),
    })
}

/// Returns the microseconds of each vector, after a round to warm up.
fn running(texts: &[String]) -> Result<Vec<f64>> {
    let mut times = Vec::new();
    for round in 0..=ROUNDS {
        for text in texts {
            let watch = begin();
            let vector = embed::built_in(text);
            let took_us = watch.ms() * 1e3;
            ensure!(vector.is_some(), "{text:?} has no vector");
            if round > 0 {
                times.push(took_us);
            }
        }
    }
    Ok(times)
}

fn process(program: &Path, home: &Path, words: &[&str]) -> Result<(f64, Vec<u8>)> {
    let mut command = Command::new(program);
    command
        .arg("--home")
        .arg(home)
        .args(words)
        .current_dir(home);
    let watch = begin();
    let output = command.output().context("the program does not start")?;
    let took_ms = watch.ms();
    ensure!(output.status.success(), "the program failed");
    Ok((took_ms, output.stdout))
}

/// Returns a short text as a prompt or a memory may be; the same number always makes the same.
fn text(number: usize) -> String {
    let part = |list: [&'static str; 4], place: usize| list[number / place % 4];
    format!(
        "{} {} {}{}",
        part(WHO, 1),
        part(DOES, 4),
        part(WHAT, 16),
        part(AND, 64)
    )
}

/// Returns the median, and the value below which this share of the times lies.
fn middle_and(mut times: Vec<f64>, share: f64) -> (f64, f64) {
    times.sort_by(f64::total_cmp);
    let at = |share: f64| times[((times.len() - 1) as f64 * share).round() as usize];
    (at(0.5), at(share))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_that_is_timed_is_another_and_short() {
        let mut texts: Vec<String> = (0..256).map(text).collect();
        assert!(
            texts
                .iter()
                .all(|text| (4..48).contains(&embed::pieces(text).len()))
        );
        texts.sort();
        texts.dedup();
        assert_eq!(texts.len(), 256);
    }

    #[test]
    fn one_text_says_its_model_and_its_vector() {
        let said = embed_one("run the tests before you commit");
        assert_eq!(
            (said.pieces, said.model.as_str()),
            (6, embed::built_in_model().name())
        );
        assert_eq!(said.vector.map(|vector| vector.len()), Some(256));
        assert_eq!(embed_one("\u{200b}").vector, None);
    }
}
