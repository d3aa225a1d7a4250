//! What must not be there: the arrows whose absence keeps the rooms apart.
//!
//! Judges the manifests alone; a word in a source file is another rule's matter.

use super::Problem;
use crate::metadata::{Kind, Package};

/// A crate of the outside world, and the only rooms that may name it.
const KEEPERS: [(&str, &[&str]); 3] = [
    ("sqlx", &["store", "cli"]),
    ("async-openai", &["llm"]),
    ("rusqlite", &[]),
];

/// The room that everyone shares and that knows nobody.
const GROUND: &str = "domain";

/// Returns the arrows that should be absent.
pub(crate) fn check(members: &[&Package]) -> Vec<Problem> {
    let mut problems = Vec::new();
    for member in members {
        let path = format!(
            "{}/Cargo.toml",
            member.folder.as_deref().unwrap_or(&member.name)
        );
        for dependency in &member.dependencies {
            let name = dependency.package.as_str();
            let sibling = members.iter().any(|other| other.name == name);
            if member.name == GROUND && sibling && dependency.kind != Kind::Dev {
                let says =
                    format!("`{GROUND}` depends on no sibling, and here it depends on `{name}`");
                problems.push(Problem::in_file(&path, says));
            }
            let keepers = KEEPERS.iter().find(|(kept, _)| *kept == name);
            if let Some((_, rooms)) =
                keepers.filter(|(_, rooms)| !rooms.contains(&member.name.as_str()))
            {
                problems.push(Problem::in_file(&path, keeper_says(name, rooms)));
            }
        }
    }
    problems
}

fn keeper_says(name: &str, rooms: &[&str]) -> String {
    if rooms.is_empty() {
        return format!("no room may name `{name}`");
    }
    format!("only {} may name `{name}`", rooms.join(" and "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::{member, shown};

    fn check_one(name: &str, dependency: &str, kind: Kind, expect: &[&str]) {
        let (one, other) = (member(name, &[(dependency, kind)]), member("store", &[]));
        assert_eq!(shown(&check(&[&one, &other])), expect);
    }

    #[test]
    fn domain_knows_no_sibling() {
        let says =
            "domain/Cargo.toml: `domain` depends on no sibling, and here it depends on `store`";
        check_one("domain", "store", Kind::Normal, &[says]);
        check_one("domain", "serde", Kind::Normal, &[]);
        check_one("cli", "store", Kind::Normal, &[]);
    }

    #[test]
    fn only_its_keepers_name_an_outside_crate() {
        check_one("cli", "sqlx", Kind::Normal, &[]);
        let says = "recall/Cargo.toml: only store and cli may name `sqlx`";
        check_one("recall", "sqlx", Kind::Dev, &[says]);
        check_one(
            "cli",
            "async-openai",
            Kind::Normal,
            &["cli/Cargo.toml: only llm may name `async-openai`"],
        );
        check_one(
            "cli",
            "rusqlite",
            Kind::Normal,
            &["cli/Cargo.toml: no room may name `rusqlite`"],
        );
    }
}
