//! Reads what cargo knows about the packages of the workspace.
//!
//! Keeps only what the checks ask for; judges nothing.

use std::path::Path;

use anyhow::{Context, Result};
use serde_json::Value;

use crate::cargo;

/// Every package of the dependency graph; the workspace's own are marked.
pub(crate) struct Metadata {
    pub(crate) packages: Vec<Package>,
}

impl Metadata {
    /// Returns the workspace's own packages.
    pub(crate) fn members(&self) -> impl Iterator<Item = &Package> {
        self.packages
            .iter()
            .filter(|package| package.folder.is_some())
    }
}

/// One package.
#[derive(Debug, Clone, Default)]
pub(crate) struct Package {
    pub(crate) name: String,
    pub(crate) version: String,
    pub(crate) licence: Option<String>,
    /// Where it was downloaded from; a package of this workspace has none.
    pub(crate) source: Option<String>,
    /// The folder under the root, for the workspace's own packages.
    pub(crate) folder: Option<String>,
    pub(crate) dependencies: Vec<Dependency>,
}

/// One line of a package's dependency tables.
#[derive(Debug, Clone)]
pub(crate) struct Dependency {
    pub(crate) package: String,
    /// The word that stands in the source, which a rename may change.
    pub(crate) word: String,
    pub(crate) kind: Kind,
}

/// Which table a dependency stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Normal,
    Dev,
    Build,
}

/// Asks cargo for the graph of the workspace at `root`, on every platform there is.
pub(crate) fn load(root: &Path) -> Result<Metadata> {
    load_for(root, &[])
}

/// Asks cargo for what of the graph is built on these platforms.
pub(crate) fn load_for(root: &Path, platforms: &[String]) -> Result<Metadata> {
    let mut words = vec!["metadata", "--format-version", "1"];
    for platform in platforms {
        words.extend(["--filter-platform", platform]);
    }
    let bytes = cargo::output(&mut cargo::cargo(root, &words))?;
    let answer: Value = serde_json::from_slice(&bytes).context("cargo metadata is not JSON")?;
    Ok(from_json(&answer))
}

fn from_json(answer: &Value) -> Metadata {
    let root = text(&answer["workspace_root"]).unwrap_or_default();
    let packages = array(&answer["packages"])
        .map(|package| package_from(package, &root))
        .collect();
    Metadata { packages }
}

fn package_from(package: &Value, root: &str) -> Package {
    let source = text(&package["source"]);
    let folder = text(&package["manifest_path"])
        .filter(|_| source.is_none())
        .and_then(|path| folder_under(root, &path));
    Package {
        name: text(&package["name"]).unwrap_or_default(),
        version: text(&package["version"]).unwrap_or_default(),
        licence: text(&package["license"]),
        source,
        folder,
        dependencies: array(&package["dependencies"])
            .map(dependency_from)
            .collect(),
    }
}

fn folder_under(root: &str, manifest: &str) -> Option<String> {
    let inside = Path::new(manifest).parent()?.strip_prefix(root).ok()?;
    Some(inside.to_string_lossy().into_owned())
}

fn dependency_from(dependency: &Value) -> Dependency {
    let package = text(&dependency["name"]).unwrap_or_default();
    let word = text(&dependency["rename"]).unwrap_or_else(|| package.clone());
    let kind = match dependency["kind"].as_str() {
        Some("dev") => Kind::Dev,
        Some("build") => Kind::Build,
        _ => Kind::Normal,
    };
    Dependency {
        word: word.replace('-', "_"),
        package,
        kind,
    }
}

fn text(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}

fn array(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_renamed_dependency_is_looked_for_under_its_new_name() {
        let answer = serde_json::json!({
            "workspace_root": "/house",
            "packages": [
                { "name": "store", "version": "0.1.0", "license": "MIT", "source": null,
                  "manifest_path": "/house/store/Cargo.toml",
                  "dependencies": [{ "name": "async-openai", "rename": "open-ai", "kind": "dev" }] },
                { "name": "serde", "version": "1.0.0", "license": null, "source": "registry+x",
                  "manifest_path": "/elsewhere/serde/Cargo.toml", "dependencies": [] },
            ]
        });
        let metadata = from_json(&answer);
        let members: Vec<_> = metadata.members().collect();
        assert_eq!(members.len(), 1);
        assert_eq!(members[0].folder.as_deref(), Some("store"));
        assert_eq!(members[0].dependencies[0].word, "open_ai");
        assert_eq!(members[0].dependencies[0].kind, Kind::Dev);
    }
}
