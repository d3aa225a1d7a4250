//! Judges the words behind a cue: do they name a thing in general, or something on the table?
//!
//! Knows neither cues nor lessons; it looks at the first few words only.

use std::sync::LazyLock;

use regex::Regex;

/// The ways in which people name the place where a rule holds.
pub(super) const HOUSE: &str =
    r"(?:this|the) (?:project|repo|repository|codebase|monorepo|workspace|house|team)";

/// What the words behind a cue must be for it to count.
#[derive(Clone, Copy)]
pub(super) enum Guard {
    /// The pattern says it all.
    Free,
    /// A plain verb that is not aimed at something on the table.
    Verb,
    /// Words that point at nothing.
    Loose,
    /// A thing in general: no pronoun, no "the other", no number.
    Thing,
    /// Things in general, and nothing definite anywhere behind.
    Sweeping,
    /// A thing in general, in a sentence too short to be a description.
    Brief,
    /// Two things in general, one instead of the other.
    Contrast,
}

/// Returns whether the words behind a cue pass its guard.
pub(super) fn holds(guard: Guard, rest: &str) -> bool {
    match guard {
        Guard::Free => rest.split(' ').count() >= 2,
        Guard::Verb => is_bidding(rest),
        Guard::Loose => !rest
            .split(' ')
            .map(bare)
            .any(|word| is_one_of(POINTERS, word)),
        Guard::Thing => is_general(rest),
        Guard::Sweeping => is_general(rest) && !is_definite(rest),
        Guard::Brief => is_general(rest) && !is_some(rest) && is_brief(rest),
        Guard::Contrast => contrasts(rest),
    }
}

// Words that follow "always", "never" and "don't" in speech and begin no order.
const NO_ORDER: &str = "mind been seen had heard done got gotten knew known thought ran went gone came made said \
    told saw took left lost found kept sent built wrote written was were is are am has have \
    would will could can should may a an the that this it in on at there true false null \
    possible good nice fun again really quite gonna going seem happen worry bother think \
    know see understand get care need believe look feel wait forget like want hurts end fail \
    fails returns wonder hurt remember as be about because so just ever even set";

const POINTERS: &str = "this that it them these those him her one ones everything anything";

/// Returns whether the words begin with a plain verb that is not aimed at something on the table.
fn is_bidding(rest: &str) -> bool {
    let mut words = rest.split(' ').map(bare);
    let (Some(verb), Some(object)) = (words.next(), words.next()) else {
        return false;
    };
    let inflected = (verb.ends_with("ed") && !matches!(verb, "embed" | "need" | "feed" | "seed"))
        || (verb.ends_with('s') && !verb.ends_with("ss"))
        || verb.ends_with("ly")
        || (verb.ends_with("ing") && !matches!(verb, "bring" | "ping" | "string"));
    let pointed = is_one_of(POINTERS, object) && !is_house(rest);
    verb.chars().all(|c| c.is_alphabetic() || c == '-')
        && !verb.is_empty()
        && !inflected
        && !is_one_of(NO_ORDER, verb)
        && !pointed
}

const DEFINITE: &str = "the this that it it's them these those one ones your a) b) option if how what number \
    either both neither first second third last same other to not what's his her their \
    something anything everything so yours mine him too more less up much many lots have \
    need want know think see";

/// Returns whether the words name a thing in general and nothing that lies on the table.
fn is_general(rest: &str) -> bool {
    let mut words = rest.split(' ').map(bare);
    let (first, second) = (
        words.next().unwrap_or_default(),
        words.next().unwrap_or_default(),
    );
    let pointed = is_one_of(POINTERS, second) && !is_house(rest);
    let numbered = first.starts_with(|c: char| c.is_ascii_digit()) || first.chars().count() < 2;
    !first.is_empty() && !numbered && !pointed && (!is_one_of(DEFINITE, first) || is_house(rest))
}

fn is_definite(rest: &str) -> bool {
    let mut words = rest.split(' ').map(bare);
    words.any(|word| {
        matches!(
            word,
            "the" | "this" | "that" | "it" | "them" | "these" | "those"
        )
    })
}

/// Returns whether the words name one thing of many: "use a map" is a choice of the moment.
fn is_some(rest: &str) -> bool {
    matches!(
        rest.split(' ').next(),
        Some("a" | "an" | "some" | "another")
    )
}

/// Returns whether a statement is short enough to lay something down instead of explaining it.
fn is_brief(rest: &str) -> bool {
    // "we use git status to find the changed files" explains; "we use tabs for indentation" does not.
    let explains = [" to ", " which ", " where ", " because ", " when ", " so "]
        .iter()
        .any(|w| rest.contains(w));
    rest.split(' ').count() <= 8 && !explains
}

/// Returns whether both sides of "instead of" are things in general, named in a few words.
fn contrasts(rest: &str) -> bool {
    let Some((kept, dropped)) = CONTRAST.find(rest).map(|word| rest.split_at(word.start())) else {
        return false;
    };
    let dropped = CONTRAST.replace(dropped, "");
    let indefinite = |side: &str| is_general(side) && !is_some(side) && !is_definite(side);
    let few = kept.split(' ').count() <= 12 && dropped.split(' ').count() <= 12;
    few && indefinite(kept.trim()) && indefinite(dropped.trim())
}

static CONTRAST: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r",? (?:and not|not|never|instead of|rather than|than|over|no|to) ")
        .expect("a pattern in the source")
});

fn is_house(rest: &str) -> bool {
    HOUSES.is_match(rest)
}

static HOUSES: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(&format!("^(?:\\w+ )?{HOUSE}")).expect("a pattern in the source"));

fn bare(word: &str) -> &str {
    word.trim_matches(|c: char| !(c.is_alphanumeric() || matches!(c, '\'' | ')' | '-')))
}

fn is_one_of(list: &str, word: &str) -> bool {
    list.split(' ').any(|listed| listed == word)
}
