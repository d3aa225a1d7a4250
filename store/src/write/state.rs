//! The rows that the journal can bring back: memories, evidence, beliefs and links, each with its run.
//!
//! A state is written whole and kept whole as JSON; nothing derived stands in it.

use domain::{BeliefEvent, Evidence, Link, Memory, MemoryId, RunId, StoreError, TenantId};
use serde::{Deserialize, Serialize};

use crate::engine::{Row, Tx, Value, batch, values};
use crate::rows;

/// A row of `memories` with the run that last wrote it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct MemoryRow {
    pub(crate) memory: Memory,
    pub(crate) run: RunId,
}

/// A row of `evidence` with the run that wrote it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct EvidenceRow {
    pub(crate) memory: MemoryId,
    pub(crate) evidence: Evidence,
    pub(crate) run: RunId,
}

/// A row of `beliefs` with the run that wrote it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct BeliefRow {
    pub(crate) event: BeliefEvent,
    pub(crate) run: RunId,
}

/// A row of `links` with the run that last wrote it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct LinkRow {
    pub(crate) link: Link,
    pub(crate) run: RunId,
}

/// A row that the journal can bring back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum State {
    Memory(Box<MemoryRow>),
    Evidence(EvidenceRow),
    Belief(BeliefRow),
    Link(LinkRow),
}

impl State {
    /// Returns the run that wrote the row.
    pub(crate) fn run(&self) -> RunId {
        match self {
            Self::Memory(row) => row.run,
            Self::Evidence(row) => row.run,
            Self::Belief(row) => row.run,
            Self::Link(row) => row.run,
        }
    }
}

/// The table of a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum What {
    Memory,
    Evidence,
    Belief,
    Link,
}

impl What {
    /// Memories first: the others lean on them.
    pub(crate) const ALL: [Self; 4] = [Self::Memory, Self::Evidence, Self::Belief, Self::Link];

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Memory => "memory",
            Self::Evidence => "evidence",
            Self::Belief => "belief",
            Self::Link => "link",
        }
    }

    pub(crate) fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|what| what.as_str() == word)
    }
}

impl MemoryRow {
    pub(crate) fn read(row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            memory: rows::memory(row)?,
            run: rows::run_of(row)?,
        })
    }
}

impl EvidenceRow {
    pub(crate) fn read(row: &Row) -> Result<Self, StoreError> {
        let (memory, evidence) = rows::evidence(row)?;
        let run = rows::run_of(row)?;
        Ok(Self {
            memory,
            evidence,
            run,
        })
    }

    pub(crate) fn id(&self) -> String {
        self.evidence.id(&self.memory).to_string()
    }
}

impl BeliefRow {
    pub(crate) fn read(row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            event: rows::belief(row)?,
            run: rows::run_of(row)?,
        })
    }
}

impl LinkRow {
    pub(crate) fn read(row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            link: rows::link(row)?,
            run: rows::run_of(row)?,
        })
    }
}

batch! {
    ADD_MEMORIES in "memories":
        "INSERT INTO memories (tenant, id, owner, project, kind, scope, what, when_, do_, warn,
            domain, tags, asserted_by, pinned, valid_from, valid_to, recorded_at, retired_at,
            seen_at, revision, run, fingerprint, standing, slot)", 24,
        "ON CONFLICT (tenant, id) DO NOTHING RETURNING id";
    /// Standing is not set: it is derived from the links afterwards.
    SET_MEMORIES in "memories":
        "INSERT INTO memories (tenant, id, owner, project, kind, scope, what, when_, do_, warn,
            domain, tags, asserted_by, pinned, valid_from, valid_to, recorded_at, retired_at,
            seen_at, revision, run, fingerprint, standing, slot)", 24,
        "ON CONFLICT (tenant, id) DO UPDATE SET
            owner = excluded.owner, project = excluded.project, kind = excluded.kind,
            scope = excluded.scope, what = excluded.what, when_ = excluded.when_,
            do_ = excluded.do_, warn = excluded.warn, domain = excluded.domain,
            tags = excluded.tags, asserted_by = excluded.asserted_by, pinned = excluded.pinned,
            valid_from = excluded.valid_from, valid_to = excluded.valid_to,
            recorded_at = excluded.recorded_at, retired_at = excluded.retired_at,
            seen_at = excluded.seen_at, revision = excluded.revision, run = excluded.run,
            fingerprint = excluded.fingerprint, slot = excluded.slot";
    ADD_EVIDENCE in "evidence":
        "INSERT INTO evidence (tenant, id, memory, session, turn, quote, said_by, at, branch, run)",
        10, "ON CONFLICT (tenant, id) DO NOTHING RETURNING id";
    ADD_BELIEFS in "beliefs":
        "INSERT INTO beliefs (tenant, id, memory, at, session, reason, weight, run)",
        8, "ON CONFLICT (tenant, id) DO NOTHING RETURNING id";
    /// Of a link that stands only its end and its reason can change.
    SET_LINKS in "links":
        "INSERT INTO links (tenant, id, from_memory, to_memory, kind, at, ended_at, why, run)",
        9, "ON CONFLICT (tenant, id) DO UPDATE SET
            ended_at = excluded.ended_at, why = excluded.why, run = excluded.run";
}

/// Inserts memories that are new, and returns the ids of those that were.
pub(crate) async fn add_memories(
    tx: &mut Tx,
    tenant: &TenantId,
    rows: &[MemoryRow],
) -> Result<Vec<String>, StoreError> {
    let rows: Vec<Vec<Value<'_>>> = rows.iter().map(|row| memory_cells(tenant, row)).collect();
    ids(&tx.insert(ADD_MEMORIES, &rows).await?)
}

/// Writes memories over whatever stands there.
pub(crate) async fn set_memories(
    tx: &mut Tx,
    tenant: &TenantId,
    rows: &[MemoryRow],
) -> Result<(), StoreError> {
    let rows: Vec<Vec<Value<'_>>> = rows.iter().map(|row| memory_cells(tenant, row)).collect();
    tx.insert(SET_MEMORIES, &rows).await?;
    Ok(())
}

/// Inserts evidence that is new, and returns the ids of that which was.
pub(crate) async fn add_evidence(
    tx: &mut Tx,
    tenant: &TenantId,
    rows: &[EvidenceRow],
) -> Result<Vec<String>, StoreError> {
    let rows: Vec<Vec<Value<'_>>> = rows
        .iter()
        .map(
            |EvidenceRow {
                 memory,
                 evidence,
                 run,
             }| {
                values![
                    tenant,
                    evidence.id(memory).to_string(),
                    memory,
                    &evidence.session,
                    &evidence.turn,
                    &evidence.quote,
                    evidence.said_by.as_str(),
                    evidence.at,
                    &evidence.branch,
                    *run,
                ]
                .into()
            },
        )
        .collect();
    ids(&tx.insert(ADD_EVIDENCE, &rows).await?)
}

/// Inserts belief events that are new, and returns the ids of those that were.
pub(crate) async fn add_beliefs(
    tx: &mut Tx,
    tenant: &TenantId,
    rows: &[BeliefRow],
) -> Result<Vec<String>, StoreError> {
    let rows: Vec<Vec<Value<'_>>> = rows
        .iter()
        .map(|BeliefRow { event, run }| {
            values![
                tenant,
                event.id().to_string(),
                &event.memory,
                event.at,
                &event.session,
                event.reason.as_str(),
                i64::from(event.weight.0),
                *run,
            ]
            .into()
        })
        .collect();
    ids(&tx.insert(ADD_BELIEFS, &rows).await?)
}

/// Writes links over whatever stands there. No link may be named twice.
pub(crate) async fn set_links(
    tx: &mut Tx,
    tenant: &TenantId,
    rows: &[LinkRow],
) -> Result<(), StoreError> {
    let rows: Vec<Vec<Value<'_>>> = rows
        .iter()
        .map(|LinkRow { link, run }| {
            values![
                tenant,
                link.id().to_string(),
                &link.from,
                &link.to,
                link.kind.as_str(),
                link.at,
                link.ended_at,
                &link.why,
                *run,
            ]
            .into()
        })
        .collect();
    tx.insert(SET_LINKS, &rows).await?;
    Ok(())
}

fn ids(rows: &[Row]) -> Result<Vec<String>, StoreError> {
    rows.iter().map(|row| row.text("id")).collect()
}

fn memory_cells<'a>(tenant: &'a TenantId, row: &'a MemoryRow) -> Vec<Value<'a>> {
    let MemoryRow { memory, run } = row;
    let lesson = &memory.lesson;
    let tags = serde_json::to_string(&memory.tags).expect("a list of texts is JSON");
    let slot = memory.slot.as_ref();
    let slot = slot.map(|slot| serde_json::to_string(slot).expect("three texts are JSON"));
    values![
        tenant,
        &memory.id,
        &memory.owner,
        &memory.project,
        lesson.kind.as_str(),
        lesson.scope.to_string(),
        &lesson.what,
        &lesson.when,
        &lesson.do_,
        &lesson.warn,
        &memory.domain,
        tags,
        memory.asserted_by.as_str(),
        memory.pinned,
        memory.validity.from,
        memory.validity.to,
        memory.recorded_at,
        memory.retired_at,
        memory.seen_at,
        memory.revision.0,
        *run,
        lesson.fingerprint(),
        domain::Standing::Active.as_str(),
        Value::Text(slot.map(Into::into)),
    ]
    .into()
}
