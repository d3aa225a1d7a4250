//! An export: every project and memory as the reader sees them, one JSON line each, and back again.
//!
//! Names, dates and words stay as they are, so what is exported after an import is the same bytes.
//! Archived turns, runs and history are not in it, and so every memory stands at its first revision: a
//! revision only tells the writers of one store apart.

pub(crate) mod import;

pub use import::{ImportError, Imported};

use std::collections::HashMap;

use domain::{
    BeliefEvent, Evidence, Link, Memory, MemoryId, Project, ProjectId, Revision, StoreError,
};
use serde::{Deserialize, Serialize};

use crate::engine::{Row, Tx, list, sql, values};
use crate::seen::visible;
use crate::{Store, Who, rows};

/// What the first line says of the rest.
const FORMAT: &str = "dormouse-export";
/// The version that is written; every version that was ever written is read.
const VERSION: u32 = 1;
/// So many memories stand in memory together.
const PAGE: i64 = 500;

sql! {
    PROJECTS in "projects":
        "SELECT id, name, merged_into FROM projects WHERE tenant = $1 ORDER BY id";
    ALIASES in "project_aliases":
        "SELECT kind, value FROM project_aliases WHERE tenant = $1 AND project = $2";
    MEMORIES in "memories":
        concat!(
            "SELECT m.* FROM memories AS m WHERE ", visible!(), " AND m.id > $1 ORDER BY m.id LIMIT $4"
        );
    EVIDENCE in "evidence":
        "SELECT * FROM evidence
         WHERE tenant = $1 AND memory IN (SELECT value FROM json_each($2)) ORDER BY at, id";
    BELIEFS in "beliefs":
        "SELECT * FROM beliefs
         WHERE tenant = $1 AND memory IN (SELECT value FROM json_each($2)) ORDER BY at, id";
    /// A memory at the far end that was purged is named no more.
    LINKS in "links":
        concat!(
            "SELECT l.id, l.from_memory, far.id AS to_memory, l.kind, l.at, l.ended_at, l.why
             FROM links AS l
             JOIN memories AS m ON m.tenant = l.tenant AND m.id = l.from_memory
             LEFT JOIN memories AS far ON far.tenant = l.tenant AND far.id = l.to_memory
             WHERE ", visible!(), " AND l.id > $1 ORDER BY l.id LIMIT $4"
        );
}

/// One line of an export.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Line {
    Project {
        #[serde(flatten)]
        project: Project,
        merged_into: Option<ProjectId>,
    },
    Memory {
        #[serde(flatten)]
        memory: Box<Memory>,
        evidence: Vec<Evidence>,
        beliefs: Vec<BeliefEvent>,
    },
    /// Links follow the memories, so that both their ends are known by then.
    Link(Link),
}

/// The first line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Head {
    format: String,
    version: u32,
}

/// An export that is being read, page by page.
pub struct Export {
    store: Store,
    next: Next,
}

enum Next {
    Head,
    Projects,
    Memories { after: String },
    Links { after: String },
    Nothing,
}

impl Store {
    /// Begins an export.
    pub fn export(&self) -> Export {
        Export {
            store: self.clone(),
            next: Next::Head,
        }
    }
}

impl Export {
    /// Returns the next lines, each without its line break; nothing at the end.
    pub async fn page(&mut self) -> Result<Option<Vec<String>>, StoreError> {
        let first = String::new;
        let mut tx = self.store.pool.read().await?;
        let who = &self.store.who;
        let (lines, next) = match &self.next {
            Next::Head => (vec![head()], Next::Projects),
            Next::Projects => (
                projects(&mut tx, who).await?,
                Next::Memories { after: first() },
            ),
            Next::Memories { after } => match memories(&mut tx, who, after).await? {
                (lines, Some(after)) => (lines, Next::Memories { after }),
                (lines, None) => (lines, Next::Links { after: first() }),
            },
            Next::Links { after } => match links(&mut tx, who, after).await? {
                (lines, Some(after)) => (lines, Next::Links { after }),
                (lines, None) => (lines, Next::Nothing),
            },
            Next::Nothing => return Ok(None),
        };
        self.next = next;
        Ok(Some(lines))
    }
}

fn head() -> String {
    line(&Head {
        format: FORMAT.to_owned(),
        version: VERSION,
    })
}

fn line(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("a line is plain text, numbers and words")
}

async fn projects(tx: &mut Tx, who: &Who) -> Result<Vec<String>, StoreError> {
    let mut lines = Vec::new();
    for row in tx.all(PROJECTS, &values![&who.tenant]).await? {
        let id = ProjectId::new(row.text("id")?);
        let aliases = tx.all(ALIASES, &values![&who.tenant, &id]).await?;
        let mut aliases: Vec<_> = aliases.iter().map(rows::alias).collect::<Result<_, _>>()?;
        aliases.sort();
        lines.push(line(&Line::Project {
            project: Project {
                id,
                name: row.text("name")?,
                aliases,
            },
            merged_into: row.text_or_none("merged_into")?.map(ProjectId::new),
        }));
    }
    Ok(lines)
}

/// One page of memories, and where the next begins.
async fn memories(
    tx: &mut Tx,
    who: &Who,
    after: &str,
) -> Result<(Vec<String>, Option<String>), StoreError> {
    let Who { tenant, owner } = who;
    let page = tx
        .all(MEMORIES, &values![after, tenant, owner, PAGE])
        .await?;
    let ids: Vec<String> = page
        .iter()
        .map(|row| row.text("id"))
        .collect::<Result<_, _>>()?;
    let asked = values![tenant, list(&ids)];
    let mut evidence = Vec::new();
    for row in tx.all(EVIDENCE, &asked).await? {
        evidence.push(rows::evidence(&row)?);
    }
    let mut beliefs = Vec::new();
    for row in tx.all(BELIEFS, &asked).await? {
        let event = rows::belief(&row)?;
        beliefs.push((event.memory.clone(), event));
    }
    let (mut evidence, mut beliefs) = (by_memory(evidence), by_memory(beliefs));
    let mut lines = Vec::with_capacity(page.len());
    for row in &page {
        let memory = Memory {
            revision: Revision::FIRST,
            ..rows::memory(row)?
        };
        lines.push(line(&Line::Memory {
            evidence: evidence.remove(&memory.id).unwrap_or_default(),
            beliefs: beliefs.remove(&memory.id).unwrap_or_default(),
            memory: Box::new(memory),
        }));
    }
    Ok((lines, ids.into_iter().next_back()))
}

fn by_memory<T>(items: Vec<(MemoryId, T)>) -> HashMap<MemoryId, Vec<T>> {
    let mut of: HashMap<MemoryId, Vec<T>> = HashMap::new();
    for (memory, item) in items {
        of.entry(memory).or_default().push(item);
    }
    of
}

/// One page of links, and where the next begins.
async fn links(
    tx: &mut Tx,
    who: &Who,
    after: &str,
) -> Result<(Vec<String>, Option<String>), StoreError> {
    let Who { tenant, owner } = who;
    let page = tx.all(LINKS, &values![after, tenant, owner, PAGE]).await?;
    let read = |row: &Row| rows::link(row).map(|link| line(&Line::Link(link)));
    let lines = page.iter().map(read).collect::<Result<_, _>>()?;
    let last = page.last().map(|row| row.text("id")).transpose()?;
    Ok((lines, last))
}
