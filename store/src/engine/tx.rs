//! A transaction on either engine: the same statements, the same answers.
//!
//! Dropped without `commit`, it leaves nothing behind.

use std::sync::Arc;

use domain::StoreError;
use sqlx::postgres::Postgres;
use sqlx::sqlite::Sqlite;
use sqlx::{AssertSqlSafe, Transaction};

use super::bind::bound;
use super::row::Cells;
use super::{Batch, Row, Sql, Value, failed};

/// A transaction.
pub(crate) struct Tx {
    pub(super) on: On,
    pub(super) place: Arc<str>,
}

/// The engine that it runs on.
pub(super) enum On {
    Sqlite(Transaction<'static, Sqlite>),
    Postgres(Transaction<'static, Postgres>),
}

impl Tx {
    /// Runs a statement and returns how many rows it touched.
    pub(crate) async fn run(&mut self, sql: Sql, values: &[Value<'_>]) -> Result<u64, StoreError> {
        let done = match &mut self.on {
            On::Sqlite(tx) => bound!(sqlx::query(sql.sqlite), values)
                .execute(&mut **tx)
                .await
                .map(|done| done.rows_affected()),
            On::Postgres(tx) => bound!(sqlx::query(sql.postgres), values)
                .execute(&mut **tx)
                .await
                .map(|done| done.rows_affected()),
        };
        done.map_err(|error| failed(error, &self.place))
    }

    /// Returns every row of an answer.
    pub(crate) async fn all(
        &mut self,
        sql: Sql,
        values: &[Value<'_>],
    ) -> Result<Vec<Row>, StoreError> {
        let rows = match &mut self.on {
            On::Sqlite(tx) => bound!(sqlx::query(sql.sqlite), values)
                .fetch_all(&mut **tx)
                .await
                .map(|rows| rows.into_iter().map(Cells::Sqlite).collect()),
            On::Postgres(tx) => bound!(sqlx::query(sql.postgres), values)
                .fetch_all(&mut **tx)
                .await
                .map(|rows| rows.into_iter().map(Cells::Postgres).collect()),
        };
        let rows = rows.map_err(|error| failed(error, &self.place))?;
        Row::of_answer(sql, rows)
    }

    /// Returns the first row of an answer, if there is one.
    pub(crate) async fn first(
        &mut self,
        sql: Sql,
        values: &[Value<'_>],
    ) -> Result<Option<Row>, StoreError> {
        // Most of our single-row statements end with RETURNING: the answer is read to its end.
        Ok(self.all(sql, values).await?.into_iter().next())
    }

    /// Inserts rows, many in one statement, and returns what the statement returns.
    pub(crate) async fn insert(
        &mut self,
        batch: Batch,
        rows: &[Vec<Value<'_>>],
    ) -> Result<Vec<Row>, StoreError> {
        let mut returned = Vec::new();
        let mut rest = rows;
        for size in Batch::SIZES {
            while rest.len() >= size {
                let (now, later) = rest.split_at(size);
                returned.append(&mut self.insert_some(batch, now).await?);
                rest = later;
            }
        }
        Ok(returned)
    }

    async fn insert_some(
        &mut self,
        batch: Batch,
        rows: &[Vec<Value<'_>>],
    ) -> Result<Vec<Row>, StoreError> {
        let (count, values) = (rows.len(), rows.iter().flatten());
        let sqlite = || AssertSqlSafe(batch.unnumbered(count));
        let postgres = || AssertSqlSafe(batch.numbered(count));
        let rows = match &mut self.on {
            On::Sqlite(tx) => bound!(sqlx::query(sqlite()), values)
                .fetch_all(&mut **tx)
                .await
                .map(|rows| rows.into_iter().map(Cells::Sqlite).collect()),
            On::Postgres(tx) => bound!(sqlx::query(postgres()), values)
                .fetch_all(&mut **tx)
                .await
                .map(|rows| rows.into_iter().map(Cells::Postgres).collect()),
        };
        let rows: Vec<Cells> = rows.map_err(|error| failed(error, &self.place))?;
        let table = batch.table;
        Ok(rows.into_iter().map(|cells| Row { cells, table }).collect())
    }

    /// Runs the text of a migration, which is many statements.
    pub(crate) async fn script(
        &mut self,
        sqlite: &'static str,
        postgres: &'static str,
    ) -> Result<(), StoreError> {
        let done = match &mut self.on {
            On::Sqlite(tx) => sqlx::raw_sql(sqlite).execute(&mut **tx).await.map(|_| ()),
            On::Postgres(tx) => sqlx::raw_sql(postgres).execute(&mut **tx).await.map(|_| ()),
        };
        done.map_err(|error| failed(error, &self.place))
    }

    /// Makes everything stand that was written.
    pub(crate) async fn commit(self) -> Result<(), StoreError> {
        let done = match self.on {
            On::Sqlite(tx) => tx.commit().await,
            On::Postgres(tx) => tx.commit().await,
        };
        done.map_err(|error| failed(error, &self.place))
    }
}
