//! The rules extractor against sentences that people really wrote, and against commands that failed.
//!
//! The labels are data; nothing here may repeat the extractor's own patterns.

#[path = "rules/labels.rs"]
mod labels;
#[path = "rules/repairs.rs"]
mod repairs;
#[path = "rules/said.rs"]
mod said;
#[path = "rules/talk.rs"]
mod talk;
