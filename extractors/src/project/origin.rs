//! Follows a clone to the repository on this machine that it was made from.
//!
//! It must not follow any remote but the one that `git clone` wrote: others may be other
//! repositories. It asks the file system alone, and no git.

use std::fs;
use std::path::{Path, PathBuf};

use super::config;
use super::gitdir::{self, GitDir};

// A clone of a clone of a clone: nobody keeps longer lines, and two may name each other.
const MOST: usize = 8;

/// Returns the common git directories of a repository and of those it descends from, itself first.
pub(super) fn line(root: &Path, git: &GitDir) -> Vec<PathBuf> {
    let mut line = vec![git.common.clone()];
    let mut root = root.to_owned();
    while let Some((above, git)) = line.last().and_then(|last| before(&root, last)) {
        if line.contains(&git.common) || line.len() == MOST {
            break;
        }
        line.push(git.common);
        root = above;
    }
    line
}

/// Returns the repository that this one was cloned from, if it lies on this machine.
fn before(root: &Path, common: &Path) -> Option<(PathBuf, GitDir)> {
    let path = local(&config::origin(common)?, root)?;
    // git looks for `shop` and then for `shop.git`.
    let mut with_ending = path.clone().into_os_string();
    with_ending.push(".git");
    [path, PathBuf::from(with_ending)]
        .iter()
        .filter_map(|path| fs::canonicalize(path).ok())
        .find_map(|path| gitdir::whole(&path))
}

/// Returns the path that a remote's address means, if it means one here.
fn local(url: &str, root: &Path) -> Option<PathBuf> {
    let url = url.trim();
    if let Some(rest) = url.strip_prefix("file://") {
        let path = rest.strip_prefix("localhost").unwrap_or(rest);
        return path.starts_with('/').then(|| PathBuf::from(path));
    }
    // git tells a path from `host:path` by what comes first, a slash or a colon.
    let first = url.split('/').next()?;
    (!url.is_empty() && !first.contains(':')).then(|| root.join(url))
}
