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
        Stage::Embed => embed(out, words),
        Stage::Rules => rules(out, data(words)?),
        Stage::Ground => ground(out, &eval::ground(data(words)?)?),
        Stage::Extract => extract(out, &eval::extract(data(words)?).await?),
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

fn embed(out: Out, words: &Eval) -> Result<()> {
    match &words.text {
        Some(text) => figures(out, &eval::embed_one(text)),
        None => figures(out, &eval::embed(&std::env::current_exe()?)?),
    }
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

fn ground(out: Out, figures: &eval::GroundFigures) -> Result<()> {
    if out.is_json() {
        return out.value(figures);
    }
    out.line(figures.about)?;
    measured(out, "labelled lessons", &figures.gold)?;
    measured(out, "sentences as they were said", &figures.sentences)
}

fn measured(out: Out, of: &str, measured: &eval::Measured) -> Result<()> {
    out.line(format!(
        "\n{of}: {} given, {} rejected ({} %); {} corrupted copies, {} % caught",
        measured.whole,
        measured.rejected.len(),
        measured.rejected_percent,
        measured.copies,
        measured.caught_percent,
    ))?;
    for (kind, caught) in &measured.kinds {
        let (caught, copies, percent) = (caught.caught, caught.copies, caught.percent);
        out.line(format!(
            "  {kind:<32} {caught:>5} of {copies:>5}  {percent:>6} %"
        ))?;
    }
    became(out, "rejected", &measured.rejected)
}

fn became(out: Out, how: &str, list: &[eval::Rejected]) -> Result<()> {
    list.iter()
        .try_for_each(|one| out.line(format!("  {how}: {}: {}", one.what, one.why)))
}

fn extract(out: Out, figures: &eval::ExtractFigures) -> Result<()> {
    if out.is_json() {
        return out.value(figures);
    }
    out.line(figures.about)?;
    let kept = &figures.to_keep;
    out.line(format!(
        "\nto be kept: {} of {} survived ({} %), {} of them without a sentence of another episode, {} \
         found by their `when` alone",
        kept.survived, kept.told, kept.survived_percent, kept.in_part, kept.found_by_when,
    ))?;
    became(out, "fell", &kept.fallen)?;
    let stopped = &figures.not_to_keep;
    out.line(format!(
        "\nnot to be kept: {} of {} stopped",
        stopped.stopped, stopped.told
    ))?;
    became(out, "claim", &stopped.each)?;
    out.line("\naround an instant model:")?;
    self::figures(out, &figures.overhead)
}
