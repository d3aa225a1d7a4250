//! Named places at which a test may kill the process, as a power cut would.
//!
//! Inert unless armed: then each place is one atomic read. Only the program's entry arms it, from
//! `DORMOUSE_FAULT`; no other room reads the environment. It is compiled in always, so that what is
//! tested is what is shipped.

use std::sync::OnceLock;

/// Every place, in the order in which a `finish` and an `undo` pass them.
pub const POINTS: [&str; 6] = [
    "finish.begin",
    "finish.after-turns",
    "finish.before-commit",
    "finish.after-commit",
    "undo.before-commit",
    "undo.after-commit",
];

static ARMED: OnceLock<String> = OnceLock::new();

/// Arms one place for the life of the process; false: it is no place of ours, or one is armed already.
pub fn arm(name: &str) -> bool {
    POINTS.contains(&name) && ARMED.set(name.to_owned()).is_ok()
}

/// Ends the process here if this place is armed: no destructors, no flushing, no rollback.
pub fn point(name: &'static str) {
    debug_assert!(POINTS.contains(&name), "{name} is missing from the list");
    if ARMED.get().is_some_and(|armed| armed == name) {
        std::process::abort();
    }
}
