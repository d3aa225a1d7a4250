//! Carries a mailbox's requests to a Batch API and its replies back: night work at half the price.
//!
//! Runs only where a person chose it, keeps no clock of its own, and asks for no more at a time than
//! the caller has set tokens aside for. Nothing is handed in twice, whenever it is interrupted.

mod api;
mod pick;
mod state;
#[cfg(test)]
mod tests;

use std::collections::HashSet;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use domain::{ModelError, Sent, digest};

use crate::mailbox::{Core, Entry, Locked, Mailbox};
use crate::settings::{Settings, Surroundings};
use crate::setup::SetupError;
use api::{Api, Remote};
use state::{Batch, State};

/// What one batch may hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// So many requests; OpenAI takes 50,000.
    pub requests: usize,
    /// So many bytes; OpenAI takes 200 MB. A batch is held in memory while it is handed in.
    pub bytes: usize,
    /// A request is handed in so often before a person must look at it.
    pub tries: u32,
    /// What comes back may have so many bytes.
    pub reply_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            requests: 50_000,
            bytes: 32 * 1024 * 1024,
            tries: 3,
            reply_bytes: 1024 * 1024 * 1024,
        }
    }
}

/// A mailbox whose requests are answered by a Batch API.
pub struct Batches {
    core: Arc<Core>,
    api: Api,
    redact: fn(&str) -> String,
    limits: Limits,
}

/// What was handed in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Submitted {
    /// So many batches.
    pub batches: u64,
    /// The requests in them.
    pub requests: Vec<String>,
}

/// What came back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Collected {
    /// So many requests are still being worked on.
    pub running: u64,
    /// Requests that have a reply now.
    pub answered: Vec<String>,
    /// Requests that came back without one; they wait again, if they have tries left.
    pub unanswered: Vec<String>,
    /// What the host said of batches that failed.
    pub complaints: Vec<String>,
}

/// A batch could not be driven.
#[derive(Debug, thiserror::Error)]
pub enum BatchError {
    /// Another process drives the same mailbox.
    #[error("another dormouse hands in or collects batches of {folder} just now")]
    Busy {
        /// The mailbox.
        folder: PathBuf,
    },
    /// The mailbox could not be read or written.
    #[error("the mailbox {folder} cannot be used")]
    Io {
        /// The mailbox.
        folder: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The host did not do it.
    #[error(transparent)]
    Host(#[from] ModelError),
}

impl Batches {
    /// Opens the Batch API of these settings for a mailbox; nothing is sent before `submit`.
    pub fn open(
        mailbox: &Mailbox,
        settings: &Settings,
        around: Surroundings,
        limits: Limits,
    ) -> Result<Self, SetupError> {
        Ok(Self {
            core: mailbox.core(),
            redact: around.redact,
            api: Api::open(settings, around)?,
            limits,
        })
    }

    /// Returns the host to which the words go.
    pub fn host(&self) -> &str {
        self.api.host()
    }

    /// Returns the requests that could be handed in now, with what each may cost.
    pub fn waiting(&self) -> Result<Vec<Entry>, BatchError> {
        self.io(|| {
            let state = state::read(&self.core.folder)?;
            self.free(&state)
        })
    }

    /// Returns the requests that were handed in as often as they may be, and have no reply.
    pub fn given_up(&self) -> Result<Vec<Entry>, BatchError> {
        self.io(|| {
            let state = state::read(&self.core.folder)?;
            let mut entries = self.core.unanswered()?;
            entries.retain(|entry| state.tries(&entry.custom_id) >= self.limits.tries);
            Ok(entries)
        })
    }

    /// Hands in those of the named requests that wait. What an earlier call left half done is
    /// finished first: its batch is looked for at the host before another one is made.
    pub async fn submit(&self, names: &[String]) -> Result<Submitted, BatchError> {
        let _lock = self.lock()?;
        let mut state = self.io(|| state::read(&self.core.folder))?;
        let mut submitted = Submitted::default();
        self.resume(&mut state, &mut submitted).await?;
        let wanted: HashSet<&String> = names.iter().collect();
        let mut entries = self.io(|| self.free(&state))?;
        entries.retain(|entry| wanted.contains(&entry.custom_id));
        for names in self.io(|| pick::groups(&self.core.folder, &entries, &self.limits))? {
            let batch = Batch {
                name: name(&state, &names),
                names,
                file: None,
                id: None,
            };
            // The intent is on the disk before anything is sent.
            state.batches.push(batch);
            self.save(&state)?;
            let at = state.batches.len() - 1;
            self.hand_in(&mut state, at, &mut submitted).await?;
        }
        Ok(submitted)
    }

    /// Looks at every batch that was handed in, and puts what came back among the replies.
    pub async fn collect(&self) -> Result<Collected, BatchError> {
        let _lock = self.lock()?;
        let mut state = self.io(|| state::read(&self.core.folder))?;
        self.resume(&mut state, &mut Submitted::default()).await?;
        let mut collected = Collected::default();
        for batch in state.batches.clone() {
            let Some(id) = &batch.id else {
                continue;
            };
            let remote = match self.api.batch(id).await {
                Ok(remote) => remote,
                Err(error @ ModelError::Down { .. }) => return Err(error.into()),
                // One batch that cannot be asked for keeps no other waiting.
                Err(error) => {
                    collected.running += batch.names.len() as u64;
                    collected.complaints.push(error.to_string());
                    continue;
                }
            };
            if !remote.is_over() {
                collected.running += batch.names.len() as u64;
                continue;
            }
            self.take(&batch, &remote).await?;
            self.close(&mut state, &batch, &remote, &mut collected)?;
        }
        Ok(collected)
    }

    /// Finishes what was begun and not finished.
    async fn resume(&self, state: &mut State, submitted: &mut Submitted) -> Result<(), BatchError> {
        // Without a file no batch can have been made of it.
        state.batches.retain(|batch| batch.file.is_some());
        for at in 0..state.batches.len() {
            if state.batches[at].id.is_some() {
                continue;
            }
            if let Some(id) = self.api.find(&state.batches[at].name).await? {
                state.batches[at].id = Some(id);
                self.save(state)?;
                continue;
            }
            self.hand_in(state, at, submitted).await?;
        }
        self.save(state)
    }

    /// Takes a batch from where it stands to its id; each step is on the disk before the next.
    async fn hand_in(
        &self,
        state: &mut State,
        at: usize,
        submitted: &mut Submitted,
    ) -> Result<(), BatchError> {
        match self.steps(state, at).await {
            Ok(()) => {
                submitted.batches += 1;
                submitted
                    .requests
                    .extend(state.batches[at].names.iter().cloned());
                Ok(())
            }
            Err(error) => {
                // What may have been worked on is looked for the next time; the rest never was.
                if state.batches[at].file.is_none() || !may_be_there(&error) {
                    state.batches.remove(at);
                    self.save(state)?;
                }
                Err(error)
            }
        }
    }

    async fn steps(&self, state: &mut State, at: usize) -> Result<(), BatchError> {
        let batch = state.batches[at].clone();
        let file = match batch.file {
            Some(file) => file,
            None => {
                let names: HashSet<&str> = batch.names.iter().map(String::as_str).collect();
                let endpoint = self.api.endpoint();
                let lines = self.io(|| pick::lines(&self.core.folder, &names, endpoint))?;
                let file = self.api.upload(&batch.name, &lines).await?;
                state.batches[at].file = Some(file.clone());
                self.save(state)?;
                file
            }
        };
        let id = self.api.create(&batch.name, &file).await?;
        state.batches[at].id = Some(id);
        self.save(state)
    }

    /// Puts what came back among the replies.
    async fn take(&self, batch: &Batch, remote: &Remote) -> Result<(), BatchError> {
        let names: HashSet<&str> = batch.names.iter().map(String::as_str).collect();
        let part = self.core.folder.path().join(".batch.part");
        for file in remote.files() {
            self.api
                .download(file, &part, self.limits.reply_bytes)
                .await?;
            self.io(|| pick::take(&self.core.folder, &part, &names, self.redact))?;
        }
        Ok(())
    }

    /// Forgets a batch that is over; what it left without a reply waits again.
    fn close(
        &self,
        state: &mut State,
        batch: &Batch,
        remote: &Remote,
        collected: &mut Collected,
    ) -> Result<(), BatchError> {
        let answered = self.io(|| self.core.answered(&batch.names))?;
        for (name, answered) in batch.names.iter().zip(answered) {
            match answered {
                true => {
                    state.forget(name);
                    collected.answered.push(name.clone());
                }
                false => {
                    state.tried(name);
                    collected.unanswered.push(name.clone());
                }
            }
        }
        collected.complaints.extend(remote.complaint());
        state.batches.retain(|other| other.name != batch.name);
        self.save(state)
    }

    /// Returns the requests that wait, are in no batch, and may be tried.
    fn free(&self, state: &State) -> io::Result<Vec<Entry>> {
        let carried: HashSet<&String> = state
            .batches
            .iter()
            .flat_map(|batch| &batch.names)
            .collect();
        let mut entries = self.core.unanswered()?;
        entries.retain(|Entry { custom_id, .. }| {
            !carried.contains(custom_id) && state.tries(custom_id) < self.limits.tries
        });
        Ok(entries)
    }

    fn save(&self, state: &State) -> Result<(), BatchError> {
        self.io(|| state::write(&self.core.folder, state))
    }

    fn lock(&self) -> Result<Locked, BatchError> {
        let folder = || self.core.folder.path().to_owned();
        self.io(|| self.core.folder.lock_batches())?
            .ok_or_else(|| BatchError::Busy { folder: folder() })
    }

    fn io<T>(&self, act: impl FnOnce() -> io::Result<T>) -> Result<T, BatchError> {
        let folder = || self.core.folder.path().to_owned();
        act().map_err(|source| BatchError::Io {
            folder: folder(),
            source,
        })
    }
}

/// Names a batch by what is in it and how often that was tried, so that each is another one.
fn name(state: &State, names: &[String]) -> String {
    let tries: Vec<String> = names
        .iter()
        .map(|name| state.tries(name).to_string())
        .collect();
    let parts: Vec<&str> = names.iter().chain(&tries).map(String::as_str).collect();
    digest('b', &parts)
}

/// Says whether the host may have made a batch although it did not say so.
fn may_be_there(error: &BatchError) -> bool {
    match error {
        BatchError::Host(ModelError::Down { sent, .. }) => *sent == Sent::Heard,
        BatchError::Host(ModelError::Garbled { .. }) | BatchError::Io { .. } => true,
        BatchError::Host(_) | BatchError::Busy { .. } => false,
    }
}
