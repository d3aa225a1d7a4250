//! Says when the nightly work is due, in the hours of the person's own clock.
//!
//! Pure: reads neither the clock nor the zone of the machine. It must not let the `cron` crate see a
//! zone: with one it skips the night when clocks go forward and runs twice when they go back.

mod crontab;
#[cfg(test)]
mod laws;
#[cfg(test)]
mod tests;

use std::iter;

use chrono::{Datelike, NaiveDate, NaiveDateTime, NaiveTime, Timelike, Utc};
use jiff::tz::{AmbiguousOffset, TimeZone};
use jiff::{SignedDuration, Timestamp, civil};

pub use crontab::ScheduleError;

/// A line of crontab(5), to be read on a clock on the wall.
///
/// Two rules bring the wall to an instant. Where clocks go forward, a time that the day lacks comes
/// later by what was skipped (02:30 at 03:30), once. Where they go back, a time that the day has
/// twice counts the first time only, and so do all the times of `*/30`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Schedule {
    /// One line, or two where day of month and day of week are both restricted: either will do.
    lines: Vec<cron::Schedule>,
}

impl Schedule {
    /// Reads the five fields of crontab(5), or `@hourly`, `@daily`, `@weekly`, `@monthly`, `@yearly`.
    pub fn parse(line: &str) -> Result<Self, ScheduleError> {
        Ok(Self {
            lines: crontab::read(line)?,
        })
    }

    /// Returns the first slot later than `t`, or `None` where no such day ever comes (31 February).
    pub fn next_after(&self, t: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
        let mut delayed = None;
        for time in self.times_after(wall_before(t, zone)) {
            let ambiguous = zone.to_ambiguous_timestamp(time);
            let skipped = matches!(ambiguous.offset(), AmbiguousOffset::Gap { .. });
            let slot = ambiguous.compatible().ok()?;
            if slot <= t {
                continue;
            }
            if !skipped {
                return delayed.into_iter().chain([slot]).min();
            }
            // After a gap of half an hour 02:20 comes at 02:50: what stands at 02:35 is earlier.
            delayed.get_or_insert(slot);
        }
        delayed
    }

    /// Returns the latest slot that has passed since the last run, however many have: one run catches up.
    ///
    /// A house that never ran passes the time it was first seen; without one nothing is due. Nor is it
    /// while the last run lies in the future, which a clock that was set back makes of it.
    pub fn due(
        &self,
        last_run: Option<Timestamp>,
        now: Timestamp,
        zone: &TimeZone,
    ) -> Option<Timestamp> {
        let passed = |t| self.next_after(t, zone).filter(|slot| *slot <= now);
        let mut latest = passed(last_run?)?;
        // Halving needs some thirty looks for ten years away, where walking every slot needs millions.
        let mut quiet_from = now.as_second();
        while latest.as_second() < quiet_from {
            let middle = latest.as_second() + (quiet_from - latest.as_second()) / 2;
            match Timestamp::from_second(middle).ok().and_then(passed) {
                Some(slot) => latest = slot,
                None => quiet_from = middle,
            }
        }
        Some(latest)
    }

    /// All the times on the wall after this one, in the wall's order.
    fn times_after(&self, wall: civil::DateTime) -> impl Iterator<Item = civil::DateTime> {
        let first_after = |time: NaiveDateTime| {
            let after = |line: &cron::Schedule| line.after(&time.and_utc()).next();
            self.lines
                .iter()
                .filter_map(after)
                .min()
                .map(|next: chrono::DateTime<Utc>| next.naive_utc())
        };
        iter::successors(carried(wall).and_then(first_after), move |time| {
            first_after(*time)
        })
        .map_while(carried_back)
    }
}

/// The time on the wall from which to look for slots after `t`, early enough for those that a gap delays.
fn wall_before(t: Timestamp, zone: &TimeZone) -> civil::DateTime {
    // A shift at `t` itself delays slots beyond `t` too, and `preceding` means strictly.
    let with_t = t.checked_add(SignedDuration::from_nanos(1)).unwrap_or(t);
    // No zone has ever shifted by more than a day (Samoa skipped a whole one in 2011).
    let shift = zone
        .preceding(with_t)
        .map(|shift| shift.timestamp())
        .take_while(|shift| t.duration_since(*shift) <= SignedDuration::from_hours(24))
        .last();
    let before_shift =
        shift.and_then(|shift| shift.checked_sub(SignedDuration::from_nanos(1)).ok());
    zone.to_datetime(before_shift.unwrap_or(t))
}

/// A time on the wall in the type that the `cron` crate counts in; years it does not know become its first.
fn carried(wall: civil::DateTime) -> Option<NaiveDateTime> {
    let day = (wall.day().unsigned_abs(), wall.month().unsigned_abs());
    let time = (
        wall.hour().unsigned_abs(),
        wall.minute().unsigned_abs(),
        wall.second().unsigned_abs(),
    );
    if wall.year() < 1970 {
        return NaiveDate::from_ymd_opt(1969, 12, 31)?.and_hms_opt(23, 59, 59);
    }
    let time = NaiveTime::from_hms_opt(time.0.into(), time.1.into(), time.2.into())?;
    Some(NaiveDate::from_ymd_opt(wall.year().into(), day.1.into(), day.0.into())?.and_time(time))
}

fn carried_back(time: NaiveDateTime) -> Option<civil::DateTime> {
    let year = i16::try_from(time.year()).ok()?;
    let [month, day, hour, minute, second] = [
        time.month(),
        time.day(),
        time.hour(),
        time.minute(),
        time.second(),
    ]
    .map(i8::try_from);
    civil::DateTime::new(
        year,
        month.ok()?,
        day.ok()?,
        hour.ok()?,
        minute.ok()?,
        second.ok()?,
        0,
    )
    .ok()
}
