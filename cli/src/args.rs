//! The words of the command line: every command, its flags, and the help that teaches them.
//!
//! Only words: what a command does stands in `commands/`, one file each.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use domain::{Kind, MemoryId, RunId, Scope};
use jiff::Timestamp;

use crate::moment;

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
    /// The project to speak of [default: the one of the working directory].
    #[arg(long, global = true, value_name = "PATH")]
    pub(crate) project: Option<PathBuf>,
    /// Print data as JSON, for scripts.
    #[arg(long, global = true)]
    pub(crate) json: bool,
    #[command(subcommand)]
    pub(crate) command: Command,
}

impl Words {
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
    /// Do whatever waits to be done, then stop.
    #[command(
        after_help = "Examples:\n  dormouse work\n  dormouse work --watch\n\nA crontab line for every night: 0 3 * * * dormouse work"
    )]
    Work(Work),
    /// Find memories by their words.
    #[command(
        after_help = "Examples:\n  dormouse search how do we install packages\n  dormouse search --kind preference pnpm\n  dormouse search --as-of 2026-03-01 deploy\n  dormouse search --conversations 'who said that?'"
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
    /// Change the wording, kind, scope or tags of a memory.
    Edit(Edit),
    /// Keep a memory always in sight, or no longer (`--off`).
    Pin(Pin),
    /// Hide a memory for good, also when it is read again.
    Forget(One),
    /// Bring back a memory that was forgotten.
    Restore(One),
    /// Take back what a run wrote: the last one that wrote memories, or the one named.
    #[command(
        after_help = "Examples:\n  dormouse undo --dry-run\n  dormouse undo r12\n\n`dormouse status` lists the runs."
    )]
    Undo(Undo),
    /// Say what waits, what ran, and what is held.
    Status(Status),
    /// Search, list and show what was said, word for word.
    #[command(subcommand)]
    Conversations(Conversations),
    /// List projects, name them, and join two that are one.
    #[command(subcommand)]
    Project(Project),
    /// Keep a path or a project out for good: nothing of it is read, stored or sent.
    #[command(
        after_help = "Examples:\n  dormouse exclude ~/clients/secret\n  dormouse exclude --off ~/clients/secret\n  dormouse exclude            lists what is kept out"
    )]
    Exclude(Exclude),
    /// Remove text everywhere it was written. This cannot be undone.
    #[command(
        after_help = "Examples:\n  dormouse purge --pattern 'hunter2' --dry-run\n  dormouse purge --session 0f3c… --yes"
    )]
    Purge(Purge),
    /// Write memories to a file that `import` reads.
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

/// What to read.
#[derive(Debug, Args)]
pub(crate) struct Ingest {
    /// Transcripts, or folders that hold them.
    #[arg(required = true)]
    pub(crate) paths: Vec<PathBuf>,
    /// Say what would be read, and read nothing.
    #[arg(long)]
    pub(crate) dry_run: bool,
}

/// How to work.
#[derive(Debug, Args)]
pub(crate) struct Work {
    /// Stay, and keep the schedule.
    #[arg(long)]
    pub(crate) watch: bool,
}

/// Which memories are wanted.
#[derive(Debug, Default, Args)]
pub(crate) struct Wanted {
    /// Only this kind; may be given again.
    #[arg(long)]
    pub(crate) kind: Vec<Kind>,
    /// At most so many.
    #[arg(long, default_value_t = 10)]
    pub(crate) limit: usize,
    /// Of every project, not only this one's and your own.
    #[arg(long)]
    pub(crate) all_projects: bool,
    /// What was true on that day, by today's knowledge.
    #[arg(long, value_name = "DATE", value_parser = moment::parse)]
    pub(crate) as_of: Option<Timestamp>,
    /// What was believed on that day.
    #[arg(long, value_name = "DATE", value_parser = moment::parse)]
    pub(crate) known_at: Option<Timestamp>,
}

/// What to find.
#[derive(Debug, Args)]
pub(crate) struct Search {
    /// The words; quotes are not needed.
    #[arg(required = true)]
    pub(crate) query: Vec<String>,
    #[command(flatten)]
    pub(crate) wanted: Wanted,
    /// Search what was said, instead of memories.
    #[arg(long)]
    pub(crate) conversations: bool,
    /// Say which words led to each hit.
    #[arg(long)]
    pub(crate) why: bool,
}

/// What to list.
#[derive(Debug, Args)]
pub(crate) struct List {
    #[command(flatten)]
    pub(crate) wanted: Wanted,
    /// Also those that are hidden: archived, superseded, quarantined, forgotten.
    #[arg(long)]
    pub(crate) all: bool,
}

/// One memory.
#[derive(Debug, Args)]
pub(crate) struct One {
    /// The memory, or the beginning of its name.
    pub(crate) id: MemoryPrefix,
}

/// The beginning of a memory's name.
#[derive(Clone, Debug)]
pub(crate) struct MemoryPrefix(pub(crate) MemoryId);

impl std::str::FromStr for MemoryPrefix {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let is_id = text.starts_with('m') && text.chars().all(|c| c.is_ascii_alphanumeric());
        is_id.then(|| Self(MemoryId::new(text))).ok_or_else(|| {
            "a memory's name begins with m, such as m3k9x2; `dormouse list` shows them".to_owned()
        })
    }
}

/// What to write down.
#[derive(Debug, Args)]
pub(crate) struct Save {
    /// What is so.
    pub(crate) what: String,
    /// The moment in which it should come to mind.
    #[arg(long)]
    pub(crate) when: Option<String>,
    /// What to do then.
    #[arg(long = "do", value_name = "DO")]
    pub(crate) do_: Option<String>,
    /// What to beware of then.
    #[arg(long)]
    pub(crate) warn: Option<String>,
    /// What sort of thing it is.
    #[arg(long, default_value = "context")]
    pub(crate) kind: Kind,
    /// How far it reaches: user, project, or path:FOLDER.
    #[arg(long, default_value = "project")]
    pub(crate) scope: Scope,
    /// The subject area.
    #[arg(long, default_value = "general")]
    pub(crate) domain: String,
    /// A word of your own; may be given again.
    #[arg(long)]
    pub(crate) tag: Vec<String>,
}

/// What to change.
#[derive(Debug, Args)]
pub(crate) struct Edit {
    /// The memory, or the beginning of its name.
    pub(crate) id: MemoryPrefix,
    /// What is so.
    #[arg(long)]
    pub(crate) what: Option<String>,
    /// The moment; empty takes it away.
    #[arg(long)]
    pub(crate) when: Option<String>,
    /// What to do then; empty takes it away.
    #[arg(long = "do", value_name = "DO")]
    pub(crate) do_: Option<String>,
    /// What to beware of then; empty takes it away.
    #[arg(long)]
    pub(crate) warn: Option<String>,
    /// Another kind.
    #[arg(long)]
    pub(crate) kind: Option<Kind>,
    /// The tags, in place of the ones it has; may be given again.
    #[arg(long)]
    pub(crate) tag: Option<Vec<String>>,
}

/// What to keep in sight.
#[derive(Debug, Args)]
pub(crate) struct Pin {
    /// The memory, or the beginning of its name.
    pub(crate) id: MemoryPrefix,
    /// Take the pin out again.
    #[arg(long)]
    pub(crate) off: bool,
}

/// What to take back.
#[derive(Debug, Args)]
pub(crate) struct Undo {
    /// The run, such as r12.
    pub(crate) run: Option<RunId>,
    /// Show what would be taken back, and change nothing.
    #[arg(long)]
    pub(crate) dry_run: bool,
}

/// How much to say.
#[derive(Debug, Args)]
pub(crate) struct Status {
    /// So many of the last runs.
    #[arg(long, default_value_t = 8)]
    pub(crate) runs: usize,
    /// Try a parked job again.
    #[arg(long, value_name = "JOB")]
    pub(crate) retry: Option<domain::JobId>,
}

/// What was said.
#[derive(Debug, Subcommand)]
pub(crate) enum Conversations {
    /// List sessions, the newest first.
    List {
        /// At most so many.
        #[arg(long, default_value_t = 20)]
        limit: usize,
        /// Of every project, not only this one's.
        #[arg(long)]
        all_projects: bool,
    },
    /// Find turns by their words.
    Search {
        /// The words.
        #[arg(required = true)]
        query: Vec<String>,
        /// At most so many.
        #[arg(long, default_value_t = 10)]
        limit: usize,
        /// Say which words led to each hit.
        #[arg(long)]
        why: bool,
        /// In every project, not only this one.
        #[arg(long)]
        all_projects: bool,
    },
    /// Show what was said in a session.
    Show {
        /// The session, or the beginning of its name.
        session: String,
        /// Show the turns around this one.
        #[arg(long, value_name = "TURN")]
        around: Option<String>,
        /// At most so many turns.
        #[arg(long, default_value_t = 40)]
        limit: usize,
    },
}

/// Projects.
#[derive(Debug, Subcommand)]
pub(crate) enum Project {
    /// List projects with the names they go by.
    List,
    /// Join two projects that are one; can be undone.
    Merge {
        /// The project that goes.
        from: String,
        /// The project that stays.
        into: String,
    },
    /// Give a project a further path.
    Alias {
        /// The project.
        project: String,
        /// The path.
        path: PathBuf,
    },
}

/// What to keep out.
#[derive(Debug, Args)]
pub(crate) struct Exclude {
    /// A folder, or a project's name; without one, what is kept out is listed.
    pub(crate) what: Option<String>,
    /// Let it in again.
    #[arg(long)]
    pub(crate) off: bool,
}

/// What to remove.
#[derive(Debug, Args)]
#[group(id = "which", required = true, multiple = false, args = ["pattern", "only_project", "session", "before"])]
pub(crate) struct Purge {
    /// Text that matches this regular expression.
    #[arg(long, value_name = "RE")]
    pub(crate) pattern: Option<String>,
    /// Everything of a project.
    #[arg(long = "of-project", value_name = "PROJECT")]
    pub(crate) only_project: Option<String>,
    /// Everything of a session.
    #[arg(long)]
    pub(crate) session: Option<String>,
    /// Everything said before that day.
    #[arg(long, value_name = "DATE", value_parser = moment::parse)]
    pub(crate) before: Option<Timestamp>,
    /// Show what would be removed, and remove nothing.
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Do not ask.
    #[arg(long)]
    pub(crate) yes: bool,
}

/// How to export.
#[derive(Debug, Args)]
pub(crate) struct Export {
    /// As Markdown, to read; it cannot be imported.
    #[arg(long)]
    pub(crate) markdown: bool,
}

/// What to import.
#[derive(Debug, Args)]
pub(crate) struct Import {
    /// The file, or - for standard input.
    pub(crate) file: PathBuf,
}

/// What to measure.
#[derive(Debug, Args)]
pub(crate) struct Eval {
    /// The stage.
    pub(crate) stage: Stage,
    /// Recorded transcripts to measure on.
    #[arg(long, value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
    /// How many memories to search in.
    #[arg(long, default_value_t = 10_000)]
    pub(crate) memories: usize,
}

/// A stage that can be measured.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Stage {
    /// How fast transcripts are read.
    Reading,
    /// How fast memories are written, found, listed and exported.
    Store,
    /// What the rules extractor finds in the transcripts of `--data`.
    Rules,
}
