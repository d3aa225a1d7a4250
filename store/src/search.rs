//! Finds the documents that hold a reader's terms: how common each term is, and the best candidates.
//!
//! Ranks by the weights it is given and by nothing else; the finer ranking is recall's.

use std::collections::{BinaryHeap, HashMap};

use domain::{Census, Lookup, Record, StoreError, TurnHit, View};

use crate::engine::{Row, Sql, Tx, list, sql, values};
use crate::index::Kind;
use crate::index::shelf::{Reach, shelves_of};
use crate::library::records;
use crate::{Store, Who, rows};

/// So many terms are looked up; a longer question is asked by its weightiest.
const MOST_TERMS: usize = 16;

// The caps of 20,000 stand in the statements: a word in more documents than that says little, and
// reading further would cost more than the whole budget of a search.
sql! {
    COUNT_IN_MEMORIES in "memory_words":
        "SELECT (SELECT COUNT(*) FROM (SELECT 1 FROM memory_words
                 WHERE memory_words MATCH asked.value LIMIT 20000)) AS holding
         FROM json_each($1) AS asked ORDER BY asked.key",
        postgres:
        "SELECT (SELECT COUNT(*) FROM (SELECT 1 FROM memory_words
                 WHERE words @@ words_query(asked.value) LIMIT 20000) AS hits) AS holding
         FROM json_each($1) AS asked ORDER BY asked.key";
    COUNT_IN_TURNS in "turn_words":
        "SELECT (SELECT COUNT(*) FROM (SELECT 1 FROM turn_words
                 WHERE turn_words MATCH asked.value LIMIT 20000)) AS holding
         FROM json_each($1) AS asked ORDER BY asked.key",
        postgres:
        "SELECT (SELECT COUNT(*) FROM (SELECT 1 FROM turn_words
                 WHERE words @@ words_query(asked.value) LIMIT 20000) AS hits) AS holding
         FROM json_each($1) AS asked ORDER BY asked.key";
    /// The newest documents that hold each term, as one text a term: rows would cost ten times as much.
    LIST_IN_MEMORIES in "memory_words":
        "SELECT (SELECT group_concat(docid) FROM (SELECT rowid AS docid FROM memory_words
                 WHERE memory_words MATCH asked.value ORDER BY rowid DESC LIMIT 20000)) AS docids
         FROM json_each($1) AS asked ORDER BY asked.key",
        postgres:
        "SELECT (SELECT string_agg(docid::text, ',') FROM (SELECT docid FROM memory_words
                 WHERE words @@ words_query(asked.value) ORDER BY docid DESC LIMIT 20000) AS hits) AS docids
         FROM json_each($1) AS asked ORDER BY asked.key";
    LIST_IN_TURNS in "turn_words":
        "SELECT (SELECT group_concat(docid) FROM (SELECT rowid AS docid FROM turn_words
                 WHERE turn_words MATCH asked.value ORDER BY rowid DESC LIMIT 20000)) AS docids
         FROM json_each($1) AS asked ORDER BY asked.key",
        postgres:
        "SELECT (SELECT string_agg(docid::text, ',') FROM (SELECT docid FROM turn_words
                 WHERE words @@ words_query(asked.value) ORDER BY docid DESC LIMIT 20000) AS hits) AS docids
         FROM json_each($1) AS asked ORDER BY asked.key";
    /// How much there is in view: what everybody sees, and what is the reader's own.
    TALLY in "tallies":
        "SELECT CAST(COALESCE(SUM(documents), 0) AS BIGINT) AS documents,
                CAST(COALESCE(SUM(tokens), 0) AS BIGINT) AS tokens
         FROM tallies
         WHERE tenant = $1 AND kind = $2
           AND ((owner = '' AND ($4 IS NULL OR project = $4))
                OR (owner = $3 AND ($2 = 'memory' OR $4 IS NULL OR project = $4)))
           AND held IN (SELECT CAST(value AS INTEGER) FROM json_each($5))",
        postgres:
        "SELECT CAST(COALESCE(SUM(documents), 0) AS BIGINT) AS documents,
                CAST(COALESCE(SUM(tokens), 0) AS BIGINT) AS tokens
         FROM tallies
         WHERE tenant = $1 AND kind = $2
           AND ((owner = '' AND ($4 IS NULL OR project = $4))
                OR (owner = $3 AND ($2 = 'memory' OR $4 IS NULL OR project = $4)))
           AND held IN (SELECT value = '1' FROM json_each($5))";
    /// Of these documents the memories that are in view.
    ///
    /// As of a time: by today's knowledge, so what is forgotten today stays hidden, and what was
    /// superseded shows until its end. Known at a time: by the links that held then.
    MEMORIES_IN_VIEW in "memories":
        "SELECT docs.docid, m.*
         FROM docs JOIN memories AS m ON m.tenant = docs.tenant AND m.id = docs.id
         WHERE docs.docid IN (SELECT CAST(value AS BIGINT) FROM json_each($1))
           AND docs.tenant = $2 AND docs.kind = 'memory'
           AND (m.scope <> 'user' OR m.owner = $3)
           AND ($4 IS NULL OR m.scope = 'user' OR m.project = $4)
           AND ($5 IS NULL OR m.kind IN (SELECT value FROM json_each($5)))
           AND ($6 IS NULL OR (m.valid_from <= $6 AND (m.valid_to IS NULL OR $6 < m.valid_to)))
           AND ($7 IS NOT NULL OR m.standing IN ('active', 'disputed')
                OR ($6 IS NOT NULL AND m.standing = 'superseded'
                    AND ($6 < m.valid_to OR EXISTS (
                        SELECT 1 FROM links AS l
                        WHERE l.tenant = m.tenant AND l.from_memory = m.id
                          AND l.kind = 'superseded-by' AND l.ended_at IS NULL AND $6 < l.at))))
           AND ($7 IS NULL OR (m.recorded_at <= $7 AND (m.retired_at IS NULL OR $7 < m.retired_at)
                AND NOT EXISTS (
                    SELECT 1 FROM links AS l
                    WHERE l.tenant = m.tenant AND l.from_memory = m.id
                      AND l.kind IN ('forgotten', 'quarantined', 'superseded-by', 'archived-behind', 'proposed')
                      AND l.at <= $7 AND (l.ended_at IS NULL OR $7 < l.ended_at))))";
    /// Of these documents the turns that are in view: said by then, where a time is named.
    TURNS_IN_VIEW in "turns":
        "SELECT docs.docid, t.*
         FROM docs JOIN turns AS t ON t.tenant = docs.tenant AND t.id = docs.id
         WHERE docs.docid IN (SELECT CAST(value AS BIGINT) FROM json_each($1))
           AND docs.tenant = $2 AND docs.kind = 'turn'
           AND t.owner = $3 AND ($4 IS NULL OR t.project = $4)
           AND ($5 IS NULL OR t.at <= $5)";
}

impl Store {
    pub(crate) async fn census(
        &self,
        kind: Kind,
        view: &View,
        terms: &[String],
    ) -> Result<Census, StoreError> {
        let reach = reach(kind, &self.who, view);
        let count = match kind {
            Kind::Memory => COUNT_IN_MEMORIES,
            Kind::Turn => COUNT_IN_TURNS,
        };
        let mut tx = self.pool.read().await?;
        let questions = list(terms.iter().map(|term| reach.question(term)));
        let rows = tx.all(count, &values![questions]).await?;
        let held = list(
            shelves_of(view)
                .iter()
                .map(|held| i64::from(*held).to_string()),
        );
        let Who { tenant, owner } = &self.who;
        let asked = values![tenant, kind.as_str(), owner, &view.project, held];
        let tally = tx.all(TALLY, &asked).await?;
        let (documents, tokens) = match tally.first() {
            Some(row) => (row.count("documents")?, row.count("tokens")?),
            None => (0, 0),
        };
        Ok(Census {
            documents,
            mean_tokens: tokens as f64 / documents.max(1) as f64,
            holding: rows
                .iter()
                .map(|row| row.count("holding"))
                .collect::<Result<_, _>>()?,
        })
    }

    pub(crate) async fn find_memories(&self, lookup: &Lookup) -> Result<Vec<Record>, StoreError> {
        let mut tx = self.pool.read().await?;
        let Who { tenant, owner } = &self.who;
        let view = &lookup.view;
        let kinds =
            (!view.kinds.is_empty()).then(|| list(view.kinds.iter().map(|kind| kind.as_str())));
        let mut ranked = ranked(&mut tx, Kind::Memory, &self.who, lookup).await?;
        let mut found = Vec::new();
        while let Some(some) = next_best(&mut ranked, lookup.limit, found.len()) {
            let docids = list(some.iter().map(i64::to_string));
            let asked = values![
                docids,
                tenant,
                owner,
                &view.project,
                kinds.as_deref(),
                view.as_of,
                view.known_at
            ];
            found.append(&mut best_first(
                tx.all(MEMORIES_IN_VIEW, &asked).await?,
                &some,
            )?);
        }
        found.truncate(lookup.limit);
        records::of_rows(&mut tx, tenant, &found).await
    }

    pub(crate) async fn find_turns(&self, lookup: &Lookup) -> Result<Vec<TurnHit>, StoreError> {
        let mut tx = self.pool.read().await?;
        let Who { tenant, owner } = &self.who;
        let view = &lookup.view;
        let by_then = view.as_of.into_iter().chain(view.known_at).min();
        let mut ranked = ranked(&mut tx, Kind::Turn, &self.who, lookup).await?;
        let mut found = Vec::new();
        while let Some(some) = next_best(&mut ranked, lookup.limit, found.len()) {
            let docids = list(some.iter().map(i64::to_string));
            let asked = values![docids, tenant, owner, &view.project, by_then];
            found.append(&mut best_first(
                tx.all(TURNS_IN_VIEW, &asked).await?,
                &some,
            )?);
        }
        found.truncate(lookup.limit);
        found.iter().map(hit).collect()
    }
}

fn hit(row: &Row) -> Result<TurnHit, StoreError> {
    Ok(TurnHit {
        turn: rows::turn(row)?,
        project: row.text_or_none("project")?.map(domain::ProjectId::new),
    })
}

fn reach(kind: Kind, who: &Who, view: &View) -> Reach {
    match kind {
        Kind::Memory => Reach::memories(who, view),
        Kind::Turn => Reach::turns(who, view),
    }
}

/// The documents that hold a term, the weightiest on top; of equals the newest.
///
/// A weight that is not negative is ordered as its bits are.
type Ranked = BinaryHeap<(u64, i64)>;

async fn ranked(tx: &mut Tx, kind: Kind, who: &Who, lookup: &Lookup) -> Result<Ranked, StoreError> {
    let reach = reach(kind, who, &lookup.view);
    let terms = weightiest(&lookup.terms);
    let questions = list(terms.iter().map(|(term, _)| reach.question(term)));
    let rows = tx.all(listing(kind), &values![questions]).await?;
    let mut weights: HashMap<i64, f64> = HashMap::new();
    for (row, (_, weight)) in rows.iter().zip(terms) {
        for docid in row
            .text_or_none("docids")?
            .iter()
            .flat_map(|ids| ids.split(','))
        {
            let docid: i64 = docid.parse().map_err(|error| row.bad("docids", error))?;
            *weights.entry(docid).or_default() += weight;
        }
    }
    Ok(weights
        .into_iter()
        .map(|(docid, weight)| (weight.to_bits(), docid))
        .collect())
}

fn listing(kind: Kind) -> Sql {
    match kind {
        Kind::Memory => LIST_IN_MEMORIES,
        Kind::Turn => LIST_IN_TURNS,
    }
}

/// The weightiest terms, always in the same order, so that their sums come out the same.
fn weightiest(terms: &[(String, f64)]) -> Vec<(&str, f64)> {
    let mut terms: Vec<(&str, f64)> = terms
        .iter()
        .map(|(term, weight)| (term.as_str(), weight.max(0.0)))
        .collect();
    terms.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(b.0)));
    terms.dedup_by(|a, b| a.0 == b.0);
    terms.truncate(MOST_TERMS);
    terms
}

/// Takes the next best documents off, twice as many each time; nothing when enough are found.
fn next_best(ranked: &mut Ranked, limit: usize, found: usize) -> Option<Vec<i64>> {
    if found >= limit || ranked.is_empty() {
        return None;
    }
    let some = limit.max(found.saturating_mul(2)).min(ranked.len());
    Some(
        (0..some)
            .filter_map(|_| ranked.pop())
            .map(|(_, docid)| docid)
            .collect(),
    )
}

/// Brings an answer's rows into the order in which they were asked for.
fn best_first(rows: Vec<Row>, asked: &[i64]) -> Result<Vec<Row>, StoreError> {
    let places: HashMap<i64, usize> = asked
        .iter()
        .zip(0..)
        .map(|(id, place)| (*id, place))
        .collect();
    let mut placed = Vec::with_capacity(rows.len());
    for row in rows {
        placed.push((places.get(&row.int("docid")?).copied(), row));
    }
    placed.sort_by_key(|(place, _)| *place);
    Ok(placed.into_iter().map(|(_, row)| row).collect())
}
