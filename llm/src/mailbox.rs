//! Writes requests into a folder and takes the replies from it, whoever answers and whenever.
//!
//! Waits for nobody: a reply that is not there yet is not there. Sends nothing anywhere; that is
//! `batch`, when a person chose it.

mod answer;
mod folder;
mod ledger;
pub(crate) mod lines;
mod page;
mod purge;
mod replies;
mod request;
pub(crate) mod requests;
#[cfg(test)]
pub(crate) mod tests;
mod withdraw;

use std::collections::HashSet;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use domain::{Ask, Clock, Model, ModelError, Reply, Sent};
use jiff::Timestamp;

use answer::Said;
use replies::Replies;
use requests::Requests;

pub use purge::{Purged, purge, purge_sessions};
pub use replies::BadLine;
pub use request::{Entry, custom_id};
pub use withdraw::{Lying, Withdrawn, lying, withdraw};

pub(crate) use folder::{
    Folder, Locked, append_theirs, read as read_file, remove as remove_file, replace,
};
pub(crate) use request::name_in;

/// A folder as a model: what is asked lies there until somebody answers.
pub struct Mailbox {
    model: String,
    window: usize,
    clock: Arc<dyn Clock>,
    core: Arc<Core>,
}

/// What lies in a mailbox.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// Requests without an answer.
    pub waiting: u64,
    /// Requests with one.
    pub answered: u64,
    /// Replies to requests that were never asked here.
    pub unknown: u64,
    /// Replies to requests that had one.
    pub repeated: u64,
    /// Lines of `replies.jsonl` that say nothing that could be read.
    pub bad: Vec<BadLine>,
}

/// A mailbox could not be read or written.
#[derive(Debug, thiserror::Error)]
#[error("the mailbox {folder} cannot be used")]
pub struct MailboxError {
    /// Where it is.
    pub folder: PathBuf,
    #[source]
    source: io::Error,
}

/// The folder and what is known of it; all of it waits for the disk.
pub(crate) struct Core {
    pub(crate) folder: Folder,
    seen: Mutex<Seen>,
}

#[derive(Default)]
struct Seen {
    requests: Requests,
    replies: Replies,
}

impl Mailbox {
    /// Opens a folder, making it where it is missing; what was answered since leaves the requests.
    ///
    /// `window` is what the one who answers can read at once, in tokens.
    pub fn open(
        folder: &Path,
        model: &str,
        window: usize,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, MailboxError> {
        let core = within(folder, || {
            let opened = Folder::open(folder)?;
            page::explain(&opened)?;
            let core = Core {
                folder: opened,
                seen: Mutex::default(),
            };
            core.tidy()?;
            Ok(core)
        })?;
        Ok(Self {
            model: model.to_owned(),
            window,
            clock,
            core: Arc::new(core),
        })
    }

    /// Returns what lies here.
    pub fn standing(&self) -> Result<Standing, MailboxError> {
        within(self.core.folder.path(), || self.core.standing())
    }

    /// Removes answered requests from `requests.jsonl` and `requests/`, and returns how many.
    pub fn tidy(&self) -> Result<u64, MailboxError> {
        within(self.core.folder.path(), || self.core.tidy())
    }

    pub(crate) fn core(&self) -> Arc<Core> {
        Arc::clone(&self.core)
    }
}

#[async_trait]
impl Model for Mailbox {
    fn name(&self) -> &str {
        &self.model
    }

    fn host(&self) -> Option<&str> {
        None
    }

    /// Nobody knows who will answer; the XML that the prompts ask for is what anybody can write.
    fn keeps_schema(&self) -> bool {
        false
    }

    fn window(&self) -> usize {
        self.window
    }

    fn awaits(&self, on: &str) -> bool {
        on.starts_with(AWAITED)
    }

    fn arrived(&self, awaited: &[String]) -> Vec<String> {
        // Who cannot look finds out when the job looks for itself.
        let Ok(waiting) = self.core.unanswered() else {
            return Vec::new();
        };
        let waiting: HashSet<String> = waiting
            .iter()
            .map(|entry| awaited_as(&entry.custom_id))
            .collect();
        let come = awaited
            .iter()
            .filter(|on| self.awaits(on) && !waiting.contains(*on));
        come.cloned().collect()
    }

    async fn ask(&self, ask: &Ask) -> Result<Reply, ModelError> {
        let (core, owned) = (Arc::clone(&self.core), ask.clone());
        let asked = tokio::task::spawn_blocking(move || core.ask(&owned)).await;
        let said = asked.map_err(io::Error::other).flatten();
        let on = self.core.folder.path().display().to_string();
        reply(said, &custom_id(ask), on, || self.clock.now())
    }
}

/// How a wait for a reply begins.
const AWAITED: &str = "the reply ";

/// Returns what a job says that waits for the reply to a request.
fn awaited_as(name: &str) -> String {
    format!("{AWAITED}{name} in the mailbox")
}

fn reply(
    said: io::Result<Option<Said>>,
    name: &str,
    on: String,
    now: impl FnOnce() -> Timestamp,
) -> Result<Reply, ModelError> {
    match said {
        Ok(Some(Said::Words { text, ended, usage })) => Ok(Reply {
            text,
            ended,
            at: now(),
            usage,
        }),
        Ok(Some(Said::Refused(why))) => Err(ModelError::Refused { host: on, why }),
        Ok(Some(Said::Garbled { why, raw })) => Err(ModelError::Garbled { host: on, why, raw }),
        Ok(Some(Said::Broken(_)) | None) => Err(ModelError::NotYet {
            on: awaited_as(name),
        }),
        Err(error) => Err(ModelError::Down {
            host: on,
            why: error.to_string(),
            again: None,
            sent: Sent::Nothing,
        }),
    }
}

impl Core {
    fn seen<T>(&self, act: impl FnOnce(&mut Seen) -> io::Result<T>) -> io::Result<T> {
        // Whatever panicked, the next look at the files mends what is known of them.
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.replies.refresh(&self.folder.replies())?;
        act(&mut seen)
    }

    fn ask(&self, ask: &Ask) -> io::Result<Option<Said>> {
        let name = custom_id(ask);
        self.seen(|seen| {
            let said = self.said(seen, &name)?;
            if !matches!(said, None | Some(Said::Broken(_))) {
                return Ok(said);
            }
            let path = self.folder.requests();
            seen.requests.refresh(&path)?;
            if !seen.requests.has(&name) {
                let locked = self.folder.lock()?;
                // Another process may have asked the same between the look and the lock.
                seen.requests.refresh(&path)?;
                if !seen.requests.has(&name) {
                    ledger::add(&locked, &self.folder, &request::entry(&name, ask))?;
                    page::write(&self.folder, &name, ask)?;
                    seen.requests
                        .add(&locked, &path, &name, &request::line(&name, ask))?;
                }
            }
            Ok(None)
        })
    }

    fn said(&self, seen: &Seen, name: &str) -> io::Result<Option<Said>> {
        let listed = seen.replies.find(&self.folder.replies(), name)?;
        if listed.as_ref().is_some_and(Said::is_words) {
            return Ok(listed);
        }
        Ok(self.written(name)?.or(listed))
    }

    /// Reads a reply that stands in a file of its own.
    fn written(&self, name: &str) -> io::Result<Option<Said>> {
        let path = self.folder.written_reply(name);
        let print = match folder::print(&path) {
            // Whoever put it there has to take it away; the others are answered meanwhile.
            Err(error) if folder::is_odd(&error) => {
                return Ok(Some(Said::Refused(error.to_string())));
            }
            print => print?,
        };
        if print.len > lines::LONGEST_LINE as u64 {
            return Ok(None);
        }
        match folder::read(&path) {
            Ok(bytes) => Ok(answer::plain(&String::from_utf8_lossy(&bytes))),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn is_answered(&self, seen: &Seen, name: &str) -> bool {
        seen.replies.answers(name)
            || match folder::print(&self.folder.written_reply(name)) {
                Ok(print) => print.len > 0,
                // Whoever waits for it must hear of it.
                Err(error) => folder::is_odd(&error),
            }
    }

    fn tidy(&self) -> io::Result<u64> {
        self.seen(|seen| {
            let locked = self.folder.lock()?;
            let gone = |_: &[u8], name: Option<&str>| {
                name.is_some_and(|name| self.is_answered(seen, name))
            };
            requests::remove(&locked, &self.folder, gone)
        })
    }

    /// Returns the requests that wait, in the order in which they were asked.
    pub(crate) fn unanswered(&self) -> io::Result<Vec<Entry>> {
        let mut asked = ledger::read(&self.folder)?;
        self.seen(|seen| {
            let mut waiting = Vec::new();
            requests::each(&self.folder.requests(), |_, name| {
                let name = name.filter(|name| !self.is_answered(seen, name));
                waiting.extend(name.and_then(|name| asked.remove(name)));
                Ok(())
            })?;
            Ok(waiting)
        })
    }

    /// Says of each of these whether it has been answered.
    pub(crate) fn answered(&self, names: &[String]) -> io::Result<Vec<bool>> {
        self.seen(|seen| {
            Ok(names
                .iter()
                .map(|name| self.is_answered(seen, name))
                .collect())
        })
    }

    fn standing(&self) -> io::Result<Standing> {
        self.seen(|seen| {
            let mut standing = Standing {
                repeated: seen.replies.repeated(),
                bad: seen.replies.bad().to_vec(),
                ..Standing::default()
            };
            requests::each(&self.folder.requests(), |_, name| {
                let answered = name.is_some_and(|name| self.is_answered(seen, name));
                standing.waiting += u64::from(!answered);
                Ok(())
            })?;
            let asked = ledger::read(&self.folder)?;
            standing.answered = asked
                .keys()
                .filter(|name| self.is_answered(seen, name))
                .count() as u64;
            standing.unknown = seen
                .replies
                .names()
                .filter(|name| !asked.contains_key(*name))
                .count() as u64;
            Ok(standing)
        })
    }
}

fn within<T>(path: &Path, act: impl FnOnce() -> io::Result<T>) -> Result<T, MailboxError> {
    act().map_err(|source| MailboxError {
        folder: path.to_owned(),
        source,
    })
}
