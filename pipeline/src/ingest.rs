//! Reads a source on from its cursor: turns to archive, episodes to look at, a new cursor.
//!
//! Extracts nothing, and never waits for a model.

use std::collections::BTreeSet;

use domain::{Changes, Episode, Job, NextJob, Session, Source, SourceId, Turn};
use extractors::{ReadError, Report};
use jiff::Timestamp;
use tracing::info;

use crate::going::{Go, go};
use crate::places::Places;
use crate::{Ports, Rules, StepError};

/// Returns one stretch of a source, as changes.
pub(crate) async fn run(
    ports: &Ports<'_>,
    rules: &Rules,
    id: &SourceId,
) -> Result<Changes, StepError> {
    let source = ports.library.source(id).await?;
    let source = source.ok_or_else(|| StepError::NoSource(id.clone()))?;
    match go(ports, rules, &source, &BTreeSet::new()).await {
        // A client may name a transcript that it never writes, and deletes old ones.
        Err(StepError::Read(ReadError::Gone { path })) => {
            info!("{path} is gone: nothing to read");
            Ok(Changes::at(ports.clock.now()))
        }
        gone => Ok(decide(ports, &source, gone?)),
    }
}

fn decide(ports: &Ports<'_>, source: &Source, go: Go) -> Changes {
    let id = &source.id;
    let now = ports.clock.now();
    // What is known brings no new name, and what was purged shall not bring its own again.
    let fresh = go.fresh();
    let met: BTreeSet<_> = fresh
        .filter_map(|turn| go.places.project(&turn.place))
        .collect();
    let Go {
        reading,
        places,
        episodes,
        ..
    } = go;
    let turns: Vec<Turn> = reading
        .turns
        .into_iter()
        .filter(|turn| !places.excludes(&turn.place))
        .collect();
    let sessions = sessions(reading.sessions, &turns, &places);
    // The user's own rules are there at once, whenever the model answers; and they come first, so that
    // it is shown them.
    let is_for_a_model = |episode: &&Episode| {
        ports.model.is_some() && !places.keeps_from_models(episode.project.as_ref())
    };
    let heeded = episodes.iter().filter(is_for_a_model);
    let mut next: Vec<NextJob> = heeded
        .map(|episode| heed(episode, now))
        .chain(episodes.iter().map(|episode| extract(episode, now)))
        .collect();
    if reading.more {
        next.push(NextJob {
            job: Job::Ingest { source: id.clone() },
            due: now,
        });
    }
    Changes {
        projects: places.projects(|project| met.contains(project)),
        cursor: Some((id.clone(), reading.cursor)),
        sessions,
        turns,
        episodes,
        next,
        notes: notes(&source.path, &reading.report),
        ..Changes::at(now)
    }
}

/// Says what could not be read: nothing is passed over in silence.
fn notes(path: &str, report: &Report) -> Vec<String> {
    let at = report.broken_at.first().map_or(0, |at| *at);
    let counts = [
        (
            report.too_long,
            "lines over the cap were passed over".to_owned(),
        ),
        (
            report.broken,
            format!("lines that are no JSON were passed over, the first at byte {at}"),
        ),
        (
            report.mended,
            "lines held something invalid, which was replaced".to_owned(),
        ),
    ];
    let told = counts.into_iter().filter(|(count, _)| *count > 0);
    let mut notes: Vec<String> = told
        .map(|(count, what)| format!("{what}: {count}"))
        .collect();
    if !report.unknown.is_empty() {
        let kinds = report.unknown.iter();
        let kinds: Vec<String> = kinds
            .map(|(kind, count)| format!("{kind}: {count}"))
            .collect();
        notes.push(format!(
            "lines of unknown kinds were passed over: {}",
            kinds.join(", ")
        ));
    }
    // Of many files that are read one after another, each note names its own.
    for note in &mut notes {
        *note = format!("{path}: {note}");
    }
    notes
}

fn heed(episode: &Episode, now: Timestamp) -> NextJob {
    let job = Job::Heed {
        episode: episode.id.clone(),
        project: episode.project.clone(),
    };
    NextJob { job, due: now }
}

fn extract(episode: &Episode, now: Timestamp) -> NextJob {
    let job = Job::Extract {
        episode: episode.id.clone(),
        project: episode.project.clone(),
    };
    NextJob { job, due: now }
}

/// Keeps the sessions of which turns are kept, each in the project where it begins.
fn sessions(read: Vec<Session>, turns: &[Turn], places: &Places) -> Vec<Session> {
    let place_of = |session: &Session| {
        let turn = turns.iter().find(|turn| turn.session == session.id)?;
        Some(places.project(&turn.place))
    };
    read.into_iter()
        .filter_map(|session| {
            Some(Session {
                project: place_of(&session)?,
                ..session
            })
        })
        .collect()
}
