//! What the tests of the reader share: files of lines, and short forms of what was read.
//!
//! Knows nothing of the reader but its door.

use std::io::Write as _;
use std::path::Path;

use domain::{Cursor, Format, PartKind, Source, Turn};
use extractors::Budget;
use extractors::{Reading, Report, read};
use serde_json::{Value, json};
use tempfile::NamedTempFile;

pub(crate) const SESSION: &str = "5e551017-0000-4000-8000-000000000001";

/// A user line with this content.
pub(crate) fn user(uuid: &str, content: impl Into<Value>) -> Value {
    line(
        "user",
        uuid,
        json!({"message": {"role": "user", "content": content.into()}}),
    )
}

/// An assistant line with these blocks.
pub(crate) fn assistant(uuid: &str, blocks: Value) -> Value {
    let mut message = json!({"id": "msg_1", "model": "claude-x", "role": "assistant"});
    message["content"] = blocks;
    line("assistant", uuid, json!({ "message": message }))
}

/// An assistant line that calls a tool.
pub(crate) fn call(uuid: &str, call: &str, tool: &str, input: Value) -> Value {
    let mut block = json!({"type": "tool_use", "id": call, "name": tool});
    block["input"] = input;
    assistant(uuid, json!([block]))
}

/// A user line with a tool's result.
pub(crate) fn result(uuid: &str, call: &str, content: impl Into<Value>, error: bool) -> Value {
    let mut block = json!({"type": "tool_result", "tool_use_id": call, "is_error": error});
    block["content"] = content.into();
    user(uuid, json!([block]))
}

/// A line of any type, its time made of the digits of its uuid.
pub(crate) fn line(kind: &str, uuid: &str, more: Value) -> Value {
    let digits: u64 = uuid
        .chars()
        .filter_map(|c| c.to_digit(10))
        .map(u64::from)
        .sum();
    let line = json!({
        "parentUuid": null,
        "isSidechain": false,
        "cwd": "/srv/shop",
        "sessionId": SESSION,
        "version": "2.1.49",
        "gitBranch": "main",
        "type": kind,
        "uuid": uuid,
        "timestamp": format!("2026-03-01T10:00:{:02}.000Z", digits % 60),
    });
    with(line, more)
}

/// The same line with more or other fields.
pub(crate) fn with(mut line: Value, more: Value) -> Value {
    let (Some(fields), Value::Object(more)) = (line.as_object_mut(), more) else {
        panic!("a line and its fields are objects");
    };
    fields.extend(more);
    line
}

pub(crate) fn text(lines: &[Value]) -> String {
    lines.iter().map(|line| format!("{line}\n")).collect()
}

/// A file with this content, and the source that names it.
pub(crate) fn file(content: impl AsRef<[u8]>) -> (NamedTempFile, Source) {
    let mut file = NamedTempFile::with_suffix(".jsonl").expect("a temporary file");
    file.write_all(content.as_ref()).expect("written");
    let source = source(file.path());
    (file, source)
}

pub(crate) fn source(path: &Path) -> Source {
    let path = path.to_str().expect("temporary paths are plain");
    Source::unread(path, Format::ClaudeCodeJsonl)
}

/// Reads a source to its end, in goes of this budget, and moves its cursor.
pub(crate) fn drain(source: &mut Source, budget: Budget) -> Reading {
    let mut whole = Reading::default();
    loop {
        let reading = read(source, budget).expect("the file can be read");
        source.cursor = reading.cursor.clone();
        whole.turns.extend(reading.turns);
        whole.sessions.extend(reading.sessions);
        whole.report.add(&reading.report);
        whole.cursor = reading.cursor;
        if !reading.more {
            return whole;
        }
    }
}

/// Reads a content in one go.
pub(crate) fn read_all(content: impl AsRef<[u8]>) -> Reading {
    let (_file, mut source) = file(content);
    drain(&mut source, WHOLE)
}

/// Reads lines in one go.
pub(crate) fn turns(lines: &[Value]) -> Vec<Turn> {
    read_all(text(lines)).turns
}

pub(crate) const WHOLE: Budget = Budget {
    turns: usize::MAX,
    text_bytes: usize::MAX,
    line_bytes: 8 << 20,
};

/// A budget that ends after this many turns.
pub(crate) fn goes_of(turns: usize) -> Budget {
    Budget { turns, ..WHOLE }
}

/// Each part as `speaker kind: text`.
pub(crate) fn said(turns: &[Turn]) -> Vec<String> {
    let parts = turns.iter().flat_map(|turn| &turn.parts);
    parts
        .map(|part| {
            let kind = match &part.kind {
                PartKind::Said => "said".to_owned(),
                PartKind::Call { tool, .. } => format!("calls {tool}"),
                PartKind::Result { tool, failed, .. } => {
                    let how = if *failed { "fails" } else { "answers" };
                    format!("{how} {tool}")
                }
                PartKind::Refusal { .. } => "refuses".to_owned(),
            };
            format!("{} {kind}: {}", part.speaker.as_str(), part.text)
        })
        .collect()
}

/// Asserts what is said in these lines.
#[track_caller]
pub(crate) fn check(lines: &[Value], expect: &[&str]) {
    assert_eq!(said(&turns(lines)), expect);
}

pub(crate) fn counts(report: &Report) -> (u64, u64, u64, bool) {
    (
        report.broken,
        report.mended,
        report.too_long,
        report.unfinished,
    )
}

pub(crate) fn offset(cursor: &Cursor) -> usize {
    usize::try_from(cursor.offset).expect("test files are small")
}
