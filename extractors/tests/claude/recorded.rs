//! Recorded transcripts, read as they are.

use std::path::Path;

use domain::Format;
use extractors::{Sniffed, sniff};

use crate::kit::{counts, drain, goes_of, said, source};

fn data(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/data/claude")
        .join(name)
}

#[test]
fn a_recorded_refusal_and_a_recorded_queue_give_the_users_words() {
    let path = data("refusal_and_queue.jsonl");
    assert_eq!(
        sniff(&path).expect("a file"),
        Sniffed::Known(Format::ClaudeCodeJsonl)
    );
    let reading = drain(&mut source(&path), goes_of(3));
    let user = said(&reading.turns);
    let user: Vec<_> = user
        .iter()
        .filter(|said| said.starts_with("user"))
        .collect();
    assert_eq!(
        user,
        [
            "user refuses: don't check this in",
            "user said: can we do this in a subagent? - also WRITE TESTS",
        ]
    );
    assert_eq!(counts(&reading.report), (0, 0, 0, false));
}

#[test]
fn a_recorded_file_of_odd_lines_is_read_to_its_end() {
    let path = data("edge_cases.jsonl");
    assert_eq!(
        sniff(&path).expect("a file"),
        Sniffed::Known(Format::ClaudeCodeJsonl)
    );
    let reading = drain(&mut source(&path), goes_of(2));
    let length = std::fs::metadata(&path).expect("a file").len();
    assert_eq!(reading.cursor.offset, length);
    assert_eq!(reading.report.unknown.values().sum::<u64>(), 4);
    assert_eq!(counts(&reading.report), (0, 0, 0, false));
}
