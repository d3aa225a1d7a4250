//! What a row means: each table's cells become the house's words.
//!
//! The only place that knows how a type is spread over columns, for reading.

use domain::{
    Agent, Alias, AliasKind, BeliefEvent, Cursor, Episode, EpisodeId, Evidence, Format, Lesson,
    Link, LinkKind, Memory, MemoryId, OwnerId, Place, ProjectId, Reason, Revision, Run, RunId,
    Session, SessionId, Slot, Source, SourceId, Speaker, Standing, StoreError, Turn, TurnId,
    Validity, Weight,
};

use crate::archive;
use crate::engine::Row;

/// Reads a row of `memories`.
pub(crate) fn memory(row: &Row) -> Result<Memory, StoreError> {
    Ok(Memory {
        id: MemoryId::new(row.text("id")?),
        owner: OwnerId::new(row.text("owner")?),
        project: row.text_or_none("project")?.map(ProjectId::new),
        lesson: lesson(row)?,
        domain: row.text("domain")?,
        slot: slot(row)?,
        tags: row.json("tags")?,
        asserted_by: row.word("asserted_by", Speaker::from_word)?,
        pinned: row.boolean("pinned")?,
        validity: Validity {
            from: row.time("valid_from")?,
            to: row.time_or_none("valid_to")?,
        },
        recorded_at: row.time("recorded_at")?,
        retired_at: row.time_or_none("retired_at")?,
        seen_at: row.time("seen_at")?,
        revision: Revision(row.int("revision")?),
    })
}

fn lesson(row: &Row) -> Result<Lesson, StoreError> {
    Ok(Lesson {
        kind: row.word("kind", |word| word.parse().ok())?,
        scope: row.word("scope", |word| word.parse().ok())?,
        what: row.text("what")?,
        when: row.text_or_none("when_")?,
        do_: row.text_or_none("do_")?,
        warn: row.text_or_none("warn")?,
    })
}

fn slot(row: &Row) -> Result<Option<Slot>, StoreError> {
    match row.text_or_none("slot")? {
        Some(_) => row.json("slot").map(Some),
        None => Ok(None),
    }
}

/// Reads the derived standing of a row of `memories`.
pub(crate) fn standing(row: &Row) -> Result<Standing, StoreError> {
    row.word("standing", |word| word.parse().ok())
}

/// Reads a row of `evidence`: the memory, and what it rests on.
pub(crate) fn evidence(row: &Row) -> Result<(MemoryId, Evidence), StoreError> {
    let evidence = Evidence {
        session: SessionId::new(row.text("session")?),
        turn: TurnId::new(row.text("turn")?),
        quote: row.text("quote")?,
        said_by: row.word("said_by", Speaker::from_word)?,
        at: row.time("at")?,
        branch: row.text_or_none("branch")?,
    };
    Ok((MemoryId::new(row.text("memory")?), evidence))
}

/// Reads a row of `beliefs`.
pub(crate) fn belief(row: &Row) -> Result<BeliefEvent, StoreError> {
    let weight = row.int("weight")?;
    let weight = i32::try_from(weight)
        .map_err(|_| row.bad("weight", format!("{weight} is out of bounds")))?;
    Ok(BeliefEvent {
        memory: MemoryId::new(row.text("memory")?),
        at: row.time("at")?,
        session: row.text_or_none("session")?.map(SessionId::new),
        reason: row.word("reason", Reason::from_word)?,
        weight: Weight(weight),
    })
}

/// Reads a row of `links`.
pub(crate) fn link(row: &Row) -> Result<Link, StoreError> {
    Ok(Link {
        from: MemoryId::new(row.text("from_memory")?),
        to: row.text_or_none("to_memory")?.map(MemoryId::new),
        kind: row.word("kind", LinkKind::from_word)?,
        at: row.time("at")?,
        ended_at: row.time_or_none("ended_at")?,
        why: row.text("why")?,
    })
}

/// Reads the run that last wrote a row.
pub(crate) fn run_of(row: &Row) -> Result<RunId, StoreError> {
    row.int("run").map(RunId)
}

/// Reads a row of `turns`.
pub(crate) fn turn(row: &Row) -> Result<Turn, StoreError> {
    Ok(Turn {
        id: TurnId::new(row.text("id")?),
        session: SessionId::new(row.text("session")?),
        parent: row.text_or_none("parent")?.map(TurnId::new),
        at: row.time("at")?,
        position: row.int("position")?,
        place: place(row)?,
        sidechain: row.text_or_none("sidechain")?,
        parts: archive::unpack(&row.bytes("body")?).map_err(|error| row.bad("body", error))?,
    })
}

fn place(row: &Row) -> Result<Place, StoreError> {
    Ok(Place {
        cwd: row.text_or_none("cwd")?,
        branch: row.text_or_none("branch")?,
    })
}

/// Reads a row of `episodes`; its turns stand in a table of their own.
pub(crate) fn episode(row: &Row, turns: Vec<TurnId>) -> Result<Episode, StoreError> {
    Ok(Episode {
        id: EpisodeId::new(row.text("id")?),
        session: SessionId::new(row.text("session")?),
        project: row.text_or_none("project")?.map(ProjectId::new),
        place: place(row)?,
        started_at: row.time("started_at")?,
        turns,
    })
}

/// Reads a row of `sources`.
pub(crate) fn source(row: &Row) -> Result<Source, StoreError> {
    Ok(Source {
        id: SourceId::new(row.text("id")?),
        path: row.text("path")?,
        format: row.word("format", Format::from_word)?,
        cursor: Cursor {
            offset: row.count("cursor_bytes")?,
            last: row.text_or_none("cursor_last")?.map(TurnId::new),
            head: row.text_or_none("cursor_head")?,
            carry: row.text_or_none("cursor_carry")?,
        },
    })
}

/// Reads a row of `sessions`.
pub(crate) fn session(row: &Row) -> Result<Session, StoreError> {
    Ok(Session {
        id: SessionId::new(row.text("id")?),
        agent: row.word("agent", Agent::from_word)?,
        project: row.text_or_none("project")?.map(ProjectId::new),
        started_at: row.time("started_at")?,
        ended_at: row.time("ended_at")?,
    })
}

/// Reads a row of `project_aliases`.
pub(crate) fn alias(row: &Row) -> Result<Alias, StoreError> {
    Ok(Alias {
        kind: row.word("kind", AliasKind::from_word)?,
        value: row.text("value")?,
    })
}

/// Reads a row of `runs`.
pub(crate) fn run(row: &Row) -> Result<Run, StoreError> {
    Ok(Run {
        id: RunId(row.int("id")?),
        verb: row.text("verb")?,
        owner: OwnerId::new(row.text("owner")?),
        started_at: row.time("started_at")?,
        wrote_at: row.time_or_none("wrote_at")?,
        undone_by: row.int_or_none("undone_by")?.map(RunId),
    })
}
