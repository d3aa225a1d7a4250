//! `status`: what waits, what ran, and what is held.

use std::collections::BTreeMap;

use anyhow::{Result, bail};
use domain::{Clock, JobId};
use jiff::Timestamp;
use serde_json::json;
use store::Account;

use super::reread;
use crate::args::Status;
use crate::config::Provider;
use crate::house::House;
use crate::left;
use crate::moment;
use crate::out::{Ink, Out};

/// Prints how things stand; with `--retry`, lets a parked job run again first.
pub(super) async fn run(house: &House, words: &Status) -> Result<()> {
    if let Some(job) = words.retry {
        retry(house, job).await?;
    }
    if words.check {
        house.store.check().await?;
    }
    let status = house.store.status().await?;
    let jobs = house.store.jobs().await?;
    let runs = house.store.runs(words.runs).await?;
    let unread = unread(house).await?;
    let by_rules = reread::left(house).await?;
    let account = house.store.account(Timestamp::UNIX_EPOCH, None).await?;
    let out = house.out;
    if out.is_json() {
        return out.value(&json!({
            "retried": words.retry, "status": status, "jobs": jobs, "runs": runs,
            "model": chosen(house), "kept_from_models": unread, "sent": account,
            "checked": words.check,
            "read_by_rules_alone": by_rules,
        }));
    }
    out.line(counts(out, "memories", &status.memories))?;
    out.line(counts(out, "kept", &status.kept))?;
    let size = format!(
        "{:.1} MB in {}",
        status.bytes as f64 / 1e6,
        house.home.root().display()
    );
    let sound = if words.check { ", no damage found" } else { "" };
    out.line(format!("{} {size}{sound}", label(out, "size")))?;
    out.line(format!("{} {}", label(out, "model"), chosen(house)))?;
    if by_rules > 0 {
        let hint = reread::hint(by_rules);
        out.line(format!("{} {hint}", label(out, "unread")))?;
    }
    if !unread.is_empty() {
        let label = label(out, "no model");
        out.line(format!("{label} reads {}", unread.join(", ")))?;
    }
    for spent in &account {
        out.line(format!("{} {}", label(out, "sent"), sent(house, spent)))?;
    }
    out.line(counts(out, "jobs", &status.jobs))?;
    for group in left::groups(&jobs) {
        let names = out.ink(Ink::Name, group.names());
        out.line(format!("  {} ({names})", group.line()))?;
    }
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

/// Returns the projects that no model reads, by the names that people give them.
async fn unread(house: &House) -> Result<Vec<String>> {
    let projects = house.store.projects().await?.into_iter();
    let unread = projects.filter(|report| report.kept_from_models);
    Ok(unread.map(|report| report.project.name).collect())
}

/// Says who reads, and where the words go.
fn chosen(house: &House) -> String {
    let llm = &house.config.llm;
    match llm.provider {
        Provider::None => "none: nothing is sent anywhere".to_owned(),
        provider => {
            let model = match provider {
                // Neither has a host, and opening a mailbox would make its folder.
                Provider::Mailbox | Provider::Cassette => None,
                _ => house.model(),
            };
            let host = model.and_then(|model| {
                let host = model.host().map(str::to_owned);
                host.map(|host| format!("words go to {host}"))
            });
            let host = host.unwrap_or_else(|| "nothing leaves this machine".to_owned());
            let budget = format!(
                "at most {} tokens a day and {} a session",
                llm.day_tokens, llm.session_tokens
            );
            format!("{} {}: {host}; {budget}", provider.word(), llm.model)
        }
    }
}

/// Says what went to one model of one host.
fn sent(house: &House, spent: &Account) -> String {
    let known = house.config.llm.price_in > 0.0 || house.config.llm.price_out > 0.0;
    let cost = match spent.cost_millionths > 0 || known {
        true => format!(", {:.2} by its prices", spent.cost_millionths as f64 / 1e6),
        false => String::new(),
    };
    format!(
        "to {} ({}): {} calls, {} answered, {} tokens in, {} out, {} counted{cost}; last {}",
        spent.host,
        spent.model,
        spent.calls,
        spent.answered,
        spent.usage.input_tokens,
        spent.usage.output_tokens,
        spent.tokens,
        moment::show(spent.last_at),
    )
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
