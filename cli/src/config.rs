//! The settings: defaults < file < environment, parsed once into plain structs.
//!
//! The only place that reads a setting from the environment; everyone else is handed values.

use std::collections::BTreeSet;
use std::fmt;
use std::path::Path;

use anyhow::{Context, Result, bail};
use pipeline::schedule::Schedule;
use serde::{Deserialize, Serialize};
use toml::{Table, Value};

use crate::environment;

/// Every key with its default and one line of sense.
pub(crate) const DEFAULTS: &str = include_str!("../config.toml");
/// The settings file's name in the home.
pub(crate) const FILE: &str = "config.toml";

/// All settings.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Config {
    pub(crate) store: Store,
    pub(crate) reading: Reading,
    pub(crate) episodes: Episodes,
    pub(crate) llm: Llm,
    pub(crate) journal: Journal,
    pub(crate) work: Work,
    pub(crate) log: Log,
}

/// Where memories live, and whose they are.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Store {
    pub(crate) url: String,
    pub(crate) tenant: String,
    pub(crate) owner: String,
}

/// How transcripts are read.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Reading {
    pub(crate) turns: usize,
    pub(crate) line_mb: usize,
}

/// How episodes are cut.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Episodes {
    pub(crate) max_tokens: usize,
}

/// Which model reads, where it is, and what it may cost.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Llm {
    pub(crate) provider: Provider,
    pub(crate) model: String,
    pub(crate) base_url: String,
    pub(crate) api_key_env: String,
    pub(crate) api_key_command: Vec<String>,
    pub(crate) temperature: f64,
    pub(crate) window: usize,
    pub(crate) keeps_schema: Choice,
    pub(crate) max_output_tokens: u32,
    pub(crate) concurrency: usize,
    pub(crate) tries: u32,
    pub(crate) connect_seconds: u64,
    pub(crate) answer_seconds: u64,
    pub(crate) deadline_seconds: u64,
    pub(crate) day_tokens: u64,
    pub(crate) session_tokens: u64,
    pub(crate) price_in: f64,
    pub(crate) price_out: f64,
    pub(crate) azure_deployment: String,
    pub(crate) azure_api_version: String,
    pub(crate) mailbox: String,
    pub(crate) batch: Provider,
    pub(crate) cassette: String,
    pub(crate) claude_path: String,
}

/// Who may be chosen to read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Provider {
    None,
    Openai,
    Azure,
    Anthropic,
    Ollama,
    Compatible,
    ClaudeCli,
    Mailbox,
    Cassette,
}

impl Provider {
    /// Returns the word that chooses it.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Openai => "openai",
            Self::Azure => "azure",
            Self::Anthropic => "anthropic",
            Self::Ollama => "ollama",
            Self::Compatible => "compatible",
            Self::ClaudeCli => "claude-cli",
            Self::Mailbox => "mailbox",
            Self::Cassette => "cassette",
        }
    }
}

/// A yes or no that is mostly left to others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Choice {
    Auto,
    Yes,
    No,
}

/// What can be undone.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Journal {
    pub(crate) keep_days: i64,
}

/// How the worker works.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Work {
    pub(crate) night: String,
    pub(crate) zone: String,
    pub(crate) lease_seconds: i64,
}

/// What is logged.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Log {
    pub(crate) level: String,
    pub(crate) max_mb: u64,
}

/// Where a value came from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Origin {
    Default,
    File,
    Environment(String),
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::File => f.write_str(FILE),
            Self::Environment(name) => f.write_str(name),
        }
    }
}

/// One key as it stands.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Setting {
    pub(crate) key: String,
    pub(crate) value: Value,
    pub(crate) from: Origin,
}

/// Reads the settings of a home: the struct to work by, and every key with its origin.
pub(crate) fn read(home: &Path) -> Result<(Config, Vec<Setting>)> {
    let path = home.join(FILE);
    let file = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
        Err(error) => {
            return Err(error).with_context(|| format!("{} cannot be read", path.display()));
        }
    };
    let read = parse(&file, &path.display().to_string(), environment::setting)?;
    refuse_unknown_variables(&read.1, environment::names())?;
    Ok(read)
}

/// Lays file and environment over the defaults. `name` names the file in what a person reads.
fn parse(
    file: &str,
    name: &str,
    environment: impl Fn(&str) -> Option<String>,
) -> Result<(Config, Vec<Setting>)> {
    let mut merged: Table = DEFAULTS.parse().context("the defaults are broken")?;
    let given: Table = file
        .parse()
        .with_context(|| format!("{name} is not TOML"))?;
    refuse_unknown(&merged, &given, name)?;
    let mut settings = Vec::new();
    for (section, keys) in &mut merged {
        let Value::Table(keys) = keys else { continue };
        for (key, value) in keys {
            let from = settle(section, key, value, &given, name, &environment)?;
            let key = format!("{section}.{key}");
            settings.push(Setting {
                key,
                value: value.clone(),
                from,
            });
        }
    }
    let config: Config = Value::Table(merged)
        .try_into()
        .with_context(|| name.to_owned())?;
    config.check(name)?;
    Ok((config, settings))
}

fn settle(
    section: &str,
    key: &str,
    value: &mut Value,
    given: &Table,
    name: &str,
    environment: &impl Fn(&str) -> Option<String>,
) -> Result<Origin> {
    let variable = variable(&format!("{section}.{key}"));
    if let Some(text) = environment(&variable) {
        *value = read_like(value, &text).with_context(|| format!("{variable}={text}"))?;
        return Ok(Origin::Environment(variable));
    }
    let Some(found) = given.get(section).and_then(|keys| keys.get(key)) else {
        return Ok(Origin::Default);
    };
    if let (Value::Float(value), Value::Integer(found)) = (&mut *value, found) {
        // A person writes 0 and means 0.0; no whole number of theirs is too large for that.
        *value = found.to_string().parse()?;
        return Ok(Origin::File);
    }
    if !found.same_type(value) {
        bail!(
            "{name}: {section}.{key} must be a {}, not {found}",
            value.type_str()
        );
    }
    *value = found.clone();
    Ok(Origin::File)
}

fn read_like(like: &Value, text: &str) -> Result<Value> {
    Ok(match like {
        Value::Integer(_) => Value::Integer(text.parse().context("is not a whole number")?),
        Value::Float(_) => Value::Float(text.parse().context("is not a number")?),
        Value::Array(_) => Value::Array(words(text)?),
        Value::Boolean(_) => Value::Boolean(text.parse().context("is neither true nor false")?),
        _ => Value::String(text.to_owned()),
    })
}

/// A list is words between spaces, or JSON where a word holds one.
fn words(text: &str) -> Result<Vec<Value>> {
    if !text.trim_start().starts_with('[') {
        return Ok(text.split_whitespace().map(Value::from).collect());
    }
    let words: Vec<String> = serde_json::from_str(text).context("is no JSON list of words")?;
    Ok(words.into_iter().map(Value::from).collect())
}

/// A slip in a variable's name would otherwise leave a limit at its default without a word.
fn refuse_unknown_variables(
    settings: &[Setting],
    names: impl Iterator<Item = String>,
) -> Result<()> {
    let variables = settings.iter().map(|setting| variable(&setting.key));
    let known: BTreeSet<String> = variables.collect();
    for name in names {
        let of_section = |known: &&String| {
            let section = known.splitn(3, '_').take(2).collect::<Vec<_>>().join("_");
            name.starts_with(&format!("{section}_"))
        };
        let near: Vec<&str> = known
            .iter()
            .filter(of_section)
            .map(String::as_str)
            .collect();
        if !near.is_empty() && !known.contains(&name) {
            bail!("{name} sets nothing; known are {}", near.join(", "));
        }
    }
    Ok(())
}

/// Returns the variable that sets a key.
fn variable(key: &str) -> String {
    format!("DORMOUSE_{}", key.to_uppercase().replace('.', "_"))
}

fn refuse_unknown(known: &Table, given: &Table, name: &str) -> Result<()> {
    for (section, keys) in given {
        let Some(Value::Table(known_keys)) = known.get(section) else {
            let sections: Vec<&str> = known.keys().map(String::as_str).collect();
            bail!(
                "{name}: there is no [{section}]; known are {}",
                sections.join(", ")
            );
        };
        let Value::Table(keys) = keys else {
            bail!("{name}: [{section}] must be a section")
        };
        if let Some(key) = keys.keys().find(|key| !known_keys.contains_key(*key)) {
            let keys: Vec<&str> = known_keys.keys().map(String::as_str).collect();
            bail!(
                "{name}: [{section}] has no key {key}; known are {}",
                keys.join(", ")
            );
        }
    }
    Ok(())
}

impl Config {
    fn check(&self, name: &str) -> Result<()> {
        let range = |key: &str, value: i64, least: i64, most: i64| {
            if (least..=most).contains(&value) {
                return Ok(());
            }
            bail!("{name}: {key} is {value}, but must be from {least} to {most}")
        };
        let number = |value: usize| i64::try_from(value).unwrap_or(i64::MAX);
        range("reading.turns", number(self.reading.turns), 1, 5_000)?;
        range("reading.line_mb", number(self.reading.line_mb), 1, 64)?;
        range(
            "episodes.max_tokens",
            number(self.episodes.max_tokens),
            500,
            1_000_000,
        )?;
        range("journal.keep_days", self.journal.keep_days, 0, 36_500)?;
        range("work.lease_seconds", self.work.lease_seconds, 5, 3_600)?;
        range(
            "log.max_mb",
            i64::try_from(self.log.max_mb).unwrap_or(i64::MAX),
            1,
            1_000,
        )?;
        if !["error", "warn", "info", "debug"].contains(&self.log.level.as_str()) {
            bail!(
                "{name}: log.level is {:?}, but must be error, warn, info or debug",
                self.log.level
            );
        }
        let night = Schedule::parse(&self.work.night);
        night.with_context(|| format!("{name}: work.night is {:?}", self.work.night))?;
        for (key, word) in [
            ("store.tenant", &self.store.tenant),
            ("store.owner", &self.store.owner),
        ] {
            if word.is_empty() || word.chars().any(|c| c.is_whitespace() || c.is_control()) {
                bail!("{name}: {key} must be one word, not {word:?}");
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(file: &str, env: &[(&str, &str)]) -> Result<(Config, Vec<Setting>)> {
        parse(file, "config.toml", |name| {
            env.iter()
                .find(|(key, _)| *key == name)
                .map(|(_, value)| (*value).to_owned())
        })
    }

    fn refusal(file: &str, env: &[(&str, &str)]) -> String {
        check(file, env)
            .map(|_| ())
            .map_err(|error| format!("{error:#}"))
            .expect_err("is refused")
    }

    #[test]
    fn the_environment_wins_over_the_file_and_the_file_over_the_default() {
        let file = "[reading]\nturns = 7\nline_mb = 2\n";
        let (config, settings) = check(file, &[("DORMOUSE_READING_TURNS", "9")]).expect("good");
        assert_eq!((config.reading.turns, config.reading.line_mb), (9, 2));
        assert_eq!(config.journal.keep_days, 90);
        let origin = |key: &str| {
            settings
                .iter()
                .find(|setting| setting.key == key)
                .map(|setting| setting.from.clone())
        };
        let variable = Origin::Environment("DORMOUSE_READING_TURNS".to_owned());
        assert_eq!(origin("reading.turns"), Some(variable));
        assert_eq!(origin("reading.line_mb"), Some(Origin::File));
        assert_eq!(origin("journal.keep_days"), Some(Origin::Default));
    }

    #[test]
    fn a_bad_value_names_file_key_and_range() {
        insta::assert_snapshot!(refusal("[reading]\nturns = 0", &[]), @"config.toml: reading.turns is 0, but must be from 1 to 5000");
        insta::assert_snapshot!(refusal("[reading]\nturns = \"x\"", &[]), @r#"config.toml: reading.turns must be a integer, not "x""#);
        insta::assert_snapshot!(refusal("[reading]\ntrns = 1", &[]), @"config.toml: [reading] has no key trns; known are line_mb, turns");
        insta::assert_snapshot!(refusal("[raeding]", &[]), @"config.toml: there is no [raeding]; known are episodes, journal, llm, log, reading, store, work");
        insta::assert_snapshot!(refusal("", &[("DORMOUSE_READING_TURNS", "many")]), @"DORMOUSE_READING_TURNS=many: is not a whole number: invalid digit found in string");
        insta::assert_snapshot!(refusal("[log]\nlevel = \"loud\"", &[]), @r#"config.toml: log.level is "loud", but must be error, warn, info or debug"#);
    }

    #[test]
    fn a_list_in_a_variable_is_words_or_json() {
        let command = |text: &str| {
            let (config, _) = check("", &[("DORMOUSE_LLM_API_KEY_COMMAND", text)])?;
            anyhow::Ok(config.llm.api_key_command)
        };
        assert_eq!(
            command("pass show openai").expect("good"),
            ["pass", "show", "openai"]
        );
        let json = r#"["pass", "show", "my key"]"#;
        assert_eq!(command(json).expect("good"), ["pass", "show", "my key"]);
        assert!(command(r#"["pass", 7]"#).is_err());
    }

    #[test]
    fn a_variable_of_a_section_that_names_no_key_is_refused() {
        let (_, settings) = check("", &[]).expect("good");
        let refused = |name: &str| {
            let names = std::iter::once(name.to_owned());
            let refused = refuse_unknown_variables(&settings, names).err();
            refused.map(|error| error.to_string())
        };
        insta::assert_snapshot!(refused("DORMOUSE_JOURNAL_KEEPDAYS").expect("is refused"), @"DORMOUSE_JOURNAL_KEEPDAYS sets nothing; known are DORMOUSE_JOURNAL_KEEP_DAYS");
        assert!(refused("DORMOUSE_LLM_TRIS").is_some());
        for fine in [
            "DORMOUSE_LLM_TRIES",
            "DORMOUSE_HOME",
            "DORMOUSE_NOW",
            "DORMOUSE_TEST_POSTGRES",
            "PATH",
        ] {
            assert_eq!(refused(fine), None);
        }
    }
}
