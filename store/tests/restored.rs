//! Every cell that a run may change is written, and stands again when the run is taken back.
//!
//! The laws of whole runs stand in `undo.rs`.

mod house;

use domain::*;
use house::*;
use regex::Regex;
use store::{Found, Purge, Store};

async fn record(store: &Store, id: &MemoryId) -> Memory {
    match store.record(id).await.expect("answers") {
        Found::One(record) => record.memory,
        other => panic!("{id} is not there: {other:?}"),
    }
}

/// The same memory with every cell changed that a run may change.
fn another(memory: &Memory) -> Memory {
    let lesson = Lesson {
        kind: Kind::Decision,
        scope: Scope::Path("packages/api".to_owned()),
        what: "use bun".to_owned(),
        when: Some("running scripts".to_owned()),
        do_: Some("bun run".to_owned()),
        warn: Some("npm breaks the lockfile".to_owned()),
    };
    Memory {
        owner: OwnerId::new("ann too"),
        project: Some(ProjectId::new("p2")),
        lesson,
        domain: "scripts".to_owned(),
        tags: vec!["bun".to_owned(), "js".to_owned()],
        asserted_by: Speaker::Assistant,
        pinned: true,
        validity: Validity {
            from: at(3),
            to: Some(at(900)),
        },
        recorded_at: at(2),
        retired_at: Some(at(800)),
        seen_at: at(700),
        revision: memory.revision.next(),
        ..memory.clone()
    }
}

both_engines! {
    async fn every_cell_of_a_memory_is_written_and_taken_back(house: House) {
        let store = house.open().await;
        let born = memory("use pnpm", "t1").memory;
        let run_of = "SELECT CAST(run AS TEXT) FROM memories";
        let saving = write(&store, &saved(born.clone(), Vec::new())).await;
        let stood = record(&store, &born.id).await;
        assert_eq!(stood, born);
        let changed = another(&born);
        let updating = Changes { updated: vec![changed.clone()], ..Changes::at(at(5)) };
        let updating = write(&store, &updating).await;
        assert_eq!(record(&store, &born.id).await, changed);
        assert_eq!(house.dump(run_of).await, [updating.0.to_string()]);
        let prints = "SELECT fingerprint FROM memories";
        assert_eq!(house.dump(prints).await, [changed.lesson.fingerprint()]);
        store.undo(updating, at(6)).await.expect("undoes");
        // The revision alone may go on: it says that something has moved.
        let again = record(&store, &born.id).await;
        assert_eq!(Memory { revision: born.revision, ..again }, born);
        assert_eq!(house.dump(run_of).await, [saving.0.to_string()]);
        assert_eq!(house.dump(prints).await, [born.lesson.fingerprint()]);
    }

    async fn every_cell_of_a_link_is_written_and_taken_back(house: House) {
        let store = house.open().await;
        let (one, two) = (memory("use npm", "t1"), memory("use pnpm", "t2"));
        let first = link(&one.memory.id, Some(&two.memory.id), LinkKind::SupersededBy, 4);
        let changes = Changes { links: vec![first.clone()], ..saving(&[one, two]) };
        write(&store, &changes).await;
        let cells = "SELECT id || COALESCE(CAST(ended_at AS TEXT), '-') || why || CAST(run AS TEXT) FROM links";
        let before = house.dump(cells).await;
        let other = Link { why: "a person says so".to_owned(), ..first.clone().ended(at(6)) };
        let run = write(&store, &Changes { links: vec![other.clone()], ..Changes::at(at(6)) }).await;
        let id = other.id();
        let ended = house.dump("SELECT why || CAST(run AS TEXT) FROM links").await;
        assert_eq!(ended, [format!("a person says so{}", run.0)], "{id}");
        // Saying it once more is no news, and nothing to take back.
        let again = write(&store, &Changes { links: vec![other], ..Changes::at(at(7)) }).await;
        assert!(store.undo(again, at(8)).await.is_err());
        store.undo(run, at(9)).await.expect("undoes");
        assert_eq!(house.dump(cells).await, before);
    }

    async fn an_episode_that_is_met_again_keeps_the_run_that_cut_it(house: House) {
        let store = house.open().await;
        let cut = episode("s1", &["t1", "t2"]);
        let first = write(&store, &Changes { episodes: vec![cut.clone()], ..Changes::at(at(1)) }).await;
        let longer = Episode {
            turns: ["t0", "t1", "t2"].map(TurnId::new).to_vec(),
            project: None,
            ..cut
        };
        write(&store, &Changes { episodes: vec![longer], ..Changes::at(at(2)) }).await;
        let cells = house.dump("SELECT CAST(cut_by AS TEXT) || COALESCE(project, '-') FROM episodes").await;
        assert_eq!(cells, [format!("{}p1", first.0)]);
        let turns = "SELECT turn || CAST(ordinal AS TEXT) FROM episode_turns ORDER BY ordinal";
        assert_eq!(house.dump(turns).await, ["t00", "t11", "t22"]);
    }

    async fn a_session_learns_its_project_once(house: House) {
        let store = house.open().await;
        for (project, known) in [(None, "-"), (Some("p1"), "p1"), (Some("p2"), "p1"), (None, "p1")] {
            let seen = Session { project: project.map(ProjectId::new), ..session("s1", 1, 2) };
            write(&store, &Changes { sessions: vec![seen], ..Changes::at(at(1)) }).await;
            let found = house.dump("SELECT COALESCE(project, '-') FROM sessions").await;
            assert_eq!(found, [known]);
        }
    }

    async fn another_tenants_tombstones_and_cursors_are_theirs(house: House) {
        let ann = house.open().await;
        let eve = ann.seen_by(who("other", "ann"));
        let source = Source::unread("/t.jsonl", Format::ClaudeCodeJsonl);
        let reading = |offset| Changes {
            sources: vec![source.clone()],
            cursor: Some((source.id.clone(), Cursor { offset, ..Cursor::default() })),
            turns: vec![turn("t1", "s1", 1, "say plugh")],
            ..saving(&[memory("say plugh", "t1")])
        };
        write(&ann, &reading(5)).await;
        let plugh = Purge::Pattern(Regex::new("plugh").expect("a pattern"));
        ann.purge(&plugh, at(6)).await.expect("purges");
        write(&eve, &reading(7)).await;
        let turns = house.dump("SELECT tenant FROM turns").await;
        assert_eq!(turns, ["other"], "what one tenant purged, another may hold");
        let cursors = "SELECT CAST(cursor_bytes AS TEXT) FROM sources ORDER BY tenant";
        assert_eq!(house.dump(cursors).await, ["5", "7"]);
    }

    async fn what_was_purged_between_two_undos_does_not_come_back(house: House) {
        let store = house.open().await;
        let (one, two) = (memory("use pnpm", "t1"), memory("mind plugh", "t2"));
        write(&store, &saving(&[one.clone(), two.clone()])).await;
        let linked = Changes {
            links: vec![link(&one.memory.id, Some(&two.memory.id), LinkKind::SupersededBy, 3)],
            evidence: vec![(one.memory.id.clone(), evidence("t3", "pnpm, not plugh"))],
            beliefs: vec![belief(&two.memory.id, "s1", 100)],
            ..Changes::at(at(3))
        };
        let linked = write(&store, &linked).await;
        let undone = store.undo(linked, at(4)).await.expect("undoes");
        let plugh = Purge::Pattern(Regex::new("mind plugh").expect("a pattern"));
        store.purge(&plugh, at(5)).await.expect("purges");
        // It may refuse, because what it would take back is gone; it brings nothing back.
        let _ = store.undo(undone.by, at(6)).await;
        assert!(house.dump("SELECT id FROM links").await.is_empty());
        assert!(house.dump("SELECT id FROM beliefs").await.is_empty());
        assert_eq!(house.dump("SELECT what FROM memories").await, ["use pnpm"]);
    }

    async fn a_job_of_a_purged_memory_ends_and_writes_nothing_of_it(house: House) {
        let store = house.open().await;
        let known = memory("mind plugh", "t1");
        let id = known.memory.id.clone();
        write(&store, &saving(std::slice::from_ref(&known))).await;
        let plugh = Purge::Pattern(Regex::new("plugh").expect("a pattern"));
        store.purge(&plugh, at(2)).await.expect("purges");
        let other = memory("use pnpm", "t2");
        let decided = Changes {
            updated: vec![reworded(&known.memory, "mind the plugh")],
            beliefs: vec![belief(&id, "s1", 100)],
            evidence: vec![(id.clone(), evidence("t3", "plugh again"))],
            links: vec![link(&other.memory.id, Some(&id), LinkKind::SupersededBy, 3)],
            ..saving(&[other])
        };
        write(&store, &decided).await;
        assert_eq!(house.dump("SELECT what FROM memories").await, ["use pnpm"]);
        for table in ["SELECT id FROM beliefs", "SELECT id FROM links"] {
            assert!(house.dump(table).await.is_empty(), "{table}");
        }
        assert_eq!(house.dump("SELECT turn FROM evidence").await, ["t2"]);
    }
}

/// Everything of one tenant that an undo or a pruning may touch.
async fn of_other(house: &House) -> Vec<String> {
    let questions = [
        "SELECT CAST(id AS TEXT) || verb || COALESCE(CAST(undone_by AS TEXT), '-') FROM runs
         WHERE tenant = 'other' ORDER BY id",
        "SELECT id || COALESCE(CAST(barred_by AS TEXT), '-') FROM episodes WHERE tenant = 'other'",
        "SELECT CAST(id AS TEXT) || CAST(run AS TEXT) || kind FROM jobs WHERE tenant = 'other'",
        "SELECT CAST(seq AS TEXT) || what || id FROM journal WHERE tenant = 'other' ORDER BY seq",
        "SELECT id || what || standing FROM memories WHERE tenant = 'other'",
    ];
    let mut rows = Vec::new();
    for question in questions {
        rows.extend(house.dump(question).await);
    }
    rows
}

both_engines! {
    async fn an_undo_and_a_pruning_touch_nothing_of_another_tenant(house: House) {
        let ann = house.open().await;
        let eve = ann.seen_by(who("other", "ann"));
        let cut = episode("s1", &["t1"]);
        let work = |job| NextJob { job, due: at(2) };
        let read = Changes {
            next: vec![work(extract(cut.id.as_str(), None)), work(ingest("s"))],
            episodes: vec![cut.clone()],
            ..saving(&[memory("use pnpm", "t1")])
        };
        let run = write(&ann, &read).await;
        assert_eq!(write(&eve, &read).await, run, "both have a run of that number");
        let before = of_other(&house).await;
        let undone = ann.undo(run, at(3)).await.expect("undoes");
        assert_eq!(of_other(&house).await, before);
        let barred = "SELECT id FROM episodes WHERE barred_by IS NOT NULL";
        assert_eq!(house.dump(barred).await, [cut.id.to_string()]);
        // Eve takes hers back too, and Ann takes back that she did.
        eve.undo(run, at(4)).await.expect("undoes");
        let before = of_other(&house).await;
        ann.undo(undone.by, at(5)).await.expect("undoes the undo");
        assert_eq!(of_other(&house).await, before);
        assert_eq!(house.dump(barred).await.len(), 1, "hers may be looked at again");
        // A run that wrote at the very instant is kept.
        let young = write(&ann, &Changes { at: at(100), ..saving(&[memory("use bun", "t2")]) }).await;
        ann.prune_journal(at(100)).await.expect("prunes");
        assert_eq!(of_other(&house).await, before);
        ann.undo(young, at(101)).await.expect("the journal still reaches back");
        let ghost = eve.undo(young, at(102)).await;
        assert!(matches!(ghost, Err(StoreError::Refused(_))), "{ghost:?}");
    }
}

/// A memory that rests on a purged session alone is purged with it, also where an undo could bring it.
#[tokio::test]
async fn a_lesson_of_a_purged_session_does_not_come_back_by_undoing_an_undo() {
    let house = House::sqlite();
    let store = house.open().await;
    let changes = Changes {
        sessions: vec![session("s1", 1, 2)],
        turns: vec![turn("t1", "s1", 1, "use pnpm")],
        ..saving(&[memory("use pnpm", "t1")])
    };
    let run = write(&store, &changes).await;
    let undone = store.undo(run, at(4)).await.expect("undoes");
    let session = Purge::Session(SessionId::new("s1"));
    store.purge(&session, at(5)).await.expect("purges");
    let _ = store.undo(undone.by, at(6)).await;
    assert_eq!(
        house.dump("SELECT what FROM memories").await,
        Vec::<String>::new()
    );
}
