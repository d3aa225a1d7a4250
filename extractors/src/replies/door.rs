//! Cleans a reply before anyone reads it: its length, its line breaks, its invisible characters.
//!
//! It must not judge what the reply says.

use std::borrow::Cow;

use domain::xml;
use memchr::memmem;

use super::entities;
use crate::secrets;

/// So much of a reply is read, in bytes; the longest that we ask for is a hundredth of it.
pub(super) const MAX_BYTES: usize = 1 << 20;

/// A reply as it is read.
pub(super) struct Body<'a> {
    /// Its text.
    pub(super) text: Cow<'a, str>,
    /// Whether it went on behind what is read.
    pub(super) is_capped: bool,
}

/// Returns a reply as it may be kept: without secrets, and without what shows nothing or steers a
/// terminal.
///
/// What shows nothing goes first, so that it cannot stand inside a secret and hide it.
pub fn fit_to_keep(reply: &str) -> String {
    secrets::redact(&clean(reply)).text.into_owned()
}

/// Returns the part of a reply that is read, without what no text needs.
pub(super) fn enter(reply: &str) -> Body<'_> {
    let (kept, is_capped) = capped(reply);
    let clean = clean(kept);
    let text = if is_escaped_whole(&clean) {
        Cow::Owned(entities::decode(&clean).into_owned())
    } else {
        clean
    };
    Body { text, is_capped }
}

/// Says whether a character is one that shows nothing, steers the eye, or means nothing in a text.
///
/// The joiners U+200C and U+200D stay: Persian, Hindi and emoji are spelt with them.
pub(super) fn is_unwanted(c: char) -> bool {
    matches!(
        c,
        '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}'
            | '\u{feff}' | '\u{ad}' | '\u{fffe}' | '\u{ffff}' | '\u{e0000}'..='\u{e007f}'
    ) || xml::is_refused(c)
}

fn capped(reply: &str) -> (&str, bool) {
    if reply.len() <= MAX_BYTES {
        return (reply, false);
    }
    (&reply[..reply.floor_char_boundary(MAX_BYTES)], true)
}

fn clean(text: &str) -> Cow<'_, str> {
    if !text.contains(is_unwanted) {
        return Cow::Borrowed(text);
    }
    let lines = text.replace("\r\n", "\n").replace('\r', "\n");
    Cow::Owned(lines.chars().filter(|c| !is_unwanted(*c)).collect())
}

/// Says whether the whole reply is written as one writes XML inside XML: `&lt;memory&gt;`.
fn is_escaped_whole(text: &str) -> bool {
    let bytes = text.as_bytes();
    let has_tag = memmem::find_iter(bytes, b"<").any(|at| starts_block(&text[at + 1..]));
    !has_tag && memmem::find_iter(bytes, b"&lt;").any(|at| starts_block(&text[at + 4..]))
}

fn starts_block(rest: &str) -> bool {
    ["memor", "none", "supports", "reject", "verdict"]
        .iter()
        .any(|name| {
            rest.get(..name.len())
                .is_some_and(|begin| begin.eq_ignore_ascii_case(name))
        })
}
