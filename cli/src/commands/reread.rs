//! `reread`: lets the chosen model read what only the rules have read so far.
//!
//! Buys nothing twice: what a model has read with today's prompt is left alone.

use std::collections::{BTreeSet, HashSet};

use anyhow::{Result, bail};
use domain::{Changes, Clock, EpisodeId, Job, NextJob, ProjectId};
use jiff::Timestamp;
use pipeline::{Did, Foreseen, Rules, Unread};
use serde_json::json;

use super::{memories, work};
use crate::args::{Reread, Work};
use crate::config::Provider;
use crate::house::House;
use crate::{model, out, progress};

/// So many are looked at for a hint before it is left out.
const LOOKS: usize = 50;

/// Queues the episodes and works until they are read, or says what that would cost.
pub(super) async fn run(house: &House, words: &Reread) -> Result<()> {
    let rules = house.rules()?;
    let Some(model) = house.model() else {
        out::say(
            "no model is chosen, so there is nobody to read: see llm.provider in `dormouse config`",
        );
        return match words.estimate {
            true => estimate(house, &rules, &[]),
            false => bail!("nothing is read again"),
        };
    };
    let project = match words.all_projects {
        true => None,
        false => house.here().await?.map(|project| project.id),
    };
    let ports = house.ports(Some(model.as_ref()));
    let ids = candidates(house, words.since, project.as_ref()).await?;
    let bar = progress::count(ids.len() as u64, "looking");
    let mut found: Vec<Unread> = Vec::new();
    for id in &ids {
        found.extend(pipeline::unread(&ports, &rules, id).await?);
        bar.inc(1);
    }
    bar.finish_and_clear();
    if words.estimate {
        return estimate(house, &rules, &found);
    }
    queue(house, &found).await?;
    out::say(match found.len() {
        0 => "a model has read everything that it may read".to_owned(),
        episodes => format!("{episodes} episodes are to be read by {}", model.name()),
    });
    read(house, &found).await
}

/// Works until they are read, or wait for something.
async fn read(house: &House, found: &[Unread]) -> Result<()> {
    let wanted: HashSet<&Job> = found.iter().map(|unread| &unread.job).collect();
    let bar = progress::count(found.len() as u64, "reading");
    let mut follow = |did: &Did| {
        bar.suspend(|| work::complain(did));
        let (Did::Finished { job, .. } | Did::Waits { job, .. } | Did::Failed { job, .. }) = did
        else {
            return;
        };
        if wanted.contains(job) {
            bar.inc(1);
        }
    };
    let done = work::run_telling(house, &Work { watch: false }, &mut follow).await;
    bar.finish_and_clear();
    done
}

/// Returns the episodes that no model has read and for which no job is there.
async fn candidates(
    house: &House,
    since: Option<Timestamp>,
    project: Option<&ProjectId>,
) -> Result<Vec<EpisodeId>> {
    let prompt = pipeline::prompt_of_today();
    let mut ids = house.store.unread(&prompt, since, project).await?;
    let jobs = house.store.jobs().await?;
    let queued: BTreeSet<&EpisodeId> = jobs
        .iter()
        .filter(|job| matches!(job.work, Job::Extract { .. }))
        .filter_map(|job| job.work.episode())
        .collect();
    ids.retain(|id| !queued.contains(id));
    Ok(ids)
}

fn estimate(house: &House, rules: &Rules, found: &[Unread]) -> Result<()> {
    let all: Foreseen = found.iter().map(|unread| unread.foreseen).sum();
    let (price, spending) = (rules.spending.price, &rules.spending);
    let cost = (all.input_tokens * u64::from(price.input)
        + all.output_tokens * u64::from(price.output)) as f64
        / 1e8;
    let days = all.input_tokens.div_ceil(spending.day_tokens.max(1));
    if house.out.is_json() {
        return house.out.value(&json!({
            "episodes": found.len(), "turns": all.turns, "calls": all.calls,
            "input_tokens": all.input_tokens, "output_tokens_at_most": all.output_tokens,
            "cost_at_most": cost, "days": days,
        }));
    }
    house.out.line(format!(
        "{} episodes that no model has read: {} calls, {} tokens in, at most {} out; at the day's \
         budget {days} days",
        found.len(),
        all.calls,
        all.input_tokens,
        all.output_tokens
    ))?;
    match cost > 0.0 {
        true => house.out.line(format!(
            "at most {cost:.2} by llm.price_in and llm.price_out"
        )),
        false => Ok(()),
    }
}

async fn queue(house: &House, found: &[Unread]) -> Result<()> {
    let now = house.clock.now();
    let next = found.iter().map(|unread| NextJob {
        job: unread.job.clone(),
        due: now,
    });
    let changes = Changes {
        next: next.collect(),
        ..Changes::at(now)
    };
    if !changes.next.is_empty() {
        memories::apply(house, &changes, "reread").await?;
    }
    Ok(())
}

/// Returns how many episodes the chosen model might read that only the rules have read.
pub(super) async fn left(house: &House) -> Result<usize> {
    let llm = &house.config.llm;
    // Opening a mailbox makes its folder, and whoever asks how things stand wants nothing made.
    if llm.provider == Provider::Mailbox && !model::mailbox_folder(llm, &house.home).exists() {
        return Ok(0);
    }
    // What keeps a model closed is told by whoever wants to ask it.
    let opened = model::open(&house.config.llm, &house.home, house.clock);
    let Some(model) = opened.ok().flatten() else {
        return Ok(0);
    };
    let ids = candidates(house, None, None).await?;
    let (rules, ports) = (house.rules()?, house.ports(Some(model.as_ref())));
    for id in ids.iter().rev().take(LOOKS) {
        if pipeline::unread(&ports, &rules, id).await?.is_some() {
            return Ok(ids.len());
        }
    }
    Ok(0)
}

/// Says, to whoever has chosen a model since, what it has not read.
pub(super) fn hint(episodes: usize) -> String {
    format!(
        "up to {episodes} episodes were read by the rules alone; `dormouse reread --estimate` says what a \
         model would cost"
    )
}
