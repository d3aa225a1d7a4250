//! What we say to a model: versioned text files, and the functions that fill them.
//!
//! Pure: no store, no clock, no chance. Asks nobody and reads no reply; `README.md` is the contract
//! with whoever does.

mod brief;
mod extract;
mod fence;
mod filled;
mod fit;
mod judge;
mod lines;
mod memories;
mod merge;
mod rest;
mod shorten;
mod structure;
mod text;
mod transcript;

pub use brief::{Brief, brief};
pub use extract::{Extract, LEAST_ROOM, extract, extract_prompt, known_in};
pub use filled::{Filled, Form};
pub use judge::{Judge, judge};
pub use merge::{Member, Merge, merge};
pub use rest::{REST_TOKENS, Received, rest};
pub use structure::{Structure, structure};
pub use text::versions;

/// So many memories may come of one episode.
pub const MEMORIES_AT_MOST: usize = 3;
