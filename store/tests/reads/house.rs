//! An empty store on either engine, and the few things to put into it.
//!
//! Decides nothing: every time and every name comes from the test.

use domain::{
    Agent, Alias, AliasKind, Author, Changes, Evidence, Finished, Kind, Lesson, Link, LinkKind,
    Memory, NewMemory, OwnerId, Part, PartKind, Place as Spot, Project, ProjectId, Queue as _,
    Record, Revision, RunId, Scope, Session, SessionId, Speaker, TenantId, Turn, TurnId, Validity,
};
use jiff::Timestamp;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};
use store::{Place, Store, Who};
use tempfile::TempDir;

/// A store of its own, and where it lies.
pub(crate) struct House {
    pub(crate) store: Store,
    pub(crate) place: Place,
    pub(crate) folder: TempDir,
}

/// Runs a test on SQLite and then on PostgreSQL.
pub(crate) async fn on_both(name: &str, test: impl AsyncFn(House)) {
    test(on_sqlite().await).await;
    test(on_postgres(name).await).await;
}

pub(crate) async fn on_sqlite() -> House {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let place = Place::File(folder.path().join("home").join("dormouse.db"));
    open(folder, place).await
}

pub(crate) async fn on_postgres(name: &str) -> House {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let url = server();
    let database = format!("reads_{name}_{}", std::process::id());
    let mut server = PgConnection::connect(&url)
        .await
        .expect("the server answers");
    for text in [
        format!("DROP DATABASE IF EXISTS {database} WITH (FORCE)"),
        format!("CREATE DATABASE {database}"),
    ] {
        sqlx::query(AssertSqlSafe(text))
            .execute(&mut server)
            .await
            .expect("a database can be made");
    }
    let (base, rest) = match url.split_once('?') {
        Some((base, rest)) => (base.to_owned(), format!("?{rest}")),
        None => (url, String::new()),
    };
    let (host, _) = base.rsplit_once('/').expect("the URL names a database");
    open(folder, Place::Server(format!("{host}/{database}{rest}"))).await
}

#[expect(
    clippy::disallowed_methods,
    reason = "the test command says here where PostgreSQL is"
)]
fn server() -> String {
    std::env::var("DORMOUSE_TEST_POSTGRES").expect(
        "DORMOUSE_TEST_POSTGRES must name a PostgreSQL server; `cargo xtask test` starts one, and \
         `cargo xtask postgres` keeps one running",
    )
}

async fn open(folder: TempDir, place: Place) -> House {
    let store = Store::open(&place, who("acme", "ann"))
        .await
        .expect("a new store opens");
    House {
        store,
        place,
        folder,
    }
}

impl House {
    /// The same store as somebody else sees it.
    pub(crate) fn seen_by(&self, tenant: &str, owner: &str) -> Store {
        self.store.seen_by(who(tenant, owner))
    }
}

pub(crate) fn who(tenant: &str, owner: &str) -> Who {
    Who {
        tenant: TenantId::new(tenant),
        owner: OwnerId::new(owner),
    }
}

/// So many seconds after the beginning of the test's time.
pub(crate) fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_800_000_000 + seconds).expect("within the years")
}

pub(crate) fn project(name: &str) -> Project {
    let alias = Alias {
        kind: AliasKind::Path,
        value: format!("/code/{name}"),
    };
    Project::from_aliases(vec![alias]).expect("it has a name")
}

/// A memory of a project, or of the user's own where none is named.
pub(crate) fn memory(
    store: &Store,
    project: Option<&ProjectId>,
    what: &str,
    seconds: i64,
) -> Memory {
    let lesson = Lesson {
        kind: Kind::Preference,
        scope: if project.is_some() {
            Scope::Project
        } else {
            Scope::User
        },
        what: what.to_owned(),
        when: None,
        do_: None,
        warn: None,
    };
    let owner = store.who().owner.clone();
    Memory {
        id: Memory::name(&owner, project, "", &lesson),
        owner,
        project: project.cloned(),
        lesson,
        domain: "general".to_owned(),
        tags: Vec::new(),
        asserted_by: Speaker::User,
        pinned: false,
        validity: Validity {
            from: at(seconds),
            to: None,
        },
        recorded_at: at(seconds),
        retired_at: None,
        seen_at: at(seconds),
        revision: Revision::FIRST,
    }
}

pub(crate) fn saved(memory: Memory, evidence: Vec<Evidence>) -> Changes {
    let at = memory.recorded_at;
    Changes {
        saved: vec![NewMemory { memory, evidence }],
        ..Changes::at(at)
    }
}

pub(crate) fn quote(turn: &Turn, words: &str) -> Evidence {
    Evidence {
        session: turn.session.clone(),
        turn: turn.id.clone(),
        quote: words.to_owned(),
        said_by: Speaker::User,
        at: turn.at,
        branch: None,
    }
}

pub(crate) fn turn(id: &str, session: &str, said: &str, seconds: i64) -> Turn {
    Turn {
        id: TurnId::new(id),
        session: SessionId::new(session),
        parent: None,
        at: at(seconds),
        position: seconds,
        place: Spot::default(),
        sidechain: None,
        parts: vec![Part {
            speaker: Speaker::User,
            kind: PartKind::Said,
            text: said.to_owned(),
        }],
    }
}

pub(crate) fn session(id: &str, project: Option<&ProjectId>, seconds: i64) -> Session {
    Session {
        id: SessionId::new(id),
        agent: Agent::ClaudeCode,
        project: project.cloned(),
        started_at: at(seconds),
        ended_at: at(seconds + 60),
    }
}

pub(crate) fn hidden(
    memory: &Memory,
    kind: LinkKind,
    to: Option<&Memory>,
    seconds: i64,
) -> Changes {
    let link = Link {
        from: memory.id.clone(),
        to: to.map(|to| to.id.clone()),
        kind,
        at: at(seconds),
        ended_at: None,
        why: "the test says so".to_owned(),
    };
    Changes {
        links: vec![link],
        ..Changes::at(at(seconds))
    }
}

/// Writes it, as a person who runs this command.
pub(crate) async fn write(store: &Store, verb: &str, changes: &Changes) -> RunId {
    let by = Author::Person(verb.to_owned());
    match store.apply(changes, &by).await.expect("it can be written") {
        Finished::Done(run) => run,
        other => panic!("{verb} was not written: {other:?}"),
    }
}

pub(crate) fn whats(records: &[Record]) -> Vec<&str> {
    let mut whats: Vec<&str> = records
        .iter()
        .map(|r| r.memory.lesson.what.as_str())
        .collect();
    whats.sort_unstable();
    whats
}
