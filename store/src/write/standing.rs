//! What is derived from the rows: each memory's standing, and its words in the text index.
//!
//! Always in the transaction that wrote the rows, so that nobody sees one without the other.

use std::collections::{BTreeMap, BTreeSet};

use domain::{LinkKind, Memory, MemoryId, Standing, StoreError, TenantId};

use super::list;
use crate::engine::{Tx, sql, values};
use crate::{index, rows};

sql! {
    HOLDING in "links":
        "SELECT from_memory, kind FROM links
         WHERE tenant = $1 AND ended_at IS NULL
           AND from_memory IN (SELECT value FROM json_each($2))";
    STAND in "memories":
        "UPDATE memories SET standing = $3
         WHERE tenant = $1 AND standing <> $3 AND id IN (SELECT value FROM json_each($2))";
    TOUCHED in "memories":
        "SELECT * FROM memories WHERE tenant = $1 AND id IN (SELECT value FROM json_each($2))";
}

/// Derives everything anew for these memories.
pub(crate) async fn derive(
    tx: &mut Tx,
    tenant: &TenantId,
    touched: &BTreeSet<MemoryId>,
) -> Result<(), StoreError> {
    if touched.is_empty() {
        return Ok(());
    }
    let ids = list(touched.iter().map(MemoryId::as_str));
    let mut holding: BTreeMap<MemoryId, Vec<LinkKind>> = BTreeMap::new();
    for row in tx.all(HOLDING, &values![tenant, &ids]).await? {
        let from = MemoryId::new(row.text("from_memory")?);
        let kind = row.word("kind", LinkKind::from_word)?;
        holding.entry(from).or_default().push(kind);
    }
    let mut by_standing: BTreeMap<Standing, Vec<&str>> = BTreeMap::new();
    for id in touched {
        let links = holding.get(id).into_iter().flatten().copied();
        let standing = Standing::from_links(links);
        by_standing.entry(standing).or_default().push(id.as_str());
    }
    for (standing, ids) in &by_standing {
        let values = values![tenant, list(ids), standing.as_str()];
        tx.run(STAND, &values).await?;
    }
    put_into_index(tx, tenant, &ids).await
}

async fn put_into_index(tx: &mut Tx, tenant: &TenantId, ids: &str) -> Result<(), StoreError> {
    let mut memories: Vec<(Memory, Standing)> = Vec::new();
    for row in tx.all(TOUCHED, &values![tenant, ids]).await? {
        memories.push((rows::memory(&row)?, rows::standing(&row)?));
    }
    let memories: Vec<(&Memory, Standing)> = memories
        .iter()
        .map(|(memory, standing)| (memory, *standing))
        .collect();
    index::put_memories(tx, tenant, &memories).await
}
