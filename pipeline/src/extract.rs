//! Looks for lessons in one episode, checks each against its source, and tells new from known.
//!
//! A model reads it where a person chose one; else the rules extractor speaks. What either brings is
//! checked alike.

mod model;
mod reach;
mod taught;

use std::path::Path;

use domain::{
    Candidate, Changes, Claimed, Episode, EpisodeId, Evidence, Lesson, Record, Scope, Turn,
};
use extractors::{ground, project};

use crate::places::Places;
use crate::{Ports, Rules, StepError};
use reach::reach;
use taught::Taught;

/// What was heard in an episode, before anything of it is checked.
#[derive(Debug, Default)]
struct Heard {
    candidates: Vec<Candidate>,
    /// Known memories that the episode bears out again.
    supports: Vec<(Record, Vec<Evidence>)>,
    /// What a person should hear of it.
    notes: Vec<String>,
}

/// Returns what one episode teaches, as changes.
pub(crate) async fn run(
    ports: &Ports<'_>,
    rules: &Rules,
    job: &Claimed,
    id: &EpisodeId,
) -> Result<Changes, StepError> {
    let found = ports.library.episode(id).await?;
    let (episode, turns) = found.ok_or_else(|| StepError::NoEpisode(id.clone()))?;
    if is_kept_out(ports, rules, &episode).await? {
        return Ok(Changes::at(ports.clock.now()));
    }
    let heard = match ports.model {
        Some(model) => model::listen(ports, rules, job, model, &episode, &turns).await?,
        None => Heard {
            candidates: extractors::rules::candidates(&turns),
            ..Heard::default()
        },
    };
    let mut taught = Taught::new(job.owner.clone(), &episode, ports.clock.now());
    for candidate in placed(heard.candidates, rules, &episode, &turns) {
        let doubt = ground::check(&candidate, &turns).err();
        let fingerprint = candidate.lesson.fingerprint();
        let known = ports
            .library
            .saying(episode.project.as_ref(), &fingerprint)
            .await?;
        taught.take(candidate, doubt.map(|doubt| doubt.to_string()), &known);
    }
    for (record, evidence) in heard.supports {
        taught.support(&record, evidence);
    }
    taught.changes.notes = heard.notes;
    Ok(taught.changes)
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
