//! Holds project identity to what people expect of clones, worktrees, folders and foreign paths.
//!
//! Every repository here is written by hand: no git runs.

mod local_clones;
mod names;
mod packages;
mod remotes;

use std::fs;
use std::path::{Path, PathBuf};

use domain::{Alias, AliasKind};
use tempfile::TempDir;

/// A folder to build repositories in, by its canonical path.
struct Disk {
    _held: TempDir,
    root: PathBuf,
}

impl Disk {
    fn new() -> Self {
        let held = tempfile::tempdir().expect("a temporary folder");
        let root = fs::canonicalize(held.path()).expect("it exists");
        Self { _held: held, root }
    }

    fn path(&self, path: &str) -> PathBuf {
        self.root.join(path)
    }

    fn text(&self, path: &str) -> String {
        self.path(path).to_string_lossy().into_owned()
    }

    fn folder(&self, path: &str) -> PathBuf {
        let folder = self.path(path);
        fs::create_dir_all(&folder).expect("a folder");
        folder
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "a fixture in a folder of its own"
    )]
    fn file(&self, path: &str, text: &str) -> PathBuf {
        let file = self.path(path);
        fs::create_dir_all(file.parent().expect("below the root")).expect("a folder");
        fs::write(&file, text).expect("a file");
        file
    }

    /// Writes a git directory with a config.
    fn git(&self, dir: &str, config: &str) {
        self.file(&format!("{dir}/HEAD"), "ref: refs/heads/main\n");
        self.file(&format!("{dir}/config"), config);
        self.folder(&format!("{dir}/objects"));
        self.folder(&format!("{dir}/refs"));
    }

    /// Writes what `git worktree add` leaves behind.
    fn worktree(&self, repository: &str, name: &str, at: &str) {
        let inner = format!("{repository}/.git/worktrees/{name}");
        self.file(&format!("{inner}/HEAD"), "ref: refs/heads/x\n");
        self.file(&format!("{inner}/commondir"), "../..\n");
        let pointer = format!("gitdir: {}\n", self.text(&inner));
        self.file(&format!("{at}/.git"), &pointer);
    }
}

fn origin(url: &str) -> String {
    format!("[core]\n\tbare = false\n[remote \"origin\"]\n\turl = {url}\n\tfetch = +refs/*\n")
}

fn of_kind(aliases: &[Alias], kind: AliasKind) -> Vec<String> {
    let same = aliases.iter().filter(|alias| alias.kind == kind);
    same.map(|alias| alias.value.clone()).collect()
}

fn named(cwd: &Path) -> Vec<Alias> {
    super::aliases(cwd, None)
}
