//! Makes the engine give up what it still holds of deleted rows: index segments, free pages, its log.
//!
//! Deletes no row; it may be run at any time, and again.

use domain::StoreError;

use crate::Store;
use crate::engine::{Pool, sql};

sql! {
    /// Deleted words stay in their segments until those are merged. On a server the tables are rewritten.
    MERGE_MEMORY_WORDS in "memory_words":
        "INSERT INTO memory_words (memory_words) VALUES ('optimize')", postgres: "SELECT 1";
    MERGE_TURN_WORDS in "turn_words":
        "INSERT INTO turn_words (turn_words) VALUES ('optimize')", postgres: "SELECT 1";
    /// Free pages are zeroed already (`secure_delete`); this gives them back.
    SHRINK in "free pages": "PRAGMA incremental_vacuum", postgres: "SELECT 1";
    /// Rewritten, because plain VACUUM leaves old bytes in its pages and old words in the index.
    REWRITE in "free pages": "SELECT 1",
        postgres:
        "VACUUM (FULL) turns, memories, evidence, links, revisions, former, asks, calls, journal, sources,
            jobs, sessions, episodes, projects, project_aliases, docs, memory_words, turn_words";
    EMPTY_LOG in "log": "PRAGMA wal_checkpoint(TRUNCATE)", postgres: "SELECT CAST(0 AS BIGINT) AS busy";
}

/// Scrubs the engine and returns what lies outside its reach.
pub(crate) async fn scrub(store: &Store) -> Result<Vec<String>, StoreError> {
    let pool = &store.pool;
    let mut tx = pool.write().await?;
    tx.run(MERGE_MEMORY_WORDS, &[]).await?;
    tx.run(MERGE_TURN_WORDS, &[]).await?;
    tx.commit().await?;
    pool.outside(SHRINK).await?;
    pool.outside(REWRITE).await?;
    let log = pool.outside(EMPTY_LOG).await?;
    let busy = log.first().map_or(Ok(0), |row| row.int("busy"))? != 0;
    let mut outside = vec!["copies and backups of the database that were made before".to_owned()];
    if busy {
        outside.push(
            "the write-ahead log, which another process is reading: purge again when it has ended"
                .to_owned(),
        );
    }
    if matches!(pool, Pool::Postgres { .. }) {
        outside.push("the server's own log of writes, its replicas and their backups".to_owned());
    }
    Ok(outside)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::REWRITE;
    use crate::index;
    use crate::purge::{names, remove, sources};

    /// Returns the table that a statement changes rows of, or takes rows from.
    fn changed(text: &str) -> Option<&str> {
        let verbs = ["DELETE FROM ", "UPDATE "];
        let rest = verbs.iter().find_map(|verb| text.strip_prefix(verb))?;
        rest.split_whitespace().next()
    }

    #[test]
    fn a_server_rewrites_every_table_in_which_a_purge_leaves_old_rows() {
        let rewritten = REWRITE.postgres.replace("VACUUM (FULL)", "");
        let rewritten: BTreeSet<&str> = rewritten.split(',').map(str::trim).collect();
        let purging = [
            names::STATEMENTS,
            remove::STATEMENTS,
            sources::STATEMENTS,
            index::STATEMENTS,
        ];
        let statements = purging.into_iter().flatten();
        let changed: BTreeSet<&str> = statements.filter_map(|sql| changed(sql.postgres)).collect();
        assert!(changed.len() > 10, "{changed:?}");
        let left: Vec<&&str> = changed.difference(&rewritten).collect();
        assert_eq!(left, Vec::<&&str>::new());
    }
}
