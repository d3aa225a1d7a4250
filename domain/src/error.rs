//! What can go wrong at a store's door, and whether trying again may help.
//!
//! The worker asks an error nothing but `is_transient`.

/// Says whether trying again may help.
pub trait Transient {
    /// Returns whether the same thing may succeed later without anybody's doing.
    fn is_transient(&self) -> bool;
}

/// What a store could not do.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Another process holds the store for longer than we wait.
    #[error("the store is busy")]
    Busy(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The disk is full; nothing was written.
    #[error("the disk that holds the store is full")]
    Full(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The store was written by a later version of the program.
    #[error("the store has schema {found}, this program knows up to {known}")]
    Newer {
        /// The schema that was found.
        found: i64,
        /// The newest schema that is known.
        known: i64,
    },
    /// The file is there and is no healthy store of ours. It was not touched.
    #[error("{place} is damaged or is no dormouse store: {detail}")]
    Damaged {
        /// The file.
        place: String,
        /// What was found.
        detail: String,
    },
    /// A cell holds what no version of the program writes.
    #[error("{table}.{column} of {row} cannot be read: {detail}")]
    Cell {
        /// The table.
        table: &'static str,
        /// The column.
        column: &'static str,
        /// The row's key.
        row: String,
        /// What was found.
        detail: String,
    },
    /// What was asked for cannot be done, and the sentence says why.
    #[error("{0}")]
    Refused(String),
    /// The engine failed in another way.
    #[error("the database failed")]
    Engine(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The network or the server on the other side went away.
    #[error("the database cannot be reached")]
    Unreachable(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl Transient for StoreError {
    fn is_transient(&self) -> bool {
        matches!(self, Self::Busy(_) | Self::Full(_) | Self::Unreachable(_))
    }
}
