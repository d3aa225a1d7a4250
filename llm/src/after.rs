//! Reads how long a server wants to be left alone.
//!
//! Obeys nothing by itself; what is too long is decided in `patience`.

use std::time::Duration;

use jiff::Timestamp;
use jiff::fmt::rfc2822;
use reqwest::header::HeaderMap;

/// Returns the wait that a server asks for, by whichever of the two headers it says it.
pub(crate) fn asked(headers: &HeaderMap, now: Timestamp) -> Option<Duration> {
    let header = |name| headers.get(name)?.to_str().ok().map(str::trim);
    if let Some(ms) = header("retry-after-ms").and_then(seconds) {
        return Some(ms / 1_000);
    }
    let text = header("retry-after")?;
    seconds(text).or_else(|| {
        let until = instant(text)?;
        // Their clock may differ from ours: their own date says what they count from.
        let from = header("date").and_then(instant).unwrap_or(now);
        Some(Duration::try_from(until.duration_since(from)).unwrap_or(Duration::ZERO))
    })
}

/// Whole seconds by the standard, fractions by what some servers send.
fn seconds(text: &str) -> Option<Duration> {
    let number: f64 = text.parse().ok()?;
    Duration::try_from_secs_f64(number).ok()
}

fn instant(text: &str) -> Option<Timestamp> {
    Some(rfc2822::parse(text).ok()?.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;
    use reqwest::header::{HeaderName, HeaderValue};

    fn check(headers: &[(&'static str, &'static str)], ms: Option<u64>) {
        let map: HeaderMap = headers
            .iter()
            .map(|(name, value)| {
                (
                    HeaderName::from_static(name),
                    HeaderValue::from_static(value),
                )
            })
            .collect();
        let now: Timestamp = "2027-01-02T03:04:05Z".parse().expect("an instant");
        assert_eq!(
            asked(&map, now),
            ms.map(Duration::from_millis),
            "{headers:?}"
        );
    }

    #[test]
    fn a_wait_is_read_in_every_spelling() {
        check(&[("retry-after", "7")], Some(7_000));
        check(&[("retry-after", " 2.5 ")], Some(2_500));
        check(
            &[("retry-after-ms", "250"), ("retry-after", "1")],
            Some(250),
        );
        check(
            &[("retry-after", "Sat, 02 Jan 2027 03:04:15 GMT")],
            Some(10_000),
        );
        check(&[("retry-after", "86400")], Some(86_400_000));
    }

    #[test]
    fn a_date_counts_from_the_servers_own_clock() {
        let until = ("retry-after", "Sat, 02 Jan 2027 05:00:30 GMT");
        check(
            &[until, ("date", "Sat, 02 Jan 2027 05:00:00 GMT")],
            Some(30_000),
        );
    }

    #[test]
    fn what_is_past_or_senseless_asks_for_nothing() {
        check(&[("retry-after", "Sat, 02 Jan 2027 03:04:00 GMT")], Some(0));
        for text in ["soon", "-5", "NaN", "inf", ""] {
            check(&[("retry-after", text)], None);
        }
        check(&[], None);
    }
}
