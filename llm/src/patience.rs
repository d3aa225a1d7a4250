//! Decides whether to try again, and when.
//!
//! Pure: time and chance come as numbers.

use std::time::Duration;

use domain::Sent;

use crate::settings::Patience;

/// A longer wait than this is not slept through: the job goes back to the queue instead, which
/// waits without holding a worker.
pub(crate) const LONGEST_WAIT: Duration = Duration::from_secs(60);
/// A server that asks for more than a day has lost its clock.
const LONGEST_ASKED: Duration = Duration::from_secs(24 * 60 * 60);
/// After silence somebody may have worked, and the next try may be paid for as well: one is enough.
const TRIES_INTO_SILENCE: u32 = 2;

/// What one try came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Loss {
    /// Nobody was reached.
    Unreached,
    /// Nobody worked on it: it was turned away.
    Unheard,
    /// Somebody may have.
    Failed,
    /// It was sent, and no whole answer came.
    Silent,
}

impl Loss {
    /// Returns how far the request came.
    pub(crate) fn sent(self) -> Sent {
        match self {
            Self::Unreached => Sent::Nothing,
            Self::Unheard => Sent::Unheard,
            Self::Failed | Self::Silent => Sent::Heard,
        }
    }
}

/// What has been tried.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tried {
    pub(crate) times: u32,
    pub(crate) silent: u32,
    /// How far the furthest of them came.
    pub(crate) sent: Sent,
}

/// What to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Next {
    /// Wait so long and try again.
    Wait(Duration),
    /// Leave it, and come back then.
    Leave(Option<Duration>),
}

impl Tried {
    /// Counts one more try.
    pub(crate) fn and(self, loss: Loss) -> Self {
        Self {
            times: self.times + 1,
            silent: self.silent + u32::from(loss == Loss::Silent),
            sent: self.sent.max(loss.sent()),
        }
    }
}

/// Decides after a try; `asked` is what the server asked for, `left` the rest of the deadline,
/// and `chance` a number from 0 to 1.
pub(crate) fn next(
    patience: &Patience,
    tried: Tried,
    asked: Option<Duration>,
    left: Duration,
    chance: f64,
) -> Next {
    let asked = asked.map(|asked| asked.min(LONGEST_ASKED));
    let own = own_wait(patience.first_wait, tried.times, chance);
    let wait = asked.map_or(own, |asked| asked.max(own));
    let exhausted = tried.times >= patience.tries || tried.silent >= TRIES_INTO_SILENCE;
    if exhausted || wait > LONGEST_WAIT || wait >= left {
        return Next::Leave(asked);
    }
    Next::Wait(wait)
}

/// Half of it is certain and half is chance, so that many who failed together do not return together.
fn own_wait(first: Duration, times: u32, chance: f64) -> Duration {
    let doubled = first.saturating_mul(1 << times.saturating_sub(1).min(16));
    doubled
        .min(LONGEST_WAIT)
        .mul_f64(0.5 + 0.5 * chance.clamp(0.0, 1.0))
}

/// Draws the chance of a try from its name: the same run waits the same time twice.
pub(crate) fn chance(ask: &str, times: u32) -> f64 {
    let name = domain::digest('w', &[ask, &times.to_string()]);
    let hash = name.bytes().skip(1).fold(0_u32, |sum, byte| {
        sum.wrapping_mul(33).wrapping_add(u32::from(byte))
    });
    f64::from(hash) / f64::from(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const MINUTES: Duration = Duration::from_secs(300);

    fn after(losses: &[Loss], asked: Option<u64>, left: Duration) -> Next {
        let tried = losses
            .iter()
            .fold(Tried::default(), |tried, loss| tried.and(*loss));
        let asked = asked.map(Duration::from_secs);
        next(&Patience::default(), tried, asked, left, 1.0)
    }

    #[test]
    fn waits_double_and_end_with_the_tries() {
        let ms = |ms| Next::Wait(Duration::from_millis(ms));
        assert_eq!(after(&[Loss::Unheard], None, MINUTES), ms(500));
        assert_eq!(after(&[Loss::Unheard; 2], None, MINUTES), ms(1_000));
        assert_eq!(after(&[Loss::Failed; 3], None, MINUTES), ms(2_000));
        assert_eq!(after(&[Loss::Unheard; 4], None, MINUTES), Next::Leave(None));
    }

    #[test]
    fn a_server_is_given_the_time_it_asks_for_up_to_a_minute() {
        let wait = |asked| after(&[Loss::Unheard], Some(asked), MINUTES);
        assert_eq!(wait(30), Next::Wait(Duration::from_secs(30)));
        assert_eq!(wait(60), Next::Wait(Duration::from_secs(60)));
        assert_eq!(wait(61), Next::Leave(Some(Duration::from_secs(61))));
        assert_eq!(wait(u64::MAX / 2), Next::Leave(Some(LONGEST_ASKED)));
        // 0 is no licence to hammer.
        assert_eq!(wait(0), Next::Wait(Duration::from_millis(500)));
    }

    #[test]
    fn nothing_is_waited_for_that_the_deadline_would_cut_off() {
        let left = Duration::from_secs(20);
        let asked = Some(Duration::from_secs(30));
        assert_eq!(after(&[Loss::Unheard], Some(30), left), Next::Leave(asked));
        assert_eq!(
            after(&[Loss::Unheard], None, Duration::ZERO),
            Next::Leave(None)
        );
    }

    #[test]
    fn silence_is_answered_by_one_more_try_alone() {
        assert!(matches!(
            after(&[Loss::Silent], None, MINUTES),
            Next::Wait(_)
        ));
        assert_eq!(after(&[Loss::Silent; 2], None, MINUTES), Next::Leave(None));
        let sent = |losses: &[Loss]| {
            let tried = losses
                .iter()
                .fold(Tried::default(), |tried, loss| tried.and(*loss));
            tried.sent
        };
        assert_eq!(sent(&[Loss::Silent, Loss::Unheard]), Sent::Heard);
        assert_eq!(sent(&[Loss::Unheard, Loss::Unreached]), Sent::Unheard);
        assert_eq!(sent(&[Loss::Unreached]), Sent::Nothing);
    }

    proptest! {
        #[test]
        fn no_wait_is_longer_than_a_minute_or_than_what_is_left(
            times in 1_u32..40, asked in proptest::option::of(0_u64..1_000_000), left in 0_u64..400, name in ".{0,9}",
        ) {
            let patience = Patience { tries: 100, ..Patience::default() };
            let tried = Tried { times, silent: 0, sent: Sent::Nothing };
            let left = Duration::from_secs(left);
            let chance = chance(&name, times);
            prop_assert!((0.0..=1.0).contains(&chance));
            if let Next::Wait(wait) = next(&patience, tried, asked.map(Duration::from_secs), left, chance) {
                prop_assert!(wait <= LONGEST_WAIT && wait < left);
                prop_assert!(asked.is_none_or(|asked| wait >= Duration::from_secs(asked)));
            }
        }
    }

    #[test]
    fn chance_differs_between_asks_and_tries_and_not_between_runs() {
        assert_ne!(chance("a1", 1), chance("a2", 1));
        assert_ne!(chance("a1", 1), chance("a1", 2));
        assert_eq!(chance("a1", 1), chance("a1", 1));
        let mean = (0..1_000).map(|n| chance(&n.to_string(), 1)).sum::<f64>() / 1_000.0;
        assert!((0.45..0.55).contains(&mean), "{mean}");
    }
}
