//! Fills the prompt that gives a saved note the form of a memory, or refuses it.
//!
//! It must not decide whether the note is worth keeping; whoever saved it hears the model's reason.

use domain::Kind;
use domain::words::estimate_tokens;

use crate::filled::{Filled, Form, filled, system};
use crate::text::STRUCTURE;
use crate::{fence, lines, shorten};

const REPLY_TOKENS: u32 = 700;
const FRAME_TOKENS: usize = 80;
const DOMAIN_CHARS: usize = 40;
const DOMAIN_WORDS: usize = 3;

/// What is asked.
#[derive(Clone, Copy, Debug)]
pub struct Structure<'a> {
    /// The note, as it was given.
    pub content: &'a str,
    /// The kind under which it was saved, if one was named.
    pub kind: Option<Kind>,
    /// The subject area under which it was saved, if one was named.
    pub domain: Option<&'a str>,
    /// The form of the reply.
    pub form: Form,
    /// So many tokens may the request have, by estimate, the reply not counted.
    pub room: usize,
}

/// Returns the prompt, filled.
pub fn structure(ask: &Structure<'_>) -> Filled {
    let system = system(&STRUCTURE, ask.form, &[]);
    let taken = estimate_tokens(&system) + estimate_tokens(STRUCTURE.section("user"));
    let left = ask.room.saturating_sub(taken + FRAME_TOKENS);
    let note = shorten::to_tokens(&lines::clean(ask.content), left);
    let before = before(ask);
    let fence = fence::word(&[&note]);
    let values = [
        ("fence", fence.as_str()),
        ("before", &before),
        ("data", note.trim_end()),
    ];
    let user = STRUCTURE.fill("user", &values);
    filled(&STRUCTURE, ask.form, system, user, REPLY_TOKENS)
}

/// Says under which kind and domain it was saved.
fn before(ask: &Structure<'_>) -> String {
    let kind = ask
        .kind
        .map(|kind| STRUCTURE.fill("kind", &[("kind", kind.as_str())]));
    let domain = ask.domain.filter(|domain| is_plain(domain));
    let domain = domain.map(|domain| STRUCTURE.fill("domain", &[("domain", domain.trim())]));
    let said: Vec<String> = kind.into_iter().chain(domain).collect();
    match said.is_empty() {
        true => String::new(),
        false => said.join("\n") + "\n\n",
    }
}

/// A domain stands outside the tags, so it is said only if it is a few plain words.
fn is_plain(domain: &str) -> bool {
    let plain = |c: char| c.is_alphanumeric() || "-_ ".contains(c);
    domain.chars().all(plain)
        && domain.chars().count() <= DOMAIN_CHARS
        && (1..=DOMAIN_WORDS).contains(&domain.split_whitespace().count())
}
