//! `project model`: says that no model reads a project, or that the chosen one may again.
//!
//! Decides no more than that; whoever asks a model looks it up.

use anyhow::{Context, Result, bail};
use domain::{Author, Changes, Clock, Project, Queue};
use llm::mailbox;
use serde_json::json;

use super::project;
use crate::args::Reader;
use crate::config::Provider;
use crate::house::House;
use crate::model;
use crate::out;

/// Sets who reads a project.
pub(super) async fn run(house: &House, word: &str, reader: Reader) -> Result<()> {
    let project = meant(house, word).await?;
    match reader {
        Reader::None => keep(house, &project).await,
        Reader::Chosen => let_read(house, &project).await,
    }
}

/// Returns the project that a person means; one that lies at a path is met here at the latest.
async fn meant(house: &House, word: &str) -> Result<Project> {
    let Some(folder) = project::folder(word) else {
        return project::named(house, word).await;
    };
    let folder = std::fs::canonicalize(&folder)
        .with_context(|| format!("there is no folder {}", folder.display()))?;
    let found = house.project_at(&folder).await?;
    let found = found.with_context(|| format!("{} is no project", folder.display()))?;
    let changes = Changes {
        projects: vec![found.clone()],
        ..Changes::at(house.clock.now())
    };
    let by = Author::Person("project model".to_owned());
    house.store.apply(&changes, &by).await?;
    Ok(found)
}

async fn keep(house: &House, project: &Project) -> Result<()> {
    let kept = house
        .store
        .keep_from_models(&project.id, house.clock.now())
        .await?;
    let Some(kept) = kept else {
        bail!("no model reads {} already", project.name);
    };
    let withdrawn = withdraw(house, &kept.awaited)?;
    if house.out.is_json() {
        return house.out.value(&json!({
            "project": project, "model": "none", "run": kept.run, "withdrawn": withdrawn,
        }));
    }
    house.out.line(format!(
        "no model reads {} from now on, with every worktree and clone of it; the rules do. `dormouse undo {}` takes it back",
        project.name, kept.run
    ))?;
    if withdrawn > 0 {
        out::say(format!(
            "{withdrawn} requests and replies removed from the mailbox"
        ));
    }
    out::say(beyond(house));
    Ok(())
}

/// Says what no setting can call back.
fn beyond(house: &House) -> String {
    let llm = &house.config.llm;
    let with = match (llm.provider, llm.batch) {
        (Provider::Mailbox, Provider::None) => "what was taken out of the mailbox",
        (Provider::Mailbox, _) => "what was handed in with a batch",
        _ => "what was sent",
    };
    format!("{with} before cannot be called back, and memories that came of it stay")
}

/// Takes out of the mailbox what jobs of the project waited for, with what was replied since.
fn withdraw(house: &House, awaited: &[String]) -> Result<u64> {
    let names: Vec<&str> = awaited.iter().filter_map(|on| mailbox_name(on)).collect();
    if names.is_empty() {
        return Ok(0);
    }
    let folder = model::mailbox_folder(&house.config.llm, &house.home);
    let purged = mailbox::purge(&folder, &|text| names.contains(&text));
    let purged = purged.with_context(|| format!("the mailbox {}", folder.display()))?;
    Ok(purged.requests + purged.replies)
}

/// Returns the request that a job's wait names, if it waits for a mailbox.
pub(crate) fn mailbox_name(on: &str) -> Option<&str> {
    on.strip_prefix("the reply ")?
        .strip_suffix(" in the mailbox")
}

async fn let_read(house: &House, project: &Project) -> Result<()> {
    let run = house
        .store
        .let_models_read(&project.id, house.clock.now())
        .await?;
    let Some(run) = run else {
        bail!("the chosen model may read {} already", project.name);
    };
    if house.out.is_json() {
        return house
            .out
            .value(&json!({ "project": project, "model": "chosen", "run": run }));
    }
    house.out.line(format!(
        "the chosen model reads what {} brings from now on; what the rules have read stays as it is",
        project.name
    ))
}
