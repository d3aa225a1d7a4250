//! Holds the page that shows the house against the house.
//!
//! Reads two places of it: the block of arrows, and the table of what we stand on.

use std::collections::BTreeSet;

use toml::Table;

use super::Problem;
use super::dependencies::outside;
use crate::metadata::{Kind, Package};

/// The page that shows the house.
pub(crate) const PAGE: &str = "docs/ARCHITECTURE.md";

const FENCE: &str = "```arrows";
const GROUNDS: &str = "What we stand on";

/// Returns the arrows that the page lacks, and those it draws without need.
pub(crate) fn arrows(page: &str, members: &[&Package]) -> Vec<Problem> {
    let Some(drawn) = drawn(page) else {
        return vec![Problem::in_file(
            PAGE,
            format!("there is no block that opens with {FENCE}"),
        )];
    };
    let real = real(members);
    let says = |(from, to): &(String, String), why| format!("the arrow `{from} -> {to}` {why}");
    let lacks = real
        .difference(&drawn)
        .map(|arrow| says(arrow, "is in the manifests and not here"));
    let surplus = drawn
        .difference(&real)
        .map(|arrow| says(arrow, "is here and not in the manifests"));
    lacks
        .chain(surplus)
        .map(|says| Problem::in_file(PAGE, says))
        .collect()
}

/// Returns the dependencies of the workspace for which the page gives no reason.
pub(crate) fn grounds(page: &str, root: &Table) -> Vec<Problem> {
    let Some(section) = section(page, GROUNDS) else {
        return vec![Problem::in_file(
            PAGE,
            format!("there is no section \"{GROUNDS}\""),
        )];
    };
    outside(root)
        .filter(|name| !section.contains(&format!("`{name}`")))
        .map(|name| Problem::in_file(PAGE, format!("\"{GROUNDS}\" does not name `{name}`")))
        .collect()
}

type Arrows = BTreeSet<(String, String)>;

fn drawn(page: &str) -> Option<Arrows> {
    let (_, rest) = page.split_once(FENCE)?;
    let (block, _) = rest.split_once("```")?;
    let line = |line: &str| {
        let (from, to) = line.split_once("->").unwrap_or((line, ""));
        let from = from.trim().to_owned();
        to.split_whitespace()
            .map(|to| (from.clone(), to.to_owned()))
            .collect::<Vec<_>>()
    };
    Some(block.lines().flat_map(line).collect())
}

fn real(members: &[&Package]) -> Arrows {
    let mut arrows = Arrows::new();
    for member in members {
        let normal = member
            .dependencies
            .iter()
            .filter(|dependency| dependency.kind == Kind::Normal);
        let siblings = normal
            .filter(|dependency| members.iter().any(|other| other.name == dependency.package));
        arrows.extend(siblings.map(|dependency| (member.name.clone(), dependency.package.clone())));
    }
    arrows
}

/// Returns the text from a heading to the next one of its level or above.
fn section<'a>(page: &'a str, heading: &str) -> Option<&'a str> {
    let level = |line: &str| line.bytes().take_while(|byte| *byte == b'#').count();
    let mut at = 0;
    let mut start = None;
    for line in page.split_inclusive('\n') {
        match start {
            None if level(line) > 0 && line.contains(heading) => start = Some((at, level(line))),
            Some((from, top)) if level(line) > 0 && level(line) <= top => {
                return Some(&page[from..at]);
            }
            _ => {}
        }
        at += line.len();
    }
    start.map(|(from, _)| &page[from..])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::{member, shown};

    fn check_arrows(page: &str, expect: &[&str]) {
        let cli = member(
            "cli",
            &[
                ("store", Kind::Normal),
                ("anyhow", Kind::Normal),
                ("tests", Kind::Dev),
            ],
        );
        let (store, tests) = (member("store", &[]), member("tests", &[]));
        assert_eq!(
            shown(&arrows(page, &[&cli, &store, &tests])),
            expect,
            "{page}"
        );
    }

    #[test]
    fn the_page_draws_exactly_the_arrows_that_are_there() {
        check_arrows("```arrows\nstore\ncli -> store\n```\n", &[]);
        check_arrows(
            "```arrows\ncli ->\n```\n",
            &["docs/ARCHITECTURE.md: the arrow `cli -> store` is in the manifests and not here"],
        );
        check_arrows(
            "```arrows\ncli -> store\nstore -> cli\n```\n",
            &["docs/ARCHITECTURE.md: the arrow `store -> cli` is here and not in the manifests"],
        );
    }

    #[test]
    fn a_page_without_arrows_is_a_problem() {
        check_arrows(
            "# The house",
            &["docs/ARCHITECTURE.md: there is no block that opens with ```arrows"],
        );
    }

    fn check_grounds(page: &str, expect: &[&str]) {
        let root = "[workspace.dependencies]\nstore = { path = \"store\" }\nserde = \"1\"";
        let root = root.parse().expect("the manifest is TOML");
        assert_eq!(shown(&grounds(page, &root)), expect, "{page}");
    }

    #[test]
    fn every_outside_dependency_has_its_reason() {
        check_grounds("## What we stand on\n| `serde` | wire types |\n", &[]);
        let says = "docs/ARCHITECTURE.md: \"What we stand on\" does not name `serde`";
        check_grounds("## What we stand on\nserde\n", &[says]);
        check_grounds("## What we stand on\n## Other\n`serde`\n", &[says]);
        check_grounds("## What we stand on\n### Wire\n`serde`\n", &[]);
        check_grounds(
            "",
            &["docs/ARCHITECTURE.md: there is no section \"What we stand on\""],
        );
    }
}
