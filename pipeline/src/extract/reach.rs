//! How far a lesson reaches that names no reach itself: the package that was worked in, or the whole.
//!
//! Looks at what was touched and said, never at the disk beyond the project's own manifests.

use std::path::Path;

use domain::{Evidence, Scope, Turn};
use extractors::project;

/// Returns the package that the cited turns touched or were said in, or the whole project.
pub(super) fn reach(evidence: &[Evidence], turns: &[Turn], root: &Path) -> Scope {
    // "In this repository we use tabs" is about the whole, wherever it was said.
    let whole = [
        "repository",
        "repo",
        "codebase",
        "monorepo",
        "project",
        "everywhere",
    ];
    let names_whole = evidence.iter().any(|quote| {
        let quote = quote.quote.to_lowercase();
        let words: Vec<&str> = quote.split(|c: char| !c.is_alphanumeric()).collect();
        words.iter().any(|word| whole.contains(word))
            || words.windows(2).any(|pair| pair == ["all", "packages"])
    });
    if names_whole {
        return Scope::Project;
    }
    let cited = turns
        .iter()
        .filter(|turn| evidence.iter().any(|quote| quote.turn == turn.id));
    let (mut files, mut folders) = (Vec::new(), Vec::new());
    for turn in cited {
        let cwd = turn.place.cwd.as_deref().unwrap_or_default();
        files.extend(project::touched_files(turn, cwd));
        folders.push(format!("{cwd}/"));
    }
    let places = if files.is_empty() { folders } else { files };
    project::package_scope(&places, root).unwrap_or(Scope::Project)
}
