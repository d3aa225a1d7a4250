//! Placeholder.
pub mod project;
pub mod secrets;
