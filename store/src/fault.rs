//! Named places at which a test may kill the process, as a power cut would, and a measurement may listen.
//!
//! Inert unless armed or watched: then each place is two atomic reads. Only the program's entry arms it,
//! from `DORMOUSE_FAULT`; no other room reads the environment. It is compiled in always, so that what
//! is tested and measured is what is shipped.

use std::sync::OnceLock;

/// Every place, in the order in which a call to a model, a `finish` and an `undo` pass them.
pub const POINTS: [&str; 9] = [
    "call.reserved",
    "call.before-settled",
    "call.settled",
    "finish.begin",
    "finish.after-turns",
    "finish.before-commit",
    "finish.after-commit",
    "undo.before-commit",
    "undo.after-commit",
];

static ARMED: OnceLock<String> = OnceLock::new();
static WATCHED: OnceLock<fn(&'static str)> = OnceLock::new();

/// Tells somebody of every place as it is passed, for the life of the process; false: another is told.
pub fn watch(tell: fn(&'static str)) -> bool {
    WATCHED.set(tell).is_ok()
}

/// Arms one place for the life of the process; false: it is no place of ours, or one is armed already.
pub fn arm(name: &str) -> bool {
    POINTS.contains(&name) && ARMED.set(name.to_owned()).is_ok()
}

/// Tells of this place, and ends the process here if it is armed: no destructors, no flushing, no rollback.
pub fn point(name: &'static str) {
    debug_assert!(POINTS.contains(&name), "{name} is missing from the list");
    if let Some(tell) = WATCHED.get() {
        tell(name);
    }
    if ARMED.get().is_some_and(|armed| armed == name) {
        std::process::abort();
    }
}
