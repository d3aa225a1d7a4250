//! Whether labelled lessons survive the whole way, from a reply to a memory that is found again.
//!
//! The replies are made from the labels, so that this tests our own pipeline. It says nothing about
//! any model. What must not be kept is sent the same way, and reported, stopped or not.

mod house;
mod overhead;

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use anyhow::Result;
use domain::{Episode, Record, Standing, View};
use serde::Serialize;

use crate::gold::{self, Claim, Labelled};
use crate::ground::{Rejected, percent};
use crate::scratch::Scratch;
use house::{Labels, Worked, work};

pub use overhead::Overhead;

/// A lesson counts as found when it is among so many.
const FOUND_AMONG: usize = 10;

/// What the whole way came to.
#[derive(Clone, Debug, Serialize)]
pub struct ExtractFigures {
    /// What these figures are about, and what they are not.
    pub about: &'static str,
    /// Lessons that are to be kept.
    pub to_keep: Kept,
    /// Claims that must not be kept as true, sent the same way.
    pub not_to_keep: Stopped,
    /// What everything around the model takes.
    pub overhead: Overhead,
}

/// What became of the lessons that are to be kept.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Kept {
    /// So many were told.
    pub told: usize,
    /// Stored, held, and found again by their own words.
    pub survived: usize,
    /// Of them, told without a sentence whose figures stand in another episode.
    pub in_part: usize,
    /// Their share, in per cent.
    pub survived_percent: f64,
    /// Found by the words of their `when` alone.
    pub found_by_when: usize,
    /// What did not survive, and why.
    pub fallen: Vec<Rejected>,
}

/// What became of the claims that must not be kept.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Stopped {
    /// So many there are.
    pub told: usize,
    /// So many are held by nobody.
    pub stopped: usize,
    /// By what.
    pub by: BTreeMap<&'static str, usize>,
    /// Each claim, and what became of it.
    pub each: Vec<Rejected>,
}

/// Sends labelled lessons the whole way, on a folder with `gold/` and `corpus/`.
pub async fn extract(folder: &Path) -> Result<ExtractFigures> {
    let (mut kept, mut stopped) = (Kept::default(), Stopped::default());
    for session in gold::labelled(folder)? {
        kept.take(&session).await?;
        stopped.take(&session).await?;
    }
    kept.survived_percent = percent(kept.survived, kept.told);
    Ok(ExtractFigures {
        about: "replies made from labels: they test the pipeline behind a model, and say nothing \
            about any model",
        to_keep: kept,
        not_to_keep: stopped,
        overhead: overhead::measure(folder).await?,
    })
}

impl Kept {
    async fn take(&mut self, session: &Labelled) -> Result<()> {
        let scratch = Scratch::new("eval-kept")?;
        let claims = session
            .claims
            .iter()
            .filter(|claim| claim.against.is_none());
        let sent = Sent::send(session, claims.collect(), &scratch).await?;
        for claim in &sent.claims {
            self.told += 1;
            let survived = match sent.became(claim).await? {
                Fate::Held(record) => {
                    self.found_by_when += usize::from(sent.finds(&record, &claim.when).await?);
                    sent.finds(&record, &claim.what).await?
                }
                Fate::Quarantined(why) | Fate::Gone(why) => {
                    self.fall(claim, &sent.worked.episodes, &why);
                    continue;
                }
            };
            match survived {
                true => {
                    self.survived += 1;
                    self.in_part += usize::from(sent.told(claim) != claim.what.trim());
                }
                false => self.fall(
                    claim,
                    &sent.worked.episodes,
                    "stored, and not found by its own words",
                ),
            }
        }
        Ok(())
    }

    fn fall(&mut self, claim: &Claim, episodes: &[Episode], why: &str) {
        let of = gold::tellers(claim, episodes);
        self.fallen.push(Rejected {
            what: claim.id.clone(),
            why: format!("{why} (its lines lie in episodes: {of})"),
        });
    }
}

impl Stopped {
    async fn take(&mut self, session: &Labelled) -> Result<()> {
        let scratch = Scratch::new("eval-stopped")?;
        let claims = session
            .claims
            .iter()
            .filter(|claim| claim.against.is_some());
        let sent = Sent::send(session, claims.collect(), &scratch).await?;
        for claim in &sent.claims {
            self.told += 1;
            let (by, why) = match sent.became(claim).await? {
                Fate::Held(_) => ("held: not stopped", "held".to_owned()),
                Fate::Quarantined(why) => ("quarantine", why),
                Fate::Gone(why) => ("nothing to quote or not read", why),
            };
            self.stopped += usize::from(!by.starts_with("held"));
            *self.by.entry(by).or_default() += 1;
            let against = claim.against.as_deref().unwrap_or_default();
            self.each.push(Rejected {
                what: format!("{} ({against})", claim.id),
                why,
            });
        }
        Ok(())
    }
}

/// Claims that were sent through the pipeline.
struct Sent<'a> {
    claims: Vec<&'a Claim>,
    untold: Vec<&'a str>,
    /// What was told of each claim, by its name.
    told: HashMap<&'a str, String>,
    worked: Worked,
    held: HashMap<String, Record>,
}

/// What became of a claim.
enum Fate {
    Held(Box<Record>),
    Quarantined(String),
    Gone(String),
}

impl<'a> Sent<'a> {
    /// Cuts the session as the worker does, writes the replies, and works it through a new store.
    async fn send(
        session: &'a Labelled,
        claims: Vec<&'a Claim>,
        scratch: &Scratch,
    ) -> Result<Self> {
        let home = scratch.path().join("dry");
        std::fs::create_dir(&home)?;
        let dry = work(&home, &session.path, Labels::of([])).await?;
        let (plans, untold) = gold::plan(claims.iter().copied(), &dry.episodes, &session.turns);
        let replies = dry.episodes.iter().enumerate().map(|(at, episode)| {
            let of = plans
                .iter()
                .filter(|plan| plan.episode == at)
                .collect::<Vec<_>>();
            (
                episode.id.clone(),
                gold::reply(&of, episode, &session.turns),
            )
        });
        let home = scratch.path().join("home");
        std::fs::create_dir(&home)?;
        let worked = work(&home, &session.path, Labels::of(replies)).await?;
        let records = worked.memories().await?.into_iter();
        let held = records.map(|record| (record.memory.lesson.what.clone(), record));
        let told = plans.iter();
        let told = told.map(|plan| (plan.claim.id.as_str(), plan.what.trim().to_owned()));
        Ok(Self {
            told: told.collect(),
            claims,
            untold: untold.into_iter().map(|claim| claim.id.as_str()).collect(),
            held: held.collect(),
            worked,
        })
    }

    fn told<'t>(&'t self, claim: &'t Claim) -> &'t str {
        let told = self.told.get(claim.id.as_str());
        told.map_or(claim.what.trim(), String::as_str)
    }

    async fn became(&self, claim: &Claim) -> Result<Fate> {
        if self.untold.contains(&claim.id.as_str()) {
            let why = match claim.quotes.is_empty() {
                true => "none of its lines is a turn of anybody",
                false => "every episode that tells of it is full",
            };
            return Ok(Fate::Gone(why.to_owned()));
        }
        let Some(record) = self.held.get(self.told(claim)) else {
            return Ok(Fate::Gone(format!("not stored; {:?}", self.worked.notes)));
        };
        if record.standing == Standing::Active {
            return Ok(Fate::Held(Box::new(record.clone())));
        }
        let links = self.worked.store.links(&record.memory.id).await?;
        let why = links.first().map(|link| link.why.clone());
        Ok(Fate::Quarantined(why.unwrap_or_default()))
    }

    /// Says whether a question leads to a memory.
    async fn finds(&self, record: &Record, question: &str) -> Result<bool> {
        let view = View {
            project: record.memory.project.clone(),
            ..View::default()
        };
        let hits = recall::search(&self.worked.store, &view, question, FOUND_AMONG).await?;
        let same = |hit: &recall::Hit<Record>| hit.found.memory.id == record.memory.id;
        Ok(hits.iter().any(same))
    }
}
