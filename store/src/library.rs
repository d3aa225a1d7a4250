//! Answers the library's door from the rows, as far as one reader may see them.
//!
//! Nothing here writes; each answer is read from one state of the store.

pub(crate) mod places;
pub(crate) mod records;
pub(crate) mod said;
pub(crate) mod then;

use std::collections::BTreeSet;

use async_trait::async_trait;
use domain::{
    Alias, Episode, EpisodeId, Exclusion, Holding, Library, Lookup, Project, ProjectId, Record,
    SessionId, Source, SourceId, StoreError, Turn, TurnHit, TurnId,
};
use jiff::Timestamp;

use crate::engine::{list, sql, values};
use crate::{Store, family};

sql! {
    /// The memories that say just these words, in the project and in the reader's own scope. The plus
    /// keeps SQLite from reading every memory in the order asked for, rather than the few that fit.
    SAYING in "memories":
        "SELECT * FROM memories
         WHERE tenant = $1 AND fingerprint = $2
           AND ((scope = 'user' AND owner = $3)
                OR (scope <> 'user' AND (project IN (SELECT value FROM json_each($4))
                                         OR (CAST($4 AS TEXT) IS NULL AND project IS NULL))))
         ORDER BY +recorded_at, id";
}

#[async_trait]
impl Library for Store {
    async fn source(&self, id: &SourceId) -> Result<Option<Source>, StoreError> {
        places::source(self, id).await
    }

    async fn sources(&self) -> Result<Vec<Source>, StoreError> {
        places::sources(self).await
    }

    async fn last_run(&self, verb: &str) -> Result<Option<Timestamp>, StoreError> {
        places::last_run(self, verb).await
    }

    async fn first_run(&self) -> Result<Option<Timestamp>, StoreError> {
        places::first_run(self).await
    }

    async fn known_turns(&self, ids: &[TurnId]) -> Result<BTreeSet<TurnId>, StoreError> {
        said::known(self, ids).await
    }

    async fn project_named(&self, aliases: &[Alias]) -> Result<Option<Project>, StoreError> {
        places::project_named(self, aliases).await
    }

    async fn exclusions(&self) -> Result<Vec<Exclusion>, StoreError> {
        places::exclusions(self).await
    }

    async fn kept_from_models(&self) -> Result<BTreeSet<ProjectId>, StoreError> {
        self.kept_from_models().await
    }

    async fn episode(&self, id: &EpisodeId) -> Result<Option<(Episode, Vec<Turn>)>, StoreError> {
        said::episode(self, id).await
    }

    async fn saying(
        &self,
        project: Option<&ProjectId>,
        fingerprint: &str,
    ) -> Result<Vec<Record>, StoreError> {
        let mut tx = self.pool.read().await?;
        let (tenant, owner) = (&self.who.tenant, &self.who.owner);
        let family = family::of(&mut tx, tenant, project).await?.map(list);
        let asked = values![tenant, fingerprint, owner, &family];
        let rows = tx.all(SAYING, &asked).await?;
        records::of_rows(&mut tx, tenant, &rows).await
    }

    async fn memories_holding(&self, lookup: &Lookup) -> Result<Holding<Record>, StoreError> {
        self.find_memories(lookup).await
    }

    async fn turns_holding(&self, lookup: &Lookup) -> Result<Holding<TurnHit>, StoreError> {
        self.find_turns(lookup).await
    }

    async fn conversation(
        &self,
        session: &SessionId,
        around: Option<&TurnId>,
        limit: usize,
    ) -> Result<Vec<Turn>, StoreError> {
        said::conversation(self, session, around, limit).await
    }
}
