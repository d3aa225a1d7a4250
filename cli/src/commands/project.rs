//! `project`: lists projects, gives them names, says who reads them, and joins two that are one.

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use domain::{Alias, AliasKind, Clock};
use serde_json::json;
use store::ProjectReport;

use super::readers;
use crate::args;
use crate::house::House;
use crate::out::{self, Ink};
use crate::withdrawal;

/// Lists, merges or names.
pub(super) async fn run(house: &House, words: &args::Project) -> Result<()> {
    match words {
        args::Project::List => list(house).await,
        args::Project::Merge { from, into } => merge(house, from, into).await,
        args::Project::Model { project, reader } => readers::run(house, project, *reader).await,
        args::Project::Alias { project, path } => {
            let project = named(house, project).await?;
            let value = std::path::absolute(path)?.display().to_string();
            let alias = Alias {
                kind: AliasKind::Path,
                value,
            };
            if !house.store.alias(&project.id, &alias).await? {
                bail!(
                    "{} leads to a project already; `dormouse project list`",
                    alias.value
                );
            }
            if house.out.is_json() {
                return house
                    .out
                    .value(&json!({ "project": project, "alias": alias }));
            }
            house
                .out
                .line(format!("{} is {} from now on", alias.value, project.name))
        }
    }
}

/// Returns the project that goes by an id or a name.
pub(super) async fn named(house: &House, word: &str) -> Result<domain::Project> {
    let projects = house
        .store
        .projects()
        .await?
        .into_iter()
        .map(|report| report.project);
    let fits = |project: &domain::Project| {
        project.id.as_str() == word
            || project.name == word
            || project.aliases.iter().any(|alias| alias.value == word)
    };
    let found: Vec<domain::Project> = projects.filter(fits).collect();
    match found.as_slice() {
        [one] => Ok(one.clone()),
        [] => bail!("no project goes by {word}; `dormouse project list` shows them"),
        several => {
            let ids: Vec<&str> = several.iter().map(|project| project.id.as_str()).collect();
            bail!(
                "several projects go by {word}: name one of {}",
                ids.join(", ")
            )
        }
    }
}

/// Returns the folder that a word means, if it means one rather than a name.
pub(super) fn folder(word: &str) -> Option<PathBuf> {
    let path = Path::new(word);
    let means = path.is_absolute() || word.starts_with('.') || path.exists();
    means.then(|| path.to_owned())
}

async fn list(house: &House) -> Result<()> {
    let projects = house.store.projects().await?;
    if projects.is_empty() && !house.out.is_json() {
        out::say("no projects yet; `dormouse ingest` meets them");
    }
    projects
        .iter()
        .try_for_each(|report| match house.out.is_json() {
            true => house.out.value(report),
            false => print(house, report),
        })
}

fn print(house: &House, report: &ProjectReport) -> Result<()> {
    let out = house.out;
    let project = &report.project;
    let id = out.ink(Ink::Name, project.id.as_str());
    let name = out.ink(Ink::Strong, &project.name);
    out.line(format!(
        "{id} {name}: {} memories, {} sessions{}",
        report.memories,
        report.sessions,
        match report.kept_from_models {
            true => "; no model reads it",
            false => "",
        }
    ))?;
    for alias in &project.aliases {
        let alias = format!("  {:<8} {}", alias.kind.as_str(), alias.value);
        out.line(out.ink(Ink::Faint, alias))?;
    }
    Ok(())
}

async fn merge(house: &House, from: &str, into: &str) -> Result<()> {
    let (from, into) = (named(house, from).await?, named(house, into).await?);
    if from.id == into.id {
        bail!("{} is one project already", from.name);
    }
    let run = house
        .store
        .merge_projects(&from.id, &into.id, house.clock.now())
        .await?;
    withdrawal::run(house).await?;
    if house.out.is_json() {
        return house
            .out
            .value(&json!({ "run": run, "from": from, "into": into }));
    }
    house.out.line(format!(
        "{} is {} from now on; `dormouse undo {run}` parts them again",
        from.name, into.name
    ))
}
