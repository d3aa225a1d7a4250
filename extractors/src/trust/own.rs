//! Tells the words that a user wrote from those that they pasted, quoted or reported.
//!
//! Judges shapes alone. Where it is in doubt the words are not theirs: a rule can be said again.

use std::sync::LazyLock;

use domain::{Evidence, Speaker};
use regex::Regex;

use crate::ground;
use crate::rules::{is_pasted, letter_begins};

// The longest message of the recorded sessions that was written and not pasted has 1,400 characters.
const LONGEST_MESSAGE_CHARS: usize = 2_000;
// What stands before a long paste says what to do with it.
const LONGEST_OPENING_CHARS: usize = 400;

/// `User:`, `Human (10:02):`, `[t3 user]`, `**Assistant**:` at the beginning of a line.
static TRANSCRIPT: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"(?i)^[\s>*_#\-\[(⏺❯|]*(?:t\d+[\s:|]+)?",
        r"(?:user|human|assistant|system|developer|admin(?:istrator)?|operator|ai|the user)(?:\s*[(\[][^)\]]*[)\]])?",
        r"[\])]?[*_]*\s*(?::|\]|>|$)",
    ))
});

/// `Here is what the page says:`, `got this feedback:`; what follows was written by another.
static HANDED_ON: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"(?i)\b(?:says?|said|reads?|wrote|writes|got|found|received|here'?s|here is|this is|this was|see|look at|below is|",
        r"pasted?|pasting|from|output of|summari[sz]e|check out|what about)\b.*",
        r"\b(?:pages?|readme|docs?|documentation|article|blog|post|logs?|output|error|e?mail|issue|ticket|comments?|",
        r"feedback|review|transcript|conversation|chat|response|reply|paste|snippet|website|site|file|message|prompt|",
        r"text|stackoverflow|slack|thread|notes?|summary|changelog|license|config)\b.*:\s*$",
    ))
});

static THEIR_OWN: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)\b(?:my|i want|i need|i'd like|please|should|must)\b"));

/// Marks of clients, prompts and memories; no person writes them into a wish.
static TAG: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"(?i)</?(?:system|memor|evidence|supports|what|when|do|warn|user|human|assistant|instruction|important|tool|",
        r"function|dormouse|context|command|document|transcript|policy|admin|override|rules?)[\w-]*(?:\s[^>]*)?>",
    ))
});

/// Words in quotation marks that somebody else is said to have said.
static QUOTATION: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r#"(?i)(?:says?|said|reads?|states?|tells?|told \w+|wrote|writes|claims?|suggests?|recommends?|mentions?|"#,
        r#"answered|this|that|line|sentence|text|:|,)\s*(?:["“«「][^"”»」]{12,}["”»」]|'[^'\n]{20,}')"#,
    ))
});

static HEARSAY: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"(?i)\b(?:docs?|documentation|readme|page|site|website|article|blog|post|issue|ticket|comment|file|output|log|",
        r"message|error|e?mail|linter|tool|server|tutorial|guide|chatgpt|gpt|gemini|copilot|vendor|reviewer|review|bot|",
        r"plugin|package|changelog|manual|contributing(?:\.md)?|claude\.md|which|who|it|he|she|they|somebody|someone)",
        r"(?: also| even| clearly)? (?:says?|said|tells?|told|states?|stated|suggests?|recommends?|claims?|mentions?|",
        r"reads|wants|asks|asked|demands|instructs|insists)\b|\baccording to\b",
    ))
});

/// What ties a rule to the project in which it was said.
static BOUND: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"(?i)\b(?:this|our|the|that|your) (?:\w+ )?(?:repo|repository|project|codebase|monorepo|package|service|app|",
        r"module|crate|folder|directory|branch|workspace)\b|\bhere\b",
    ))
});

fn pattern(words: &str) -> Regex {
    Regex::new(words).expect("a pattern in the source")
}

/// Returns the stretches of a message that the user wrote, in order.
pub(super) fn stretches(message: &str) -> Vec<String> {
    let message = opening(letter_begins(message));
    let mut found = vec![String::new()];
    let (mut fenced, mut open): (bool, Option<String>) = (false, None);
    for line in message.lines() {
        let bare = line.trim_start();
        let fence = bare.starts_with("```") || bare.starts_with("~~~");
        fenced ^= fence;
        if TRANSCRIPT.is_match(line) {
            break;
        }
        let tagged = tagged(line, &mut open);
        if fence || fenced || tagged || is_pasted(line) {
            found.push(String::new());
            continue;
        }
        for (index, piece) in QUOTATION.split(line).enumerate() {
            if index > 0 {
                found.push(String::new());
            }
            if let Some(last) = found.last_mut() {
                last.push_str(piece);
            }
        }
        if let Some(last) = found.last_mut() {
            last.push('\n');
        }
        if HANDED_ON.is_match(line) && !THEIR_OWN.is_match(line) {
            break;
        }
    }
    found.retain(|stretch| stretch.chars().any(char::is_alphanumeric));
    found
}

/// Returns what the user wrote themselves of a message that is too long to have been written whole.
fn opening(message: &str) -> &str {
    if message.chars().count() <= LONGEST_MESSAGE_CHARS {
        return message;
    }
    let first = message.split("\n\n").next().unwrap_or_default();
    match first.chars().count() <= LONGEST_OPENING_CHARS {
        true => first,
        false => "",
    }
}

/// Says whether a line holds a tag or stands within one, and remembers which is open.
fn tagged(line: &str, open: &mut Option<String>) -> bool {
    let mut holds = open.is_some();
    for tag in TAG.find_iter(line) {
        holds = true;
        let name: String = tag.as_str().to_lowercase();
        let name: String = name
            .chars()
            .filter(|c| c.is_alphanumeric() || *c == '-')
            .collect();
        match open {
            Some(known) if tag.as_str().starts_with("</") && name.starts_with(known.as_str()) => {
                *open = None;
            }
            None if !tag.as_str().starts_with("</") => *open = Some(name),
            _ => {}
        }
    }
    holds
}

/// Returns the sentences of the user's own in which a quote stands; none if it is not theirs.
pub(super) fn sentences(message: &str, quote: &str) -> Vec<String> {
    let stretches = stretches(message);
    let around = stretches
        .iter()
        .flat_map(|own| ground::contexts(quote, own));
    around.filter(|said| !HEARSAY.is_match(said)).collect()
}

/// Returns whether all that the user says for it speaks of the project in which it was said.
pub(super) fn is_bound(evidence: &[Evidence]) -> bool {
    let mut own = evidence
        .iter()
        .filter(|quote| quote.said_by == Speaker::User);
    own.any(|quote| BOUND.is_match(&quote.quote))
}

#[cfg(test)]
mod tests {
    use super::sentences;

    #[track_caller]
    fn check(message: &str, quote: &str, own: bool) {
        assert_eq!(!sentences(message, quote).is_empty(), own, "{message}");
    }

    #[test]
    fn what_a_person_writes_is_theirs() {
        let rule = "always use tabs";
        for message in [
            "always use tabs",
            "Please fix it.\n- always use tabs\n- and commit",
            "look:\n```\ncode\n```\nalways use tabs",
            "use the `user:` prefix and always use tabs",
            "Here is my feedback on the docs:\nalways use tabs",
            "from now on \"tabs\" it is: always use tabs",
        ] {
            check(message, rule, true);
        }
    }

    #[test]
    fn what_a_person_hands_on_is_not() {
        let rule = "always use tabs";
        for message in [
            "look:\n```\nalways use tabs\n```",
            "look:\n```\nalways use tabs",
            "> always use tabs\nwhat is that?",
            "what is this?\nUser: always use tabs",
            "what is this?\n[t3 user]\nalways use tabs",
            "what is this?\n**Human**: hello\nand always use tabs",
            "<system-reminder>\nalways use tabs\n</system-reminder>",
            "why <policy>always use tabs</policy>?",
            "The readme says always use tabs, is that so?",
            "It reads \"you must always use tabs\" there.",
            "Here is what the page says:\n\nalways use tabs",
            "got this feedback:\nalways use tabs",
            "12:01:02 always use tabs",
        ] {
            check(message, rule, false);
        }
    }

    #[test]
    fn a_long_message_was_not_written_by_hand() {
        let long = format!(
            "sum this up\n\nalways use tabs. {}",
            "and so on. ".repeat(200)
        );
        check(&long, "sum this up", true);
        check(&long, "always use tabs", false);
    }
}
