//! Finds the tags that we know in a text in which anything may stand; all else is text.
//!
//! One pass from left to right, no recursion, no backtracking: a hostile text costs what its length costs.

use std::collections::HashMap;

use memchr::{memchr, memmem};

use super::entities;
use super::names::Name;

// Longer than any tag worth reading; a quote that opens and never closes is given up there.
const MAX_TAG: usize = 16 << 10;
const COMMENT: &str = "<!--";
const CDATA: &str = "<![CDATA[";

/// Which side of an element a tag is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    /// `<what>`
    Open,
    /// `</what>`
    Close,
    /// `<what/>`
    Alone,
}

/// A tag that we know.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tag<'a> {
    pub(super) name: Name,
    pub(super) side: Side,
    /// What stands between its name and its end.
    pub(super) inside: &'a str,
    /// Where it begins in the text.
    pub(super) start: usize,
    /// Where it ends there.
    pub(super) end: usize,
    /// Where the tag that closes it stands in the list of tags.
    pub(super) partner: Option<usize>,
}

impl Tag<'_> {
    /// Returns the attributes that we know, decoded; of two with one name the first.
    pub(super) fn attributes(&self) -> Vec<(Name, String)> {
        let mut found: Vec<(Name, String)> = Vec::new();
        let mut rest = self.inside;
        while let Some((name, value, after)) = attribute(rest) {
            rest = after;
            let name = Name::of(name).filter(|name| name.is_field());
            if let Some(name) = name.filter(|name| found.iter().all(|(known, _)| known != name)) {
                found.push((name, entities::decode(value).into_owned()));
            }
        }
        found
    }
}

/// Returns the known tags of a text in order, each opening tag with the one that closes it.
///
/// Inside an element a tag of another name is text when the element is closed behind it, so the
/// pairs are made name by name: a closing tag belongs to the nearest opening one of its name.
pub(super) fn scan(text: &str) -> Vec<Tag<'_>> {
    let mut tags: Vec<Tag<'_>> = Vec::new();
    let mut open: HashMap<Name, Vec<usize>> = HashMap::new();
    let mut skips = Skips::default();
    let mut at = 0;
    while let Some(next) = memchr(b'<', &text.as_bytes()[at..]) {
        at += next;
        if let Some(end) = skips.end(text, at, &tags) {
            at = end;
            continue;
        }
        let Some(tag) = tag(text, at) else {
            at += 1;
            continue;
        };
        at = tag.end;
        match tag.side {
            Side::Open => open.entry(tag.name).or_default().push(tags.len()),
            Side::Close => {
                if let Some(opener) = open.get_mut(&tag.name).and_then(Vec::pop) {
                    tags[opener].partner = Some(tags.len());
                }
            }
            Side::Alone => {}
        }
        tags.push(tag);
    }
    tags
}

/// Says whether a text ends in the middle of a tag that we might know.
pub(super) fn ends_in_a_tag(text: &str) -> bool {
    let Some(at) = text.rfind('<') else {
        return false;
    };
    let rest = text[at + 1..].trim_start_matches('/');
    let name = rest.split(|c: char| !is_name(c)).next().unwrap_or_default();
    let more = &rest[name.len()..];
    let begins = !more.contains('>') && (more.is_empty() || Name::of(name).is_some());
    begins && name.len() < 16 && more.bytes().all(|b| b != b'\n')
}

/// Stretches in which no tag counts: comments between elements, and CDATA inside a memory.
#[derive(Default)]
struct Skips {
    in_block: bool,
    looked: usize,
    no_comment_ends: bool,
    no_cdata_ends: bool,
}

impl Skips {
    fn end(&mut self, text: &str, at: usize, tags: &[Tag<'_>]) -> Option<usize> {
        let rest = &text[at..];
        if !rest.starts_with("<!") {
            return None;
        }
        let fresh = &tags[self.looked..];
        self.in_block |= fresh.iter().any(|tag| tag.name.is_block());
        self.looked = tags.len();
        let last = tags.last();
        let in_field = last.is_some_and(|tag| tag.side == Side::Open && tag.name.is_field());
        if rest.starts_with(COMMENT) && !in_field && !self.no_comment_ends {
            let end = memmem::find(rest.as_bytes(), b"-->");
            self.no_comment_ends = end.is_none();
            return Some(at + end? + 3);
        }
        if rest.starts_with(CDATA) && self.in_block && !self.no_cdata_ends {
            let end = memmem::find(rest.as_bytes(), b"]]>");
            self.no_cdata_ends = end.is_none();
            return Some(at + end? + 3);
        }
        None
    }
}

fn is_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_' || c == '-'
}

/// Returns the tag that begins here, if it is one that we know.
fn tag(text: &str, start: usize) -> Option<Tag<'_>> {
    let rest = &text[start + 1..];
    let (is_close, rest) = match rest.strip_prefix('/') {
        Some(rest) => (true, rest),
        None => (false, rest),
    };
    let length = rest.bytes().take_while(|b| is_name(char::from(*b))).count();
    let name = Name::of(&rest[..length])?;
    let inside = &rest[length..];
    if !inside.starts_with(|c: char| c == '>' || c == '/' || c.is_whitespace()) {
        return None;
    }
    let length = closing(inside)?;
    let end = text.len() - inside.len() + length + 1;
    let inside = inside[..length].trim();
    let (side, inside) = match (is_close, inside.strip_suffix('/')) {
        (true, _) => (Side::Close, ""),
        (false, Some(inside)) => (Side::Alone, inside),
        (false, None) => (Side::Open, inside),
    };
    Some(Tag {
        name,
        side,
        inside,
        start,
        end,
        partner: None,
    })
}

/// Returns where the `>` of a tag stands: outside its quotes, before the next `<`.
fn closing(inside: &str) -> Option<usize> {
    let bytes = &inside.as_bytes()[..inside.len().min(MAX_TAG)];
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'>' => return Some(at),
            b'<' => return None,
            b'=' => {
                let space = bytes[at + 1..]
                    .iter()
                    .take_while(|b| b.is_ascii_whitespace());
                let value = at + 1 + space.count();
                let quote = bytes.get(value).filter(|b| matches!(b, b'"' | b'\''));
                at = match quote {
                    // A quote that never closes is no quote: the tag ends at its first `>`.
                    Some(quote) => memchr(*quote, &bytes[value + 1..])
                        .map_or(value + 1, |length| value + length + 2),
                    None => at + 1,
                };
            }
            _ => at += 1,
        }
    }
    None
}

/// Returns the next attribute with its value, and what follows it.
fn attribute(text: &str) -> Option<(&str, &str, &str)> {
    let text = text.trim_start_matches(|c: char| !is_name(c));
    if text.is_empty() {
        return None;
    }
    let (name, rest) = text.split_at(text.find(|c| !is_name(c)).unwrap_or(text.len()));
    let Some(rest) = rest.trim_start().strip_prefix('=') else {
        return Some((name, "", rest));
    };
    let rest = rest.trim_start();
    let quoted = rest.chars().next().filter(|c| matches!(c, '"' | '\''));
    if let Some(quote) = quoted
        && let Some(end) = rest[1..].find(quote)
    {
        return Some((name, &rest[1..=end], &rest[end + 2..]));
    }
    let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
    let value = rest[..end].trim_matches(['"', '\'', '“', '”', '„', '\\']);
    Some((name, value, &rest[end..]))
}
