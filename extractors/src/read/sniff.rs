//! Tells a transcript's format by its first bytes, and by its first lines where those are long.
//!
//! Never looks at the name, which lies, and never holds more of a file than one line under the cap.

use std::borrow::Cow;
use std::fs::File;
use std::io::{self, Read, Seek};

use domain::Format;

use super::{Budget, Line, Lines, Sniffed};
use crate::claude::json;

// Enough for fifty usual lines, and for the beginning of every document.
const HEAD_BYTES: u64 = 256 * 1024;
const LINES: usize = 50;
// Fifty lines of pasted pictures at about 2 MB each; a huge file of something else ends the look.
const MOST_BYTES: u64 = 256 << 20;

const CLAUDE_TYPES: [&str; 15] = [
    "user",
    "assistant",
    "system",
    "progress",
    "attachment",
    "queue-operation",
    "summary",
    "file-history-snapshot",
    "last-prompt",
    "mode",
    "permission-mode",
    "custom-title",
    "agent-name",
    "pr-link",
    "ai-title",
];
const CODEX_TYPES: [&str; 5] = [
    "session_meta",
    "response_item",
    "event_msg",
    "turn_context",
    "compacted",
];

/// Says what a file is.
pub(super) fn look(mut file: File) -> io::Result<Sniffed> {
    let mut head = Vec::new();
    Read::by_ref(&mut file)
        .take(HEAD_BYTES)
        .read_to_end(&mut head)?;
    match judge(&head) {
        Sniffed::Unknown if ends_in_a_long_line(&head) => long_lines(file),
        judged => Ok(judged),
    }
}

/// Returns whether the first bytes end inside a line of JSON before enough lines were seen.
fn ends_in_a_long_line(head: &[u8]) -> bool {
    let lines = memchr::memchr_iter(b'\n', head).count();
    let last = head.rsplit(|byte| *byte == b'\n').next();
    let first_sign = last.and_then(|line| line.iter().find(|byte| !b"\0 \t\r".contains(byte)));
    head.len() as u64 == HEAD_BYTES && lines < LINES && first_sign == Some(&b'{')
}

/// Judges the first lines whole: a session may begin with a pasted picture, and what names its format
/// may stand behind it. A line over the cap is passed over, as it is when the transcript is read.
fn long_lines(mut file: File) -> io::Result<Sniffed> {
    file.rewind()?;
    let stop = file.metadata()?.len().min(MOST_BYTES);
    let mut lines = Lines::new(file, 0, stop, Budget::default().line_bytes);
    for _ in 0..LINES {
        let judged = match lines.next() {
            Ok(Some(Line::Whole(bytes) | Line::Open(bytes))) => {
                line(&String::from_utf8_lossy(bytes))
            }
            Ok(Some(Line::Long | Line::LongOpen)) => None,
            Ok(None) => break,
            // It became shorter meanwhile; whoever reads it will say so.
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => break,
            Err(error) => return Err(error),
        };
        if let Some(sniffed) = judged {
            return Ok(sniffed);
        }
    }
    Ok(Sniffed::Unknown)
}

/// Says what a file is that begins with these bytes.
fn judge(head: &[u8]) -> Sniffed {
    let text = String::from_utf8_lossy(head);
    let text = text.trim_start_matches(['\u{feff}', '\0']).trim_start();
    if text.is_empty() {
        return if head.is_empty() {
            Sniffed::Empty
        } else {
            Sniffed::Unknown
        };
    }
    text.lines()
        .take(LINES)
        .find_map(line)
        .or_else(|| document(text))
        .unwrap_or(Sniffed::Unknown)
}

fn line(line: &str) -> Option<Sniffed> {
    let line = line.trim_matches(['\0', ' ', '\t', '\r']);
    if !line.starts_with('{') {
        return None;
    }
    let Some([kind, session, uuid, leaf, message_id, payload, data]) = json::pick(
        line,
        [
            "type",
            "sessionId",
            "uuid",
            "leafUuid",
            "messageId",
            "payload",
            "data",
        ],
    ) else {
        return cut_line(line);
    };
    let kind = kind.and_then(json::text)?;
    let named = session.or(uuid).or(leaf).or(message_id).is_some();
    match kind.as_ref() {
        kind if named && CLAUDE_TYPES.contains(&kind) => {
            Some(Sniffed::Known(Format::ClaudeCodeJsonl))
        }
        kind if payload.is_some() && CODEX_TYPES.contains(&kind) => {
            Some(Sniffed::NotYet("codex-rollout-jsonl"))
        }
        kind if data.is_some() && kind.contains('.') => Some(Sniffed::NotYet("copilot-cli-jsonl")),
        _ => None,
    }
}

/// Judges a line that is longer than what was read of it.
fn cut_line(line: &str) -> Option<Sniffed> {
    let has = |words: &[&str]| words.iter().all(|word| line.contains(word));
    // Today's client writes the session behind the message.
    if has(&["\"parentUuid\"", "\"sessionId\""]) || has(&["\"parentUuid\"", "\"isSidechain\""]) {
        return Some(Sniffed::Known(Format::ClaudeCodeJsonl));
    }
    has(&["\"session_meta\"", "\"payload\""]).then_some(Sniffed::NotYet("codex-rollout-jsonl"))
}

/// Judges what is no file of lines: one JSON value, Markdown, or a copied terminal.
fn document(text: &str) -> Option<Sniffed> {
    let has = |words: &[&str]| words.iter().all(|word| text.contains(word));
    let json = text.starts_with(['{', '[']);
    let name = match () {
        () if json && has(&["\"projectHash\"", "\"messages\""]) => "gemini-cli-json",
        () if json && has(&["\"trajectory\""]) && has(&["\"action\"", "\"observation\""]) => {
            "swe-agent-traj"
        }
        () if json && has(&["\"mapping\"", "\"parent\""]) => "chatgpt-export-json",
        () if json && has(&["\"chat_messages\""]) => "claude-ai-export-json",
        () if json && has(&["\"info\"", "\"messages\"", "\"parts\""]) => "opencode-json",
        () if has(&["Generated by SpecStory"]) => "specstory-md",
        () if has(&["# aider chat started at"]) => "aider-md",
        () if starts_a_line(text, "⏺ ") && starts_a_line(text, "> ") => "claude-console-md",
        () if starts_a_line(text, "⏺ ") || starts_a_line(text, "⎿ ") => "claude-console-md",
        () => return None,
    };
    Some(Sniffed::NotYet(name))
}

fn starts_a_line(text: &str, mark: &str) -> bool {
    let plain: Cow<'_, str> = text.into();
    plain
        .lines()
        .any(|line| line.trim_start().starts_with(mark))
}
