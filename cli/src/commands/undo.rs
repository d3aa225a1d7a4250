//! `undo`: takes back what a run wrote.

use anyhow::{Context, Result};
use domain::{Clock, Memory, RunId};
use serde_json::json;
use store::Undoing;

use crate::args::Undo;
use crate::house::House;
use crate::out::{Ink, headline};

/// Takes back the run that is named, or the last one that wrote memories.
pub(super) async fn run(house: &House, words: &Undo) -> Result<()> {
    let run = match words.run {
        Some(run) => run,
        None => last(house).await?,
    };
    if words.dry_run {
        let undoing = house.store.undo_preview(run).await?;
        return tell(house, &undoing, None);
    }
    let undone = house.store.undo(run, house.clock.now()).await?;
    tell(house, &undone.undoing, Some(undone.by))
}

async fn last(house: &House) -> Result<RunId> {
    let last = house.store.last_run_with_memories().await?;
    Ok(last
        .context("no run has written memories that could be taken back")?
        .id)
}

/// Says what goes and what comes back; `by` is the run that did it, if it was done.
fn tell(house: &House, undoing: &Undoing, by: Option<RunId>) -> Result<()> {
    let out = house.out;
    if out.is_json() {
        return out.value(&json!({
            "run": undoing.run, "undone_by": by, "removed": undoing.removed,
            "restored": undoing.restored, "evidence": undoing.evidence,
            "beliefs": undoing.beliefs, "links": undoing.links,
        }));
    }
    let run = &undoing.run;
    out.line(match by {
        Some(by) => format!("{} ({}) is taken back, by {by}", run.id, run.verb),
        None => format!("{} ({}) would be taken back:", run.id, run.verb),
    })?;
    let line = |sign: &str, memory: &Memory| {
        let name = out.ink(Ink::Name, memory.id.as_str());
        out.line(format!(
            "  {sign} {name} {}",
            headline(&memory.lesson.what, 90)
        ))
    };
    undoing
        .removed
        .iter()
        .try_for_each(|memory| line("-", memory))?;
    undoing
        .restored
        .iter()
        .try_for_each(|memory| line("+", memory))?;
    out.line(format!(
        "  {} quotes, {} events of belief and {} links change",
        undoing.evidence,
        undoing.beliefs,
        undoing.links.len()
    ))
}
