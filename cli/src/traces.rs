//! What a purge removes from the files of the home that lie beside the store: lines of the log, and
//! notices that wait in the spool.
//!
//! Decides nothing about what goes; what is not to be touched, the person's own settings, it only names.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use jiff::Timestamp;
use serde_json::Value;
use store::{Places, Purge};

use crate::config;
use crate::home::Home;

/// What was found, or removed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Traces {
    /// Lines of the log.
    pub(crate) lines: usize,
    /// Notices of the spool, and files that had been put aside there.
    pub(crate) notices: usize,
}

/// What goes, as far as a file can tell.
pub(crate) struct Wanted<'a> {
    pub(crate) purge: &'a Purge,
    pub(crate) places: &'a Places,
}

impl Wanted<'_> {
    fn says(&self, text: &str) -> bool {
        match self.purge {
            Purge::Pattern(pattern) => pattern.is_match(text),
            Purge::Project(_) | Purge::Session(_) | Purge::Before(_) => self.places.are_in(text),
        }
    }

    /// A line of the log begins with its time.
    fn line(&self, line: &str) -> bool {
        let time = line.split_whitespace().next();
        self.says(line) || self.is_old(time.unwrap_or_default())
    }

    /// A notice is JSON, whose escapes would hide what it says.
    fn notice(&self, text: &str) -> bool {
        let notice: Value = serde_json::from_str(text).unwrap_or_default();
        let cells = notice
            .as_object()
            .into_iter()
            .flat_map(|cells| cells.values());
        let mut words = cells.filter_map(Value::as_str);
        let at = notice.get("at").and_then(Value::as_str);
        self.says(text) || words.any(|word| self.says(word)) || self.is_old(at.unwrap_or_default())
    }

    fn is_old(&self, time: &str) -> bool {
        match self.purge {
            Purge::Before(before) => time.parse::<Timestamp>().is_ok_and(|at| at < *before),
            Purge::Pattern(_) | Purge::Project(_) | Purge::Session(_) => false,
        }
    }
}

/// Removes what goes from the log and the spool.
pub(crate) fn remove(home: &Home, wanted: &Wanted<'_>) -> Result<Traces> {
    let mut gone = Traces::default();
    for path in logs(home) {
        let removed = shorten(&path, wanted);
        gone.lines += removed.with_context(|| format!("the log {}", path.display()))?;
    }
    for path in files(&home.spool()).context("the spool")? {
        let Ok(bytes) = fs::read(&path) else { continue };
        let named = wanted.says(&path.display().to_string());
        if named || wanted.notice(&String::from_utf8_lossy(&bytes)) {
            fs::remove_file(&path).with_context(|| format!("the notice {}", path.display()))?;
            gone.notices += 1;
        }
    }
    Ok(gone)
}

/// Says what of the home is the person's own, and stays although it says what goes.
pub(crate) fn stay(home: &Home, wanted: &Wanted<'_>) -> Option<String> {
    let path = home.root().join(config::FILE);
    let text = fs::read_to_string(&path).ok()?;
    wanted.says(&text).then(|| {
        format!(
            "{} says it too and stays, because you wrote it",
            path.display()
        )
    })
}

fn logs(home: &Home) -> Vec<PathBuf> {
    let log = home.log();
    let aside = log.with_extension("log.1");
    [log, aside]
        .into_iter()
        .filter(|path| path.is_file())
        .collect()
}

/// Writes a log anew without the lines that go, in place: whoever is logging holds the file open.
fn shorten(path: &Path, wanted: &Wanted<'_>) -> io::Result<usize> {
    let bytes = fs::read(path)?;
    let (mut kept, mut gone) = (Vec::new(), 0);
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        match wanted.line(&String::from_utf8_lossy(line)) {
            true => gone += 1,
            false => kept.extend_from_slice(line),
        }
    }
    if gone > 0 {
        let mut file: File = OpenOptions::new().write(true).truncate(true).open(path)?;
        file.write_all(&kept)?;
        file.sync_all()?;
    }
    Ok(gone)
}

/// Returns every file of the spool, also what was put aside.
fn files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let mut found = Vec::new();
    for entry in entries {
        let path = entry?.path();
        match (path.is_symlink(), path.is_dir()) {
            (false, true) => found.extend(files(&path)?),
            (false, false) => found.push(path),
            (true, _) => {}
        }
    }
    Ok(found)
}
