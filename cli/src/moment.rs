//! Dates as people type them on the command line.
//!
//! A day without an hour begins at midnight in the machine's zone.

use std::sync::OnceLock;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

use crate::environment;

/// Where Unix keeps the rules of the machine's own zone.
const LOCAL: &str = "/etc/localtime";

/// Reads a day, a local time, or an instant with its offset.
pub(crate) fn parse(text: &str) -> Result<Timestamp, String> {
    if let Ok(at) = text.parse::<Timestamp>() {
        return Ok(at);
    }
    let local = text
        .parse::<DateTime>()
        .or_else(|_| text.parse::<Date>().map(DateTime::from));
    local
        .and_then(|local| zone().to_timestamp(local))
        .map_err(|_| format!("{text:?} is no date such as 2026-03-01 or 2026-03-01T12:00"))
}

/// Reads a day as its last instant, so that what was true on it counts; else like `parse`.
pub(crate) fn parse_end(text: &str) -> Result<Timestamp, String> {
    let Ok(day) = text.parse::<Date>() else {
        return parse(text);
    };
    let next = day.tomorrow().map_err(|error| error.to_string())?;
    let midnight = parse(&next.to_string())?;
    Ok(midnight - jiff::SignedDuration::from_millis(1))
}

/// Writes an instant as a person reads it: the day and the minute, in the machine's zone.
pub(crate) fn show(at: Timestamp) -> String {
    at.to_zoned(zone()).strftime("%Y-%m-%d %H:%M").to_string()
}

/// Writes the day of an instant.
pub(crate) fn day(at: Timestamp) -> String {
    at.to_zoned(zone()).strftime("%Y-%m-%d").to_string()
}

/// Returns the machine's zone. Days need its rules and not its name: to look the name up, the whole
/// zone database is listed first, which took a tenth of a cold search.
fn zone() -> TimeZone {
    static ZONE: OnceLock<TimeZone> = OnceLock::new();
    let rules = || {
        let bytes = std::fs::read(LOCAL).ok()?;
        TimeZone::tzif("local", &bytes).ok()
    };
    let find = || match environment::names_a_zone() {
        true => TimeZone::system(),
        false => rules().unwrap_or_else(TimeZone::system),
    };
    ZONE.get_or_init(find).clone()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_hours_and_instants_are_read() {
        assert!(parse("2026-03-01").is_ok());
        assert!(parse("2026-03-01T12:00").is_ok());
        assert_eq!(
            parse("2026-03-01T12:00:00Z").map(jiff::Timestamp::as_second),
            Ok(1_772_366_400)
        );
        assert!(parse("yesterday-ish").is_err());
        assert!(parse_end("2026-03-01") < parse("2026-03-02"));
        assert!(parse_end("2026-03-01") > parse("2026-03-01T23:59:59"));
    }
}
