//! Says whether an episode is shut to every model, for whoever carries requests that were asked before.
//!
//! Decides as the step does that would ask; it takes nothing back.

use domain::EpisodeId;

use crate::{Ports, Rules, StepError, extract};

/// Returns whether an episode's place or project is kept out. Of one that is not known here nothing is
/// said: a mailbox may serve more than one person.
pub async fn is_shut(ports: &Ports<'_>, rules: &Rules, id: &EpisodeId) -> Result<bool, StepError> {
    let episode = match extract::open(ports, rules, id).await {
        Ok(Some((episode, _))) => episode,
        Ok(None) => return Ok(true),
        Err(StepError::NoEpisode(_)) => return Ok(false),
        Err(error) => return Err(error),
    };
    let kept = ports.library.kept_from_models().await?;
    Ok(episode.project.is_some_and(|own| kept.contains(&own)))
}
