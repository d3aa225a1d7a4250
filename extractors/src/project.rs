//! Tells which project a working directory belongs to, by reading `.git` where it stands.
//!
//! It must not spawn git, follow its include files, or let a folder that is not here borrow the
//! repository of one that is.
//!
//! A repository goes by up to three names: its remote (clones agree on it), its common git
//! directory (worktrees agree on it, and a remote that is added later joins by it), and its root
//! path (a folder that becomes a repository later joins by it). A folder without git has only its
//! path. A `.git` that cannot be read makes no repository, but still marks the root.

mod config;
mod gitdir;
mod manifest;
mod remote;
mod scope;
mod shell;
mod touched;

#[cfg(test)]
mod tests;

use std::fs;
use std::path::{Path, PathBuf};

use domain::{Alias, AliasKind};

pub use remote::normalised as normalised_remote;
pub use scope::package_scope;
pub use touched::touched_files;

use gitdir::GitDir;

// Deeper than any tree that people work in; it bounds the walk on a looping file system.
const MAX_LEVELS: usize = 64;

/// Where a working directory belongs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The root of its project: what paths in the project are relative to.
    pub root: PathBuf,
    /// Every name that the project goes by, strongest first; never empty.
    pub aliases: Vec<Alias>,
}

/// Returns every name of the project that a recorded working directory belongs to, strongest first.
///
/// The ceiling is the person's home: a repository there (dotfiles, as a rule) or above it is the
/// project of that very folder alone, and no umbrella over everything below.
pub fn aliases(cwd: &Path, ceiling: Option<&Path>) -> Vec<Alias> {
    locate(cwd, ceiling).aliases
}

/// Returns the root and the names of the project that a recorded working directory belongs to.
pub fn locate(cwd: &Path, ceiling: Option<&Path>) -> Found {
    let recorded = plain(&cwd.to_string_lossy());
    let Some(here) = existing(cwd) else {
        // Recorded on another machine, or gone: the text is all that is known.
        return Found {
            root: PathBuf::from(&recorded),
            aliases: vec![alias(AliasKind::Path, recorded)],
        };
    };
    let ceiling = ceiling.map(|c| fs::canonicalize(c).unwrap_or_else(|_| c.to_owned()));
    match gitdir::above(&here, ceiling.as_deref()) {
        Some((root, git)) => Found {
            aliases: names_of(&root, git.as_ref()),
            root,
        },
        None => folder(here, recorded),
    }
}

/// Names a folder without git: by its true path, and by the one that was recorded.
fn folder(here: PathBuf, recorded: String) -> Found {
    let mut aliases = vec![alias(AliasKind::Path, here.to_string_lossy())];
    if aliases[0].value != recorded {
        aliases.push(alias(AliasKind::Path, recorded));
    }
    Found {
        root: here,
        aliases,
    }
}

fn names_of(root: &Path, git: Option<&GitDir>) -> Vec<Alias> {
    let mut aliases = Vec::new();
    if let Some(git) = git {
        let remote = config::remotes(&git.common)
            .iter()
            .find_map(|url| remote::normalised(url));
        aliases.extend(remote.map(|remote| alias(AliasKind::Remote, remote)));
        aliases.push(alias(AliasKind::GitDir, git.common.to_string_lossy()));
    }
    if git.is_none_or(|git| git.common != root) {
        aliases.push(alias(AliasKind::Path, root.to_string_lossy()));
    }
    aliases
}

fn existing(cwd: &Path) -> Option<PathBuf> {
    let there = cwd.is_absolute() && cwd.is_dir();
    there.then(|| fs::canonicalize(cwd).ok()).flatten()
}

fn alias(kind: AliasKind, value: impl Into<String>) -> Alias {
    Alias {
        kind,
        value: value.into(),
    }
}

/// Returns a recorded path without doubled, dotted or closing separators; nothing is resolved.
fn plain(path: &str) -> String {
    let path = path.trim();
    let mut out = String::with_capacity(path.len());
    for (index, part) in path.split('/').enumerate() {
        if index > 0 && (part.is_empty() || part == ".") {
            continue;
        }
        if index > 0 {
            out.push('/');
        }
        out.push_str(part);
    }
    let kept = out.trim_end_matches(['/', '\\']).len();
    match kept {
        0 if path.starts_with('/') => "/".to_owned(),
        _ => {
            out.truncate(kept);
            out
        }
    }
}
