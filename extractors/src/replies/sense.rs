//! Makes sense of single words: a kind, a scope, a speaker, a turn's short name.
//!
//! What makes no sense becomes what claims least: a fact, the project, nobody's word.

use domain::{Kind, Scope, Speaker};

/// The subject area where none is given.
const GENERAL: &str = "general";
const DOMAIN_CHARS: usize = 40;
const PATH_CHARS: usize = 200;

const KINDS: &[(Kind, &[&str])] = &[
    (
        Kind::Fact,
        &[
            "facts",
            "finding",
            "information",
            "info",
            "knowledge",
            "observation",
            "discovery",
            "environment",
        ],
    ),
    (
        Kind::Decision,
        &[
            "decisions",
            "choice",
            "tradeoff",
            "design",
            "architecture",
            "rationale",
        ],
    ),
    (
        Kind::Bug,
        &[
            "bugs",
            "bugfix",
            "fix",
            "error",
            "failure",
            "fault",
            "pitfall",
            "gotcha",
            "issue",
            "workaround",
            "rootcause",
            "mistake",
            "troubleshooting",
        ],
    ),
    (
        Kind::Pattern,
        &[
            "patterns",
            "practice",
            "bestpractice",
            "convention",
            "technique",
            "antipattern",
        ],
    ),
    (
        Kind::Preference,
        &[
            "preferences",
            "rule",
            "rules",
            "style",
            "instruction",
            "constraint",
            "requirement",
            "feedback",
            "correction",
            "policy",
        ],
    ),
    (Kind::Context, &["background", "goal", "task", "project"]),
    (
        Kind::Skill,
        &[
            "skills",
            "procedure",
            "workflow",
            "howto",
            "recipe",
            "process",
            "steps",
            "command",
        ],
    ),
];

/// Returns the kind that a word names; what names none is a fact, which claims least.
pub(super) fn kind(word: Option<&str>) -> Kind {
    let word = letters(word.unwrap_or_default());
    let named = KINDS
        .iter()
        .find(|(kind, others)| kind.as_str() == word || others.contains(&word.as_str()));
    named.map_or(Kind::Fact, |(kind, _)| *kind)
}

/// Returns the speaker that a word names.
pub(super) fn speaker(word: &str) -> Option<Speaker> {
    match letters(word).as_str() {
        "user" | "human" | "person" | "developer" | "theuser" => Some(Speaker::User),
        "assistant" | "agent" | "model" | "ai" | "theassistant" => Some(Speaker::Assistant),
        "tool" | "tools" | "tooloutput" | "output" | "command" | "result" => Some(Speaker::Tool),
        "outside" | "web" | "file" | "external" => Some(Speaker::Outside),
        _ => None,
    }
}

/// Returns the scope that a word names; what names none is the project.
///
/// A path that leads out of the project, or begins at the root of a disk, names none.
pub(super) fn scope(word: Option<&str>) -> Scope {
    let word = word.unwrap_or_default().trim();
    let lower = word.to_lowercase();
    if matches!(lower.as_str(), "user" | "global" | "everywhere") {
        return Scope::User;
    }
    let is_path = lower.starts_with("path:");
    let path = if is_path { word[5..].trim() } else { word };
    if !is_path && !path.contains('/') {
        return Scope::Project;
    }
    let path = path
        .trim_start_matches("./")
        .trim_end_matches('/')
        .replace('\\', "/");
    let strays = path.starts_with(['/', '~'])
        || path.contains(':')
        || path.split('/').any(|part| part == "..");
    let is_fit = !path.is_empty()
        && path != "."
        && path.chars().count() <= PATH_CHARS
        && !path.contains(char::is_control);
    if strays || !is_fit {
        return Scope::Project;
    }
    Scope::Path(path)
}

/// Returns a subject area in lower case on one line.
pub(super) fn area(word: Option<&str>) -> String {
    let words: Vec<&str> = word.unwrap_or_default().split_whitespace().collect();
    let area: String = words
        .join(" ")
        .to_lowercase()
        .chars()
        .take(DOMAIN_CHARS)
        .collect();
    match area.trim() {
        "" => GENERAL.to_owned(),
        area => area.to_owned(),
    }
}

/// Returns the places that a citation names: `t3`, `T3`, `3`, `turn 3`, `[t3]`, `t3, t5`.
pub(super) fn turns(cited: &str) -> Vec<usize> {
    let pieces = cited.split(|c: char| !c.is_ascii_alphanumeric());
    let number = |piece: &str| {
        let piece = piece.to_ascii_lowercase();
        let digits = piece.trim_start_matches("turn").trim_start_matches('t');
        digits.parse::<usize>().ok().filter(|number| *number > 0)
    };
    // Two or three turns may share a quote; a longer list cites nothing.
    pieces.filter_map(number).take(3).collect()
}

fn letters(word: &str) -> String {
    let plain = word.chars().filter(|c| c.is_alphanumeric());
    plain.take(32).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_has_many_names_and_the_rest_are_facts() {
        for (word, expected) in [
            ("Bug", Kind::Bug),
            (" PREFERENCE ", Kind::Preference),
            ("best-practice", Kind::Pattern),
            ("Root cause", Kind::Bug),
            ("how_to", Kind::Skill),
            ("rule", Kind::Preference),
            ("poem", Kind::Fact),
            ("", Kind::Fact),
        ] {
            assert_eq!(kind(Some(word)), expected, "{word}");
        }
        assert_eq!(kind(None), Kind::Fact);
    }

    #[test]
    fn a_scope_never_leads_out_of_the_project() {
        let path = |path: &str| Scope::Path(path.to_owned());
        for (word, expected) in [
            ("user", Scope::User),
            ("Project", Scope::Project),
            ("galaxy", Scope::Project),
            ("path:crates/api", path("crates/api")),
            ("PATH: ./crates/api/", path("crates/api")),
            ("crates/api", path("crates/api")),
            ("path:crates\\api", path("crates/api")),
            ("path:", Scope::Project),
            ("path:/etc", Scope::Project),
            ("path:~/x", Scope::Project),
            ("path:C:\\x", Scope::Project),
            ("path:a/../../b", Scope::Project),
        ] {
            assert_eq!(scope(Some(word)), expected, "{word}");
        }
    }

    #[test]
    fn a_turn_is_cited_in_many_ways() {
        for (cited, expected) in [
            ("t3", vec![3]),
            ("T3", vec![3]),
            ("3", vec![3]),
            ("turn 3", vec![3]),
            ("[t3]", vec![3]),
            ("turn-12", vec![12]),
            ("t3, t5", vec![3, 5]),
            ("t0", vec![]),
            ("x9", vec![]),
            ("", vec![]),
            ("t99999999999999999999999", vec![]),
        ] {
            assert_eq!(turns(cited), expected, "{cited}");
        }
    }
}
