//! Slots: the attribute of a subject that a lesson gives a value to.
//!
//! Two lessons that fill the same slot differently cannot both hold at the same time.

use serde::{Deserialize, Serialize};

/// A subject's attribute with its value: *test runner · command · cargo nextest run*.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Slot {
    /// What it is about.
    pub subject: String,
    /// Which side of it.
    pub attribute: String,
    /// What the lesson says of it.
    pub value: String,
}
