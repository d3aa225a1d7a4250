//! Words a lesson from the sentence that taught it.
//!
//! Adds no number, path or name that the sentence lacks: a lesson must stand on its quote alone.

use std::sync::LazyLock;

use domain::{Kind, Lesson, Scope};
use regex::Regex;

use super::cues::Force;

/// The subject area where nothing better is known.
pub(super) const GENERAL: &str = "general";

// A situation that the sentence itself names.
static SITUATION: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?i)\b(?:(?:when|whenever|every time|each time|any time|before|after|while) (?:you |we |I )?(?:[\w'-]+ ?){1,7}|if you (?:ever )?(?:need|want|have) to (?:[\w'-]+ ?){1,7}|in (?:the )?(?:specs|tests|production|comments|commit messages|docs|documentation|ci|pull requests|code)\b)",
    )
    .expect("a pattern in the source")
});

const TOPICS: &[(&str, &str)] = &[
    (r"commit messages?|changelog", "writing commit messages"),
    (r"force[- ]push\w*|push\w*", "pushing"),
    (
        r"commit\w*|squash\w*|rebas\w*|merg\w*|branch\w*|pull requests?|prs?\b",
        "working with git",
    ),
    (
        r"p?npm|yarn|bun|pip|uv|poetry|cargo|brew|install\w*|dependenc\w*",
        "managing dependencies",
    ),
    (r"docstrings?|comments?|commenting", "writing comments"),
    (
        r"tests?|testing|specs?|mocks?|mocking|tdd|bdd",
        "writing tests",
    ),
    (
        r"docs|documentation|readme|markdown",
        "writing documentation",
    ),
    (r"deploy\w*|release\w*|production|staging|prod", "deploying"),
    (
        r"tabs|spaces|indent\w*|format\w*|lint\w*|naming|camelcase|snake_case",
        "formatting code",
    ),
    (
        r"docker\w*|containers?|kubernetes|k8s",
        "working with containers",
    ),
    (r"sub-?agents?", "delegating work"),
    (
        r"database|sql|migrations?|postgres\w*|sqlite",
        "working on the database",
    ),
];

static TOPIC: LazyLock<Vec<(Regex, &str)>> = LazyLock::new(|| {
    let topics = TOPICS.iter().map(|(words, when)| {
        (
            Regex::new(&format!(r"(?i)\b(?:{words})\b")).expect("a pattern in the source"),
            *when,
        )
    });
    topics.collect()
});

static PREAMBLE: LazyLock<Regex> = LazyLock::new(|| {
    let words = "no|nope|nah|ok|okay|yes|yeah|and|also|but|so|well|actually|btw|fyi|please|pls|plz|hmm+|oh|hey|right|remember that|remember";
    Regex::new(&format!(r"^(?i:(?:{words})\b[\s,.:;!–—-]*)+")).expect("a pattern in the source")
});

// What only says that an order stands from now on, which every rule does.
static STANDING: LazyLock<Regex> = LazyLock::new(|| {
    let words = "from now on|from here on|going forward|in (?:the )?future|we always|always";
    Regex::new(&format!(r"^(?i:(?:{words})\b[\s,:]*)+")).expect("a pattern in the source")
});

/// Returns the lesson of a sentence that lays down a rule.
pub(super) fn lesson(sentence: &str, force: Force, kind: Kind) -> Lesson {
    let what = sentence.split_whitespace().collect::<Vec<_>>().join(" ");
    let advice = PREAMBLE
        .replace(&what, "")
        .trim_end_matches(['.', '!', ','])
        .to_owned();
    let (do_, warn) = match force {
        Force::Do => (Some(STANDING.replace(&advice, "").into_owned()), None),
        Force::Warn => (None, Some(advice)),
    };
    Lesson {
        kind,
        scope: Scope::Project,
        when: Some(situation(&what)),
        what,
        do_,
        warn,
    }
}

/// Returns when a rule should come to mind: what it says of that, else its topic.
fn situation(what: &str) -> String {
    if let Some(named) = SITUATION.find(what) {
        let named = named.as_str().trim();
        return named.strip_prefix("when ").unwrap_or(named).to_owned();
    }
    let topic = TOPIC.iter().find(|(words, _)| words.is_match(what));
    topic
        .map_or("working in this project", |(_, when)| when)
        .to_owned()
}
