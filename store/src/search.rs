//! Finds the documents that hold a reader's terms: how common each term is, and the best candidates.
//!
//! Ranks by the weights it is given and by nothing else; the finer ranking is recall's.

use std::collections::{BinaryHeap, HashMap};

use domain::{Census, Lookup, Record, StoreError, TurnHit, View};

use crate::engine::{Row, Sql, Tx, list, sql, values};
use crate::index::Kind;
use crate::index::shelf::{Reach, shelves_of};
use crate::library::records;
use crate::seen::{held, visible, wanted};
use crate::{Store, Who, family, rows};

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
           AND ((owner = '' AND (CAST($4 AS TEXT) IS NULL OR project IN (SELECT value FROM json_each($4))))
                OR (owner = $3 AND ($2 = 'memory' OR CAST($4 AS TEXT) IS NULL OR project IN (SELECT value FROM json_each($4)))))
           AND held IN (SELECT CAST(value AS INTEGER) FROM json_each($5))",
        postgres:
        "SELECT CAST(COALESCE(SUM(documents), 0) AS BIGINT) AS documents,
                CAST(COALESCE(SUM(tokens), 0) AS BIGINT) AS tokens
         FROM tallies
         WHERE tenant = $1 AND kind = $2
           AND ((owner = '' AND (CAST($4 AS TEXT) IS NULL OR project IN (SELECT value FROM json_each($4))))
                OR (owner = $3 AND ($2 = 'memory' OR CAST($4 AS TEXT) IS NULL OR project IN (SELECT value FROM json_each($4)))))
           AND held IN (SELECT value = '1' FROM json_each($5))";
    /// Of these documents the memories that are in view. SQLite takes a CROSS JOIN in the order in which
    /// it is written. Left to itself, without statistics, it looked every document up for every memory;
    /// with the list as a condition instead of the first table it went through every document's entry.
    MEMORIES_IN_VIEW in "memories":
        concat!(
            "SELECT docs.docid, m.*
             FROM json_each($1) AS asked CROSS JOIN docs CROSS JOIN memories AS m
             WHERE docs.docid = CAST(asked.value AS BIGINT) AND docs.kind = 'memory'
               AND m.tenant = docs.tenant AND m.id = docs.id AND ",
            visible!(), " AND ", wanted!(), " AND ", held!()
        );
    /// Of these documents the turns that are in view: said by then, where a time is named.
    TURNS_IN_VIEW in "turns":
        "SELECT docs.docid, t.*
         FROM json_each($1) AS asked CROSS JOIN docs CROSS JOIN turns AS t
         WHERE docs.docid = CAST(asked.value AS BIGINT) AND docs.tenant = $2 AND docs.kind = 'turn'
           AND t.tenant = docs.tenant AND t.id = docs.id
           AND t.owner = $3 AND (CAST($4 AS TEXT) IS NULL OR t.project IN (SELECT value FROM json_each($4)))
           AND (CAST($5 AS BIGINT) IS NULL OR t.at <= $5)";
}

impl Store {
    pub(crate) async fn census(
        &self,
        kind: Kind,
        view: &View,
        terms: &[String],
    ) -> Result<Census, StoreError> {
        let count = match kind {
            Kind::Memory => COUNT_IN_MEMORIES,
            Kind::Turn => COUNT_IN_TURNS,
        };
        let mut tx = self.pool.read().await?;
        let family = family::of(&mut tx, &self.who.tenant, view.project.as_ref()).await?;
        let reach = reach(kind, &self.who, view, family.as_deref());
        let questions = list(terms.iter().map(|term| reach.question(term)));
        let rows = tx.all(count, &values![questions]).await?;
        let held = list(
            shelves_of(view)
                .iter()
                .map(|held| i64::from(*held).to_string()),
        );
        let Who { tenant, owner } = &self.who;
        let family = family.map(list);
        let asked = values![tenant, kind.as_str(), owner, &family, held];
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

    /// Returns the memories that hold the terms, the best first.
    ///
    /// As known at a time, each is found by its words of today and shows what its row said then.
    pub(crate) async fn find_memories(&self, lookup: &Lookup) -> Result<Vec<Record>, StoreError> {
        let mut tx = self.pool.read().await?;
        let Who { tenant, owner } = &self.who;
        let view = &lookup.view;
        let kinds =
            (!view.kinds.is_empty()).then(|| list(view.kinds.iter().map(|kind| kind.as_str())));
        let family = family::of(&mut tx, tenant, view.project.as_ref()).await?;
        let reach = Reach::memories(&self.who, view, family.as_deref());
        let family = family.map(list);
        let mut ranked = Ranked::of(&mut tx, Kind::Memory, &reach, lookup).await?;
        let mut found = Vec::new();
        while let Some(some) = ranked.next_best(lookup.limit, found.len()) {
            let docids = list(some.iter().map(i64::to_string));
            let asked = values![
                docids,
                tenant,
                owner,
                &family,
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
        records::known_at(&mut tx, tenant, &found, view.known_at).await
    }

    pub(crate) async fn find_turns(&self, lookup: &Lookup) -> Result<Vec<TurnHit>, StoreError> {
        let mut tx = self.pool.read().await?;
        let Who { tenant, owner } = &self.who;
        let view = &lookup.view;
        let by_then = view.as_of.into_iter().chain(view.known_at).min();
        let family = family::of(&mut tx, tenant, view.project.as_ref()).await?;
        let reach = Reach::turns(&self.who, family.as_deref());
        let family = family.map(list);
        let mut ranked = Ranked::of(&mut tx, Kind::Turn, &reach, lookup).await?;
        let mut found = Vec::new();
        while let Some(some) = ranked.next_best(lookup.limit, found.len()) {
            let docids = list(some.iter().map(i64::to_string));
            let asked = values![docids, tenant, owner, &family, by_then];
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

fn reach(kind: Kind, who: &Who, view: &View, projects: Option<&[String]>) -> Reach {
    match kind {
        Kind::Memory => Reach::memories(who, view, projects),
        Kind::Turn => Reach::turns(who, projects),
    }
}

/// The documents that hold a term, the weightiest on top; of equals the newest.
struct Ranked {
    /// A weight that is not negative is ordered as its bits are.
    docs: BinaryHeap<(u64, i64)>,
    step: usize,
}

impl Ranked {
    async fn of(
        tx: &mut Tx,
        kind: Kind,
        reach: &Reach,
        lookup: &Lookup,
    ) -> Result<Self, StoreError> {
        let terms = weightiest(&lookup.terms);
        let questions = list(terms.iter().map(|(term, _)| reach.question(term)));
        let rows = tx.all(listing(kind), &values![questions]).await?;
        let mut weights: HashMap<i64, f64> = HashMap::new();
        for (row, (_, weight)) in rows.iter().zip(terms) {
            let docids = row.text_or_none("docids")?;
            for docid in docids.iter().flat_map(|docids| docids.split(',')) {
                let docid: i64 = docid.parse().map_err(|error| row.bad("docids", error))?;
                *weights.entry(docid).or_default() += weight;
            }
        }
        let docs = weights.into_iter();
        Ok(Self {
            docs: docs
                .map(|(docid, weight)| (weight.to_bits(), docid))
                .collect(),
            step: lookup.limit,
        })
    }

    /// Takes the next best documents off, twice as many each time; nothing when enough are found.
    fn next_best(&mut self, limit: usize, found: usize) -> Option<Vec<i64>> {
        if found >= limit || self.docs.is_empty() {
            return None;
        }
        let some = self.step.min(self.docs.len());
        self.step *= 2;
        let best = (0..some).filter_map(|_| self.docs.pop());
        Some(best.map(|(_, docid)| docid).collect())
    }
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
