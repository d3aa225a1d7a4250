//! Holds every package of the graph against `deny.toml`.
//!
//! Reads the part of cargo-deny's format that this house uses, and refuses a file with more in it,
//! so that no rule is passed over in silence.

use std::fs;

use anyhow::{Context, Result, bail, ensure};
use toml::{Table, Value};

use crate::metadata::{self, Package};
use crate::step::Task;
use crate::{licences, say};

/// What `deny.toml` asks for.
struct Rules {
    platforms: Vec<String>,
    accepted: Vec<String>,
    banned: Vec<(String, String)>,
    registries: Vec<String>,
}

/// Every key that is understood; another one is an error.
const KNOWN: [&str; 8] = [
    "graph.targets",
    "licenses.allow",
    "bans.multiple-versions",
    "bans.deny",
    "sources.unknown-registry",
    "sources.unknown-git",
    "sources.allow-registry",
    "sources.allow-git",
];

/// Fails if a package of the graph breaks a rule.
pub(crate) fn run(task: &Task) -> Result<()> {
    let text = fs::read_to_string(task.root.join("deny.toml")).context("reading deny.toml")?;
    let rules = rules(&text).context("deny.toml")?;
    let packages = metadata::load_for(&task.root, &rules.platforms)?.packages;
    let problems: Vec<String> = packages
        .iter()
        .flat_map(|package| judge(package, &rules))
        .collect();
    if problems.is_empty() {
        say::line(&format!("{} packages keep to deny.toml", packages.len()));
        return Ok(());
    }
    bail!("{}", problems.join("\n"))
}

fn rules(text: &str) -> Result<Rules> {
    let file: Table = text.parse()?;
    for (section, value) in &file {
        let keys = value
            .as_table()
            .with_context(|| format!("`{section}` is no section"))?;
        for key in keys.keys() {
            let name = format!("{section}.{key}");
            ensure!(
                KNOWN.contains(&name.as_str()),
                "`{name}` is not read by xtask/src/deny.rs"
            );
        }
    }
    for key in ["unknown-registry", "unknown-git"] {
        let word = file
            .get("sources")
            .and_then(|sources| sources.get(key))
            .and_then(Value::as_str);
        ensure!(word == Some("deny"), "`sources.{key}` must be \"deny\"");
    }
    ensure!(
        strings(&file, "sources", "allow-git")?.is_empty(),
        "no git source is allowed here"
    );
    let platforms = strings(&file, "graph", "targets")?;
    ensure!(!platforms.is_empty(), "`graph.targets` names no platform");
    Ok(Rules {
        platforms,
        accepted: strings(&file, "licenses", "allow")?,
        banned: banned(&file)?,
        registries: strings(&file, "sources", "allow-registry")?,
    })
}

fn list<'a>(file: &'a Table, section: &str, key: &str) -> Result<&'a [Value]> {
    file.get(section)
        .and_then(|section| section.get(key))
        .and_then(Value::as_array)
        .map(Vec::as_slice)
        .with_context(|| format!("the list `{section}.{key}` is missing"))
}

fn strings(file: &Table, section: &str, key: &str) -> Result<Vec<String>> {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let all: Option<Vec<String>> = list(file, section, key)?.iter().map(text).collect();
    all.with_context(|| format!("`{section}.{key}` holds something that is no string"))
}

fn banned(file: &Table) -> Result<Vec<(String, String)>> {
    let pair = |value: &Value| {
        let text = |key| value.get(key).and_then(Value::as_str).map(str::to_owned);
        Some((text("crate")?, text("reason")?))
    };
    let all: Option<Vec<_>> = list(file, "bans", "deny")?.iter().map(pair).collect();
    all.context("an entry of `bans.deny` lacks its `crate` or its `reason`")
}

fn judge(package: &Package, rules: &Rules) -> Vec<String> {
    let name = format!("{} {}", package.name, package.version);
    let mut problems = Vec::new();
    if let Some(why) = licence_problem(package.licence.as_deref(), &rules.accepted) {
        problems.push(format!("{name} {why}"));
    }
    if let Some((_, reason)) = rules
        .banned
        .iter()
        .find(|(banned, _)| *banned == package.name)
    {
        problems.push(format!("{name} is banned: {reason}"));
    }
    // A package without a source lies in this workspace.
    let source = package
        .source
        .as_deref()
        .map(|source| source.strip_prefix("registry+").unwrap_or(source));
    if let Some(source) =
        source.filter(|source| !rules.registries.iter().any(|known| known == source))
    {
        problems.push(format!("{name} comes from {source}, which is not accepted"));
    }
    problems
}

fn licence_problem(licence: Option<&str>, accepted: &[String]) -> Option<String> {
    let Some(text) = licence else {
        return Some("states no licence".to_owned());
    };
    match licences::satisfied(text, accepted) {
        Ok(true) => None,
        Ok(false) => Some(format!("has the licence `{text}`, which is not accepted")),
        Err(why) => Some(format!(
            "has the licence `{text}`, which cannot be read: {why}"
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = r#"
        [graph]
        targets = ["x86_64-unknown-linux-gnu"]
        [licenses]
        allow = ["MIT"]
        [bans]
        deny = [{ crate = "openssl-sys", reason = "rustls" }]
        [sources]
        unknown-registry = "deny"
        unknown-git = "deny"
        allow-registry = ["https://crates"]
        allow-git = []
    "#;

    fn check(name: &str, licence: Option<&str>, source: Option<&str>, expect: &[&str]) {
        let package = Package {
            name: name.to_owned(),
            version: "1.0.0".to_owned(),
            licence: licence.map(str::to_owned),
            source: source.map(str::to_owned),
            ..Package::default()
        };
        assert_eq!(
            judge(&package, &rules(GOOD).expect("the rules are sound")),
            expect
        );
    }

    #[test]
    fn a_package_is_held_against_every_rule() {
        let crates = Some("registry+https://crates");
        check("a", Some("MIT"), crates, &[]);
        check("a", Some("MIT"), None, &[]);
        check("a", None, crates, &["a 1.0.0 states no licence"]);
        check(
            "a",
            Some("GPL-3.0"),
            crates,
            &["a 1.0.0 has the licence `GPL-3.0`, which is not accepted"],
        );
        check(
            "a",
            Some("MIT OR"),
            crates,
            &["a 1.0.0 has the licence `MIT OR`, which cannot be read: it ends too early"],
        );
        check(
            "openssl-sys",
            Some("MIT"),
            crates,
            &["openssl-sys 1.0.0 is banned: rustls"],
        );
        check(
            "a",
            Some("MIT"),
            Some("git+https://x"),
            &["a 1.0.0 comes from git+https://x, which is not accepted"],
        );
    }

    #[test]
    fn a_key_that_is_not_read_is_refused() {
        let more = GOOD.replace("[bans]", "exceptions = []\n[bans]");
        let error = rules(&more).err().expect("the key is unknown");
        assert_eq!(
            error.to_string(),
            "`licenses.exceptions` is not read by xtask/src/deny.rs"
        );
    }

    #[test]
    fn a_house_is_built_for_some_platform() {
        assert!(rules(&GOOD.replace("\"x86_64-unknown-linux-gnu\"", "")).is_err());
        assert!(rules(&GOOD.replace("targets", "target")).is_err());
    }

    #[test]
    fn sources_cannot_be_thrown_open() {
        assert!(rules(&GOOD.replace("git = \"deny\"", "git = \"allow\"")).is_err());
        assert!(rules(&GOOD.replace("allow-git = []", "allow-git = [\"https://x\"]")).is_err());
    }
}
