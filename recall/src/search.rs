//! Search in words: a query, what may be seen, and the hits with their reasons.
//!
//! Deterministic: equal scores are settled by time, then by name.

use std::cmp::Reverse;

use domain::{Holding, Library, Lookup, Record, StoreError, TurnHit, View, words};
use jiff::Timestamp;

use crate::bm25::{self, Terms};

/// So many terms are scored: the rest of a long text adds cost and changes no place.
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
    let lookup = plan(view, query, limit);
    let holding = library.memories_holding(&lookup).await?;
    let text = |record: &Record| record.memory.searchable();
    let tie = |record: &Record| (record.memory.seen_at, record.memory.id.to_string());
    Ok(rank(lookup.terms, holding, text, tie, limit))
}

/// Returns the turns that a query's words lead to, the best first.
pub async fn search_turns(
    library: &dyn Library,
    view: &View,
    query: &str,
    limit: usize,
) -> Result<Vec<Hit<TurnHit>>, StoreError> {
    let lookup = plan(view, query, limit);
    let holding = library.turns_holding(&lookup).await?;
    let text = |hit: &TurnHit| hit.turn.quotable();
    let tie = |hit: &TurnHit| (hit.turn.at, hit.turn.id.to_string());
    Ok(rank(lookup.terms, holding, text, tie, limit))
}

fn plan(view: &View, query: &str, limit: usize) -> Lookup {
    Lookup {
        view: view.clone(),
        terms: words::query(query),
        worth: bm25::worth,
        limit: limit
            .saturating_mul(CANDIDATES_FOR_EACH)
            .max(LEAST_CANDIDATES),
    }
}

/// Scores the candidates and keeps the best; of equals the newest stands first.
fn rank<T>(
    terms: Vec<String>,
    holding: Holding<T>,
    text: impl Fn(&T) -> String,
    tie: impl Fn(&T) -> (Timestamp, String),
    limit: usize,
) -> Vec<Hit<T>> {
    let terms = Terms::weigh(terms, &holding.census, MOST_TERMS);
    let scored = holding.found.into_iter().map(|found| {
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
