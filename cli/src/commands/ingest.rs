//! `ingest`: reads transcripts, files or folders, and learns from them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use domain::{Author, Changes, Clock, Format, Job, Library, NextJob, Queue, Source, SourceId};
use extractors::Sniffed;
use indicatif::ProgressBar;
use pipeline::{Did, Foreseen, Lock, LockError, Tally};
use serde::Serialize;
use store::JobState;
use tracing::info;

use super::reread;
use super::work::{self, Came};
use crate::args::Ingest;
use crate::house::House;
use crate::out;
use crate::progress;

/// What lies at the paths that were named.
#[derive(Debug, Default, Serialize)]
struct Found {
    /// Transcripts that are read, each with its size.
    #[serde(skip)]
    sources: Vec<(Source, u64)>,
    /// Transcripts in formats that are known and not yet read, by format.
    not_yet_read: BTreeMap<String, usize>,
    /// Files that are nothing of ours.
    no_transcripts: Vec<String>,
    /// Transcripts that were purged and have not grown since.
    purged: usize,
    /// Files that could not be looked at, with the reason.
    refused: Vec<String>,
}

/// Takes the transcripts into the queue and works until they are read and learnt from.
pub(super) async fn run(house: &House, words: &Ingest) -> Result<()> {
    let mut found = Found::default();
    for path in &words.paths {
        let path = std::path::absolute(path)?;
        if !path.exists() {
            bail!("{} does not exist", path.display());
        }
        look(&path, &mut found, Named::ByThePerson);
    }
    pass_over_purged(house, &mut found).await?;
    if words.dry_run {
        return preview(house, &found).await;
    }
    if words.estimate {
        return estimate(house, &found).await;
    }
    enqueue(house, &found).await?;
    let came = read(house, &found).await?;
    tell_what_was_left(&found);
    report(house, &found, &came)?;
    let by_rules = reread::left(house).await?;
    if by_rules > 0 {
        out::say(reread::hint(by_rules));
    }
    match found.refused.len() {
        0 => Ok(()),
        refused => bail!("{refused} of the files could not be read"),
    }
}

/// Whether the person named a file, or it was met in a folder.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Named {
    ByThePerson,
    ByTheFolder,
}

fn look(path: &Path, found: &mut Found, named: Named) {
    if path.is_dir() {
        let mut below: Vec<PathBuf> = match std::fs::read_dir(path) {
            Ok(entries) => entries
                .filter_map(|entry| Some(entry.ok()?.path()))
                .collect(),
            Err(error) => return found.refused.push(format!("{}: {error}", path.display())),
        };
        below.sort();
        // A link to a folder could lead round in a circle.
        below.retain(|path| !(path.is_symlink() && path.is_dir()));
        below
            .iter()
            .for_each(|path| look(path, found, Named::ByTheFolder));
        return;
    }
    match extractors::sniff(path) {
        Ok(Sniffed::Known(Format::ClaudeCodeJsonl)) => {
            let size = std::fs::metadata(path).map_or(0, |file| file.len());
            let source = Source::unread(path.display().to_string(), Format::ClaudeCodeJsonl);
            found.sources.push((source, size));
        }
        Ok(Sniffed::NotYet(format)) => {
            *found.not_yet_read.entry(format.to_owned()).or_default() += 1;
        }
        // A session that has only just begun: its hooks will tell when there is more.
        Ok(Sniffed::Empty) => {}
        Ok(Sniffed::Unknown) if named == Named::ByTheFolder => {
            found.no_transcripts.push(path.display().to_string());
        }
        Ok(Sniffed::Unknown) => {
            found
                .refused
                .push(format!("{} is no transcript that is known", path.display()));
        }
        Err(error) => found.refused.push(error.to_string()),
    }
}

/// Nothing of what was purged comes back, so nobody need know the path of what has not grown since.
async fn pass_over_purged(house: &House, found: &mut Found) -> Result<()> {
    let ids: Vec<SourceId> = found
        .sources
        .iter()
        .map(|(own, _)| own.id.clone())
        .collect();
    let purged = house.store.purged_sources(&ids).await?;
    let before = found.sources.len();
    found
        .sources
        .retain(|(source, size)| purged.get(&source.id).is_none_or(|read| size > read));
    found.purged = before - found.sources.len();
    Ok(())
}

async fn preview(house: &House, found: &Found) -> Result<()> {
    let (mut unread, mut files) = (0, 0);
    for (source, size) in &found.sources {
        let known = house.store.source(&source.id).await?;
        let left = size.saturating_sub(known.map_or(0, |known| known.cursor.offset));
        unread += left;
        files += usize::from(left > 0);
    }
    if house.out.is_json() {
        return house.out.value(&serde_json::json!({
            "transcripts": found.sources.len(), "to_read": files, "bytes_to_read": unread,
            "not_yet_read": found.not_yet_read, "no_transcripts": found.no_transcripts,
            "refused": found.refused,
        }));
    }
    house.out.line(format!(
        "{} transcripts, {files} of them with something new: {:.1} MB to read",
        found.sources.len(),
        unread as f64 / 1e6
    ))?;
    tell_what_was_left(found);
    Ok(())
}

/// Says what a model would cost, by filling the prompts and asking nobody.
async fn estimate(house: &House, found: &Found) -> Result<()> {
    let model = house.model();
    let (rules, ports) = (house.rules()?, house.ports(model.as_deref()));
    let bar = progress::bytes(found.sources.iter().map(|(_, size)| size).sum(), "reading");
    let (mut foreseen, mut seen) = (Vec::new(), BTreeSet::new());
    for (source, size) in &found.sources {
        foreseen.push(pipeline::foresee(&ports, &rules, source, &mut seen).await?);
        bar.inc(*size);
    }
    bar.finish_and_clear();
    let all: Foreseen = foreseen.into_iter().sum();
    let price = rules.spending.price;
    let cost = (all.input_tokens * u64::from(price.input)
        + all.output_tokens * u64::from(price.output)) as f64
        / 1e8;
    let days = all.input_tokens.div_ceil(rules.spending.day_tokens.max(1));
    if house.out.is_json() {
        return house.out.value(&serde_json::json!({
            "turns": all.turns, "turns_kept_from_models": all.turns_kept_from_models, "calls": all.calls, "input_tokens": all.input_tokens,
            "output_tokens_at_most": all.output_tokens, "cost_at_most": cost, "days": days,
        }));
    }
    if model.is_none() {
        let turns = all.turns;
        return house.out.line(format!(
            "{turns} new turns; no model is chosen, so nothing is asked and nothing is spent"
        ));
    }
    house.out.line(format!(
        "{} new turns: {} calls, {} tokens in, at most {} out; at the day's budget {days} days",
        all.turns, all.calls, all.input_tokens, all.output_tokens
    ))?;
    if all.turns_kept_from_models > 0 {
        house.out.line(format!(
            "{} of the turns lie in projects that no model reads",
            all.turns_kept_from_models
        ))?;
    }
    match cost > 0.0 {
        true => house.out.line(format!(
            "at most {cost:.2} by llm.price_in and llm.price_out"
        )),
        false => Ok(()),
    }
}

async fn enqueue(house: &House, found: &Found) -> Result<()> {
    let now = house.clock.now();
    let mut changes = Changes::at(now);
    for (source, _) in &found.sources {
        changes.sources.push(source.clone());
        changes.next.push(NextJob {
            job: Job::Ingest {
                source: source.id.clone(),
            },
            due: now,
        });
    }
    if changes.sources.is_empty() {
        return Ok(());
    }
    let by = Author::Person("ingest".to_owned());
    house
        .store
        .apply(&changes, &by)
        .await
        .context("the transcripts cannot be enqueued")?;
    // A job that failed before waits for its hour; a person who asks again does not want to.
    for queued in house.store.jobs().await? {
        let is_wanted = |source: &SourceId| changes.sources.iter().any(|own| own.id == *source);
        if matches!(&queued.work, Job::Ingest { source } if is_wanted(source)) {
            house.store.hurry(queued.id, now).await?;
        }
    }
    Ok(())
}

async fn read(house: &House, found: &Found) -> Result<Came> {
    let ears = work::Ears::open()?;
    let (rules, spool) = (house.rules()?, house.home.spool());
    let model = house.model();
    let ports = house.ports(model.as_deref());
    let Some(lock) = alone(house, &ears.stop).await? else {
        out::say("the other worker has read it; `dormouse status` says what came of it");
        return Came::of(house, Tally::default(), &ears.stop).await;
    };
    work::take_over(house).await?;
    let total = found.sources.iter().map(|(_, size)| size).sum();
    let mut bar = Bar {
        bar: progress::bytes(total, "reading"),
        reached: BTreeMap::new(),
    };
    let tally = pipeline::drain(&ports, &rules, &spool, &ears.stop, &mut |did| {
        bar.bar.suspend(|| work::complain(did));
        bar.follow(did);
    })
    .await?;
    bar.bar.finish_and_clear();
    drop(lock);
    Came::of(house, tally, &ears.stop).await
}

/// Waits until no other worker is at work, or until it has done everything for us: then `None`.
async fn alone(house: &House, stop: &pipeline::Stop) -> Result<Option<Lock>> {
    let mut told = false;
    loop {
        match Lock::take(&house.home.lock()) {
            Ok(lock) => return Ok(Some(lock)),
            Err(LockError::Held(_)) if nothing_waits(house).await? => return Ok(None),
            Err(LockError::Held(holder)) if !*stop.borrow() => {
                if !told {
                    out::say(format!(
                        "waiting for the worker that is at it (process {holder})"
                    ));
                    told = true;
                }
                tokio::time::sleep(Duration::from_millis(200)).await;
            }
            Err(error) => return Err(error.into()),
        }
    }
}

/// Returns whether nobody works and nothing is due: what waits for a person or an hour may wait.
async fn nothing_waits(house: &House) -> Result<bool> {
    let now = house.clock.now();
    let jobs = house.store.jobs().await?;
    Ok(jobs.iter().all(|job| match job.state {
        JobState::Waiting { .. } => job.due > now,
        JobState::Claimed { .. } => false,
        JobState::Parked => true,
    }))
}

/// The bar, and how far each source has been read.
struct Bar {
    bar: ProgressBar,
    reached: BTreeMap<SourceId, u64>,
}

impl Bar {
    fn follow(&mut self, did: &Did) {
        let Did::Finished { changes, .. } = did else {
            return;
        };
        if let Some((source, cursor)) = &changes.cursor {
            self.reached.insert(source.clone(), cursor.offset);
            self.bar.set_position(self.reached.values().sum());
        }
    }
}

/// What a script learns: what came of it, and what was left.
#[derive(Serialize)]
struct Told<'a> {
    #[serde(flatten)]
    came: &'a Came,
    #[serde(flatten)]
    left: &'a Found,
}

fn report(house: &House, found: &Found, came: &Came) -> Result<()> {
    if house.out.is_json() {
        house.out.value(&Told { came, left: found })?;
    }
    work::report(house, came)
}

/// So many names fill a screen and leave the log its room; a folder may hold a million files.
const NAMED_IN_THE_LOG: usize = 200;

fn name_in_the_log(files: &[String]) {
    for file in files.iter().take(NAMED_IN_THE_LOG) {
        info!("{} is no transcript", out::harmless(file));
    }
    if let Some(more) = files.len().checked_sub(NAMED_IN_THE_LOG).filter(|n| *n > 0) {
        info!("{more} more files are no transcripts; `dormouse ingest --json` names all");
    }
}

fn tell_what_was_left(found: &Found) {
    for (format, files) in &found.not_yet_read {
        out::say(format!("{files} files of {format} are not read yet"));
    }
    if found.purged > 0 {
        out::say(format!(
            "{} transcripts were purged and have not grown since: they are not read again",
            found.purged
        ));
    }
    if !found.no_transcripts.is_empty() {
        out::say(format!(
            "{} files are no transcripts; the log names them, and so does --json",
            found.no_transcripts.len()
        ));
        name_in_the_log(&found.no_transcripts);
    }
    for refusal in &found.refused {
        out::say(refusal);
    }
}
