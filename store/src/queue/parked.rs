//! Jobs that wait for a person: shown, and tried again by their word.
//!
//! Nothing here is done by itself.

use domain::{JobId, StoreError};
use jiff::Timestamp;

use crate::Store;
use crate::engine::{sql, values};

sql! {
    PARKED in "jobs":
        "SELECT id, kind, body, why, attempts FROM jobs
         WHERE tenant = $1 AND owner = $2 AND parked ORDER BY id";
    /// Where the same job waits already, the parked one has nothing left to do.
    DROP_RETRIED in "jobs":
        "DELETE FROM jobs WHERE tenant = $1 AND owner = $2 AND id = $3 AND parked
           AND EXISTS (SELECT 1 FROM jobs AS twin
                WHERE twin.tenant = jobs.tenant AND twin.owner = jobs.owner
                  AND twin.body = jobs.body AND twin.leased_until IS NULL AND NOT twin.parked)";
    HURRY in "jobs":
        "UPDATE jobs SET due_at = $4
         WHERE tenant = $1 AND owner = $2 AND id = $3 AND due_at > $4
           AND leased_until IS NULL AND NOT parked";
    RETRY in "jobs":
        "UPDATE jobs SET parked = FALSE, due_at = $4
         WHERE tenant = $1 AND owner = $2 AND id = $3 AND parked";
}

/// A job that waits for a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parked {
    /// Its number.
    pub id: JobId,
    /// The word for its kind of work.
    pub kind: String,
    /// The work as JSON: a later version's job is shown too.
    pub job: String,
    /// Why it was given up.
    pub why: String,
    /// How often it was tried.
    pub attempts: i64,
}

impl Store {
    /// Returns the jobs that wait for a person.
    pub async fn parked(&self) -> Result<Vec<Parked>, StoreError> {
        let values = values![&self.who.tenant, &self.who.owner];
        let rows = self.pool.all(PARKED, &values).await?;
        rows.iter()
            .map(|row| {
                Ok(Parked {
                    id: JobId(row.int("id")?),
                    kind: row.text("kind")?,
                    job: row.text("body")?,
                    why: row.text_or_none("why")?.unwrap_or_default(),
                    attempts: row.int("attempts")?,
                })
            })
            .collect()
    }

    /// Makes a waiting job due now, whatever it waits for; false: it does not wait.
    pub async fn hurry(&self, job: JobId, now: Timestamp) -> Result<bool, StoreError> {
        let mut tx = self.pool.write().await?;
        let asked = values![&self.who.tenant, &self.who.owner, job, now];
        let hurried = tx.run(HURRY, &asked).await?;
        tx.commit().await?;
        Ok(hurried > 0)
    }

    /// Lets a parked job be tried again at once; false: no such job is parked.
    pub async fn retry(&self, job: JobId, now: Timestamp) -> Result<bool, StoreError> {
        let (tenant, owner) = (&self.who.tenant, &self.who.owner);
        let mut tx = self.pool.write().await?;
        let dropped = tx.run(DROP_RETRIED, &values![tenant, owner, job]).await?;
        let retried = tx.run(RETRY, &values![tenant, owner, job, now]).await?;
        tx.commit().await?;
        Ok(dropped + retried > 0)
    }
}
