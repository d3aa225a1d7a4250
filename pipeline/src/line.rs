//! The line to the chosen model, for as long as one worker works: down for one job, it is down for all.
//!
//! Asks nothing by itself and keeps nothing beyond the worker: the next one begins by trying again.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use domain::{Ask, Clock, Model, ModelError, Reply, Rest, Sent};
use jiff::SignedDuration;

use crate::Stop;
use crate::asking::{again, fit_to_tell};

/// A call that is under way when the person wants an end may still come to its own for so long.
const GRACE: Duration = Duration::from_secs(3);
/// Those who were held look again a little before whoever found out: a request that its host cannot
/// manage is then not the one by which all others are judged for ever.
const BEFORE: SignedDuration = SignedDuration::from_secs(1);

/// A model behind a line.
pub(crate) struct Line<'a> {
    model: &'a dyn Model,
    clock: &'a dyn Clock,
    stop: Stop,
    state: Mutex<State>,
}

/// What is known of the other end.
#[derive(Default)]
struct State {
    rest: Option<Rest>,
    /// Whether it answered the last one that it was asked.
    answers: bool,
}

impl<'a> Line<'a> {
    pub(crate) fn new(model: &'a dyn Model, clock: &'a dyn Clock, stop: Stop) -> Self {
        Self {
            model,
            clock,
            stop,
            state: Mutex::default(),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Learns from how a call ended.
    fn learn(&self, answer: &Result<Reply, ModelError>) {
        let mut state = self.state();
        match answer {
            Err(ModelError::NotYet { .. }) => {}
            // Whoever refuses one request, or answers it badly, is there.
            Ok(_) | Err(ModelError::Refused { .. } | ModelError::Garbled { .. }) => {
                *state = State {
                    rest: None,
                    answers: true,
                };
            }
            Err(error) if state.answers && is_of_this_request(error) => state.answers = false,
            Err(error) => {
                let until = self.clock.now() + again(error) - BEFORE;
                state.rest = Some(Rest {
                    why: error.clone(),
                    until,
                });
            }
        }
    }

    fn stopped(&self, sent: Sent) -> ModelError {
        ModelError::Down {
            host: self.model.host().unwrap_or(self.model.name()).to_owned(),
            why: "the work was stopped before it had answered".to_owned(),
            again: Some(Duration::ZERO),
            sent,
        }
    }

    /// Returns when the person's patience with a call under way is at its end.
    async fn hung_up(&self) {
        let mut stop = self.stop.clone();
        let heard = stop.wait_for(|stop| *stop).await.is_ok();
        match heard {
            true => tokio::time::sleep(GRACE).await,
            // Nobody is left who could want an end.
            false => std::future::pending().await,
        }
    }
}

/// Says whether it may be this one request that the host cannot manage: it was heard, and no word came
/// of how long to wait. Once is believed of a host that has answered before.
fn is_of_this_request(error: &ModelError) -> bool {
    matches!(
        error,
        ModelError::Down {
            sent: Sent::Heard,
            again: None,
            ..
        }
    )
}

#[async_trait]
impl Model for Line<'_> {
    fn name(&self) -> &str {
        self.model.name()
    }

    fn host(&self) -> Option<&str> {
        self.model.host()
    }

    fn keeps_schema(&self) -> bool {
        self.model.keeps_schema()
    }

    fn window(&self) -> usize {
        self.model.window()
    }

    fn awaits(&self, on: &str) -> bool {
        self.model.awaits(on)
    }

    fn arrived(&self, awaited: &[String]) -> Vec<String> {
        self.model.arrived(awaited)
    }

    fn rests(&self) -> Option<Rest> {
        let now = self.clock.now();
        self.state().rest.clone().filter(|rest| now < rest.until)
    }

    async fn ask(&self, ask: &Ask) -> Result<Reply, ModelError> {
        if *self.stop.borrow() {
            return Err(self.stopped(Sent::Nothing));
        }
        let answer = tokio::select! {
            answer = self.model.ask(ask) => answer.map_err(fit_to_tell),
            () = self.hung_up() => return Err(self.stopped(Sent::Heard)),
        };
        self.learn(&answer);
        answer
    }
}

#[cfg(test)]
mod tests;
