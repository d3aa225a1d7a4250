//! Extracts lessons without a model: what the user lays down, and commands that were put right.
//!
//! Pure: turns in, candidates out. It claims little; whether a claim is new, true or already known
//! is decided by those who come after.

mod bounds;
mod commands;
mod cues;
mod guards;
mod habits;
mod orders;
mod pasted;
mod plain;
mod prose;
mod repairs;
mod said;
mod tongues;
mod wording;

use domain::{Candidate, Turn};

/// Returns what an episode teaches: the user's standing rules first, then repaired commands.
pub fn candidates(turns: &[Turn]) -> Vec<Candidate> {
    let mut found = said::rules(turns);
    found.extend(repairs::repairs(turns));
    found
}

/// Returns the rules that one message of the user lays down, as the slices that say them.
///
/// This is the part of [`candidates`] that reads prose; labelled sentences are measured with it.
pub fn rules_in(message: &str) -> Vec<&str> {
    said::spoken(message)
        .into_iter()
        .map(|spoken| spoken.sentence)
        .collect()
}

/// Returns what stands before the first pasted letter or guideline of a message.
pub(crate) fn letter_begins(message: &str) -> &str {
    pasted::before(message)
}

/// Returns whether a line looks as if it had been pasted and not written.
pub(crate) fn is_pasted(line: &str) -> bool {
    prose::is_pasted(line)
}

/// Returns a command without the folder it starts in and the cut of its output.
pub(crate) fn bare_command(command: &str) -> String {
    commands::bare(command)
}
