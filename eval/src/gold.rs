//! Reads labelled sessions: what a good engineer would keep of them, and what must not be kept.
//!
//! The labels stay outside the repository. Nothing here says how well any model extracts.

mod ideal;
mod quotes;
mod session;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use domain::{Kind, Scope, TurnId};
use serde::Deserialize;

pub(crate) use ideal::{Plan, plan, reply, tellers};
pub(crate) use quotes::one_spaced;
pub(crate) use session::{Labelled, labelled};

/// A claim that is to be kept or not, with the turns it rests on.
#[derive(Clone, Debug)]
pub(crate) struct Claim {
    /// What the label is called.
    pub(crate) id: String,
    /// Why it must not be kept; `None`: it is to be kept.
    pub(crate) against: Option<String>,
    pub(crate) kind: Kind,
    pub(crate) scope: Scope,
    pub(crate) what: String,
    pub(crate) when: String,
    pub(crate) does: String,
    pub(crate) warn: String,
    /// The turns of its lines, each with words of it.
    pub(crate) quotes: Vec<Quoted>,
}

/// Words of a turn.
#[derive(Clone, Debug)]
pub(crate) struct Quoted {
    pub(crate) turn: TurnId,
    pub(crate) words: String,
}

/// A file of labels, as it is written.
#[derive(Deserialize)]
struct File {
    source_file: String,
    positives: Vec<Label>,
    negatives: Vec<Label>,
}

#[derive(Deserialize)]
struct Label {
    id: String,
    #[serde(rename = "type")]
    kind: Option<Kind>,
    scope: Option<Scope>,
    #[serde(default)]
    what: String,
    #[serde(default)]
    when: String,
    #[serde(default, rename = "do")]
    does: String,
    #[serde(default)]
    warn: String,
    #[serde(default)]
    must_not_keep: String,
    reason: Option<String>,
    evidence: Vec<Line>,
}

#[derive(Deserialize)]
struct Line {
    uuid: Option<String>,
    excerpt: String,
}

/// Returns the files of labels in a folder, in the order of their names.
fn files(folder: &Path) -> Result<Vec<File>> {
    let gold = folder.join("gold");
    let entries =
        std::fs::read_dir(&gold).with_context(|| format!("{} cannot be listed", gold.display()))?;
    let paths: std::io::Result<Vec<PathBuf>> = entries.map(|entry| Ok(entry?.path())).collect();
    let mut paths = paths?;
    paths.retain(|path| path.extension().is_some_and(|end| end == "json"));
    paths.sort();
    let mut files = Vec::new();
    for path in paths {
        let text = std::fs::read_to_string(&path).with_context(|| path.display().to_string())?;
        let value: serde_json::Value =
            serde_json::from_str(&text).with_context(|| path.display().to_string())?;
        // What lies beside the labels has no session of its own.
        if value.get("source_file").is_some() {
            let file = serde_json::from_value(value).with_context(|| path.display().to_string())?;
            files.push(file);
        }
    }
    if files.is_empty() {
        bail!("{} holds no labels", gold.display());
    }
    Ok(files)
}
