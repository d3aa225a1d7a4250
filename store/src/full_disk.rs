//! A full disk: nothing is written by half, the cursor stays, and the same job passes once there is room.
//!
//! SQLite's own page limit stands for the disk; a server's disk is the server's matter.

use domain::{
    Changes, Cursor, Format, Job, OwnerId, Part, PartKind, Place, Queue as _, SessionId, Source,
    SourceId, Speaker, StoreError, TenantId, Transient as _, Turn, TurnId,
};
use jiff::{SignedDuration, Timestamp};

use crate::engine::{Pool, Row, Sql};
use crate::{Store, Who};

/// No page more than there are.
const FULL: Sql = pragma("PRAGMA max_page_count = 1");
const ROOM: Sql = pragma("PRAGMA max_page_count = 1000000");
const CURSOR: Sql = pragma("SELECT cursor_bytes FROM sources");
const TURNS: Sql = pragma("SELECT COUNT(*) AS turns FROM turns");

const fn pragma(text: &'static str) -> Sql {
    Sql {
        told: None,
        name: "a test",
        table: "a test",
        sqlite: text,
        postgres: text,
    }
}

async fn number(pool: &Pool, sql: Sql, column: &'static str) -> i64 {
    let row: Option<Row> = pool.first(sql, &[]).await.expect("answers");
    row.expect("a row").int(column).expect("a number")
}

fn turn(number: i64) -> Turn {
    Turn {
        id: TurnId::new(format!("t{number}")),
        session: SessionId::new("s"),
        parent: None,
        at: Timestamp::UNIX_EPOCH,
        position: number,
        place: Place::default(),
        sidechain: None,
        parts: vec![Part {
            speaker: Speaker::User,
            kind: PartKind::Said,
            text: format!("turn {number} says something of its own, {}", number * 7919),
        }],
    }
}

#[tokio::test]
async fn a_full_disk_moves_no_cursor_and_loses_no_job() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let place = crate::Place::File(folder.path().join("dormouse.db"));
    let who = Who {
        tenant: TenantId::new("t"),
        owner: OwnerId::new("o"),
    };
    let store = Store::open(&place, who).await.expect("opens");
    let source = Source::unread("/t.jsonl", Format::ClaudeCodeJsonl);
    let now = Timestamp::UNIX_EPOCH;
    let ingest = Job::Ingest {
        source: source.id.clone(),
    };
    store.enqueue(&ingest, now, now).await.expect("enqueues");
    let lease = SignedDuration::from_mins(1);
    let job = store.claim(now, lease).await.expect("claims").expect("due");
    let cursor = Cursor {
        offset: 77,
        ..Cursor::default()
    };
    let changes = Changes {
        cursor: Some((source.id.clone(), cursor)),
        sources: vec![source],
        turns: (0..400).map(turn).collect(),
        ..Changes::at(now)
    };

    store.pool.outside(FULL).await.expect("limits");
    let failed = store.finish(&job, &changes).await;
    let error = failed.expect_err("there is no room");
    assert!(matches!(error, StoreError::Full(_)), "{error:?}");
    assert!(error.is_transient() && error.to_string().contains("disk"));
    assert_eq!(number(&store.pool, TURNS, "turns").await, 0);

    store.pool.outside(ROOM).await.expect("limits");
    let done = store.finish(&job, &changes).await.expect("finishes");
    assert_eq!(done.run(), Some(job.run));
    assert_eq!(number(&store.pool, TURNS, "turns").await, 400);
    assert_eq!(number(&store.pool, CURSOR, "cursor_bytes").await, 77);
}

#[tokio::test]
async fn a_disk_that_was_full_is_said_each_time_and_leaves_nothing_behind() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let place = crate::Place::File(folder.path().join("dormouse.db"));
    let who = Who {
        tenant: TenantId::new("t"),
        owner: OwnerId::new("o"),
    };
    let store = Store::open(&place, who).await.expect("opens");
    let now = Timestamp::UNIX_EPOCH;
    let ingest = |number: usize| Job::Ingest {
        source: SourceId::new(format!("{number} {}", "of many ".repeat(512))),
    };
    // A statement that writes one row has no journal of its own: SQLite then takes the whole
    // transaction back by itself.
    for round in 0..3 {
        store.pool.outside(FULL).await.expect("limits");
        let mut number = 0;
        let error = loop {
            match store.enqueue(&ingest(round * 100 + number), now, now).await {
                Ok(_) => number += 1,
                Err(error) => break error,
            }
        };
        assert!(matches!(error, StoreError::Full(_)), "{round}: {error:?}");
        store.pool.outside(ROOM).await.expect("limits");
        let again = store.enqueue(&ingest(round * 100 + number), now, now).await;
        assert!(again.expect("there is room").is_some());
    }
    let lease = SignedDuration::from_mins(1);
    let job = store.claim(now, lease).await.expect("claims").expect("due");
    store.pool.outside(FULL).await.expect("limits");
    let why = "of everything ".repeat(4096);
    let error = store.fail(&job, &why, Some(now)).await;
    let error = error.expect_err("there is no room");
    assert!(matches!(error, StoreError::Full(_)), "{error:?}");
    store.pool.outside(ROOM).await.expect("limits");
    store.fail(&job, &why, Some(now)).await.expect("fails");
}
