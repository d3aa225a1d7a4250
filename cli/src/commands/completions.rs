//! `completions`: the completion script of a shell.

use anyhow::Result;
use clap::CommandFactory;
use serde_json::json;

use crate::args::Words;
use crate::out::Out;

/// Prints the script.
pub(super) fn run(out: Out, shell: clap_complete::Shell) -> Result<()> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Words::command(), "dormouse", &mut script);
    if out.is_json() {
        let script = String::from_utf8_lossy(&script);
        return out.value(&json!({ "shell": shell.to_string(), "script": script }));
    }
    std::io::Write::write_all(&mut std::io::stdout(), &script)?;
    Ok(())
}
