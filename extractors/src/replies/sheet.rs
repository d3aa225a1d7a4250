//! A sheet: a reply read into drafts, in whatever form it came.
//!
//! It says what stands in the reply and how the reply ends; it must not say what that is worth.

use domain::{Ended, Reply};

use super::door;
use super::draft::Draft;
use super::mend::{self, Mended, Trust};
use super::names::Name;
use super::tags::{self, Side, Tag};
use super::{carve, json, strict};

/// A reply, read.
#[derive(Debug, Default)]
pub(super) struct Sheet {
    /// Its blocks, in order.
    pub(super) drafts: Vec<Draft>,
    /// Whether it says that there is nothing.
    pub(super) says_none: bool,
    /// Whether its last block breaks off.
    pub(super) is_half: bool,
    /// Whether what was begun was brought to its end.
    pub(super) is_closed: bool,
    /// Why blocks could not be read.
    pub(super) broken: Vec<String>,
    /// So many more blocks were left unread.
    pub(super) left_over: usize,
    /// A text in an envelope.
    pub(super) inner: Option<String>,
    /// Everything that the model says aloud, when there is no block at all.
    pub(super) prose: String,
    /// Whether the reply is longer than what is read of it.
    pub(super) is_capped: bool,
    /// Whether the reply came to its end.
    pub(super) is_cut: bool,
}

impl Sheet {
    /// Returns the drafts of one block.
    pub(super) fn of(&self, block: Name) -> impl Iterator<Item = &Draft> {
        self.drafts.iter().filter(move |draft| draft.block == block)
    }

    fn is_blank(&self) -> bool {
        self.drafts.is_empty() && !self.says_none && !self.is_half && self.broken.is_empty()
    }
}

/// Reads a reply; an envelope is opened once.
pub(super) fn read(reply: &Reply) -> Sheet {
    let sheet = text(&reply.text, reply.ended);
    match &sheet.inner {
        Some(inner) if sheet.is_blank() => text(inner, reply.ended),
        _ => sheet,
    }
}

fn text(text: &str, ended: Ended) -> Sheet {
    let body = door::enter(text);
    let ended = if body.is_capped { Ended::Cut } else { ended };
    let tags = tags::scan(&body.text);
    let spoken = spoken(&body.text, &tags);
    let mut sheet = match spoken {
        Some(from) => aloud(&body.text, &tags, from, ended),
        // It thought until it ran out of tokens.
        None => Sheet {
            is_half: true,
            ..Sheet::default()
        },
    };
    let is_through = sheet.is_closed && !sheet.is_half;
    sheet.is_cut = sheet.is_half || (ended == Ended::Cut && !is_through);
    sheet.is_capped = body.is_capped;
    sheet
}

/// Reads what stands behind the thinking.
fn aloud(text: &str, tags: &[Tag<'_>], from: usize, ended: Ended) -> Sheet {
    let first = tags
        .iter()
        .position(|tag| tag.start >= from && is_root(tag));
    let json = carve::start(text, from);
    let json_first = match (json, first) {
        (Some(json), Some(first)) => json < tags[first].start,
        (json, _) => json.is_some(),
    };
    let mut sheet = Sheet::default();
    if let Some(start) = json.filter(|_| json_first) {
        sheet = json::read(text, start);
    }
    // A bracket in the prose before the XML was not the reply.
    if let Some(first) = first.filter(|_| sheet.drafts.is_empty() && sheet.inner.is_none()) {
        let trust = if ended == Ended::Cut {
            Trust::Doubt
        } else {
            Trust::Mend
        };
        sheet = xml(&mend::mend(text, tags, first, trust));
    }
    if first.is_none() && !json_first && tags::ends_in_a_tag(text) {
        sheet.is_half = true;
    }
    sheet.prose = text[from..].trim().to_owned();
    sheet
}

fn xml(mended: &Mended) -> Sheet {
    let mut sheet = Sheet {
        says_none: mended.says_none,
        is_half: mended.is_half,
        is_closed: mended.is_closed && !mended.is_open || mended.says_none,
        left_over: mended.left_over,
        ..Sheet::default()
    };
    for block in &mended.blocks {
        match strict::read(block) {
            Ok(draft) => sheet.drafts.push(draft),
            Err(why) => sheet.broken.push(why),
        }
    }
    sheet
}

fn is_root(tag: &Tag<'_>) -> bool {
    let opens = tag.side != Side::Close && (tag.name.is_block() || tag.name == Name::Memories);
    opens || tag.name == Name::None
}

/// Returns where the model begins to speak aloud; `None` when it never does.
///
/// Thinking may hold drafts of memories, so it goes first. In a memory, `<think>` is a word.
fn spoken(text: &str, tags: &[Tag<'_>]) -> Option<usize> {
    let mut from = 0;
    let mut json = carve::start(text, 0);
    let mut thinks = false;
    let mut in_memory = false;
    let last_root = tags.iter().rposition(is_root);
    for (index, tag) in tags.iter().enumerate() {
        if json.is_some_and(|at| at < from) {
            json = carve::start(text, from);
        }
        let in_json = json.is_some_and(|at| at < tag.start) && last_root.is_none();
        match (tag.name, tag.side) {
            (Name::Think, Side::Open) if !in_memory && !in_json => thinks = true,
            (Name::Think, Side::Close) if thinks => {
                thinks = false;
                from = tag.end;
            }
            // Some servers swallow the opening tag; a closing one behind the reply closes nothing.
            (Name::Think, Side::Close) if !in_memory => {
                let rest = text[tag.end..].trim_start();
                let follows = match last_root {
                    Some(last) => last > index,
                    None => !in_json || rest.starts_with(['{', '[', '`']),
                };
                if follows {
                    from = tag.end;
                }
            }
            (Name::Memory, side) if !thinks => in_memory = side == Side::Open,
            _ => {}
        }
    }
    (!thinks).then_some(from)
}
