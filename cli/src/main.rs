//! The binary `dormouse`: reads the words, wires the house, runs one command.
//!
//! Knows exit codes and nothing of how a command works.

mod args;
mod batches;
mod clock;
mod commands;
mod config;
mod environment;
mod home;
mod house;
mod left;
mod logs;
mod model;
mod moment;
mod out;
mod progress;
mod traces;
mod withdrawal;

use std::process::ExitCode;

use domain::StoreError;

use crate::args::Words;

fn main() -> ExitCode {
    // This ends the program itself, with 2, when the words are wrong.
    let words = Words::read();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let done = match runtime {
        Ok(runtime) => runtime.block_on(commands::run(words)),
        Err(error) => Err(error.into()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if is_closed_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            out::say(format!("dormouse: {error:#}"));
            advice(&error).into_iter().for_each(out::say);
            match error.is::<commands::Stopped>() {
                // As a shell says of what Ctrl-C ended.
                true => ExitCode::from(130),
                false => ExitCode::FAILURE,
            }
        }
    }
}

/// Says what to do next, where the error itself cannot know it.
fn advice(error: &anyhow::Error) -> Option<&'static str> {
    match error
        .chain()
        .find_map(|cause| cause.downcast_ref::<StoreError>())?
    {
        StoreError::Newer { .. } => Some("a later dormouse wrote it: update this one"),
        StoreError::Damaged { .. } => Some(
            "nothing was changed; put a copy back in its place, or move it away and run \
             `dormouse ingest` on the transcripts that are still there",
        ),
        StoreError::Full(_) => Some("nothing was lost: make room and run the same again"),
        StoreError::Unreachable(_) => Some("`dormouse config` shows which store.url is meant"),
        _ => None,
    }
}

/// A reader such as `head` that has seen enough is no failure.
fn is_closed_pipe(error: &anyhow::Error) -> bool {
    let io = error
        .chain()
        .find_map(|cause| cause.downcast_ref::<std::io::Error>());
    io.is_some_and(|io| io.kind() == std::io::ErrorKind::BrokenPipe)
}
