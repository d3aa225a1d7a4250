//! Finds the documents that hold a reader's terms: how common each term is, and the best candidates.
//!
//! Ranks by the weights it is given and by nothing else; the finer ranking is recall's.

use std::collections::{BinaryHeap, HashMap};

use domain::{Census, Holding, Lookup, Record, StoreError, TurnHit, View};

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
    MEMORIES_IN_VIEW in "memories"
        told (docid id owner project kind scope what when_ do_ warn domain slot tags asserted_by pinned
              valid_from valid_to recorded_at retired_at seen_at revision standing):
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
    /// Returns the memories that hold the terms, the best first.
    ///
    /// As known at a time, each is found by its words of today and shows what its row said then.
    pub(crate) async fn find_memories(
        &self,
        lookup: &Lookup,
    ) -> Result<Holding<Record>, StoreError> {
        let mut search = self.begin_search(Kind::Memory, lookup).await?;
        let (Who { tenant, owner }, view) = (&self.who, &lookup.view);
        let kinds =
            (!view.kinds.is_empty()).then(|| list(view.kinds.iter().map(|kind| kind.as_str())));
        let mut found = Vec::new();
        while let Some(some) = search.ranked.next_best(lookup.limit, found.len()) {
            let docids = list(some.iter().map(i64::to_string));
            let asked = values![
                docids,
                tenant,
                owner,
                &search.family,
                kinds.as_deref(),
                view.as_of,
                view.known_at
            ];
            let rows = search.tx.all(MEMORIES_IN_VIEW, &asked).await?;
            found.append(&mut best_first(rows, &some)?);
        }
        found.truncate(lookup.limit);
        let found = records::known_at(&mut search.tx, tenant, &found, view.known_at).await?;
        let census = search.census;
        Ok(Holding { census, found })
    }

    /// Returns the turns that hold the terms, the best first.
    pub(crate) async fn find_turns(&self, lookup: &Lookup) -> Result<Holding<TurnHit>, StoreError> {
        let mut search = self.begin_search(Kind::Turn, lookup).await?;
        let (Who { tenant, owner }, view) = (&self.who, &lookup.view);
        let by_then = view.as_of.into_iter().chain(view.known_at).min();
        let mut found = Vec::new();
        while let Some(some) = search.ranked.next_best(lookup.limit, found.len()) {
            let docids = list(some.iter().map(i64::to_string));
            let asked = values![docids, tenant, owner, &search.family, by_then];
            let rows = search.tx.all(TURNS_IN_VIEW, &asked).await?;
            found.append(&mut best_first(rows, &some)?);
        }
        found.truncate(lookup.limit);
        let found = found.iter().map(hit).collect::<Result<_, _>>()?;
        let census = search.census;
        Ok(Holding { census, found })
    }

    /// Counts and ranks what holds the terms, in view or not: who may see it is asked of the best alone.
    async fn begin_search(&self, kind: Kind, lookup: &Lookup) -> Result<Search, StoreError> {
        let mut tx = self.pool.read().await?;
        let (who, view) = (&self.who, &lookup.view);
        let family = family::of(&mut tx, &who.tenant, view.project.as_ref()).await?;
        let reach = match kind {
            Kind::Memory => Reach::memories(who, view, family.as_deref()),
            Kind::Turn => Reach::turns(who, family.as_deref()),
        };
        let family = family.map(list);
        let (documents, tokens) = tally(&mut tx, kind, who, view, &family).await?;
        let (holding, ranked) = rank(&mut tx, kind, &reach, lookup, documents).await?;
        let mean_tokens = tokens as f64 / documents.max(1) as f64;
        Ok(Search {
            tx,
            family,
            census: Census {
                documents,
                mean_tokens,
                holding,
            },
            ranked,
        })
    }
}

/// A search whose candidates are known by number, and not yet looked at.
struct Search {
    tx: Tx,
    /// The projects in view, as statements take them.
    family: Option<String>,
    census: Census,
    ranked: Ranked,
}

/// Returns how many documents are in view, and how many tokens they have together.
async fn tally(
    tx: &mut Tx,
    kind: Kind,
    who: &Who,
    view: &View,
    family: &Option<String>,
) -> Result<(u64, u64), StoreError> {
    let held = shelves_of(view);
    let held = list(held.iter().map(|held| i64::from(*held).to_string()));
    let asked = values![&who.tenant, kind.as_str(), &who.owner, family, held];
    match tx.first(TALLY, &asked).await? {
        Some(row) => Ok((row.count("documents")?, row.count("tokens")?)),
        None => Ok((0, 0)),
    }
}

/// Returns in how many documents each term stands, and the documents by what they hold.
///
/// The lists of a few terms are counted as they come; of many terms all are counted first, and only
/// those are listed that are worth most.
async fn rank(
    tx: &mut Tx,
    kind: Kind,
    reach: &Reach,
    lookup: &Lookup,
    documents: u64,
) -> Result<(Vec<u64>, Ranked), StoreError> {
    let (counting, listing) = statements(kind);
    let questions = |terms: &[String]| list(terms.iter().map(|term| reach.question(term)));
    let worth = |holding: u64| (lookup.worth)(documents, holding).max(0.0);
    let mut ranked = Ranked::new(lookup.limit);
    if lookup.terms.len() <= MOST_TERMS {
        let mut holding = Vec::new();
        for row in tx.all(listing, &values![questions(&lookup.terms)]).await? {
            let docids = docids(&row)?;
            ranked.add(&docids, worth(docids.len() as u64));
            holding.push(docids.len() as u64);
        }
        return Ok((holding, ranked));
    }
    let rows = tx.all(counting, &values![questions(&lookup.terms)]).await?;
    let holding: Vec<u64> = rows
        .iter()
        .map(|row| row.count("holding"))
        .collect::<Result<_, _>>()?;
    let best = worth_most(&lookup.terms, &holding, worth);
    let rows = tx.all(listing, &values![questions(&best)]).await?;
    for row in rows {
        let docids = docids(&row)?;
        ranked.add(&docids, worth(docids.len() as u64));
    }
    Ok((holding, ranked))
}

fn hit(row: &Row) -> Result<TurnHit, StoreError> {
    Ok(TurnHit {
        turn: rows::turn(row)?,
        project: row.text_or_none("project")?.map(domain::ProjectId::new),
    })
}

fn statements(kind: Kind) -> (Sql, Sql) {
    match kind {
        Kind::Memory => (COUNT_IN_MEMORIES, LIST_IN_MEMORIES),
        Kind::Turn => (COUNT_IN_TURNS, LIST_IN_TURNS),
    }
}

/// Reads the documents that hold a term: none is written as no text at all.
fn docids(row: &Row) -> Result<Vec<i64>, StoreError> {
    let Some(docids) = row.text_or_none("docids")? else {
        return Ok(Vec::new());
    };
    let docids = docids.split(',').map(str::parse);
    docids
        .collect::<Result<_, _>>()
        .map_err(|error| row.bad("docids", error))
}

/// Returns the terms that stand somewhere and are worth most; of equals the first in the alphabet.
fn worth_most(terms: &[String], holding: &[u64], worth: impl Fn(u64) -> f64) -> Vec<String> {
    let standing = terms.iter().zip(holding).filter(|(_, count)| **count > 0);
    let mut best: Vec<(f64, &String)> = standing
        .map(|(term, count)| (worth(*count), term))
        .collect();
    best.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(b.1)));
    best.truncate(MOST_TERMS);
    best.into_iter().map(|(_, term)| term.clone()).collect()
}

/// The documents that hold a term, by the worth of all that they hold; of equals the newest first.
struct Ranked {
    worth: HashMap<i64, f64>,
    /// What was not taken off yet, once taking off has begun: a worth that is not negative is ordered as
    /// its bits are.
    docs: BinaryHeap<(u64, i64)>,
    step: usize,
}

impl Ranked {
    fn new(step: usize) -> Self {
        Self {
            worth: HashMap::new(),
            docs: BinaryHeap::new(),
            step,
        }
    }

    fn add(&mut self, docids: &[i64], worth: f64) {
        for docid in docids {
            *self.worth.entry(*docid).or_default() += worth;
        }
    }

    /// Takes the next best documents off, twice as many each time; nothing when enough are found.
    fn next_best(&mut self, limit: usize, found: usize) -> Option<Vec<i64>> {
        let worth = self.worth.drain();
        self.docs
            .extend(worth.map(|(docid, worth)| (worth.to_bits(), docid)));
        if found >= limit || self.docs.is_empty() {
            return None;
        }
        let some = self.step.min(self.docs.len());
        self.step *= 2;
        let best = (0..some).filter_map(|_| self.docs.pop());
        Some(best.map(|(_, docid)| docid).collect())
    }
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
