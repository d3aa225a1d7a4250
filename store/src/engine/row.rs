//! Rows, read cell by cell with the names of table, column and row at hand.
//!
//! Repairs nothing: a cell that no version of the program writes is an error that says where it is.

use std::fmt::Display;

use domain::StoreError;
use domain::time::from_ms;
use jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde_json::Value;
use sqlx::postgres::{PgRow, Postgres};
use sqlx::sqlite::{Sqlite, SqliteRow};
use sqlx::{Decode, Row as _, Type};

use super::Sql;

/// One row of an answer.
pub(crate) struct Row {
    pub(super) cells: Cells,
    pub(super) table: &'static str,
}

/// The row as its engine gives it.
pub(super) enum Cells {
    Sqlite(SqliteRow),
    Postgres(PgRow),
    /// One of the rows that SQLite told as one text.
    Told {
        columns: &'static [&'static str],
        cells: Vec<Value>,
    },
}

impl Row {
    /// Makes rows of a statement's answer.
    pub(super) fn of_answer(sql: Sql, answer: Vec<Cells>) -> Result<Vec<Self>, StoreError> {
        let table = sql.table;
        let mut rows: Vec<Self> = answer
            .into_iter()
            .map(|cells| Self { cells, table })
            .collect();
        let (
            Some(columns),
            [
                Self {
                    cells: Cells::Sqlite(_),
                    ..
                },
            ],
        ) = (sql.told, rows.as_slice())
        else {
            return Ok(rows);
        };
        let told: Vec<Vec<Value>> = rows.remove(0).json("told")?;
        let cells = told.into_iter().map(|cells| Cells::Told { columns, cells });
        Ok(cells.map(|cells| Self { cells, table }).collect())
    }

    /// Reads a cell of any type that both engines know.
    fn get<T>(&self, column: &'static str) -> Result<T, StoreError>
    where
        T: for<'r> Decode<'r, Sqlite> + Type<Sqlite>,
        T: for<'r> Decode<'r, Postgres> + Type<Postgres> + DeserializeOwned,
    {
        self.raw(column).map_err(|error| self.bad(column, error))
    }

    fn raw<T>(&self, column: &'static str) -> Result<T, sqlx::Error>
    where
        T: for<'r> Decode<'r, Sqlite> + Type<Sqlite>,
        T: for<'r> Decode<'r, Postgres> + Type<Postgres> + DeserializeOwned,
    {
        match &self.cells {
            Cells::Sqlite(row) => row.try_get(column),
            Cells::Postgres(row) => row.try_get(column),
            Cells::Told { columns, cells } => {
                let place = columns.iter().position(|name| *name == column);
                let cell = place.and_then(|place| cells.get(place));
                let cell = cell.ok_or_else(|| sqlx::Error::ColumnNotFound(column.to_owned()))?;
                T::deserialize(cell).map_err(|error| sqlx::Error::Decode(error.into()))
            }
        }
    }

    /// Returns the error that names this cell.
    pub(crate) fn bad(&self, column: &'static str, detail: impl Display) -> StoreError {
        // Most rows carry their key; of one that does not, table and column must do.
        let row = self
            .raw::<String>("id")
            .or_else(|_| self.raw::<i64>("id").map(|number| number.to_string()))
            .unwrap_or_else(|_| "a row without id".to_owned());
        StoreError::Cell {
            table: self.table,
            column,
            row,
            detail: detail.to_string(),
        }
    }

    pub(crate) fn text(&self, column: &'static str) -> Result<String, StoreError> {
        self.get(column)
    }

    pub(crate) fn text_or_none(&self, column: &'static str) -> Result<Option<String>, StoreError> {
        self.get(column)
    }

    pub(crate) fn int(&self, column: &'static str) -> Result<i64, StoreError> {
        self.get(column)
    }

    pub(crate) fn int_or_none(&self, column: &'static str) -> Result<Option<i64>, StoreError> {
        self.get(column)
    }

    pub(crate) fn count(&self, column: &'static str) -> Result<u64, StoreError> {
        let number = self.int(column)?;
        u64::try_from(number).map_err(|_| self.bad(column, format!("{number} is below zero")))
    }

    pub(crate) fn boolean(&self, column: &'static str) -> Result<bool, StoreError> {
        match self.cells {
            Cells::Told { .. } => Ok(self.int(column)? != 0),
            _ => self.get(column),
        }
    }

    pub(crate) fn bytes(&self, column: &'static str) -> Result<Vec<u8>, StoreError> {
        self.get(column)
    }

    /// Reads milliseconds since 1970.
    pub(crate) fn time(&self, column: &'static str) -> Result<Timestamp, StoreError> {
        self.instant(column, self.int(column)?)
    }

    pub(crate) fn time_or_none(
        &self,
        column: &'static str,
    ) -> Result<Option<Timestamp>, StoreError> {
        let ms = self.int_or_none(column)?;
        ms.map(|ms| self.instant(column, ms)).transpose()
    }

    fn instant(&self, column: &'static str, ms: i64) -> Result<Timestamp, StoreError> {
        from_ms(ms).ok_or_else(|| self.bad(column, format!("{ms} ms is no time")))
    }

    /// Reads a word of a closed set.
    pub(crate) fn word<T>(
        &self,
        column: &'static str,
        known: impl Fn(&str) -> Option<T>,
    ) -> Result<T, StoreError> {
        let word = self.text(column)?;
        known(&word).ok_or_else(|| self.bad(column, format!("{word:?} is no known word")))
    }

    /// Reads a value that was written as JSON.
    pub(crate) fn json<T: DeserializeOwned>(&self, column: &'static str) -> Result<T, StoreError> {
        serde_json::from_str(&self.text(column)?).map_err(|error| self.bad(column, error))
    }
}
