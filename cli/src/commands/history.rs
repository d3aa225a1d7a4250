//! `history`: every change to a memory, oldest first.

use anyhow::Result;
use domain::Memory;
use store::{Change, Happening};

use super::memories;
use crate::args::One;
use crate::house::House;
use crate::moment;
use crate::out::{Ink, headline};

/// Prints what happened to the memory.
pub(super) async fn run(house: &House, one: &One) -> Result<()> {
    let record = memories::one(house, &one.id).await?;
    let mut before: Option<Box<Memory>> = None;
    for happening in house.store.history(&record.memory.id).await? {
        if house.out.is_json() {
            house.out.value(&happening)?;
            continue;
        }
        let run = house.out.ink(Ink::Name, happening.run.to_string());
        let head = format!("{} {run} {:<8}", moment::show(happening.at), happening.verb);
        let back = happening.taken_back_by;
        let back = back.map_or(String::new(), |by| format!(", taken back by {by}"));
        let told = format!(
            "{}{}",
            told(&happening, before.as_deref()),
            house.out.ink(Ink::Warn, back)
        );
        house.out.line(format!("{head} {told}"))?;
        if let Change::Written(memory) = happening.change {
            before = Some(memory);
        }
    }
    Ok(())
}

fn told(happening: &Happening, before: Option<&Memory>) -> String {
    match &happening.change {
        Change::Written(memory) => {
            let changed = before.map_or(Vec::new(), |before| changed(before, memory));
            let what = match changed.is_empty() {
                true => headline(&memory.lesson.what, 90),
                false => changed.join(", "),
            };
            format!("revision {}: {what}", memory.revision.0)
        }
        Change::Removed => "taken back".to_owned(),
        Change::Quoted(quote) => {
            format!(
                "the {} said “{}”",
                quote.said_by.as_str(),
                headline(&quote.quote, 80)
            )
        }
        Change::Believed(event) => {
            format!(
                "{:+.2} for: {}",
                f64::from(event.weight.0) / 100.0,
                event.reason.as_str()
            )
        }
        Change::Linked(link) => match &link.to {
            Some(other) => format!("{} {other}: {}", link.kind.as_str(), link.why),
            None => format!("{}: {}", link.kind.as_str(), link.why),
        },
        Change::Unlinked(link) => format!("no longer {}", link.kind.as_str()),
    }
}

/// Says what of a memory's row is not as it was.
fn changed(before: &Memory, after: &Memory) -> Vec<String> {
    let (old, new) = (&before.lesson, &after.lesson);
    let words = |name: &str, was: Option<&String>, is: Option<&String>| match is {
        _ if was == is => None,
        Some(is) => Some(format!("{name} “{}”", headline(is, 60))),
        None => Some(format!("no {name} any more")),
    };
    let word = |name: &str, was: String, is: String| (was != is).then(|| format!("{name} {is}"));
    let tags = |memory: &Memory| match memory.tags.is_empty() {
        true => "none".to_owned(),
        false => memory.tags.join(" "),
    };
    let pin = |memory: &Memory| match memory.pinned {
        true => "pinned",
        false => "not pinned",
    };
    [
        words("what", Some(&old.what), Some(&new.what)),
        words("when", old.when.as_ref(), new.when.as_ref()),
        words("do", old.do_.as_ref(), new.do_.as_ref()),
        words("warn", old.warn.as_ref(), new.warn.as_ref()),
        word("kind", old.kind.to_string(), new.kind.to_string()),
        word("scope", old.scope.to_string(), new.scope.to_string()),
        word("domain", before.domain.clone(), after.domain.clone()),
        word("tags", tags(before), tags(after)),
        (pin(before) != pin(after)).then(|| pin(after).to_owned()),
        (before.validity != after.validity).then(|| match after.validity.to {
            Some(until) => format!("true until {}", moment::day(until)),
            None => format!("true since {}", moment::day(after.validity.from)),
        }),
    ]
    .into_iter()
    .flatten()
    .collect()
}
