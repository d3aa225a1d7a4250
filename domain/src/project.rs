//! Projects: one repository under one surrogate id, however many names it goes by.
//!
//! Reading `.git` is the extractors' work; here are only the words.

use serde::{Deserialize, Serialize};

use crate::{ProjectId, digest};

/// One repository, or a folder without one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Project {
    /// The surrogate, made from the first alias that was seen.
    pub id: ProjectId,
    /// What people call it: the last part of its path or remote.
    pub name: String,
    /// Every name it is known by.
    pub aliases: Vec<Alias>,
}

impl Project {
    /// Names a project after its aliases, the strongest first; `None` without any.
    pub fn from_aliases(mut aliases: Vec<Alias>) -> Option<Self> {
        aliases.sort();
        aliases.dedup();
        let first = aliases.first()?;
        let id = ProjectId::new(digest('p', &[first.kind.as_str(), &first.value]));
        let name = aliases
            .iter()
            .map(Alias::short)
            .find(|name| !name.is_empty())?
            .to_owned();
        Some(Self { id, name, aliases })
    }
}

/// How a project was recognised, strongest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AliasKind {
    /// The normalised address of a remote: clones on several machines agree on it.
    Remote,
    /// The common git directory on this machine: worktrees agree on it.
    GitDir,
    /// The root path: all that is left for a folder without git.
    Path,
}

impl AliasKind {
    /// Returns the word that is stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Remote => "remote",
            Self::GitDir => "git-dir",
            Self::Path => "path",
        }
    }

    /// Returns the kind that a stored word names.
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Remote, Self::GitDir, Self::Path]
            .into_iter()
            .find(|kind| kind.as_str() == word)
    }
}

/// One name of a project.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Alias {
    /// What sort of name it is.
    pub kind: AliasKind,
    /// The name itself, normalised.
    pub value: String,
}

impl Alias {
    /// Returns the last part of the name that says something to a person.
    fn short(&self) -> &str {
        let value = self.value.trim_end_matches(['/', '\\']);
        let value = value.strip_suffix("/.git").unwrap_or(value);
        let last = value.rsplit(['/', '\\']).next().unwrap_or(value);
        // What stands in place of a secret has a colon of its own.
        match last.contains("[redacted:") {
            true => last,
            false => last.rsplit(':').next().unwrap_or(last),
        }
    }
}

/// A path or a project of which nothing is read, stored or sent.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Exclusion {
    /// A folder and all below it.
    Path(String),
    /// A project, wherever it lies.
    Project(ProjectId),
}

impl Exclusion {
    /// Returns whether this keeps out what lies in these folders, or belongs to this project.
    pub fn covers<'a>(
        &self,
        lies_in: impl IntoIterator<Item = &'a str>,
        project: Option<&ProjectId>,
    ) -> bool {
        match self {
            Self::Path(root) => lies_in.into_iter().any(|folder| is_below(folder, root)),
            Self::Project(id) => project == Some(id),
        }
    }
}

/// Returns whether a folder is this one or lies below it.
fn is_below(folder: &str, root: &str) -> bool {
    let separators = ['/', '\\'];
    let rest = folder.strip_prefix(root.trim_end_matches(separators));
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(separators))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn alias(kind: AliasKind, value: &str) -> Alias {
        Alias {
            kind,
            value: value.to_owned(),
        }
    }

    #[test]
    fn the_strongest_alias_names_the_project_whatever_the_order() {
        let path = alias(AliasKind::Path, "/home/ann/code/shop");
        let remote = alias(AliasKind::Remote, "github.com/acme/shop-api");
        let one = Project::from_aliases(vec![path.clone(), remote.clone()]).expect("has aliases");
        let two = Project::from_aliases(vec![remote, path]).expect("has aliases");
        assert_eq!(one, two);
        assert_eq!(one.name, "shop-api");
        assert_eq!(Project::from_aliases(Vec::new()), None);
    }

    #[test]
    fn a_folder_that_was_called_by_a_secret_is_named_by_what_stands_for_it() {
        let name = |value: &str| {
            let aliases = vec![alias(AliasKind::Path, value)];
            Project::from_aliases(aliases).expect("has an alias").name
        };
        let redacted = "/srv/[redacted:aws-access-key]";
        assert_eq!(name(redacted), "[redacted:aws-access-key]");
        assert_eq!(name(&format!("{redacted}/shop")), "shop");
        assert_eq!(name("C:\\code"), "code");
    }

    #[test]
    fn an_excluded_path_covers_what_is_below_it_and_no_neighbour() {
        let out = Exclusion::Path("/srv/secret/".to_owned());
        assert!(out.covers(["/srv/secret"], None));
        assert!(out.covers(["/srv/secret/deep"], None));
        assert!(!out.covers(["/srv/secretariat"], None));
        assert!(
            out.covers(["/home/ann/fix", "/srv/secret/.git"], None),
            "a worktree lies where its git directory lies, too"
        );
        let windows = Exclusion::Path("C:\\secret".to_owned());
        assert!(windows.covers(["C:\\secret\\deep"], None));
    }
}
