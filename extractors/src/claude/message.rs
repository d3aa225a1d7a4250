//! Reads the message of a user or assistant line into parts.
//!
//! Thinking and pictures are left out; a block that nobody knows is passed over.

use domain::{Part, PartKind, Speaker};

use super::block::{Block, Content, content};
use super::json::{pick, text};
use super::line::{Field, Line};
use super::noise::{self, Span};
use super::prompt::{self, Voice, WORDS_BYTES};
use super::state::State;
use super::{CALL_BYTES, NAME_BYTES, answer, call, keep};

// What the client itself writes in the model's name.
const CLIENT_ANSWERS: [&str; 2] = ["No response requested.", "(no content)"];

/// Returns the parts of a user line. `id` is the line's own name.
pub(super) fn user(line: &Line<'_>, id: &str, state: &State) -> Vec<Part> {
    let [Some(raw), _] = content_and_model(line) else {
        return Vec::new();
    };
    let voice = voice(line);
    // The output of a command that the user ran stands in the line after it.
    let parent = line
        .id(Field::Parent)
        .and_then(|parent| state.parent(&parent));
    let parent = parent.map_or_else(|| id.to_owned(), |turn| turn.as_str().to_owned());
    let of_text = |text: &str| {
        let ran_here = text.contains("<bash-input>");
        prompt::parts(text, voice, if ran_here { id } else { &parent })
    };
    let blocks = match content(raw) {
        Content::Words(words) => return of_text(&words),
        Content::Blocks(blocks) => blocks,
    };
    let parts = blocks.iter().flat_map(|block| match block.kind {
        "text" => block
            .words
            .and_then(text)
            .map_or_else(Vec::new, |text| of_text(&text)),
        "tool_result" => answer::parts(block, line, state),
        "image" | "document" => prompt::said(shown_by(voice), &format!("[{}]", block.kind)),
        _ => Vec::new(),
    });
    parts.collect()
}

/// Returns the parts of an assistant line, and remembers its calls.
pub(super) fn assistant(line: &Line<'_>, state: &mut State) -> Vec<Part> {
    let [Some(raw), model] = content_and_model(line) else {
        return Vec::new();
    };
    if line.is(Field::ApiError) || model == Some("\"<synthetic>\"") {
        return Vec::new();
    }
    let blocks = match content(raw) {
        Content::Words(text) => return words(&text),
        Content::Blocks(blocks) => blocks,
    };
    let parts = blocks.iter().flat_map(|block| match block.kind {
        "text" => block
            .words
            .and_then(text)
            .map_or_else(Vec::new, |text| words(&text)),
        "tool_use" | "server_tool_use" => vec![tool_call(block, state)],
        _ => Vec::new(),
    });
    parts.collect()
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

fn tool_call(block: &Block<'_>, state: &mut State) -> Part {
    let call = keep::name(&block.id.and_then(text).unwrap_or_default(), CALL_BYTES);
    let tool = keep::name(&block.name.and_then(text).unwrap_or_default(), NAME_BYTES);
    let input = block.input.unwrap_or("{}");
    state.open_call(
        call.clone(),
        tool.clone(),
        call::result_speaker(&tool, input),
    );
    Part {
        speaker: Speaker::Assistant,
        text: call::render(&tool, input),
        kind: PartKind::Call { call, tool },
    }
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
    let own = line.raw(Field::Type) == Some("\"user\"")
        && matches!(voice(line), Voice::Person | Voice::User);
    let [content, _] = content_and_model(line);
    own && content.is_some_and(|content| !content.contains("\"tool_result\""))
}

fn content_and_model<'a>(line: &Line<'a>) -> [Option<&'a str>; 2] {
    let message = line.raw(Field::Message);
    message
        .and_then(|message| pick(message, ["content", "model"]))
        .unwrap_or_default()
}
