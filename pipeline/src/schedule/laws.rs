//! Holds the schedule to laws around every shift of many zones, and to the slow way of finding a slot.
//!
//! It must not list examples; those stand in the tests beside it.

use jiff::civil::DateTime;
use proptest::prelude::*;

use super::tests::{schedule, zone};
use super::*;

const LINES: [&str; 14] = [
    "30 2 * * *",
    "0 3 * * *",
    "*/30 * * * *",
    "20,35 * * * *",
    "* * * * *",
    "59 23 31 12 *",
    "0 0 29 2 *",
    "15 0-2 * * 0",
    "*/7 1,2,3 * * mon-fri",
    "0 0 13 * 5",
    "5 2 */2 * 6",
    "@hourly",
    "@weekly",
    "@monthly",
];

const ZONES: [&str; 9] = [
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "Asia/Kolkata",
    "America/Sao_Paulo",
    "Pacific/Apia",
    "Africa/Casablanca",
    "Antarctica/Troll",
    "UTC",
];

/// The same answer the slow way: every minute on the wall for some days around, by the fields alone.
fn next_by_trying(
    schedule: &Schedule,
    t: Timestamp,
    zone: &TimeZone,
    hours: i64,
) -> Option<Timestamp> {
    let here = zone.to_datetime(t);
    let midnight = DateTime::from_parts(here.date(), civil::Time::midnight());
    let from = midnight
        .checked_sub(SignedDuration::from_hours(25))
        .expect("within the calendar");
    // A day for the time of day, the hours themselves, and a day on either side for a shift.
    let minutes = (0..(hours + 25 + 24 + 25) * 60).map(SignedDuration::from_mins);
    minutes
        .map(|later| from.checked_add(later).expect("within the calendar"))
        .filter(|time| {
            let time = carried(*time).expect("a known year").and_utc();
            schedule.lines.iter().any(|line| line.includes(time))
        })
        .map(|time| {
            zone.to_ambiguous_timestamp(time)
                .compatible()
                .expect("within the calendar")
        })
        .filter(|slot| *slot > t)
        .min()
}

/// Moments of this century, most of them within hours of a shift.
fn moment(zone: &'static str) -> impl Strategy<Value = Timestamp> {
    let any = 0..3_000_000_000_i64;
    (any, -10_800..10_800_i64, prop::bool::weighted(0.8)).prop_map(move |(second, away, near)| {
        let t = Timestamp::from_second(second).expect("this century");
        let zone = self::zone(zone);
        let shift = zone
            .following(t)
            .next()
            .filter(|_| near)
            .map(|shift| shift.timestamp());
        shift
            .unwrap_or(t)
            .checked_add(SignedDuration::from_secs(away))
            .expect("this century")
    })
}

fn case() -> impl Strategy<Value = (Schedule, TimeZone, Timestamp)> {
    (
        prop::sample::select(&LINES[..]),
        prop::sample::select(&ZONES[..]),
    )
        .prop_flat_map(|(line, name)| (Just(schedule(line)), Just(zone(name)), moment(name)))
}

proptest! {
    #[test]
    fn the_next_slot_is_later_and_stays_next_until_it_comes((schedule, zone, t) in case(), part in 0.0..1.0) {
        let next = schedule.next_after(t, &zone).expect("every line comes again");
        prop_assert!(next > t);
        let between = (next.as_second() - t.as_second()) as f64 * part;
        let between = Timestamp::from_second(t.as_second() + between as i64).expect("between the two");
        prop_assert_eq!(schedule.next_after(between.max(t), &zone), Some(next));
    }

    #[test]
    fn the_next_slot_is_the_one_found_by_trying_every_minute((schedule, zone, t) in case()) {
        let next = schedule.next_after(t, &zone).expect("every line comes again");
        match next_by_trying(&schedule, t, &zone, 24) {
            Some(tried) => prop_assert_eq!(next, tried),
            None => prop_assert!(next.duration_since(t) > SignedDuration::from_hours(24)),
        }
    }

    #[test]
    fn what_is_due_is_the_last_slot_passed((schedule, zone, t) in case(), away in 0..30_000_i64) {
        let now = t.checked_add(SignedDuration::from_secs(away)).expect("this century");
        let passed = iter::successors(schedule.next_after(t, &zone), |t| schedule.next_after(*t, &zone));
        let last = passed.take_while(|slot| *slot <= now).last();
        prop_assert_eq!(schedule.due(Some(t), now, &zone), last);
    }

    #[test]
    fn no_line_breaks_the_reader(line in "[@*0-9a-z,/ -]{0,20}|\\PC{0,20}") {
        let _ = Schedule::parse(&line);
    }
}
