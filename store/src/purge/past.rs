//! Finds what stands no more and must go all the same: earlier wordings, quotes that were taken back,
//! memories that nobody holds any longer.
//!
//! Decides as the search among what stands does; it removes nothing.

use domain::{Memory, StoreError};
use regex::Regex;

use super::find::{PAGE, Search, ids};
use super::{Purge, says};
use crate::engine::{list, sql, values};
use crate::write::state::State;
use crate::{Who, family};

sql! {
    REVISION_PAGE in "revisions":
        "SELECT r.memory AS id, r.number, r.body FROM revisions AS r
         JOIN runs ON runs.tenant = r.tenant AND runs.id = r.run
         WHERE r.tenant = $1 AND runs.owner = $2 AND (r.memory, r.number) > ($3, $4)
         ORDER BY r.memory, r.number LIMIT $5";
    JOURNAL_PAGE in "journal":
        "SELECT j.seq AS id, j.was FROM journal AS j
         JOIN runs ON runs.tenant = j.tenant AND runs.id = j.run
         WHERE j.tenant = $1 AND runs.owner = $2 AND j.was IS NOT NULL AND j.seq > $3
         ORDER BY j.seq LIMIT $4";
    /// Quotes and reasons that stand no more, also those of memories that were taken back.
    FORMER_PAGE in "former":
        "SELECT f.number AS id, f.id AS name, f.memory, f.body FROM former AS f
         JOIN runs ON runs.tenant = f.tenant AND runs.id = f.run
         WHERE f.tenant = $1 AND runs.owner = $2 AND f.body IS NOT NULL AND f.number > $3
         ORDER BY f.number LIMIT $4";
    HELD in "memories":
        "SELECT id FROM memories WHERE tenant = $1 AND id IN (SELECT value FROM json_each($2))";
}

impl Search<'_> {
    /// What stands no more goes as it would if it still stood.
    pub(super) async fn former(&mut self, purge: &Purge) -> Result<(), StoreError> {
        let Who { tenant, owner } = self.who;
        let mut after = 0;
        loop {
            let asked = values![tenant, owner, after, PAGE];
            let page = self.tx.all(FORMER_PAGE, &asked).await?;
            for row in &page {
                after = row.int("id")?;
                let state = row.json("body")?;
                if !self.goes_with(purge, &state) {
                    continue;
                }
                self.doomed.former.push(after);
                if let State::Evidence(_) = state {
                    // An undo of the undo shall not bring the quote back, nor the journal keep it.
                    self.doomed.evidence.insert(row.text("name")?);
                    self.bereft.insert(row.text("memory")?);
                }
            }
            if page.is_empty() {
                return Ok(());
            }
        }
    }

    fn goes_with(&self, purge: &Purge, state: &State) -> bool {
        let quote = match state {
            State::Evidence(row) => Some(&row.evidence),
            State::Memory(_) | State::Belief(_) | State::Link(_) => None,
        };
        let of_turn = quote.is_some_and(|quote| self.doomed.turns.contains(quote.turn.as_str()));
        of_turn
            || match purge {
                Purge::Pattern(pattern) => says::state(state, pattern),
                Purge::Session(session) => quote.is_some_and(|quote| quote.session == *session),
                Purge::Before(at) => quote.is_some_and(|quote| quote.at < *at),
                // A memory that goes takes what it rested on with it.
                Purge::Project(_) => false,
            }
    }

    /// Earlier states that say what the memory itself no longer says, and memories that were taken
    /// back: what nobody holds goes whole.
    pub(super) async fn past(&mut self, purge: &Purge) -> Result<(), StoreError> {
        let Who { tenant, owner } = self.who;
        let family = match purge {
            Purge::Project(project) => family::of(self.tx, tenant, Some(project)).await?,
            _ => None,
        };
        let mut after = (String::new(), 0);
        loop {
            let asked = values![tenant, owner, &after.0, after.1, PAGE];
            let page = self.tx.all(REVISION_PAGE, &asked).await?;
            for row in &page {
                after = (row.text("id")?, row.int("number")?);
                if row.text_or_none("body")?.is_none() {
                    continue;
                }
                let memory: Memory = row.json("body")?;
                let project = memory.project.as_ref().map(ToString::to_string);
                match purge {
                    Purge::Pattern(pattern) if says::memory(&memory, pattern) => {
                        self.doomed.revisions.push(after.clone());
                    }
                    Purge::Before(at) if memory.recorded_at < *at => {
                        self.bereft.insert(after.0.clone());
                    }
                    Purge::Project(_) if project.is_some_and(|id| is_of(&family, &id)) => {
                        self.bereft.insert(after.0.clone());
                    }
                    _ => {}
                }
            }
            if page.is_empty() {
                break;
            }
        }
        let asked = values![tenant, list(&self.bereft)];
        let held = ids(&self.tx.all(HELD, &asked).await?)?;
        let gone = self.bereft.difference(&held).cloned();
        self.doomed.memories.extend(gone);
        match purge {
            Purge::Pattern(pattern) => self.journal(pattern).await,
            _ => Ok(()),
        }
    }

    async fn journal(&mut self, pattern: &Regex) -> Result<(), StoreError> {
        let Who { tenant, owner } = self.who;
        let mut after = 0;
        loop {
            let page = self
                .tx
                .all(JOURNAL_PAGE, &values![tenant, owner, after, PAGE])
                .await?;
            for row in &page {
                after = row.int("id")?;
                // Of a merged project it holds a name alone, which is no state.
                let found = match row.json::<State>("was") {
                    Ok(state) => says::state(&state, pattern),
                    Err(_) => says::text(&row.text("was")?, pattern),
                };
                if found {
                    self.doomed.journal.push(after);
                }
            }
            if page.is_empty() {
                return Ok(());
            }
        }
    }
}

fn is_of(family: &Option<Vec<String>>, project: &str) -> bool {
    let mut ids = family.iter().flatten();
    ids.any(|id| id == project)
}
