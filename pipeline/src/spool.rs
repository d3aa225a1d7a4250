//! The spool: notices that hooks leave, folded into the queue.
//!
//! A notice is removed only after what it says stands in the queue; a crash between repeats it. What
//! is no notice is put aside for a person to look at, and is nobody's hindrance.

mod odd;

use std::io;
use std::path::{Path, PathBuf};

use domain::{Author, Changes, Format, Job, NextJob, Notice, Queue, Source, StoreError};
use jiff::Timestamp;
use tracing::warn;

use crate::WorkError;
pub use odd::ODD;

/// A notice larger than this is none of ours: real ones have some 300 bytes.
const NOTICE_BYTES: u64 = 64 * 1024;

/// What folding the spool came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Folded {
    /// Notices that were taken in.
    pub taken: usize,
    /// Files that are no notices, and were put aside.
    pub broken: usize,
}

/// Takes every notice of the spool into the queue, then removes it.
pub async fn fold(queue: &dyn Queue, spool: &Path, now: Timestamp) -> Result<Folded, WorkError> {
    let unreadable = |source| WorkError::Spool {
        path: spool.display().to_string(),
        source,
    };
    let files = files(spool).map_err(unreadable)?;
    let mut folded = Folded::default();
    let mut notices = Vec::new();
    for path in files {
        match read(&path) {
            Some(notice) => notices.push((path, notice)),
            None => {
                folded.broken += 1;
                if let Err(error) = odd::put_aside(spool, &path) {
                    warn!("{} cannot be put aside: {error}", path.display());
                }
            }
        }
    }
    folded.taken = notices.len();
    enqueue(queue, notices.iter().map(|(_, notice)| notice), now).await?;
    for (path, _) in notices {
        // Left behind it is only taken in once more, and that changes nothing.
        let _ = std::fs::remove_file(path);
    }
    Ok(folded)
}

async fn enqueue(
    queue: &dyn Queue,
    notices: impl Iterator<Item = &Notice>,
    now: Timestamp,
) -> Result<(), StoreError> {
    let mut changes = Changes::at(now);
    for notice in notices.filter(|notice| !notice.transcript.is_empty()) {
        let source = Source::unread(&notice.transcript, Format::ClaudeCodeJsonl);
        let job = Job::Ingest {
            source: source.id.clone(),
        };
        if !changes.sources.contains(&source) {
            changes.next.push(NextJob { job, due: now });
            changes.sources.push(source);
        }
    }
    if changes.next.is_empty() {
        return Ok(());
    }
    queue.apply(&changes, &Author::Worker).await.map(|_| ())
}

fn files(spool: &Path) -> io::Result<Vec<PathBuf>> {
    let entries = match std::fs::read_dir(spool) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let paths: io::Result<Vec<PathBuf>> = entries.map(|entry| Ok(entry?.path())).collect();
    let mut paths = paths?;
    // Hooks write under another ending and rename, so what ends in `.json` is whole.
    paths.retain(|path| path.extension().is_some_and(|ending| ending == "json"));
    paths.sort();
    Ok(paths)
}

fn read(path: &Path) -> Option<Notice> {
    let metadata = std::fs::symlink_metadata(path).ok()?;
    if !metadata.is_file() || metadata.len() > NOTICE_BYTES {
        return None;
    }
    serde_json::from_slice(&std::fs::read(path).ok()?).ok()
}
