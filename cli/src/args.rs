//! The words of the command line: every command, its flags, and the help that teaches them.
//!
//! Only words: what a command does stands in `commands/`, one file each.

mod house;
mod memories;

use std::path::PathBuf;

use clap::error::ErrorKind;
use clap::{CommandFactory, Parser, Subcommand};

pub(crate) use house::{
    Conversations, Eval, Exclude, Export, Import, Project, Purge, Reader, Stage,
};
pub(crate) use memories::{
    Edit, Ingest, List, MemoryPrefix, One, Pin, Reread, Review, Save, Search, Status, Undo, Wanted,
    Work,
};

/// A memory worth trusting, for coding agents.
///
/// dormouse reads what your agent did, keeps the few lessons that are worth keeping, each with the
/// words it came from, and finds them again. It runs only when you or your agent call it, and
/// nothing leaves this machine unless you choose a model.
#[derive(Debug, Parser)]
#[command(name = "dormouse", version, max_term_width = 100)]
#[command(after_help = "Begin with `dormouse demo`, then `dormouse ingest ~/.claude/projects`.")]
pub(crate) struct Words {
    /// The folder that holds everything [default: the platform's data folder, or DORMOUSE_HOME].
    #[arg(long, global = true, value_name = "DIR")]
    pub(crate) home: Option<PathBuf>,
    /// Work as if in this folder, and so in its project [default: the working directory].
    #[arg(long, global = true, value_name = "PATH")]
    pub(crate) project: Option<PathBuf>,
    /// Print data as JSON, for scripts.
    #[arg(long, global = true)]
    pub(crate) json: bool,
    #[command(subcommand)]
    pub(crate) command: Command,
}

impl Words {
    /// Reads the words of the command line, or ends the program as clap does: with 2, where they are
    /// wrong.
    pub(crate) fn read() -> Self {
        let words = Self::parse();
        if let Some((command, why)) = words.contradiction() {
            let mut all = Self::command();
            all.build();
            let named = all.find_subcommand_mut(command).expect("it is a command");
            named.error(ErrorKind::ArgumentConflict, why).exit();
        }
        words
    }

    /// Returns the command and what is right, where two of its flags cannot both be meant.
    fn contradiction(&self) -> Option<(&'static str, &'static str)> {
        match &self.command {
            Command::Search(search) if search.conversations && !search.wanted.kind.is_empty() => {
                Some((
                    "search",
                    "--kind picks among memories, and what was said in conversations is of no kind: \
                     leave out --kind, or leave out --conversations",
                ))
            }
            Command::Export(export) if export.markdown && self.json => Some((
                "export",
                "--markdown is for reading and --json for scripts: leave out one of them \
                 (`dormouse export` alone writes lines of JSON)",
            )),
            _ => None,
        }
    }

    /// Returns the same wishes about form, without any about place.
    pub(crate) fn bare(&self) -> Self {
        Self {
            home: None,
            project: None,
            json: self.json,
            command: Command::Demo,
        }
    }
}

/// Every command.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Show the main job on a recorded transcript, in a throw-away home.
    Demo,
    /// Read transcripts: files, or folders with all that is below them.
    #[command(
        after_help = "Examples:\n  dormouse ingest ~/.claude/projects\n  dormouse ingest session.jsonl --dry-run\n\nReading again what was read before adds nothing."
    )]
    Ingest(Ingest),
    /// Let the chosen model read what only the rules have read so far.
    #[command(
        after_help = "Examples:\n  dormouse reread --estimate\n  dormouse reread --since 2026-01-01 --all-projects\n\nWhat a model has read is not asked about again, so this may be stopped and repeated at will."
    )]
    Reread(Reread),
    /// Read and learn from whatever waits, then stop.
    #[command(
        after_help = "Examples:\n  dormouse work\n  dormouse work --watch\n\nA crontab line for every night: 0 3 * * * dormouse work"
    )]
    Work(Work),
    /// Find memories by their words.
    #[command(
        after_help = "Examples:\n  dormouse search deploying from main\n  dormouse search --kind preference pnpm\n  dormouse search --as-of 2026-03-01 deploy\n  dormouse search --conversations 'who said that?'"
    )]
    Search(Search),
    /// List memories, the newest first.
    List(List),
    /// Show one memory with its evidence.
    Show(One),
    /// Say why a memory is believed, and who said it.
    Explain(One),
    /// Show every change to a memory.
    History(One),
    /// Write a memory down yourself.
    #[command(
        after_help = "Examples:\n  dormouse save 'Use pnpm, never npm' --kind preference\n  dormouse save 'Deploys run from main' --when 'deploying' --warn 'never from a branch'"
    )]
    Save(Save),
    /// Change the wording, kind or tags of a memory; `history` keeps the old ones.
    Edit(Edit),
    /// Keep a memory always in sight, or no longer (`--off`).
    Pin(Pin),
    /// Hide a memory for good, also when it is read again.
    Forget(One),
    /// Bring back a memory that was forgotten.
    Restore(One),
    /// Answer what waits for your yes or no.
    #[command(
        after_help = "Examples:\n  dormouse review\n  dormouse review m3k9 --accept\n  dormouse review m3k9 --reject\n\nWhat could not be checked, is disputed or proposed waits here. Five are asked for on a day; what is\nnever answered expires without effect."
    )]
    Review(Review),
    /// Take back what a run wrote: the last one that wrote memories, or the one named.
    #[command(
        after_help = "Examples:\n  dormouse undo --dry-run\n  dormouse undo r12\n\n`dormouse status` lists the runs."
    )]
    Undo(Undo),
    /// Say what waits, what ran, and what is held.
    #[command(
        after_help = "Examples:\n  dormouse status\n  dormouse status --check\n\nA command reads only the pages that it needs, and so may not meet damage elsewhere in the file;\n--check reads all of it."
    )]
    Status(Status),
    /// Search, list and show what was said, word for word.
    #[command(subcommand)]
    Conversations(Conversations),
    /// List projects, name them, and join two that are one.
    #[command(subcommand)]
    Project(Project),
    /// Keep a path or a project out for good: nothing of it is read, stored or sent.
    #[command(
        after_help = "Examples:\n  dormouse exclude ~/clients/secret\n  dormouse exclude --off ~/clients/secret\n  dormouse exclude            lists what is kept out\n\nThe root of a repository means all of it, with its worktrees; a folder in one means that folder alone.\nA project's name covers its clones as well."
    )]
    Exclude(Exclude),
    /// Remove text everywhere it was written. This cannot be undone.
    #[command(
        after_help = "Examples:\n  dormouse purge --pattern 'hunter2' --dry-run\n  dormouse purge --session 0f3c… --yes\n\nA pattern is found in upper and lower case alike, as in `search`, so that nothing is left behind by a\ncapital letter; --match-case finds it only as it is written. --dry-run shows first what would go."
    )]
    Purge(Purge),
    /// Print memories as lines that `import` reads.
    #[command(
        after_help = "Examples:\n  dormouse export > memories.jsonl\n  dormouse export --markdown > memories.md"
    )]
    Export(Export),
    /// Take in memories that `export` wrote; doing it again adds nothing.
    Import(Import),
    /// Show every setting, its value and where it came from.
    Config,
    /// Measure how well and how fast dormouse does its work.
    Eval(Eval),
    /// Print the completion script of a shell.
    #[command(
        after_help = "Example:\n  dormouse completions bash > ~/.local/share/bash-completion/completions/dormouse"
    )]
    Completions {
        /// The shell.
        shell: clap_complete::Shell,
    },
}

impl Command {
    /// Returns whether a command writes nothing.
    pub(crate) fn only_reads(&self) -> bool {
        match self {
            Self::Search(_)
            | Self::List(_)
            | Self::Show(_)
            | Self::Explain(_)
            | Self::History(_)
            | Self::Conversations(_)
            | Self::Export(_)
            | Self::Project(Project::List) => true,
            Self::Status(status) => status.retry.is_none(),
            Self::Exclude(exclude) => exclude.what.is_none(),
            _ => false,
        }
    }
}
