//! One store on two engines: it keeps what was said, what was learned from it, and what is still to do.
//!
//! The only room that speaks SQL. It decides nothing about memories; it writes what it is handed, all
//! or not at all, and can take it back.

mod archive;
mod engine;
pub mod fault;
mod index;
mod library;
mod open;
mod rows;
mod schema;
mod search;
mod store;

pub use engine::Place;
pub use store::{Store, Who};
