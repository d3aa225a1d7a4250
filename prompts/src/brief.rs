//! Fills the prompt that makes a project's brief out of its memories.
//!
//! It must not choose the memories; they come in the order in which they matter.

use domain::Memory;

use crate::filled::{Filled, Form, filled, system};
use crate::text::BRIEF;
use crate::{fence, memories};

// Ids cost as much as the words that they stand beside.
const REPLY_PER_WORD: u32 = 4;
const WORDS_A_LINE: usize = 25;
// Sixty memories stay below 8,000 tokens.
const MEMORIES_AT_MOST: usize = 60;
const MEMORY_CHARS: usize = 500;

/// What is asked.
#[derive(Clone, Copy, Debug)]
pub struct Brief<'a> {
    /// The memories, those that matter most first; sixty are shown.
    pub memories: &'a [&'a Memory],
    /// So many words may the brief have.
    pub words: u16,
    /// The form of the reply.
    pub form: Form,
}

/// Returns the prompt, filled.
pub fn brief(ask: &Brief<'_>) -> Filled {
    let shown = ask.memories.iter().take(MEMORIES_AT_MOST);
    let data: String = shown
        .map(|memory| memories::line(memory, MEMORY_CHARS))
        .collect();
    let data = data.trim_end();
    let words = usize::from(ask.words);
    let lines = words.div_ceil(WORDS_A_LINE).max(1);
    let values = [
        ("lines", lines.to_string()),
        ("words", ask.words.to_string()),
    ];
    let values = values.each_ref().map(|(name, text)| (*name, text.as_str()));
    let fence = fence::word(&[data]);
    let user = BRIEF.fill("user", &[("fence", &fence), ("data", data)]);
    let reply = u32::from(ask.words) * REPLY_PER_WORD;
    filled(
        &BRIEF,
        ask.form,
        system(&BRIEF, ask.form, &values),
        user,
        reply,
    )
}
