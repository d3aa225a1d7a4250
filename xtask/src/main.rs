//! The task runner: one command says whether the house is in order.
//!
//! It runs tools and reads text; the one file that it ever changes is the README's demo.

mod cargo;
mod deny;
mod files;
mod licences;
mod metadata;
mod picture;
mod postgres;
mod rust_text;
mod say;
mod snapshots;
mod step;
mod suite;
mod tidy;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Result, bail};

use crate::step::{STEPS, Task};

const USAGE: &str = "\
cargo xtask check             everything below, cheap steps first; stops at the first that fails
cargo xtask fmt               formatting, as rustfmt wants it
cargo xtask tidy              the house's own rules: arrows, headers, lengths, SQL, dependencies
cargo xtask deny              licences, banned crates and sources, as deny.toml says
cargo xtask lint              clippy on all targets, warnings are errors
cargo xtask doc               rustdoc, warnings are errors
cargo xtask test [-- ARGS]    all tests on SQLite and on a PostgreSQL of their own; ARGS go to cargo test
cargo xtask soak [ROUNDS]     two workers, a person and a reader at one store, on each engine, for 30 s or more
cargo xtask postgres          starts that PostgreSQL, prints its URL and keeps it until Ctrl-C or end of input
cargo xtask picture           writes what the demo prints into the README";

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    match obey(&words) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            say::problem(&format!("{error:#}"));
            ExitCode::FAILURE
        }
    }
}

fn obey(words: &[String]) -> Result<()> {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let task = Task::new(root());
    match words.as_slice() {
        ["check"] => step::run_all(&task),
        ["test", "--", args @ ..] => step::run_one("test", &task.with_test_args(args)),
        ["soak"] => suite::soak(&task, suite::SOAK_ROUNDS),
        ["soak", rounds] => suite::soak(&task, rounds),
        ["postgres"] => postgres::serve(&task.root),
        ["picture"] => picture::renew(&task.root),
        [postgres::KEEP, bin] => postgres::keep(Path::new(bin)),
        [name] if STEPS.iter().any(|step| step.name == *name) => step::run_one(name, &task),
        [] | ["help" | "--help" | "-h"] => {
            say::line(USAGE);
            Ok(())
        }
        _ => bail!("`{}` is no task of this house.\n{USAGE}", words.join(" ")),
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "cargo says in the environment which checkout it runs"
)]
fn root() -> PathBuf {
    root_of(std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from))
}

/// Where two checkouts share a target folder, what was built in one may run in the other: the folder
/// that cargo names at run time wins over the one of the build.
fn root_of(run_in: Option<PathBuf>) -> PathBuf {
    let room = run_in.unwrap_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")));
    let root = room
        .parent()
        .expect("xtask lies one folder below the workspace root");
    root.to_path_buf()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_house_that_is_checked_is_the_one_that_cargo_runs_in() {
        let elsewhere = PathBuf::from("/other/checkout");
        assert_eq!(root_of(Some(elsewhere.join("xtask"))), elsewhere);
        assert!(root_of(None).join("xtask/src/main.rs").exists());
    }
}
