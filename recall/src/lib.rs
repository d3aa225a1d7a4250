//! The read side: finds the memories and turns that a query's words lead to, and says why.
//!
//! Writes nothing, and knows no database: candidates come through the library's door.

mod bm25;
mod search;

pub use search::{Hit, search, search_turns};
