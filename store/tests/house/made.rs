//! Made-up memories, turns and changes for the tests of the store.
//!
//! Decides nothing: every time and every name comes from the test.

use domain::*;
use store::Store;

use super::at;

pub fn ingest(source: &str) -> Job {
    Job::Ingest {
        source: SourceId::new(source),
    }
}

pub fn extract(episode: &str, project: Option<&str>) -> Job {
    Job::Extract {
        episode: EpisodeId::new(episode),
        project: project.map(ProjectId::new),
    }
}

pub fn lesson(what: &str) -> Lesson {
    Lesson {
        kind: Kind::Preference,
        scope: Scope::Project,
        what: what.to_owned(),
        when: Some("installing packages".to_owned()),
        do_: None,
        warn: None,
    }
}

pub fn evidence(turn: &str, quote: &str) -> Evidence {
    Evidence {
        session: SessionId::new("s1"),
        turn: TurnId::new(turn),
        quote: quote.to_owned(),
        said_by: Speaker::User,
        at: at(0),
        branch: Some("main".to_owned()),
    }
}

/// A memory of Ann's with one quote from the turn.
pub fn memory(what: &str, turn: &str) -> NewMemory {
    let lesson = lesson(what);
    let owner = OwnerId::new("ann");
    let project = Some(ProjectId::new("p1"));
    NewMemory {
        memory: Memory {
            id: Memory::name(&owner, project.as_ref(), turn, &lesson),
            owner,
            project,
            lesson,
            domain: "general".to_owned(),
            tags: vec!["tools".to_owned()],
            slot: None,
            asserted_by: Speaker::User,
            pinned: false,
            validity: Validity {
                from: at(0),
                to: None,
            },
            recorded_at: at(1),
            retired_at: None,
            seen_at: at(1),
            revision: Revision::FIRST,
        },
        evidence: vec![evidence(turn, what)],
    }
}

/// The same memory, one revision on, saying something else.
pub fn reworded(memory: &Memory, what: &str) -> Memory {
    let mut memory = memory.clone();
    memory.lesson.what = what.to_owned();
    memory.revision = memory.revision.next();
    memory
}

pub fn belief(memory: &MemoryId, session: &str, weight: i32) -> BeliefEvent {
    BeliefEvent {
        memory: memory.clone(),
        at: at(5),
        session: Some(SessionId::new(session)),
        reason: Reason::Evidence,
        weight: Weight(weight),
    }
}

pub fn link(from: &MemoryId, to: Option<&MemoryId>, kind: LinkKind, when: i64) -> Link {
    Link {
        from: from.clone(),
        to: to.cloned(),
        kind,
        at: at(when),
        ended_at: None,
        why: "a test says so".to_owned(),
    }
}

pub fn turn(id: &str, session: &str, position: i64, text: &str) -> Turn {
    Turn {
        id: TurnId::new(id),
        session: SessionId::new(session),
        parent: None,
        at: at(position),
        position,
        place: Place {
            cwd: Some("/home/ann/shop".to_owned()),
            branch: Some("main".to_owned()),
        },
        sidechain: None,
        parts: vec![Part {
            speaker: Speaker::User,
            kind: PartKind::Said,
            text: text.to_owned(),
        }],
    }
}

pub fn session(id: &str, from: i64, to: i64) -> Session {
    Session {
        id: SessionId::new(id),
        agent: Agent::ClaudeCode,
        project: Some(ProjectId::new("p1")),
        started_at: at(from),
        ended_at: at(to),
    }
}

pub fn episode(session: &str, turns: &[&str]) -> Episode {
    let turns: Vec<TurnId> = turns.iter().map(|turn| TurnId::new(*turn)).collect();
    let session = SessionId::new(session);
    Episode {
        id: Episode::name(&session, &turns[0]),
        session,
        project: Some(ProjectId::new("p1")),
        place: Place::default(),
        started_at: at(0),
        turns,
    }
}

/// Writes as a person who saves, and expects it to be written.
pub async fn write(store: &Store, changes: &Changes) -> RunId {
    write_as(store, "save", changes).await
}

/// Writes as a person who runs this command, and expects it to be written.
pub async fn write_as(store: &Store, verb: &str, changes: &Changes) -> RunId {
    let by = Author::Person(verb.to_owned());
    match store.apply(changes, &by).await.expect("the store writes") {
        Finished::Done { run, .. } => run,
        other => panic!("{verb} was not written: {other:?}"),
    }
}

/// Changes that save these memories.
pub fn saving(memories: &[NewMemory]) -> Changes {
    Changes {
        saved: memories.to_vec(),
        ..Changes::at(at(1))
    }
}

/// Changes that save one memory, when it was taken in.
pub fn saved(memory: Memory, evidence: Vec<Evidence>) -> Changes {
    let at = memory.recorded_at;
    Changes {
        saved: vec![NewMemory { memory, evidence }],
        ..Changes::at(at)
    }
}

/// Changes that put a memory behind a link.
pub fn hidden(memory: &Memory, kind: LinkKind, to: Option<&Memory>, when: i64) -> Changes {
    Changes {
        links: vec![link(&memory.id, to.map(|to| &to.id), kind, when)],
        ..Changes::at(at(when))
    }
}

/// A memory that its owner told of a project, or of themselves where none is named.
pub fn told(store: &Store, project: Option<&ProjectId>, what: &str, when: i64) -> Memory {
    let scope = match project {
        Some(_) => Scope::Project,
        None => Scope::User,
    };
    let lesson = Lesson {
        scope,
        when: None,
        ..lesson(what)
    };
    let owner = store.who().owner.clone();
    Memory {
        id: Memory::name(&owner, project, "", &lesson),
        owner,
        project: project.cloned(),
        lesson,
        tags: Vec::new(),
        validity: Validity {
            from: at(when),
            to: None,
        },
        recorded_at: at(when),
        seen_at: at(when),
        ..memory(what, "").memory
    }
}

/// These words of a turn, as evidence.
pub fn quote(turn: &Turn, words: &str) -> Evidence {
    Evidence {
        session: turn.session.clone(),
        at: turn.at,
        branch: None,
        ..evidence(turn.id.as_str(), words)
    }
}

/// A session of a minute in any project.
pub fn talk(id: &str, project: Option<&ProjectId>, from: i64) -> Session {
    Session {
        project: project.cloned(),
        ..session(id, from, from + 60)
    }
}

/// A project by the path of its folder.
pub fn project(name: &str) -> Project {
    let alias = Alias {
        kind: AliasKind::Path,
        value: format!("/code/{name}"),
    };
    Project::from_aliases(vec![alias]).expect("it has a name")
}

/// Returns what records say, in the order of the words.
pub fn whats(records: &[Record]) -> Vec<&str> {
    let mut whats: Vec<&str> = records
        .iter()
        .map(|record| record.memory.lesson.what.as_str())
        .collect();
    whats.sort_unstable();
    whats
}

/// A request about something, by the test's own model.
pub fn asked(about: &str, user: &str, when: jiff::Timestamp) -> Ask {
    Ask {
        id: Ask::name(&super::ann().owner, about, "extract/1", "m"),
        about: about.to_owned(),
        session: Some(SessionId::new("s1")),
        prompt: "extract/1".to_owned(),
        model: "m".to_owned(),
        request: Request {
            system: "look".to_owned(),
            user: user.to_owned(),
            schema: None,
            max_output_tokens: 100,
        },
        asked_at: when,
        reply: None,
    }
}

pub fn answered(text: &str, when: jiff::Timestamp) -> Reply {
    Reply {
        text: text.to_owned(),
        ended: Ended::Whole,
        at: when,
        usage: Usage {
            input_tokens: 30,
            output_tokens: 3,
        },
    }
}

pub fn call(ask: &Ask, tokens: u64, when: jiff::Timestamp) -> Call {
    Call {
        ask: ask.id.clone(),
        run: Some(RunId(7)),
        session: ask.session.clone(),
        host: "api.example".to_owned(),
        model: ask.model.clone(),
        at: when,
        tokens,
        price: Price {
            input: 100,
            output: 200,
        },
    }
}
