//! Words that no code of this house holds.
//!
//! Clippy knows most of them; this rule also sees code that is not compiled here.

use super::Problem;
use crate::rust_text::{self, RustText};

/// The word as it stands in code without spaces, and what to do instead.
const WORDS: [(&str, &str); 7] = [
    (
        "#[allow(",
        "write #[expect(lint, reason = \"…\")], which ends with its cause",
    ),
    (
        "#![allow(",
        "write #![expect(lint, reason = \"…\")], which ends with its cause",
    ),
    (
        "#[ignore",
        "a test that does not run guards nothing; mend it or delete it",
    ),
    (
        "todo!(",
        "finish it, or return an error that says what is missing",
    ),
    (
        "unimplemented!(",
        "finish it, or return an error that says what is missing",
    ),
    ("dbg!(", "look, then take it out"),
    (
        "tokio::spawn(",
        "use a JoinSet; if it cannot be, #[expect(clippy::disallowed_methods, reason = \"…\")] says why",
    ),
];

/// The lint whose written exception explains a bare spawn.
const EXPLAINED: &str = "clippy::disallowed_methods";

/// How far above a call its exception may stand.
const ABOVE: usize = 12;

/// Returns where a forbidden word stands.
pub(crate) fn check(source: &RustText) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (at, line) in source.code.lines().enumerate() {
        // An attribute may be written with spaces in it, and rustfmt leaves macros alone.
        let tight: String = line.split_whitespace().collect();
        for (word, instead) in WORDS {
            if holds(&tight, word) && !is_explained(source, word, at) {
                let says = format!("`{word}` is not written here: {instead}");
                problems.push(Problem::on_line(&source.path, at + 1, says));
            }
        }
    }
    problems
}

fn holds(line: &str, word: &str) -> bool {
    if word.starts_with('#') {
        return line.contains(word);
    }
    rust_text::words(line, word.trim_end_matches(['!', '('])).any(|at| line[at..].starts_with(word))
}

fn is_explained(source: &RustText, word: &str, at: usize) -> bool {
    let near = source
        .code
        .lines()
        .take(at + 1)
        .skip(at.saturating_sub(ABOVE));
    word.starts_with("tokio::") && near.into_iter().any(|line| line.contains(EXPLAINED))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_code(code: &str, expect: &[&str]) {
        let found: Vec<String> = check(&rust_text::read("x.rs", code))
            .iter()
            .map(|problem| {
                format!(
                    "{} {}",
                    problem.place,
                    problem.says.split_whitespace().next().unwrap_or("")
                )
            })
            .collect();
        assert_eq!(found, expect, "{code}");
    }

    #[test]
    fn forbidden_words_are_found_in_code() {
        check_code("a\n#[allow(dead_code)]", &["x.rs:2 `#[allow(`"]);
        check_code("#! [allow (dead_code)]", &["x.rs:1 `#![allow(`"]);
        check_code("#[ignore]", &["x.rs:1 `#[ignore`"]);
        check_code("#[ignore = \"slow\"]", &["x.rs:1 `#[ignore`"]);
        check_code("fn f() { todo!() }", &["x.rs:1 `todo!(`"]);
        check_code("let a = dbg!(b);", &["x.rs:1 `dbg!(`"]);
    }

    #[test]
    fn comments_literals_and_longer_words_are_not_code() {
        check_code(
            "// todo!()\nlet a = \"dbg!(\"; my_todo!(); tokio::spawn_blocking(f);",
            &[],
        );
    }

    #[test]
    fn a_bare_spawn_needs_its_reason_beside_it() {
        check_code("tokio::spawn(f);", &["x.rs:1 `tokio::spawn(`"]);
        check_code(
            "#[expect(clippy::disallowed_methods, reason = \"it is waited for\")]\ntokio::spawn(f);",
            &[],
        );
    }
}
