//! Reads the message of a user or assistant line into parts.
//!
//! Thinking and pictures are left out; a block that nobody knows is passed over.

use domain::{Part, PartKind, Speaker};

use super::json::{elements, pick, text};
use super::line::{Field, Line};
use super::noise::{self, Span};
use super::prompt::{self, Voice, WORDS_BYTES};
use super::state::State;
use super::{CALL_BYTES, NAME_BYTES, answer, call, keep};

// What the client itself writes in the model's name.
const CLIENT_ANSWERS: [&str; 2] = ["No response requested.", "(no content)"];

/// Returns the parts of a user line. `id` is the line's own name.
pub(super) fn user(line: &Line<'_>, id: &str, state: &State) -> Vec<Part> {
    let Some(content) = content(line) else {
        return Vec::new();
    };
    let voice = voice(line);
    // The output of a command that the user ran stands in the line after it.
    let call = line.id(Field::Parent).and_then(|parent| state.parent(&parent));
    let parent = call.map_or_else(|| id.to_owned(), |turn| turn.as_str().to_owned());
    let of_text = |text: &str| {
        let call = if text.contains("<bash-input>") { id } else { &parent };
        prompt::parts(text, voice, call)
    };
    if let Some(text) = text(content) {
        return of_text(&text);
    }
    let blocks = elements(content).unwrap_or_default().into_iter();
    let parts = blocks.flat_map(|block| match kind_and_text(block) {
        Some(("text", words)) => words.and_then(text).map_or_else(Vec::new, |text| of_text(&text)),
        Some(("tool_result", _)) => answer::parts(block, line, state),
        Some((kind @ ("image" | "document"), _)) => {
            prompt::said(shown_by(voice), &format!("[{kind}]"))
        }
        _ => Vec::new(),
    });
    parts.collect()
}

/// Returns the parts of an assistant line, and remembers its calls.
pub(super) fn assistant(line: &Line<'_>, state: &mut State) -> Vec<Part> {
    if line.is(Field::ApiError) || is_synthetic(line) {
        return Vec::new();
    }
    let Some(content) = content(line) else {
        return Vec::new();
    };
    if let Some(text) = text(content) {
        return words(&text);
    }
    let mut parts = Vec::new();
    for block in elements(content).unwrap_or_default() {
        match kind_and_text(block) {
            Some(("text", Some(raw))) => parts.extend(text(raw).iter().flat_map(|text| words(text))),
            Some(("tool_use" | "server_tool_use", _)) => parts.extend(tool_call(block, state)),
            _ => {}
        }
    }
    parts
}

fn words(text: &str) -> Vec<Part> {
    if CLIENT_ANSWERS.contains(&text.trim()) {
        return Vec::new();
    }
    let pieces = noise::split(text, noise::IN_ANSWERS);
    let parts = pieces.into_iter().flat_map(|(span, text)| match span {
        Span::Injected => prompt::injected(text),
        _ => prompt::said(Speaker::Assistant, &keep::head(text, WORDS_BYTES)),
    });
    parts.collect()
}

fn tool_call(block: &str, state: &mut State) -> Option<Part> {
    let [id, name, input] = pick(block, ["id", "name", "input"])?;
    let call = keep::name(&id.and_then(text).unwrap_or_default(), CALL_BYTES);
    let tool = keep::name(&name.and_then(text).unwrap_or_default(), NAME_BYTES);
    let input = input.unwrap_or("{}");
    state.open_call(call.clone(), tool.clone(), call::result_speaker(&tool, input));
    Some(Part {
        speaker: Speaker::Assistant,
        text: call::render(&tool, input),
        kind: PartKind::Call { call, tool },
    })
}

/// Says whose voice a user line carries; what the client says counts for more than any text.
fn voice(line: &Line<'_>) -> Voice {
    match line.origin().as_deref() {
        _ if line.is(Field::CompactSummary) => Voice::Compaction,
        // The prompt of a subagent is the model's.
        _ if line.is(Field::Sidechain) => Voice::Assistant,
        Some("human") => Voice::Person,
        Some(_) => Voice::Injected,
        None if line.is(Field::Meta) => Voice::Injected,
        // A plan that was accepted opens the next session in the user's place.
        None if line.text(Field::Plan).is_some() => Voice::Assistant,
        None => Voice::User,
    }
}

fn shown_by(voice: Voice) -> Speaker {
    match voice {
        Voice::Person | Voice::User => Speaker::User,
        Voice::Assistant => Speaker::Assistant,
        Voice::Injected | Voice::Compaction => Speaker::Injected,
    }
}

/// Returns whether a line can open a new matter: a prompt, and no tool's answer.
pub(super) fn is_prompt(line: &Line<'_>) -> bool {
    let own = matches!(voice(line), Voice::Person | Voice::User);
    own && content(line).is_some_and(|content| !content.contains("\"tool_result\""))
}

fn content<'a>(line: &Line<'a>) -> Option<&'a str> {
    let [content] = pick(line.raw(Field::Message)?, ["content"])?;
    content
}

fn is_synthetic(line: &Line<'_>) -> bool {
    let model = line
        .raw(Field::Message)
        .and_then(|message| pick(message, ["model"])?[0]);
    model == Some("\"<synthetic>\"")
}

/// Returns a block's kind, and its text still raw.
fn kind_and_text(block: &str) -> Option<(&str, Option<&str>)> {
    let [kind, words] = pick(block, ["type", "text"])?;
    let kind = kind?.strip_prefix('"')?.strip_suffix('"')?;
    Some((kind, words))
}
