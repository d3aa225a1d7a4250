//! A memory's history: every state of its row, and the links, quotes and belief that came and went, also
//! what was taken back.
//!
//! Shows what was written, in the order of time; judges nothing.

use std::collections::HashMap;

use domain::{BeliefEvent, Evidence, Link, Memory, MemoryId, RunId, StoreError};
use jiff::Timestamp;
use serde::Serialize;

use crate::engine::{Row, list, sql, values};
use crate::write::state::{BeliefRow, EvidenceRow, LinkRow, State};
use crate::{Store, Who, rows};

sql! {
    /// History outlives what an undo removes, so the last known state says who may see it.
    REVISIONS in "revisions":
        "SELECT r.memory AS id, r.at, r.run, r.body FROM revisions AS r
         WHERE r.tenant = $1 AND r.memory = $2 ORDER BY r.number";
    /// Each end has an index of its own; asked with OR, SQLite would go through every link.
    LINKS in "links":
        "SELECT l.* FROM links AS l
         WHERE l.tenant = $1
           AND l.id IN (SELECT f.id FROM links AS f WHERE f.tenant = $1 AND f.from_memory = $2
                        UNION SELECT t.id FROM links AS t WHERE t.tenant = $1 AND t.to_memory = $2)
         ORDER BY l.at, l.id";
    BELIEFS in "beliefs":
        "SELECT * FROM beliefs WHERE tenant = $1 AND memory = $2 ORDER BY at, id";
    EVIDENCE in "evidence":
        "SELECT * FROM evidence WHERE tenant = $1 AND memory = $2 ORDER BY at, id";
    FORMER in "former":
        "SELECT f.number AS id, f.body FROM former AS f
         WHERE f.tenant = $1 AND f.body IS NOT NULL
           AND f.number IN (SELECT m.number FROM former AS m WHERE m.tenant = $1 AND m.memory = $2
                            UNION SELECT o.number FROM former AS o WHERE o.tenant = $1 AND o.other = $2)
         ORDER BY f.number";
    /// The last state of a memory that an undo took away is none.
    TAKEN_BACK in "revisions":
        "SELECT r.memory AS id, r.run FROM revisions AS r
         JOIN runs ON runs.tenant = r.tenant AND runs.id = r.run
         WHERE r.tenant = $2 AND runs.owner = $3 AND r.body IS NULL
           AND r.memory >= $1 AND r.memory < $1 || char(1114111)
           AND NOT EXISTS (SELECT 1 FROM revisions AS n
                WHERE n.tenant = r.tenant AND n.memory = r.memory AND n.number > r.number)
         ORDER BY r.memory LIMIT 1",
        postgres:
        "SELECT r.memory AS id, r.run FROM revisions AS r
         JOIN runs ON runs.tenant = r.tenant AND runs.id = r.run
         WHERE r.tenant = $2 AND runs.owner = $3 AND r.body IS NULL AND starts_with(r.memory, $1)
           AND NOT EXISTS (SELECT 1 FROM revisions AS n
                WHERE n.tenant = r.tenant AND n.memory = r.memory AND n.number > r.number)
         ORDER BY r.memory LIMIT 1";
    RUNS in "runs":
        "SELECT id, verb, undone_by FROM runs
         WHERE tenant = $1 AND id IN (SELECT CAST(value AS BIGINT) FROM json_each($2))";
}

/// Something that happened to a memory.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Happening {
    /// When.
    pub at: Timestamp,
    /// The run that wrote it.
    pub run: RunId,
    /// What that run did: a job's kind or a command's verb.
    pub verb: String,
    /// The run that took it back, if it does not stand.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub taken_back_by: Option<RunId>,
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
    /// Returns the memory whose name begins so and that is held no more, with the run that took it back.
    pub async fn taken_back(
        &self,
        prefix: &MemoryId,
    ) -> Result<Option<(MemoryId, RunId)>, StoreError> {
        let Who { tenant, owner } = &self.who;
        let asked = values![prefix, tenant, owner];
        let row = self.pool.first(TAKEN_BACK, &asked).await?;
        row.map(|row| Ok((MemoryId::new(row.text("id")?), rows::run_of(&row)?)))
            .transpose()
    }

    /// Returns everything that happened to a memory, the oldest first; nothing where it may not be seen.
    ///
    /// What was taken back is told too, with the run that did it.
    pub async fn history(&self, id: &MemoryId) -> Result<Vec<Happening>, StoreError> {
        let Who { tenant, owner } = &self.who;
        let mut tx = self.pool.read().await?;
        let asked = values![tenant, id];
        let mut told = Told::default();
        for row in tx.all(REVISIONS, &asked).await? {
            told.revision(&row)?;
        }
        if told
            .last()
            .is_none_or(|memory| memory.is_private() && memory.owner != *owner)
        {
            return Ok(Vec::new());
        }
        // How a row stood before comes before how it stands, so that each change is told once, by the
        // run that made it.
        for row in tx.all(FORMER, &asked).await? {
            told.state(row.json("body")?);
        }
        for row in tx.all(EVIDENCE, &asked).await? {
            told.state(State::Evidence(EvidenceRow::read(&row)?));
        }
        for row in tx.all(BELIEFS, &asked).await? {
            told.state(State::Belief(BeliefRow::read(&row)?));
        }
        for row in tx.all(LINKS, &asked).await? {
            told.state(State::Link(LinkRow::read(&row)?));
        }
        let runs = list(told.0.iter().map(|(_, run, _)| run.0.to_string()));
        let runs = tx.all(RUNS, &values![tenant, runs]).await?;
        told.with(&runs)
    }
}

/// Changes, each with its time and its run.
#[derive(Default)]
struct Told(Vec<(Timestamp, RunId, Change)>);

impl Told {
    fn revision(&mut self, row: &Row) -> Result<(), StoreError> {
        let change = match row.text_or_none("body")? {
            Some(_) => Change::Written(row.json("body")?),
            None => Change::Removed,
        };
        self.0.push((row.time("at")?, rows::run_of(row)?, change));
        Ok(())
    }

    fn last(&self) -> Option<&Memory> {
        self.0.iter().rev().find_map(|(_, _, change)| match change {
            Change::Written(memory) => Some(&**memory),
            _ => None,
        })
    }

    fn state(&mut self, state: State) {
        let run = state.run();
        match state {
            State::Memory(_) => {}
            State::Evidence(row) => self.once(row.evidence.at, run, Change::Quoted(row.evidence)),
            State::Belief(row) => self.once(row.event.at, run, Change::Believed(row.event)),
            State::Link(row) => self.link(row.link, run),
        }
    }

    /// A link's state names the run that wrote it last: if it has ended, the one that ended it.
    fn link(&mut self, link: Link, run: RunId) {
        let begun = Link {
            ended_at: None,
            ..link.clone()
        };
        let is_known = self.0.iter().any(|(_, by, change)| match change {
            Change::Linked(known) => {
                known.id() == begun.id() && (link.ended_at.is_some() || *by == run)
            }
            _ => false,
        });
        if !is_known {
            self.0.push((begun.at, run, Change::Linked(begun)));
        }
        if let Some(ended) = link.ended_at {
            self.once(ended, run, Change::Unlinked(link));
        }
    }

    /// A row that was taken back and put back again is told once.
    fn once(&mut self, at: Timestamp, run: RunId, change: Change) {
        let told = (at, run, change);
        if !self.0.contains(&told) {
            self.0.push(told);
        }
    }

    /// Says of each change what its run did, and whether it was taken back.
    fn with(self, runs: &[Row]) -> Result<Vec<Happening>, StoreError> {
        let mut known = HashMap::new();
        for row in runs {
            let undone_by = row.int_or_none("undone_by")?.map(RunId);
            known.insert(RunId(row.int("id")?), (row.text("verb")?, undone_by));
        }
        let happening = |(at, run, change): (Timestamp, RunId, Change)| {
            let (verb, taken_back_by) = known.get(&run).cloned().unwrap_or_default();
            Happening {
                at,
                run,
                verb,
                taken_back_by,
                change,
            }
        };
        let mut all: Vec<Happening> = self.0.into_iter().map(happening).collect();
        // What was said comes before what was made of it, so equal times keep the row first.
        all.sort_by_key(|happening| happening.at);
        Ok(all)
    }
}
