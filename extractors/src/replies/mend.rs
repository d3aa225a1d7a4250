//! Mends the XML of a reply: whatever stands there becomes small, well-formed elements, or text.
//!
//! Mending and reading are two steps on purpose: what is written here is read by `strict`, which
//! takes nothing on trust. Nothing is invented here: a memory that is not whole is left out.

use quick_xml::escape::escape;

use super::entities;
use super::names::Name;
use super::tags::{self, Side, Tag};

// The prompt asks for three; whoever writes more than this is not answering it.
pub(super) const MAX_BLOCKS: usize = 64;

/// What a reply's XML holds.
#[derive(Debug, Default)]
pub(super) struct Mended {
    /// Memories, supports, rejections and verdicts that are whole, each as well-formed XML.
    pub(super) blocks: Vec<String>,
    /// So many more were left unread.
    pub(super) left_over: usize,
    /// Whether it says that there is nothing.
    pub(super) says_none: bool,
    /// Whether its last element breaks off.
    pub(super) is_half: bool,
    /// Whether the list of memories was opened, and not closed.
    pub(super) is_open: bool,
    /// Whether the list of memories was closed.
    pub(super) is_closed: bool,
}

/// A block that is being written.
struct Block {
    name: Name,
    attributes: Vec<(Name, String)>,
    fields: String,
    /// Whether an element in it had no end of its own.
    is_doubtful: bool,
}

/// Whether elements without an end of their own are believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trust {
    /// They are: who wrote this forgot them.
    Mend,
    /// They are not: the text was cut, and may end in words that look like a tag.
    Doubt,
}

/// Mends the elements between these tags of a text.
pub(super) fn mend(text: &str, tags: &[Tag<'_>], from: usize, trust: Trust) -> Mended {
    let mut writer = Writer {
        text,
        tags,
        trust,
        open: None,
        depth: 0,
        mended: Mended::default(),
    };
    let mut index = from;
    while index < tags.len() {
        index = writer.take(index);
    }
    let mut mended = writer.mended;
    let may_end_in_a_tag = trust == Trust::Doubt || !mended.is_closed;
    mended.is_half |= writer.open.is_some() || (may_end_in_a_tag && tags::ends_in_a_tag(text));
    mended.is_open = writer.depth > 0;
    mended
}

struct Writer<'a> {
    text: &'a str,
    tags: &'a [Tag<'a>],
    trust: Trust,
    open: Option<Block>,
    depth: usize,
    mended: Mended,
}

impl Writer<'_> {
    /// Takes the tag at an index in; returns the index of the next that counts.
    fn take(&mut self, index: usize) -> usize {
        let tag = self.tags[index];
        match tag.name {
            Name::Memories => self.list(index),
            Name::None if self.open.is_none() => self.mended.says_none = true,
            Name::Reject | Name::Verdict if self.open.is_none() => return self.word(index),
            Name::Memory | Name::Supports => self.block(&tag),
            name if name.is_field() && self.open.is_some() => return self.field(index),
            _ => {}
        }
        index + 1
    }

    fn list(&mut self, index: usize) {
        let tag = &self.tags[index];
        match tag.side {
            Side::Open => self.depth += 1,
            Side::Alone => self.mended.says_none = true,
            Side::Close => {
                self.finish();
                self.depth = self.depth.saturating_sub(1);
                self.mended.is_closed = true;
                self.mended.says_none |= self.is_empty_list(index);
            }
        }
    }

    /// Says whether a list is closed right behind its beginning.
    fn is_empty_list(&self, close: usize) -> bool {
        let before = close.checked_sub(1).map(|index| &self.tags[index]);
        before.is_some_and(|open| {
            let between = &self.text[open.end..self.tags[close].start];
            open.name == Name::Memories && open.side == Side::Open && between.trim().is_empty()
        })
    }

    fn block(&mut self, tag: &Tag<'_>) {
        self.finish();
        if tag.side == Side::Close {
            return;
        }
        self.open = Some(Block {
            name: tag.name,
            attributes: tag.attributes(),
            fields: String::new(),
            is_doubtful: false,
        });
        if tag.side == Side::Alone {
            self.finish();
        }
    }

    /// Writes a block that is one word or a sentence; without its end it is not whole.
    fn word(&mut self, index: usize) -> usize {
        let tag = self.tags[index];
        let end = match (tag.side, tag.partner) {
            (Side::Close, _) => return index + 1,
            (Side::Alone, _) => index,
            (Side::Open, Some(partner)) => partner,
            (Side::Open, None) => {
                self.mended.is_half = true;
                return index + 1;
            }
        };
        let content = self.text.get(tag.end..self.tags[end].start);
        let inner = &self.tags[index + 1..end.max(index + 1)];
        let mut attributes = tag.attributes();
        let content = self.children(
            tag.name,
            content.unwrap_or_default(),
            inner,
            &mut attributes,
        );
        let mut fields = String::new();
        push(&mut fields, Name::Reason, &[], &content);
        self.open = Some(Block {
            name: tag.name,
            attributes,
            fields,
            is_doubtful: false,
        });
        self.finish();
        end + 1
    }

    /// Writes an element of the open block.
    fn field(&mut self, index: usize) -> usize {
        let tag = self.tags[index];
        let end = match (tag.side, tag.partner) {
            (Side::Close, _) => return index + 1,
            (Side::Alone, _) => index,
            (Side::Open, Some(partner)) => partner,
            // It ends where the next begins; if none does, neither does the block.
            (Side::Open, None) => index + 1,
        };
        let is_mended = tag.side == Side::Open && tag.partner.is_none();
        if is_mended && end == self.tags.len() {
            return end;
        }
        let content = self.text.get(tag.end..self.tags[end].start);
        let mut attributes = tag.attributes();
        let inner = &self.tags[index + 1..end.max(index + 1)];
        let content = self.children(
            tag.name,
            content.unwrap_or_default(),
            inner,
            &mut attributes,
        );
        if let Some(block) = &mut self.open {
            block.is_doubtful |= is_mended;
            let name = match tag.name {
                Name::Quote => Name::Evidence,
                name => name,
            };
            push(&mut block.fields, name, &attributes, &content);
        }
        if is_mended { end } else { end + 1 }
    }

    /// Takes what a block or a field has as elements for attributes, and returns its text.
    fn children(
        &self,
        parent: Name,
        content: &str,
        inner: &[Tag<'_>],
        attributes: &mut Vec<(Name, String)>,
    ) -> String {
        let mut text = None;
        let may_hold = !matches!(parent, Name::What | Name::When | Name::Do | Name::Warn);
        // Words that merely speak of tags are words: only an element right at the beginning counts.
        if may_hold && content.trim_start().starts_with('<') {
            for tag in inner.iter().filter(|tag| tag.side == Side::Open) {
                let Some(close) = tag.partner.map(|partner| self.tags[partner].start) else {
                    continue;
                };
                let says = entities::plain(&self.text[tag.end..close]);
                match tag.name {
                    Name::Value | Name::Quote | Name::Reason => {
                        attributes.extend(tag.attributes());
                        text = text.or(Some(says));
                    }
                    Name::Subject | Name::Attribute | Name::Turn | Name::Member => {
                        attributes.push((tag.name, says));
                    }
                    _ => {}
                }
            }
        }
        let text = text.unwrap_or_else(|| entities::plain(content));
        // `<evidence quote="…"/>`
        let beside = |(name, _): &&(Name, String)| matches!(name, Name::Value | Name::Quote);
        match attributes.iter().find(beside) {
            Some((_, value)) if text.trim().is_empty() => value.clone(),
            _ => text,
        }
    }

    fn finish(&mut self) {
        let Some(block) = self.open.take() else {
            return;
        };
        if block.is_doubtful && self.trust == Trust::Doubt {
            self.mended.is_half = true;
        } else if self.mended.blocks.len() == MAX_BLOCKS {
            self.mended.left_over += 1;
        } else {
            self.mended.blocks.push(block.written());
        }
    }
}

impl Block {
    fn written(&self) -> String {
        let name = self.name.as_str();
        let mut out = format!("<{name}");
        short(&mut out, &self.attributes);
        out.push('>');
        out.push_str(&self.fields);
        // `<memory what="…">`: an element's text, put where only words belong.
        let long = self.attributes.iter();
        for (name, value) in long.filter(|(name, _)| !name.is_short()) {
            push(&mut out, *name, &[], value);
        }
        out.push_str(&format!("</{name}>"));
        out
    }
}

fn push(out: &mut String, name: Name, attributes: &[(Name, String)], text: &str) {
    let element = name.as_str();
    out.push('<');
    out.push_str(element);
    short(out, attributes);
    out.push('>');
    out.push_str(&escape(text.trim()));
    out.push_str("</");
    out.push_str(element);
    out.push('>');
}

/// Writes the attributes that stand in a tag, each once: the first holds.
fn short(out: &mut String, attributes: &[(Name, String)]) {
    let mut known: Vec<Name> = Vec::new();
    for (name, value) in attributes.iter().filter(|(name, _)| name.is_short()) {
        if !known.contains(name) {
            known.push(*name);
            attribute(out, *name, value);
        }
    }
}

fn attribute(out: &mut String, name: Name, value: &str) {
    out.push(' ');
    out.push_str(name.as_str());
    out.push_str("=\"");
    // A line break in an attribute would be read as a space.
    let value = value.split_whitespace().collect::<Vec<_>>().join(" ");
    out.push_str(&escape(&value));
    out.push('"');
}
