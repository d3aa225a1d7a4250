//! The house's own rules, held as a test: what no compiler and no linter knows.
//!
//! Each rule is a pure function from what was read to what is wrong; nothing is repaired.

mod absences;
mod architecture;
mod dependencies;
mod forbidden;
mod manifests;
mod pages;
mod places;
mod shape;
mod sql;

use std::fmt;
use std::fs;

use anyhow::{Context, Result, bail};
use toml::Table;

use crate::files::{self, TextFile};
use crate::metadata;
use crate::rust_text::{self, RustText};
use crate::say;
use crate::step::Task;

/// One breach of a rule: where it is, and what is wrong there in a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Problem {
    place: String,
    says: String,
}

impl Problem {
    fn in_file(path: &str, says: impl Into<String>) -> Self {
        Self {
            place: path.to_owned(),
            says: says.into(),
        }
    }

    fn on_line(path: &str, line: usize, says: impl Into<String>) -> Self {
        Self::in_file(&format!("{path}:{line}"), says)
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.says)
    }
}

/// Fails if any rule of the house is broken, naming every breach.
pub(crate) fn run(task: &Task) -> Result<()> {
    let files = files::read_all(&task.root)?;
    let sources: Vec<RustText> = files
        .iter()
        .filter(|file| file.path.ends_with(".rs"))
        .map(|file| rust_text::read(&file.path, &file.text))
        .collect();
    let mut problems: Vec<Problem> = sources.iter().flat_map(of_source).collect();
    problems.extend(pages::check(&files));
    problems.extend(places::check(&files));
    problems.extend(of_graph(task, &files, &sources)?);
    if problems.is_empty() {
        say::line(&format!("{} files keep the house's rules", files.len()));
        return Ok(());
    }
    let lines: Vec<String> = problems.iter().map(Problem::to_string).collect();
    bail!(
        "{} breaches of the house's rules\n{}",
        lines.len(),
        lines.join("\n")
    )
}

fn of_source(source: &RustText) -> Vec<Problem> {
    [
        shape::check(source),
        forbidden::check(source),
        sql::check(source),
    ]
    .concat()
}

fn of_graph(task: &Task, files: &[TextFile], sources: &[RustText]) -> Result<Vec<Problem>> {
    let graph = metadata::load(&task.root)?;
    let members: Vec<_> = graph.members().collect();
    let root = fs::read_to_string(task.root.join("Cargo.toml")).context("reading Cargo.toml")?;
    let root: Table = root.parse().context("Cargo.toml is not TOML")?;
    let mut problems = absences::check(&members);
    problems.extend(manifests::check(files, &members));
    problems.extend(dependencies::unnamed_in_sources(&members, sources));
    problems.extend(dependencies::unused_in_root(&root, &members));
    match files.iter().find(|file| file.path == architecture::PAGE) {
        Some(page) => {
            problems.extend(architecture::arrows(&page.text, &members));
            problems.extend(architecture::grounds(&page.text, &root));
        }
        None => problems.push(Problem::in_file(
            architecture::PAGE,
            "the page that shows the house is missing",
        )),
    }
    Ok(problems)
}

#[cfg(test)]
fn shown(problems: &[Problem]) -> Vec<String> {
    problems.iter().map(Problem::to_string).collect()
}

#[cfg(test)]
fn member(name: &str, dependencies: &[(&str, metadata::Kind)]) -> metadata::Package {
    let dependencies = dependencies
        .iter()
        .map(|(package, kind)| metadata::Dependency {
            package: (*package).to_owned(),
            word: package.replace('-', "_"),
            kind: *kind,
        });
    metadata::Package {
        name: name.to_owned(),
        folder: Some(name.to_owned()),
        dependencies: dependencies.collect(),
        ..metadata::Package::default()
    }
}
