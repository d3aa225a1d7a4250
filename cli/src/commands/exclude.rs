//! `exclude`: keeps a path or a project out for good.

use std::path::Path;

use anyhow::{Result, bail};
use domain::{Clock, Exclusion, Library};

use super::project;
use crate::args::Exclude;
use crate::house::House;
use crate::out;

/// Lists what is kept out, or changes it.
pub(super) async fn run(house: &House, words: &Exclude) -> Result<()> {
    let Some(what) = &words.what else {
        return list(house).await;
    };
    let exclusion = named(house, what).await?;
    if words.off {
        if !house.store.include(&exclusion, house.clock.now()).await? {
            bail!(
                "{} was not kept out; `dormouse exclude` lists what is",
                shown(&exclusion)
            );
        }
        let then = "`dormouse work` reads what was passed over";
        return house
            .out
            .line(format!("{} is let in again; {then}", shown(&exclusion)));
    }
    house.store.exclude(&exclusion, house.clock.now()).await?;
    house.out.line(format!(
        "{} is kept out: nothing of it is read from now on; `dormouse purge` removes what was, \
         and excluding a project by its name covers its worktrees and clones too",
        shown(&exclusion)
    ))
}

async fn list(house: &House) -> Result<()> {
    let exclusions = house.store.exclusions().await?;
    if exclusions.is_empty() && !house.out.is_json() {
        out::say("nothing is kept out");
    }
    for exclusion in &exclusions {
        match house.out.is_json() {
            true => house.out.value(exclusion)?,
            false => house.out.line(shown(exclusion))?,
        }
    }
    Ok(())
}

/// What looks like a path is one, also when it is not there; else it names a project.
async fn named(house: &House, what: &str) -> Result<Exclusion> {
    if what.contains(['/', '\\']) || what.starts_with('.') || Path::new(what).exists() {
        let path = std::path::absolute(what)?;
        return Ok(Exclusion::Path(path.display().to_string()));
    }
    Ok(Exclusion::Project(project::named(house, what).await?.id))
}

fn shown(exclusion: &Exclusion) -> String {
    match exclusion {
        Exclusion::Path(path) => path.clone(),
        Exclusion::Project(project) => format!("project {project}"),
    }
}
