//! Fills the prompt that asks for what an episode teaches.
//!
//! Everything that others wrote stands between tags that it cannot close, and fits the room. It
//! must not show what was put into the agent's context as if somebody had said it.

use domain::words::estimate_tokens;
use domain::{Episode, Memory, MemoryId, Request, Turn};

use crate::filled::{Filled, Form, filled, system};
use crate::text::EXTRACT;
use crate::transcript::{retold, transcript};
use crate::{fence, lines, memories, shorten};

/// In less room the prompt cannot be filled.
pub const LEAST_ROOM: usize = 2_000;

// Three memories with all their elements have some 250 tokens each, ten supports 60.
const REPLY_TOKENS: u32 = 2_000;
// DESIGN asks for the ten nearest.
const KNOWN_AT_MOST: usize = 10;
// The longest memory of the gold set has 900 characters; its beginning says which one it is.
const KNOWN_CHARS: usize = 500;
// Tags and fence words: four sections, each naming a word of 13 letters at most twice.
const FRAME_TOKENS: usize = 60;

/// What is asked.
#[derive(Clone, Copy, Debug)]
pub struct Extract<'a> {
    /// The episode: its turns' numbers are the ids that the reply cites.
    pub episode: &'a Episode,
    /// Its turns, as far as they are still there.
    pub turns: &'a [Turn],
    /// The nearest memories that are known, the nearest first; ten are shown.
    pub known: &'a [&'a Memory],
    /// What CLAUDE.md and rules tell the agent anyway; may be empty.
    pub standing: &'a str,
    /// What a compaction's summary tells of it, beyond what stands in the turns; may be empty.
    pub hints: &'a str,
    /// The form of the reply.
    pub form: Form,
    /// So many tokens may the request have, by estimate, the reply not counted.
    pub room: usize,
}

/// Returns the prompt's name with its version.
pub fn extract_prompt() -> String {
    EXTRACT.prompt()
}

/// Returns the prompt, filled.
pub fn extract(ask: &Extract<'_>) -> Filled {
    let system = system(&EXTRACT, ask.form, &[]);
    let data = data(ask, &system);
    let fence = fence::word(&data.each_ref().map(|(_, text)| text.as_str()));
    let [before @ .., (_, transcript)] = &data;
    let mut sections = String::new();
    for (name, text) in before.iter().filter(|(_, text)| !text.is_empty()) {
        let values = [("fence", fence.as_str()), ("data", text)];
        sections.push_str(&EXTRACT.fill(name, &values));
        sections.push_str("\n\n");
    }
    let values = [
        ("fence", fence.as_str()),
        ("before", &sections),
        ("transcript", transcript),
    ];
    let user = EXTRACT.fill("user", &values);
    filled(&EXTRACT, ask.form, system, user, REPLY_TOKENS)
}

/// Returns the known memories that a request shows: the only ones that its reply can support.
///
/// Read from the request as it was frozen, for what would be shown today may be something else.
pub fn known_in(request: &Request) -> Vec<MemoryId> {
    // Lines of data begin with the mark: nobody's words can open or close this section.
    let lines = request.user.lines();
    let section = lines
        .skip_while(|line| !line.starts_with("<known-"))
        .skip(1)
        .take_while(|line| !line.starts_with("</known-"));
    section
        .filter_map(|line| line.split(' ').nth(1))
        .map(MemoryId::new)
        .collect()
}

/// Returns what is shown of others' words, section by section, the transcript last.
fn data(ask: &Extract<'_>, system: &str) -> [(&'static str, String); 4] {
    // Standing instructions and hints only say what not to look for and where; what is known also
    // earns support. The transcript has what they leave.
    let standing = section(ask.standing, ask.room / 8);
    let hints = lines::clean(&format!("{}\n{}", retold(ask.turns), ask.hints));
    let hints = section(&hints, ask.room / 12);
    let known = known(ask.known, ask.room / 6);
    let ours = ["standing", "known", "hints", "user"].map(|name| EXTRACT.section(name));
    let taken: usize = [system, &standing, &hints, &known]
        .into_iter()
        .chain(ours)
        .map(estimate_tokens)
        .sum();
    let left = ask.room.saturating_sub(taken + FRAME_TOKENS);
    [
        ("standing", standing),
        ("known", known),
        ("hints", hints),
        ("transcript", transcript(ask.episode, ask.turns, left)),
    ]
}

fn section(text: &str, tokens: usize) -> String {
    let text = lines::clean(text);
    if text.is_empty() {
        return text;
    }
    shorten::to_tokens(&text, tokens).trim_end().to_owned()
}

/// Returns the known memories, one a line, as many as fit.
fn known(known: &[&Memory], tokens: usize) -> String {
    let mut out = String::new();
    for memory in known.iter().take(KNOWN_AT_MOST) {
        let line = memories::line(memory, KNOWN_CHARS);
        if estimate_tokens(&out) + estimate_tokens(&line) > tokens {
            break;
        }
        out.push_str(&line);
    }
    out.trim_end().to_owned()
}
