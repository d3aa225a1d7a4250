//! Carries the mailbox to a Batch API and its replies back, where a person chose that.
//!
//! The tokens of every request are set aside before it is handed in; the reply settles them when a job
//! takes it.

use std::collections::BTreeSet;

use anyhow::{Context, Result};
use domain::{Call, CallEnd, CallId, Clock, Desk, Job, Reserved};
use llm::batch::{Batches, Limits};
use llm::mailbox::{Entry, Mailbox};
use pipeline::Rules;
use store::JobState;

use crate::commands::readers;
use crate::config::Provider;
use crate::house::House;
use crate::{model, out};

/// Opens the Batch API that carries the mailbox, if one does.
pub(crate) fn open(house: &House) -> Result<Option<Batches>> {
    let llm = &house.config.llm;
    if llm.provider != Provider::Mailbox || llm.batch == Provider::None {
        return Ok(None);
    }
    let mailbox: Mailbox = model::mailbox(llm, &house.home, house.clock)?;
    let provider = model::provider(llm.batch, llm)
        .with_context(|| format!("llm.batch is {}, which takes no batches", llm.batch.word()))?;
    let settings = model::settings(llm, provider)?;
    let around = model::surroundings(house.clock);
    Ok(Some(Batches::open(
        &mailbox,
        &settings,
        around,
        Limits::default(),
    )?))
}

/// Fetches what has been answered since.
pub(crate) async fn collect(batches: &Batches) {
    match batches.collect().await {
        Ok(collected) => {
            collected.complaints.iter().for_each(out::say);
            if collected.running > 0 {
                let running = collected.running;
                out::say(format!("{running} requests are with {}", batches.host()));
            }
        }
        Err(error) => out::say(format!("{:#}", anyhow::Error::from(error))),
    }
}

/// Hands in what waits, as far as the budget reaches.
pub(crate) async fn hand_in(house: &House, rules: &Rules, batches: &Batches) -> Result<()> {
    let mut calls: Vec<(CallId, String)> = Vec::new();
    let awaited = awaited(house, rules).await?;
    let waiting = batches.waiting()?.into_iter();
    for entry in waiting.filter(|entry| awaited.contains(&entry.custom_id)) {
        match reserve(house, rules, batches, &entry).await? {
            Reserved::Yes(call) => calls.push((call, entry.custom_id)),
            Reserved::SessionFull => {}
            Reserved::DayFull => break,
        }
    }
    if calls.is_empty() {
        return Ok(());
    }
    let names: Vec<String> = calls.iter().map(|(_, name)| name.clone()).collect();
    let submitted = batches.submit(&names).await;
    let taken = match &submitted {
        Ok(submitted) => submitted.requests.as_slice(),
        // Whether anything was taken is looked up before the next try; until then it stays set aside.
        Err(_) => names.as_slice(),
    };
    for (call, name) in &calls {
        if !taken.contains(name) {
            let end = CallEnd::Unsent("not handed in".to_owned());
            house.store.settle(*call, &end).await?;
        }
    }
    match submitted {
        Ok(submitted) => out::say(format!(
            "{} requests handed in to {}",
            submitted.requests.len(),
            batches.host()
        )),
        Err(error) => out::say(format!("{:#}", anyhow::Error::from(error))),
    }
    Ok(())
}

/// Returns the requests for whose replies a job waits that a model may do: nothing else is handed in.
async fn awaited(house: &House, rules: &Rules) -> Result<BTreeSet<String>> {
    let ports = house.ports(None);
    let mut awaited = BTreeSet::new();
    for job in house.store.jobs().await? {
        let (Job::Extract { episode, .. }, JobState::Waiting { on: Some(on) }) =
            (&job.work, &job.state)
        else {
            continue;
        };
        if let Some(name) = readers::mailbox_name(on)
            && !pipeline::is_shut(&ports, rules, episode).await?
        {
            awaited.insert(name.to_owned());
        }
    }
    Ok(awaited)
}

async fn reserve(
    house: &House,
    rules: &Rules,
    batches: &Batches,
    entry: &Entry,
) -> Result<Reserved> {
    let now = house.clock.now();
    let call = Call {
        ask: entry.ask.clone(),
        run: None,
        session: entry.session.clone(),
        host: batches.host().to_owned(),
        model: entry.model.clone(),
        at: now,
        tokens: entry.tokens,
        price: rules.spending.price,
    };
    let budget = rules.spending.budget(now, &rules.zone);
    Ok(house.store.reserve(&call, &budget).await?)
}
