//! The words of the commands about conversations, projects, and the house itself.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use jiff::Timestamp;
use regex::Regex;

use crate::moment;

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
        /// The session, or the beginning of its name; `dormouse conversations list` shows them.
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
        /// The project that goes, by its name, id or path; `dormouse project list` shows them.
        from: String,
        /// The project that stays.
        into: String,
    },
    /// Say that no model reads a project, or that the chosen one may again; can be undone.
    Model {
        /// The project, by its name, id or path; it need not be known yet.
        #[arg(id = "of", value_name = "PROJECT")]
        project: String,
        /// Who reads it; nothing overrides `none`.
        reader: Reader,
    },
    /// Give a project a further path.
    Alias {
        /// The project, by its name, id or path; `dormouse project list` shows them.
        #[arg(id = "of", value_name = "PROJECT")]
        project: String,
        /// The path that leads to it as well.
        path: PathBuf,
    },
}

/// Who reads a project.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Reader {
    /// No model: the rules alone, on this machine.
    None,
    /// The model that `llm.provider` names, if it names one.
    Chosen,
}

/// What to keep out.
#[derive(Debug, Args)]
pub(crate) struct Exclude {
    /// A folder, or a project's name; without one, what is kept out is listed.
    pub(crate) what: Option<String>,
    /// Let it in again; `dormouse work` then reads what was passed over.
    #[arg(long)]
    pub(crate) off: bool,
}

/// What to remove, and how.
#[derive(Debug, Args)]
pub(crate) struct Purge {
    #[command(flatten)]
    pub(crate) which: Which,
    /// Find the pattern only as it is written: `hunter2` leaves `Hunter2` where it is.
    #[arg(long, requires = "pattern")]
    pub(crate) match_case: bool,
    /// Show what would be removed, and remove nothing.
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Do not ask.
    #[arg(long)]
    pub(crate) yes: bool,
}

/// What to remove: one of these.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub(crate) struct Which {
    /// Text in which this regular expression is found, in upper or lower case alike.
    #[arg(long, value_name = "RE", value_parser = pattern)]
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
}

/// Refuses a pattern that would be found in every text.
fn pattern(text: &str) -> Result<String, String> {
    let pattern = Regex::new(text).map_err(|error| error.to_string())?;
    match pattern.is_match("") {
        true => Err("it is found in every text, so everything would go".to_owned()),
        false => Ok(text.to_owned()),
    }
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
    /// Recorded transcripts to measure on; for `ground` and `extract` a folder with `gold/` and `corpus/`.
    #[arg(long, value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
    /// For the stage `embed`: make the vector of this text alone, and say what it took.
    #[arg(long)]
    pub(crate) text: Option<String>,
    /// How many made-up memories to search in, for the stage `store`.
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
    /// How fast the built-in table makes a vector.
    Embed,
    /// What the rules extractor finds in the transcripts of `--data`.
    Rules,
    /// How well grounding tells what was said from what was not.
    Ground,
    /// Whether labelled lessons survive from a reply to a memory, and what that takes.
    Extract,
}
