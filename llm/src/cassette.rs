//! Replays recorded replies.
//!
//! Invents nothing: what was not recorded is an error.
