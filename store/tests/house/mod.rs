//! A store of its own for each test, on either engine; what to fill it with stands beside it.
//!
//! Never skips an engine: where the server is missing, the test fails and says what to do.

#![expect(dead_code, reason = "each test file takes what it needs of this")]
#![expect(unreachable_pub, reason = "a test file is a crate of its own")]

mod made;

use std::sync::atomic::{AtomicUsize, Ordering};

use domain::*;
use jiff::{SignedDuration, Timestamp};
use store::{Store, Who};
use tempfile::TempDir;

pub use made::*;

/// The variable that names the server to test on.
const SERVER: &str = "DORMOUSE_TEST_POSTGRES";

/// A place for a store, which goes when the test ends.
pub struct House {
    pub place: store::Place,
    folder: Option<TempDir>,
}

/// A house whose store Ann of Acme has opened.
pub struct Opened {
    pub store: Store,
    pub house: House,
}

/// Runs a test on SQLite and then on PostgreSQL, each with a store of its own.
pub async fn on_both(test: impl AsyncFn(Opened)) {
    test(House::sqlite().opened().await).await;
    test(House::postgres().await.opened().await).await;
}

impl Opened {
    /// Returns the same store as somebody else sees it.
    pub fn seen_by(&self, tenant: &str, owner: &str) -> Store {
        self.store.seen_by(who(tenant, owner))
    }

    /// Closes the store, with all that it writes when it is closed, and opens it again.
    pub async fn reopened(self) -> Self {
        self.store.close().await;
        self.house.opened().await
    }
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

    /// Opens the store for Ann of Acme and keeps both together.
    pub async fn opened(self) -> Opened {
        let store = self.open().await;
        Opened { store, house: self }
    }

    /// Returns the folder of the file; only SQLite has one.
    pub fn folder(&self) -> &std::path::Path {
        self.folder.as_ref().expect("a server has no folder").path()
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

    /// Runs statements behind the store's back, as another program would.
    pub async fn run(&self, text: &str) {
        let text = sqlx::AssertSqlSafe(text);
        match &self.place {
            store::Place::File(path) => {
                let options = sqlx::sqlite::SqliteConnectOptions::new().filename(path);
                let pool = sqlx::SqlitePool::connect_with(options)
                    .await
                    .expect("opens");
                sqlx::raw_sql(text).execute(&pool).await.expect("runs");
                pool.close().await;
            }
            store::Place::Server(url) => {
                let pool = sqlx::PgPool::connect(url).await.expect("connects");
                sqlx::raw_sql(text).execute(&pool).await.expect("runs");
                pool.close().await;
            }
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
