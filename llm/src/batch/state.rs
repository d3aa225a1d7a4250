//! What was handed in and not yet collected: `batches.json`, replaced whole.
//!
//! Holds names alone, and no word of a request.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::mailbox::{Folder, read_file, replace};

/// What is under way.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct State {
    #[serde(default)]
    pub(super) batches: Vec<Batch>,
    /// How often a request came back without a reply.
    #[serde(default)]
    tries: BTreeMap<String, u32>,
}

/// One batch: an intent until it has an id.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Batch {
    /// Our name for it; the host keeps it in the batch's metadata.
    pub(super) name: String,
    /// The requests in it.
    pub(super) names: Vec<String>,
    /// The file of requests, once it is there.
    pub(super) file: Option<String>,
    /// The host's name for it, once it has been made.
    pub(super) id: Option<String>,
}

impl State {
    pub(super) fn tries(&self, name: &str) -> u32 {
        self.tries.get(name).copied().unwrap_or_default()
    }

    pub(super) fn tried(&mut self, name: &str) {
        *self.tries.entry(name.to_owned()).or_default() += 1;
    }

    pub(super) fn forget(&mut self, name: &str) {
        self.tries.remove(name);
    }
}

pub(super) fn read(folder: &Folder) -> io::Result<State> {
    match read_file(&path(folder)) {
        Ok(bytes) => Ok(serde_json::from_slice(&bytes)?),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(State::default()),
        Err(error) => Err(error),
    }
}

pub(super) fn write(folder: &Folder, state: &State) -> io::Result<()> {
    replace(&path(folder), |out| {
        serde_json::to_writer_pretty(&mut *out, state)?;
        out.write_all(b"\n")
    })
}

fn path(folder: &Folder) -> PathBuf {
    folder.path().join("batches.json")
}
