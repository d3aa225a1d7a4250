//! `project model`: says that no model reads a project, or that the chosen one may again.
//!
//! Decides no more than that; whoever asks a model looks it up.

use anyhow::{Context, Result, bail};
use domain::{Author, Changes, Clock, Project, Queue};
use serde_json::json;

use super::project;
use crate::args::Reader;
use crate::config::Provider;
use crate::house::House;
use crate::{out, withdrawal};

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
    // Also where it is so already: who stopped between the two finds the mailbox as it was.
    let withdrawn = withdrawal::run(house).await?;
    let Some(run) = kept else {
        bail!("no model reads {} already", project.name);
    };
    if house.out.is_json() {
        return house.out.value(&json!({
            "project": project, "model": "none", "run": run,
            "withdrawn": withdrawn.requests + withdrawn.replies,
        }));
    }
    house.out.line(format!(
        "no model reads {} from now on, with every worktree and clone of it; the rules do. `dormouse undo {}` takes it back",
        project.name, run
    ))?;
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
