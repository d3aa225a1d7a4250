//! Turns the text that stands where a user speaks into parts with their speakers.
//!
//! Decides who speaks and how much is kept; where the text came from is the caller's knowledge.

use domain::{Part, PartKind, Speaker};

use super::keep;
use super::noise::{self, Span};

/// Words of a person or of the model are kept to this length; longer ones are pasted data.
pub(super) const WORDS_BYTES: usize = 64 * 1024;
/// Enough of an injected text to recognise a quote from it.
pub(super) const INJECTED_BYTES: usize = 2 * 1024;
/// Our own injections are kept whole: a hook may inject 9,000 characters.
pub(super) const OURS_BYTES: usize = 16 * 1024;
/// A compaction's retelling has 10 to 17 kB.
pub(super) const COMPACTION_BYTES: usize = 16 * 1024;
const RAN_BYTES: usize = 2 * 1024;
const PRINTED_BYTES: usize = 4 * 1024;

const COMPACTION_START: &str = "This session is being continued from a previous conversation";
const PLAN_START: &str = "Implement the following plan:\n\n";

/// Whose voice a user line carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Voice {
    /// The client says that a person typed it.
    Person,
    /// Nothing says otherwise.
    User,
    /// A subagent's prompt and an accepted plan are the model's words.
    Assistant,
    /// A skill's body, another session, a notification.
    Injected,
    /// A compaction's retelling.
    Compaction,
}

/// Returns the parts of a text, its wrappers taken out. `call` joins a command to its output.
pub(super) fn parts(text: &str, voice: Voice, call: &str) -> Vec<Part> {
    let text = text.trim();
    if let Some((mark, rest)) = noise::interruption(text) {
        let mut found = injected(mark);
        found.extend(parts(rest, voice, call));
        return found;
    }
    match judge(text, voice) {
        Voice::Compaction => said(Speaker::Compaction, &keep::head(text, COMPACTION_BYTES)),
        Voice::Injected => injected(text),
        Voice::Assistant => split(text, Speaker::Assistant, call),
        Voice::Person | Voice::User => split(text, Speaker::User, call),
    }
}

/// Judges by a text's shape where the line does not say who speaks.
fn judge(text: &str, voice: Voice) -> Voice {
    match voice {
        Voice::User if text.starts_with(COMPACTION_START) => Voice::Compaction,
        Voice::User if text.starts_with(PLAN_START) => Voice::Assistant,
        Voice::User | Voice::Assistant if noise::is_injected(text) => Voice::Injected,
        voice => voice,
    }
}

fn split(text: &str, speaker: Speaker, call: &str) -> Vec<Part> {
    let pieces = noise::split(text, noise::IN_PROMPTS);
    let parts = pieces.into_iter().flat_map(|(span, text)| match span {
        Span::Said | Span::Words => said(speaker, &keep::head(text, WORDS_BYTES)),
        Span::Injected | Span::Command => injected(text),
        Span::Ran => vec![Part {
            speaker,
            kind: PartKind::Call {
                call: call.to_owned(),
                tool: "Bash".to_owned(),
            },
            text: keep::head(text, RAN_BYTES),
        }],
        Span::Printed => vec![printed(text, call)],
        Span::Dropped => Vec::new(),
    });
    parts.collect()
}

// `bash-stderr` often holds mere warnings and the exit code is not recorded, so nothing that the
// user ran counts as failed.
fn printed(text: &str, call: &str) -> Part {
    Part {
        speaker: Speaker::Tool,
        kind: PartKind::Result {
            call: call.to_owned(),
            tool: "Bash".to_owned(),
            failed: false,
        },
        text: keep::ends(text, PRINTED_BYTES),
    }
}

/// Returns a text that somebody put into the context, or nothing if it stands in every session.
pub(super) fn injected(text: &str) -> Vec<Part> {
    if noise::is_boilerplate(text) {
        return Vec::new();
    }
    let cap = if text.contains("dormouse") {
        OURS_BYTES
    } else {
        INJECTED_BYTES
    };
    said(Speaker::Injected, &keep::head(text, cap))
}

/// Returns plain words as a part, or nothing where nothing is said.
pub(super) fn said(speaker: Speaker, text: &str) -> Vec<Part> {
    let part = Part {
        speaker,
        kind: PartKind::Said,
        text: text.to_owned(),
    };
    Some(part)
        .filter(|part| !part.text.is_empty())
        .into_iter()
        .collect()
}
