//! What speaks for and against memories: evidence, dated events, links.
//!
//! What was said before is not said again: a row that stands is left as it stands.

use std::collections::{BTreeMap, HashMap, HashSet};

use domain::{Changes, MemoryId, StoreError, TenantId};

use super::journal::Entry;
use super::refuse::Gone;
use super::state::{
    BeliefRow, EvidenceRow, LinkRow, State, What, add_beliefs, add_evidence, set_links,
};
use super::{Hand, Notes, list};
use crate::engine::{Tx, sql, values};

sql! {
    LINKS in "links":
        "SELECT * FROM links WHERE tenant = $1 AND id IN (SELECT value FROM json_each($2))";
}

/// Writes evidence, beliefs and links.
pub(crate) async fn write(
    tx: &mut Tx,
    hand: &Hand,
    changes: &Changes,
    gone: &Gone,
    notes: &mut Notes,
) -> Result<(), StoreError> {
    let refused = refused(changes, gone);
    let evidence = evidence_rows(hand, changes, gone, &refused);
    let mut added = set(add_evidence(tx, &hand.tenant, &evidence).await?);
    for row in &evidence {
        notes.added(&mut added, What::Evidence, row.id(), &row.memory);
    }
    let beliefs = belief_rows(hand, changes, &refused);
    let mut added = set(add_beliefs(tx, &hand.tenant, &beliefs).await?);
    for BeliefRow { event, .. } in &beliefs {
        notes.added(
            &mut added,
            What::Belief,
            event.id().to_string(),
            &event.memory,
        );
    }
    write_links(tx, hand, link_rows(hand, changes, &refused), notes).await
}

/// Returns the memories that are not there because they were purged, or were born without a quote left.
fn refused<'a>(changes: &'a Changes, gone: &Gone) -> HashSet<&'a MemoryId> {
    let born = changes.saved.iter().filter(|new| gone.new_memory(new));
    let named = changes.evidence.iter().map(|(id, _)| id);
    let believed = changes.beliefs.iter().map(|event| &event.memory);
    let from = changes.links.iter().map(|link| &link.from);
    let to = changes.links.iter().filter_map(|link| link.to.as_ref());
    let named = named.chain(believed).chain(from).chain(to);
    born.map(|new| &new.memory.id)
        .chain(named.filter(|id| gone.memory(id)))
        .collect()
}

fn evidence_rows(
    hand: &Hand,
    changes: &Changes,
    gone: &Gone,
    refused: &HashSet<&MemoryId>,
) -> Vec<EvidenceRow> {
    let born = changes.saved.iter().flat_map(|new| {
        let id = &new.memory.id;
        new.evidence.iter().map(move |evidence| (id, evidence))
    });
    let gained = changes.evidence.iter().map(|(id, evidence)| (id, evidence));
    born.chain(gained)
        .filter(|(memory, evidence)| !refused.contains(memory) && !gone.evidence(memory, evidence))
        .map(|(memory, evidence)| EvidenceRow {
            memory: memory.clone(),
            evidence: evidence.clone(),
            run: hand.run,
        })
        .collect()
}

fn belief_rows(hand: &Hand, changes: &Changes, refused: &HashSet<&MemoryId>) -> Vec<BeliefRow> {
    let events = changes.beliefs.iter();
    events
        .filter(|event| !refused.contains(&event.memory))
        .map(|event| BeliefRow {
            event: event.clone(),
            run: hand.run,
        })
        .collect()
}

/// The last word on a link counts, so that none is written twice in one statement.
fn link_rows(hand: &Hand, changes: &Changes, refused: &HashSet<&MemoryId>) -> Vec<LinkRow> {
    let ends = |link: &domain::Link| {
        refused.contains(&link.from) || link.to.as_ref().is_some_and(|to| refused.contains(to))
    };
    let links = changes.links.iter().filter(|link| !ends(link));
    let rows: BTreeMap<String, LinkRow> = links
        .map(|link| {
            let row = LinkRow {
                link: link.clone(),
                run: hand.run,
            };
            (link.id().to_string(), row)
        })
        .collect();
    rows.into_values().collect()
}

async fn write_links(
    tx: &mut Tx,
    hand: &Hand,
    rows: Vec<LinkRow>,
    notes: &mut Notes,
) -> Result<(), StoreError> {
    let ids: Vec<String> = rows.iter().map(|row| row.link.id().to_string()).collect();
    let mut known = links(tx, &hand.tenant, &ids).await?;
    let changed: Vec<LinkRow> = rows
        .into_iter()
        .filter(|row| {
            let was = known.get(row.link.id().as_str());
            was.is_none_or(|was| was.link != row.link)
        })
        .collect();
    set_links(tx, &hand.tenant, &changed).await?;
    for LinkRow { link, .. } in &changed {
        let id = link.id().to_string();
        notes.touched.insert(link.from.clone());
        notes.entries.push(Entry {
            what: What::Link,
            memory: link.from.clone(),
            other: link.to.clone(),
            was: known.remove(&id).map(State::Link),
            id,
        });
    }
    Ok(())
}

async fn links(
    tx: &mut Tx,
    tenant: &TenantId,
    ids: &[String],
) -> Result<HashMap<String, LinkRow>, StoreError> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let mut known = HashMap::new();
    for row in tx.all(LINKS, &values![tenant, list(ids)]).await? {
        let row = LinkRow::read(&row)?;
        known.insert(row.link.id().to_string(), row);
    }
    Ok(known)
}

fn set(ids: Vec<String>) -> HashSet<String> {
    ids.into_iter().collect()
}

impl Notes {
    fn added(&mut self, added: &mut HashSet<String>, what: What, id: String, memory: &MemoryId) {
        if added.remove(&id) {
            self.entries.push(Entry {
                what,
                id,
                memory: memory.clone(),
                other: None,
                was: None,
            });
        }
    }
}
