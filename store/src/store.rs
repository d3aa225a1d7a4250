//! The store: connections to an engine, seen by one person of one tenant.
//!
//! What it can do stands in the files beside this one, each with its statements.

use domain::{OwnerId, StoreError, TenantId};

use crate::engine::{Place, Pool};
use crate::{open, schema};

/// For whom the store is opened: what is written is theirs, what is private to others stays unseen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Who {
    /// The first part of every key.
    pub tenant: TenantId,
    /// The person.
    pub owner: OwnerId,
}

/// A store, seen by one person.
#[derive(Clone)]
pub struct Store {
    pub(crate) pool: Pool,
    pub(crate) who: Who,
}

impl Store {
    /// Opens a store for reading and writing, makes it where there is none, and brings its schema up.
    pub async fn open(place: &Place, who: Who) -> Result<Self, StoreError> {
        let pool = match place {
            Place::File(path) => {
                open::prepare(path)?;
                schema::judge(&Pool::file_read_only(path), schema::Wanted::AtMost).await?;
                Pool::file(path).await?
            }
            Place::Server(url) => Pool::server(url).await?,
        };
        schema::bring_up(&pool).await?;
        Ok(Self { pool, who })
    }

    /// Opens a store for reading alone: nothing is created, nothing is brought up.
    pub async fn open_read_only(place: &Place, who: Who) -> Result<Self, StoreError> {
        let pool = match place {
            Place::File(path) => {
                open::exists(path)?;
                Pool::file_read_only(path)
            }
            Place::Server(url) => Pool::server_read_only(url).await?,
        };
        schema::judge(&pool, schema::Wanted::Exactly).await?;
        Ok(Self { pool, who })
    }

    /// Returns the same store as another person sees it.
    #[must_use]
    pub fn seen_by(&self, who: Who) -> Self {
        Self {
            pool: self.pool.clone(),
            who,
        }
    }

    /// Returns for whom the store is opened.
    pub fn who(&self) -> &Who {
        &self.who
    }

    /// Lets every connection go; handles that share them stop working too.
    pub async fn close(self) {
        self.pool.close().await;
    }
}
