//! The read side on both engines: what is found, by whom, and what is left after a purge.
//!
//! Each test runs on SQLite and on PostgreSQL; a server that is not there fails it.

mod export;
#[path = "../house/mod.rs"]
mod house;
mod purge;
mod search;
mod story;
