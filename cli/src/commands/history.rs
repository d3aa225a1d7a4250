//! `history`: every change to a memory, oldest first.

use anyhow::Result;
use store::{Change, Happening};

use super::memories;
use crate::args::One;
use crate::house::House;
use crate::moment;
use crate::out::{Ink, headline};

/// Prints what happened to the memory.
pub(super) async fn run(house: &House, one: &One) -> Result<()> {
    let record = memories::one(house, &one.id).await?;
    for happening in house.store.history(&record.memory.id).await? {
        if house.out.is_json() {
            house.out.value(&happening)?;
            continue;
        }
        let run = house.out.ink(Ink::Name, happening.run.to_string());
        let head = format!("{} {run} {:<8}", moment::show(happening.at), happening.verb);
        let back = happening.taken_back_by;
        let back = back.map_or(String::new(), |by| format!(", taken back by {by}"));
        let told = format!("{}{}", told(&happening), house.out.ink(Ink::Warn, back));
        house.out.line(format!("{head} {told}"))?;
    }
    Ok(())
}

fn told(happening: &Happening) -> String {
    match &happening.change {
        Change::Written(memory) => {
            let pin = if memory.pinned { ", pinned" } else { "" };
            format!(
                "revision {}{pin}: {}",
                memory.revision.0,
                headline(&memory.lesson.what, 90)
            )
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
