//! Holds every statement to its indexes: none goes through a whole table but those that must.
//!
//! A store is one tenant's as a rule, so an index that is asked for the tenant alone is a whole table
//! too. SQLite plans without statistics here, as it does in every store of ours, which gathers none.

use std::collections::BTreeSet;

use sqlx::{AssertSqlSafe, Row as _, SqlitePool};

use crate::prepared::STATEMENTS;

/// Tables that stay small, whatever a store is used for, and the names that statements give them.
const SMALL: [&str; 11] = [
    "CONSTANT", // a row of constants
    "a",
    "jobs",
    "kin",
    "ours", // what the statement has found itself
    "p",
    "project_aliases",
    "projects",
    "sources",
    "sqlite_master",
    "tallies",
];

/// Statements that go through a whole table, and why they may.
const WHOLE: [(&str, &str); 16] = [
    ("library::places::FIRST_RUN", "ends at the first that fits"),
    ("library::places::LAST_RUN", "ends at the first that fits"),
    ("list::PAGE", "is read in its order, one page of it"),
    ("purge::find::EVIDENCE_BEFORE", "a purge reads everything"),
    ("purge::find::REASONS", "a purge reads everything"),
    ("purge::find::PLACES", "a purge reads everything"),
    ("purge::remove::DROP_JOURNAL_OF", "a purge reads everything"),
    ("purge::remove::FREED", "a purge reads everything"),
    (
        "purge::sources::BURIED",
        "are few: one for each that a purge meets",
    ),
    ("status::KEPT", "counts them all"),
    ("status::RUNS", "is read in its order, a few of it"),
    ("status::SPENT", "sums them all"),
    ("status::STANDINGS", "counts them all"),
    (
        "status::UNREAD",
        "looks for what was never done, in all there is",
    ),
    (
        "undo::",
        "an undo is seldom; runs and episodes are few beside turns",
    ),
    ("undo::LAST_RUN", "ends at the first that fits"),
];

/// Returns the table of a step that goes through all of it.
fn whole(step: &str) -> Option<&str> {
    let mut words = step.split(' ');
    let (verb, table) = (words.next()?, words.next()?);
    let all = match verb {
        // A list of ours is a virtual table; so is the text index, which must be asked something.
        "SCAN" if step.contains(" VIRTUAL TABLE ") => {
            table.ends_with("_words") && step.ends_with(':')
        }
        "SCAN" => true,
        // There are two kinds of documents, so one kind of them is all of them too.
        "SEARCH" => step.ends_with("(tenant=?)") || step.ends_with("(tenant=? AND kind=?)"),
        _ => false,
    };
    // What stands in brackets is what the statement has found itself.
    (all && !table.starts_with('(')).then_some(table)
}

async fn wholes(pool: &SqlitePool, text: &str) -> Vec<String> {
    let asked = AssertSqlSafe(format!("EXPLAIN QUERY PLAN {text}"));
    let steps = sqlx::query(asked).fetch_all(pool).await;
    let steps = steps.expect("a statement that can be explained");
    let steps = steps.iter().map(|step| step.get::<String, _>("detail"));
    steps
        .filter(|step| whole(step).is_some_and(|table| !SMALL.contains(&table)))
        .collect()
}

#[tokio::test]
async fn no_statement_goes_through_a_whole_table() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("dormouse.db");
    let pool = crate::engine::Pool::file(&path).await.expect("opens");
    crate::schema::bring_up(&pool).await.expect("comes up");
    pool.close().await;
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(&path);
    let raw = SqlitePool::connect_with(options).await.expect("opens");
    let (mut found, mut excused) = (Vec::new(), BTreeSet::new());
    let statements = STATEMENTS.iter().flat_map(|(_, statements)| *statements);
    let explained = statements
        .filter(|sql| !sql.sqlite.starts_with("PRAGMA") && !sql.sqlite.starts_with("VACUUM"));
    for sql in explained {
        let name = sql.name.trim_start_matches("store::");
        let excuse = WHOLE.iter().rev().find(|(of, _)| name.starts_with(of));
        let steps = wholes(&raw, sql.sqlite).await;
        match excuse {
            Some((of, _)) if !steps.is_empty() => drop(excused.insert(*of)),
            _ => found.extend(steps.iter().map(|step| format!("{name}: {step}"))),
        }
    }
    assert_eq!(found, Vec::<String>::new());
    let needless = WHOLE.iter().filter(|(of, _)| !excused.contains(of));
    assert_eq!(needless.collect::<Vec<_>>(), Vec::<&(&str, &str)>::new());
}

#[test]
fn a_whole_table_is_told_from_a_part_of_it() {
    for step in [
        "SCAN memories",
        "SCAN m USING INDEX x",
        "SEARCH m USING INDEX x (tenant=?)",
        "SEARCH docs USING COVERING INDEX x (tenant=? AND kind=?)",
        "SCAN turn_words VIRTUAL TABLE INDEX 0:",
    ] {
        assert!(whole(step).is_some(), "{step}");
    }
    for step in [
        "SEARCH m USING INDEX x (tenant=? AND id=?)",
        "SCAN json_each VIRTUAL TABLE INDEX 1:",
        "SCAN turn_words VIRTUAL TABLE INDEX 0:M1",
        "SCAN (subquery-1)",
        "USE TEMP B-TREE FOR ORDER BY",
    ] {
        assert_eq!(whole(step), None, "{step}");
    }
}
