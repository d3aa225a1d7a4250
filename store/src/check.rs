//! Looks through the whole file for damage, where a person asks for it.
//!
//! Mends nothing; every other command reads only the pages that it needs, and meets damage only there.

use domain::StoreError;

use crate::Store;
use crate::engine::{Pool, sql};

sql! {
    /// Without a look whether each index agrees with its table, which costs many times as much. A
    /// server watches over its own files.
    QUICK_CHECK in "the file": "SELECT quick_check AS found FROM pragma_quick_check",
        postgres: "SELECT 'ok' AS found";
}

/// What the engine says of a file in which it has found nothing.
const SOUND: &str = "ok";

impl Store {
    /// Reads every page of the store; an error names the damage.
    pub async fn check(&self) -> Result<(), StoreError> {
        let mut found = Vec::new();
        for row in self.pool.all(QUICK_CHECK, &[]).await? {
            found.push(row.text("found")?);
        }
        match found.first() {
            None => Ok(()),
            Some(first) if first == SOUND => Ok(()),
            Some(first) => Err(StoreError::Damaged {
                place: place(&self.pool),
                detail: first.replace('\n', " "),
            }),
        }
    }
}

fn place(pool: &Pool) -> String {
    match pool {
        Pool::Sqlite { place, .. } | Pool::Postgres { place, .. } => place.to_string(),
    }
}
