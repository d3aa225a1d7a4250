//! Finds the git directory of a folder: a `.git` folder, the file that points to one, or a bare one.
//!
//! It must not trust a pointer further than to a folder that looks like a git directory.

use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

use super::MAX_LEVELS;

// git's own pointers are a line long and a config some kilobytes; what is larger is not read.
const MAX_BYTES: u64 = 1 << 20;

/// A git directory that was found.
#[derive(Debug)]
pub(super) struct GitDir {
    /// The directory that all worktrees share, canonical.
    pub(super) common: PathBuf,
}

/// Walks up from a canonical folder to the first repository that may claim it.
///
/// Returns the root with its git directory, or with none where `.git` is there and broken.
pub(super) fn above(here: &Path, ceiling: Option<&Path>) -> Option<(PathBuf, Option<GitDir>)> {
    let levels = here.ancestors().take(MAX_LEVELS);
    let claims = |level: &&Path| *level == here || !is_umbrella(level, ceiling);
    levels.filter(claims).find_map(at)
}

/// Says whether a folder is one under which unrelated work lies side by side.
fn is_umbrella(level: &Path, ceiling: Option<&Path>) -> bool {
    level.parent().is_none() || ceiling.is_some_and(|ceiling| ceiling.starts_with(level))
}

/// Returns the repository that stands at this very folder, if it is whole.
pub(super) fn whole(level: &Path) -> Option<(PathBuf, GitDir)> {
    let (root, git) = at(level)?;
    Some((root, git?))
}

/// Looks for a repository at this very level.
fn at(level: &Path) -> Option<(PathBuf, Option<GitDir>)> {
    let dot_git = level.join(".git");
    match fs::metadata(&dot_git) {
        Ok(found) if found.is_dir() => Some((level.to_owned(), open(&dot_git))),
        Ok(found) if found.is_file() => {
            let git = pointer(&dot_git).and_then(|to| open(&level.join(to)));
            Some((level.to_owned(), git))
        }
        // A socket or a pipe of that name, or a link to nowhere: broken, and still a mark.
        Ok(_) => Some((level.to_owned(), None)),
        Err(_) if fs::symlink_metadata(&dot_git).is_ok() => Some((level.to_owned(), None)),
        Err(_) => inside(level),
    }
}

/// Recognises a bare repository, or a walk that began inside `.git`.
fn inside(level: &Path) -> Option<(PathBuf, Option<GitDir>)> {
    let whole = ["objects", "refs"].iter().all(|d| level.join(d).is_dir());
    if !whole || !level.join("HEAD").is_file() {
        return None;
    }
    Some((level.to_owned(), open(level)))
}

/// Reads the line `gitdir: PATH` of a worktree's or submodule's `.git`.
fn pointer(file: &Path) -> Option<PathBuf> {
    let text = read(file)?;
    let path = text.lines().next()?.strip_prefix("gitdir:")?.trim();
    (!path.is_empty()).then(|| PathBuf::from(path))
}

/// Opens a git directory and goes on to the common one; `None` when either does not look like one.
fn open(dir: &Path) -> Option<GitDir> {
    let looks_right = |dir: &Path| dir.join("HEAD").is_file() || dir.join("config").is_file();
    if !looks_right(dir) {
        return None;
    }
    let common = match read(&dir.join("commondir")) {
        Some(text) => fs::canonicalize(dir.join(text.trim())).ok()?,
        None => fs::canonicalize(dir).ok()?,
    };
    looks_right(&common).then_some(GitDir { common })
}

/// Reads a small regular file; whatever else stands there is not waited for.
pub(super) fn read(path: &Path) -> Option<String> {
    let found = fs::metadata(path).ok()?;
    if !found.is_file() || found.len() > MAX_BYTES {
        return None;
    }
    let mut bytes = Vec::new();
    let file = File::open(path).ok()?;
    file.take(MAX_BYTES).read_to_end(&mut bytes).ok()?;
    Some(String::from_utf8_lossy(&bytes).into_owned())
}
