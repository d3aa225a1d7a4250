//! The home: one folder that holds everything, closed to everybody else.
//!
//! Knows paths and permissions; what stands in the files, others know.

use std::fs::Metadata;
use std::io;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use etcetera::BaseStrategy;

use crate::environment;

/// What stands in a home; a folder that holds anything else, and no store of ours, is somebody's.
const OURS: [&str; 6] = [
    "batches",
    "claude-cli",
    "config.toml",
    "mailbox",
    "spool",
    "worker.lock",
];

/// The folder that holds everything.
#[derive(Clone, Debug)]
pub(crate) struct Home {
    root: PathBuf,
}

impl Home {
    /// Finds the home: the flag, else the environment, else the platform's data folder.
    pub(crate) fn find(flag: Option<&Path>) -> Result<Self> {
        let root = match flag.map(Path::to_path_buf).or_else(environment::home) {
            Some(root) => root,
            None => etcetera::choose_base_strategy()
                .context("no home directory is set; name one with --home")?
                .data_dir()
                .join("dormouse"),
        };
        let root = std::path::absolute(&root)
            .with_context(|| format!("{} is no usable path", root.display()))?;
        Ok(Self { root })
    }

    /// Takes this folder as the home.
    pub(crate) fn at(root: &Path) -> Self {
        Self {
            root: root.to_path_buf(),
        }
    }

    /// Makes the folder, readable by its owner alone. One that is there and is somebody's is refused:
    /// closed to everybody else, a shared folder would be of no use to anybody.
    pub(crate) fn make(&self) -> Result<()> {
        if let Some(why) = self.is_anothers() {
            bail!(
                "{} cannot be the home, because {why}; name a folder of its own, such as {}",
                self.root.display(),
                self.root.join("dormouse").display()
            );
        }
        make_private(&self.root)
            .and_then(|()| make_private(&self.spool()))
            .with_context(|| format!("the home {} cannot be made", self.root.display()))
    }

    /// Returns whether nothing was ever kept here.
    pub(crate) fn is_new(&self) -> bool {
        !self.database().exists()
    }

    fn is_anothers(&self) -> Option<String> {
        // What cannot be looked at cannot be made either, and that is said then.
        let folder = std::fs::metadata(&self.root).ok()?;
        if !folder.is_dir() {
            return None;
        }
        if !is_own(&folder) {
            return Some("it belongs to somebody else".to_owned());
        }
        let store = std::fs::symlink_metadata(self.database());
        if store.is_ok_and(|store| store.is_file() && is_own(&store)) {
            return None;
        }
        let mut inside = std::fs::read_dir(&self.root).ok()?.flatten();
        let other = inside.find(|entry| !is_ours(&entry.file_name().to_string_lossy()))?;
        let name = other.file_name().to_string_lossy().into_owned();
        Some(format!("it holds other things, such as {name}"))
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    pub(crate) fn database(&self) -> PathBuf {
        self.root.join("dormouse.db")
    }

    pub(crate) fn spool(&self) -> PathBuf {
        self.root.join("spool")
    }

    pub(crate) fn lock(&self) -> PathBuf {
        self.root.join("worker.lock")
    }

    pub(crate) fn log(&self) -> PathBuf {
        self.root.join("dormouse.log")
    }
}

fn is_ours(name: &str) -> bool {
    name.starts_with("dormouse.") || OURS.contains(&name)
}

#[cfg(unix)]
fn is_own(file: &Metadata) -> bool {
    std::os::unix::fs::MetadataExt::uid(file) == rustix::process::geteuid().as_raw()
}

#[cfg(not(unix))]
fn is_own(_file: &Metadata) -> bool {
    true
}

fn make_private(folder: &Path) -> io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)?;
    #[cfg(unix)]
    {
        let mode = std::os::unix::fs::PermissionsExt::from_mode(0o700);
        std::fs::set_permissions(folder, mode)?;
    }
    Ok(())
}
