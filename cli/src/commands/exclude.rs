//! `exclude`: keeps a path or a project out for good, or lets it in again.
//!
//! Decides what a person means by a path; what is covered by it, the domain says.

use std::collections::BTreeMap;
use std::path::{Component, Path};

use anyhow::{Result, bail};
use domain::{Clock, Exclusion, Library, ProjectId};
use serde_json::json;

use super::project;
use crate::args::Exclude;
use crate::house::{House, ceiling};
use crate::{out, withdrawal};

/// What a person wants kept out or let in.
struct Wish {
    /// As they call it.
    named: String,
    /// All that must be kept out for it.
    means: Vec<Exclusion>,
    reach: Reach,
}

/// How far it reaches.
enum Reach {
    /// A folder and what is below it.
    Folder,
    /// A folder of the repository with this root.
    PartOf(String),
    /// A repository with all its worktrees.
    Repository,
    /// A project, wherever it lies.
    Project,
}

/// Lists what is kept out, or changes it.
pub(super) async fn run(house: &House, words: &Exclude) -> Result<()> {
    let Some(what) = &words.what else {
        return list(house).await;
    };
    let wish = wish(house, what).await?;
    match words.off {
        true => let_in(house, &wish).await,
        false => keep_out(house, &wish).await,
    }
}

/// Refuses to store anything from a folder that is kept out.
pub(super) async fn refuse_in(house: &House, folder: &Path) -> Result<()> {
    match keeping_out(house, folder).await? {
        None => Ok(()),
        Some(by) => bail!(
            "{} is kept out, so nothing of it is stored; `dormouse exclude --off {}` lets it in again",
            folder.display(),
            word(&by)
        ),
    }
}

/// Returns what keeps a folder out, if anything does.
async fn keeping_out(house: &House, folder: &Path) -> Result<Option<Exclusion>> {
    let lies_in = extractors::project::locate(folder, ceiling().as_deref()).lies_in;
    let project = house.project_at(folder).await?.map(|project| project.id);
    let exclusions = house.store.exclusions().await?;
    let covers = |out: &Exclusion| out.covers(lies_in.iter().map(String::as_str), project.as_ref());
    Ok(exclusions.into_iter().find(covers))
}

async fn keep_out(house: &House, wish: &Wish) -> Result<()> {
    for exclusion in &wish.means {
        house.store.exclude(exclusion, house.clock.now()).await?;
    }
    withdrawal::run(house).await?;
    if house.out.is_json() {
        return house
            .out
            .value(&json!({ "kept_out": wish.named, "exclusions": wish.means }));
    }
    let with = match wish.reach {
        Reach::Folder | Reach::PartOf(_) => "",
        Reach::Repository => ", with every worktree and local clone of this repository",
        Reach::Project => ", with every worktree and clone of it",
    };
    house.out.line(format!(
        "{} is kept out{with}: nothing of it is read or stored from now on",
        wish.named
    ))?;
    if let Reach::PartOf(root) = &wish.reach {
        out::say(format!(
            "only this folder: `dormouse exclude {root}` keeps out the whole repository"
        ));
    }
    out::say("`dormouse purge` removes what was stored before");
    Ok(())
}

async fn let_in(house: &House, wish: &Wish) -> Result<()> {
    let mut let_in = Vec::new();
    for exclusion in &wish.means {
        if house.store.include(exclusion, house.clock.now()).await? {
            let_in.push(exclusion);
        }
    }
    let still = match wish.reach {
        Reach::Project => None,
        _ => keeping_out(house, Path::new(&wish.named)).await?,
    };
    let still = still.as_ref().map(word);
    match (&still, let_in.is_empty()) {
        (Some(by), true) => bail!(
            "{} is kept out by {by}; `dormouse exclude --off {by}` lets all of that in",
            wish.named
        ),
        (None, true) => bail!(
            "{} was not kept out; `dormouse exclude` lists what is",
            wish.named
        ),
        (_, false) => {}
    }
    if house.out.is_json() {
        return house.out.value(&json!({
            "let_in": wish.named, "exclusions": let_in, "still_kept_out_by": still,
        }));
    }
    let then = match still {
        Some(by) => format!("but {by} still keeps it out"),
        None => "`dormouse work` reads what was passed over".to_owned(),
    };
    house
        .out
        .line(format!("{} is let in again; {then}", wish.named))
}

async fn list(house: &House) -> Result<()> {
    let exclusions = house.store.exclusions().await?;
    if exclusions.is_empty() && !house.out.is_json() {
        out::say("nothing is kept out");
    }
    let projects = house.store.projects().await?.into_iter();
    let names: BTreeMap<ProjectId, String> = projects
        .map(|report| (report.project.id, report.project.name))
        .collect();
    for exclusion in &exclusions {
        match (house.out.is_json(), exclusion) {
            (true, _) => house.out.value(exclusion)?,
            (false, Exclusion::Path(path)) => house.out.line(path)?,
            (false, Exclusion::Project(id)) => {
                let name = names.get(id).map_or("", String::as_str);
                house.out.line(format!("project {id} {name}"))?;
            }
        }
    }
    Ok(())
}

/// What looks like a path is one, also when it is not there; else it names a project.
async fn wish(house: &House, what: &str) -> Result<Wish> {
    if what.contains(['/', '\\']) || what.starts_with('.') || Path::new(what).exists() {
        return place(Path::new(what));
    }
    let project = project::named(house, what).await?;
    Ok(Wish {
        named: format!("project {}", project.name),
        means: vec![Exclusion::Project(project.id)],
        reach: Reach::Project,
    })
}

/// A folder is meant as it truly lies and as it was named; the root of a repository means all of it,
/// also the worktrees that lie elsewhere and those that have yet to be made.
fn place(path: &Path) -> Result<Wish> {
    let named = std::path::absolute(path)?;
    let Ok(here) = std::fs::canonicalize(&named) else {
        let named = named.display().to_string();
        return Ok(Wish {
            means: vec![Exclusion::Path(named.clone())],
            named,
            reach: Reach::Folder,
        });
    };
    let mut means = vec![here.clone()];
    let leads_up = named.components().any(|part| part == Component::ParentDir);
    if named != here && !leads_up {
        means.push(named);
    }
    let found = extractors::project::locate(&here, ceiling().as_deref());
    let reach = match found.git {
        Some(git) if found.root == here => {
            means.extend((!git.starts_with(&here)).then_some(git));
            Reach::Repository
        }
        Some(_) => Reach::PartOf(found.root.display().to_string()),
        None => Reach::Folder,
    };
    let means = means.iter().map(|path| path.display().to_string());
    Ok(Wish {
        named: here.display().to_string(),
        means: means.map(Exclusion::Path).collect(),
        reach,
    })
}

/// Returns the word by which an exclusion is named on the command line.
fn word(exclusion: &Exclusion) -> String {
    match exclusion {
        Exclusion::Path(path) => path.clone(),
        Exclusion::Project(project) => project.to_string(),
    }
}
