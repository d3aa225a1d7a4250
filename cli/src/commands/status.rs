//! `status`: what waits, what ran, and what is held.

use std::collections::BTreeMap;

use anyhow::{Result, bail};
use domain::{Clock, JobId};
use serde_json::json;
use store::{JobState, Queued};

use crate::args::Status;
use crate::house::House;
use crate::moment;
use crate::out::{Ink, Out};

/// Prints how things stand; with `--retry`, lets a parked job run again first.
pub(super) async fn run(house: &House, words: &Status) -> Result<()> {
    if let Some(job) = words.retry {
        retry(house, job).await?;
    }
    let status = house.store.status().await?;
    let jobs = house.store.jobs().await?;
    let runs = house.store.runs(words.runs).await?;
    let out = house.out;
    if out.is_json() {
        return out.value(&json!({
            "retried": words.retry, "status": status, "jobs": jobs, "runs": runs,
        }));
    }
    out.line(counts(out, "memories", &status.memories))?;
    out.line(counts(out, "kept", &status.kept))?;
    let size = format!(
        "{:.1} MB in {}",
        status.bytes as f64 / 1e6,
        house.home.root().display()
    );
    out.line(format!("{} {size}", label(out, "size")))?;
    out.line(format!(
        "{} none: nothing is sent anywhere",
        label(out, "model")
    ))?;
    out.line(counts(out, "jobs", &status.jobs))?;
    jobs.iter()
        .try_for_each(|job| out.line(waiting(out, job)))?;
    out.line(label(out, "runs"))?;
    for run in runs {
        let undone = run
            .undone_by
            .map_or(String::new(), |by| format!(", taken back by {by}"));
        let name = out.ink(Ink::Name, format!("{:<6}", run.id.to_string()));
        out.line(format!(
            "  {name} {} {}{undone}",
            moment::show(run.started_at),
            run.verb
        ))?;
    }
    Ok(())
}

async fn retry(house: &House, job: JobId) -> Result<()> {
    match house.store.retry(job, house.clock.now()).await? {
        true if house.out.is_json() => Ok(()),
        true => house.out.line(format!(
            "{job} waits to be tried again; `dormouse work` does it"
        )),
        false => bail!("{job} is not parked"),
    }
}

fn label(out: Out, name: &str) -> String {
    out.ink(Ink::Strong, format!("{name:<9}"))
}

fn counts(out: Out, name: &str, counts: &BTreeMap<String, u64>) -> String {
    let told: Vec<String> = counts
        .iter()
        .filter(|(_, count)| **count > 0)
        .map(|(what, count)| format!("{count} {what}"))
        .collect();
    let told = if told.is_empty() {
        "none".to_owned()
    } else {
        told.join(" · ")
    };
    format!("{} {told}", label(out, name))
}

fn waiting(out: Out, job: &Queued) -> String {
    let state = match &job.state {
        JobState::Waiting { on: Some(on) } => format!("waits for {on}"),
        JobState::Waiting { on: None } => format!("due {}", moment::show(job.due)),
        JobState::Claimed { until } => format!("at work, claimed until {}", moment::show(*until)),
        JobState::Parked => out.ink(
            Ink::Warn,
            format!("waits for you; `dormouse status --retry {}`", job.id),
        ),
    };
    let why = job
        .why
        .as_ref()
        .map_or(String::new(), |why| format!(": {why}"));
    format!(
        "  {} {} {state}{why}",
        out.ink(Ink::Name, job.id.to_string()),
        job.work.kind()
    )
}
