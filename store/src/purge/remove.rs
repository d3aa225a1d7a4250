//! Removes what was found, and leaves its names behind as tombstones.
//!
//! Leaves no text; what stays of an archive or a memory is that it once was.

use std::collections::BTreeSet;

use domain::{MemoryId, StoreError, TenantId};

use super::find::Doomed;
use crate::engine::{Tx, Value, batch, list, sql, values};
use crate::index;
use crate::write::standing;

sql! {
    DROP_TURNS in "turns":
        "DELETE FROM turns WHERE tenant = $1 AND id IN (SELECT value FROM json_each($2))";
    DROP_MEMORIES in "memories":
        "DELETE FROM memories WHERE tenant = $1 AND id IN (SELECT value FROM json_each($2))";
    DROP_EVIDENCE in "evidence":
        "DELETE FROM evidence WHERE tenant = $1 AND id IN (SELECT value FROM json_each($2))";
    DROP_ASKS in "asks":
        "DELETE FROM asks WHERE tenant = $1 AND id IN (SELECT value FROM json_each($2))";
    DROP_PAST in "revisions":
        "DELETE FROM revisions WHERE tenant = $1 AND memory IN (SELECT value FROM json_each($2))";
    DROP_REVISION in "revisions":
        "DELETE FROM revisions WHERE tenant = $1 AND memory = $2 AND number = $3";
    DROP_JOURNAL_OF in "journal":
        "DELETE FROM journal WHERE tenant = $1
           AND (memory IN (SELECT value FROM json_each($2)) OR id IN (SELECT value FROM json_each($3)))";
    DROP_FORMER_OF in "former":
        "DELETE FROM former WHERE tenant = $1 AND memory IN (SELECT value FROM json_each($2))";
    DROP_FORMER in "former":
        "DELETE FROM former WHERE tenant = $1
           AND number IN (SELECT CAST(value AS BIGINT) FROM json_each($2))";
    DROP_JOURNAL in "journal":
        "DELETE FROM journal WHERE tenant = $1
           AND seq IN (SELECT CAST(value AS BIGINT) FROM json_each($2))";
    /// Episodes of which nothing is left.
    DROP_EPISODES in "episodes":
        "DELETE FROM episodes WHERE tenant = $1
           AND id IN (SELECT episode FROM episode_turns
                      WHERE tenant = $1 AND turn IN (SELECT value FROM json_each($2)))
           AND NOT EXISTS (SELECT 1 FROM episode_turns AS e
                JOIN turns AS t ON t.tenant = e.tenant AND t.id = e.turn
                WHERE e.tenant = episodes.tenant AND e.episode = episodes.id)";
    /// What stood behind a memory that goes stands for itself again; what it superseded stays superseded.
    FREED in "links":
        "SELECT DISTINCT from_memory AS id FROM links
         WHERE tenant = $1 AND kind <> 'superseded-by' AND to_memory IN (SELECT value FROM json_each($2))";
    DROP_LINKS_TO in "links":
        "DELETE FROM links
         WHERE tenant = $1 AND kind <> 'superseded-by' AND to_memory IN (SELECT value FROM json_each($2))";
    CLEAR_CARRIES in "sources":
        "UPDATE sources SET cursor_carry = NULL
         WHERE tenant = $1 AND id IN (SELECT value FROM json_each($2))";
    CLEAR_ERRORS in "jobs":
        "UPDATE jobs SET why = NULL, waits_on = NULL
         WHERE tenant = $1 AND id IN (SELECT CAST(value AS BIGINT) FROM json_each($2))";
    CLEAR_CALLS in "calls":
        "UPDATE calls SET why = NULL
         WHERE tenant = $1 AND id IN (SELECT CAST(value AS BIGINT) FROM json_each($2))";
    CLEAR_PLACES in "episodes":
        "UPDATE episodes SET cwd = NULL, branch = NULL
         WHERE tenant = $1 AND id IN (SELECT value FROM json_each($2))";
    CLEAR_REASONS in "links":
        "UPDATE links SET why = '' WHERE tenant = $1 AND id IN (SELECT value FROM json_each($2))";
}

batch! {
    BURY in "tombstones":
        "INSERT INTO tombstones (tenant, kind, id)", 3,
        "ON CONFLICT (tenant, kind, id) DO NOTHING";
}

/// Removes everything that was found.
pub(crate) async fn remove(
    tx: &mut Tx,
    tenant: &TenantId,
    doomed: &Doomed,
) -> Result<(), StoreError> {
    for (kind, ids) in [
        ("turn", &doomed.turns),
        ("memory", &doomed.memories),
        ("lesson", &doomed.lessons),
        ("evidence", &doomed.evidence),
    ] {
        bury(tx, tenant, kind, ids).await?;
    }
    turns(tx, tenant, doomed).await?;
    memories(tx, tenant, doomed).await?;
    past(tx, tenant, doomed).await?;
    tx.run(DROP_ASKS, &values![tenant, list(&doomed.asks)])
        .await?;
    tx.run(CLEAR_CARRIES, &values![tenant, list(&doomed.carries)])
        .await?;
    tx.run(CLEAR_REASONS, &values![tenant, list(&doomed.links)])
        .await?;
    tx.run(CLEAR_PLACES, &values![tenant, list(&doomed.places)])
        .await?;
    let jobs = list(doomed.jobs.iter().map(i64::to_string));
    tx.run(CLEAR_ERRORS, &values![tenant, jobs]).await?;
    let calls = list(doomed.calls.iter().map(i64::to_string));
    tx.run(CLEAR_CALLS, &values![tenant, calls]).await?;
    Ok(())
}

async fn bury(
    tx: &mut Tx,
    tenant: &TenantId,
    kind: &str,
    ids: &BTreeSet<String>,
) -> Result<(), StoreError> {
    let rows: Vec<Vec<Value<'_>>> = ids
        .iter()
        .map(|id| values![tenant, kind, id].into())
        .collect();
    tx.insert(BURY, &rows).await?;
    Ok(())
}

async fn turns(tx: &mut Tx, tenant: &TenantId, doomed: &Doomed) -> Result<(), StoreError> {
    let ids: Vec<&str> = doomed.turns.iter().map(String::as_str).collect();
    index::take_out(tx, tenant, index::Kind::Turn, &ids).await?;
    let ids = list(&ids);
    tx.run(DROP_TURNS, &values![tenant, &ids]).await?;
    tx.run(DROP_EPISODES, &values![tenant, &ids]).await?;
    Ok(())
}

async fn memories(tx: &mut Tx, tenant: &TenantId, doomed: &Doomed) -> Result<(), StoreError> {
    let ids: Vec<&str> = doomed.memories.iter().map(String::as_str).collect();
    index::take_out(tx, tenant, index::Kind::Memory, &ids).await?;
    let ids = list(&ids);
    let mut freed = BTreeSet::new();
    for row in tx.all(FREED, &values![tenant, &ids]).await? {
        freed.insert(MemoryId::new(row.text("id")?));
    }
    tx.run(DROP_LINKS_TO, &values![tenant, &ids]).await?;
    tx.run(DROP_EVIDENCE, &values![tenant, list(&doomed.evidence)])
        .await?;
    tx.run(DROP_MEMORIES, &values![tenant, &ids]).await?;
    freed.retain(|id| !doomed.memories.contains(id.as_str()));
    standing::derive(tx, tenant, &freed).await
}

async fn past(tx: &mut Tx, tenant: &TenantId, doomed: &Doomed) -> Result<(), StoreError> {
    let memories = list(&doomed.memories);
    tx.run(DROP_PAST, &values![tenant, &memories]).await?;
    for (memory, number) in &doomed.revisions {
        tx.run(DROP_REVISION, &values![tenant, memory, *number])
            .await?;
    }
    tx.run(DROP_FORMER_OF, &values![tenant, &memories]).await?;
    let former = list(doomed.former.iter().map(i64::to_string));
    tx.run(DROP_FORMER, &values![tenant, former]).await?;
    let evidence = list(&doomed.evidence);
    tx.run(DROP_JOURNAL_OF, &values![tenant, memories, evidence])
        .await?;
    let entries = list(doomed.journal.iter().map(i64::to_string));
    tx.run(DROP_JOURNAL, &values![tenant, entries]).await?;
    Ok(())
}
