//! Keeps the words that a user typed while the agent worked, and gives them out as turns.
//!
//! Loses none of them; where the client repeats them as a line of their own, that line counts.

use domain::digest;

use super::json::{elements, pick, text};
use super::keep;
use super::line::{Field, Line};
use super::state::{Queued, State};

// Longer words are kept from the line that repeats them, where there is one.
const QUEUED_BYTES: usize = 16 * 1024;

/// Takes in one `queue-operation` line; returns words that left the queue and stand nowhere else.
pub(super) fn operation(line: &Line<'_>, state: &mut State) -> Option<Queued> {
    let content = line.text(Field::Content);
    let words = content.as_deref().filter(|text| is_words(text));
    let at = line.at().unwrap_or(state.at);
    match line.text(Field::Operation)?.as_ref() {
        "enqueue" => {
            state.enqueue(queued(words?, at));
            None
        }
        // Absorbed into the running turn. Newer clients say which words; older ones only that some
        // left, and a person's words leave before any notification.
        "remove" => {
            let named = content.as_deref().map(cleaned);
            let known = state.unqueue(named.as_deref());
            let found = known.or_else(|| words.map(|words| queued(words, at)))?;
            state.take_once(&found.id).then_some(found)
        }
        // Back into the editor: what is sent in the end comes as a line of its own.
        "popAll" => {
            match content.as_deref().map(cleaned) {
                Some(named) => drop(state.unqueue(Some(&named))),
                None => state.clear_queue(),
            }
            None
        }
        // A dequeued text is repeated by a user line, which takes it off the queue.
        _ => None,
    }
}

/// Returns the words of a `queued_command` attachment, unless the queue gave them out already.
///
/// It carries the instant of the enqueuing, so that both names of the words agree.
pub(super) fn attachment(attachment: &str, line: &Line<'_>, state: &mut State) -> Option<Queued> {
    let [prompt, mode, origin] = pick(attachment, ["prompt", "commandMode", "origin"])?;
    let mode = mode.and_then(text);
    let origin = origin.and_then(|origin| text(pick(origin, ["kind"])?[0]?));
    let human = origin.is_none_or(|kind| kind == "human");
    if !human || mode.is_some_and(|mode| mode != "prompt") {
        return None;
    }
    let words = prompt_words(prompt?)?;
    if !is_words(&words) {
        return None;
    }
    let found = queued(&words, line.at().unwrap_or(state.at));
    let found = state.unqueue(Some(&found.text)).unwrap_or(found);
    state.take_once(&found.id).then_some(found)
}

fn prompt_words(prompt: &str) -> Option<String> {
    if let Some(words) = text(prompt) {
        return Some(words.into_owned());
    }
    let blocks = elements(prompt)?.into_iter();
    let texts = blocks.filter_map(|block| text(pick(block, ["text"])?[0]?));
    Some(texts.collect::<Vec<_>>().join("\n"))
}

/// Names the words by their instant and content alone: a fork repeats them under another session.
fn queued(words: &str, at: i64) -> Queued {
    Queued {
        id: digest('q', &[&at.to_string(), words]),
        at,
        text: cleaned(words),
    }
}

fn cleaned(words: &str) -> String {
    keep::head(words, QUEUED_BYTES)
}

/// Returns whether a queued text is a person's words, and no notification and no command.
fn is_words(text: &str) -> bool {
    let text = text.trim_start();
    let command = text.strip_prefix('/').is_some_and(|rest| {
        let name = rest.split_whitespace().next().unwrap_or_default();
        name.starts_with(|c: char| c.is_ascii_alphabetic()) && !name.contains(['/', '.'])
    });
    let noise = text.starts_with("<task-notification>")
        || text.starts_with("{\"task_id\":")
        || text.starts_with('!');
    !text.is_empty() && !command && !noise
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_and_notifications_are_nobodys_words() {
        for words in [
            "/home/ann/x.rs is wrong",
            "also fix the tests",
            "<b>?",
            "/etc/hosts",
        ] {
            assert!(is_words(words), "{words}");
        }
        for noise in [
            "/compact keep it",
            "/gsd:progress",
            "<task-notification>\n<task-id>",
            r#"{"task_id":"b1","description":"x"}"#,
            "!ls",
            " ",
        ] {
            assert!(!is_words(noise), "{noise}");
        }
    }
}
