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

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("xtask lies one folder below the workspace root")
        .to_path_buf()
}
