//! Says what reading on would cost, before anything is read into the store or asked of anybody.
//!
//! Writes nothing. It fills the very prompts that would be sent, but for the known memories that they
//! would show.

use std::collections::BTreeSet;

use domain::words::estimate_tokens;
use domain::{Source, Turn, TurnId};
use serde::Serialize;

use crate::extract::model;
use crate::going::{Go, go};
use crate::{Ports, Rules, StepError};

/// What reading would cost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Foreseen {
    /// Turns that are new.
    pub turns: u64,
    /// Those of them that the rules read, because no model reads their project.
    pub turns_kept_from_models: u64,
    /// Episodes, and so calls.
    pub calls: u64,
    /// Tokens of the requests, by estimate.
    pub input_tokens: u64,
    /// Tokens of the replies, if each is as long as it may be.
    pub output_tokens: u64,
}

/// Returns what reading a source on to its end would cost. What stands in `seen`, as another source
/// that is to be read has it too, costs nothing again; what this one shows is added there.
pub async fn foresee(
    ports: &Ports<'_>,
    rules: &Rules,
    source: &Source,
    seen: &mut BTreeSet<TurnId>,
) -> Result<Foreseen, StepError> {
    let known = ports.library.source(&source.id).await?;
    let mut source = known.unwrap_or_else(|| source.clone());
    let mut foreseen = Foreseen::default();
    loop {
        let go = go(ports, rules, &source, seen).await?;
        foreseen.add(ports, rules, &go);
        seen.extend(go.fresh().map(|turn| turn.id.clone()));
        source.cursor = go.reading.cursor;
        if !go.reading.more {
            return Ok(foreseen);
        }
    }
}

impl Foreseen {
    fn add(&mut self, ports: &Ports<'_>, rules: &Rules, go: &Go) {
        let fresh: Vec<&Turn> = go.fresh().collect();
        let places = &go.places;
        self.turns += fresh.len() as u64;
        let by_rules =
            |turn: &&&Turn| places.keeps_from_models(places.project(&turn.place).as_ref());
        self.turns_kept_from_models += fresh.iter().filter(by_rules).count() as u64;
        let Some(asked) = ports.model else { return };
        for episode in &go.episodes {
            if places.keeps_from_models(episode.project.as_ref()) {
                continue;
            }
            let said: Vec<Turn> = fresh
                .iter()
                .filter(|turn| episode.turns.contains(&turn.id))
                .map(|turn| (*turn).clone())
                .collect();
            let request = model::fill(rules, asked, episode, &said, &[]).request;
            let tokens = estimate_tokens(&request.system) + estimate_tokens(&request.user);
            self.calls += 1;
            self.input_tokens += tokens as u64;
            self.output_tokens += u64::from(request.max_output_tokens);
        }
    }
}

impl std::iter::Sum for Foreseen {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        all.fold(Self::default(), |sum, one| Self {
            turns: sum.turns + one.turns,
            turns_kept_from_models: sum.turns_kept_from_models + one.turns_kept_from_models,
            calls: sum.calls + one.calls,
            input_tokens: sum.input_tokens + one.input_tokens,
            output_tokens: sum.output_tokens + one.output_tokens,
        })
    }
}
