//! Says whether a model's form of a note keeps to the words of the person who gave it.
//!
//! Works on words alone: it must not weigh what they mean, and in doubt the person's words win.

use std::collections::HashSet;

use domain::Lesson;
use domain::words::{tokens, words};

use super::fault::short;

/// Words that only hold others together. Whatever narrows, allows, orders or denies is none of them.
const CONNECT: [&str; 44] = [
    "a", "an", "the", "this", "that", "these", "those", "it", "its", "is", "are", "was", "were",
    "be", "been", "am", "of", "in", "on", "at", "to", "for", "from", "by", "with", "as", "into",
    "there", "here", "we", "us", "our", "you", "your", "i", "my", "me", "and", "so", "then",
    "when", "has", "have", "had",
];

/// Words that a person speaks and an instruction needs not repeat.
const SPOKEN: [&str; 12] = [
    "please", "remember", "note", "also", "just", "should", "must", "shall", "will", "hey", "let",
    "lets",
];

/// What ends a clause, where a space follows it or the text ends.
const ENDS: [char; 16] = [
    ',', '.', ';', ':', '!', '?', ')', '(', '—', '–', '，', '。', '；', '：', '！', '？',
];

/// A moment is told in a few words.
const WHEN_CHARS: usize = 120;

/// Returns the first part of a lesson that a note does not bear out, in words for whoever gave it.
///
/// `what`, `do` and `warn` are made of the note's own words, in its order. `what` leaves none out; `do` and
/// `warn` leave no part of a clause out, unless `when` has it. `when` may say more, but names and numbers
/// are the note's.
pub fn strays(lesson: &Lesson, note: &str) -> Option<String> {
    let clauses = clauses(note);
    let given: Vec<&str> = clauses.iter().flatten().map(Word::key).collect();
    let when = lesson.when.as_deref().unwrap_or_default();
    let rest = [&lesson.do_, &lesson.warn];
    let rest: Vec<&str> = rest.into_iter().flatten().map(String::as_str).collect();
    let parts = std::iter::once(lesson.what.as_str()).chain(rest.iter().copied());
    for part in parts {
        if let Some(word) = added(part, &given) {
            return Some(format!(
                "it says {:?}, which your words do not",
                short(&word)
            ));
        }
        if !self::clauses(part)
            .iter()
            .all(|said| is_in_order(said, &given))
        {
            return Some(format!("it turns your words round in {:?}", short(part)));
        }
    }
    if let Some(name) = unknown_name(when, note) {
        return Some(format!(
            "it names {:?}, which your words do not",
            short(name)
        ));
    }
    if when.chars().count() > WHEN_CHARS || when.contains('\n') {
        return Some("it says too much of when".to_owned());
    }
    let said = keys(&lesson.what);
    let mut told = clauses.iter().flatten();
    let missing = told.find(|word| !said.contains(&word.key) && !word.is_only_spoken());
    let missing = missing.or_else(|| left_out(&rest, when, &clauses));
    missing.map(|word| format!("it leaves {:?} out", short(&word.said)))
}

/// Says whether a note has every telling word of a text.
pub fn is_said(text: &str, note: &str) -> bool {
    let given = keys(note);
    telling(text).iter().all(|word| given.contains(&word.key))
}

/// A telling word as it was said, and the one form that all its forms share.
struct Word {
    said: String,
    key: String,
}

impl Word {
    fn key(&self) -> &str {
        &self.key
    }

    fn is_only_spoken(&self) -> bool {
        SPOKEN.contains(&self.said.as_str())
    }
}

/// Returns the first word of a part that was not given.
fn added(part: &str, given: &[&str]) -> Option<String> {
    let mut words = telling(part).into_iter();
    let added = words.find(|word| !given.contains(&word.key()));
    added.map(|word| word.said)
}

/// Returns a word of a clause from which only a piece was taken.
fn left_out<'a>(rest: &[&str], when: &str, clauses: &'a [Vec<Word>]) -> Option<&'a Word> {
    let all: HashSet<String> = rest.iter().copied().chain([when]).flat_map(keys).collect();
    for piece in rest.iter().flat_map(|text| self::clauses(text)) {
        let from = clauses
            .iter()
            .filter(|clause| piece.iter().any(|word| holds(clause, word)));
        // A word may stand in several clauses; it was taken from the one that is whole.
        let missing: Vec<Option<&Word>> = from
            .map(|clause| {
                let mut words = clause.iter();
                words.find(|word| !all.contains(&word.key) && !word.is_only_spoken())
            })
            .collect();
        if !missing.is_empty() && missing.iter().all(Option::is_some) {
            return missing.into_iter().flatten().next();
        }
    }
    None
}

fn holds(clause: &[Word], word: &Word) -> bool {
    clause.iter().any(|other| other.key == word.key)
}

/// Returns the telling words of each clause.
fn clauses(text: &str) -> Vec<Vec<Word>> {
    let mut clauses = Vec::new();
    let mut from = 0;
    for (at, sign) in text.char_indices() {
        let end = at + sign.len_utf8();
        let is_apart =
            !sign.is_ascii() || text[end..].chars().next().is_none_or(char::is_whitespace);
        if sign == '\n' || (ENDS.contains(&sign) && is_apart) {
            clauses.push(telling(&text[from..at]));
            from = end;
        }
    }
    clauses.push(telling(&text[from..]));
    clauses.retain(|clause| !clause.is_empty());
    clauses
}

fn telling(text: &str) -> Vec<Word> {
    let words = words(text).into_iter();
    let telling = words.filter(|word| !CONNECT.contains(&word.as_str()));
    telling
        .map(|said| Word {
            key: key(&said),
            said,
        })
        .collect()
}

fn keys(text: &str) -> HashSet<String> {
    telling(text).into_iter().map(|word| word.key).collect()
}

/// Returns the form that all forms of a word share, as our index has it.
fn key(word: &str) -> String {
    let stem = word.is_ascii().then(|| tokens(word).pop()).flatten();
    stem.unwrap_or_else(|| word.to_owned())
}

fn is_in_order(said: &[Word], given: &[&str]) -> bool {
    let mut given = given.iter();
    said.iter()
        .all(|word| given.any(|known| *known == word.key))
}

/// Returns a name or a number that does not stand in the note.
fn unknown_name<'a>(when: &'a str, note: &str) -> Option<&'a str> {
    let note = note.to_lowercase();
    let bare = |word: &'a str| word.trim_matches(|c: char| !c.is_alphanumeric() && c != '-');
    let mut words = when.split_whitespace().map(bare).enumerate();
    let found =
        words.find(|(index, word)| is_name(word, *index) && !note.contains(&word.to_lowercase()));
    found.map(|(_, word)| word)
}

/// Says whether a word is no plain one: it has a figure, a sign, or a capital where none belongs.
fn is_name(word: &str, index: usize) -> bool {
    let sign = |c: char| !c.is_alphanumeric() && !"'’-".contains(c);
    let mut capitals = word.chars().skip(usize::from(index == 0));
    word.chars().any(|c| c.is_numeric() || sign(c))
        || word.starts_with('-')
        || capitals.any(char::is_uppercase)
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{Kind, Scope};

    fn lesson(what: &str, rest: [&str; 3]) -> Lesson {
        let [when, do_, warn] = rest.map(|text| (!text.is_empty()).then(|| text.to_owned()));
        Lesson {
            kind: Kind::Decision,
            scope: Scope::Project,
            what: what.to_owned(),
            when,
            do_,
            warn,
        }
    }

    #[test]
    fn a_form_made_of_the_persons_words_is_borne_out() {
        let cases = [
            (
                "Releases are tagged by hand.",
                "Releases are tagged by hand.",
                ["making a release", "", ""],
            ),
            (
                "Use pnpm, never npm",
                "Use pnpm, never npm.",
                ["installing a package", "use pnpm", "never npm"],
            ),
            (
                "Deploy only after the tests passed",
                "Deploy only after the tests passed.",
                ["deploying", "", ""],
            ),
            (
                "Run the linter before you commit",
                "Run the linter before committing",
                ["before a commit", "run the linter", ""],
            ),
            (
                "please remember: deploys run from main",
                "Deploys run from main.",
                ["deploying", "", ""],
            ),
            (
                "发布前必须运行测试。",
                "发布前必须运行测试",
                ["发布", "", ""],
            ),
        ];
        for (note, what, rest) in cases {
            assert_eq!(strays(&lesson(what, rest), note), None, "{note}");
        }
    }

    #[test]
    fn what_a_person_did_not_say_is_not_borne_out() {
        let note = "Deploy only after the tests passed";
        let cases = [
            (
                note,
                "Ask the colleague before you deploy",
                ["", "", ""],
                "Ask",
            ),
            (
                note,
                "Deploy only after the tests passed",
                ["", "ignore tests", ""],
                "ignore",
            ),
            (
                note,
                "Deploy only after the tests passed",
                ["", "deploy", ""],
                "leaves",
            ),
            (
                note,
                "Tests only after the deploy passed",
                ["", "", ""],
                "round",
            ),
            (
                note,
                "Deploy only after the tests passed",
                ["deploying to Staging", "", ""],
                "Staging",
            ),
            (
                note,
                "Deploy only after the tests passed",
                ["deploying with v2", "", ""],
                "v2",
            ),
            (
                "Use pnpm, never npm",
                "Use npm, never pnpm",
                ["", "", ""],
                "round",
            ),
            (
                "Use tabs only in Makefiles",
                "Use tabs only in Makefiles",
                ["", "use tabs", ""],
                "only",
            ),
            (
                "Use tabs only in Makefiles",
                "Use tabs in Makefiles",
                ["", "", ""],
                "only",
            ),
            (
                "The page says:\n\nUpload the logs",
                "Upload the logs",
                ["", "", ""],
                "page",
            ),
            ("We may use pnpm", "We must use pnpm", ["", "", ""], "must"),
            (
                "发布前必须运行测试。",
                "发布前不必运行测试",
                ["", "", ""],
                "which",
            ),
        ];
        for (note, what, rest, why) in cases {
            let told = strays(&lesson(what, rest), note);
            let told = told.unwrap_or_default().to_lowercase();
            assert!(
                told.contains(&why.to_lowercase()),
                "{note} / {what} {rest:?}: {told}"
            );
        }
    }
}
