//! Language models behind the one door: providers over HTTP, a mailbox, recordings, a client's own command.
//!
//! Chooses no model by itself, reads no environment by itself, and writes no memory.

mod address;
mod after;
pub mod batch;
mod body;
pub mod cassette;
mod chat;
pub mod claude_cli;
mod client;
mod complaint;
mod completion;
mod destination;
mod failure;
mod judge;
mod key;
pub mod mailbox;
mod patience;
#[cfg(feature = "test-server")]
pub mod scripted;
mod settings;
mod setup;
mod traces;
mod tries;
mod wire;
mod words;

pub use chat::open;
pub use settings::{Azure, KeyFrom, Patience, Provider, Settings, Surroundings};
pub use setup::SetupError;
