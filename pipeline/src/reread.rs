//! Says whether a model is to read an episode that only the rules have read, and what that would cost.
//!
//! Writes nothing, enqueues nothing and asks nobody.

use domain::words::estimate_tokens;
use domain::{EpisodeId, Job, Turn};
use extractors::episodes;

use crate::extract::{self, model};
use crate::{Foreseen, Ports, Rules, StepError};

/// An episode that a model has not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unread {
    /// What lets it be read.
    pub job: Job,
    /// What that would cost.
    pub foreseen: Foreseen,
}

/// Returns the prompt with which a model reads today: what was read with an older one is not read by it.
pub fn prompt_of_today() -> String {
    prompts::extract_prompt()
}

/// Returns how an episode can be read by the chosen model; `None` where none may read it, too little is
/// said in it, or nothing of it is left.
pub async fn unread(
    ports: &Ports<'_>,
    rules: &Rules,
    id: &EpisodeId,
) -> Result<Option<Unread>, StepError> {
    let asked = ports.model.ok_or(StepError::NoModel)?;
    let Some((episode, turns)) = extract::open(ports, rules, id).await? else {
        return Ok(None);
    };
    let kept_out = ports.library.kept_from_models().await?;
    let own: Vec<&Turn> = turns
        .iter()
        .filter(|turn| !episode.context().contains(&turn.id))
        .collect();
    let project = episode.project.clone();
    let is_shut = project.as_ref().is_some_and(|own| kept_out.contains(own));
    if is_shut || own.is_empty() || episodes::is_trivial(&own, &rules.episodes) {
        return Ok(None);
    }
    let request = model::fill(rules, asked, &episode, &turns, &[]).request;
    let tokens = estimate_tokens(&request.system) + estimate_tokens(&request.user);
    Ok(Some(Unread {
        foreseen: Foreseen {
            turns: own.len() as u64,
            calls: 1,
            input_tokens: tokens as u64,
            output_tokens: u64::from(request.max_output_tokens),
            ..Foreseen::default()
        },
        job: Job::Extract {
            episode: episode.id,
            project,
        },
    }))
}
