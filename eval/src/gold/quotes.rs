//! Makes a quote of an excerpt: words that stand in the turn, in whole sentences.
//!
//! Takes nothing that the turn, as we read it, does not say.

use domain::{Part, PartKind, Turn};

/// An excerpt this long was cut to length.
const CUT_CHARS: usize = 200;
/// An excerpt is looked for by its beginning, as long as this.
const HEAD_CHARS: usize = 60;
/// A cut excerpt goes on to the end of its sentence, if it ends within so many characters.
const MORE_CHARS: usize = 160;

/// Returns words of the turn for an excerpt; `None` when it has none of them and nobody in it bears
/// witness. What was put into the context is quoted where the label shows it: a reply might, too.
pub(super) fn words(excerpt: &str, turn: &Turn) -> Option<String> {
    let excerpt = one_spaced(&unescaped(excerpt));
    let head = start(&excerpt, HEAD_CHARS);
    let mut parts: Vec<(&Part, String)> = turn
        .parts
        .iter()
        .map(|part| (part, one_spaced(&part.text)))
        .filter(|(_, text)| !text.is_empty())
        .collect();
    // A tool's output stands before the words that came with it.
    parts.sort_by_key(|(part, _)| matches!(part.kind, PartKind::Result { .. }));
    let mut parts_with = parts
        .iter()
        .filter_map(|(_, text)| Some((text, text.find(head)?)));
    // Where the label shows what the reader takes away, the turn's own first words speak.
    let own = parts.iter().find(|(part, _)| part.speaker.bears_witness());
    let found = parts_with.next();
    let (text, from) = found.or_else(|| own.map(|(_, text)| (text, 0)))?;
    let shown = excerpt.chars().count();
    let said = start(&text[from..], shown);
    let is_whole = said.len() + from == text.len() || shown < CUT_CHARS;
    match is_whole {
        true => Some(said.trim().to_owned()),
        false => Some(to_sentence_end(&text[from..], said.len())),
    }
}

/// An excerpt of anything but plain words was written down as JSON, and may break off.
fn unescaped(excerpt: &str) -> String {
    match excerpt.strip_prefix('"') {
        Some(rest) if excerpt.contains("\\n") || excerpt.contains("\\\"") => rest
            .replace("\\n", "\n")
            .replace("\\t", "\t")
            .replace("\\\"", "\""),
        _ => excerpt.to_owned(),
    }
}

pub(crate) fn one_spaced(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn start(text: &str, chars: usize) -> &str {
    let end = text
        .char_indices()
        .nth(chars)
        .map_or(text.len(), |(at, _)| at);
    &text[..end]
}

/// Goes on to the end of the sentence, or back to the last one that is whole.
fn to_sentence_end(text: &str, from: usize) -> String {
    let ends = |text: &str| {
        let after = |sign: &'static str| text.find(sign).map(|at| at + 1);
        [". ", "! ", "? ", ": "].into_iter().filter_map(after).min()
    };
    let more = start(&text[from..], MORE_CHARS);
    if let Some(end) = ends(more) {
        return text[..from + end].to_owned();
    }
    if from + more.len() == text.len() {
        return text.to_owned();
    }
    let back = text[..from].rfind(". ").map(|at| at + 1);
    let end = back.or_else(|| text[..from].rfind(' ')).unwrap_or(from);
    text[..end].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cut_sentence_is_quoted_to_its_end_or_left_off() {
        assert_eq!(
            to_sentence_end("One. Two three. Four.", 8),
            "One. Two three."
        );
        let endless = format!("One is whole. Two {}", "and so on ".repeat(40));
        assert_eq!(to_sentence_end(&endless, 30), "One is whole.");
    }

    #[test]
    fn an_excerpt_that_was_written_down_as_json_is_read_back() {
        assert_eq!(unescaped(r#""a\nb \"c\""#), "a\nb \"c\"");
        assert_eq!(unescaped("\"quoted\" and plain"), "\"quoted\" and plain");
    }
}
