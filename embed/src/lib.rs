//! Vectors for texts without a download and without a server: a table compiled into the program.
//!
//! Reads no file, sends nothing, and never fails: a text that holds nothing known has no vector.

mod built_in;
mod packed;
mod table;
mod wordpiece;

pub use built_in::{BuiltIn, READ_BYTES, built_in, built_in_model};
pub use packed::{Packed, dot};
pub use wordpiece::pieces;
