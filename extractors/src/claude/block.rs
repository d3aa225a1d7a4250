//! One block of a message, its fields found in a single pass but not yet read.
//!
//! Says nothing about who speaks.

use std::borrow::Cow;

use super::json::{self, elements, pick};

/// A block's fields, raw.
#[derive(Clone, Copy, Debug)]
pub(super) struct Block<'a> {
    /// What it is, as far as a plain word says so.
    pub(super) kind: &'a str,
    /// Plain words.
    pub(super) words: Option<&'a str>,
    /// A call's own id.
    pub(super) id: Option<&'a str>,
    /// A call's tool.
    pub(super) name: Option<&'a str>,
    /// A call's input.
    pub(super) input: Option<&'a str>,
    /// The call that a result answers.
    pub(super) call: Option<&'a str>,
    /// A result's content.
    pub(super) content: Option<&'a str>,
    /// Whether a result is an error.
    pub(super) error: bool,
}

impl<'a> Block<'a> {
    fn outline(json: &'a str) -> Option<Self> {
        let names = [
            "type",
            "text",
            "id",
            "name",
            "input",
            "tool_use_id",
            "content",
            "is_error",
        ];
        let [kind, words, id, name, input, call, content, error] = pick(json, names)?;
        Some(Self {
            kind: kind?.strip_prefix('"')?.strip_suffix('"')?,
            words,
            id,
            name,
            input,
            call,
            content,
            error: json::is_true(error),
        })
    }
}

/// What a message holds.
#[derive(Debug)]
pub(super) enum Content<'a> {
    /// Mere words.
    Words(Cow<'a, str>),
    /// Blocks, without those that are no objects.
    Blocks(Vec<Block<'a>>),
}

/// Reads a content; one of a wrong type holds nothing.
pub(super) fn content(raw: &str) -> Content<'_> {
    if let Some(words) = json::text(raw) {
        return Content::Words(words);
    }
    let blocks = elements(raw).unwrap_or_default().into_iter();
    Content::Blocks(blocks.filter_map(Block::outline).collect())
}
