//! Looks for lessons in one episode, checks each against its source, and tells new from known.
//!
//! A model reads it where a person chose one; else the rules extractor speaks. For the user's own words
//! it speaks in either case, in a job of its own that waits for nobody. What either brings is checked
//! alike.

pub(crate) mod model;
mod names;
mod reach;
mod taught;

use std::path::Path;

use domain::{
    Candidate, Changes, Claimed, Episode, EpisodeId, Evidence, Lesson, Record, Scope, Speaker,
    Turn, View,
};
use extractors::{project, trust};

use crate::places::Places;
use crate::{Ports, Rules, StepError};
use reach::reach;
use taught::Taught;

/// So many of the nearest memories are looked at for a rule of the user's that a lesson would break.
const RIVALS: usize = 10;

/// What was heard in an episode, before anything of it is checked.
#[derive(Debug, Default)]
struct Heard {
    candidates: Vec<Candidate>,
    /// Known memories that the episode bears out again.
    supports: Vec<(Record, Vec<Evidence>)>,
    /// What a person should hear of it.
    notes: Vec<String>,
}

impl Heard {
    /// Leaves out what rests on the context alone: the episode that it comes from was listened to.
    fn new_in(mut self, episode: &Episode) -> Self {
        let context = episode.context();
        let is_new = |quote: &Evidence| !context.contains(&quote.turn);
        self.candidates
            .retain(|candidate| candidate.evidence.iter().any(is_new));
        for (_, evidence) in &mut self.supports {
            evidence.retain(is_new);
        }
        self.supports.retain(|(_, evidence)| !evidence.is_empty());
        self
    }
}

/// Returns what one episode teaches, as changes.
pub(crate) async fn run(
    ports: &Ports<'_>,
    rules: &Rules,
    job: &Claimed,
    id: &EpisodeId,
) -> Result<Changes, StepError> {
    let Some((episode, turns)) = open(ports, rules, id).await? else {
        return Ok(Changes::at(ports.clock.now()));
    };
    let heard = heard(ports, rules, job, &episode, &turns).await?;
    learn(ports, rules, job, (&episode, &turns), heard).await
}

/// Returns what the user laid down in one episode, as changes. No model is asked.
pub(crate) async fn heed(
    ports: &Ports<'_>,
    rules: &Rules,
    job: &Claimed,
    id: &EpisodeId,
) -> Result<Changes, StepError> {
    let Some((episode, turns)) = open(ports, rules, id).await? else {
        return Ok(Changes::at(ports.clock.now()));
    };
    let mut heard = by_rules(&turns);
    // What went wrong and what helped is better told by whoever reads the whole.
    heard
        .candidates
        .retain(|candidate| candidate.asserted_by == Speaker::User);
    learn(ports, rules, job, (&episode, &turns), heard).await
}

/// Returns an episode with its turns, unless nobody may read it any more.
pub(crate) async fn open(
    ports: &Ports<'_>,
    rules: &Rules,
    id: &EpisodeId,
) -> Result<Option<(Episode, Vec<Turn>)>, StepError> {
    let found = ports.library.episode(id).await?;
    let found = found.ok_or_else(|| StepError::NoEpisode(id.clone()))?;
    let is_open = !is_kept_out(ports, rules, &found.0).await?;
    Ok(is_open.then_some(found))
}

/// Checks what was heard, and tells new from known.
async fn learn(
    ports: &Ports<'_>,
    rules: &Rules,
    job: &Claimed,
    (episode, turns): (&Episode, &[Turn]),
    heard: Heard,
) -> Result<Changes, StepError> {
    let heard = heard.new_in(episode);
    let mut taught = Taught::new(job.owner.clone(), (episode, turns), ports.clock.now());
    for candidate in placed(heard.candidates, rules, episode, turns) {
        let doubt = doubt(ports, &candidate, episode, turns).await?;
        let candidate = trust::voiced(candidate, turns);
        let fingerprint = candidate.lesson.fingerprint();
        let known = ports
            .library
            .saying(episode.project.as_ref(), &fingerprint)
            .await?;
        taught.take(candidate, doubt, &known);
    }
    for (record, evidence) in heard.supports {
        taught.support(&record, evidence);
    }
    taught.changes.notes = heard.notes;
    Ok(taught.changes)
}

/// Lets the model read the episode, or the rules where no model may.
async fn heard(
    ports: &Ports<'_>,
    rules: &Rules,
    job: &Claimed,
    episode: &Episode,
    turns: &[Turn],
) -> Result<Heard, StepError> {
    let Some(model) = ports.model else {
        return Ok(by_rules(turns));
    };
    match model::listen(ports, rules, job, model, episode, turns).await {
        Err(StepError::KeptFromModels) => Ok(by_rules(turns)),
        heard => heard,
    }
}

fn by_rules(turns: &[Turn]) -> Heard {
    Heard {
        candidates: extractors::rules::candidates(turns),
        ..Heard::default()
    }
}

/// Returns why a candidate is not believed: its quotes do not stand, nobody who may say such a thing
/// says it, or it goes against what the user laid down. The first doubt wins.
async fn doubt(
    ports: &Ports<'_>,
    candidate: &Candidate,
    episode: &Episode,
    turns: &[Turn],
) -> Result<Option<String>, StepError> {
    let near = near(ports, episode, &candidate.lesson.text(), RIVALS).await?;
    if let Some(doubt) = names::check(ports, candidate, (episode, turns), &near).await? {
        return Ok(Some(doubt.to_string()));
    }
    if let Err(doubt) = trust::check(candidate, turns) {
        return Ok(Some(doubt.to_string()));
    }
    let against = trust::leaves_rules(candidate, turns, &near).err();
    Ok(against.map(|doubt| doubt.to_string()))
}

/// Returns the memories nearest to a text among those that an episode may know of: without a project a
/// search looks into every one, and what another project holds is neither shown nor held against it.
async fn near(
    ports: &Ports<'_>,
    episode: &Episode,
    text: &str,
    limit: usize,
) -> Result<Vec<Record>, StepError> {
    let view = View {
        project: episode.project.clone(),
        ..View::default()
    };
    let hits = recall::search(ports.library, &view, text, limit).await?;
    let near = hits.into_iter().map(|hit| hit.found);
    let may_know = |record: &Record| record.memory.project.is_none() || episode.project.is_some();
    Ok(near.filter(may_know).collect())
}

/// A place that was kept out after the episode was cut is read by nobody any more.
async fn is_kept_out(
    ports: &Ports<'_>,
    rules: &Rules,
    episode: &Episode,
) -> Result<bool, StepError> {
    let cwd = episode.place.cwd.as_deref();
    let places = Places::of(ports.library, rules.ceiling.as_deref(), cwd).await?;
    Ok(places.excludes(&episode.place))
}

/// Gives each lesson the reach of the place where it was learnt, and its canonical dress.
fn placed<'a>(
    candidates: Vec<Candidate>,
    rules: &Rules,
    episode: &'a Episode,
    turns: &'a [Turn],
) -> impl Iterator<Item = Candidate> + use<'a> {
    let cwd = episode.place.cwd.as_deref().unwrap_or_default();
    let root = project::locate(Path::new(cwd), rules.ceiling.as_deref()).root;
    candidates.into_iter().filter_map(move |candidate| {
        let scope = match candidate.lesson.scope {
            Scope::Project => reach(&candidate.evidence, turns, &root),
            given => given,
        };
        let lesson = Lesson {
            scope,
            ..candidate.lesson
        };
        Some(Candidate {
            lesson: lesson.tidied().ok()?,
            ..candidate
        })
    })
}

#[cfg(test)]
mod tests;
