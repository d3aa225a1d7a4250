//! Settings out of the environment: what each variable is called, and how its text is read.
//!
//! Reads no variable itself; texts and names are handed in.

use std::collections::BTreeSet;

use anyhow::{Context, Result, bail};
use toml::Value;

use super::Setting;

/// Reads what a variable says as a value of the same type as the default.
pub(super) fn read_like(like: &Value, text: &str) -> Result<Value> {
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
pub(super) fn refuse_unknown(
    settings: &[Setting],
    names: impl Iterator<Item = String>,
) -> Result<()> {
    let variables = settings.iter().map(|setting| of(&setting.key));
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
pub(super) fn of(key: &str) -> String {
    format!("DORMOUSE_{}", key.to_uppercase().replace('.', "_"))
}
