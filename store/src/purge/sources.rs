//! Finds and removes the sources of what is purged: their paths, and the jobs that would read them.
//!
//! Leaves of each a digest and how far it was read, so that nobody need know the path of one that has
//! not grown since.

use std::collections::BTreeMap;

use domain::{Job, SourceId, StoreError, digest};

use super::Purge;
use super::find::Doomed;
use super::names::is_said;
use super::places::Places;
use crate::engine::list;
use crate::engine::{Tx, Value, batch, sql, values};
use crate::{Store, Who};

sql! {
    SOURCES in "sources":
        "SELECT id, path, cursor_bytes, cursor_last FROM sources WHERE tenant = $1 AND owner = $2";
    DROP_SOURCES in "sources":
        "DELETE FROM sources
         WHERE tenant = $1 AND owner = $2 AND id IN (SELECT value FROM json_each($3))";
    DROP_JOBS in "jobs":
        "DELETE FROM jobs
         WHERE tenant = $1 AND owner = $2 AND body IN (SELECT value FROM json_each($3))";
    BURIED in "tombstones": "SELECT id FROM tombstones WHERE tenant = $1 AND kind = 'source'";
}

batch! {
    BURY in "tombstones":
        "INSERT INTO tombstones (tenant, kind, id)", 3,
        "ON CONFLICT (tenant, kind, id) DO NOTHING";
}

/// Sources by id, each with how far it was read.
pub(super) type Sources = BTreeMap<String, i64>;

/// A source goes by its path, or because the last of what was read of it does.
pub(super) async fn find(
    tx: &mut Tx,
    who: &Who,
    (purge, called): (&Purge, &Places),
    doomed: &Doomed,
) -> Result<Sources, StoreError> {
    let mut found = Sources::new();
    for row in tx.all(SOURCES, &values![&who.tenant, &who.owner]).await? {
        let last = row.text_or_none("cursor_last")?;
        let ends = last.is_some_and(|turn| doomed.turns.contains(&turn));
        let by_its_end = ends && !matches!(purge, Purge::Pattern(_));
        if by_its_end || is_said(&row.text("path")?, purge, called) {
            found.insert(row.text("id")?, row.int("cursor_bytes")?);
        }
    }
    Ok(found)
}

/// Removes sources and the jobs that would read them.
pub(super) async fn remove(tx: &mut Tx, who: &Who, sources: &Sources) -> Result<(), StoreError> {
    let Who { tenant, owner } = who;
    let read = |id: &String| Job::Ingest {
        source: SourceId::new(id),
    };
    let jobs = sources.keys().map(|id| {
        serde_json::to_string(&read(id)).expect("a job is plain words, which JSON can hold")
    });
    tx.run(DROP_JOBS, &values![tenant, owner, list(jobs)])
        .await?;
    let ids = list(sources.keys());
    tx.run(DROP_SOURCES, &values![tenant, owner, ids]).await?;
    let buried: Vec<String> = sources
        .iter()
        .map(|(id, read)| format!("{}:{read}", buried(who, id)))
        .collect();
    let rows: Vec<Vec<Value<'_>>> = buried
        .iter()
        .map(|id| values![tenant, "source", id].into())
        .collect();
    tx.insert(BURY, &rows).await?;
    Ok(())
}

/// Two owners may have different files at one path.
fn buried(who: &Who, source: &str) -> String {
    digest('u', &[who.owner.as_str(), source])
}

impl Store {
    /// Returns how far these sources had been read when they were purged, of those that were.
    ///
    /// One that has not grown since holds nothing that may come back, so it need not be read.
    pub async fn purged_sources(
        &self,
        sources: &[SourceId],
    ) -> Result<BTreeMap<SourceId, u64>, StoreError> {
        let mut tx = self.pool.read().await?;
        let mut known: BTreeMap<String, u64> = BTreeMap::new();
        for row in tx.all(BURIED, &values![&self.who.tenant]).await? {
            let id = row.text("id")?;
            if let Some((name, read)) = id.split_once(':') {
                let read: u64 = read.parse().map_err(|_| row.bad("id", id.clone()))?;
                let farthest = known.entry(name.to_owned()).or_default();
                *farthest = read.max(*farthest);
            }
        }
        let purged = sources.iter().filter_map(|source| {
            let read = known.get(&buried(&self.who, source.as_str()))?;
            Some((source.clone(), *read))
        });
        Ok(purged.collect())
    }
}
