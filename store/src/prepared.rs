//! Prepares every statement on both engines: a word that one of them does not know is found here.
//!
//! Also holds the registry to the sources: a file with statements that is not listed is an error.

use std::fs;
use std::path::{Path, PathBuf};

use sqlx::{Executor as _, SqlStr};

use crate::engine::{Batch, Sql};

/// Every file's statements, by the file's path below `src`.
macro_rules! listed {
    ($($path:literal: $($module:ident)::+;)+) => {
        &[$(($path, crate::$($module)::+::STATEMENTS)),+]
    };
}

/// Every file's inserts of many rows, by the file's path below `src`.
macro_rules! listed_batches {
    ($($path:literal: $($module:ident)::+;)+) => {
        &[$(($path, crate::$($module)::+::BATCHES)),+]
    };
}

pub(crate) const STATEMENTS: &[(&str, &[Sql])] = listed! {
    "check.rs": check;
    "desk.rs": desk;
    "export.rs": export;
    "export/import.rs": export::import;
    "family.rs": family;
    "history.rs": history;
    "index.rs": index;
    "library.rs": library;
    "library/places.rs": library::places;
    "library/records.rs": library::records;
    "library/said.rs": library::said;
    "library/then.rs": library::then;
    "list.rs": list;
    "models.rs": models;
    "projects.rs": projects;
    "purge/find.rs": purge::find;
    "purge/names.rs": purge::names;
    "purge/past.rs": purge::past;
    "purge/remove.rs": purge::remove;
    "purge/scrub.rs": purge::scrub;
    "purge/sources.rs": purge::sources;
    "queue.rs": queue;
    "queue/claim.rs": queue::claim;
    "queue/finish.rs": queue::finish;
    "queue/parked.rs": queue::parked;
    "queue/waits.rs": queue::waits;
    "schema.rs": schema;
    "search.rs": search;
    "status.rs": status;
    "undo.rs": undo;
    "undo/plan.rs": undo::plan;
    "undo/restore.rs": undo::restore;
    "write/archive.rs": write::archive;
    "write/journal.rs": write::journal;
    "write/memories.rs": write::memories;
    "write/refuse.rs": write::refuse;
    "write/standing.rs": write::standing;
    "write/support.rs": write::support;
};

const BATCHES: &[(&str, &[Batch])] = listed_batches! {
    "index.rs": index;
    "models.rs": models;
    "projects.rs": projects;
    "purge/remove.rs": purge::remove;
    "purge/sources.rs": purge::sources;
    "write/archive.rs": write::archive;
    "write/episodes.rs": write::episodes;
    "write/former.rs": write::former;
    "write/journal.rs": write::journal;
    "write/projects.rs": write::projects;
    "write/state.rs": write::state;
};

#[test]
fn every_file_with_statements_is_listed() {
    let with = |mark: &str| -> Vec<String> {
        let mut found: Vec<String> = sources()
            .into_iter()
            .filter(|(_, text)| text.lines().any(|line| line == mark))
            .map(|(path, _)| path)
            .collect();
        found.sort();
        found
    };
    let mut listed: Vec<&str> = STATEMENTS.iter().map(|(path, _)| *path).collect();
    listed.sort_unstable();
    assert_eq!(with("sql! {"), listed);
    let mut listed: Vec<&str> = BATCHES.iter().map(|(path, _)| *path).collect();
    listed.sort_unstable();
    assert_eq!(with("batch! {"), listed);
}

#[test]
fn no_statement_stands_outside_the_registries() {
    for (path, text) in sources() {
        let own =
            path.starts_with("engine/") || ["plans.rs", "prepared.rs"].contains(&path.as_str());
        let asks = text.contains("sqlx::query") || text.contains("AssertSqlSafe");
        assert!(own || !asks, "{path} speaks to an engine by itself");
    }
}

#[tokio::test]
async fn sqlite_understands_every_statement() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("dormouse.db");
    let pool = crate::engine::Pool::file(&path).await.expect("opens");
    crate::schema::bring_up(&pool).await.expect("comes up");
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(&path);
    let raw = sqlx::SqlitePool::connect_with(options)
        .await
        .expect("opens");
    let mut refused = Vec::new();
    for (name, text) in texts(|sql| sql.sqlite, Batch::unnumbered) {
        let prepared = raw.prepare(text).await;
        refused.extend(prepared.err().map(|error| format!("{name}: {error}")));
    }
    assert_eq!(refused, Vec::<String>::new());
}

#[tokio::test]
async fn postgres_understands_every_statement() {
    let url = test_server();
    let mut raw = <sqlx::PgConnection as sqlx::Connection>::connect(&url)
        .await
        .expect("the test server answers");
    let schema = format!("prepared_{}", std::process::id());
    let fresh = format!(
        "DROP SCHEMA IF EXISTS {schema} CASCADE; CREATE SCHEMA {schema}; SET search_path = {schema}"
    );
    let fresh = sqlx::raw_sql(sqlx::AssertSqlSafe(fresh));
    fresh.execute(&mut raw).await.expect("a schema of our own");
    let sign = if url.contains('?') { '&' } else { '?' };
    let ours = format!("{url}{sign}options[search_path]={schema}");
    let pool = crate::engine::Pool::server(&ours).await.expect("connects");
    crate::schema::bring_up(&pool).await.expect("comes up");
    let mut refused = Vec::new();
    for (name, text) in texts(|sql| sql.postgres, Batch::numbered) {
        // Types are not told, so each statement must say enough by itself: CAST($1 AS TEXT) IS NULL.
        let prepared = (&mut raw).prepare(text).await;
        refused.extend(prepared.err().map(|error| format!("{name}: {error}")));
    }
    assert_eq!(refused, Vec::<String>::new());
}

#[expect(
    clippy::disallowed_methods,
    reason = "the task runner names the server here"
)]
fn test_server() -> String {
    std::env::var("DORMOUSE_TEST_POSTGRES").unwrap_or_else(|_| {
        panic!(
            "DORMOUSE_TEST_POSTGRES is not set: run `cargo xtask test`, which starts a server for the tests"
        )
    })
}

fn texts(
    of: fn(&Sql) -> &'static str,
    many_of: fn(&Batch, usize) -> String,
) -> Vec<(String, SqlStr)> {
    let single = STATEMENTS.iter().flat_map(|(_, statements)| *statements);
    let single = single.map(|sql| (sql.name.to_owned(), SqlStr::from_static(of(sql))));
    let many = BATCHES.iter().flat_map(|(_, batches)| *batches);
    let many = many.flat_map(|batch| {
        Batch::SIZES.map(|size| {
            let text = sqlx::AssertSqlSafe(many_of(batch, size));
            (batch.name.to_owned(), sqlx::SqlSafeStr::into_sql_str(text))
        })
    });
    single.chain(many).collect()
}

/// Returns every source file, by its path below `src`, with its text.
fn sources() -> Vec<(String, String)> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder of ours") {
            let path = entry.expect("an entry of ours").path();
            match path.is_dir() {
                true => folders.push(path),
                false => found.push((
                    below(&root, &path),
                    fs::read_to_string(&path).expect("text"),
                )),
            }
        }
    }
    found
}

fn below(root: &Path, path: &Path) -> String {
    let path = path.strip_prefix(root).expect("it was found there");
    path.to_string_lossy().replace('\\', "/")
}
