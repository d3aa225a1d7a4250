//! Knows which files make a folder a package.
//!
//! It only looks; it must not parse a manifest or decide what a package means.

use std::fs;
use std::path::Path;

const NAMES: [&str; 20] = [
    "package.json",
    "deno.json",
    "Cargo.toml",
    "pyproject.toml",
    "setup.py",
    "setup.cfg",
    "go.mod",
    "pom.xml",
    "build.gradle",
    "build.gradle.kts",
    "composer.json",
    "Gemfile",
    "mix.exs",
    "pubspec.yaml",
    "Package.swift",
    "build.sbt",
    "deps.edn",
    "project.clj",
    "stack.yaml",
    "CMakeLists.txt",
];

const ENDINGS: [&str; 5] = [".csproj", ".fsproj", ".vbproj", ".cabal", ".gemspec"];

// A project file stands among its sources; a folder with more entries than this holds data.
const MAX_ENTRIES: usize = 2_000;

/// Returns whether a folder is the root of a package.
pub(super) fn stands_in(dir: &Path) -> bool {
    NAMES.iter().any(|name| dir.join(name).is_file()) || has_ending(dir)
}

fn has_ending(dir: &Path) -> bool {
    let Ok(entries) = fs::read_dir(dir) else {
        return false;
    };
    entries.take(MAX_ENTRIES).flatten().any(|entry| {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        ENDINGS.iter().any(|ending| name.ends_with(ending))
    })
}
