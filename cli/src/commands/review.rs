//! `review`: shows what waits for a person's yes or no, and takes the answer.
//!
//! Asks for few a day; what is never answered is no longer asked for, and nothing comes of it.

use anyhow::{Result, bail};
use domain::{
    BeliefEvent, Changes, Clock, Link, LinkKind, Reason, Record, Shown, Speaker, Standing, View,
    Weight,
};
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use store::{ListWish, PageEnd};

use super::memories;
use crate::args::{MemoryPrefix, Review};
use crate::house::House;
use crate::out::{self, Ink, harmless};

/// So many are asked for on one day.
const A_DAY: usize = 5;
/// What was not answered for so long is no longer asked for.
const ASKED_FOR: SignedDuration = SignedDuration::from_hours(30 * 24);
/// The runs among which today's answers are counted.
const RUNS: usize = 500;
const PAGE: usize = 200;
/// The standings that wait for a person.
const WAITING: [Standing; 3] = [
    Standing::Proposed,
    Standing::Disputed,
    Standing::Quarantined,
];

/// A memory that waits, with why.
#[derive(Serialize)]
struct Asked<'a> {
    #[serde(flatten)]
    memory: Shown<'a>,
    why: &'a [String],
}

/// Shows what waits, or takes one answer.
pub(super) async fn run(house: &House, words: &Review) -> Result<()> {
    match (&words.id, words.accept, words.reject) {
        (Some(id), true, _) => accept(house, id).await,
        (Some(id), _, true) => reject(house, id).await,
        (Some(id), false, false) => {
            let record = memories::one(house, id).await?;
            show(house, &[record]).await
        }
        (None, ..) => ask(house, words).await,
    }
}

async fn ask(house: &House, words: &Review) -> Result<()> {
    let view = View {
        project: match words.all_projects {
            true => None,
            false => house.here().await?.map(|project| project.id),
        },
        ..View::default()
    };
    let now = house.clock.now();
    let mut waiting = waiting(house, view).await?;
    let all = waiting.len();
    if !words.all {
        waiting.retain(|record| now.duration_since(record.memory.recorded_at) < ASKED_FOR);
        let answered = answered_today(house, now).await?;
        waiting.truncate(A_DAY.saturating_sub(answered));
    }
    let left = all - waiting.len();
    show(house, &waiting).await?;
    if !house.out.is_json() {
        let more = match (left, words.all) {
            (0, _) | (_, true) => String::new(),
            (left, false) => format!("; {left} more with `dormouse review --all`"),
        };
        out::say(match waiting.len() {
            0 => format!("nothing is asked for today{more}"),
            _ => format!("answer with `dormouse review ID --accept` or `--reject`{more}"),
        });
    }
    Ok(())
}

/// Returns everything that waits for a person, what is worth most first.
async fn waiting(house: &House, view: View) -> Result<Vec<Record>> {
    let mut wish = ListWish {
        standings: WAITING.to_vec(),
        ..ListWish::held(view, PAGE)
    };
    let mut waiting = Vec::new();
    loop {
        let page = house.store.list(&wish).await?;
        let Some(end) = PageEnd::of(&page) else { break };
        wish.after = Some(end);
        waiting.extend(page);
    }
    // The list comes newest first, and the sort keeps that among equals.
    waiting.sort_by_key(|record: &Record| {
        let vouched = record
            .evidence
            .iter()
            .any(|quote| quote.said_by == Speaker::User);
        (record.standing, !vouched, -record.belief.support)
    });
    Ok(waiting)
}

async fn answered_today(house: &House, now: Timestamp) -> Result<usize> {
    let zone = house.rules()?.zone;
    let today = now.to_zoned(zone.clone()).date();
    let runs = house.store.runs(RUNS).await?;
    let answers = runs.iter().filter(|run| {
        run.verb == "review"
            && run.undone_by.is_none()
            && run.started_at.to_zoned(zone.clone()).date() == today
    });
    Ok(answers.count())
}

async fn show(house: &House, records: &[Record]) -> Result<()> {
    for record in records {
        let why = reasons(house, record).await?;
        if house.out.is_json() {
            let memory = Shown::from(record);
            house.out.value(&Asked { memory, why: &why })?;
            continue;
        }
        memories::print(house.out, record)?;
        for why in &why {
            let label = house.out.ink(Ink::Warn, "why ");
            house.out.line(format!("  {label} {}", harmless(why)))?;
        }
        memories::print_evidence(house.out, record)?;
    }
    Ok(())
}

/// Returns the links that keep a memory waiting, as they hold now.
async fn holding(house: &House, record: &Record) -> Result<Vec<Link>> {
    let links = house.store.links(&record.memory.id).await?;
    let holds = |link: &Link| {
        link.from == record.memory.id
            && link.ended_at.is_none()
            && matches!(
                link.kind,
                LinkKind::Quarantined | LinkKind::Proposed | LinkKind::DisputedWith
            )
    };
    Ok(links.into_iter().filter(|link| holds(link)).collect())
}

async fn reasons(house: &House, record: &Record) -> Result<Vec<String>> {
    let links = holding(house, record).await?;
    let told = links.into_iter().map(|link| match link.to {
        Some(other) => format!("{} {other}: {}", link.kind.as_str(), link.why),
        None => link.why,
    });
    Ok(told.collect())
}

async fn accept(house: &House, id: &MemoryPrefix) -> Result<()> {
    let (record, links) = asked(house, id).await?;
    let now = house.clock.now();
    let vouched = BeliefEvent {
        memory: record.memory.id.clone(),
        at: now,
        session: None,
        reason: Reason::Validated,
        weight: Weight::of_witness(Speaker::User),
    };
    let changes = Changes {
        links: links.iter().map(|link| link.ended(now)).collect(),
        beliefs: vec![vouched],
        ..answer(&record, now)
    };
    memories::apply(house, &changes, "review").await?;
    memories::tell(house, "accepted", &record.memory.id).await
}

async fn reject(house: &House, id: &MemoryPrefix) -> Result<()> {
    let (record, _) = asked(house, id).await?;
    let now = house.clock.now();
    let hidden = Link {
        from: record.memory.id.clone(),
        to: None,
        kind: LinkKind::Forgotten,
        at: now,
        ended_at: None,
        why: "a person rejected it".to_owned(),
    };
    let changes = Changes {
        links: vec![hidden],
        ..answer(&record, now)
    };
    memories::apply(house, &changes, "review").await?;
    memories::tell(house, "rejected", &record.memory.id).await
}

/// Returns a memory that waits for an answer, with what keeps it waiting.
async fn asked(house: &House, id: &MemoryPrefix) -> Result<(Record, Vec<Link>)> {
    let record = memories::one(house, id).await?;
    let links = holding(house, &record).await?;
    if !WAITING.contains(&record.standing) {
        bail!(
            "{} waits for no answer, it is {}; `dormouse review` lists what does",
            record.memory.id,
            record.standing
        );
    }
    Ok((record, links))
}

fn answer(record: &Record, now: Timestamp) -> Changes {
    Changes {
        read: vec![(record.memory.id.clone(), record.memory.revision)],
        ..Changes::at(now)
    }
}
