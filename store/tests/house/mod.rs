//! A store of its own for each test, on either engine, and the words to fill it with.
//!
//! Never skips an engine: where the server is missing, the test fails and says what to do.

#![expect(dead_code, reason = "each test file takes what it needs of this")]
#![expect(unreachable_pub, reason = "a test file is a crate of its own")]

use std::sync::atomic::{AtomicUsize, Ordering};

use domain::*;
use jiff::{SignedDuration, Timestamp};
use store::{Store, Who};
use tempfile::TempDir;

/// The variable that names the server to test on.
const SERVER: &str = "DORMOUSE_TEST_POSTGRES";

/// A place for a store, which goes when the test ends.
pub struct House {
    pub place: store::Place,
    folder: Option<TempDir>,
}

/// Runs the same truth on both engines, each in a store of its own.
#[macro_export]
macro_rules! both_engines {
    ($($(#[$meta:meta])* async fn $name:ident($house:ident: House) $body:block)+) => {$(
        $(#[$meta])*
        mod $name {
            use super::*;

            async fn truth($house: House) $body

            #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
            async fn on_sqlite() {
                truth(House::sqlite()).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
            async fn on_postgres() {
                truth(House::postgres().await).await;
            }
        }
    )+};
}

impl House {
    /// Returns a file in a folder of its own.
    pub fn sqlite() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        Self {
            place: store::Place::File(folder.path().join("home").join("dormouse.db")),
            folder: Some(folder),
        }
    }

    /// Returns a schema of its own on the test server.
    pub async fn postgres() -> Self {
        #[expect(
            clippy::disallowed_methods,
            reason = "the task runner names the server here"
        )]
        let url = std::env::var(SERVER).unwrap_or_else(|_| {
            panic!(
                "{SERVER} is not set: run `cargo xtask test`, which starts a server for the tests"
            )
        });
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let schema = format!("test_{}_{number}", std::process::id());
        let mut admin = <sqlx::PgConnection as sqlx::Connection>::connect(&url)
            .await
            .expect("the test server answers");
        let fresh = format!("DROP SCHEMA IF EXISTS {schema} CASCADE; CREATE SCHEMA {schema}");
        sqlx::raw_sql(sqlx::AssertSqlSafe(fresh))
            .execute(&mut admin)
            .await
            .expect("a schema of our own");
        let sign = if url.contains('?') { '&' } else { '?' };
        Self {
            place: store::Place::Server(format!("{url}{sign}options[search_path]={schema}")),
            folder: None,
        }
    }

    /// Opens the store for Ann of Acme.
    pub async fn open(&self) -> Store {
        self.open_for(ann()).await
    }

    /// Opens the store for anybody.
    pub async fn open_for(&self, who: Who) -> Store {
        Store::open(&self.place, who)
            .await
            .expect("the store opens")
    }

    /// Returns the path of the file; only SQLite has one.
    pub fn path(&self) -> std::path::PathBuf {
        match &self.place {
            store::Place::File(path) => path.clone(),
            store::Place::Server(_) => panic!("a server has no file"),
        }
    }

    /// Returns the rows of any question, each as one text, to compare whole states.
    pub async fn dump(&self, question: &'static str) -> Vec<String> {
        use sqlx::Row as _;
        match &self.place {
            store::Place::File(path) => {
                let options = sqlx::sqlite::SqliteConnectOptions::new().filename(path);
                let pool = sqlx::SqlitePool::connect_with(options)
                    .await
                    .expect("opens");
                let rows = sqlx::query(question)
                    .fetch_all(&pool)
                    .await
                    .expect("answers");
                pool.close().await;
                rows.iter().map(|row| row.get(0)).collect()
            }
            store::Place::Server(url) => {
                let pool = sqlx::PgPool::connect(url).await.expect("connects");
                let rows = sqlx::query(question)
                    .fetch_all(&pool)
                    .await
                    .expect("answers");
                pool.close().await;
                rows.iter().map(|row| row.get(0)).collect()
            }
        }
    }
}

pub fn who(tenant: &str, owner: &str) -> Who {
    Who {
        tenant: TenantId::new(tenant),
        owner: OwnerId::new(owner),
    }
}

pub fn ann() -> Who {
    who("acme", "ann")
}

/// An instant so many seconds after the beginning of our time.
pub fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_790_000_000 + seconds).expect("within the years that can be written")
}

pub fn seconds(count: i64) -> SignedDuration {
    SignedDuration::from_secs(count)
}

pub fn ingest(source: &str) -> Job {
    Job::Ingest {
        source: SourceId::new(source),
    }
}

pub fn extract(episode: &str, project: Option<&str>) -> Job {
    Job::Extract {
        episode: EpisodeId::new(episode),
        project: project.map(ProjectId::new),
    }
}

pub fn lesson(what: &str) -> Lesson {
    Lesson {
        kind: Kind::Preference,
        scope: Scope::Project,
        what: what.to_owned(),
        when: Some("installing packages".to_owned()),
        do_: None,
        warn: None,
    }
}

pub fn evidence(turn: &str, quote: &str) -> Evidence {
    Evidence {
        session: SessionId::new("s1"),
        turn: TurnId::new(turn),
        quote: quote.to_owned(),
        said_by: Speaker::User,
        at: at(0),
        branch: Some("main".to_owned()),
    }
}

/// A memory of Ann's with one quote from the turn.
pub fn memory(what: &str, turn: &str) -> NewMemory {
    let lesson = lesson(what);
    let owner = OwnerId::new("ann");
    let project = Some(ProjectId::new("p1"));
    NewMemory {
        memory: Memory {
            id: Memory::name(&owner, project.as_ref(), turn, &lesson),
            owner,
            project,
            lesson,
            domain: "general".to_owned(),
            tags: vec!["tools".to_owned()],
            asserted_by: Speaker::User,
            pinned: false,
            validity: Validity {
                from: at(0),
                to: None,
            },
            recorded_at: at(1),
            retired_at: None,
            seen_at: at(1),
            revision: Revision::FIRST,
        },
        evidence: vec![evidence(turn, what)],
    }
}

/// The same memory, one revision on, saying something else.
pub fn reworded(memory: &Memory, what: &str) -> Memory {
    let mut memory = memory.clone();
    memory.lesson.what = what.to_owned();
    memory.revision = memory.revision.next();
    memory
}

pub fn belief(memory: &MemoryId, session: &str, weight: i32) -> BeliefEvent {
    BeliefEvent {
        memory: memory.clone(),
        at: at(5),
        session: Some(SessionId::new(session)),
        reason: Reason::Evidence,
        weight: Weight(weight),
    }
}

pub fn link(from: &MemoryId, to: Option<&MemoryId>, kind: LinkKind, when: i64) -> Link {
    Link {
        from: from.clone(),
        to: to.cloned(),
        kind,
        at: at(when),
        ended_at: None,
        why: "a test says so".to_owned(),
    }
}

pub fn turn(id: &str, session: &str, position: i64, text: &str) -> Turn {
    Turn {
        id: TurnId::new(id),
        session: SessionId::new(session),
        parent: None,
        at: at(position),
        position,
        place: Place {
            cwd: Some("/home/ann/shop".to_owned()),
            branch: Some("main".to_owned()),
        },
        sidechain: None,
        parts: vec![Part {
            speaker: Speaker::User,
            kind: PartKind::Said,
            text: text.to_owned(),
        }],
    }
}

pub fn session(id: &str, from: i64, to: i64) -> Session {
    Session {
        id: SessionId::new(id),
        agent: Agent::ClaudeCode,
        project: Some(ProjectId::new("p1")),
        started_at: at(from),
        ended_at: at(to),
    }
}

pub fn episode(session: &str, turns: &[&str]) -> Episode {
    let turns: Vec<TurnId> = turns.iter().map(|turn| TurnId::new(*turn)).collect();
    let session = SessionId::new(session);
    Episode {
        id: Episode::name(&session, &turns[0]),
        session,
        project: Some(ProjectId::new("p1")),
        place: Place::default(),
        started_at: at(0),
        turns,
    }
}

/// Writes as a person and expects it to be written.
pub async fn write(store: &Store, changes: &Changes) -> RunId {
    let by = Author::Person("save".to_owned());
    match store.apply(changes, &by).await.expect("the store writes") {
        Finished::Done(run) => run,
        other => panic!("not written: {other:?}"),
    }
}

/// Changes that save these memories.
pub fn saving(memories: &[NewMemory]) -> Changes {
    Changes {
        saved: memories.to_vec(),
        ..Changes::at(at(1))
    }
}
