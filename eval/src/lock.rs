//! Times how long a writer holds the database's write lock: from when it has it until it has committed.
//!
//! Hears of both from the store's named places, because only the store knows when it has the lock.

use std::sync::{Mutex, PoisonError};

use crate::stopwatch::{Watch, begin};

/// When the lock was taken, while it is held, and for how long it was held each time before.
struct Heard {
    since: Option<Watch>,
    times: Vec<f64>,
}

static HEARD: Mutex<Heard> = Mutex::new(Heard {
    since: None,
    times: Vec::new(),
});

/// Begins to listen; once is enough.
pub(crate) fn listen() {
    store::fault::watch(hear);
}

/// Returns the milliseconds of every lock that was held since the last time that this was asked.
///
/// The commit counts whole, with the moving of pages out of the log that it does now and then after it
/// has let the lock go: so these are upper bounds.
pub(crate) fn held_ms() -> Vec<f64> {
    let mut heard = HEARD.lock().unwrap_or_else(PoisonError::into_inner);
    std::mem::take(&mut heard.times)
}

fn hear(place: &'static str) {
    let mut heard = HEARD.lock().unwrap_or_else(PoisonError::into_inner);
    match place {
        "finish.begin" => heard.since = Some(begin()),
        "finish.after-commit" => {
            let held = heard.since.take().map(Watch::ms);
            heard.times.extend(held);
        }
        _ => {}
    }
}
