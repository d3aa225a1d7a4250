//! Readers: transcript files become turns, turns become lessons; noise and secrets are taken out, quotes are checked.
//!
//! Knows no store, no clock and no model: files and values go in, values come out.

mod claude;
pub mod episodes;
pub mod ground;
pub mod project;
mod read;
pub mod replies;
pub mod rules;
pub mod secrets;
pub mod trust;

pub use domain::words::estimate_tokens;
pub use episodes::{Cuts, Limits};
pub use read::{Budget, ReadError, Reading, Report, Sniffed, read, sniff};
