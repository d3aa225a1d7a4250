//! The home: one folder that holds everything, closed to everybody else.
//!
//! Knows paths and permissions; what stands in the files, others know.

use std::io;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use etcetera::BaseStrategy;

use crate::environment;

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

    /// Makes the folder, readable by its owner alone.
    pub(crate) fn make(&self) -> Result<()> {
        make_private(&self.root)
            .and_then(|()| make_private(&self.spool()))
            .with_context(|| format!("the home {} cannot be made", self.root.display()))
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
