//! Projects of which no model reads a word: set and taken back by a person, and looked up by who asks.
//!
//! Decides nothing about what is read otherwise; a project that is kept out altogether is an exclusion.

use std::collections::BTreeSet;

use domain::{ProjectId, RunId, StoreError, TenantId};
use jiff::Timestamp;

use crate::engine::{Row, Tx, Value, batch, list, sql, values};
use crate::queue::begin_run;
use crate::write::Hand;
use crate::write::journal::{Counter, take_numbers};
use crate::{Store, Who, family};

sql! {
    /// What is one with such a project is read by no model either, in whichever order the two happened.
    KEPT in "exclusions":
        "SELECT e.value AS id FROM exclusions AS e
         WHERE e.tenant = $1 AND e.owner = $2 AND e.kind = 'model'
         UNION
         SELECT kin.id FROM exclusions AS e
         JOIN projects AS p ON p.tenant = e.tenant AND p.id = e.value
         JOIN projects AS kin ON kin.tenant = p.tenant
            AND COALESCE(kin.merged_into, kin.id) = COALESCE(p.merged_into, p.id)
         WHERE e.tenant = $1 AND e.owner = $2 AND e.kind = 'model'";
    SET_AMONG in "exclusions":
        "SELECT value AS id FROM exclusions
         WHERE tenant = $1 AND owner = $2 AND kind = 'model'
           AND value IN (SELECT value FROM json_each($3))";
    KEEP in "exclusions":
        "INSERT INTO exclusions (tenant, owner, kind, value) VALUES ($1, $2, 'model', $3)
         ON CONFLICT (tenant, owner, kind, value) DO NOTHING";
    LET in "exclusions":
        "DELETE FROM exclusions WHERE tenant = $1 AND owner = $2 AND kind = 'model' AND value = $3";
    IS_KNOWN in "projects": "SELECT id FROM projects WHERE tenant = $1 AND id = $2";
    /// Whoever looks at an episode of it now decided on what held before: its job is lost, and done anew.
    FENCE in "jobs":
        "UPDATE jobs SET claim = claim + 1,
            leased_until = CASE WHEN leased_until > $4 THEN $4 ELSE leased_until END
         WHERE tenant = $1 AND owner = $2 AND kind = 'extract'
           AND lane IN (SELECT value FROM json_each($3))";
    WAKE in "jobs":
        "UPDATE jobs SET waits_on = NULL, due_at = CASE WHEN due_at > $4 THEN $4 ELSE due_at END
         WHERE tenant = $1 AND owner = $2 AND kind = 'extract' AND waits_on IS NOT NULL
           AND lane IN (SELECT value FROM json_each($3))";
    WROTE in "runs":
        "UPDATE runs SET entries = entries + $3, wrote_at = $4 WHERE tenant = $1 AND id = $2";
    WRITTEN_BY in "journal":
        "SELECT id, was FROM journal WHERE tenant = $1 AND run = $2 AND what = 'model' ORDER BY +seq DESC";
}

batch! {
    ADD_ENTRIES in "journal":
        "INSERT INTO journal (tenant, seq, run, at, what, id, was)", 7, "";
}

/// The journal's word for a project that models may or may not read.
pub(crate) const WHAT: &str = "model";
/// What the journal says of a project that no model read before.
const NONE: &str = "none";

impl Store {
    /// Returns the projects that no model reads, with all that are one with them.
    pub async fn kept_from_models(&self) -> Result<BTreeSet<ProjectId>, StoreError> {
        let kept = kept(&mut self.pool.read().await?, &self.who).await?;
        Ok(kept.into_iter().map(ProjectId::new).collect())
    }

    /// Keeps every model from a project, in a run of its own; `None`: it is so already.
    ///
    /// Its jobs that waited for a model are due now, and who is at one of them loses it: they are done
    /// by the rules.
    pub async fn keep_from_models(
        &self,
        project: &ProjectId,
        now: Timestamp,
    ) -> Result<Option<RunId>, StoreError> {
        let mut tx = self.pool.write().await?;
        let (kin, set) = self.models_of(&mut tx, project).await?;
        if !set.is_empty() {
            return Ok(None);
        }
        let Who { tenant, owner } = &self.who;
        let run = begin_run(&mut tx, self, "project model", now, None).await?;
        tx.run(KEEP, &values![tenant, owner, project]).await?;
        remember(&mut tx, tenant, run, now, &[(project.to_string(), None)]).await?;
        let lanes = list(kin.iter().map(|id| format!("project {id}")));
        let jobs = values![tenant, owner, &lanes, now];
        tx.run(FENCE, &jobs).await?;
        tx.run(WAKE, &jobs).await?;
        tx.commit().await?;
        Ok(Some(run))
    }

    /// Lets the chosen model read a project again, in a run of its own; `None`: it may already.
    pub async fn let_models_read(
        &self,
        project: &ProjectId,
        now: Timestamp,
    ) -> Result<Option<RunId>, StoreError> {
        let mut tx = self.pool.write().await?;
        let (_, set) = self.models_of(&mut tx, project).await?;
        if set.is_empty() {
            return Ok(None);
        }
        let Who { tenant, owner } = &self.who;
        let run = begin_run(&mut tx, self, "project model", now, None).await?;
        let mut entries = Vec::with_capacity(set.len());
        for id in set {
            tx.run(LET, &values![tenant, owner, &id]).await?;
            entries.push((id, Some(NONE)));
        }
        remember(&mut tx, tenant, run, now, &entries).await?;
        tx.commit().await?;
        Ok(Some(run))
    }

    /// Returns all that are one with a project, and those of them that a person has named.
    async fn models_of(
        &self,
        tx: &mut Tx,
        project: &ProjectId,
    ) -> Result<(Vec<String>, Vec<String>), StoreError> {
        let Who { tenant, owner } = &self.who;
        if tx
            .first(IS_KNOWN, &values![tenant, project])
            .await?
            .is_none()
        {
            return Err(StoreError::Refused(format!(
                "there is no project {project}"
            )));
        }
        let kin = family::of(tx, tenant, Some(project))
            .await?
            .unwrap_or_default();
        let asked = values![tenant, owner, list(&kin)];
        let set = tx.all(SET_AMONG, &asked).await?;
        let set: Result<_, _> = set.iter().map(|row| row.text("id")).collect();
        Ok((kin, set?))
    }
}

/// Returns the names of the projects that no model reads.
pub(crate) async fn kept(tx: &mut Tx, who: &Who) -> Result<BTreeSet<String>, StoreError> {
    let rows = tx.all(KEPT, &values![&who.tenant, &who.owner]).await?;
    rows.iter().map(|row| row.text("id")).collect()
}

/// Takes back what a run set, and notes for the run that does so what it found.
pub(crate) async fn take_back(tx: &mut Tx, by: &Hand, undone: RunId) -> Result<(), StoreError> {
    let (tenant, owner) = (&by.tenant, &by.owner);
    let mut entries = Vec::new();
    for row in tx.all(WRITTEN_BY, &values![tenant, undone]).await? {
        let (id, was) = (row.text("id")?, is_none(&row)?);
        let sql = if was { KEEP } else { LET };
        let moved = tx.run(sql, &values![tenant, owner, &id]).await?;
        let found = (moved == 0) == was;
        entries.push((id, found.then_some(NONE)));
    }
    remember(tx, tenant, by.run, by.at, &entries).await
}

fn is_none(row: &Row) -> Result<bool, StoreError> {
    Ok(row.text_or_none("was")?.is_some())
}

/// Notes in the journal how each project stood before.
async fn remember(
    tx: &mut Tx,
    tenant: &TenantId,
    run: RunId,
    now: Timestamp,
    entries: &[(String, Option<&str>)],
) -> Result<(), StoreError> {
    if entries.is_empty() {
        return Ok(());
    }
    let count = i64::try_from(entries.len()).unwrap_or(i64::MAX);
    tx.run(WROTE, &values![tenant, run, count, now]).await?;
    let first = take_numbers(tx, tenant, Counter::Journal, entries.len()).await?;
    let rows: Vec<Vec<Value<'_>>> = (first..)
        .zip(entries)
        .map(|(seq, (id, was))| values![tenant, seq, run, now, WHAT, id, *was].into())
        .collect();
    tx.insert(ADD_ENTRIES, &rows).await?;
    Ok(())
}
