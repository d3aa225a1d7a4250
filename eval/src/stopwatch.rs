//! Times a piece of work, and reads how much memory the process has needed at most.
//!
//! The one place in this room that reads a clock.

use std::time::Instant;

/// A watch that runs.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Watch(Instant);

/// Starts a watch.
#[expect(
    clippy::disallowed_methods,
    reason = "measuring is what this room is for"
)]
pub(crate) fn begin() -> Watch {
    Watch(Instant::now())
}

impl Watch {
    /// Returns the milliseconds since the start.
    pub(crate) fn ms(self) -> f64 {
        self.0.elapsed().as_secs_f64() * 1e3
    }
}

/// Returns the most memory that this process has held so far, in megabytes, where the system tells.
pub(crate) fn peak_memory_mb() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    let kilobytes: f64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kilobytes / 1024.0)
}
