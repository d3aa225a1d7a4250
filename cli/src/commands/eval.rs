//! `eval`: measures a stage and prints its figures.

use std::path::Path;

use anyhow::{Context, Result};
use serde::Serialize;

use crate::args::{Eval, Stage};
use crate::out::Out;

/// Runs one stage.
pub(super) async fn run(out: Out, words: &Eval) -> Result<()> {
    match words.stage {
        Stage::Reading => figures(out, &eval::reading(data(words)?)?),
        Stage::Rules => rules(out, data(words)?),
        Stage::Store => figures(
            out,
            &eval::store(words.memories, &std::env::current_exe()?).await?,
        ),
    }
}

fn data(words: &Eval) -> Result<&Path> {
    words
        .data
        .as_deref()
        .context("name a folder of recorded transcripts with --data DIR")
}

/// Prints figures one a line, under their own names.
fn figures(out: Out, figures: &impl Serialize) -> Result<()> {
    if out.is_json() {
        return out.value(figures);
    }
    let serde_json::Value::Object(figures) = serde_json::to_value(figures)? else {
        return Ok(());
    };
    figures
        .iter()
        .try_for_each(|(name, value)| out.line(format!("{name:<24} {value}")))
}

fn rules(out: Out, folder: &Path) -> Result<()> {
    let found = eval::rules(folder)?;
    for rule in &found {
        match out.is_json() {
            true => out.value(rule)?,
            false => out.line(format!("{:<10} {}", rule.lesson.kind, rule.quote))?,
        }
    }
    if !out.is_json() {
        let grounded = found.iter().filter(|rule| rule.doubt.is_none()).count();
        out.line(format!("{} found, {grounded} grounded", found.len()))?;
    }
    Ok(())
}
