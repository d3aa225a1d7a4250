//! `undo`: takes back what a run wrote.

use anyhow::{Context, Error, Result, anyhow};
use domain::{Clock, Memory, RunId, StoreError};
use serde_json::json;
use store::Undoing;

use crate::args::Undo;
use crate::house::House;
use crate::out::{Ink, headline};
use crate::withdrawal;

/// Takes back the run that is named, or the last one that wrote memories.
pub(super) async fn run(house: &House, words: &Undo) -> Result<()> {
    let run = match words.run {
        Some(run) => run,
        None => last(house).await?,
    };
    if words.dry_run {
        let undoing = house.store.undo_preview(run).await.map_err(hinted)?;
        return tell(house, &undoing, None);
    }
    let undone = house.store.undo(run, house.clock.now()).await;
    let undone = undone.map_err(hinted)?;
    withdrawal::run(house).await?;
    tell(house, &undone.undoing, Some(undone.by))
}

/// Says where the runs stand, when one cannot be taken back.
fn hinted(error: StoreError) -> Error {
    match error {
        StoreError::Refused(why) => anyhow!("{why}; `dormouse status --runs 50` lists the runs"),
        other => other.into(),
    }
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
            "beliefs": undoing.beliefs, "links": undoing.links, "projects": undoing.projects,
            "models": undoing.models,
        }));
    }
    let run = &undoing.run;
    out.line(match by {
        Some(by) => format!(
            "{} ({}) is taken back, by {by}; `dormouse undo {by}` would put it in force again",
            run.id, run.verb
        ),
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
    rest(undoing)
        .iter()
        .try_for_each(|told| out.line(format!("  {told}")))
}

/// Says what changes beside the memories themselves; what does not change is not spoken of.
fn rest(undoing: &Undoing) -> Vec<String> {
    let counts = [
        (undoing.evidence, "quotes"),
        (undoing.beliefs, "events of belief"),
        (undoing.links.len(), "memories' links"),
    ];
    let counts = counts.iter().filter(|(count, _)| *count > 0);
    let counts: Vec<String> = counts
        .map(|(count, what)| format!("{count} {what}"))
        .collect();
    let mut told = Vec::new();
    if !counts.is_empty() {
        told.push(format!("also changed: {}", counts.join(", ")));
    }
    match undoing.projects {
        0 => {}
        1 => told.push("two projects that were made one are two again".to_owned()),
        parted => told.push(format!("{parted} projects that were made one part again")),
    }
    if undoing.models > 0 {
        told.push("what models may read stands again as it stood before".to_owned());
    }
    let nothing = undoing.removed.is_empty() && undoing.restored.is_empty() && told.is_empty();
    if nothing {
        told.push("it had written no memory; what it still meant to look at is left".to_owned());
    }
    told
}

#[cfg(test)]
mod tests {
    use domain::{OwnerId, Run};
    use jiff::Timestamp;

    use super::*;

    fn check(evidence: usize, projects: usize, expect: &[&str]) {
        let run = Run {
            id: RunId(3),
            verb: "ingest".to_owned(),
            owner: OwnerId::new("me"),
            started_at: Timestamp::UNIX_EPOCH,
            wrote_at: None,
            undone_by: None,
        };
        let undoing = Undoing {
            run,
            removed: Vec::new(),
            restored: Vec::new(),
            evidence,
            beliefs: 0,
            links: Vec::new(),
            projects,
            models: 0,
        };
        assert_eq!(rest(&undoing), expect);
    }

    #[test]
    fn only_what_changes_is_spoken_of_and_nothing_is_said_so() {
        check(2, 0, &["also changed: 2 quotes"]);
        check(0, 1, &["two projects that were made one are two again"]);
        check(0, 3, &["3 projects that were made one part again"]);
        check(
            0,
            0,
            &["it had written no memory; what it still meant to look at is left"],
        );
    }
}
