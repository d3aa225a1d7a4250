//! Sources, sessions and turns: what was read, and how far.
//!
//! Archived turns never change: a turn that is known only gains the session that contains it.

use std::collections::{HashMap, HashSet};

use domain::{
    Changes, Cursor, OwnerId, ProjectId, Session, Source, SourceId, StoreError, TenantId, Turn,
    TurnId,
};

use super::Hand;
use super::refuse::Gone;
use crate::archive;
use crate::engine::{Tx, Value, batch, sql, values};
use crate::index::{self, Doc};

sql! {
    MOVE_CURSOR in "sources":
        "UPDATE sources
         SET cursor_bytes = $4, cursor_last = $5, cursor_head = $6, cursor_carry = $7
         WHERE tenant = $1 AND owner = $2 AND id = $3";
    /// The span only grows, and a project once known stays.
    SEE_SESSION in "sessions":
        "INSERT INTO sessions (tenant, id, owner, agent, project, started_at, ended_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (tenant, id) DO UPDATE SET
            project = COALESCE(sessions.project, excluded.project),
            started_at = CASE WHEN excluded.started_at < sessions.started_at
                THEN excluded.started_at ELSE sessions.started_at END,
            ended_at = CASE WHEN excluded.ended_at > sessions.ended_at
                THEN excluded.ended_at ELSE sessions.ended_at END";
}

batch! {
    ADD_SOURCES in "sources":
        "INSERT INTO sources (tenant, owner, id, path, format, cursor_bytes)", 6,
        "ON CONFLICT (tenant, owner, id) DO NOTHING";
    ADD_TURNS in "turns":
        "INSERT INTO turns (tenant, id, owner, session, project, at, position, cwd, branch,
            sidechain, parent, speaker, body)", 13,
        "ON CONFLICT (tenant, id) DO NOTHING RETURNING id";
    CONTAIN_TURNS in "session_turns":
        "INSERT INTO session_turns (tenant, session, turn, position)", 4,
        "ON CONFLICT (tenant, session, turn) DO NOTHING";
}

/// What is worked out before the transaction, which others wait for: of each turn its body as it is
/// kept and its words as they are indexed, and of each new lesson its fingerprint.
pub(crate) struct Packed<'a> {
    turns: Vec<PackedTurn<'a>>,
    fingerprints: Vec<String>,
}

impl Packed<'_> {
    /// Returns what the lessons that are new say, without how they say it.
    pub(crate) fn fingerprints(&self) -> &[String] {
        &self.fingerprints
    }
}

struct PackedTurn<'a> {
    turn: &'a Turn,
    project: Option<&'a ProjectId>,
    body: Vec<u8>,
    doc: Doc<'a>,
}

/// Works out whatever needs no transaction.
pub(crate) fn pack<'a>(tenant: &TenantId, owner: &OwnerId, changes: &'a Changes) -> Packed<'a> {
    let projects = projects_of(changes);
    let turns = changes.turns.iter().map(|turn| {
        let project = projects.get(&turn.id).copied();
        PackedTurn {
            turn,
            project,
            body: archive::pack(&turn.parts),
            doc: index::turn_doc(tenant, owner, turn, project),
        }
    });
    let lessons = changes.saved.iter().map(|new| &new.memory.lesson);
    Packed {
        turns: turns.collect(),
        fingerprints: lessons.map(domain::Lesson::fingerprint).collect(),
    }
}

/// Writes what was read, and returns how many turns are new.
pub(crate) async fn write(
    tx: &mut Tx,
    hand: &Hand,
    changes: &Changes,
    packed: &Packed<'_>,
    gone: &Gone,
) -> Result<usize, StoreError> {
    add_sources(tx, hand, &changes.sources).await?;
    for session in &changes.sessions {
        // Of a session that was purged nobody shall read the name again, until it goes on.
        let own = changes.turns.iter();
        if !gone.all(own.filter(|turn| turn.session == session.id)) {
            see_session(tx, hand, session).await?;
        }
    }
    let turns = packed.turns.iter();
    let turns: Vec<&PackedTurn<'_>> = turns
        .filter(|packed| !gone.turn(packed.turn.id.as_str()))
        .collect();
    let added = add_turns(tx, hand, &turns).await?;
    if let Some((source, cursor)) = &changes.cursor {
        move_cursor(tx, hand, source, cursor).await?;
    }
    Ok(added)
}

/// Returns each turn's project: its episode's, or else where its session began.
fn projects_of(changes: &Changes) -> HashMap<&TurnId, &ProjectId> {
    let began: HashMap<_, _> = changes
        .sessions
        .iter()
        .filter_map(|session| Some((&session.id, session.project.as_ref()?)))
        .collect();
    let mut projects: HashMap<&TurnId, &ProjectId> = changes
        .turns
        .iter()
        .filter_map(|turn| Some((&turn.id, *began.get(&turn.session)?)))
        .collect();
    for episode in &changes.episodes {
        for turn in &episode.turns {
            match &episode.project {
                Some(project) => projects.insert(turn, project),
                None => projects.remove(turn),
            };
        }
    }
    projects
}

async fn add_sources(tx: &mut Tx, hand: &Hand, sources: &[Source]) -> Result<(), StoreError> {
    let rows: Vec<Vec<Value<'_>>> = sources
        .iter()
        .map(|source| {
            let format = source.format.as_str();
            values![
                &hand.tenant,
                &hand.owner,
                &source.id,
                &source.path,
                format,
                0
            ]
            .into()
        })
        .collect();
    tx.insert(ADD_SOURCES, &rows).await?;
    Ok(())
}

async fn see_session(tx: &mut Tx, hand: &Hand, session: &Session) -> Result<(), StoreError> {
    let values = values![
        &hand.tenant,
        &session.id,
        &hand.owner,
        session.agent.as_str(),
        &session.project,
        session.started_at,
        session.ended_at,
    ];
    tx.run(SEE_SESSION, &values).await?;
    Ok(())
}

async fn add_turns(
    tx: &mut Tx,
    hand: &Hand,
    turns: &[&PackedTurn<'_>],
) -> Result<usize, StoreError> {
    let rows: Vec<Vec<Value<'_>>> = turns.iter().map(|packed| turn_row(hand, packed)).collect();
    let added = tx.insert(ADD_TURNS, &rows).await?;
    let rows: Vec<Vec<Value<'_>>> = turns
        .iter()
        .map(|PackedTurn { turn, .. }| {
            values![&hand.tenant, &turn.session, &turn.id, turn.position].into()
        })
        .collect();
    tx.insert(CONTAIN_TURNS, &rows).await?;
    let added: Result<HashSet<String>, _> = added.iter().map(|row| row.text("id")).collect();
    let added = added?;
    let docs = turns.iter().map(|packed| &packed.doc);
    let fresh: Vec<&Doc<'_>> = docs.filter(|doc| added.contains(doc.id)).collect();
    index::put_turns(tx, &hand.tenant, &fresh).await?;
    Ok(fresh.len())
}

fn turn_row<'a>(hand: &'a Hand, packed: &'a PackedTurn<'_>) -> Vec<Value<'a>> {
    let PackedTurn {
        turn,
        project,
        body,
        ..
    } = packed;
    let speaker = turn.speaker().map(domain::Speaker::as_str);
    values![
        &hand.tenant,
        &turn.id,
        &hand.owner,
        &turn.session,
        *project,
        turn.at,
        turn.position,
        &turn.place.cwd,
        &turn.place.branch,
        &turn.sidechain,
        &turn.parent,
        speaker,
        body.as_slice(),
    ]
    .into()
}

async fn move_cursor(
    tx: &mut Tx,
    hand: &Hand,
    source: &SourceId,
    cursor: &Cursor,
) -> Result<(), StoreError> {
    let offset = i64::try_from(cursor.offset)
        .map_err(|_| StoreError::Refused(format!("{source} is longer than any file")))?;
    let values = values![
        &hand.tenant,
        &hand.owner,
        source,
        offset,
        &cursor.last,
        &cursor.head,
        &cursor.carry,
    ];
    match tx.run(MOVE_CURSOR, &values).await? {
        1 => Ok(()),
        _ => Err(StoreError::Refused(format!(
            "the cursor of source {source} cannot move: the source is not known"
        ))),
    }
}
