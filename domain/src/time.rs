//! Time as a parameter: the clock's door, and milliseconds, which is all that we store.
//!
//! Nothing here reads a clock; the one real clock stands in `cli`.

use jiff::Timestamp;

/// Tells the time to whoever must not read it for themselves.
pub trait Clock: Send + Sync {
    /// Returns the present instant, in whole milliseconds.
    fn now(&self) -> Timestamp;
}

/// Returns the instant's milliseconds since 1970.
pub fn to_ms(at: Timestamp) -> i64 {
    at.as_millisecond()
}

/// Returns the instant of these milliseconds, or `None` outside the years that can be written.
pub fn from_ms(ms: i64) -> Option<Timestamp> {
    Timestamp::from_millisecond(ms).ok()
}

/// Returns the instant without what is finer than a millisecond, as it comes back from a store.
pub fn whole_ms(at: Timestamp) -> Timestamp {
    from_ms(to_ms(at)).unwrap_or(at)
}
