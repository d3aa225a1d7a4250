//! How well grounding tells what was said from what was not: on labelled lessons and on sentences.
//!
//! Lessons are the labels' own words with quotes of their lines, so that nothing here speaks of a
//! model. Sentences are quoted and claimed as they stand in recorded transcripts.

mod copies;
mod negation;
mod sentences;
mod tokens;

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Result;
use domain::{Candidate, Turn};
use extractors::ground::{self, Beyond};
use extractors::{Limits, episodes, replies};
use serde::Serialize;

use crate::gold::{self, Claim, Labelled};
use copies::Copy;

/// So many that were missed are shown for each kind.
const SHOWN: usize = 5;

/// What grounding came to.
#[derive(Clone, Debug, Serialize)]
pub struct GroundFigures {
    /// What these figures are about, and what they are not.
    pub about: &'static str,
    /// On the labelled lessons.
    pub gold: Measured,
    /// On sentences of the transcripts, claimed as they were said.
    pub sentences: Measured,
}

/// What was asked of one set.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Measured {
    /// So many were given as they are.
    pub whole: usize,
    /// Of those, what was rejected all the same, and why.
    pub rejected: Vec<Rejected>,
    /// The share of the whole ones that were rejected, in per cent.
    pub rejected_percent: f64,
    /// So many corrupted copies were given.
    pub copies: usize,
    /// The share of them that was caught, in per cent.
    pub caught_percent: f64,
    /// The same for each kind of corruption.
    pub kinds: BTreeMap<String, Caught>,
}

/// What was rejected though it is as it should be.
#[derive(Clone, Debug, Serialize)]
pub struct Rejected {
    /// The label, or the sentence.
    pub what: String,
    /// The reason that was given.
    pub why: String,
}

/// What was caught of one kind.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Caught {
    /// So many copies.
    pub copies: usize,
    /// Of them, caught.
    pub caught: usize,
    /// Their share, in per cent.
    pub percent: f64,
    /// Some that were missed.
    pub missed: Vec<String>,
}

/// Measures grounding on a folder with `gold/` and `corpus/`.
pub fn ground(folder: &Path) -> Result<GroundFigures> {
    let sessions = gold::labelled(folder)?;
    let mut on_gold = Measured::default();
    for (index, session) in sessions.iter().enumerate() {
        // A sentence about another session was not said in this one.
        let strange = &sessions[(index + 1) % sessions.len()].claims;
        on_gold.labelled(session, strange);
    }
    let mut on_sentences = Measured::default();
    sentences::measure(folder, &mut on_sentences)?;
    Ok(GroundFigures {
        about: "replies made from labels and sentences as they were said: they test our own checks, \
            and say nothing about any model",
        gold: on_gold.summed(),
        sentences: on_sentences.summed(),
    })
}

impl Measured {
    fn labelled(&mut self, session: &Labelled, strange: &[Claim]) {
        // Names may stand anywhere in the session: the worker looks there too.
        let beyond = Beyond {
            turns: &session.turns,
            known: &[],
        };
        for (index, (claim, candidate, turns)) in told(session).into_iter().enumerate() {
            let turns = &turns;
            let strange = &strange[index % strange.len()].what;
            self.take(claim, &candidate, (turns, beyond), || {
                let mut copies = copies::of_the_lesson(&candidate, &session.turns);
                copies.push(copies::of_another_matter(&candidate, strange));
                copies.extend(copies::of_the_quotes(&candidate, turns, strange));
                copies.extend(copies::from_injected(&candidate, turns));
                copies
            });
        }
    }

    /// Checks a candidate as it is and, if it holds, its corrupted copies.
    fn take(
        &mut self,
        name: &str,
        whole: &Candidate,
        (turns, beyond): (&[Turn], Beyond<'_>),
        copies: impl FnOnce() -> Vec<Copy>,
    ) {
        self.whole += 1;
        if let Err(doubt) = ground::check_with(whole, turns, beyond) {
            self.rejected.push(Rejected {
                what: name.to_owned(),
                why: doubt.to_string(),
            });
            return;
        }
        for copy in copies() {
            let caught = ground::check_with(&copy.candidate, turns, beyond).is_err();
            let kind = self.kinds.entry(copy.kind).or_default();
            kind.copies += 1;
            kind.caught += usize::from(caught);
            if !caught && kind.missed.len() < SHOWN {
                kind.missed.push(format!("{name}: {}", copy.shown));
            }
        }
    }

    fn summed(mut self) -> Self {
        let mut caught = 0;
        for kind in self.kinds.values_mut() {
            kind.percent = percent(kind.caught, kind.copies);
            self.copies += kind.copies;
            caught += kind.caught;
        }
        self.caught_percent = percent(caught, self.copies);
        self.rejected_percent = percent(self.rejected.len(), self.whole);
        self
    }
}

pub(crate) fn percent(part: usize, of: usize) -> f64 {
    match of {
        0 => 0.0,
        _ => (part as f64 * 1e4 / of as f64).round() / 1e2,
    }
}

/// Returns the session's lessons as they come out of replies made from their labels.
///
/// Each comes with the turns of its episode: more a model does not see, and grounding neither.
fn told(session: &Labelled) -> Vec<(&str, Candidate, Vec<Turn>)> {
    let turns: Vec<&Turn> = session.turns.iter().collect();
    let episodes = episodes::cut(&turns, |_| None, &Limits::default());
    let kept = session
        .claims
        .iter()
        .filter(|claim| claim.against.is_none());
    let (plans, _) = gold::plan(kept, &episodes, &session.turns);
    let mut told = Vec::new();
    for plan in &plans {
        let episode = &episodes[plan.episode];
        let reply = gold::reply(&[plan], episode, &session.turns);
        let harvest = replies::lessons(&reply, episode, &session.turns);
        let lesson = harvest.candidates.into_iter();
        let inside = turns.iter().filter(|turn| episode.turns.contains(&turn.id));
        let inside: Vec<Turn> = inside.map(|turn| (*turn).clone()).collect();
        told.extend(lesson.map(|candidate| (plan.claim.id.as_str(), candidate, inside.clone())));
    }
    told
}
