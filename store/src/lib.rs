//! One store on two engines: it keeps what was said, what was learned from it, and what is still to do.
//!
//! The only room that speaks SQL. It decides nothing about memories; it writes what it is handed, all
//! or not at all, and can take it back.

mod archive;
mod check;
mod desk;
mod engine;
mod export;
mod family;
pub mod fault;
#[cfg(test)]
mod full_disk;
mod history;
mod index;
mod library;
mod list;
mod models;
mod open;
#[cfg(test)]
mod plans;
#[cfg(test)]
mod prepared;
mod projects;
mod purge;
mod queue;
mod rows;
mod schema;
mod search;
mod seen;
mod status;
mod store;
mod undo;
mod write;

pub use desk::Account;
pub use engine::Place;
pub use export::{Export, ImportError, Imported};
pub use history::{Change, Happening};
pub use list::{Found, ListWish, PageEnd};
pub use projects::ProjectReport;
pub use purge::places::Places;
pub use purge::{Purge, PurgeReport};
pub use queue::Parked;
pub use status::{Conversation, JobState, Queued, RunReport, Status};
pub use store::{Store, Who};
pub use undo::{Undoing, Undone};
