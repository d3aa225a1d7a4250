//! The one real clock of the house, and a still one for recorded runs.
//!
//! Everyone else is handed an instant or this clock's door.

use anyhow::{Context, Result};
use domain::Clock;
use domain::time::whole_ms;
use jiff::Timestamp;

use crate::environment;

/// The machine's clock, or one that stands still.
#[derive(Clone, Copy, Debug)]
pub(crate) enum WallClock {
    Running,
    Still(Timestamp),
}

impl WallClock {
    /// Returns the machine's clock, unless the environment says that it stands still.
    pub(crate) fn from_environment() -> Result<Self> {
        let Some(text) = environment::frozen_now() else {
            return Ok(Self::Running);
        };
        let at = text.parse().with_context(|| {
            format!(
                "{}={text} is no instant such as 2026-03-01T12:00:00Z",
                environment::NOW
            )
        })?;
        Ok(Self::Still(whole_ms(at)))
    }
}

impl Clock for WallClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the one place that reads the clock"
    )]
    fn now(&self) -> Timestamp {
        match self {
            Self::Running => whole_ms(Timestamp::now()),
            Self::Still(at) => *at,
        }
    }
}
