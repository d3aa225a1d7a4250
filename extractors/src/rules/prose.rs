//! Finds the sentences that a person wrote in their own words, as slices of what they sent.
//!
//! Pasted matter is left out here: fences, quotes, logs, tables, plans. What a sentence means is
//! decided elsewhere.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::pasted;

// The longest message of the recorded sessions that was written and not pasted has 1,400 characters.
const LONGEST_MESSAGE_CHARS: usize = 2_000;
const LONGEST_SENTENCE_CHARS: usize = 400;
// Beyond this a sentence is several, held together by dashes.
const MOST_WORDS: usize = 30;
// A line that a terminal or an editor has wrapped is at least this long.
const WRAPPED_LINE_CHARS: usize = 60;
// Two headings may be somebody's tidy message; three are a document.
const MOST_HEADINGS: usize = 2;

const PLAN_OPENINGS: [&str; 3] = [
    "implement the following plan",
    "base directory for this skill",
    "you are a",
];

static MARKER: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^\s{0,8}(?:[-*+•]|\d{1,2}[.)]|[A-Za-z]\))\s+").expect("a pattern in the source")
});

// A line that opens so qualifies the one before it: cut off, "never push / unless I ask" would lie.
static BOUND: LazyLock<Regex> = LazyLock::new(|| {
    let words = "unless|except|without|instead|rather|than|when|if|until|till|in|on|for|because|but|and|or|to|from|with";
    Regex::new(&format!(r"^\s*(?:{words})\b")).expect("a pattern in the source")
});

static BREAKS: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\s(?:--|—|–)\s|;\s|\s\(").expect("a pattern in the source"));

static PASTED: LazyLock<Regex> = LazyLock::new(|| {
    let shapes = [
        r"^\s*[>|<$❯%#⏺⎿]",         // quotes, tables, tags, prompts, headings
        r"^(?:\t| {4,})\S",         // indented code
        r"^\S*\d{1,2}:\d{2}:\d{2}", // a log line that opens with a time
        r"^(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\s+\d{1,2}\s",
        r"^\s*\[[^\]]*\]", // [Component] message
        r"^(?:error|warning|warn|info|debug|fatal|stderr|stdout|traceback|caused by)\b\s*[:\[(]",
        r"^\s*(?:at |File ).*[:(]\d+", // a stack frame
        r"^(?:diff --git|index [0-9a-f]{7}|@@ )",
        r"^[+-]\s{2,}\S", // a line of a diff
        r"[{};]\s*$",     // code
    ];
    Regex::new(&format!("(?i){}", shapes.join("|"))).expect("a pattern in the source")
});

/// Returns whether a line looks as if it had been pasted and not written.
pub(super) fn is_pasted(line: &str) -> bool {
    PASTED.is_match(line)
}

/// Returns the sentences of a message that look as if they had been written and not pasted.
pub(super) fn sentences(message: &str) -> Vec<&str> {
    if is_document(message) {
        return Vec::new();
    }
    let message = pasted::before(message);
    let blocks = blocks(message);
    blocks
        .into_iter()
        .flat_map(|block| split(&message[block]))
        .collect()
}

fn is_document(message: &str) -> bool {
    let opening = message.trim_start().to_lowercase();
    let headings = message.lines().filter(|line| line.starts_with('#')).count();
    message.chars().count() > LONGEST_MESSAGE_CHARS
        || headings > MOST_HEADINGS
        || PLAN_OPENINGS.iter().any(|plan| opening.starts_with(plan))
}

/// Joins lines that belong together and leaves out those that were pasted.
fn blocks(message: &str) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    let mut fenced = false;
    let mut wrapped = false;
    let mut next = false;
    let mut offset = 0;
    for raw in message.split_inclusive('\n') {
        let start = offset;
        offset += raw.len();
        let line = raw.trim_end();
        let fence = ["```", "~~~"]
            .iter()
            .any(|fence| line.trim_start().starts_with(fence));
        if fence {
            fenced = !fenced;
        }
        if fence || fenced || line.trim().is_empty() || PASTED.is_match(line) {
            next = false;
            continue;
        }
        let marker = MARKER.find(line).map_or(0, |marker| marker.end());
        let end = start + line.len();
        let goes_on = marker == 0 && line.trim_start().starts_with(char::is_lowercase);
        match found.last_mut() {
            Some(last) if next && goes_on && (wrapped || BOUND.is_match(line)) => last.end = end,
            _ => found.push(start + marker..end),
        }
        wrapped = line.chars().count() >= WRAPPED_LINE_CHARS;
        next = !line.ends_with(['.', '!', '?', ':']);
    }
    found
}

/// Cuts a block at the ends of its sentences; a full stop inside a code span or a word is none.
fn split(block: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut start = 0;
    let mut coded = false;
    let mut letters = block.char_indices().peekable();
    while let Some((at, letter)) = letters.next() {
        coded ^= letter == '`';
        let end = at + letter.len_utf8();
        let wide = matches!(letter, '。' | '！' | '？');
        let ends = wide || matches!(letter, '.' | '!' | '?');
        let next = letters.peek().map(|(_, next)| *next);
        let breaks = wide || next.is_none_or(|next| next.is_whitespace() || next == ')');
        if !coded && ends && breaks && !is_short_form(&block[start..end]) {
            found.push(&block[start..end]);
            start = end;
        }
    }
    found.push(&block[start..]);
    let bare = |sentence: &'_ str| -> bool { sentence.chars().any(char::is_alphanumeric) };
    let fits = |sentence: &&str| sentence.chars().count() <= LONGEST_SENTENCE_CHARS;
    let parts = found.into_iter().flat_map(lighten).map(trim);
    parts
        .filter(|sentence| bare(sentence))
        .filter(fits)
        .collect()
}

/// Cuts a sentence that runs on at its dashes and brackets; a short one stays whole.
fn lighten(sentence: &str) -> Vec<&str> {
    if sentence.split_whitespace().count() <= MOST_WORDS {
        return vec![sentence];
    }
    BREAKS.split(sentence).collect()
}

fn trim(sentence: &str) -> &str {
    sentence.trim_matches(|c: char| c.is_whitespace() || matches!(c, ')' | '*'))
}

fn is_short_form(sentence: &str) -> bool {
    let last = sentence
        .rsplit(char::is_whitespace)
        .next()
        .unwrap_or_default();
    matches!(
        last.trim_start_matches('(').to_lowercase().as_str(),
        "e.g." | "i.e." | "etc." | "vs."
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(message: &str, expected: &[&str]) {
        assert_eq!(sentences(message), expected);
    }

    #[test]
    fn sentences_end_where_a_reader_would_say_so() {
        check("Use 3.12. Never 2.7!", &["Use 3.12.", "Never 2.7!"]);
        check(
            "Never edit `a. b` by hand. Ok",
            &["Never edit `a. b` by hand.", "Ok"],
        );
        check(
            "avoid globals, e.g. statics. fine",
            &["avoid globals, e.g. statics.", "fine"],
        );
        check(
            "总是使用pnpm。不要用npm。",
            &["总是使用pnpm。", "不要用npm。"],
        );
    }

    #[test]
    fn lists_fall_into_their_items_and_wrapped_lines_are_joined() {
        check(
            "- always use tabs\n2. never rebase",
            &["always use tabs", "never rebase"],
        );
        let wrapped =
            "Please do not write docstrings in the specs because they repeat what\nthe names say.";
        check(wrapped, &[wrapped]);
        check(
            "commit this\nalways sign off",
            &["commit this", "always sign off"],
        );
    }

    #[test]
    fn what_was_pasted_is_left_out() {
        check("look:\n```\nnever do this\n```\nok", &["look:", "ok"]);
        check("```\nnever closed", &[]);
        check("> always quote\nfine", &["fine"]);
        check(
            "    always_indented()\n12:01:02 never log\n[db] never ready\nok",
            &["ok"],
        );
        check("Implement the following plan:\n\nAlways use X.", &[]);
        check("# A\n# B\n# C\nAlways use X.", &[]);
        check(&"always use tabs. ".repeat(200), &[]);
    }
}
