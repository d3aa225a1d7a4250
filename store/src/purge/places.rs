//! Says how a project's or a session's own names are written wherever somebody else writes of them: in
//! paths, in errors, in the log.
//!
//! Only compares texts. A name counts where it stands whole, so that a neighbour's is left alone.

use domain::{Alias, AliasKind};

/// A shorter name, such as a drive's, would be found in everything.
const LEAST: usize = 4;

/// The names by which a project or a session is written down elsewhere; none for other purges.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Places {
    names: Vec<String>,
}

impl Places {
    /// A session goes by its name alone.
    pub(crate) fn of_session(id: &str) -> Self {
        Self::of(vec![id.to_owned()])
    }

    /// A project goes by its paths and its remotes, and by the folder that its client makes of a path.
    pub(crate) fn of_project(aliases: &[Alias]) -> Self {
        let mut names = Vec::new();
        for alias in aliases {
            let value = alias.value.trim_end_matches(['/', '\\']);
            let root = value.strip_suffix("/.git").unwrap_or(value);
            if alias.kind != AliasKind::Remote {
                names.push(folder_of(root));
            }
            names.push(root.to_owned());
        }
        Self::of(names)
    }

    fn of(mut names: Vec<String>) -> Self {
        names.retain(|name| name.len() >= LEAST);
        names.sort();
        names.dedup();
        Self { names }
    }

    /// Returns whether one of the names stands in a text.
    pub fn are_in(&self, text: &str) -> bool {
        self.names.iter().any(|name| stands_in(name, text))
    }
}

/// Returns the folder's name in which Claude Code keeps the transcripts of a path.
fn folder_of(path: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() { c } else { '-' };
    path.chars().map(plain).collect()
}

fn stands_in(name: &str, text: &str) -> bool {
    text.match_indices(name).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + name.len()..].chars().next();
        !before.is_some_and(goes_on) && !after.is_some_and(goes_on)
    })
}

/// Returns whether a name that has this before or behind it is another one.
fn goes_on(c: char) -> bool {
    c.is_alphanumeric() || c == '-' || c == '_'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_projects_names_are_found_whole_and_a_neighbours_are_not() {
        let alias = |kind, value: &str| Alias {
            kind,
            value: value.to_owned(),
        };
        let shop = Places::of_project(&[
            alias(AliasKind::Path, "/srv/shop"),
            alias(AliasKind::GitDir, "/srv/my.store/.git"),
            alias(AliasKind::Remote, "github.com/acme/shop"),
        ]);
        for text in [
            "/srv/shop",
            "/srv/shop/x.jsonl is gone",
            "~/.claude/projects/-srv-shop/a.jsonl",
            "-srv-my-store",
            "see \"github.com/acme/shop\"",
        ] {
            assert!(shop.are_in(text), "{text}");
        }
        for text in [
            "/srv/shopping",
            "-srv-shop-api/a.jsonl",
            "shop",
            "/mnt/srv/shop2",
        ] {
            assert!(!shop.are_in(text), "{text}");
        }
        assert!(!Places::default().are_in("anything"));
        let root = Places::of_project(&[alias(AliasKind::Path, "/")]);
        assert_eq!(root, Places::default());
    }
}
