//! Projects as a person handles them: listed, named, merged, and kept out.
//!
//! Moves no memory: projects that are one are read as one, and each row keeps its own.

use std::collections::BTreeMap;

use domain::{Alias, Exclusion, Job, Project, ProjectId, RunId, StoreError, TenantId};
use jiff::Timestamp;
use serde::Serialize;

use crate::engine::{Row, Sql, Tx, Value, batch, list, sql, values};
use crate::queue::{add_job, begin_run};
use crate::write::Hand;
use crate::write::journal::{Counter, take_numbers};
use crate::{Store, Who, models, rows};

sql! {
    PROJECTS in "projects":
        "SELECT id, name, merged_into FROM projects WHERE tenant = $1 ORDER BY name, id";
    ALIASES in "project_aliases":
        "SELECT kind, value, project FROM project_aliases WHERE tenant = $1 ORDER BY project, kind, value";
    /// What the reader sees in each project: its memories, and the reader's own sessions and turns.
    HELD_IN in "memories":
        "SELECT project AS word, COUNT(*) AS number FROM memories
         WHERE tenant = $1 AND project IS NOT NULL AND scope <> 'user'
           AND standing IN ('active', 'disputed') GROUP BY project";
    SESSIONS_IN in "sessions":
        "SELECT project AS word, COUNT(*) AS number FROM sessions
         WHERE tenant = $1 AND owner = $2 AND project IS NOT NULL GROUP BY project";
    TURNS_IN in "turns":
        "SELECT project AS word, COUNT(*) AS number FROM turns
         WHERE tenant = $1 AND owner = $2 AND project IS NOT NULL GROUP BY project";
    EXCLUDE in "exclusions":
        "INSERT INTO exclusions (tenant, owner, kind, value) VALUES ($1, $2, $3, $4)
         ON CONFLICT (tenant, owner, kind, value) DO NOTHING";
    INCLUDE in "exclusions":
        "DELETE FROM exclusions WHERE tenant = $1 AND owner = $2 AND kind = $3 AND value = $4";
    /// What was passed over while it was kept out stands before the cursors.
    READ_AGAIN in "sources":
        "UPDATE sources SET cursor_bytes = 0, cursor_last = NULL, cursor_head = NULL, cursor_carry = NULL
         WHERE tenant = $1 AND owner = $2";
    /// Whoever reads now decided on what was kept out before: its job is lost, and done anew. Jobs
    /// that wait are passed over by nobody, but a claim may be under way on a server: it waits for us.
    FENCE in "jobs":
        "UPDATE jobs SET claim = claim + 1,
            leased_until = CASE WHEN leased_until > $3 THEN $3 ELSE leased_until END
         WHERE tenant = $1 AND owner = $2 AND kind IN (SELECT value FROM json_each($4))";
    /// Which folder an episode's job is about, only its episode says: each of them looks for itself.
    WAKE in "jobs":
        "UPDATE jobs SET waits_on = NULL, due_at = CASE WHEN due_at > $3 THEN $3 ELSE due_at END
         WHERE tenant = $1 AND owner = $2 AND waits_on IS NOT NULL
           AND kind IN (SELECT value FROM json_each($4))";
    ROOT in "projects":
        "SELECT COALESCE(merged_into, id) AS id FROM projects WHERE tenant = $1 AND id = $2";
    ADD_ALIAS in "project_aliases":
        "INSERT INTO project_aliases (tenant, kind, value, project) VALUES ($1, $2, $3, $4)
         ON CONFLICT (tenant, kind, value) DO NOTHING";
    /// On a server the rows are held, so that two merges do not cross.
    ONE_WITH in "projects":
        "SELECT id, merged_into FROM projects
         WHERE tenant = $1 AND (id = $2 OR merged_into = $2) ORDER BY id",
        postgres:
        "SELECT id, merged_into FROM projects
         WHERE tenant = $1 AND (id = $2 OR merged_into = $2) ORDER BY id FOR UPDATE";
    MERGE in "projects":
        "UPDATE projects SET merged_into = $3 WHERE tenant = $1 AND id = $2";
    WROTE in "runs":
        "UPDATE runs SET entries = entries + $3, wrote_at = $4 WHERE tenant = $1 AND id = $2";
    /// The last first, so that a project that was moved twice ends where it stood before either. The plus
    /// keeps SQLite from reading the whole journal in its order.
    MERGED_BY in "journal":
        "SELECT j.id, j.was, p.merged_into FROM journal AS j
         JOIN projects AS p ON p.tenant = j.tenant AND p.id = j.id
         WHERE j.tenant = $1 AND j.run = $2 AND j.what = 'project' ORDER BY +j.seq DESC";
}

batch! {
    ADD_ENTRIES in "journal":
        "INSERT INTO journal (tenant, seq, run, at, what, id, was)", 7, "";
}

/// The jobs that read transcripts.
const READERS: [&str; 1] = ["ingest"];
/// The jobs that read transcripts, or what was stored of them.
const ALL_READERS: [&str; 3] = ["ingest", "extract", "heed"];

/// The journal's word for a project that was merged.
pub(crate) const WHAT: &str = "project";

/// A project with what lies in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ProjectReport {
    /// The project, with every name that leads to it.
    #[serde(flatten)]
    pub project: Project,
    /// The projects that turned out to be this one.
    pub merged: Vec<ProjectId>,
    /// Whether no model reads it.
    pub kept_from_models: bool,
    /// How many memories are held.
    pub memories: u64,
    /// How many of the reader's sessions began here.
    pub sessions: u64,
    /// How many of the reader's turns were said here.
    pub turns: u64,
}

impl Store {
    /// Returns every project with what lies in it, by name.
    pub async fn projects(&self) -> Result<Vec<ProjectReport>, StoreError> {
        let Who { tenant, owner } = &self.who;
        let mut tx = self.pool.read().await?;
        let projects = tx.all(PROJECTS, &values![tenant]).await?;
        let aliases = tx.all(ALIASES, &values![tenant]).await?;
        let memories = counts(&tx.all(HELD_IN, &values![tenant]).await?)?;
        let sessions = counts(&tx.all(SESSIONS_IN, &values![tenant, owner]).await?)?;
        let turns = counts(&tx.all(TURNS_IN, &values![tenant, owner]).await?)?;
        let unread = models::kept(&mut tx, &self.who).await?;
        let mut reports: Vec<ProjectReport> = Vec::new();
        for row in projects.iter().filter(|row| is_root(row)) {
            let kin = kin(&projects, &row.text("id")?)?;
            let sum = |of: &BTreeMap<String, u64>| kin.iter().filter_map(|id| of.get(id)).sum();
            reports.push(ProjectReport {
                kept_from_models: unread.contains(row.text("id")?.as_str()),
                project: Project {
                    id: ProjectId::new(row.text("id")?),
                    name: row.text("name")?,
                    aliases: names(&aliases, &kin)?,
                },
                memories: sum(&memories),
                sessions: sum(&sessions),
                turns: sum(&turns),
                merged: kin.iter().skip(1).map(ProjectId::new).collect(),
            });
        }
        Ok(reports)
    }

    /// Keeps a path or a project out; false: it is kept out already.
    ///
    /// What is being read just now is read anew, so that nothing of it comes in afterwards, and what
    /// waits for a model is due now, so that nobody answers what is asked no more.
    pub async fn exclude(&self, what: &Exclusion, now: Timestamp) -> Result<bool, StoreError> {
        let Who { tenant, owner } = &self.who;
        let mut tx = self.pool.write().await?;
        let kept_out = self.exclusion(&mut tx, EXCLUDE, what).await?;
        if kept_out {
            let jobs = values![tenant, owner, now, list(ALL_READERS)];
            tx.run(FENCE, &jobs).await?;
            tx.run(WAKE, &jobs).await?;
        }
        tx.commit().await?;
        Ok(kept_out)
    }

    /// Lets a path or a project in again; false: it was not kept out.
    ///
    /// Every source of the owner is read from its beginning again, because what was passed over may
    /// stand anywhere in it; what is known already comes in once. The job that does so is added here,
    /// and whatever is being read just now may not move its cursor on.
    pub async fn include(&self, what: &Exclusion, now: Timestamp) -> Result<bool, StoreError> {
        let Who { tenant, owner } = &self.who;
        let mut tx = self.pool.write().await?;
        let let_in = self.exclusion(&mut tx, INCLUDE, what).await?;
        if let_in {
            // The jobs first: one that is just finishing has then moved its cursor before us.
            let jobs = values![tenant, owner, now, list(READERS)];
            tx.run(FENCE, &jobs).await?;
            tx.run(READ_AGAIN, &values![tenant, owner]).await?;
            let run = begin_run(&mut tx, self, "include", now, None).await?;
            add_job(&mut tx, tenant, owner, run, &Job::Sweep, now).await?;
        }
        tx.commit().await?;
        Ok(let_in)
    }

    async fn exclusion(&self, tx: &mut Tx, sql: Sql, what: &Exclusion) -> Result<bool, StoreError> {
        let Who { tenant, owner } = &self.who;
        let (kind, value) = match what {
            Exclusion::Path(path) => ("path", path.as_str()),
            Exclusion::Project(project) => ("project", project.as_str()),
        };
        let moved = tx.run(sql, &values![tenant, owner, kind, value]).await?;
        Ok(moved == 1)
    }

    /// Gives a project one more name; false: the name is taken, by it or by another.
    pub async fn alias(&self, project: &ProjectId, alias: &Alias) -> Result<bool, StoreError> {
        let tenant = &self.who.tenant;
        let mut tx = self.pool.write().await?;
        root(&mut tx, tenant, project).await?;
        let cells = values![tenant, alias.kind.as_str(), &alias.value, project];
        let added = tx.run(ADD_ALIAS, &cells).await?;
        tx.commit().await?;
        Ok(added == 1)
    }

    /// Returns whether two projects are known and not yet one.
    pub(crate) async fn is_apart(
        &self,
        one: &ProjectId,
        other: &ProjectId,
    ) -> Result<bool, StoreError> {
        let tenant = &self.who.tenant;
        let one = self.pool.first(ROOT, &values![tenant, one]).await?;
        let other = self.pool.first(ROOT, &values![tenant, other]).await?;
        match (one, other) {
            (Some(one), Some(other)) => Ok(one.text("id")? != other.text("id")?),
            _ => Ok(false),
        }
    }

    /// Says that two projects are one, in a run of its own that can be taken back.
    pub async fn merge_projects(
        &self,
        from: &ProjectId,
        into: &ProjectId,
        now: Timestamp,
    ) -> Result<RunId, StoreError> {
        let mut tx = self.pool.write().await?;
        let run = begin_run(&mut tx, self, "project merge", now, None).await?;
        merge(&mut tx, &self.who.tenant, (from, into), run, now).await?;
        tx.commit().await?;
        Ok(run)
    }
}

/// Says that two projects are one, in a run that has been begun.
pub(crate) async fn merge(
    tx: &mut Tx,
    tenant: &TenantId,
    (from, into): (&ProjectId, &ProjectId),
    run: RunId,
    now: Timestamp,
) -> Result<(), StoreError> {
    let (from, into) = (root(tx, tenant, from).await?, root(tx, tenant, into).await?);
    if from == into {
        return Err(StoreError::Refused(format!(
            "{from} is the same project already"
        )));
    }
    let moved = tx.all(ONE_WITH, &values![tenant, &from]).await?;
    let mut entries = Vec::with_capacity(moved.len());
    for row in &moved {
        entries.push((row.text("id")?, row.text_or_none("merged_into")?));
        tx.run(MERGE, &values![tenant, row.text("id")?, &into])
            .await?;
    }
    remember(tx, tenant, run, now, &entries).await
}

/// Takes back what a run merged, and notes for the run that does so what it found.
pub(crate) async fn take_back(tx: &mut Tx, by: &Hand, undone: RunId) -> Result<(), StoreError> {
    let tenant = &by.tenant;
    let mut entries = Vec::new();
    for row in tx.all(MERGED_BY, &values![tenant, undone]).await? {
        let id = row.text("id")?;
        tx.run(MERGE, &values![tenant, &id, &row.text_or_none("was")?])
            .await?;
        entries.push((id, row.text_or_none("merged_into")?));
    }
    remember(tx, tenant, by.run, by.at, &entries).await
}

/// Notes in the journal what each project was merged into before.
async fn remember(
    tx: &mut Tx,
    tenant: &TenantId,
    run: RunId,
    now: Timestamp,
    entries: &[(String, Option<String>)],
) -> Result<(), StoreError> {
    if entries.is_empty() {
        return Ok(());
    }
    let count = entries.len() as i64;
    tx.run(WROTE, &values![tenant, run, count, now]).await?;
    let first = take_numbers(tx, tenant, Counter::Journal, entries.len()).await?;
    let rows: Vec<Vec<Value<'_>>> = (first..)
        .zip(entries)
        .map(|(seq, (id, was))| values![tenant, seq, run, now, WHAT, id, was].into())
        .collect();
    tx.insert(ADD_ENTRIES, &rows).await?;
    Ok(())
}

async fn root(tx: &mut Tx, tenant: &TenantId, id: &ProjectId) -> Result<ProjectId, StoreError> {
    match tx.first(ROOT, &values![tenant, id]).await? {
        Some(row) => row.text("id").map(ProjectId::new),
        None => Err(StoreError::Refused(format!("there is no project {id}"))),
    }
}

fn is_root(row: &Row) -> bool {
    matches!(row.text_or_none("merged_into"), Ok(None))
}

/// Returns a project's own id and then those of all that turned out to be it.
fn kin(projects: &[Row], root: &str) -> Result<Vec<String>, StoreError> {
    let mut kin = vec![root.to_owned()];
    for row in projects {
        if row.text_or_none("merged_into")?.as_deref() == Some(root) {
            kin.push(row.text("id")?);
        }
    }
    Ok(kin)
}

fn names(aliases: &[Row], kin: &[String]) -> Result<Vec<Alias>, StoreError> {
    let mut names = Vec::new();
    for row in aliases {
        if kin.contains(&row.text("project")?) {
            names.push(rows::alias(row)?);
        }
    }
    names.sort();
    Ok(names)
}

fn counts(rows: &[Row]) -> Result<BTreeMap<String, u64>, StoreError> {
    let read = |row: &Row| Ok((row.text("word")?, row.count("number")?));
    rows.iter().map(read).collect()
}
