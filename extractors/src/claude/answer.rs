//! Turns a tool's result into parts: the tool's words, a user's refusal, what a reminder added.
//!
//! Believes that a user spoke only where the client says so, never because a text claims it.

use std::borrow::Cow;

use domain::{Part, PartKind, Speaker};

use super::block::{Block, Content, content};
use super::json::text;
use super::line::{Field, Line};
use super::noise::{self, Span};
use super::prompt::{self, WORDS_BYTES};
use super::state::State;
use super::{CALL_BYTES, keep};

const TOOL_BYTES: usize = 4 * 1024;
const OUTSIDE_BYTES: usize = 2 * 1024;
// The client asks four questions at most.
const ANSWERS: usize = 16;
const REPORT_BYTES: usize = 16 * 1024;

const REFUSED: [&str; 2] = [
    "The user doesn't want to proceed with this tool use.",
    "The user doesn't want to take this action right now.",
];
const SAID: &str = "the user said:";
const NOTE: &str = "\n\nNote: The user's next message may contain a correction or preference.";
// From this version on the client marks refusals, so that a text alone proves nothing.
const MARKS_REFUSALS: [u32; 3] = [2, 1, 263];

/// Returns the parts of one `tool_result` block.
pub(super) fn parts(block: &Block<'_>, line: &Line<'_>, state: &State) -> Vec<Part> {
    let call = keep::name(&block.call.and_then(text).unwrap_or_default(), CALL_BYTES);
    let words = block.content.map(words).unwrap_or_default();
    let (tool, speaker) = state
        .call(&call)
        .map_or((String::new(), Speaker::Outside), |open| {
            (open.tool.clone(), open.speaker)
        });
    let failed = block.error || words.starts_with("<tool_use_error>");
    if failed && is_refusal(&words, &tool, line) {
        return refusal(&words, call, tool);
    }
    let mut parts = Vec::new();
    for (span, text) in noise::split(&words, noise::IN_ANSWERS) {
        if span == Span::Injected {
            parts.extend(prompt::injected(text));
        } else {
            parts.push(result(text, speaker, &call, &tool, failed));
        }
    }
    if tool == "AskUserQuestion" && !failed {
        parts.extend(answers(&words));
    }
    parts
}

fn result(text: &str, speaker: Speaker, call: &str, tool: &str, failed: bool) -> Part {
    let text = match speaker {
        Speaker::Tool => keep::ends(text, TOOL_BYTES),
        Speaker::Assistant => keep::head(text, REPORT_BYTES),
        _ => keep::ends(text, OUTSIDE_BYTES),
    };
    Part {
        speaker,
        kind: PartKind::Result {
            call: call.to_owned(),
            tool: tool.to_owned(),
            failed,
        },
        text,
    }
}

/// Returns a result's text, its blocks one a line.
fn words(raw: &str) -> Cow<'_, str> {
    let blocks = match content(raw) {
        Content::Words(words) => return words,
        Content::Blocks(blocks) => blocks,
    };
    let texts = blocks.iter().filter_map(|block| match block.kind {
        "image" => Some(Cow::Borrowed("[image]")),
        _ => text(block.words?),
    });
    Cow::Owned(texts.collect::<Vec<_>>().join("\n"))
}

/// Returns whether a failed result is the client's word that the user refused the call.
///
/// Older clients did not mark it; there the text must do, but never a foreign server's.
fn is_refusal(words: &str, tool: &str, line: &Line<'_>) -> bool {
    if !REFUSED.iter().any(|start| words.starts_with(start)) {
        return false;
    }
    match line.text(Field::Denial) {
        Some(kind) => kind == "user-rejected",
        None => !tool.starts_with("mcp__") && !marks_refusals(line),
    }
}

fn marks_refusals(line: &Line<'_>) -> bool {
    let version = line.text(Field::Version).unwrap_or_default();
    let mut numbers = version.split('.').map(|part| part.parse().unwrap_or(0));
    let version = [(); 3].map(|()| numbers.next().unwrap_or(0_u32));
    version >= MARKS_REFUSALS
}

/// Returns the user's words in a refusal, or that there were none.
fn refusal(words: &str, call: String, tool: String) -> Vec<Part> {
    let said = words.split_once(SAID).map(|(_, said)| said);
    let said = said.map(|said| said.split_once(NOTE).map_or(said, |(said, _)| said).trim());
    let part = match said.filter(|said| !said.is_empty()) {
        Some(said) => Part {
            speaker: Speaker::User,
            kind: PartKind::Refusal { call },
            text: keep::head(said, WORDS_BYTES),
        },
        None => Part {
            speaker: Speaker::Injected,
            kind: PartKind::Result {
                call,
                tool,
                failed: true,
            },
            text: "The user refused this call and said no more.".to_owned(),
        },
    };
    vec![part]
}

/// Returns what the user answered to the model's questions, and the notes beside the answers:
/// `"Which?"="This one" user notes: for now, "Why?"="no server". You can now continue ...`.
fn answers(words: &str) -> Vec<Part> {
    let words = words
        .rsplit_once(". You can now")
        .map_or(words, |(said, _)| said);
    let mut told = words.split("\"=\"").skip(1).take(ANSWERS).peekable();
    let mut parts = Vec::new();
    while let Some(answer) = told.next() {
        let next_question = told.peek().and_then(|_| answer.rsplit_once(", \""));
        let answer = next_question.map_or(answer, |(answer, _)| answer);
        let (answer, notes) = answer.split_once("\" user notes: ").unwrap_or((answer, ""));
        // What a choice would look like was drawn by the model.
        let answer = answer
            .split("\" selected preview:")
            .next()
            .unwrap_or(answer);
        for text in [answer.strip_suffix('"').unwrap_or(answer), notes] {
            parts.extend(prompt::said(Speaker::User, &keep::head(text, WORDS_BYTES)));
        }
    }
    parts
}
