//! Puts rows back to how they stood, and notes how they stood until now.
//!
//! What was purged meanwhile is not brought back. A memory's row gets a new revision: whoever read the
//! old one must not believe that nothing has moved since.

use std::collections::{BTreeMap, HashMap, HashSet};

use domain::{MemoryId, StoreError, TenantId};

use super::plan::Plan;
use crate::engine::{Row, Sql, Tx, sql, values};
use crate::index;
use crate::write::journal::{Entry, Past, Reached};
use crate::write::state::{self, BeliefRow, EvidenceRow, LinkRow, State, What};
use crate::write::{self, Hand, Notes, list};

sql! {
    EVIDENCE in "evidence":
        "SELECT * FROM evidence WHERE tenant = $1 AND id IN (SELECT value FROM json_each($2))";
    BELIEFS in "beliefs":
        "SELECT * FROM beliefs WHERE tenant = $1 AND id IN (SELECT value FROM json_each($2))";
    LINKS in "links":
        "SELECT * FROM links WHERE tenant = $1 AND id IN (SELECT value FROM json_each($2))";
    PURGED in "tombstones":
        "SELECT kind, id FROM tombstones
         WHERE tenant = $1 AND kind IN ('memory', 'evidence', 'turn')
           AND id IN (SELECT value FROM json_each($2))";
    DROP_MEMORIES in "memories":
        "DELETE FROM memories WHERE tenant = $1 AND id IN (SELECT value FROM json_each($2))";
    DROP_EVIDENCE in "evidence":
        "DELETE FROM evidence WHERE tenant = $1 AND id IN (SELECT value FROM json_each($2))";
    DROP_BELIEFS in "beliefs":
        "DELETE FROM beliefs WHERE tenant = $1 AND id IN (SELECT value FROM json_each($2))";
    DROP_LINKS in "links":
        "DELETE FROM links WHERE tenant = $1 AND id IN (SELECT value FROM json_each($2))";
}

/// Reads a row of one table.
type Reader = fn(&Row) -> Result<State, StoreError>;

/// Puts every row of the plan back.
pub(crate) async fn restore(tx: &mut Tx, hand: &Hand, plan: Plan) -> Result<(), StoreError> {
    let now = standing_now(tx, &hand.tenant, &plan).await?;
    let mut purged = purged(tx, &hand.tenant, &plan.before).await?;
    purged.extend(bereft(&plan.before, &now, &purged));
    let rows = plan.before.keys().filter(|(what, _)| *what == What::Memory);
    let mut notes = Notes {
        reached: Reached::of(tx, &hand.tenant, rows.map(|(_, id)| id)).await?,
        ..Notes::default()
    };
    let mut back = Vec::new();
    let mut away: BTreeMap<What, Vec<String>> = BTreeMap::new();
    for ((what, id), was) in plan.before {
        let is = now.get(&(what, id.clone())).cloned();
        let was = was.filter(|was| !is_purged(was, &purged));
        let was = was.map(|was| onwards(was, is.as_ref(), &notes.reached));
        if was == is {
            continue;
        }
        notes.turned(what, &id, is, was.as_ref());
        match was {
            Some(was) => back.push(was),
            None => away.entry(what).or_default().push(id),
        }
    }
    put_back(tx, &hand.tenant, back).await?;
    take_away(tx, &hand.tenant, &away).await?;
    write::settle(tx, hand, notes).await
}

/// Gives a memory's row the revision after the last, unless it stands so already.
fn onwards(was: State, is: Option<&State>, reached: &Reached) -> State {
    let State::Memory(mut row) = was else {
        return was;
    };
    if let Some(State::Memory(is)) = is {
        row.memory.revision = is.memory.revision;
        if row == *is {
            return State::Memory(row);
        }
    }
    let last = reached
        .revision(&row.memory.id)
        .max(Some(row.memory.revision));
    row.memory.revision = last.unwrap_or(row.memory.revision).next();
    State::Memory(row)
}

/// Reads every row of the plan as it stands.
async fn standing_now(
    tx: &mut Tx,
    tenant: &TenantId,
    plan: &Plan,
) -> Result<HashMap<(What, String), State>, StoreError> {
    let mut now: HashMap<(What, String), State> = HashMap::new();
    for row in plan.memories.values() {
        let key = (What::Memory, row.memory.id.to_string());
        now.insert(key, State::Memory(Box::new(row.clone())));
    }
    let readers: [(What, Sql, Reader); 3] = [
        (What::Evidence, EVIDENCE, |row| {
            EvidenceRow::read(row).map(State::Evidence)
        }),
        (What::Belief, BELIEFS, |row| {
            BeliefRow::read(row).map(State::Belief)
        }),
        (What::Link, LINKS, |row| LinkRow::read(row).map(State::Link)),
    ];
    for (what, sql, read) in readers {
        let ids = plan.before.keys().filter(|(of, _)| *of == what);
        let ids = list(ids.map(|(_, id)| id));
        for row in tx.all(sql, &values![tenant, ids]).await? {
            now.insert((what, row.text("id")?), read(&row)?);
        }
    }
    Ok(now)
}

async fn purged(
    tx: &mut Tx,
    tenant: &TenantId,
    before: &BTreeMap<(What, String), Option<State>>,
) -> Result<HashSet<String>, StoreError> {
    let states = before.values().flatten();
    let ids = list(states.flat_map(names_in));
    let rows = tx.all(PURGED, &values![tenant, ids]).await?;
    rows.iter().map(|row| row.text("id")).collect()
}

/// Returns the memories that would come back without a quote: like one that is read again, a memory is
/// gone with the last of its words.
fn bereft(
    before: &BTreeMap<(What, String), Option<State>>,
    now: &HashMap<(What, String), State>,
    purged: &HashSet<String>,
) -> Vec<String> {
    let mut is_left: BTreeMap<String, bool> = BTreeMap::new();
    for state in before.values().flatten() {
        if let State::Evidence(row) = state {
            *is_left.entry(row.memory.to_string()).or_default() |= !is_purged(state, purged);
        }
    }
    let stands = |id: &String| now.contains_key(&(What::Memory, id.clone()));
    let bereft = is_left
        .into_iter()
        .filter(|(id, is_left)| !is_left && !stands(id));
    bereft.map(|(id, _)| id).collect()
}

/// Returns every name in a row that could have been purged.
fn names_in(state: &State) -> Vec<String> {
    match state {
        State::Memory(row) => vec![row.memory.id.to_string()],
        State::Belief(row) => vec![row.event.memory.to_string()],
        State::Evidence(row) => {
            let turn = row.evidence.turn.to_string();
            vec![row.id(), row.memory.to_string(), turn]
        }
        State::Link(row) => {
            let to = row.link.to.iter().map(MemoryId::to_string);
            to.chain([row.link.from.to_string()]).collect()
        }
    }
}

fn is_purged(state: &State, purged: &HashSet<String>) -> bool {
    names_in(state).iter().any(|name| purged.contains(name))
}

/// Memories first: the others lean on them.
async fn put_back(tx: &mut Tx, tenant: &TenantId, back: Vec<State>) -> Result<(), StoreError> {
    let (mut memories, mut evidence) = (Vec::new(), Vec::new());
    let (mut beliefs, mut links) = (Vec::new(), Vec::new());
    for state in back {
        match state {
            State::Memory(row) => memories.push(*row),
            State::Evidence(row) => evidence.push(row),
            State::Belief(row) => beliefs.push(row),
            State::Link(row) => links.push(row),
        }
    }
    state::set_memories(tx, tenant, &memories).await?;
    state::add_evidence(tx, tenant, &evidence).await?;
    state::add_beliefs(tx, tenant, &beliefs).await?;
    state::set_links(tx, tenant, &links).await
}

/// Memories last: with them goes whatever still leans on them.
async fn take_away(
    tx: &mut Tx,
    tenant: &TenantId,
    away: &BTreeMap<What, Vec<String>>,
) -> Result<(), StoreError> {
    for (what, ids) in away.iter().rev() {
        let sql = match what {
            What::Memory => DROP_MEMORIES,
            What::Evidence => DROP_EVIDENCE,
            What::Belief => DROP_BELIEFS,
            What::Link => DROP_LINKS,
        };
        tx.run(sql, &values![tenant, list(ids)]).await?;
    }
    let memories = away.get(&What::Memory).into_iter().flatten();
    let memories: Vec<&str> = memories.map(String::as_str).collect();
    index::take_out(tx, tenant, index::Kind::Memory, &memories).await
}

impl Notes {
    /// Notes a row that goes from how it is to how it was.
    fn turned(&mut self, what: What, id: &str, is: Option<State>, was: Option<&State>) {
        match (is.as_ref(), was) {
            (_, Some(State::Memory(row))) => self.past.push(Past::of(&row.memory)),
            (Some(State::Memory(row)), None) => self.past.push(Past::removed(&row.memory)),
            _ => {}
        }
        let Some((memory, other)) = is.as_ref().or(was).map(belongs_to) else {
            return;
        };
        self.touched.insert(memory.clone());
        self.entries.push(Entry {
            what,
            id: id.to_owned(),
            memory,
            other,
            was: is,
        });
    }
}

fn belongs_to(state: &State) -> (MemoryId, Option<MemoryId>) {
    match state {
        State::Memory(row) => (row.memory.id.clone(), None),
        State::Evidence(row) => (row.memory.clone(), None),
        State::Belief(row) => (row.event.memory.clone(), None),
        State::Link(row) => (row.link.from.clone(), row.link.to.clone()),
    }
}
