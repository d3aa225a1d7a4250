//! One go over a source: what is read, what of it is new, and the episodes that it makes.
//!
//! Writes nothing, and enqueues nothing: who ingests and who only estimates go the same way.

use std::collections::BTreeSet;

use domain::{Episode, ProjectId, Source, Turn, TurnId};
use extractors::{Budget, Cuts, Limits, Reading, episodes};

use crate::extract::model::episode_tokens;
use crate::places::Places;
use crate::{Ports, Rules, StepError};

/// What one go over a source brought.
pub(crate) struct Go {
    pub(crate) reading: Reading,
    pub(crate) places: Places,
    /// Turns that were known before.
    known: BTreeSet<TurnId>,
    pub(crate) episodes: Vec<Episode>,
}

impl Go {
    /// Returns the turns that are new: what another file of the session, or a fork, has shown already
    /// is not looked at twice.
    pub(crate) fn fresh(&self) -> impl Iterator<Item = &Turn> {
        let turns = self.reading.turns.iter();
        turns.filter(|turn| !self.known.contains(&turn.id) && !self.places.excludes(&turn.place))
    }
}

/// Reads a source on, as far as a step goes, and cuts what is new into episodes.
///
/// Where more follows, the last matter may run on in it. Then the step ends where that matter began, and
/// the next one reads it again: the same episodes come of it, however large the steps are.
pub(crate) async fn go(
    ports: &Ports<'_>,
    rules: &Rules,
    source: &Source,
    seen: &BTreeSet<TurnId>,
) -> Result<Go, StepError> {
    let reading = read(source, rules.reading).await?;
    let cwds = reading.turns.iter();
    let cwds = cwds.filter_map(|turn| turn.place.cwd.as_deref());
    let places = Places::of(ports.library, rules.ceiling.as_deref(), cwds).await?;
    let ids: Vec<TurnId> = reading.turns.iter().map(|turn| turn.id.clone()).collect();
    let mut known = ports.library.known_turns(&ids).await?;
    known.extend(ids.into_iter().filter(|id| seen.contains(id)));
    let mut go = Go {
        reading,
        places,
        known,
        episodes: Vec::new(),
    };
    let cuts = cut(ports, rules, &go);
    go.episodes = cuts.episodes;
    if go.reading.more
        && let Some(end) = last_seam(&go, &cuts.seams)
        && let Some(shorter) = read_to(source, rules.reading, end).await?
    {
        go.reading = shorter;
        go.episodes = cut(ports, rules, &go).episodes;
    }
    Ok(go)
}

/// Reading is file work: it does not hold up the worker's other business.
async fn read(source: &Source, budget: Budget) -> Result<Reading, StepError> {
    let source = source.clone();
    let reading = tokio::task::spawn_blocking(move || extractors::read(&source, budget)).await;
    Ok(reading.map_err(|error| StepError::Broke(error.to_string()))??)
}

/// Reads just so many turns, if reading can stop there: before a prompt.
async fn read_to(
    source: &Source,
    usual: Budget,
    turns: usize,
) -> Result<Option<Reading>, StepError> {
    let reading = read(source, Budget { turns, ..usual }).await?;
    Ok((reading.turns.len() == turns).then_some(reading))
}

/// Returns how many turns stand before the last seam, if it is worth while to stop there.
fn last_seam(go: &Go, seams: &[usize]) -> Option<usize> {
    let fresh: Vec<&Turn> = go.fresh().collect();
    let turn = fresh.get(*seams.last()?)?;
    let at = go.reading.turns.iter().position(|own| own.id == turn.id)?;
    // A matter that fills most of a step would be read again and again.
    (at * 2 >= go.reading.turns.len()).then_some(at)
}

fn cut(ports: &Ports<'_>, rules: &Rules, go: &Go) -> Cuts {
    let fresh: Vec<&Turn> = go.fresh().collect();
    let limits = limits(ports, rules);
    // The rules cost no call: where they read, a stretch of tools alone may hold a repair.
    let least = |project: Option<&ProjectId>| match go.places.keeps_from_models(project) {
        true => 0,
        false => limits.min_said,
    };
    episodes::cuts(&fresh, |place| go.places.project(place), least, &limits)
}

/// Returns how episodes are cut, so that the model that was chosen sees all of each.
fn limits(ports: &Ports<'_>, rules: &Rules) -> Limits {
    let usual = rules.episodes;
    let fits = |model| episode_tokens(usual.max_tokens, model);
    Limits {
        max_tokens: ports.model.map_or(usual.max_tokens, fits),
        ..usual
    }
}
