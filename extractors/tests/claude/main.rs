//! Guards the reader of Claude Code's transcripts from the outside, through its door.
//!
//! Reads only files that it makes itself or that lie in `tests/data/claude`.

mod answers;
mod files;
mod kit;
mod laws;
mod queue;
mod recorded;
mod speakers;
mod tree;
