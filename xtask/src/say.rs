//! Prints what a person at the terminal reads.
//!
//! The one place of the task runner that prints; it decides nothing.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a task runner speaks to a person at a terminal"
)]

/// Prints one line on stdout.
pub(crate) fn line(text: &str) {
    println!("{text}");
}

/// Prints the heading of a step, set off from the output of the step before.
pub(crate) fn heading(text: &str) {
    println!("\n==> {text}");
}

/// Prints what went wrong on stderr.
pub(crate) fn problem(text: &str) {
    eprintln!("error: {text}");
}
