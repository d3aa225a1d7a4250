//! Tells which project a working directory belongs to, by reading `.git` where it stands.
//!
//! It must not spawn git, follow its include files, or let a folder that is not here borrow the
//! repository of one that is.
//!
//! A repository goes by up to three names: its remote (clones agree on it), its common git
//! directory (worktrees agree on it, and a remote that is added later joins by it), and its root
//! path (a folder that becomes a repository later joins by it). A folder without git has only its
//! path. A `.git` that cannot be read makes no repository, but still marks the root.
//!
//! A clone whose `origin` is a path on this machine goes by the names of that repository as well:
//! they are one.

mod config;
mod gitdir;
mod instructions;
mod manifest;
mod origin;
mod remote;
mod scope;
mod shell;
mod touched;

#[cfg(test)]
mod tests;

use std::fs;
use std::path::{Path, PathBuf};

use domain::{Alias, AliasKind};

pub use instructions::instructions;
pub use remote::normalised as normalised_remote;
pub use scope::package_scope;
pub use touched::touched_files;

// Deeper than any tree that people work in; it bounds the walk on a looping file system.
const MAX_LEVELS: usize = 64;

/// Where a working directory belongs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The root of its project: what paths in the project are relative to.
    pub root: PathBuf,
    /// Every name that the project goes by, strongest first; never empty.
    pub aliases: Vec<Alias>,
    /// The git directory that all worktrees of the repository share, where there is a repository.
    pub git: Option<PathBuf>,
    /// Where it lies: the folder as it was recorded and as it truly is, and the git directories that
    /// its worktrees and local clones share. Whoever keeps one of these out keeps all of it out.
    pub lies_in: Vec<String>,
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
            aliases: vec![alias(AliasKind::Path, recorded.as_str())],
            git: None,
            lies_in: vec![recorded],
        };
    };
    let ceiling = ceiling.map(|c| fs::canonicalize(c).unwrap_or_else(|_| c.to_owned()));
    let Some((root, git)) = gitdir::above(&here, ceiling.as_deref()) else {
        return folder(here, recorded);
    };
    let line = git
        .as_ref()
        .map_or_else(Vec::new, |git| origin::line(&root, git));
    let mut lies_in = vec![recorded, text(&here)];
    lies_in.extend(line.iter().map(|common| text(common)));
    Found {
        aliases: names_of(&root, &line),
        git: git.map(|git| git.common),
        lies_in: distinct(lies_in),
        root,
    }
}

/// Names a folder without git: by its true path, and by the one that was recorded.
fn folder(here: PathBuf, recorded: String) -> Found {
    let lies_in = distinct(vec![text(&here), recorded]);
    let named = lies_in
        .iter()
        .map(|path| alias(AliasKind::Path, path.as_str()));
    Found {
        aliases: named.collect(),
        root: here,
        git: None,
        lies_in,
    }
}

/// Names a repository by the nearest remote that others know, by the git directories of its line, the
/// oldest first, and by its root.
fn names_of(root: &Path, line: &[PathBuf]) -> Vec<Alias> {
    let known = |common: &PathBuf| {
        let urls = config::remotes(common);
        urls.iter().find_map(|url| remote::normalised(url))
    };
    let remote = line.iter().find_map(known);
    let mut aliases: Vec<Alias> = remote
        .map(|remote| alias(AliasKind::Remote, remote))
        .into_iter()
        .collect();
    let oldest_first = line.iter().rev();
    aliases.extend(oldest_first.map(|common| alias(AliasKind::GitDir, text(common))));
    if line.first().is_none_or(|common| common != root) {
        aliases.push(alias(AliasKind::Path, text(root)));
    }
    aliases
}

fn text(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

/// Keeps of each text the first.
fn distinct(texts: Vec<String>) -> Vec<String> {
    let mut kept: Vec<String> = Vec::with_capacity(texts.len());
    for text in texts {
        if !kept.contains(&text) {
            kept.push(text);
        }
    }
    kept
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
