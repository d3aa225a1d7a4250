//! Finds and removes the names that lead to what is purged: of projects, of sessions, and with them of
//! the sources.
//!
//! Leaves digests alone; what cannot go is told with its reason.

use std::collections::{BTreeMap, BTreeSet};

use domain::{Alias, StoreError};

use super::find::{Doomed, ids};
use super::places::Places;
use super::sources::{self, Sources};
use super::{Purge, says};
use crate::engine::{Row, Tx, list, sql, values};
use crate::{Who, family, rows};

sql! {
    PROJECTS in "projects": "SELECT id, name, merged_into FROM projects WHERE tenant = $1";
    ALIASES in "project_aliases":
        "SELECT project AS id, kind, value FROM project_aliases WHERE tenant = $1";
    /// What is left in projects once this is gone, and what others of the tenant hold there.
    LEFT_IN in "turns":
        "SELECT project AS id FROM turns
         WHERE tenant = $1 AND project IN (SELECT value FROM json_each($2))
           AND id NOT IN (SELECT value FROM json_each($3))
         UNION
         SELECT project AS id FROM memories
         WHERE tenant = $1 AND project IN (SELECT value FROM json_each($2))
           AND id NOT IN (SELECT value FROM json_each($4))";
    OTHERS_IN in "turns":
        "SELECT project AS id FROM turns
         WHERE tenant = $1 AND project IN (SELECT value FROM json_each($3)) AND owner <> $2
         UNION
         SELECT project AS id FROM memories
         WHERE tenant = $1 AND project IN (SELECT value FROM json_each($3)) AND owner <> $2";
    DROP_ALIAS in "project_aliases":
        "DELETE FROM project_aliases WHERE tenant = $1 AND kind = $2 AND value = $3";
    DROP_PROJECTS in "projects":
        "DELETE FROM projects WHERE tenant = $1 AND id IN (SELECT value FROM json_each($2))";
    /// A project that is still needed goes by its id.
    UNNAME in "projects":
        "UPDATE projects SET name = id WHERE tenant = $1 AND id IN (SELECT value FROM json_each($2))";
    /// Sessions of which nothing is left: those that lose a turn, those that are named, and those of a
    /// project.
    EMPTY_SESSIONS in "sessions":
        "SELECT s.id FROM sessions AS s
         WHERE s.tenant = $1 AND s.owner = $2
           AND s.id IN (SELECT c.session FROM session_turns AS c
                        WHERE c.tenant = $1 AND c.turn IN (SELECT value FROM json_each($3))
                        UNION SELECT value FROM json_each($4)
                        UNION SELECT p.id FROM sessions AS p
                        WHERE p.tenant = $1 AND p.owner = $2
                          AND p.project IN (SELECT value FROM json_each($5)))
           AND NOT EXISTS (SELECT 1 FROM session_turns AS t
                WHERE t.tenant = s.tenant AND t.session = s.id
                  AND t.turn NOT IN (SELECT value FROM json_each($3)))";
    DROP_SESSIONS in "sessions":
        "DELETE FROM sessions WHERE tenant = $1 AND id IN (SELECT value FROM json_each($2))";
    KEPT_OUT in "exclusions":
        "SELECT value FROM exclusions WHERE tenant = $1 AND owner = $2 AND kind = 'path' ORDER BY value";
}

/// The names that go.
#[derive(Debug, Default)]
pub(crate) struct Names {
    sources: Sources,
    aliases: Vec<Alias>,
    projects: BTreeSet<String>,
    unnamed: BTreeSet<String>,
    sessions: BTreeSet<String>,
    /// What cannot go, each in a sentence.
    pub(crate) stay: Vec<String>,
}

impl Names {
    pub(crate) fn count(&self) -> usize {
        self.sources.len()
            + self.aliases.len()
            + self.projects.len()
            + self.unnamed.len()
            + self.sessions.len()
    }
}

/// Returns how what is purged is called elsewhere.
pub(crate) async fn places(tx: &mut Tx, who: &Who, purge: &Purge) -> Result<Places, StoreError> {
    Ok(match purge {
        Purge::Session(session) => Places::of_session(session.as_str()),
        Purge::Project(project) => {
            let family = family::of(tx, &who.tenant, Some(project)).await?;
            let family: BTreeSet<String> = family.into_iter().flatten().collect();
            let known = aliases(tx, who).await?.into_iter();
            let own = known.filter(|(project, _)| family.contains(project));
            Places::of_project(&own.map(|(_, alias)| alias).collect::<Vec<_>>())
        }
        Purge::Pattern(_) | Purge::Before(_) => Places::default(),
    })
}

/// Finds the names that go with what is doomed.
pub(crate) async fn names(
    tx: &mut Tx,
    who: &Who,
    (purge, called): (&Purge, &Places),
    doomed: &Doomed,
) -> Result<Names, StoreError> {
    let mut names = Names {
        sources: sources::find(tx, who, (purge, called), doomed).await?,
        ..Names::default()
    };
    projects(tx, who, purge, doomed, &mut names).await?;
    sessions(tx, who, purge, doomed, &mut names).await?;
    for row in tx.all(KEPT_OUT, &values![&who.tenant, &who.owner]).await? {
        let path = row.text("value")?;
        if is_said(&path, purge, called) {
            names.stay.push(format!(
                "{path} stays among the paths that are kept out, or else it would be read; \
                 `dormouse exclude --off` lets it go"
            ));
        }
    }
    Ok(names)
}

pub(super) fn is_said(text: &str, purge: &Purge, called: &Places) -> bool {
    match purge {
        Purge::Pattern(pattern) => says::text(text, pattern),
        Purge::Project(_) | Purge::Session(_) | Purge::Before(_) => called.are_in(text),
    }
}

async fn projects(
    tx: &mut Tx,
    who: &Who,
    purge: &Purge,
    doomed: &Doomed,
    names: &mut Names,
) -> Result<(), StoreError> {
    let known = tx.all(PROJECTS, &values![&who.tenant]).await?;
    let aliases = aliases(tx, who).await?;
    match purge {
        Purge::Project(project) => {
            let family = family::of(tx, &who.tenant, Some(project)).await?;
            let family: BTreeSet<String> = family.into_iter().flatten().collect();
            let known = known_of(&known)?.into_iter();
            let own = known.filter(|(id, _)| family.contains(id)).collect();
            of_project(tx, who, doomed, (own, aliases), names).await
        }
        Purge::Pattern(pattern) => {
            let mut called = known_of(&known)?;
            called.retain(|_, name| says::text(name, pattern));
            let is_said = |alias: &Alias| says::text(&alias.value, pattern);
            let (said, unsaid) = aliases.into_iter().partition(|(_, own)| is_said(own));
            let found = Found {
                said,
                unsaid,
                called,
                kin: kin_of(&known)?,
            };
            by_pattern(tx, who, doomed, found, names).await
        }
        Purge::Session(_) | Purge::Before(_) => Ok(()),
    }
}

/// A project goes with all its names, unless others of the tenant hold something in it.
async fn of_project(
    tx: &mut Tx,
    who: &Who,
    doomed: &Doomed,
    (own, aliases): (BTreeMap<String, String>, Vec<(String, Alias)>),
    names: &mut Names,
) -> Result<(), StoreError> {
    let family: BTreeSet<String> = own.keys().cloned().collect();
    if left(tx, who, doomed, &family).await?.is_empty() {
        let own = aliases.into_iter().filter(|(id, _)| family.contains(id));
        names.aliases = own.map(|(_, alias)| alias).collect();
        names.projects = family;
    } else {
        let called: Vec<&str> = own.values().map(String::as_str).collect();
        names.stay.push(format!(
            "the project {} keeps its name and its paths, because others hold something in it",
            called.join(", ")
        ));
    }
    Ok(())
}

/// What a pattern finds in the names of projects.
struct Found {
    /// Aliases that say it, each with its project.
    said: Vec<(String, Alias)>,
    /// Those that do not.
    unsaid: Vec<(String, Alias)>,
    /// Projects whose own name says it.
    called: BTreeMap<String, String>,
    /// Every project with all that are one with it.
    kin: BTreeMap<String, BTreeSet<String>>,
}

impl Found {
    fn kin(&self, id: &str) -> BTreeSet<String> {
        let kin = self.kin.get(id).cloned();
        kin.unwrap_or_else(|| BTreeSet::from([id.to_owned()]))
    }
}

/// Names that say it go; a project that holds nothing and has lost every name goes whole, with all that
/// are one with it: one whose root were gone would belong to nothing.
async fn by_pattern(
    tx: &mut Tx,
    who: &Who,
    doomed: &Doomed,
    found: Found,
    names: &mut Names,
) -> Result<(), StoreError> {
    let met = found.said.iter().map(|(id, _)| id);
    let met: BTreeSet<String> = met.chain(found.called.keys()).cloned().collect();
    let all: BTreeSet<String> = met.iter().flat_map(|id| found.kin(id)).collect();
    let asked = values![&who.tenant, &who.owner, list(&all)];
    let others = ids(&tx.all(OTHERS_IN, &asked).await?)?;
    let left = left(tx, who, doomed, &all).await?;
    for id in &met {
        let kin = found.kin(id);
        if !others.is_disjoint(&kin) {
            let project = found.called.get(id).unwrap_or(id);
            names.stay.push(format!(
                "the project {project} keeps its names, because others hold something in it"
            ));
            continue;
        }
        let own = found.said.iter().filter(|(of, _)| of == id);
        names.aliases.extend(own.map(|(_, alias)| alias.clone()));
        let nameless = found.unsaid.iter().all(|(of, _)| !kin.contains(of));
        if nameless && left.is_disjoint(&kin) {
            names.projects.extend(kin);
        } else if found.called.get(id).is_some_and(|name| name != id) {
            names.unnamed.insert(id.clone());
        }
    }
    Ok(())
}

async fn sessions(
    tx: &mut Tx,
    who: &Who,
    purge: &Purge,
    doomed: &Doomed,
    names: &mut Names,
) -> Result<(), StoreError> {
    let named = match purge {
        Purge::Session(session) => vec![session.to_string()],
        _ => Vec::new(),
    };
    let family = match purge {
        Purge::Project(project) => family::of(tx, &who.tenant, Some(project)).await?,
        _ => None,
    };
    let asked = values![
        &who.tenant,
        &who.owner,
        list(&doomed.turns),
        list(named),
        list(family.unwrap_or_default()),
    ];
    names.sessions = ids(&tx.all(EMPTY_SESSIONS, &asked).await?)?;
    Ok(())
}

async fn left(
    tx: &mut Tx,
    who: &Who,
    doomed: &Doomed,
    projects: &BTreeSet<String>,
) -> Result<BTreeSet<String>, StoreError> {
    let asked = values![
        &who.tenant,
        list(projects),
        list(&doomed.turns),
        list(&doomed.memories),
    ];
    ids(&tx.all(LEFT_IN, &asked).await?)
}

fn known_of(projects: &[Row]) -> Result<BTreeMap<String, String>, StoreError> {
    let known = |row: &Row| Ok((row.text("id")?, row.text("name")?));
    projects.iter().map(known).collect()
}

/// Returns every project with all that are one with it, itself among them.
fn kin_of(projects: &[Row]) -> Result<BTreeMap<String, BTreeSet<String>>, StoreError> {
    let mut families: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for row in projects {
        let (id, into) = (row.text("id")?, row.text_or_none("merged_into")?);
        let root = into.unwrap_or_else(|| id.clone());
        families.entry(root).or_default().insert(id);
    }
    let each = families.into_values().flat_map(|family| {
        let ids: Vec<String> = family.iter().cloned().collect();
        ids.into_iter().map(move |id| (id, family.clone()))
    });
    Ok(each.collect())
}

async fn aliases(tx: &mut Tx, who: &Who) -> Result<Vec<(String, Alias)>, StoreError> {
    let rows = tx.all(ALIASES, &values![&who.tenant]).await?;
    let alias = |row: &Row| Ok((row.text("id")?, rows::alias(row)?));
    rows.iter().map(alias).collect()
}

/// Removes the names.
pub(crate) async fn remove(tx: &mut Tx, who: &Who, names: &Names) -> Result<(), StoreError> {
    let tenant = &who.tenant;
    sources::remove(tx, who, &names.sources).await?;
    for alias in &names.aliases {
        tx.run(
            DROP_ALIAS,
            &values![tenant, alias.kind.as_str(), &alias.value],
        )
        .await?;
    }
    tx.run(UNNAME, &values![tenant, list(&names.unnamed)])
        .await?;
    tx.run(DROP_PROJECTS, &values![tenant, list(&names.projects)])
        .await?;
    tx.run(DROP_SESSIONS, &values![tenant, list(&names.sessions)])
        .await?;
    Ok(())
}
