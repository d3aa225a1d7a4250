//! The words of the commands about memories and their reading.

use std::path::PathBuf;

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use domain::{JobId, Kind, MemoryId, RunId, Scope};
use jiff::Timestamp;

use crate::moment;

/// What to read.
#[derive(Debug, Args)]
pub(crate) struct Ingest {
    /// Transcripts, or folders that hold them.
    #[arg(required = true)]
    pub(crate) paths: Vec<PathBuf>,
    /// Say what would be read, and read nothing.
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Say what asking the chosen model would cost: calls, tokens, price. Reads, but keeps nothing.
    #[arg(long)]
    pub(crate) estimate: bool,
}

/// What the model shall read.
#[derive(Debug, Args)]
pub(crate) struct Reread {
    /// Only what was said since that day.
    #[arg(long, value_name = "DATE", value_parser = moment::parse)]
    pub(crate) since: Option<Timestamp>,
    /// Of every project, not only this one.
    #[arg(long)]
    pub(crate) all_projects: bool,
    /// Say what it would cost: calls, tokens, price. Asks nobody.
    #[arg(long, visible_alias = "dry-run")]
    pub(crate) estimate: bool,
}

/// How to work.
#[derive(Debug, Args)]
pub(crate) struct Work {
    /// Stay: read what comes in, and do the night's work at its hour.
    #[arg(long)]
    pub(crate) watch: bool,
}

/// Which memories are wanted.
#[derive(Debug, Default, Args)]
pub(crate) struct Wanted {
    /// Only this kind; may be given again.
    #[arg(long, value_parser = kind())]
    pub(crate) kind: Vec<Kind>,
    /// At most so many.
    #[arg(long, default_value_t = 10)]
    pub(crate) limit: usize,
    /// Of every project, not only this one's and your own.
    #[arg(long)]
    pub(crate) all_projects: bool,
    /// What was true on that day, by today's knowledge.
    #[arg(long, value_name = "DATE", value_parser = moment::parse_end)]
    pub(crate) as_of: Option<Timestamp>,
    /// What was believed on that day.
    #[arg(long, value_name = "DATE", value_parser = moment::parse_end)]
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
    /// The memory, or the beginning of its name, such as m3k9; `dormouse list` shows them.
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
    /// What sort of thing it is [default: context, or what a chosen model makes of it].
    #[arg(long, value_parser = kind())]
    pub(crate) kind: Option<Kind>,
    /// How far it reaches: user, project, or path:FOLDER.
    #[arg(long, default_value = "project")]
    pub(crate) scope: Scope,
    /// The subject area [default: general, or what a chosen model makes of it].
    #[arg(long)]
    pub(crate) domain: Option<String>,
    /// Ask no model, and store the words as they are.
    #[arg(long)]
    pub(crate) as_given: bool,
    /// A word of your own; may be given again.
    #[arg(long)]
    pub(crate) tag: Vec<String>,
}

/// What to change.
#[derive(Debug, Args)]
pub(crate) struct Edit {
    /// The memory, or the beginning of its name, such as m3k9; `dormouse list` shows them.
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
    #[arg(long, value_parser = kind())]
    pub(crate) kind: Option<Kind>,
    /// The tags, in place of the ones it has; may be given again.
    #[arg(long)]
    pub(crate) tag: Option<Vec<String>>,
}

/// What to keep in sight.
#[derive(Debug, Args)]
pub(crate) struct Pin {
    /// The memory, or the beginning of its name, such as m3k9; `dormouse list` shows them.
    pub(crate) id: MemoryPrefix,
    /// Take the pin out again.
    #[arg(long)]
    pub(crate) off: bool,
}

/// What to answer.
#[derive(Debug, Args)]
pub(crate) struct Review {
    /// The memory that is asked about, or the beginning of its name.
    pub(crate) id: Option<MemoryPrefix>,
    /// It is right: from now on it counts, with your word for it.
    #[arg(long, requires = "id", conflicts_with = "reject")]
    pub(crate) accept: bool,
    /// It is wrong: hide it for good.
    #[arg(long, requires = "id")]
    pub(crate) reject: bool,
    /// Everything that waits, not only what is asked for today.
    #[arg(long, conflicts_with = "id")]
    pub(crate) all: bool,
    /// Of every project, not only this one's and your own.
    #[arg(long)]
    pub(crate) all_projects: bool,
}

/// What to take back.
#[derive(Debug, Args)]
pub(crate) struct Undo {
    /// The run, such as r12 [default: the last that wrote memories].
    #[arg(value_parser = run)]
    pub(crate) run: Option<RunId>,
    /// Show what would be taken back, and change nothing.
    #[arg(long)]
    pub(crate) dry_run: bool,
}

/// How much to say.
#[derive(Debug, Args)]
pub(crate) struct Status {
    /// Show so many of the last runs.
    #[arg(long, default_value_t = 8)]
    pub(crate) runs: usize,
    /// Try a parked job again.
    #[arg(long, value_name = "JOB", value_parser = job)]
    pub(crate) retry: Option<JobId>,
    /// Read the whole store first, and look for damage.
    #[arg(long)]
    pub(crate) check: bool,
}

/// Reads a kind, and lets help and completions name them all.
fn kind() -> impl TypedValueParser<Value = Kind> {
    PossibleValuesParser::new(Kind::ALL.map(Kind::as_str)).try_map(|word| word.parse::<Kind>())
}

fn run(text: &str) -> Result<RunId, String> {
    text.parse()
        .map_err(|_| "a run is written r12; `dormouse status --runs 50` lists them".to_owned())
}

fn job(text: &str) -> Result<JobId, String> {
    text.parse()
        .map_err(|_| "a job is written j12; `dormouse status` lists those that wait".to_owned())
}
