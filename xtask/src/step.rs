//! The steps of `check`, their order, and the summary at the end.
//!
//! Knows what each step is called and what to do when it fails, not how it works.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::{Result, anyhow, bail};

use crate::{cargo, deny, say, suite, tidy};

/// What a step needs to know to run.
pub(crate) struct Task {
    pub(crate) root: PathBuf,
    pub(crate) test_args: Vec<String>,
}

impl Task {
    /// Returns a task that runs every test.
    pub(crate) fn new(root: PathBuf) -> Self {
        Self {
            root,
            test_args: Vec::new(),
        }
    }

    /// Returns the task with words that are handed on to `cargo test`.
    pub(crate) fn with_test_args(self, args: &[&str]) -> Self {
        Self {
            test_args: args.iter().map(ToString::to_string).collect(),
            ..self
        }
    }
}

/// One step: its name, what it looks at, what to do when it fails, and its work.
pub(crate) struct Step {
    pub(crate) name: &'static str,
    looks_at: &'static str,
    remedy: &'static str,
    run: fn(&Task) -> Result<()>,
}

/// Every step, cheap ones first.
pub(crate) const STEPS: [Step; 6] = [
    Step {
        name: "fmt",
        looks_at: "formatting",
        remedy: "run `cargo fmt --all`",
        run: cargo::fmt,
    },
    Step {
        name: "tidy",
        looks_at: "the house's own rules",
        remedy: "each line above names a file and what to change in it",
        run: tidy::run,
    },
    Step {
        name: "deny",
        looks_at: "licences, bans and sources",
        remedy: "choose another crate, or change deny.toml and say why in it",
        run: deny::run,
    },
    Step {
        name: "lint",
        looks_at: "clippy, warnings are errors",
        remedy: "mend what clippy says, or write #[expect(…, reason = \"…\")] beside it",
        run: cargo::lint,
    },
    Step {
        name: "doc",
        looks_at: "rustdoc, warnings are errors",
        remedy: "mend the links and the markup that rustdoc names",
        run: cargo::doc,
    },
    Step {
        name: "test",
        looks_at: "all tests on SQLite and PostgreSQL",
        remedy: "run one again with `cargo xtask test -- -p CRATE NAME`; \
                 accept a changed snapshot with `cargo insta review`",
        run: suite::run,
    },
];

/// Runs every step in order and stops at the first that fails.
pub(crate) fn run_all(task: &Task) -> Result<()> {
    let mut done: Vec<(&str, Duration)> = Vec::new();
    for (at, step) in STEPS.iter().enumerate() {
        say::heading(&format!(
            "{}/{} {}: {}",
            at + 1,
            STEPS.len(),
            step.name,
            step.looks_at
        ));
        let (result, took) = timed(|| (step.run)(task));
        if let Err(error) = result {
            let left: Vec<&str> = STEPS[at + 1..].iter().map(|step| step.name).collect();
            say::heading("summary");
            say::line(&summary(&done, Some((step.name, took)), &left));
            return Err(explained(&error, step));
        }
        done.push((step.name, took));
    }
    say::heading("summary");
    say::line(&summary(&done, None, &[]));
    Ok(())
}

/// Runs the step of that name.
pub(crate) fn run_one(name: &str, task: &Task) -> Result<()> {
    let Some(step) = STEPS.iter().find(|step| step.name == name) else {
        bail!("there is no step `{name}`");
    };
    let (result, took) = timed(|| (step.run)(task));
    result.map_err(|error| explained(&error, step))?;
    say::line(&summary(&[(step.name, took)], None, &[]));
    Ok(())
}

fn explained(error: &anyhow::Error, step: &Step) -> anyhow::Error {
    anyhow!(
        "{error:#}\nstep `{}` failed; what to do: {}",
        step.name,
        step.remedy
    )
}

#[expect(
    clippy::disallowed_methods,
    reason = "the summary tells a person how long each step took"
)]
fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let start = Instant::now();
    let result = work();
    (result, start.elapsed())
}

fn summary(done: &[(&str, Duration)], failed: Option<(&str, Duration)>, left: &[&str]) -> String {
    let row = |word: &str, name: &str, took: Duration| {
        format!("{name:<6} {word:<8} {:>7.1} s", took.as_secs_f64())
    };
    let mut rows: Vec<String> = done
        .iter()
        .map(|(name, took)| row("ok", name, *took))
        .collect();
    rows.extend(failed.map(|(name, took)| row("FAILED", name, took)));
    rows.extend(left.iter().map(|name| format!("{name:<6} not run")));
    if failed.is_none() && done.len() == STEPS.len() {
        let total: Duration = done.iter().map(|(_, took)| *took).sum();
        rows.push(format!(
            "the house is in order, {:.1} s in all",
            total.as_secs_f64()
        ));
    }
    rows.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn a_failure_is_shown_with_what_was_not_run() {
        let text = summary(&[("fmt", SECOND)], Some(("lint", SECOND * 2)), &["test"]);
        assert_eq!(
            text,
            "fmt    ok           1.0 s\nlint   FAILED       2.0 s\ntest   not run"
        );
    }

    #[test]
    fn one_step_alone_does_not_claim_that_the_house_is_in_order() {
        assert!(!summary(&[("fmt", SECOND)], None, &[]).contains("in order"));
    }

    #[test]
    fn an_explained_failure_keeps_its_cause() {
        let error = explained(&anyhow!("the cause"), &STEPS[0]);
        assert_eq!(
            format!("{error:#}"),
            "the cause\nstep `fmt` failed; what to do: run `cargo fmt --all`"
        );
    }
}
