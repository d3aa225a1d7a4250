//! Holds the schedule to crontab(5) and to the clock on the wall, through gaps and folds.

use super::*;

pub(super) fn schedule(line: &str) -> Schedule {
    Schedule::parse(line).expect("the test's own line")
}

pub(super) fn zone(name: &str) -> TimeZone {
    TimeZone::get(name).expect("the zone database knows it")
}

fn at(text: &str) -> Timestamp {
    text.parse().expect("the test's own timestamp")
}

/// The next slots of a line as the wall and its offset show them.
#[track_caller]
fn check(line: &str, in_zone: &str, after: &str, expected: &[&str]) {
    let (schedule, zone) = (schedule(line), zone(in_zone));
    let slots = iter::successors(Some(at(after)), |t| schedule.next_after(*t, &zone)).skip(1);
    let shown: Vec<String> = slots
        .take(expected.len())
        .map(|slot| {
            slot.to_zoned(zone.clone())
                .strftime("%a %F %H:%M%:z")
                .to_string()
        })
        .collect();
    assert_eq!(shown, expected, "{line} in {in_zone}");
}

#[test]
fn a_time_skipped_in_spring_comes_once_after_the_gap() {
    check(
        "30 2 * * *",
        "Europe/Berlin",
        "2027-03-27T12:00:00Z",
        &["Sun 2027-03-28 03:30+02:00", "Mon 2027-03-29 02:30+02:00"],
    );
    check(
        "30 2,3 * * *",
        "Europe/Berlin",
        "2027-03-28T00:00:00Z",
        &["Sun 2027-03-28 03:30+02:00", "Mon 2027-03-29 02:30+02:00"],
    );
    check(
        "30 2 * * *",
        "America/New_York",
        "2027-03-13T12:00:00Z",
        &["Sun 2027-03-14 03:30-04:00", "Mon 2027-03-15 02:30-04:00"],
    );
    // From the very instant of the shift, and from a moment within the delay.
    for after in ["2027-03-28T01:00:00Z", "2027-03-28T01:29:59.999Z"] {
        check(
            "30 2 * * *",
            "Europe/Berlin",
            after,
            &["Sun 2027-03-28 03:30+02:00"],
        );
    }
}

#[test]
fn a_time_that_comes_twice_in_autumn_counts_once() {
    check(
        "30 2 * * *",
        "Europe/Berlin",
        "2027-10-30T12:00:00Z",
        &["Sun 2027-10-31 02:30+02:00", "Mon 2027-11-01 02:30+01:00"],
    );
    check(
        "*/30 * * * *",
        "Europe/Berlin",
        "2027-10-30T23:59:00Z",
        &[
            "Sun 2027-10-31 02:00+02:00",
            "Sun 2027-10-31 02:30+02:00",
            "Sun 2027-10-31 03:00+01:00",
        ],
    );
    // A look from within the repeated hour finds no slot in it.
    check(
        "*/30 * * * *",
        "Europe/Berlin",
        "2027-10-31T01:10:00Z",
        &["Sun 2027-10-31 03:00+01:00"],
    );
}

#[test]
fn a_shift_of_half_an_hour_keeps_the_order() {
    let gap = [
        "Sun 2027-10-03 02:35+11:00",
        "Sun 2027-10-03 02:50+11:00",
        "Mon 2027-10-04 02:20+11:00",
    ];
    check(
        "20,35 2 * * *",
        "Australia/Lord_Howe",
        "2027-10-02T12:00:00Z",
        &gap,
    );
    let fold = ["Sun 2027-04-04 01:45+11:00", "Mon 2027-04-05 01:45+10:30"];
    check(
        "45 1 * * *",
        "Australia/Lord_Howe",
        "2027-04-03T12:00:00Z",
        &fold,
    );
}

#[test]
fn a_day_that_a_zone_skipped_is_made_up_once() {
    let slots = [
        "Thu 2011-12-29 03:00-10:00",
        "Sat 2011-12-31 03:00+14:00",
        "Sun 2012-01-01 03:00+14:00",
    ];
    check("0 3 * * *", "Pacific/Apia", "2011-12-29T00:00:00Z", &slots);
}

#[test]
fn hours_are_those_of_the_zone() {
    check(
        "0 3 * * *",
        "Asia/Kolkata",
        "2027-01-01T00:00:00Z",
        &["Sat 2027-01-02 03:00+05:30"],
    );
}

#[test]
fn a_year_in_berlin_has_365_nights() {
    let (nightly, berlin) = (schedule("30 2 * * *"), zone("Europe/Berlin"));
    let end = at("2027-12-31T23:00:00Z");
    let slots = iter::successors(Some(at("2026-12-31T23:00:00Z")), |t| {
        nightly.next_after(*t, &berlin)
    });
    assert_eq!(slots.skip(1).take_while(|slot| *slot < end).count(), 365);
}

#[test]
fn days_and_months_are_numbered_and_named_as_in_crontab() {
    for (one, same) in [
        ("0 3 * * 0", "0 3 * * 7"),
        ("0 3 * * 0", "0 3 * * sun"),
        ("0 3 * * 5-7", "0 3 * * FRI-SUN"),
        ("0 3 * * 0-2", "0 3 * * Sun,mon,TUE"),
        ("0 3 * * 1-5/2", "0 3 * * mon,wed,fri"),
        ("0 3 * jan-mar *", "0 3 * 1,2,3 *"),
        ("0-59/20 3 * * *", "*/20\t3  * * *"),
        ("@daily", "0 0 * * *"),
        (" @weekly ", "0 0 * * 7"),
        ("@hourly", "0 * * * *"),
        ("@monthly", "0 0 1 * *"),
    ] {
        assert_eq!(schedule(one), schedule(same), "{one} is {same}");
    }
    let monday = ["Mon 2027-03-01 03:00+00:00", "Mon 2027-03-08 03:00+00:00"];
    check("0 3 * * 1", "UTC", "2027-02-28T12:00:00Z", &monday);
    check(
        "0 3 * * 7",
        "UTC",
        "2027-02-28T12:00:00Z",
        &["Sun 2027-03-07 03:00+00:00"],
    );
}

#[test]
fn where_both_days_are_restricted_either_fits() {
    check(
        "0 0 13 * fri",
        "UTC",
        "2027-08-07T00:00:00Z",
        &["Fri 2027-08-13 00:00+00:00", "Fri 2027-08-20 00:00+00:00"],
    );
    check(
        "0 0 15 * mon",
        "UTC",
        "2027-09-13T12:00:00Z",
        &["Wed 2027-09-15 00:00+00:00", "Mon 2027-09-20 00:00+00:00"],
    );
    // A field that begins with `*` restricts nothing by itself, so both have to fit.
    check(
        "0 0 */2 * mon",
        "UTC",
        "2027-09-05T00:00:00Z",
        &["Mon 2027-09-13 00:00+00:00"],
    );
}

#[test]
fn an_impossible_day_never_comes() {
    for line in ["0 0 31 2 *", "0 0 30 2 *", "0 0 31 4,6,9,11 *"] {
        assert_eq!(
            schedule(line).next_after(at("2027-01-01T00:00:00Z"), &zone("Europe/Berlin")),
            None
        );
    }
    check(
        "0 0 29 2 *",
        "UTC",
        "2027-01-01T00:00:00Z",
        &["Tue 2028-02-29 00:00+00:00"],
    );
}

#[test]
fn what_is_no_schedule_is_refused_by_name() {
    for (line, expected) in [
        ("", "has 0"),
        ("0 3 * *", "has 4"),
        (
            "0 0 3 * * *",
            "no seconds, no year), such as `0 3 * * *`; `0 0 3 * * *` has 6",
        ),
        ("0 0 3 * * * 2027", "has 7"),
        ("@reboot", "`@reboot` is none of @hourly"),
        (
            "60 3 * * *",
            "`60` is no minute: expected `*`, numbers from 0 to 59",
        ),
        ("0 24 * * *", "`24` is no hour"),
        ("0 3 0 * *", "`0` is no day of month"),
        ("0 3 * 13 *", "`13` is no month"),
        (
            "0 3 * * 8",
            "`8` is no day of week: expected `*`, numbers from 0 to 7 or names such as `sun`",
        ),
        ("0 3 * * monday", "`monday` is no day of week"),
        ("0 5-3 * * *", "`5-3` is no hour: a range runs upwards"),
        (
            "5/15 * * * *",
            "`5/15` is no minute: a step follows `*` or a range",
        ),
        ("*/0 * * * *", "`*/0` is no minute"),
        ("*/ * * * *", "`*/` is no minute"),
        ("1,,2 * * * *", "`` is no minute"),
        ("+5 * * * *", "`+5` is no minute"),
        ("99999999999 * * * *", "is no minute"),
        ("0 3 ? * *", "`?` is no day of month"),
        ("0 3 L * *", "`L` is no day of month"),
    ] {
        let refused = Schedule::parse(line).expect_err(line).to_string();
        assert!(refused.contains(expected), "{line:?}: {refused}");
    }
}

#[test]
fn missed_nights_are_caught_up_once() {
    let (nightly, berlin) = (schedule("0 3 * * *"), zone("Europe/Berlin"));
    let due = |last: &str, now: &str| nightly.due(Some(at(last)), at(now), &berlin);
    let night = at("2027-01-11T02:00:00Z");
    assert_eq!(
        due("2027-01-10T02:00:00Z", "2027-01-11T08:00:00Z"),
        Some(night)
    );
    assert_eq!(
        due("2027-01-01T02:00:00Z", "2027-01-11T08:00:00Z"),
        Some(night),
        "ten nights"
    );
    assert_eq!(
        due("2017-01-01T02:00:00Z", "2027-01-11T08:00:00Z"),
        Some(night),
        "ten years"
    );
    assert_eq!(
        due("2027-01-11T02:00:00Z", "2027-01-11T08:00:00Z"),
        None,
        "done"
    );
    assert_eq!(
        due("2027-01-11T02:00:01Z", "2027-01-12T01:59:59Z"),
        None,
        "not yet"
    );
    assert_eq!(
        due("2027-01-10T20:00:00Z", "2027-01-11T02:00:00Z"),
        Some(night),
        "to the second"
    );
    assert_eq!(
        due("2027-06-01T00:00:00Z", "2027-01-11T08:00:00Z"),
        None,
        "the clock was set back"
    );
}

#[test]
fn a_house_without_a_first_day_owes_nothing() {
    let now = at("2027-01-11T08:00:00Z");
    assert_eq!(schedule("* * * * *").due(None, now, &TimeZone::UTC), None);
}
