//! Finds everything that a purge must remove, wherever the store has written it.
//!
//! Reads page by page and writes nothing; only names are kept, never a text.

use std::collections::BTreeSet;

use domain::{Request, StoreError};

use super::names::{self, Names};
use super::places::Places;
use super::{Purge, says};
use crate::engine::{Row, Sql, Tx, Value, list, sql, values};
use crate::{Store, Who, family, rows};

/// So many rows are looked at together.
pub(super) const PAGE: i64 = 500;

sql! {
    TURN_PAGE in "turns":
        "SELECT * FROM turns WHERE tenant = $1 AND owner = $2 AND id > $3 ORDER BY id LIMIT $4";
    TURNS_OF_PROJECT in "turns":
        "SELECT id FROM turns WHERE tenant = $1 AND owner = $2
           AND project IN (SELECT value FROM json_each($3))";
    TURNS_OF_SESSION in "turns":
        "SELECT t.id FROM session_turns AS s JOIN turns AS t ON t.tenant = s.tenant AND t.id = s.turn
         WHERE s.tenant = $1 AND t.owner = $2 AND s.session = $3";
    TURNS_BEFORE in "turns":
        "SELECT id FROM turns WHERE tenant = $1 AND owner = $2 AND at < $3";
    MEMORY_PAGE in "memories":
        "SELECT * FROM memories WHERE tenant = $1 AND owner = $2 AND id > $3 ORDER BY id LIMIT $4";
    MEMORIES_OF_PROJECT in "memories":
        "SELECT id FROM memories WHERE tenant = $1 AND owner = $2
           AND project IN (SELECT value FROM json_each($3))";
    /// What a person wrote down rests on no quote; only its own date can tell.
    MEMORIES_BEFORE in "memories":
        "SELECT m.id FROM memories AS m WHERE m.tenant = $1 AND m.owner = $2 AND m.recorded_at < $3
           AND NOT EXISTS (SELECT 1 FROM evidence AS e WHERE e.tenant = m.tenant AND e.memory = m.id)";
    /// What rests on nothing but quotes that go.
    MEMORIES_BEREFT in "memories":
        "SELECT m.id FROM memories AS m
         WHERE m.tenant = $1
           AND m.id IN (SELECT memory FROM evidence
                        WHERE tenant = $1 AND id IN (SELECT value FROM json_each($2)))
           AND NOT EXISTS (SELECT 1 FROM evidence AS e
                WHERE e.tenant = m.tenant AND e.memory = m.id
                  AND e.id NOT IN (SELECT value FROM json_each($2)))";
    EVIDENCE_PAGE in "evidence":
        "SELECT e.* FROM evidence AS e JOIN memories AS m ON m.tenant = e.tenant AND m.id = e.memory
         WHERE e.tenant = $1 AND m.owner = $2 AND e.id > $3 ORDER BY e.id LIMIT $4";
    EVIDENCE_OF_TURNS in "evidence":
        "SELECT id FROM evidence WHERE tenant = $1 AND turn IN (SELECT value FROM json_each($2))";
    EVIDENCE_OF_SESSION in "evidence":
        "SELECT e.id FROM evidence AS e JOIN memories AS m ON m.tenant = e.tenant AND m.id = e.memory
         WHERE e.tenant = $1 AND m.owner = $2 AND e.session = $3";
    EVIDENCE_BEFORE in "evidence":
        "SELECT e.id FROM evidence AS e JOIN memories AS m ON m.tenant = e.tenant AND m.id = e.memory
         WHERE e.tenant = $1 AND m.owner = $2 AND e.at < $3";
    EPISODES_OF_TURNS in "episode_turns":
        "SELECT episode AS id FROM episode_turns
         WHERE tenant = $1 AND turn IN (SELECT value FROM json_each($2))";
    ASK_PAGE in "asks":
        "SELECT * FROM asks WHERE tenant = $1 AND owner = $2 AND id > $3 ORDER BY id LIMIT $4";
    CARRIES in "sources":
        "SELECT id, cursor_carry FROM sources
         WHERE tenant = $1 AND owner = $2 AND cursor_carry IS NOT NULL";
    ERRORS in "jobs":
        "SELECT id, why, waits_on FROM jobs
         WHERE tenant = $1 AND owner = $2 AND (why IS NOT NULL OR waits_on IS NOT NULL)";
    CALLS in "calls":
        "SELECT id, why FROM calls WHERE tenant = $1 AND owner = $2 AND why IS NOT NULL";
    /// Where the episodes were held; those that keep a turn stay.
    PLACES in "episodes":
        "SELECT id, cwd, branch FROM episodes
         WHERE tenant = $1 AND owner = $2 AND (cwd IS NOT NULL OR branch IS NOT NULL)";
    REASONS in "links":
        "SELECT l.id, l.why FROM links AS l JOIN memories AS m ON m.tenant = l.tenant AND m.id = l.from_memory
         WHERE l.tenant = $1 AND m.owner = $2 AND l.why <> ''";
}

/// The names of everything that goes.
#[derive(Debug, Default)]
pub(crate) struct Doomed {
    pub(crate) turns: BTreeSet<String>,
    pub(crate) memories: BTreeSet<String>,
    /// The words of these lessons are not to be learned from another source either.
    pub(crate) lessons: BTreeSet<String>,
    pub(crate) evidence: BTreeSet<String>,
    pub(crate) revisions: Vec<(String, i64)>,
    pub(crate) asks: BTreeSet<String>,
    pub(crate) journal: Vec<i64>,
    pub(crate) former: Vec<i64>,
    pub(crate) carries: Vec<String>,
    pub(crate) jobs: Vec<i64>,
    pub(crate) calls: Vec<i64>,
    pub(crate) links: Vec<String>,
    pub(crate) places: Vec<String>,
    pub(crate) names: Names,
}

/// Finds what a purge must remove.
pub(crate) async fn doomed(store: &Store, purge: &Purge) -> Result<Doomed, StoreError> {
    let mut tx = store.pool.read().await?;
    let mut search = Search {
        tx: &mut tx,
        who: &store.who,
        doomed: Doomed::default(),
        bereft: BTreeSet::new(),
    };
    search.turns(purge).await?;
    search.evidence(purge).await?;
    search.memories(purge).await?;
    search.former(purge).await?;
    search.past(purge).await?;
    let called = names::places(search.tx, search.who, purge).await?;
    search.notes(purge, &called).await?;
    let mut doomed = search.doomed;
    doomed.names = names::names(&mut tx, &store.who, (purge, &called), &doomed).await?;
    Ok(doomed)
}

/// A look through everything that is kept.
pub(super) struct Search<'a> {
    pub(super) tx: &'a mut Tx,
    pub(super) who: &'a Who,
    pub(super) doomed: Doomed,
    /// Memories that lose something of what they rest on, or all of it.
    pub(super) bereft: BTreeSet<String>,
}

impl Search<'_> {
    async fn turns(&mut self, purge: &Purge) -> Result<(), StoreError> {
        self.doomed.turns = match purge {
            Purge::Pattern(pattern) => {
                let says = |row: &Row| Ok(says::turn(&rows::turn(row)?, pattern));
                self.pages(TURN_PAGE, says).await?
            }
            Purge::Project(project) => {
                let family = family::of(self.tx, &self.who.tenant, Some(project)).await?;
                self.mine(TURNS_OF_PROJECT, list(family.unwrap_or_default()).into())
                    .await?
            }
            Purge::Session(session) => self.mine(TURNS_OF_SESSION, session.into()).await?,
            Purge::Before(at) => self.mine(TURNS_BEFORE, (*at).into()).await?,
        };
        Ok(())
    }

    async fn evidence(&mut self, purge: &Purge) -> Result<(), StoreError> {
        let turns = list(&self.doomed.turns);
        let asked = values![&self.who.tenant, turns];
        let mut evidence = ids(&self.tx.all(EVIDENCE_OF_TURNS, &asked).await?)?;
        evidence.append(&mut match purge {
            Purge::Pattern(pattern) => {
                let says = |row: &Row| {
                    let (_, evidence) = rows::evidence(row)?;
                    Ok(says::evidence(&evidence, pattern))
                };
                self.pages(EVIDENCE_PAGE, says).await?
            }
            Purge::Project(_) => BTreeSet::new(),
            Purge::Session(session) => self.mine(EVIDENCE_OF_SESSION, session.into()).await?,
            Purge::Before(at) => self.mine(EVIDENCE_BEFORE, (*at).into()).await?,
        });
        self.doomed.evidence = evidence;
        Ok(())
    }

    async fn memories(&mut self, purge: &Purge) -> Result<(), StoreError> {
        let asked = values![&self.who.tenant, list(&self.doomed.evidence)];
        let mut memories = ids(&self.tx.all(MEMORIES_BEREFT, &asked).await?)?;
        memories.append(&mut match purge {
            Purge::Pattern(pattern) => {
                let mut lessons = BTreeSet::new();
                let says = |row: &Row| {
                    let memory = rows::memory(row)?;
                    let found = says::memory(&memory, pattern);
                    if found {
                        lessons.insert(memory.lesson.fingerprint());
                    }
                    Ok(found)
                };
                let found = self.pages(MEMORY_PAGE, says).await?;
                self.doomed.lessons = lessons;
                found
            }
            Purge::Project(project) => {
                let family = family::of(self.tx, &self.who.tenant, Some(project)).await?;
                self.mine(MEMORIES_OF_PROJECT, list(family.unwrap_or_default()).into())
                    .await?
            }
            Purge::Session(_) => BTreeSet::new(),
            Purge::Before(at) => self.mine(MEMORIES_BEFORE, (*at).into()).await?,
        });
        self.doomed.memories = memories;
        Ok(())
    }

    /// Requests, what readers keep, errors, reasons and places: by the pattern, or where they name what
    /// goes.
    async fn notes(&mut self, purge: &Purge, called: &Places) -> Result<(), StoreError> {
        let names = self.names(purge).await?;
        let is_named = |text: &str| {
            text.split(|c: char| !c.is_alphanumeric() && !"-_".contains(c))
                .any(|word| names.contains(word))
        };
        let is_said = |text: &str| match purge {
            Purge::Pattern(pattern) => says::text(text, pattern),
            Purge::Project(_) | Purge::Session(_) | Purge::Before(_) => called.are_in(text),
        };
        let tells = |text: &str| is_said(text) || is_named(text);
        self.doomed.asks = self
            .pages(ASK_PAGE, |row| {
                let asked_at = row.time("asked_at")?;
                let old = matches!(purge, Purge::Before(at) if asked_at < *at);
                let request: Request = row.json("request")?;
                let reply = row.text_or_none("reply")?.unwrap_or_default();
                let session = row.text_or_none("session")?.unwrap_or_default();
                // What it is about, and what the model is told to do, are our own words.
                let named = is_named(&row.text("about")?) || is_named(&session);
                Ok(old || named || tells(&request.user) || tells(&reply))
            })
            .await?;
        let mine = values![&self.who.tenant, &self.who.owner];
        for row in self.tx.all(CARRIES, &mine).await? {
            if tells(&row.text("cursor_carry")?) {
                self.doomed.carries.push(row.text("id")?);
            }
        }
        for row in self.tx.all(ERRORS, &mine).await? {
            let words = [row.text_or_none("why")?, row.text_or_none("waits_on")?];
            if words.iter().flatten().any(|text| tells(text)) {
                self.doomed.jobs.push(row.int("id")?);
            }
        }
        for row in self.tx.all(CALLS, &mine).await? {
            if tells(&row.text("why")?) {
                self.doomed.calls.push(row.int("id")?);
            }
        }
        for row in self.tx.all(REASONS, &mine).await? {
            if tells(&row.text("why")?) {
                self.doomed.links.push(row.text("id")?);
            }
        }
        for row in self.tx.all(PLACES, &mine).await? {
            let place = [row.text_or_none("cwd")?, row.text_or_none("branch")?];
            if place.iter().flatten().any(|text| is_said(text)) {
                self.doomed.places.push(row.text("id")?);
            }
        }
        Ok(())
    }

    /// The names by which notes tell of what goes.
    async fn names(&mut self, purge: &Purge) -> Result<BTreeSet<String>, StoreError> {
        let asked = values![&self.who.tenant, list(&self.doomed.turns)];
        let mut names = ids(&self.tx.all(EPISODES_OF_TURNS, &asked).await?)?;
        names.extend(self.doomed.turns.iter().cloned());
        names.extend(self.doomed.memories.iter().cloned());
        if let Purge::Session(session) = purge {
            names.insert(session.to_string());
        }
        Ok(names)
    }

    /// Returns the names of the reader's own rows that a statement finds by one value.
    async fn mine(&mut self, sql: Sql, by: Value<'_>) -> Result<BTreeSet<String>, StoreError> {
        let asked = [(&self.who.tenant).into(), (&self.who.owner).into(), by];
        ids(&self.tx.all(sql, &asked).await?)
    }

    /// Looks at every one of the reader's rows and returns the names of those that are found.
    async fn pages(
        &mut self,
        sql: Sql,
        mut found: impl FnMut(&Row) -> Result<bool, StoreError>,
    ) -> Result<BTreeSet<String>, StoreError> {
        let mut names = BTreeSet::new();
        let mut after = String::new();
        loop {
            let asked = values![&self.who.tenant, &self.who.owner, &after, PAGE];
            let page = self.tx.all(sql, &asked).await?;
            for row in &page {
                after = row.text("id")?;
                if found(row)? {
                    names.insert(after.clone());
                }
            }
            if page.is_empty() {
                return Ok(names);
            }
        }
    }
}

pub(super) fn ids(rows: &[Row]) -> Result<BTreeSet<String>, StoreError> {
    rows.iter().map(|row| row.text("id")).collect()
}
