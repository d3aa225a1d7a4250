//! Fills the prompt that makes one memory out of those that say the same thing.
//!
//! It must not leave out a quote that the merged memory may have to rest on, but for endless ones.

use domain::{Evidence, Memory};

use crate::filled::{Filled, Form, filled, system};
use crate::lines::{MARK, field};
use crate::text::MERGE;
use crate::{fence, memories};

const REPLY_TOKENS: u32 = 2_000;
// A cluster is mature from five on; with twenty-four, 10,000 tokens are not passed.
const MEMBERS_AT_MOST: usize = 24;
const MEMBER_CHARS: usize = 1_000;
const QUOTES_AT_MOST: usize = 3;
const QUOTE_CHARS: usize = 300;

/// A memory of a cluster, with what it rests on.
#[derive(Clone, Copy, Debug)]
pub struct Member<'a> {
    /// The memory.
    pub memory: &'a Memory,
    /// Its evidence, the best first; three quotes are shown.
    pub evidence: &'a [Evidence],
}

/// What is asked.
#[derive(Clone, Copy, Debug)]
pub struct Merge<'a> {
    /// The members, the strongest first; twenty-four are shown.
    pub members: &'a [Member<'a>],
    /// The form of the reply.
    pub form: Form,
}

/// Returns the prompt, filled.
pub fn merge(ask: &Merge<'_>) -> Filled {
    let mut data = String::new();
    for member in ask.members.iter().take(MEMBERS_AT_MOST) {
        data.push_str(&memories::line(member.memory, MEMBER_CHARS));
        for quote in member.evidence.iter().take(QUOTES_AT_MOST) {
            let words = field(&quote.quote, QUOTE_CHARS);
            data.push_str(&format!("{MARK}   {}: {words}\n", quote.said_by.as_str()));
        }
    }
    let data = data.trim_end();
    let fence = fence::word(&[data]);
    let user = MERGE.fill("user", &[("fence", &fence), ("data", data)]);
    filled(
        &MERGE,
        ask.form,
        system(&MERGE, ask.form, &[]),
        user,
        REPLY_TOKENS,
    )
}
