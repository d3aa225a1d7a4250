//! What waiting jobs wait for, and waking them when it may have come.
//!
//! Waking a job changes nothing but the hour at which it is looked at again.

use domain::StoreError;
use jiff::Timestamp;

use crate::Store;
use crate::engine::{sql, values};

sql! {
    WAITED_FOR in "jobs":
        "SELECT DISTINCT waits_on FROM jobs
         WHERE tenant = $1 AND owner = $2 AND waits_on IS NOT NULL
           AND leased_until IS NULL AND NOT parked
         ORDER BY waits_on";
    WAKE in "jobs":
        "UPDATE jobs SET due_at = $4
         WHERE tenant = $1 AND id IN (
            SELECT id FROM jobs
            WHERE tenant = $1 AND owner = $2 AND waits_on = $3 AND due_at > $4
              AND leased_until IS NULL AND NOT parked
            ORDER BY due_at, id LIMIT $5)";
}

/// Returns the things that jobs wait for, each once.
pub(crate) async fn waited_for(store: &Store) -> Result<Vec<String>, StoreError> {
    let mine = values![&store.who.tenant, &store.who.owner];
    let rows = store.pool.all(WAITED_FOR, &mine).await?;
    rows.iter().map(|row| row.text("waits_on")).collect()
}

/// Makes so many of the jobs that wait for a thing due, those first that were to look first.
pub(crate) async fn wake(
    store: &Store,
    on: &str,
    now: Timestamp,
    most: usize,
) -> Result<u64, StoreError> {
    let mut tx = store.pool.write().await?;
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    let values = values![&store.who.tenant, &store.who.owner, on, now, most];
    let woken = tx.run(WAKE, &values).await?;
    tx.commit().await?;
    Ok(woken)
}
