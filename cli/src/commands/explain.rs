//! `explain`: why a memory is believed, and who said it.

use anyhow::Result;
use domain::{Record, Shown, Standing};
use serde_json::json;
use store::{Change, Happening};

use super::memories;
use crate::args::One;
use crate::house::House;
use crate::moment;
use crate::out::{Ink, Out};

/// Prints what speaks for and against a memory, and how it came to stand as it stands.
pub(super) async fn run(house: &House, one: &One) -> Result<()> {
    let record = memories::one(house, &one.id).await?;
    let history = house.store.history(&record.memory.id).await?;
    let links = house.store.links(&record.memory.id).await?;
    let out = house.out;
    if out.is_json() {
        let events: Vec<_> = beliefs(&history).collect();
        return out.value(&json!({
            "memory": Shown::from(&record), "belief": record.belief, "events": events,
            "links": links,
        }));
    }
    memories::print(out, &record)?;
    believed(out, &record, &history)?;
    memories::print_evidence(out, &record)?;
    memories::print_places(out, &record)?;
    if record.evidence.is_empty() {
        out.line("  no quote: a person wrote it down")?;
    }
    for link in links.iter().filter(|link| link.ended_at.is_none()) {
        let other = link
            .to
            .as_ref()
            .map_or(String::new(), |other| format!(" {other}"));
        let since = moment::day(link.at);
        out.line(format!(
            "  {}{other} since {since}: {}",
            link.kind.as_str(),
            link.why
        ))?;
    }
    if record.standing == Standing::Quarantined {
        out.line("  it is not shown to any agent while it is in quarantine")?;
    }
    Ok(())
}

/// Returns the events that count today.
fn beliefs(history: &[Happening]) -> impl Iterator<Item = &Happening> {
    history
        .iter()
        .filter(|happening| happening.taken_back_by.is_none())
        .filter(|happening| matches!(happening.change, Change::Believed(_)))
}

fn believed(out: Out, record: &Record, history: &[Happening]) -> Result<()> {
    let belief = record.belief;
    out.line(format!(
        "  {} from {:.2} for and {:.2} against, in {} events",
        out.ink(
            Ink::Strong,
            format!("confidence {:.2}", belief.confidence())
        ),
        belief.support as f64 / 100.0,
        belief.against as f64 / 100.0,
        beliefs(history).count(),
    ))?;
    for happening in beliefs(history) {
        let Change::Believed(event) = &happening.change else {
            continue;
        };
        let session = event
            .session
            .as_ref()
            .map_or(String::new(), |id| format!(", session {id}"));
        out.line(format!(
            "    {:+.2} {} on {}{session}, run {}",
            f64::from(event.weight.0) / 100.0,
            event.reason.as_str(),
            moment::day(event.at),
            happening.run,
        ))?;
    }
    Ok(())
}
