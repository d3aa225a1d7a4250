//! The settings: defaults < file < environment, parsed once into plain structs.
//!
//! The only place that reads a setting from the environment; everyone else is handed values.

mod variables;

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
    variables::refuse_unknown(&read.1, environment::names())?;
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
    let variable = variables::of(&format!("{section}.{key}"));
    if let Some(text) = environment(&variable) {
        *value =
            variables::read_like(value, &text).with_context(|| format!("{variable}={text}"))?;
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
mod tests;
