//! `completions`: the completion script of a shell.

use anyhow::Result;
use clap::CommandFactory;

use crate::args::Words;

/// Prints the script.
pub(super) fn run(shell: clap_complete::Shell) -> Result<()> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Words::command(), "dormouse", &mut script);
    std::io::Write::write_all(&mut std::io::stdout(), &script)?;
    Ok(())
}
