//! Placeholder.
pub mod project;
pub mod rules;
pub mod secrets;
