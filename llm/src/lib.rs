//! Language models behind the one door: providers over HTTP, a mailbox, recordings, a client's own command.
//!
//! Chooses no model by itself, reads no environment but a key's named variable, and writes no memory.

pub mod cassette;
pub mod claude_cli;
pub mod mailbox;
