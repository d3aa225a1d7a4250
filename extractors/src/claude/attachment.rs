//! Reads attachment lines: what hooks and files of rules put into the context.
//!
//! All of it is injected text; listings and snapshots of the client's own are passed over.

use std::borrow::Cow;

use domain::Part;

use super::json::{elements, pick, text};
use super::prompt;

/// Returns the kind of an attachment.
pub(super) fn kind(attachment: &str) -> Option<Cow<'_, str>> {
    let [kind] = pick(attachment, ["type"])?;
    text(kind?)
}

/// Returns what an attachment put into the context.
pub(super) fn parts(kind: &str, attachment: &str) -> Vec<Part> {
    let injected = match kind {
        "hook_additional_context"
        | "hook_success"
        | "hook_blocking_error"
        | "async_hook_response" => field(attachment, ["content", "response", "blockingError"]),
        "nested_memory" => nested(attachment),
        "instructions" => instructions(attachment),
        _ => None,
    };
    injected.map_or_else(Vec::new, |text| prompt::injected(&text))
}

fn field(attachment: &str, names: [&str; 3]) -> Option<String> {
    let [one, two, three] = pick(attachment, names)?;
    joined(one.or(two).or(three)?)
}

/// Returns a text, or the texts of a list, one a line.
fn joined(raw: &str) -> Option<String> {
    if let Some(text) = text(raw) {
        return Some(text.into_owned());
    }
    let texts = elements(raw)?.into_iter().filter_map(text);
    Some(texts.collect::<Vec<_>>().join("\n"))
}

fn nested(attachment: &str) -> Option<String> {
    let [content] = pick(attachment, ["content"])?;
    file(content?)
}

fn instructions(attachment: &str) -> Option<String> {
    let [files] = pick(attachment, ["files"])?;
    let texts = elements(files?)?.into_iter().filter_map(file);
    Some(texts.collect::<Vec<_>>().join("\n"))
}

fn file(raw: &str) -> Option<String> {
    let [content] = pick(raw, ["content"])?;
    Some(text(content?)?.into_owned())
}
