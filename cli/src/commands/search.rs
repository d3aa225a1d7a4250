//! `search`: finds memories by their words.

use anyhow::Result;
use domain::{Record, Shown, View};
use recall::Hit;
use serde_json::{Value, json};

use super::{conversations, memories};
use crate::args::Search;
use crate::house::House;
use crate::out::{self, Ink};

/// Searches memories, or what was said.
pub(super) async fn run(house: &House, words: &Search) -> Result<()> {
    let query = words.query.join(" ");
    let view = house.view(&words.wanted).await?;
    if words.conversations {
        return conversations::search(house, &view, &query, words.wanted.limit, words.why).await;
    }
    let hits = recall::search(&house.store, &view, &query, words.wanted.limit).await?;
    if hits.is_empty() && !house.out.is_json() {
        out::say(nothing(&view));
    }
    hits.iter().try_for_each(|hit| print(house, hit, words.why))
}

fn nothing(view: &View) -> &'static str {
    match view.project {
        Some(_) => {
            "nothing found here; --all-projects looks everywhere, --conversations in what was said"
        }
        None => "nothing found; --conversations looks in what was said",
    }
}

fn print(house: &House, hit: &Hit<Record>, why: bool) -> Result<()> {
    let out = house.out;
    if out.is_json() {
        return out.value(&value(hit)?);
    }
    memories::print(out, &hit.found)?;
    if why {
        out.line(format!("  {}", out.ink(Ink::Faint, reasons(hit))))?;
    }
    Ok(())
}

/// Returns a hit for scripts: the memory, its score, and the words that led there.
pub(super) fn value(hit: &Hit<Record>) -> Result<Value> {
    let mut value = serde_json::to_value(Shown::from(&hit.found))?;
    value["score"] = json!(rounded(hit.score));
    value["why"] = reasons_json(hit);
    Ok(value)
}

/// Returns the words that led to a hit, on one line.
pub(super) fn reasons<T>(hit: &Hit<T>) -> String {
    let parts: Vec<String> = hit
        .why
        .iter()
        .map(|(term, part)| format!("{term} {part:.2}"))
        .collect();
    format!("score {:.2}: {}", hit.score, parts.join(", "))
}

/// Returns the words that led to a hit, for scripts.
pub(super) fn reasons_json<T>(hit: &Hit<T>) -> serde_json::Value {
    let parts = hit
        .why
        .iter()
        .map(|(term, part)| (term.clone(), json!(rounded(*part))));
    parts.collect::<serde_json::Map<_, _>>().into()
}

/// Four digits are enough for a person and the same on every machine.
pub(super) fn rounded(score: f64) -> f64 {
    (score * 1e4).round() / 1e4
}
