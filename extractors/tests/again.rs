//! When a source is read again: whether trying again may help, and where reading then begins.
//!
//! What a reading brings stands with the formats.

use std::io;

use domain::{Cursor, Format, Source, Transient};
use extractors::{Budget, ReadError, read};

#[test]
fn only_what_may_pass_is_tried_again() {
    let path = || "/t.jsonl".to_owned();
    let failed = |kind: io::ErrorKind| ReadError::Io {
        path: path(),
        source: kind.into(),
    };
    assert!(ReadError::Shrank { path: path() }.is_transient());
    assert!(failed(io::ErrorKind::Interrupted).is_transient());
    assert!(!failed(io::ErrorKind::PermissionDenied).is_transient());
    assert!(!ReadError::Gone { path: path() }.is_transient());
    let folder = ReadError::NotAFile {
        path: path(),
        what: "a folder",
    };
    assert!(!folder.is_transient());
}

#[test]
fn a_file_that_is_shorter_than_its_cursor_is_another_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("t.jsonl");
    let line = r#"{"type":"user","uuid":"u1","sessionId":"s1","timestamp":"2026-03-02T10:00:00Z","message":{"role":"user","content":"use pnpm"}}"#;
    #[expect(
        clippy::disallowed_methods,
        reason = "a test writes into its own folder"
    )]
    std::fs::write(&path, format!("{line}\n")).expect("a file");
    // A cursor that an earlier program left may know nothing of the file's head.
    let cursor = Cursor {
        offset: 100_000,
        ..Cursor::default()
    };
    let source = Source {
        cursor,
        ..Source::unread(path.display().to_string(), Format::ClaudeCodeJsonl)
    };
    let reading = read(&source, Budget::default()).expect("reads");
    assert!(reading.report.anew);
    assert_eq!(reading.turns.len(), 1);
}
