//! Decides when a failed job is tried again.
//!
//! Pure: the same job after as many attempts gets the same answer, spread by its number.

use domain::JobId;
use jiff::{SignedDuration, Timestamp};

/// After so many attempts a person is asked: by then a day has passed.
const MOST_ATTEMPTS: u32 = 12;
const FIRST: SignedDuration = SignedDuration::from_secs(10);
const LONGEST: SignedDuration = SignedDuration::from_hours(4);

/// Returns when to try again, or `None` when it is time to ask a person.
///
/// The wait doubles, and a quarter of it is spread by the job's number, so that many jobs that
/// failed together do not come back together.
pub(crate) fn again(job: JobId, attempts: u32, now: Timestamp) -> Option<Timestamp> {
    if attempts >= MOST_ATTEMPTS {
        return None;
    }
    let wait = FIRST.as_millis() << attempts.min(20);
    let wait = wait.min(LONGEST.as_millis());
    let spread = i128::from(spread_of(job, attempts)) * wait / 4 / i128::from(u16::MAX);
    let wait = i64::try_from(wait + spread).ok()?;
    now.checked_add(SignedDuration::from_millis(wait)).ok()
}

fn spread_of(job: JobId, attempts: u32) -> u16 {
    // One round of splitmix64: enough to part neighbouring numbers.
    let mut bits = (job.0 as u64)
        .wrapping_add(u64::from(attempts))
        .wrapping_mul(0x9e37_79b9_7f4a_7c15);
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    (bits >> 48) as u16
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wait(job: i64, attempts: u32) -> Option<i64> {
        let now = Timestamp::UNIX_EPOCH;
        again(JobId(job), attempts, now).map(|due| due.duration_since(now).as_secs())
    }

    #[test]
    fn the_wait_doubles_up_to_a_ceiling_and_then_a_person_is_asked() {
        for (attempts, least) in [(0, 10), (1, 20), (2, 40), (11, 4 * 3600)] {
            let waited = wait(7, attempts).expect("is tried again");
            assert!(
                (least..=least * 5 / 4).contains(&waited),
                "{attempts}: {waited}"
            );
        }
        assert_eq!(wait(7, 12), None);
    }

    #[test]
    fn jobs_that_failed_together_come_back_apart() {
        let waits: std::collections::BTreeSet<_> = (1..=20).map(|job| wait(job, 9)).collect();
        assert!(waits.len() > 15, "{waits:?}");
    }
}
