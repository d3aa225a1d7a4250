//! Finds snapshot files that no test looked at, and snapshots nobody has decided on.
//!
//! insta notes the snapshots it read; this module only compares, and deletes nothing.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

/// The variable under which insta is told where to note the snapshots it read.
pub(crate) const NOTES_VARIABLE: &str = "INSTA_SNAPSHOT_REFERENCES_FILE";

/// Returns a fresh place for those notes.
pub(crate) fn notes(root: &Path) -> Result<PathBuf> {
    let path = root.join("target").join("snapshots-read.txt");
    if path.exists() {
        fs::remove_file(&path).with_context(|| format!("removing {}", path.display()))?;
    }
    Ok(path)
}

/// Fails if a snapshot file of the workspace stands in none of the notes.
pub(crate) fn reject_unread(root: &Path, notes: &Path) -> Result<()> {
    // No test that reads a snapshot from a file leaves no notes at all.
    let notes = fs::read_to_string(notes).unwrap_or_default();
    let read: BTreeSet<PathBuf> = notes
        .lines()
        .filter_map(|line| fs::canonicalize(line).ok())
        .collect();
    let unread = unread(&present(root)?, &read);
    ensure!(
        unread.is_empty(),
        "no test reads these snapshots; delete them:\n{}",
        unread.join("\n")
    );
    Ok(())
}

fn present(root: &Path) -> Result<Vec<PathBuf>> {
    let files = crate::files::read_all(root)?;
    let snapshots = files.iter().filter(|file| file.path.ends_with(".snap"));
    snapshots
        .map(|file| fs::canonicalize(root.join(&file.path)).with_context(|| file.path.clone()))
        .collect()
}

fn unread(present: &[PathBuf], read: &BTreeSet<PathBuf>) -> Vec<String> {
    let unread = present.iter().filter(|path| !read.contains(*path));
    unread.map(|path| path.display().to_string()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_snapshot_that_no_test_reads_is_named() {
        let present = [PathBuf::from("/a.snap"), PathBuf::from("/b.snap")];
        let read = BTreeSet::from([PathBuf::from("/a.snap")]);
        assert_eq!(unread(&present, &read), ["/b.snap"]);
        assert!(unread(&present[..1], &read).is_empty());
    }
}
