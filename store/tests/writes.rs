//! What is written, what is refused, and what stands after the same thing is written twice.

mod house;

use domain::*;
use house::*;

/// Everything that a run writes, but for runs and history, as text.
async fn state(house: &House) -> Vec<String> {
    let questions = [
        "SELECT id || '|' || what || '|' || standing || '|' || CAST(revision AS TEXT) FROM memories ORDER BY 1",
        "SELECT id || '|' || memory || '|' || quote FROM evidence ORDER BY 1",
        "SELECT id || '|' || memory || '|' || CAST(weight AS TEXT) FROM beliefs ORDER BY 1",
        "SELECT id || '|' || kind || '|' || COALESCE(CAST(ended_at AS TEXT), '') FROM links ORDER BY 1",
        "SELECT id || '|' || session || '|' || COALESCE(project, '') FROM turns ORDER BY 1",
        "SELECT session || '|' || turn FROM session_turns ORDER BY 1",
        "SELECT episode || '|' || turn || '|' || CAST(ordinal AS TEXT) FROM episode_turns ORDER BY 1",
        "SELECT id || '|' || CAST(cursor_bytes AS TEXT) FROM sources ORDER BY 1",
        "SELECT id || '|' || CAST(started_at AS TEXT) || '|' || CAST(ended_at AS TEXT) FROM sessions ORDER BY 1",
        "SELECT kind || '|' || id || '|' || CAST(tokens AS TEXT) FROM docs ORDER BY 1",
    ];
    let mut state = Vec::new();
    for question in questions {
        state.extend(house.dump(question).await);
    }
    state
}

/// What one pass over a transcript wants written.
fn pass() -> Changes {
    let source = Source::unread("/home/ann/t.jsonl", Format::ClaudeCodeJsonl);
    let cursor = Cursor {
        offset: 500,
        last: Some(TurnId::new("t2")),
        ..Cursor::default()
    };
    let known = memory("use pnpm", "t1");
    Changes {
        projects: Project::from_aliases(vec![Alias {
            kind: AliasKind::Path,
            value: "/home/ann/shop".to_owned(),
        }])
        .into_iter()
        .collect(),
        cursor: Some((source.id.clone(), cursor)),
        sources: vec![source],
        sessions: vec![session("s1", 10, 20)],
        turns: vec![
            turn("t1", "s1", 1, "use pnpm, never npm"),
            turn("t2", "s1", 2, "ok"),
        ],
        episodes: vec![episode("s1", &["t1", "t2"])],
        beliefs: vec![belief(&known.memory.id, "s1", 200)],
        links: vec![link(&known.memory.id, None, LinkKind::Proposed, 3)],
        saved: vec![known],
        ..Changes::at(at(3))
    }
}

both_engines! {
    async fn the_same_changes_twice_are_the_same_house(house: House) {
        let store = house.open().await;
        write(&store, &pass()).await;
        let once = state(&house).await;
        assert!(once.len() > 12, "{once:?}");
        write(&store, &pass()).await;
        assert_eq!(state(&house).await, once);
        let told = house.dump("SELECT CAST(COUNT(*) AS TEXT) FROM journal").await;
        assert_eq!(told, ["4"], "memory, evidence, belief and link, once each");
    }

    async fn a_job_that_ran_twice_leaves_what_it_left_once(house: House) {
        let store = house.open().await;
        for _ in 0..2 {
            store.enqueue(&ingest("s"), at(0), at(0)).await.expect("enqueues");
            let job = store.claim(at(1), seconds(60)).await.expect("claims").expect("is due");
            let done = store.finish(&job, &pass()).await.expect("finishes");
            assert_eq!(done.run(), Some(job.run));
        }
        let twice = state(&house).await;
        let other = match &house.place {
            store::Place::File(_) => House::sqlite(),
            store::Place::Server(_) => House::postgres().await,
        };
        let store = other.open().await;
        write(&store, &pass()).await;
        assert_eq!(state(&other).await, twice);
    }

    async fn a_known_turn_only_gains_the_session_that_contains_it(house: House) {
        let store = house.open().await;
        let first = Changes {
            turns: vec![turn("t1", "s1", 1, "as it was first read")],
            ..Changes::at(at(1))
        };
        write(&store, &first).await;
        let fork = Changes {
            turns: vec![turn("t1", "s2", 7, "as a fork tells it")],
            ..Changes::at(at(2))
        };
        write(&store, &fork).await;
        assert_eq!(house.dump("SELECT session FROM turns").await, ["s1"]);
        let contained = house.dump("SELECT session FROM session_turns ORDER BY 1").await;
        assert_eq!(contained, ["s1", "s2"]);
    }

    async fn what_is_let_in_again_is_read_from_its_beginning(house: House) {
        let ann = house.open().await;
        let bob = ann.seen_by(who("acme", "bob"));
        let source = Source::unread("/t.jsonl", Format::ClaudeCodeJsonl);
        let read = Cursor {
            offset: 77,
            last: Some(TurnId::new("t1")),
            head: Some("head".to_owned()),
            carry: Some("carry".to_owned()),
        };
        let reading = Changes {
            sources: vec![source.clone()],
            cursor: Some((source.id.clone(), read.clone())),
            ..Changes::at(at(1))
        };
        write(&ann, &reading).await;
        write(&bob, &reading).await;
        let cursor = async |store: &store::Store| {
            let found = store.source(&source.id).await.expect("reads");
            found.expect("it is known").cursor
        };
        let secret = Exclusion::Path("/srv/secret".to_owned());
        assert!(!ann.include(&secret, at(2)).await.expect("answers"), "it was not kept out");
        ann.exclude(&secret, at(2)).await.expect("keeps out");
        assert_eq!(cursor(&ann).await, read, "nothing was let in");
        assert!(ann.include(&secret, at(2)).await.expect("lets in"));
        assert_eq!(cursor(&ann).await, Cursor::default());
        assert_eq!(cursor(&bob).await, read, "what is another's stays theirs");
    }

    async fn a_session_only_grows(house: House) {
        let store = house.open().await;
        for (from, to) in [(10, 20), (15, 30), (5, 12)] {
            let seen = Changes { sessions: vec![session("s1", from, to)], ..Changes::at(at(1)) };
            write(&store, &seen).await;
        }
        let span = house
            .dump("SELECT CAST((ended_at - started_at) / 1000 AS TEXT) FROM sessions")
            .await;
        assert_eq!(span, ["25"]);
    }

    async fn a_turn_belongs_to_the_project_of_its_episode(house: House) {
        let store = house.open().await;
        let elsewhere = Episode {
            project: Some(ProjectId::new("p2")),
            ..episode("s1", &["t2"])
        };
        let changes = Changes {
            sessions: vec![session("s1", 1, 2)],
            turns: vec![turn("t1", "s1", 1, "a"), turn("t2", "s1", 2, "b")],
            episodes: vec![elsewhere],
            ..Changes::at(at(1))
        };
        write(&store, &changes).await;
        let projects = house.dump("SELECT id || '|' || project FROM turns ORDER BY 1").await;
        assert_eq!(projects, ["t1|p1", "t2|p2"]);
    }

    async fn what_was_decided_on_a_memory_that_moved_is_not_written(house: House) {
        let store = house.open().await;
        let known = memory("use pnpm", "t1");
        let id = known.memory.id.clone();
        write(&store, &saving(std::slice::from_ref(&known))).await;
        let second = reworded(&known.memory, "use pnpm or bun");
        write(&store, &Changes { updated: vec![second.clone()], ..Changes::at(at(2)) }).await;
        let before = state(&house).await;
        let by = Author::Person("edit".to_owned());
        let stale = Finished::Stale(vec![id.clone()]);
        let on_the_first = Changes {
            read: vec![(id.clone(), Revision(1))],
            saved: vec![memory("another", "t9")],
            ..Changes::at(at(3))
        };
        assert_eq!(store.apply(&on_the_first, &by).await.expect("answers"), stale);
        let over_the_second = Changes { updated: vec![second], ..Changes::at(at(3)) };
        assert_eq!(store.apply(&over_the_second, &by).await.expect("answers"), stale);
        let of_nobody = Changes {
            beliefs: vec![belief(&MemoryId::new("m-none"), "s1", 100)],
            ..Changes::at(at(3))
        };
        let missing = Finished::Stale(vec![MemoryId::new("m-none")]);
        assert_eq!(store.apply(&of_nobody, &by).await.expect("answers"), missing);
        assert_eq!(state(&house).await, before);
        let runs = house.dump("SELECT CAST(COUNT(*) AS TEXT) FROM runs").await;
        assert_eq!(runs, ["2"], "a refused write leaves no run");
    }

    async fn a_stale_job_stays_claimed_so_that_its_worker_decides_again(house: House) {
        let store = house.open().await;
        store.enqueue(&extract("e", None), at(0), at(0)).await.expect("enqueues");
        let job = store.claim(at(1), seconds(60)).await.expect("claims").expect("is due");
        let stale = Changes {
            read: vec![(MemoryId::new("m-none"), Revision(1))],
            ..Changes::at(at(2))
        };
        assert!(matches!(store.finish(&job, &stale).await, Ok(Finished::Stale(_))));
        assert!(matches!(store.finish(&job, &pass()).await, Ok(Finished::Done { .. })));
    }

    async fn a_memory_that_exists_is_not_born_again(house: House) {
        let store = house.open().await;
        let known = memory("use pnpm", "t1");
        write(&store, &saving(std::slice::from_ref(&known))).await;
        let forgotten = link(&known.memory.id, None, LinkKind::Forgotten, 5);
        write(&store, &Changes { links: vec![forgotten], ..Changes::at(at(5)) }).await;
        write(&store, &saving(std::slice::from_ref(&known))).await;
        let standing = house.dump("SELECT standing FROM memories").await;
        assert_eq!(standing, ["forgotten"], "what a person forgot stays forgotten");
    }

    async fn a_standing_follows_its_links(house: House) {
        let store = house.open().await;
        let (old, new) = (memory("use npm", "t1"), memory("use pnpm", "t2"));
        write(&store, &saving(&[old.clone(), new.clone()])).await;
        let over = link(&old.memory.id, Some(&new.memory.id), LinkKind::SupersededBy, 4);
        write(&store, &Changes { links: vec![over.clone()], ..Changes::at(at(4)) }).await;
        let standing = "SELECT what || ' ' || standing FROM memories ORDER BY what";
        assert_eq!(house.dump(standing).await, ["use npm superseded", "use pnpm active"]);
        write(&store, &Changes { links: vec![over.ended(at(6))], ..Changes::at(at(6)) }).await;
        assert_eq!(house.dump(standing).await, ["use npm active", "use pnpm active"]);
    }

    async fn a_cursor_of_an_unknown_source_moves_nothing(house: House) {
        let store = house.open().await;
        let lost = Changes {
            turns: vec![turn("t1", "s1", 1, "said")],
            cursor: Some((SourceId::new("unknown"), Cursor::default())),
            ..Changes::at(at(1))
        };
        let by = Author::Worker;
        assert!(matches!(store.apply(&lost, &by).await, Err(StoreError::Refused(_))));
        assert!(house.dump("SELECT id FROM turns").await.is_empty());
    }

    async fn tenants_and_owners_keep_apart(house: House) {
        let ann = house.open().await;
        let eve = ann.seen_by(who("other", "eve"));
        write(&ann, &pass()).await;
        write(&eve, &pass()).await;
        let count = |table: &'static str| house.dump(table);
        assert_eq!(count("SELECT tenant FROM memories ORDER BY 1").await, ["acme", "other"]);
        assert_eq!(count("SELECT tenant FROM turns ORDER BY 1").await.len(), 4);
        // Two people of one tenant may have different files at the same path.
        let bob = ann.seen_by(who("acme", "bob"));
        let source = Source::unread("/home/ann/t.jsonl", Format::ClaudeCodeJsonl);
        write(&bob, &Changes { sources: vec![source], ..Changes::at(at(1)) }).await;
        let cursors = "SELECT owner || CAST(cursor_bytes AS TEXT) FROM sources WHERE tenant = 'acme' ORDER BY 1";
        assert_eq!(count(cursors).await, ["ann500", "bob0"]);
    }

    async fn what_was_purged_is_not_written_again(house: House) {
        let store = house.open().await;
        write(&store, &Changes::at(at(0))).await;
        let quoted = memory("use pnpm", "t1");
        let evidence = quoted.evidence[0].id(&quoted.memory.id);
        bury(&house, "turn", "t1").await;
        write(&store, &pass()).await;
        assert_eq!(house.dump("SELECT id FROM turns").await, ["t2"]);
        assert!(house.dump("SELECT id FROM memories").await.is_empty(), "its last quote is gone");
        assert!(house.dump("SELECT id FROM beliefs").await.is_empty());
        let quotes = NewMemory {
            evidence: vec![quoted.evidence[0].clone(), house::evidence("t5", "pnpm it is")],
            ..quoted.clone()
        };
        write(&store, &saving(&[quotes])).await;
        assert_eq!(house.dump("SELECT turn FROM evidence").await, ["t5"]);
        let other = memory("use bun", "t6");
        bury(&house, "memory", other.memory.id.as_str()).await;
        write(&store, &saving(&[other])).await;
        assert_eq!(house.dump("SELECT what FROM memories").await, ["use pnpm"]);
        assert!(!evidence.as_str().is_empty());
    }

    async fn every_state_of_a_memory_stays_in_its_history(house: House) {
        let store = house.open().await;
        let known = memory("use npm", "t1");
        write(&store, &saving(std::slice::from_ref(&known))).await;
        let second = reworded(&known.memory, "use pnpm");
        write(&store, &Changes { updated: vec![second], ..Changes::at(at(2)) }).await;
        let bodies = house.dump("SELECT body FROM revisions ORDER BY number").await;
        let said: Vec<String> = bodies
            .iter()
            .map(|body| serde_json::from_str::<Memory>(body).expect("a memory").lesson.what)
            .collect();
        assert_eq!(said, ["use npm", "use pnpm"]);
    }
}

/// Puts a name among the purged, as `purge` does.
async fn bury(house: &House, kind: &str, id: &str) {
    let text =
        format!("INSERT INTO tombstones (tenant, kind, id) VALUES ('acme', '{kind}', '{id}')");
    house.run(&text).await;
}
