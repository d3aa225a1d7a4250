//! SQL stands in `store` and nowhere else, tests and eval included.
//!
//! Looks at how string literals begin; it reads no SQL.

use super::Problem;
use crate::rust_text::RustText;

/// The one room that speaks SQL.
const HOME: &str = "store/";

/// How a statement begins; in this house SQL keywords are upper-case.
const OPENINGS: [&str; 14] = [
    "SELECT",
    "INSERT INTO",
    "INSERT OR",
    "UPDATE",
    "DELETE FROM",
    "CREATE TABLE",
    "CREATE INDEX",
    "CREATE UNIQUE INDEX",
    "CREATE VIRTUAL TABLE",
    "CREATE EXTENSION",
    "ALTER TABLE",
    "DROP TABLE",
    "PRAGMA",
    "BEGIN IMMEDIATE",
];

/// Returns the literals of a file outside `store` that begin like SQL.
pub(crate) fn check(source: &RustText) -> Vec<Problem> {
    if source.path.starts_with(HOME) {
        return Vec::new();
    }
    let literals = source
        .literals
        .iter()
        .filter(|literal| is_sql(&literal.text));
    literals
        .map(|literal| {
            let says = "SQL stands in `store` only; ask the store, or give it the method you need";
            Problem::on_line(&source.path, literal.line, says)
        })
        .collect()
}

fn is_sql(text: &str) -> bool {
    let text = text.trim_start();
    OPENINGS.iter().any(|opening| {
        let rest = text.strip_prefix(opening);
        rest.is_some_and(|rest| rest.starts_with(char::is_whitespace) || rest.starts_with("\\n"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rust_text;

    fn check_code(path: &str, code: &str, lines: usize) {
        assert_eq!(
            check(&rust_text::read(path, code)).len(),
            lines,
            "{path}: {code}"
        );
    }

    #[test]
    fn sql_outside_the_store_is_found() {
        check_code("eval/src/a.rs", r#"query("SELECT id FROM memories")"#, 1);
        check_code("tests/tests/a.rs", "r#\"\n  DELETE FROM jobs\"#", 1);
        check_code("store/src/a.rs", r#"query("SELECT id FROM memories")"#, 0);
    }

    #[test]
    fn prose_and_single_words_are_no_sql() {
        check_code(
            "cli/src/a.rs",
            r#"say("Select one", "UPDATED", "SELECT", "UPDATE: done")"#,
            0,
        );
        check_code("cli/src/a.rs", "// \"SELECT id FROM memories\"", 0);
    }
}
