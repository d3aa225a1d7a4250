//! A memory's history: every state of its row, and the links, quotes and belief that came and went.
//!
//! Shows what was written, in the order of time; judges nothing.

use domain::{BeliefEvent, Evidence, Link, Memory, MemoryId, RunId, StoreError};
use jiff::Timestamp;
use serde::Serialize;

use crate::engine::{Row, sql, values};
use crate::{Store, Who, rows};

sql! {
    /// History outlives what an undo removes, so the last known state says who may see it.
    REVISIONS in "revisions":
        "SELECT r.memory AS id, r.at, r.run, r.verb, r.body FROM revisions AS r
         WHERE r.tenant = $1 AND r.memory = $2 ORDER BY r.number";
    /// Each end has an index of its own; asked with OR, SQLite would go through every link.
    LINKS in "links":
        "SELECT l.*, r.verb FROM links AS l JOIN runs AS r ON r.tenant = l.tenant AND r.id = l.run
         WHERE l.tenant = $1
           AND l.id IN (SELECT f.id FROM links AS f WHERE f.tenant = $1 AND f.from_memory = $2
                        UNION SELECT t.id FROM links AS t WHERE t.tenant = $1 AND t.to_memory = $2)
         ORDER BY l.at, l.id";
    BELIEFS in "beliefs":
        "SELECT b.*, r.verb FROM beliefs AS b JOIN runs AS r ON r.tenant = b.tenant AND r.id = b.run
         WHERE b.tenant = $1 AND b.memory = $2 ORDER BY b.at, b.id";
    EVIDENCE in "evidence":
        "SELECT e.*, r.verb FROM evidence AS e JOIN runs AS r ON r.tenant = e.tenant AND r.id = e.run
         WHERE e.tenant = $1 AND e.memory = $2 ORDER BY e.at, e.id";
}

/// Something that happened to a memory.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Happening {
    /// When.
    pub at: Timestamp,
    /// The run that wrote it, or that last wrote it.
    pub run: RunId,
    /// What that run did: a job's kind or a command's verb.
    pub verb: String,
    /// What it was.
    #[serde(flatten)]
    pub change: Change,
}

/// What happened to a memory.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "change", content = "is", rename_all = "kebab-case")]
pub enum Change {
    /// Its row was written, as it stood from then on.
    Written(Box<Memory>),
    /// Its row was taken back.
    Removed,
    /// It gained a quote.
    Quoted(Evidence),
    /// Something spoke for it or against it.
    Believed(BeliefEvent),
    /// A link began.
    Linked(Link),
    /// A link ended.
    Unlinked(Link),
}

impl Store {
    /// Returns everything that happened to a memory, the oldest first; nothing where it may not be seen.
    pub async fn history(&self, id: &MemoryId) -> Result<Vec<Happening>, StoreError> {
        let Who { tenant, owner } = &self.who;
        let mut tx = self.pool.read().await?;
        let asked = values![tenant, id];
        let revisions = tx.all(REVISIONS, &asked).await?;
        let mut all: Vec<Happening> = revisions.iter().map(revision).collect::<Result<_, _>>()?;
        let last = all
            .iter()
            .rev()
            .find_map(|happening| match &happening.change {
                Change::Written(memory) => Some(memory),
                _ => None,
            });
        if last.is_none_or(|memory| memory.is_private() && memory.owner != *owner) {
            return Ok(Vec::new());
        }
        for row in tx.all(EVIDENCE, &asked).await? {
            let (_, evidence) = rows::evidence(&row)?;
            all.push(happening(&row, evidence.at, Change::Quoted(evidence))?);
        }
        for row in tx.all(BELIEFS, &asked).await? {
            let event = rows::belief(&row)?;
            all.push(happening(&row, event.at, Change::Believed(event))?);
        }
        for row in tx.all(LINKS, &asked).await? {
            let link = rows::link(&row)?;
            if let Some(ended) = link.ended_at {
                all.push(happening(&row, ended, Change::Unlinked(link.clone()))?);
            }
            all.push(happening(&row, link.at, Change::Linked(link))?);
        }
        // What was said comes before what was made of it, so equal times keep the row first.
        all.sort_by_key(|happening| happening.at);
        Ok(all)
    }
}

fn revision(row: &Row) -> Result<Happening, StoreError> {
    let change = match row.text_or_none("body")? {
        Some(_) => Change::Written(row.json("body")?),
        None => Change::Removed,
    };
    happening(row, row.time("at")?, change)
}

fn happening(row: &Row, at: Timestamp, change: Change) -> Result<Happening, StoreError> {
    Ok(Happening {
        at,
        run: rows::run_of(row)?,
        verb: row.text("verb")?,
        change,
    })
}
