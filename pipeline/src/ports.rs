//! What a step may touch, and the numbers it works by.
//!
//! Plain structs handed down by whoever wires the house; nothing here reads a file or a clock.

use domain::{Clock, Desk, Library, Model, Queue};
use extractors::{Budget, Limits};
use jiff::SignedDuration;
use jiff::tz::TimeZone;

use crate::asking::Spending;
use crate::schedule::Schedule;

/// The doors that a step may use.
#[derive(Clone, Copy)]
pub struct Ports<'a> {
    /// All writing.
    pub queue: &'a dyn Queue,
    /// All reading.
    pub library: &'a dyn Library,
    /// Requests to a model, and what they cost.
    pub desk: &'a dyn Desk,
    /// The model, where a person chose one.
    pub model: Option<&'a dyn Model>,
    /// The time.
    pub clock: &'a dyn Clock,
}

/// The numbers and choices that steps work by.
#[derive(Clone, Debug)]
pub struct Rules {
    /// The folder above which no project's root is looked for.
    pub ceiling: Option<std::path::PathBuf>,
    /// How much one Ingest reads.
    pub reading: Budget,
    /// How large an episode may be.
    pub episodes: Limits,
    /// How many tokens may be spent.
    pub spending: Spending,
    /// How long a claimed job stays ours without a sign of life.
    pub lease: SignedDuration,
    /// When the night's work is due.
    pub night: Schedule,
    /// In which zone the schedule's hours are meant.
    pub zone: TimeZone,
    /// How long a run can be undone.
    pub journal_keep: SignedDuration,
}
