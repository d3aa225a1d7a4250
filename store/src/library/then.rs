//! Looks back: the quotes, the belief and the standing that memories had at a time.
//!
//! A row counts from the beginning of the run that wrote it, and until it was changed or taken back;
//! never by the date alone that it bears. Its words are not looked at here.

use std::collections::HashMap;

use domain::{Belief, Evidence, MemoryId, Record, Standing, StoreError, TenantId, Weight};
use jiff::Timestamp;

use crate::engine::{Row, Sql, Tx, list, sql, values};
use crate::write::state::{BeliefRow, EvidenceRow, LinkRow, State};

// What is written by then, and what has changed since, is told in the words of `seen`.
sql! {
    EVIDENCE in "evidence":
        "SELECT e.* FROM evidence AS e JOIN runs AS r ON r.tenant = e.tenant AND r.id = e.run
         WHERE e.tenant = $1 AND e.memory IN (SELECT value FROM json_each($2))
           AND (r.started_at <= $3 OR r.verb = 'import')
           AND NOT EXISTS (SELECT 1 FROM former AS f
                WHERE f.tenant = e.tenant AND f.memory = e.memory AND f.id = e.id AND $3 < f.until)";
    BELIEFS in "beliefs":
        "SELECT b.* FROM beliefs AS b JOIN runs AS r ON r.tenant = b.tenant AND r.id = b.run
         WHERE b.tenant = $1 AND b.memory IN (SELECT value FROM json_each($2))
           AND (r.started_at <= $3 OR r.verb = 'import')
           AND NOT EXISTS (SELECT 1 FROM former AS f
                WHERE f.tenant = b.tenant AND f.memory = b.memory AND f.id = b.id AND $3 < f.until)";
    LINKS in "links":
        "SELECT l.* FROM links AS l JOIN runs AS r ON r.tenant = l.tenant AND r.id = l.run
         WHERE l.tenant = $1 AND l.from_memory IN (SELECT value FROM json_each($2))
           AND (r.started_at <= $3 OR r.verb = 'import' OR l.ended_at IS NOT NULL)
           AND NOT EXISTS (SELECT 1 FROM former AS f
                WHERE f.tenant = l.tenant AND f.memory = l.from_memory AND f.id = l.id AND $3 < f.until)";
    /// The first change of a row after that time tells how it stood then.
    FORMER in "former":
        "SELECT f.body FROM former AS f JOIN runs AS r ON r.tenant = f.tenant AND r.id = f.writer
         WHERE f.tenant = $1 AND f.memory IN (SELECT value FROM json_each($2)) AND $3 < f.until
           AND (r.started_at <= $3 OR r.verb = 'import' OR f.ended_at IS NOT NULL)
           AND NOT EXISTS (SELECT 1 FROM former AS g
                WHERE g.tenant = f.tenant AND g.memory = f.memory AND g.id = f.id
                  AND g.number < f.number AND $3 < g.until)";
}

/// Reads a row of one table.
type Reader = fn(&Row) -> Result<State, StoreError>;

const STANDING: [(Sql, Reader); 4] = [
    (EVIDENCE, |row| EvidenceRow::read(row).map(State::Evidence)),
    (BELIEFS, |row| BeliefRow::read(row).map(State::Belief)),
    (LINKS, |row| LinkRow::read(row).map(State::Link)),
    (FORMER, |row| row.json("body")),
];

/// What a memory rested on at a time.
#[derive(Default)]
struct Then {
    evidence: Vec<Evidence>,
    weights: Vec<Weight>,
    links: Vec<domain::LinkKind>,
}

/// Gives each record the evidence, the belief and the standing that it had at this time.
pub(crate) async fn look_back(
    tx: &mut Tx,
    tenant: &TenantId,
    records: &mut [Record],
    at: Timestamp,
) -> Result<(), StoreError> {
    let ids = list(records.iter().map(|record| record.memory.id.as_str()));
    let mut of: HashMap<MemoryId, Then> = HashMap::new();
    for (sql, read) in STANDING {
        for row in tx.all(sql, &values![tenant, &ids, at]).await? {
            take(&mut of, read(&row)?, at);
        }
    }
    for record in records {
        let mut then = of.remove(&record.memory.id).unwrap_or_default();
        then.evidence
            .sort_by_cached_key(|evidence| (evidence.at, evidence.id(&record.memory.id)));
        record.evidence = then.evidence;
        record.belief = then.weights.into_iter().sum::<Belief>();
        record.standing = Standing::from_links(then.links);
    }
    Ok(())
}

/// Nothing can have been known before it happened.
fn take(of: &mut HashMap<MemoryId, Then>, state: State, at: Timestamp) {
    match state {
        State::Evidence(row) if row.evidence.at <= at => {
            of.entry(row.memory)
                .or_default()
                .evidence
                .push(row.evidence);
        }
        State::Belief(row) if row.event.at <= at => {
            let then = of.entry(row.event.memory).or_default();
            then.weights.push(row.event.weight);
        }
        State::Link(row)
            if row.link.at <= at && row.link.ended_at.is_none_or(|ended| at < ended) =>
        {
            of.entry(row.link.from)
                .or_default()
                .links
                .push(row.link.kind);
        }
        State::Memory(_) | State::Evidence(_) | State::Belief(_) | State::Link(_) => {}
    }
}
