//! Runs all tests, on SQLite and on a PostgreSQL that lives as long as they run.
//!
//! A server that cannot be started fails the step; its tests are never skipped.

use anyhow::{Context, Result};

use crate::step::Task;
use crate::{cargo, postgres, say, snapshots};

/// The variable under which the tests are told where PostgreSQL is.
pub(crate) const URL_VARIABLE: &str = "DORMOUSE_TEST_POSTGRES";

/// How many rounds a soak has: enough for more than 30 s on each engine.
pub(crate) const SOAK_ROUNDS: &str = "1500";

/// Lets many hands write at one store, on each engine, for far more rounds than the tests do.
pub(crate) fn soak(task: &Task, rounds: &str) -> Result<()> {
    let server = postgres::Server::start(&task.root)
        .context("a soak needs PostgreSQL, and it could not be started")?;
    let words = ["test", "-p", "store", "--test", "busy", "two_workers"];
    let mut command = cargo::cargo(&task.root, &words);
    command
        .env(URL_VARIABLE, server.url())
        .env("DORMOUSE_TEST_ROUNDS", rounds);
    cargo::run(&mut command)
}

/// Runs the tests; without further words all of them, and then looks for unread snapshots.
pub(crate) fn run(task: &Task) -> Result<()> {
    let server = postgres::Server::start(&task.root)
        .context("the tests need PostgreSQL with pgvector, and it could not be started")?;
    say::line(&format!("PostgreSQL for the tests: {}", server.url()));
    let notes = snapshots::notes(&task.root)?;
    let mut command = cargo::cargo(&task.root, &words(&task.test_args));
    command
        .env(URL_VARIABLE, server.url())
        .env(snapshots::NOTES_VARIABLE, &notes)
        // A snapshot that differs fails its test and leaves nothing pending behind.
        .env("INSTA_UPDATE", "no")
        .env("INSTA_FORCE_PASS", "0");
    cargo::run(&mut command)?;
    if task.test_args.is_empty() {
        snapshots::reject_unread(&task.root, &notes)?;
    }
    Ok(())
}

fn words(args: &[String]) -> Vec<&str> {
    let args = args.iter().map(String::as_str);
    // One failing crate must not hide what the others say.
    let mut words = vec!["test", "--no-fail-fast"];
    if !args.clone().any(|word| ["-p", "--package"].contains(&word)) {
        words.push("--workspace");
    }
    words.extend(args);
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(args: &[&str], expect: &str) {
        let args: Vec<String> = args.iter().map(ToString::to_string).collect();
        assert_eq!(words(&args).join(" "), expect);
    }

    #[test]
    fn all_crates_are_tested_unless_one_is_named() {
        check(&[], "test --no-fail-fast --workspace");
        check(&["story"], "test --no-fail-fast --workspace story");
        check(&["-p", "store"], "test --no-fail-fast -p store");
    }
}
