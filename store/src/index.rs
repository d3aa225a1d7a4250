//! Keeps the engine's text index in step with the rows, inside the writer's own transaction.
//!
//! The index holds no text, and may be rebuilt from the rows at any time; nothing is decided from it
//! that the rows do not say again.

pub(crate) mod shelf;

use std::collections::{BTreeMap, HashMap};

use domain::{Memory, OwnerId, ProjectId, Standing, StoreError, TenantId, Turn, words};

use crate::engine::{Row, Sql, Tx, Value, batch, list, sql, values};
use shelf::Shelf;

/// So many bytes of words go out in one statement: a whole `finish` of a usual transcript. Each statement
/// begins with a savepoint, at which FTS5 writes a segment that must be merged with the others later;
/// eight statements instead of one cost it as much again as taking the words in.
const AT_ONCE: usize = 8 << 20;

/// What a document is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Memory,
    Turn,
}

impl Kind {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Memory => "memory",
            Self::Turn => "turn",
        }
    }
}

sql! {
    /// What is known of these documents.
    KNOWN in "docs":
        "SELECT docid, id, owner, project, held, tokens FROM docs
         WHERE tenant = $1 AND kind = $2 AND id IN (SELECT value FROM json_each($3))";
    DROP_DOCS in "docs":
        "DELETE FROM docs
         WHERE tenant = $1 AND kind = $2 AND id IN (SELECT value FROM json_each($3))";
    /// Many documents at once, as a JSON object: under each number its words.
    PUT_MEMORY_WORDS in "memory_words":
        "INSERT OR REPLACE INTO memory_words (rowid, words)
         SELECT CAST(key AS INTEGER), value FROM json_each($1)",
        postgres:
        "INSERT INTO memory_words (docid, words)
         SELECT CAST(key AS BIGINT), array_to_tsvector(string_to_array(value, ' '))
         FROM json_each_text(CAST($1 AS JSON))
         ON CONFLICT (docid) DO UPDATE SET words = excluded.words";
    PUT_TURN_WORDS in "turn_words":
        "INSERT OR REPLACE INTO turn_words (rowid, words)
         SELECT CAST(key AS INTEGER), value FROM json_each($1)",
        postgres:
        "INSERT INTO turn_words (docid, words)
         SELECT CAST(key AS BIGINT), array_to_tsvector(string_to_array(value, ' '))
         FROM json_each_text(CAST($1 AS JSON))
         ON CONFLICT (docid) DO UPDATE SET words = excluded.words";
    DROP_MEMORY_WORDS in "memory_words":
        "DELETE FROM memory_words WHERE rowid IN (SELECT CAST(value AS BIGINT) FROM json_each($1))",
        postgres:
        "DELETE FROM memory_words WHERE docid IN (SELECT CAST(value AS BIGINT) FROM json_each($1))";
    DROP_TURN_WORDS in "turn_words":
        "DELETE FROM turn_words WHERE rowid IN (SELECT CAST(value AS BIGINT) FROM json_each($1))",
        postgres:
        "DELETE FROM turn_words WHERE docid IN (SELECT CAST(value AS BIGINT) FROM json_each($1))";
}

batch! {
    PUT_DOCS in "docs":
        "INSERT INTO docs (tenant, kind, id, owner, project, held, tokens)", 7,
        "ON CONFLICT (tenant, kind, id) DO UPDATE SET owner = excluded.owner,
            project = excluded.project, held = excluded.held, tokens = excluded.tokens
         RETURNING docid, id";
    ADD_TALLIES in "tallies":
        "INSERT INTO tallies (tenant, kind, owner, project, held, documents, tokens)", 7,
        "ON CONFLICT (tenant, kind, owner, project, held) DO UPDATE SET
            documents = tallies.documents + excluded.documents,
            tokens = tallies.tokens + excluded.tokens";
}

/// Writes memories into the index, over whatever stood there of them.
pub(crate) async fn put_memories(
    tx: &mut Tx,
    tenant: &TenantId,
    memories: &[(&Memory, Standing)],
) -> Result<(), StoreError> {
    let docs = memories.iter().map(|(memory, standing)| {
        let tokens = words::tokens(&memory.searchable());
        let shelf = Shelf::of_memory(memory, *standing);
        Doc {
            id: memory.id.as_str(),
            words: json(&shelf.memory_words(tenant, &tokens)),
            tokens: tokens.len(),
            shelf,
        }
    });
    let docs: Vec<Doc<'_>> = docs.collect();
    put(tx, tenant, Kind::Memory, &docs.iter().collect::<Vec<_>>()).await
}

/// Returns a turn as the index takes it. It is done before the transaction, which others wait for:
/// cutting words took more than half of a long `finish`.
pub(crate) fn turn_doc<'a>(
    tenant: &TenantId,
    owner: &OwnerId,
    turn: &'a Turn,
    project: Option<&ProjectId>,
) -> Doc<'a> {
    let tokens = words::tokens(&turn.quotable());
    let shelf = Shelf::of_turn(owner, project);
    Doc {
        id: turn.id.as_str(),
        words: json(&shelf.turn_words(tenant, &tokens)),
        tokens: tokens.len(),
        shelf,
    }
}

/// Writes turns into the index, each on the shelf of its working directory's project.
pub(crate) async fn put_turns(
    tx: &mut Tx,
    tenant: &TenantId,
    turns: &[&Doc<'_>],
) -> Result<(), StoreError> {
    put(tx, tenant, Kind::Turn, turns).await
}

/// Takes documents out of the index.
pub(crate) async fn take_out(
    tx: &mut Tx,
    tenant: &TenantId,
    kind: Kind,
    ids: &[&str],
) -> Result<(), StoreError> {
    let known = known(tx, tenant, kind, ids).await?;
    if known.is_empty() {
        return Ok(());
    }
    let mut tallies = Tallies::default();
    known.values().for_each(|old| tallies.add(old, -1));
    let numbers = list(known.values().map(|old| old.docid.to_string()));
    tx.run(drop_words(kind), &values![numbers]).await?;
    let ids = list(known.keys());
    tx.run(DROP_DOCS, &values![tenant, kind.as_str(), ids])
        .await?;
    tallies.write(tx, tenant, kind).await
}

/// A document to be indexed.
pub(crate) struct Doc<'a> {
    pub(crate) id: &'a str,
    shelf: Shelf,
    /// As JSON, so that it is written as such before the transaction.
    words: String,
    tokens: usize,
}

fn json(words: &str) -> String {
    serde_json::to_string(words).expect("a text is JSON")
}

/// A document that is indexed.
struct Known {
    docid: i64,
    shelf: Shelf,
    tokens: i64,
}

async fn put(
    tx: &mut Tx,
    tenant: &TenantId,
    kind: Kind,
    docs: &[&Doc<'_>],
) -> Result<(), StoreError> {
    // Of a document that comes twice the last word counts; PostgreSQL refuses to be told both.
    let docs: BTreeMap<&str, &Doc<'_>> = docs.iter().map(|doc| (doc.id, *doc)).collect();
    let ids: Vec<&str> = docs.keys().copied().collect();
    let mut tallies = Tallies::default();
    for old in known(tx, tenant, kind, &ids).await?.values() {
        tallies.add(old, -1);
    }
    let rows: Vec<_> = docs.values().map(|doc| doc.row(tenant, kind)).collect();
    let mut words: Vec<(i64, &str)> = Vec::with_capacity(docs.len());
    for row in tx.insert(PUT_DOCS, &rows).await? {
        let (docid, id) = (row.int("docid")?, row.text("id")?);
        let Some(doc) = docs.get(id.as_str()) else {
            return Err(row.bad("id", "it is not the document that was written"));
        };
        words.push((docid, doc.words.as_str()));
        tallies.add(&doc.known(docid), 1);
    }
    // FTS5 writes a segment whenever a number is smaller than the one before.
    words.sort_unstable();
    for some in objects(&words) {
        tx.run(put_words(kind), &values![some]).await?;
    }
    tallies.write(tx, tenant, kind).await
}

/// Returns JSON objects of some size each: under each number its words, which are JSON already.
fn objects(words: &[(i64, &str)]) -> Vec<String> {
    let mut objects = Vec::new();
    let mut object = String::new();
    for (docid, words) in words {
        if object.len() > AT_ONCE {
            objects.push(std::mem::take(&mut object) + "}");
        }
        object.push(if object.is_empty() { '{' } else { ',' });
        object.push_str(&format!("\"{docid}\":"));
        object.push_str(words);
    }
    if !object.is_empty() {
        objects.push(object + "}");
    }
    objects
}

async fn known(
    tx: &mut Tx,
    tenant: &TenantId,
    kind: Kind,
    ids: &[&str],
) -> Result<HashMap<String, Known>, StoreError> {
    let asked = values![tenant, kind.as_str(), list(ids)];
    let rows = tx.all(KNOWN, &asked).await?;
    let read = |row: &Row| {
        let shelf = Shelf {
            owner: row.text("owner")?,
            project: row.text("project")?,
            held: row.boolean("held")?,
        };
        let (docid, tokens) = (row.int("docid")?, row.int("tokens")?);
        Ok((
            row.text("id")?,
            Known {
                docid,
                shelf,
                tokens,
            },
        ))
    };
    rows.iter().map(read).collect()
}

fn put_words(kind: Kind) -> Sql {
    match kind {
        Kind::Memory => PUT_MEMORY_WORDS,
        Kind::Turn => PUT_TURN_WORDS,
    }
}

fn drop_words(kind: Kind) -> Sql {
    match kind {
        Kind::Memory => DROP_MEMORY_WORDS,
        Kind::Turn => DROP_TURN_WORDS,
    }
}

impl Doc<'_> {
    fn row<'a>(&'a self, tenant: &'a TenantId, kind: Kind) -> Vec<Value<'a>> {
        let Shelf {
            owner,
            project,
            held,
        } = &self.shelf;
        let tokens = self.tokens as i64;
        values![
            tenant,
            kind.as_str(),
            self.id,
            owner,
            project,
            *held,
            tokens
        ]
        .into()
    }

    fn known(&self, docid: i64) -> Known {
        Known {
            docid,
            shelf: self.shelf.clone(),
            tokens: self.tokens as i64,
        }
    }
}

/// What documents and tokens a transaction adds to each shelf, or takes from it.
#[derive(Default)]
struct Tallies(BTreeMap<Shelf, (i64, i64)>);

impl Tallies {
    fn add(&mut self, doc: &Known, sign: i64) {
        let (documents, tokens) = self.0.entry(doc.shelf.clone()).or_default();
        *documents += sign;
        *tokens += sign * doc.tokens;
    }

    /// Writes them in the order of their shelves, so that two writers never wait for each other in a ring.
    async fn write(self, tx: &mut Tx, tenant: &TenantId, kind: Kind) -> Result<(), StoreError> {
        let moved = self.0.iter().filter(|(_, moved)| **moved != (0, 0));
        let rows: Vec<Vec<Value<'_>>> = moved
            .map(|(shelf, (documents, tokens))| {
                let Shelf {
                    owner,
                    project,
                    held,
                } = shelf;
                values![
                    tenant,
                    kind.as_str(),
                    owner,
                    project,
                    *held,
                    *documents,
                    *tokens
                ]
                .into()
            })
            .collect();
        tx.insert(ADD_TALLIES, &rows).await?;
        Ok(())
    }
}
