//! Search in words: a query, what may be seen, and the hits with their reasons.
//!
//! Deterministic: equal scores are settled by time, then by name.

use std::cmp::Reverse;

use domain::{Census, Library, Lookup, Record, StoreError, TurnHit, View, words};
use jiff::Timestamp;

use crate::bm25::Terms;

/// So many terms are looked up: the rest of a long text adds cost and no candidates.
const MOST_TERMS: usize = 16;
/// So many candidates are scored for each hit that is wanted, and never fewer than the floor. The
/// engine brings them by the weight of their terms already, so length and repetition are all that
/// can still move one up; reading a hundred scattered records took half of a cold search.
const CANDIDATES_FOR_EACH: usize = 5;
const LEAST_CANDIDATES: usize = 40;

/// What was found, and why.
#[derive(Clone, Debug, PartialEq)]
pub struct Hit<T> {
    /// The memory or the turn.
    pub found: T,
    /// How well it fits; comparable within one answer only.
    pub score: f64,
    /// The words that led here, each with its part of the score.
    pub why: Vec<(String, f64)>,
}

/// Returns the memories that a query's words lead to, the best first.
pub async fn search(
    library: &dyn Library,
    view: &View,
    query: &str,
    limit: usize,
) -> Result<Vec<Hit<Record>>, StoreError> {
    let terms = words::query(query);
    let census = library.memory_census(view, &terms).await?;
    let Some((terms, lookup)) = plan(view, terms, &census, limit) else {
        return Ok(Vec::new());
    };
    let found = library.memories_holding(&lookup).await?;
    let text = |record: &Record| record.memory.searchable();
    let tie = |record: &Record| (record.memory.seen_at, record.memory.id.to_string());
    Ok(rank(found, &terms, text, tie, limit))
}

/// Returns the turns that a query's words lead to, the best first.
pub async fn search_turns(
    library: &dyn Library,
    view: &View,
    query: &str,
    limit: usize,
) -> Result<Vec<Hit<TurnHit>>, StoreError> {
    let terms = words::query(query);
    let census = library.turn_census(view, &terms).await?;
    let Some((terms, lookup)) = plan(view, terms, &census, limit) else {
        return Ok(Vec::new());
    };
    let found = library.turns_holding(&lookup).await?;
    let text = |hit: &TurnHit| hit.turn.quotable();
    let tie = |hit: &TurnHit| (hit.turn.at, hit.turn.id.to_string());
    Ok(rank(found, &terms, text, tie, limit))
}

/// Decides which terms to look up; `None` when no word of the query stands anywhere.
fn plan(view: &View, terms: Vec<String>, census: &Census, limit: usize) -> Option<(Terms, Lookup)> {
    let terms = Terms::weigh(terms, census, MOST_TERMS);
    let limit = limit
        .saturating_mul(CANDIDATES_FOR_EACH)
        .max(LEAST_CANDIDATES);
    let lookup = Lookup {
        view: view.clone(),
        terms: terms.weighed.clone(),
        limit,
    };
    (!terms.weighed.is_empty()).then_some((terms, lookup))
}

/// Scores the candidates and keeps the best; of equals the newest stands first.
fn rank<T>(
    found: Vec<T>,
    terms: &Terms,
    text: impl Fn(&T) -> String,
    tie: impl Fn(&T) -> (Timestamp, String),
    limit: usize,
) -> Vec<Hit<T>> {
    let scored = found.into_iter().map(|found| {
        let (score, why) = terms.score(&text(&found));
        Hit { found, score, why }
    });
    let mut hits: Vec<Hit<T>> = scored.filter(|hit| hit.score > 0.0).collect();
    hits.sort_by(|a, b| {
        let settle = || {
            let (left, right) = (tie(&a.found), tie(&b.found));
            (Reverse(left.0), left.1).cmp(&(Reverse(right.0), right.1))
        };
        b.score.total_cmp(&a.score).then_with(settle)
    });
    hits.truncate(limit);
    hits
}
