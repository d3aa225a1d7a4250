//! Replays recorded replies, and records them.
//!
//! Invents nothing: what was not recorded is an error that says what was asked.

mod tape;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;
use domain::{Ask, Model, ModelError, Reply, Sent};

use tape::{Entry, Tape};

pub use tape::{CassetteError, key};

/// Recorded replies as a model.
pub struct Cassette {
    model: String,
    window: usize,
    path: PathBuf,
    tape: Tape,
}

impl Cassette {
    /// Opens a recording of this model; every line of it must be sound.
    pub fn open(path: &Path, model: &str, window: usize) -> Result<Self, CassetteError> {
        Ok(Self {
            model: model.to_owned(),
            window,
            path: path.to_owned(),
            tape: Tape::read(path)?,
        })
    }
}

#[async_trait]
impl Model for Cassette {
    fn name(&self) -> &str {
        &self.model
    }

    fn host(&self) -> Option<&str> {
        None
    }

    fn keeps_schema(&self) -> bool {
        false
    }

    fn window(&self) -> usize {
        self.window
    }

    /// A miss is refused and not waited for: no wait would end it, and the job that is parked with
    /// its reason is what a person sees first.
    async fn ask(&self, ask: &Ask) -> Result<Reply, ModelError> {
        let key = key(ask);
        self.tape.find(&key).cloned().ok_or_else(|| ModelError::Refused {
            host: self.path.display().to_string(),
            why: format!(
                "nothing is recorded as {key}: {}, prompt {}, model {}; record it, or bring the \
                 prompt back to what was recorded",
                ask.about, ask.prompt, ask.model
            ),
        })
    }
}

/// A model whose replies are recorded. What is recorded already is not asked again.
pub struct Recording<M> {
    model: M,
    path: PathBuf,
    redact: fn(&str) -> String,
    tape: Mutex<Tape>,
}

impl<M: Model> Recording<M> {
    /// Records what `model` replies, after `redact` has taken secrets out of it.
    pub fn open(model: M, path: &Path, redact: fn(&str) -> String) -> Result<Self, CassetteError> {
        let tape = match path.exists() {
            true => Tape::read(path)?,
            false => Tape::default(),
        };
        Ok(Self {
            model,
            path: path.to_owned(),
            redact,
            tape: Mutex::new(tape),
        })
    }

    fn with_tape<T>(&self, act: impl FnOnce(&mut Tape) -> T) -> T {
        act(&mut self.tape.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[async_trait]
impl<M: Model> Model for Recording<M> {
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

    /// Returns the reply as it was recorded, so that a run with the model and a run with the
    /// recording do the same.
    async fn ask(&self, ask: &Ask) -> Result<Reply, ModelError> {
        let key = key(ask);
        if let Some(reply) = self.with_tape(|tape| tape.find(&key).cloned()) {
            return Ok(reply);
        }
        let mut reply = self.model.ask(ask).await?;
        reply.text = (self.redact)(&reply.text);
        let entry = Entry::of(key, ask, reply.clone());
        let kept = self.with_tape(|tape| {
            tape.keep(entry);
            tape.write(&self.path)
        });
        kept.map_err(|error| ModelError::Down {
            host: self.path.display().to_string(),
            why: format!("the reply could not be recorded: {error}"),
            again: None,
            sent: Sent::Heard,
        })?;
        Ok(reply)
    }
}
