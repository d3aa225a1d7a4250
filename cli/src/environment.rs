//! Every environment variable that the program reads, each declared once.
//!
//! No other file reads the environment; what is found is handed down as values.

use std::path::PathBuf;

/// Where everything lies; `--home` wins over it.
pub(crate) const HOME: &str = "DORMOUSE_HOME";
/// Set to `1`, dormouse does nothing in this session.
pub(crate) const OFF: &str = "DORMOUSE_OFF";
/// Names a point at which the program kills itself: for the crash tests alone.
pub(crate) const FAULT: &str = "DORMOUSE_FAULT";
/// Set to anything, no colour is written, whatever the terminal.
pub(crate) const NO_COLOR: &str = "NO_COLOR";
/// Freezes the clock at an RFC 3339 instant, so that a recorded run gives the same bytes twice.
pub(crate) const NOW: &str = "DORMOUSE_NOW";
/// The zone in which dates are shown, in the words that every program takes it in.
const ZONE: &str = "TZ";

/// Returns a variable that is set and not empty.
#[expect(
    clippy::disallowed_methods,
    reason = "this file is where the environment is read"
)]
fn read(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// Returns the value of a setting's variable.
pub(crate) fn setting(name: &str) -> Option<String> {
    read(name)
}

/// Returns the names of all variables.
#[expect(
    clippy::disallowed_methods,
    reason = "this file is where the environment is read"
)]
pub(crate) fn names() -> impl Iterator<Item = String> {
    std::env::vars_os().filter_map(|(name, _)| name.into_string().ok())
}

/// Returns the variable of a name that a setting gives: a key's, or a proxy's that comes with it.
pub(crate) fn named(name: &str) -> Option<String> {
    read(name)
}

/// Returns the home that the environment names.
pub(crate) fn home() -> Option<PathBuf> {
    read(HOME).map(PathBuf::from)
}

/// Returns whether the person has turned dormouse off for this session.
pub(crate) fn is_off() -> bool {
    read(OFF).is_some_and(|value| value != "0")
}

/// Returns the point at which to crash.
pub(crate) fn fault() -> Option<String> {
    read(FAULT)
}

/// Returns whether colour is unwanted.
pub(crate) fn no_color() -> bool {
    read(NO_COLOR).is_some()
}

/// Returns the instant at which the clock stands still.
pub(crate) fn frozen_now() -> Option<String> {
    read(NOW)
}

/// Returns whether another zone than the machine's is asked for.
#[expect(
    clippy::disallowed_methods,
    reason = "this file is where the environment is read; set and empty means UTC"
)]
pub(crate) fn names_a_zone() -> bool {
    std::env::var_os(ZONE).is_some()
}
