//! Runs cargo and says plainly when it fails.
//!
//! What cargo is asked for stands here; what its answer means stands with the callers.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::step::Task;

/// Checks the formatting of every crate.
pub(crate) fn fmt(task: &Task) -> Result<()> {
    run(&mut cargo(&task.root, &["fmt", "--all", "--check"]))
}

/// Runs clippy over every target of every crate.
pub(crate) fn lint(task: &Task) -> Result<()> {
    let words = [
        "clippy",
        "--workspace",
        "--all-targets",
        "--",
        "-D",
        "warnings",
    ];
    run(&mut cargo(&task.root, &words))
}

/// Builds the documentation of the workspace's own crates.
pub(crate) fn doc(task: &Task) -> Result<()> {
    run(cargo(&task.root, &["doc", "--workspace", "--no-deps"]).env("RUSTDOCFLAGS", "-D warnings"))
}

/// Returns a cargo command that runs at the workspace root.
pub(crate) fn cargo(root: &Path, words: &[&str]) -> Command {
    let mut command = Command::new("cargo");
    command.args(words).current_dir(root);
    command
}

/// Runs a command to its end; its output goes to the terminal.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let status = command
        .status()
        .with_context(|| format!("{} could not be started", shown(command)))?;
    ensure!(status.success(), "{} ended with {status}", shown(command));
    Ok(())
}

/// Runs a command to its end and returns what it printed on stdout.
pub(crate) fn output(command: &mut Command) -> Result<Vec<u8>> {
    let output = command
        .output()
        .with_context(|| format!("{} could not be started", shown(command)))?;
    ensure!(
        output.status.success(),
        "{} ended with {}:\n{}{}",
        shown(command),
        output.status,
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    Ok(output.stdout)
}

fn shown(command: &Command) -> String {
    let words: Vec<_> = std::iter::once(command.get_program())
        .chain(command.get_args())
        .map(|word| word.to_string_lossy())
        .collect();
    format!("`{}`", words.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_that_fails_is_named_with_what_it_printed() {
        let error = output(Command::new("sh").args(["-c", "echo broken >&2; exit 3"]))
            .expect_err("exit code 3 is a failure");
        let text = format!("{error:#}");
        assert!(text.contains("`sh -c") && text.contains("broken"), "{text}");
    }

    #[test]
    fn a_program_that_does_not_exist_is_named() {
        let error = run(&mut Command::new("no-such-program-here")).expect_err("it does not exist");
        assert_eq!(
            error.to_string(),
            "`no-such-program-here` could not be started"
        );
    }
}
