//! What an engine's failure means to whoever called: busy, full, gone, damaged, or broken.
//!
//! Only failures of the engine; what a row holds is judged where it is read.

use domain::StoreError;
use sqlx::sqlite::SqliteError;

/// What a failure means, before it is wrapped.
enum Meaning {
    Busy,
    Full,
    Damaged,
    Unreachable,
    Other,
}

/// Puts the engine's error into the house's words.
pub(crate) fn failed(error: sqlx::Error, place: &str) -> StoreError {
    match meaning(&error) {
        Meaning::Busy => StoreError::Busy(Box::new(error)),
        Meaning::Full => StoreError::Full(Box::new(error)),
        Meaning::Unreachable => StoreError::Unreachable(Box::new(error)),
        Meaning::Other => StoreError::Engine(Box::new(error)),
        Meaning::Damaged => StoreError::Damaged {
            place: place.to_owned(),
            detail: error.to_string(),
        },
    }
}

/// Returns whether somebody else holds what was wanted.
pub(crate) fn is_busy(error: &sqlx::Error) -> bool {
    matches!(meaning(error), Meaning::Busy)
}

fn meaning(error: &sqlx::Error) -> Meaning {
    match error {
        sqlx::Error::Database(database) => {
            let code = database.code().unwrap_or_default();
            match database.try_downcast_ref::<SqliteError>() {
                Some(_) => of_sqlite(&code),
                None => of_postgres(&code),
            }
        }
        sqlx::Error::PoolTimedOut => Meaning::Busy,
        sqlx::Error::Io(_) | sqlx::Error::Tls(_) | sqlx::Error::PoolClosed => Meaning::Unreachable,
        _ => Meaning::Other,
    }
}

/// What SQLite says where a full disk has no room for the memory that its connections share.
const NO_ROOM_TO_SHARE: i32 = 10 | (19 << 8);

/// The lowest byte of an extended code is the primary one.
fn of_sqlite(code: &str) -> Meaning {
    let code = code.parse::<i32>();
    if code == Ok(NO_ROOM_TO_SHARE) {
        return Meaning::Full;
    }
    match code.map(|code| code & 0xff) {
        Ok(5 | 6) => Meaning::Busy,
        Ok(11 | 26) => Meaning::Damaged,
        Ok(13) => Meaning::Full,
        _ => Meaning::Other,
    }
}

fn of_postgres(code: &str) -> Meaning {
    match code {
        // Serialisation, deadlock, lock not available: the same transaction may pass next time.
        "40001" | "40P01" | "55P03" | "53300" => Meaning::Busy,
        "53100" => Meaning::Full,
        // The server shuts down, restarts, or is not up yet; class 08 is the connection itself.
        "57P01" | "57P02" | "57P03" => Meaning::Unreachable,
        _ if code.starts_with("08") => Meaning::Unreachable,
        _ => Meaning::Other,
    }
}
