//! Finds dependencies that nobody uses.
//!
//! Looks for the crate's word in the code, which is cheap and nearly right; it builds nothing.

use std::collections::BTreeSet;

use toml::{Table, Value};

use super::Problem;
use crate::metadata::{Dependency, Kind, Package};
use crate::rust_text::{self, RustText};

/// Returns the dependencies that a crate declares and never names.
pub(crate) fn unnamed_in_sources(members: &[&Package], sources: &[RustText]) -> Vec<Problem> {
    let mut problems = Vec::new();
    for member in members {
        let folder = member.folder.as_deref().unwrap_or(&member.name);
        for dependency in &member.dependencies {
            let used = sources
                .iter()
                .filter(|source| may_name(&source.path, folder, dependency.kind))
                .any(|source| names(source, dependency));
            if !used {
                let says = format!(
                    "`{}` is declared, and no code of the crate names it",
                    dependency.package
                );
                problems.push(Problem::in_file(&format!("{folder}/Cargo.toml"), says));
            }
        }
    }
    problems
}

/// Returns the shared dependencies of the root manifest that no crate takes.
pub(crate) fn unused_in_root(root: &Table, members: &[&Package]) -> Vec<Problem> {
    let taken: BTreeSet<&str> = members
        .iter()
        .flat_map(|member| &member.dependencies)
        .map(|dependency| dependency.package.as_str())
        .collect();
    shared(root)
        .filter(|(name, _)| !taken.contains(name))
        .map(|(name, _)| {
            Problem::in_file(
                "Cargo.toml",
                format!("`{name}` is shared, and no crate takes it"),
            )
        })
        .collect()
}

/// Returns the shared dependencies that come from outside the workspace.
pub(crate) fn outside(root: &Table) -> impl Iterator<Item = &str> {
    shared(root)
        .filter(|(_, value)| value.get("path").is_none())
        .map(|(name, _)| name)
}

fn shared(root: &Table) -> impl Iterator<Item = (&str, &Value)> {
    let shared = root
        .get("workspace")
        .and_then(|workspace| workspace.get("dependencies"));
    let entries = shared.and_then(Value::as_table).into_iter().flatten();
    entries.map(|(name, value)| {
        let package = value.get("package").and_then(Value::as_str);
        (package.unwrap_or(name), value)
    })
}

fn may_name(path: &str, folder: &str, kind: Kind) -> bool {
    let Some(inside) = path
        .strip_prefix(folder)
        .and_then(|rest| rest.strip_prefix('/'))
    else {
        return false;
    };
    match kind {
        Kind::Normal => inside.starts_with("src/"),
        Kind::Build => inside == "build.rs",
        Kind::Dev => ["src/", "tests/", "benches/", "examples/"]
            .iter()
            .any(|part| inside.starts_with(part)),
    }
}

fn names(source: &RustText, dependency: &Dependency) -> bool {
    rust_text::words(&source.code, &dependency.word)
        .next()
        .is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::{member, shown};

    fn check(path: &str, code: &str, kind: Kind, expect: &[&str]) {
        let member = member("store", &[("quick-xml", kind)]);
        let source = rust_text::read(path, code);
        assert_eq!(
            shown(&unnamed_in_sources(&[&member], &[source])),
            expect,
            "{path}: {code}"
        );
    }

    const UNUSED: &str =
        "store/Cargo.toml: `quick-xml` is declared, and no code of the crate names it";

    #[test]
    fn a_dependency_is_named_in_code_and_not_in_a_comment() {
        check(
            "store/src/lib.rs",
            "use quick_xml::Reader;",
            Kind::Normal,
            &[],
        );
        check("store/src/lib.rs", "// quick_xml", Kind::Normal, &[UNUSED]);
        check(
            "store/src/lib.rs",
            "my_quick_xml()",
            Kind::Normal,
            &[UNUSED],
        );
    }

    #[test]
    fn each_kind_is_looked_for_where_it_may_stand() {
        check("store/tests/a.rs", "quick_xml::x()", Kind::Dev, &[]);
        check(
            "store/tests/a.rs",
            "quick_xml::x()",
            Kind::Normal,
            &[UNUSED],
        );
        check(
            "storehouse/src/lib.rs",
            "quick_xml::x()",
            Kind::Normal,
            &[UNUSED],
        );
        check("store/build.rs", "quick_xml::x()", Kind::Build, &[]);
    }

    #[test]
    fn a_shared_dependency_that_no_crate_takes_is_named() {
        let root = "[workspace.dependencies]\nserde = \"1\"\nquick-xml = \"0.42\"";
        let root = root.parse().expect("the manifest is TOML");
        let member = member("store", &[("quick-xml", Kind::Dev)]);
        let says = ["Cargo.toml: `serde` is shared, and no crate takes it"];
        assert_eq!(shown(&unused_in_root(&root, &[&member])), says);
    }
}
