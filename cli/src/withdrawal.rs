//! Takes out of the mailbox what belongs to a project or a place that is kept from models by now.
//!
//! Looks at what lies there, not at what was just done: after a crash, a merge or an undo it finds the
//! same. Deletes no reply.

use std::collections::{HashMap, HashSet};

use anyhow::{Context, Result};
use domain::{AskId, EpisodeId, Library};
use llm::mailbox::{self, Lying, Withdrawn};

use crate::house::House;
use crate::{model, out};

/// Withdraws what nobody is to answer, says so, and returns what it was.
pub(crate) async fn run(house: &House) -> Result<Withdrawn> {
    let folder = model::mailbox_folder(&house.config.llm, &house.home);
    let store = &house.store;
    let nothing_is_kept_out =
        store.kept_from_models().await?.is_empty() && store.exclusions().await?.is_empty();
    if nothing_is_kept_out || !folder.is_dir() {
        return Ok(Withdrawn::default());
    }
    let told = || format!("the mailbox {}", folder.display());
    let lying = mailbox::lying(&folder).with_context(told)?;
    let names = shut(house, &lying).await?;
    let withdrawn = mailbox::withdraw(&folder, &names).with_context(told)?;
    if withdrawn.requests > 0 {
        let requests = withdrawn.requests;
        out::say(format!("{requests} requests withdrawn from the mailbox"));
    }
    if withdrawn.replies > 0 {
        let (replies, aside) = (withdrawn.replies, folder.join("withdrawn"));
        out::say(format!(
            "{replies} replies put aside in {}; `dormouse purge` would remove them",
            aside.display()
        ));
    }
    Ok(withdrawn)
}

/// Returns the names of the requests whose episode is shut.
async fn shut(house: &House, lying: &Lying) -> Result<HashSet<String>> {
    let (ports, rules) = (house.ports(None), house.rules()?);
    let mut known: HashMap<EpisodeId, bool> = HashMap::new();
    let mut names = HashSet::new();
    for entry in &lying.entries {
        let Some(episode) = episode(&entry.about, &lying.abouts) else {
            continue;
        };
        let is_shut = match known.get(&episode) {
            Some(is_shut) => *is_shut,
            None => pipeline::is_shut(&ports, &rules, &episode).await?,
        };
        if is_shut {
            names.insert(entry.custom_id.clone());
        }
        known.insert(episode, is_shut);
    }
    Ok(names)
}

/// Returns the episode that a request is about, also where it asks for the rest of a reply.
fn episode(about: &str, abouts: &HashMap<AskId, String>) -> Option<EpisodeId> {
    let about = match about.strip_prefix("rest of ") {
        Some(ask) => abouts.get(&AskId::new(ask))?,
        None => about,
    };
    let id = about.strip_prefix("extract ")?.split(' ').next()?;
    Some(EpisodeId::new(id))
}
