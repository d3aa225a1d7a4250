//! Makes records of memories: each row with its evidence and the sum of its belief read beside it.
//!
//! Chooses nothing: whoever brings the rows has decided that they may be seen.

use std::collections::HashMap;

use domain::{Belief, Evidence, Memory, MemoryId, Record, StoreError, TenantId};
use jiff::Timestamp;

use super::then;
use crate::engine::{Row, Tx, list, sql, values};
use crate::rows;

sql! {
    EVIDENCE in "evidence" told (id memory session turn quote said_by at branch):
        "SELECT * FROM evidence
         WHERE tenant = $1 AND memory IN (SELECT value FROM json_each($2))
         ORDER BY at, id";
    BELIEF in "beliefs" told (memory support against):
        "SELECT memory,
                CAST(SUM(CASE WHEN weight > 0 THEN weight ELSE 0 END) AS BIGINT) AS support,
                CAST(SUM(CASE WHEN weight < 0 THEN -weight ELSE 0 END) AS BIGINT) AS against
         FROM beliefs
         WHERE tenant = $1 AND memory IN (SELECT value FROM json_each($2))
         GROUP BY memory";
    /// A row that an undo removed has no body; what stood before it was what we knew.
    STOOD in "revisions":
        "SELECT r.memory AS id, r.body FROM revisions AS r
         WHERE r.tenant = $1 AND r.memory IN (SELECT value FROM json_each($2))
           AND r.number = (SELECT MAX(n.number) FROM revisions AS n
                WHERE n.tenant = $1 AND n.memory = r.memory AND n.at <= $3 AND n.body IS NOT NULL)";
}

/// Makes a record of each of these rows of `memories`, in their order; where a time is asked for, each as
/// it was known then. Only the time of recording is today's, by which pages go on.
pub(crate) async fn known_at(
    tx: &mut Tx,
    tenant: &TenantId,
    memories: &[Row],
    at: Option<Timestamp>,
) -> Result<Vec<Record>, StoreError> {
    let mut records = of_rows(tx, tenant, memories).await?;
    let Some(at) = at else { return Ok(records) };
    then::look_back(tx, tenant, &mut records, at).await?;
    let ids = list(records.iter().map(|record| record.memory.id.as_str()));
    let mut stood: HashMap<MemoryId, Memory> = HashMap::new();
    for row in tx.all(STOOD, &values![tenant, ids, at]).await? {
        stood.insert(MemoryId::new(row.text("id")?), row.json("body")?);
    }
    for record in &mut records {
        if let Some(memory) = stood.remove(&record.memory.id) {
            let recorded_at = record.memory.recorded_at;
            record.memory = Memory {
                recorded_at,
                ..memory
            };
        }
    }
    Ok(records)
}

/// Makes a record of each of these rows of `memories`, in their order.
pub(crate) async fn of_rows(
    tx: &mut Tx,
    tenant: &TenantId,
    memories: &[Row],
) -> Result<Vec<Record>, StoreError> {
    if memories.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<String> = memories
        .iter()
        .map(|row| row.text("id"))
        .collect::<Result<_, _>>()?;
    let ids = list(ids);
    let mut evidence = evidence(tx, tenant, &ids).await?;
    let beliefs = beliefs(tx, tenant, &ids).await?;
    let record = |row: &Row| {
        let memory = rows::memory(row)?;
        Ok(Record {
            evidence: evidence.remove(&memory.id).unwrap_or_default(),
            belief: beliefs.get(&memory.id).copied().unwrap_or_default(),
            standing: rows::standing(row)?,
            memory,
        })
    };
    memories.iter().map(record).collect()
}

async fn evidence(
    tx: &mut Tx,
    tenant: &TenantId,
    ids: &str,
) -> Result<HashMap<MemoryId, Vec<Evidence>>, StoreError> {
    let mut of: HashMap<MemoryId, Vec<Evidence>> = HashMap::new();
    for row in tx.all(EVIDENCE, &values![tenant, ids]).await? {
        let (memory, evidence) = rows::evidence(&row)?;
        of.entry(memory).or_default().push(evidence);
    }
    Ok(of)
}

async fn beliefs(
    tx: &mut Tx,
    tenant: &TenantId,
    ids: &str,
) -> Result<HashMap<MemoryId, Belief>, StoreError> {
    let rows = tx.all(BELIEF, &values![tenant, ids]).await?;
    let read = |row: &Row| {
        let belief = Belief {
            support: row.int("support")?,
            against: row.int("against")?,
        };
        Ok((MemoryId::new(row.text("memory")?), belief))
    };
    rows.iter().map(read).collect()
}
