//! Finds the package that a lesson is about, from the files that its evidence touched.
//!
//! It must not narrow on a guess: files of two packages, or of none, mean the whole project.
//!
//! The nearest package root that all files share is the scope; the repository's own root is the
//! project. Where the tree is not on this machine, the customary folders of monorepos
//! (`packages/x`, `apps/x`, …) stand in for manifests. Files outside the root and installed
//! dependencies say nothing.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

use domain::Scope;

use super::{MAX_LEVELS, manifest};

const CUSTOMARY: [&str; 9] = [
    "packages", "apps", "crates", "services", "libs", "modules", "plugins", "projects", "examples",
];

const INSTALLED: [&str; 6] = [
    "node_modules",
    ".venv",
    "venv",
    "site-packages",
    ".git",
    "target",
];

/// Returns the scope that the touched files share, or `None` when none of them lies in the root.
///
/// Files are absolute or relative to the root; a folder ends with `/`.
pub fn package_scope(files: &[String], root: &Path) -> Option<Scope> {
    let root_text = slashed(&root.to_string_lossy());
    let mut packages = Packages::of(root);
    let mut shared: Option<Vec<String>> = None;
    for file in files {
        let Some(folder) = folder_of(file, &root_text, root) else {
            continue;
        };
        let roots = packages.above(&folder);
        shared = Some(match shared {
            None => roots,
            Some(mut so_far) => {
                so_far.retain(|known| roots.contains(known));
                so_far
            }
        });
    }
    let nearest = shared?.into_iter().next();
    Some(nearest.map_or(Scope::Project, Scope::Path))
}

/// Returns the folder of a file, relative to the root and resolved, or `None` outside of it.
fn folder_of(file: &str, root_text: &str, root: &Path) -> Option<String> {
    let file = slashed(file);
    let relative = match is_absolute(&file) {
        false => file.clone(),
        true => within(&file, root_text).or_else(|| through_links(&file, root))?,
    };
    let mut parts: Vec<&str> = Vec::new();
    for part in relative.split('/').take(MAX_LEVELS) {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            _ => parts.push(part),
        }
    }
    if !relative.ends_with('/') {
        parts.pop();
    }
    let installed = parts.iter().any(|part| INSTALLED.contains(part));
    (!installed).then(|| parts.join("/"))
}

fn within(file: &str, root: &str) -> Option<String> {
    let rest = file.strip_prefix(root.trim_end_matches('/'))?;
    match rest {
        "" => Some(String::new()),
        _ => rest.strip_prefix('/').map(ToOwned::to_owned),
    }
}

/// Tries a file that was named through a symbolic link to the root.
fn through_links(file: &str, root: &Path) -> Option<String> {
    let folder = match file.strip_suffix('/') {
        Some(folder) => Path::new(folder),
        None => Path::new(file).parent()?,
    };
    let real = fs::canonicalize(folder).ok()?;
    let inside = real.strip_prefix(root).ok()?;
    Some(format!("{}/", slashed(&inside.to_string_lossy())))
}

fn is_absolute(file: &str) -> bool {
    let drive = file.as_bytes().get(1) == Some(&b':');
    file.starts_with(['/', '~']) || drive
}

fn slashed(path: &str) -> String {
    match path.contains('/') {
        true => path.to_owned(),
        false => path.replace('\\', "/"),
    }
}

/// Which folders of a tree are packages, looked up once each.
struct Packages {
    /// The root, where it is on this machine.
    root: Option<PathBuf>,
    known: HashMap<String, bool>,
}

impl Packages {
    fn of(root: &Path) -> Self {
        Self {
            root: root.is_dir().then(|| root.to_owned()),
            known: HashMap::new(),
        }
    }

    /// Returns every package root at or above a folder, the nearest first, the tree's root left out.
    fn above(&mut self, folder: &str) -> Vec<String> {
        let here = self.root.as_ref().is_some_and(|r| r.join(folder).is_dir());
        if !here {
            return customary(folder).into_iter().collect();
        }
        let mut roots = Vec::new();
        let mut rest = folder;
        while !rest.is_empty() {
            if self.is_package(rest) {
                roots.push(rest.to_owned());
            }
            rest = rest.rsplit_once('/').map_or("", |(parent, _)| parent);
        }
        roots
    }

    fn is_package(&mut self, folder: &str) -> bool {
        if let Some(known) = self.known.get(folder) {
            return *known;
        }
        let root = self.root.as_deref();
        let found = root.is_some_and(|root| manifest::stands_in(&root.join(folder)));
        self.known.insert(folder.to_owned(), found);
        found
    }
}

/// Returns the package that a path names by custom alone: only at the top, where it is one.
fn customary(folder: &str) -> Option<String> {
    let mut parts = folder.split('/');
    let (group, package) = (parts.next()?, parts.next()?);
    CUSTOMARY
        .contains(&group)
        .then(|| format!("{group}/{package}"))
}
