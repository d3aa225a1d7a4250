//! Reads the five fields of crontab(5) and says them to the `cron` crate, whose own language differs.
//!
//! It must not hand a number through unread: that crate counts Sunday as 1, asks for seconds, and wants
//! the day of month *and* the day of week to fit where crontab wants either.

use std::collections::BTreeSet;

/// Why a line is no schedule.
#[derive(Debug, thiserror::Error)]
pub enum ScheduleError {
    /// The line has more or fewer than five fields.
    #[error(
        "a schedule has five fields (minute, hour, day of month, month, day of week; no seconds, no year), \
         such as `0 3 * * *`; `{line}` has {found}"
    )]
    Fields {
        /// The line as it was given.
        line: String,
        /// How many fields it has.
        found: usize,
    },
    /// The line begins with `@` and is not one we know.
    #[error("`{line}` is none of @hourly, @daily, @weekly, @monthly, @yearly")]
    Nickname {
        /// The line as it was given.
        line: String,
    },
    /// One item of a field's list cannot be read.
    #[error("`{item}` is no {field}: {expected}")]
    Item {
        /// Which field it stands in.
        field: &'static str,
        /// The item as it was given.
        item: String,
        /// What would be right.
        expected: String,
    },
    /// The `cron` crate refused what we made of the line.
    #[error("schedule `{line}` cannot be computed")]
    Cron {
        /// The line as it was given.
        line: String,
        /// Its reason.
        #[source]
        source: cron::error::Error,
    },
}

struct Field {
    name: &'static str,
    range: (u32, u32),
    /// Three letters for each value, from the first of the range on.
    names: &'static [&'static str],
}

const MINUTE: Field = Field {
    name: "minute",
    range: (0, 59),
    names: &[],
};
const HOUR: Field = Field {
    name: "hour",
    range: (0, 23),
    names: &[],
};
const DAY_OF_MONTH: Field = Field {
    name: "day of month",
    range: (1, 31),
    names: &[],
};
const MONTH: Field = Field {
    name: "month",
    range: (1, 12),
    names: &[
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ],
};
const DAY_OF_WEEK: Field = Field {
    name: "day of week",
    range: (0, 7),
    names: &["sun", "mon", "tue", "wed", "thu", "fri", "sat", "sun"],
};

/// Returns the lines for the `cron` crate; a time fits the schedule when it fits any of them.
pub(super) fn read(line: &str) -> Result<Vec<cron::Schedule>, ScheduleError> {
    let fields: Vec<&str> = without_nickname(line)?.split_ascii_whitespace().collect();
    let [minute, hour, day, month, weekday] = *fields.as_slice() else {
        return Err(ScheduleError::Fields {
            line: line.to_owned(),
            found: fields.len(),
        });
    };
    let (minutes, hours) = (MINUTE.list(minute)?, HOUR.list(hour)?);
    let (days, months) = (DAY_OF_MONTH.list(day)?, MONTH.list(month)?);
    let weekdays = DAY_OF_WEEK
        .values(weekday)?
        .iter()
        .map(|day| day % 7 + 1)
        .collect();
    let weekdays = listed(&weekdays);
    // crontab(5): where both are restricted, either fits; a field that begins with `*` is not restricted.
    let either = !day.starts_with('*') && !weekday.starts_with('*');
    let pairs = if either {
        vec![(days.as_str(), "*"), ("*", weekdays.as_str())]
    } else {
        vec![(days.as_str(), weekdays.as_str())]
    };
    let compile = |(days, weekdays): (&str, &str)| {
        let text = format!("0 {minutes} {hours} {days} {months} {weekdays}");
        text.parse().map_err(|source| ScheduleError::Cron {
            line: line.to_owned(),
            source,
        })
    };
    pairs.into_iter().map(compile).collect()
}

fn without_nickname(line: &str) -> Result<&str, ScheduleError> {
    match line.trim() {
        "@hourly" => Ok("0 * * * *"),
        "@daily" | "@midnight" => Ok("0 0 * * *"),
        "@weekly" => Ok("0 0 * * 0"),
        "@monthly" => Ok("0 0 1 * *"),
        "@yearly" | "@annually" => Ok("0 0 1 1 *"),
        other if other.starts_with('@') => Err(ScheduleError::Nickname {
            line: line.to_owned(),
        }),
        fields => Ok(fields),
    }
}

impl Field {
    fn list(&self, text: &str) -> Result<String, ScheduleError> {
        Ok(listed(&self.values(text)?))
    }

    fn values(&self, text: &str) -> Result<BTreeSet<u32>, ScheduleError> {
        let mut values = BTreeSet::new();
        for item in text.split(',') {
            values.extend(self.item(item)?);
        }
        Ok(values)
    }

    /// `*`, `5`, `mon`, `1-5`, `*/15`, `10-40/5`.
    fn item(&self, item: &str) -> Result<impl Iterator<Item = u32>, ScheduleError> {
        let refuse = |expected: String| ScheduleError::Item {
            field: self.name,
            item: item.to_owned(),
            expected,
        };
        let unread = || refuse(self.expected());
        let (range, step) = match item.split_once('/') {
            Some((range, step)) => (
                range,
                Some(number(step).filter(|step| *step > 0).ok_or_else(unread)?),
            ),
            None => (item, None),
        };
        let (first, last) = match range.split_once('-') {
            _ if range == "*" => self.range,
            Some((first, last)) => (
                self.value(first).ok_or_else(unread)?,
                self.last(last).ok_or_else(unread)?,
            ),
            None => self
                .value(range)
                .map(|value| (value, value))
                .ok_or_else(unread)?,
        };
        if first > last {
            return Err(refuse("a range runs upwards".to_owned()));
        }
        // Crons differ on what `5/15` means; none on `5-59/15`.
        if step.is_some() && !range.contains(['*', '-']) {
            return Err(refuse("a step follows `*` or a range".to_owned()));
        }
        Ok((first..=last).step_by(step.unwrap_or(1) as usize))
    }

    fn value(&self, text: &str) -> Option<u32> {
        let (first, last) = self.range;
        let named = self
            .names
            .iter()
            .position(|name| text.eq_ignore_ascii_case(name));
        let value =
            named.map_or_else(|| number(text), |at| Some(first + u32::try_from(at).ok()?))?;
        (first..=last).contains(&value).then_some(value)
    }

    /// The end of a range, where `sun` is the seventh day and not the first.
    fn last(&self, text: &str) -> Option<u32> {
        let named = self
            .names
            .iter()
            .rposition(|name| text.eq_ignore_ascii_case(name));
        named.map_or_else(
            || self.value(text),
            |at| Some(self.range.0 + u32::try_from(at).ok()?),
        )
    }

    fn expected(&self) -> String {
        let (first, last) = self.range;
        let names = match self.names {
            [] => String::new(),
            [one, ..] => format!(" or names such as `{one}`"),
        };
        format!(
            "expected `*`, numbers from {first} to {last}{names}, ranges `{first}-{last}`, steps `*/2`, or a list of them"
        )
    }
}

/// Digits alone: `+5` is no number here.
fn number(text: &str) -> Option<u32> {
    text.bytes()
        .all(|b| b.is_ascii_digit())
        .then(|| text.parse().ok())?
}

fn listed(values: &BTreeSet<u32>) -> String {
    values
        .iter()
        .map(u32::to_string)
        .collect::<Vec<_>>()
        .join(",")
}
