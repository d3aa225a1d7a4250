//! Answers where things come from: sources and their cursors, projects and their names, exclusions, runs.
//!
//! A source or an exclusion is seen by its owner alone; a project by its whole tenant.

use std::collections::HashMap;

use domain::{
    Alias, AliasKind, Exclusion, Project, ProjectId, Source, SourceId, StoreError, TenantId,
};
use jiff::Timestamp;

use crate::engine::{Row, Tx, list, sql, values};
use crate::{Store, rows};

sql! {
    SOURCE in "sources":
        "SELECT * FROM sources WHERE tenant = $1 AND owner = $2 AND id = $3";
    SOURCES in "sources":
        "SELECT * FROM sources WHERE tenant = $1 AND owner = $2 ORDER BY path, id";
    /// Runs are numbered as they begin, so the search ends at the first that it meets.
    LAST_RUN in "runs":
        "SELECT started_at AS at FROM runs WHERE tenant = $1 AND owner = $2 AND verb = $3
         ORDER BY id DESC LIMIT 1";
    FIRST_RUN in "runs":
        "SELECT started_at AS at FROM runs WHERE tenant = $1 AND owner = $2 ORDER BY id LIMIT 1";
    /// A name leads to the project that its own turned out to be, and that one to all its names.
    NAMED in "project_aliases":
        "SELECT a.kind AS by_kind, a.value AS by_value, p.id, p.name, n.kind, n.value
         FROM project_aliases AS a
         JOIN projects AS q ON q.tenant = a.tenant AND q.id = a.project
         JOIN projects AS p ON p.tenant = q.tenant AND p.id = COALESCE(q.merged_into, q.id)
         JOIN projects AS kin ON kin.tenant = p.tenant AND (kin.id = p.id OR kin.merged_into = p.id)
         CROSS JOIN project_aliases AS n
         WHERE a.tenant = $1 AND a.value IN (SELECT value FROM json_each($2))
           AND n.tenant = kin.tenant AND n.project = kin.id";
    PROJECT in "projects":
        "SELECT id, name FROM projects WHERE tenant = $1 AND id = $2";
    ALIASES in "project_aliases":
        "SELECT a.kind, a.value
         FROM project_aliases AS a JOIN projects AS p ON p.tenant = a.tenant AND p.id = a.project
         WHERE a.tenant = $1 AND (p.id = $2 OR p.merged_into = $2)";
    /// What is one with an excluded project is excluded too.
    EXCLUSIONS in "exclusions":
        "SELECT kind, value FROM exclusions
         WHERE tenant = $1 AND owner = $2 AND kind IN ('path', 'project')
         UNION
         SELECT 'project', kin.id FROM exclusions AS e
         JOIN projects AS p ON p.tenant = e.tenant AND p.id = e.value
         JOIN projects AS kin ON kin.tenant = p.tenant
            AND COALESCE(kin.merged_into, kin.id) = COALESCE(p.merged_into, p.id)
         WHERE e.tenant = $1 AND e.owner = $2 AND e.kind = 'project'
         ORDER BY 1, 2";
}

pub(crate) async fn source(store: &Store, id: &SourceId) -> Result<Option<Source>, StoreError> {
    let asked = values![&store.who.tenant, &store.who.owner, id];
    let row = store.pool.first(SOURCE, &asked).await?;
    row.as_ref().map(rows::source).transpose()
}

pub(crate) async fn sources(store: &Store) -> Result<Vec<Source>, StoreError> {
    let asked = values![&store.who.tenant, &store.who.owner];
    let found = store.pool.all(SOURCES, &asked).await?;
    found.iter().map(rows::source).collect()
}

pub(crate) async fn last_run(store: &Store, verb: &str) -> Result<Option<Timestamp>, StoreError> {
    let asked = values![&store.who.tenant, &store.who.owner, verb];
    instant(store.pool.first(LAST_RUN, &asked).await?)
}

pub(crate) async fn first_run(store: &Store) -> Result<Option<Timestamp>, StoreError> {
    let asked = values![&store.who.tenant, &store.who.owner];
    instant(store.pool.first(FIRST_RUN, &asked).await?)
}

fn instant(row: Option<Row>) -> Result<Option<Timestamp>, StoreError> {
    row.map_or(Ok(None), |row| row.time_or_none("at"))
}

/// Returns the project that the strongest of these names belongs to.
pub(crate) async fn project_named(
    store: &Store,
    aliases: &[Alias],
) -> Result<Option<Project>, StoreError> {
    let values = list(aliases.iter().map(|alias| &alias.value));
    let asked = values![&store.who.tenant, values];
    let mut belongs: HashMap<Alias, Project> = HashMap::new();
    for row in store.pool.all(NAMED, &asked).await? {
        let project = belongs.entry(asked_alias(&row)?).or_insert(Project {
            id: ProjectId::new(row.text("id")?),
            name: row.text("name")?,
            aliases: Vec::new(),
        });
        project.aliases.push(rows::alias(&row)?);
    }
    let mut strongest: Vec<&Alias> = aliases.iter().collect();
    strongest.sort();
    let found = strongest
        .into_iter()
        .find_map(|alias| belongs.remove(alias));
    Ok(found.map(|mut project| {
        project.aliases.sort();
        project
    }))
}

fn asked_alias(row: &Row) -> Result<Alias, StoreError> {
    Ok(Alias {
        kind: row.word("by_kind", AliasKind::from_word)?,
        value: row.text("by_value")?,
    })
}

/// Returns a project with every name it goes by, the strongest first.
pub(crate) async fn project(
    tx: &mut Tx,
    tenant: &TenantId,
    id: &ProjectId,
) -> Result<Option<Project>, StoreError> {
    let Some(row) = tx.first(PROJECT, &values![tenant, id]).await? else {
        return Ok(None);
    };
    let found = tx.all(ALIASES, &values![tenant, id]).await?;
    let mut aliases: Vec<Alias> = found.iter().map(rows::alias).collect::<Result<_, _>>()?;
    aliases.sort();
    Ok(Some(Project {
        id: id.clone(),
        name: row.text("name")?,
        aliases,
    }))
}

pub(crate) async fn exclusions(store: &Store) -> Result<Vec<Exclusion>, StoreError> {
    let asked = values![&store.who.tenant, &store.who.owner];
    let found = store.pool.all(EXCLUSIONS, &asked).await?;
    found.iter().map(exclusion).collect()
}

fn exclusion(row: &Row) -> Result<Exclusion, StoreError> {
    let value = row.text("value")?;
    row.word("kind", |word| match word {
        "path" => Some(Exclusion::Path(value.clone())),
        "project" => Some(Exclusion::Project(ProjectId::new(value.clone()))),
        _ => None,
    })
}
