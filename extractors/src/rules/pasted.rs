//! Finds where a pasted letter or guideline begins in a message, so that nobody takes it for the user's words.
//!
//! Judges the shape of lines alone. Whoever wrote the letter, what follows its first line is left out.

use std::sync::LazyLock;

use regex::Regex;

static HEADER: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"^(?:subject|from|to|cc|bcc|date|sent|reply-to): *\S"));

static SUBJECT: LazyLock<Regex> = LazyLock::new(|| pattern(r"^subject: *\S"));

static GREETING: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"^(?:hi|hello|hey|dear|good (?:morning|afternoon))(?: [\w.'-]+){1,4},$")
});

// "Thanks, Bob" is how people end a message to the agent; these are how they end a letter.
static CLOSING: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"^(?:(?:all the |with )?best(?: regards| wishes)?|(?:(?:kind|warm)(?:est)? )?regards|cheers|",
        r"(?:yours )?sincerely|yours (?:truly|faithfully))(?:,|,? [\w.'-]+(?: [\w.'-]+)?)?$",
    ))
});

static HEADING: LazyLock<Regex> = LazyLock::new(|| pattern(r"^#{1,6} +\S"));

// A bullet, or a line that goes on below one.
static ITEM: LazyLock<Regex> = LazyLock::new(|| pattern(r"^\s*(?:[-*+•]|\d{1,2}[.)])\s|^\s{2,}\S"));

fn pattern(words: &str) -> Regex {
    Regex::new(&format!("(?i){words}")).expect("a pattern in the source")
}

/// Returns what stands before the first pasted letter or guideline of a message.
pub(super) fn before(message: &str) -> &str {
    let lines: Vec<(usize, &str)> = lines(message);
    let texts: Vec<&str> = lines.iter().map(|(_, text)| *text).collect();
    let begins = (0..texts.len()).find(|&at| is_letter(&texts[at..]) || is_guideline(&texts[at..]));
    begins.map_or(message, |at| &message[..lines[at].0])
}

/// Returns the lines in which something stands, each with its place.
fn lines(message: &str) -> Vec<(usize, &str)> {
    let mut offset = 0;
    let placed = message.split_inclusive('\n').map(|line| {
        offset += line.len();
        (offset - line.len(), line.trim_end())
    });
    placed.filter(|(_, line)| !line.is_empty()).collect()
}

/// Returns whether a letter begins here: two headers, or a subject or greeting and a closing.
fn is_letter(lines: &[&str]) -> bool {
    let [first, rest @ ..] = lines else {
        return false;
    };
    let second = rest.first().is_some_and(|line| HEADER.is_match(line));
    let opens = SUBJECT.is_match(first) || GREETING.is_match(first);
    HEADER.is_match(first) && second || opens && rest.iter().any(|line| CLOSING.is_match(line))
}

/// Returns whether a document of rules begins here: a heading, then more items than prose.
fn is_guideline(lines: &[&str]) -> bool {
    if !lines.first().is_some_and(|line| HEADING.is_match(line)) {
        return false;
    }
    let items = lines.iter().filter(|line| ITEM.is_match(line)).count();
    let headings = lines.iter().filter(|line| HEADING.is_match(line)).count();
    items > 0 && (items + headings) * 2 > lines.len()
}
