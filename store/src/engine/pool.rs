//! Connections to either engine: one that writes and a few that read, or a server's many.
//!
//! Nothing here knows a table.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use domain::StoreError;
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions, Postgres};
use sqlx::sqlite::{
    Sqlite, SqliteAutoVacuum, SqliteConnectOptions, SqliteJournalMode, SqlitePool,
    SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::{ConnectOptions, Connection as _, Transaction, pool::PoolOptions};

use super::row::Cells;
use super::tx::On;
use super::{Row, Sql, Tx, Value, failed, is_busy};

/// How long we wait for another process to let go of the file.
const PATIENCE: Duration = Duration::from_secs(5);
/// How often a new file is tried, and what is waited in between, longer each time.
const TRIES: u32 = 5;
const BREATH: Duration = Duration::from_millis(20);
/// The rows of one answer go over to the asking task together, not one wake-up each.
const ROWS_AT_ONCE: usize = 1024;
/// Readers of one process: a resident process answers a few agents at once, no more.
const READERS: u32 = 4;
/// Connections of one process to a server.
const SERVED: u32 = 8;

/// Where a store lies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// A SQLite file on this machine.
    File(PathBuf),
    /// A PostgreSQL server, by its URL.
    Server(String),
}

/// Connections to one engine.
#[derive(Clone)]
pub(crate) enum Pool {
    /// A file: one connection writes, others read beside it.
    Sqlite {
        writer: Option<SqlitePool>,
        readers: SqlitePool,
        place: Arc<str>,
    },
    /// A server: any connection does either.
    Postgres {
        pool: PgPool,
        writable: bool,
        place: Arc<str>,
    },
}

impl Pool {
    /// Opens a file for writing; it is created where it is missing.
    pub(crate) async fn file(path: &Path) -> Result<Self, StoreError> {
        let place: Arc<str> = path.display().to_string().into();
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .foreign_keys(true)
            .busy_timeout(PATIENCE)
            // Both must be said before the first table is made.
            .auto_vacuum(SqliteAutoVacuum::Incremental)
            .pragma("secure_delete", "ON")
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Normal)
            .row_buffer_size(ROWS_AT_ONCE)
            // Statements are logged by whoever meant them.
            .disable_statement_logging();
        let writer = writer(options)
            .await
            .map_err(|error| failed(error, &place))?;
        Ok(Self::Sqlite {
            writer: Some(writer),
            readers: readers(path, READERS),
            place,
        })
    }

    /// Opens a file for reading alone.
    pub(crate) fn file_read_only(path: &Path) -> Self {
        Self::Sqlite {
            writer: None,
            // A process that only reads asks one thing and ends: a second connection would cost it
            // as much as its search.
            readers: readers(path, 1),
            place: path.display().to_string().into(),
        }
    }

    /// Connects to a server.
    pub(crate) async fn server(url: &str) -> Result<Self, StoreError> {
        Self::connect(url, true).await
    }

    /// Connects to a server for reading alone.
    pub(crate) async fn server_read_only(url: &str) -> Result<Self, StoreError> {
        Self::connect(url, false).await
    }

    async fn connect(url: &str, writable: bool) -> Result<Self, StoreError> {
        if !["postgres://", "postgresql://"]
            .iter()
            .any(|scheme| url.starts_with(scheme))
        {
            let rule = "store.url must begin with postgres://";
            return Err(StoreError::Refused(rule.to_owned()));
        }
        let options: PgConnectOptions = url
            .parse()
            .map_err(|error: sqlx::Error| failed(error, "the server"))?;
        // A URL may hold a password, so the place is named without it.
        let place: Arc<str> = format!("{}:{}", options.get_host(), options.get_port()).into();
        let options = match writable {
            true => options,
            false => options.options([("default_transaction_read_only", "on")]),
        }
        .disable_statement_logging();
        let pool = PgPoolOptions::new()
            .max_connections(SERVED)
            .acquire_timeout(PATIENCE)
            .connect_with(options)
            .await
            .map_err(|error| match error {
                // Nobody else uses these connections yet: it is the server that did not answer.
                sqlx::Error::PoolTimedOut => StoreError::Unreachable(Box::new(error)),
                error => failed(error, &place),
            })?;
        Ok(Self::Postgres {
            pool,
            writable,
            place,
        })
    }

    /// Begins a transaction that may write. On a file it waits its turn before it reads anything.
    pub(crate) async fn write(&self) -> Result<Tx, StoreError> {
        match self {
            Self::Sqlite {
                writer: Some(writer),
                place,
                ..
            } => begin_sqlite(writer, "BEGIN IMMEDIATE", place).await,
            Self::Postgres {
                pool,
                writable: true,
                place,
            } => begin_postgres(pool, "BEGIN", place).await,
            Self::Sqlite { .. } | Self::Postgres { .. } => Err(StoreError::Refused(
                "the store is open for reading only".to_owned(),
            )),
        }
    }

    /// Begins a transaction that reads one state of the store, whatever is written meanwhile.
    pub(crate) async fn read(&self) -> Result<Tx, StoreError> {
        match self {
            Self::Sqlite { readers, place, .. } => begin_sqlite(readers, "BEGIN", place).await,
            Self::Postgres { pool, place, .. } => {
                let begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
                begin_postgres(pool, begin, place).await
            }
        }
    }

    /// Reads with a single statement, which needs no transaction of its own.
    pub(crate) async fn all(&self, sql: Sql, values: &[Value<'_>]) -> Result<Vec<Row>, StoreError> {
        use super::bind::bound;
        let (rows, place) = match self {
            Self::Sqlite { readers, place, .. } => {
                let rows = bound!(sqlx::query(sql.sqlite), values).fetch_all(readers);
                let rows = rows.await;
                (
                    rows.map(|rows| rows.into_iter().map(Cells::Sqlite).collect()),
                    place,
                )
            }
            Self::Postgres { pool, place, .. } => {
                let rows = bound!(sqlx::query(sql.postgres), values).fetch_all(pool);
                let rows = rows.await.map_err(|error| told_apart(error, pool));
                (
                    rows.map(|rows| rows.into_iter().map(Cells::Postgres).collect()),
                    place,
                )
            }
        };
        let rows = rows.map_err(|error| failed(error, place))?;
        Row::of_answer(sql, rows)
    }

    /// Reads the first row of a single statement's answer.
    pub(crate) async fn first(
        &self,
        sql: Sql,
        values: &[Value<'_>],
    ) -> Result<Option<Row>, StoreError> {
        Ok(self.all(sql, values).await?.into_iter().next())
    }

    /// Runs a statement outside any transaction, as vacuuming and checkpointing ask.
    pub(crate) async fn outside(&self, sql: Sql) -> Result<Vec<Row>, StoreError> {
        match self {
            Self::Sqlite {
                writer: Some(writer),
                place,
                ..
            } => {
                let rows = sqlx::query(sql.sqlite).fetch_all(writer).await;
                let rows = rows.map_err(|error| failed(error, place))?;
                let cells = rows.into_iter().map(Cells::Sqlite);
                Ok(cells
                    .map(|cells| Row {
                        cells,
                        table: sql.table,
                    })
                    .collect())
            }
            Self::Postgres { pool, place, .. } => {
                let rows = sqlx::query(sql.postgres).fetch_all(pool).await;
                let rows = rows.map_err(|error| failed(told_apart(error, pool), place))?;
                let cells = rows.into_iter().map(Cells::Postgres);
                Ok(cells
                    .map(|cells| Row {
                        cells,
                        table: sql.table,
                    })
                    .collect())
            }
            Self::Sqlite { writer: None, .. } => Err(StoreError::Refused(
                "the store is open for reading only".to_owned(),
            )),
        }
    }

    /// Returns whether it is a server, at which other machines may be at work too.
    pub(crate) fn is_server(&self) -> bool {
        matches!(self, Self::Postgres { .. })
    }

    /// Returns the name of the place, without any secret.
    pub(crate) fn place(&self) -> &str {
        match self {
            Self::Sqlite { place, .. } | Self::Postgres { place, .. } => place,
        }
    }

    /// Lets every connection go, and with the last one of a file its write-ahead log.
    pub(crate) async fn close(&self) {
        match self {
            Self::Sqlite {
                writer, readers, ..
            } => {
                readers.close().await;
                if let Some(writer) = writer {
                    writer.close().await;
                }
            }
            Self::Postgres { pool, .. } => pool.close().await,
        }
    }
}

fn readers(path: &Path, most: u32) -> SqlitePool {
    let options = SqliteConnectOptions::new()
        .filename(path)
        .read_only(true)
        .busy_timeout(PATIENCE)
        // A cold search reads some hundred scattered pages: mapped, they cost no call and no copy each.
        .pragma("mmap_size", "1073741824")
        .row_buffer_size(ROWS_AT_ONCE)
        .disable_statement_logging();
    clean(SqlitePoolOptions::new())
        .max_connections(most)
        // A file's connection does not go away, and each question to it costs two thread switches.
        .test_before_acquire(false)
        .acquire_timeout(2 * PATIENCE)
        .connect_lazy_with(options)
}

/// Gives out no connection whose transaction did not end. Where the disk is full, SQLite may take a
/// transaction back by itself; the ROLLBACK that follows then fails, and the connection counts as inside
/// a transaction ever after. By the time that it is looked at, whatever was on its way is done: every
/// connection that comes back to its pool is waited for.
fn clean(options: PoolOptions<Sqlite>) -> PoolOptions<Sqlite> {
    options.before_acquire(|connection, _| {
        let ended = !connection.is_in_transaction();
        Box::pin(async move { Ok(ended) })
    })
}

fn one_at_a_time() -> PoolOptions<Sqlite> {
    clean(SqlitePoolOptions::new())
        .max_connections(1)
        // Longer than the file's own patience: within one process the queue is fair and moves.
        .acquire_timeout(6 * PATIENCE)
}

/// Connects, and tries again where another process turns the log of a new file on at the same moment:
/// for that alone SQLite does not wait, but says at once that the file is locked.
async fn writer(options: SqliteConnectOptions) -> Result<SqlitePool, sqlx::Error> {
    for number in 1..TRIES {
        match one_at_a_time().connect_with(options.clone()).await {
            Err(error) if is_busy(&error) => tokio::time::sleep(number * BREATH).await,
            done => return done,
        }
    }
    one_at_a_time().connect_with(options).await
}

async fn begin_sqlite(
    pool: &SqlitePool,
    begin: &'static str,
    place: &Arc<str>,
) -> Result<Tx, StoreError> {
    let tx: Result<Transaction<'static, Sqlite>, _> = pool.begin_with(begin).await;
    Ok(Tx {
        on: On::Sqlite(tx.map_err(|error| failed(error, place))?),
        place: place.clone(),
    })
}

/// Tells a server that no longer answers from one whose every connection is in use: both end in vain
/// waiting for a connection, and the first while there could be more of them.
fn told_apart(error: sqlx::Error, pool: &PgPool) -> sqlx::Error {
    match error {
        sqlx::Error::PoolTimedOut if pool.size() < SERVED => {
            sqlx::Error::Io(std::io::ErrorKind::TimedOut.into())
        }
        error => error,
    }
}

async fn begin_postgres(
    pool: &PgPool,
    begin: &'static str,
    place: &Arc<str>,
) -> Result<Tx, StoreError> {
    let tx: Result<Transaction<'static, Postgres>, _> = pool.begin_with(begin).await;
    Ok(Tx {
        on: On::Postgres(tx.map_err(|error| failed(told_apart(error, pool), place))?),
        place: place.clone(),
    })
}
