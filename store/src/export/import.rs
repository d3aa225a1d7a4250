//! Reads an export back in: what is known stays as it is, what is new is written in one run, which can be
//! taken back.
//!
//! Repairs nothing: a line that is no line of an export stops the import and is named by its number.

use std::collections::BTreeSet;
use std::io;

use domain::{
    Author, BeliefEvent, Changes, Evidence, Finished, Link, Memory, MemoryId, NewMemory, Project,
    ProjectId, Revision, RunId, StoreError,
};
use jiff::Timestamp;

use super::{FORMAT, Head, Line, VERSION};
use crate::engine::{Sql, Tx, list, sql, values};
use crate::library::places;
use crate::queue::begin_run;
use crate::queue::finish::{apply_in, go_on};
use crate::{Store, projects};

/// What the run of an import is called; `seen` knows it too.
const VERB: &str = "import";

/// So many lines are written in one transaction, which others wait for; all of them make one run.
const CHUNK: usize = 500;

sql! {
    KNOWN_MEMORIES in "memories":
        "SELECT id FROM memories WHERE tenant = $1 AND id IN (SELECT value FROM json_each($2))";
    KNOWN_EVIDENCE in "evidence":
        "SELECT id FROM evidence WHERE tenant = $1 AND id IN (SELECT value FROM json_each($2))";
    KNOWN_BELIEFS in "beliefs":
        "SELECT id FROM beliefs WHERE tenant = $1 AND id IN (SELECT value FROM json_each($2))";
    KNOWN_LINKS in "links":
        "SELECT id FROM links WHERE tenant = $1 AND id IN (SELECT value FROM json_each($2))";
}

/// Why an export cannot be read in, or no further.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The file cannot be read on.
    #[error("line {number} cannot be read")]
    Read {
        /// Which line.
        number: u64,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The file does not begin as an export does.
    #[error("line 1 does not say that this is a dormouse export")]
    Foreign,
    /// The export was written by a later version of the program.
    #[error("the export has version {found}, this program reads up to {known}")]
    Newer {
        /// The version that was found.
        found: u32,
        /// The newest version that is known.
        known: u32,
    },
    /// A line is no line of an export. What came before it stands, and can be taken back.
    #[error("line {number} is no line of an export")]
    Line {
        /// Which line.
        number: u64,
        /// How.
        #[source]
        source: serde_json::Error,
    },
    /// Somebody else changed the same memories meanwhile.
    #[error("memories changed while they were imported: {0:?}; import again")]
    Moved(Vec<MemoryId>),
    /// The store could not do it.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What an import brought.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Imported {
    /// The lines that were read, but for the first.
    pub lines: u64,
    /// The memories that are new.
    pub memories: usize,
    /// Links whose ends the store does not know.
    pub loose_links: usize,
    /// The run that wrote them; none where nothing was new.
    pub run: Option<RunId>,
}

impl Store {
    /// Reads an export in, line by line. Whoever imports owns what is new.
    pub async fn import(
        &self,
        lines: impl IntoIterator<Item = io::Result<String>>,
        now: Timestamp,
    ) -> Result<Imported, ImportError> {
        let mut lines = (1..).zip(lines);
        head(lines.next())?;
        let mut done = Imported::default();
        let mut chunk = Chunk::default();
        let mut merges = Vec::new();
        for (number, text) in lines {
            let text = text.map_err(|source| ImportError::Read { number, source })?;
            if text.trim().is_empty() {
                continue;
            }
            let line = serde_json::from_str(&text)
                .map_err(|source| ImportError::Line { number, source })?;
            done.lines += 1;
            if let Line::Project {
                project,
                merged_into: Some(into),
            } = &line
            {
                merges.push((project.id.clone(), into.clone()));
            }
            chunk.take(line, self);
            if chunk.size >= CHUNK {
                std::mem::take(&mut chunk)
                    .write(self, now, &mut done)
                    .await?;
            }
        }
        chunk.write(self, now, &mut done).await?;
        self.merge_what_is_apart(merges, now, &mut done).await?;
        Ok(done)
    }

    async fn merge_what_is_apart(
        &self,
        merges: Vec<(ProjectId, ProjectId)>,
        now: Timestamp,
        done: &mut Imported,
    ) -> Result<(), StoreError> {
        for (from, into) in merges {
            if !self.is_apart(&from, &into).await? {
                continue;
            }
            let mut tx = self.pool.write().await?;
            let run = match done.run {
                Some(run) => go_on(&mut tx, self, run).await?,
                None => begin_run(&mut tx, self, VERB, now, None).await?,
            };
            projects::merge(&mut tx, &self.who.tenant, (&from, &into), run, now).await?;
            tx.commit().await?;
            done.run = Some(run);
        }
        Ok(())
    }
}

fn head(first: Option<(u64, io::Result<String>)>) -> Result<(), ImportError> {
    let (number, text) = first.ok_or(ImportError::Foreign)?;
    let text = text.map_err(|source| ImportError::Read { number, source })?;
    let head: Head = serde_json::from_str(&text).map_err(|_| ImportError::Foreign)?;
    match head.version {
        _ if head.format != FORMAT => Err(ImportError::Foreign),
        1..=VERSION => Ok(()),
        found => Err(ImportError::Newer {
            found,
            known: VERSION,
        }),
    }
}

/// Lines that are written together.
#[derive(Default)]
struct Chunk {
    size: usize,
    projects: Vec<Project>,
    memories: Vec<(Memory, Vec<Evidence>)>,
    beliefs: Vec<BeliefEvent>,
    links: Vec<Link>,
}

impl Chunk {
    fn take(&mut self, line: Line, store: &Store) {
        self.size += 1;
        match line {
            Line::Project { project, .. } => self.projects.push(project),
            Line::Memory {
                memory,
                evidence,
                mut beliefs,
            } => {
                let memory = Memory {
                    owner: store.who.owner.clone(),
                    revision: Revision::FIRST,
                    ..*memory
                };
                self.memories.push((memory, evidence));
                self.beliefs.append(&mut beliefs);
            }
            Line::Link(link) => self.links.push(link),
        }
    }

    async fn write(
        self,
        store: &Store,
        now: Timestamp,
        done: &mut Imported,
    ) -> Result<(), ImportError> {
        let mut news = News {
            tx: store.pool.read().await?,
            store,
            changes: Changes::at(now),
        };
        news.projects(self.projects).await?;
        let known = news.memories(self.memories, &self.links).await?;
        news.beliefs(self.beliefs).await?;
        done.loose_links += news.links(self.links, &known).await?;
        let News { tx, changes, .. } = news;
        drop(tx);
        if changes == Changes::at(now) {
            return Ok(());
        }
        let by = Author::Person(VERB.to_owned());
        match apply_in(store, done.run, &changes, &by).await? {
            Finished::Done { run, wrote } => {
                done.run = Some(run);
                done.memories += wrote.memories + wrote.quarantined;
            }
            Finished::Stale(moved) => return Err(ImportError::Moved(moved)),
            Finished::Lost => return Err(ImportError::Moved(Vec::new())),
        }
        Ok(())
    }
}

/// What of a chunk the store does not know yet.
struct News<'a> {
    tx: Tx,
    store: &'a Store,
    changes: Changes,
}

impl News<'_> {
    async fn projects(&mut self, projects: Vec<Project>) -> Result<(), StoreError> {
        for project in projects {
            let known = places::project(&mut self.tx, &self.store.who.tenant, &project.id).await?;
            let lacks = |known: Project| {
                project
                    .aliases
                    .iter()
                    .any(|name| !known.aliases.contains(name))
            };
            if known.is_none_or(lacks) {
                self.changes.projects.push(project);
            }
        }
        Ok(())
    }

    /// Returns every memory that the links may name: those that stand, and those that are new.
    async fn memories(
        &mut self,
        memories: Vec<(Memory, Vec<Evidence>)>,
        links: &[Link],
    ) -> Result<BTreeSet<String>, StoreError> {
        let named = memories.iter().map(|(memory, _)| &memory.id);
        let ends = links
            .iter()
            .flat_map(|link| link.to.iter().chain([&link.from]));
        let named = named.chain(ends).map(MemoryId::as_str);
        let mut known = self.known(KNOWN_MEMORIES, named).await?;
        let quotes = memories.iter().flat_map(|(memory, quotes)| {
            quotes.iter().map(|quote| quote.id(&memory.id).to_string())
        });
        let quoted = self.known(KNOWN_EVIDENCE, quotes).await?;
        for (memory, mut evidence) in memories {
            if known.insert(memory.id.to_string()) {
                self.changes.saved.push(NewMemory { memory, evidence });
            } else {
                evidence.retain(|quote| !quoted.contains(quote.id(&memory.id).as_str()));
                let evidence = evidence.into_iter().map(|quote| (memory.id.clone(), quote));
                self.changes.evidence.extend(evidence);
            }
        }
        Ok(known)
    }

    async fn beliefs(&mut self, mut beliefs: Vec<BeliefEvent>) -> Result<(), StoreError> {
        let names = beliefs.iter().map(|event| event.id().to_string());
        let known = self.known(KNOWN_BELIEFS, names).await?;
        beliefs.retain(|event| !known.contains(event.id().as_str()));
        self.changes.beliefs = beliefs;
        Ok(())
    }

    /// Returns how many links have an end that nobody knows.
    async fn links(
        &mut self,
        mut links: Vec<Link>,
        ends: &BTreeSet<String>,
    ) -> Result<usize, StoreError> {
        let names = links.iter().map(|link| link.id().to_string());
        let known = self.known(KNOWN_LINKS, names).await?;
        let read = links.len();
        links.retain(|link| {
            let mut named = link.to.iter().chain([&link.from]);
            named.all(|id| ends.contains(id.as_str()))
        });
        let loose = read - links.len();
        links.retain(|link| !known.contains(link.id().as_str()));
        self.changes.links = links;
        Ok(loose)
    }

    /// Returns those of these names that the store knows.
    async fn known<T: AsRef<str>>(
        &mut self,
        sql: Sql,
        names: impl Iterator<Item = T>,
    ) -> Result<BTreeSet<String>, StoreError> {
        let asked = values![&self.store.who.tenant, list(names)];
        let rows = self.tx.all(sql, &asked).await?;
        rows.iter().map(|row| row.text("id")).collect()
    }
}
