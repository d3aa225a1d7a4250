//! One text for two engines: pools, transactions, statements, values and rows.
//!
//! Nothing outside this folder names an engine's own types; what differs between the engines stands
//! beside each other in the statement that differs.

mod bind;
mod error;
mod pool;
mod row;
mod sql;
mod tx;

pub(crate) use bind::{Value, list, values};
pub(crate) use error::{failed, is_busy};
pub use pool::Place;
pub(crate) use pool::Pool;
pub(crate) use row::Row;
pub(crate) use sql::{Batch, Sql, batch, sql};
pub(crate) use tx::Tx;
