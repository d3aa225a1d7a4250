//! Writes requests into a folder and takes the replies from it.
//!
//! Waits for nobody: a reply that is not there yet is not there.
