//! What a purge reaches, and what it must leave: every place where words stand, and nobody else's.
//!
//! That no byte is left of it stands in `reads/purge.rs`.

mod house;

use domain::*;
use house::*;
use regex::Regex;
use store::{ListWish, Purge, Store};

async fn held(store: &Store) -> Vec<String> {
    let all = store.list(&ListWish::all(View::default(), 99)).await;
    let all = all.expect("a list");
    whats(&all).into_iter().map(str::to_owned).collect()
}

async fn purge(store: &Store, purge: Purge) {
    store.purge(&purge, at(500)).await.expect("purges");
}

fn pattern(text: &str) -> Purge {
    Purge::Pattern(Regex::new(text).expect("a pattern"))
}

/// A quote of a turn that was never archived here, as an import brings it.
fn imported(session: &str, turn: &str, words: &str, when: i64) -> Evidence {
    Evidence {
        session: SessionId::new(session),
        at: at(when),
        ..evidence(turn, words)
    }
}

/// Everything of one person in which words can stand, all of it about plugh.
fn everything(store: &Store) -> Changes {
    let who = &store.who().owner;
    let shop = project("shop");
    let session = format!("s-{who}");
    let said = turn(&format!("t-{who}"), &session, 1, "say plugh");
    let source = Source::unread("/code/shop/s.jsonl", Format::ClaudeCodeJsonl);
    let cursor = Cursor {
        offset: 7,
        carry: Some("plugh".to_owned()),
        ..Cursor::default()
    };
    let quoted = told(store, Some(&shop.id), &format!("{who} rests on a quote"), 2);
    let plain = told(store, Some(&shop.id), &format!("{who} wrote plugh down"), 3);
    let mut why = link(&quoted.id, Some(&plain.id), LinkKind::Proposed, 4);
    why.why = "plugh".to_owned();
    Changes {
        projects: vec![shop.clone()],
        sources: vec![source.clone()],
        cursor: Some((source.id, cursor)),
        sessions: vec![talk(&session, Some(&shop.id), 1)],
        links: vec![why],
        saved: vec![
            NewMemory {
                memory: quoted,
                evidence: vec![quote(&said, "say plugh")],
            },
            NewMemory {
                memory: plain,
                evidence: Vec::new(),
            },
        ],
        turns: vec![said],
        ..Changes::at(at(5))
    }
}

/// What is there of each person and tenant, row by row.
async fn rows(house: &House) -> Vec<String> {
    let questions = [
        "SELECT tenant || owner || id || what || standing FROM memories ORDER BY 1",
        "SELECT tenant || id || memory || quote FROM evidence ORDER BY 1",
        "SELECT tenant || id || why FROM links ORDER BY 1",
        "SELECT tenant || owner || id FROM turns ORDER BY 1",
        "SELECT tenant || owner || COALESCE(cursor_carry, '-') FROM sources ORDER BY 1",
        "SELECT tenant || owner || COALESCE(why, '-') FROM jobs ORDER BY 1",
        "SELECT tenant || owner || id || request FROM asks ORDER BY 1",
        "SELECT r.tenant || r.memory || CAST(r.number AS TEXT) FROM revisions AS r ORDER BY 1",
        "SELECT j.tenant || CAST(j.seq AS TEXT) || COALESCE(j.was, '-') FROM journal AS j ORDER BY 1",
        "SELECT tenant || kind || owner || id FROM docs ORDER BY 1",
    ];
    let mut rows = Vec::new();
    for question in questions {
        rows.extend(house.dump(question).await);
    }
    rows
}

async fn settle(store: &Store) {
    write(store, &everything(store)).await;
    let plain = everything(store).saved.remove(1).memory;
    let edited = reworded(&plain, "it says nothing");
    write(
        store,
        &Changes {
            updated: vec![edited.clone()],
            ..Changes::at(at(6))
        },
    )
    .await;
    let back = reworded(&edited, &plain.lesson.what);
    write(
        store,
        &Changes {
            updated: vec![back],
            ..Changes::at(at(7))
        },
    )
    .await;
    store
        .enqueue(&ingest("s"), at(0), at(0))
        .await
        .expect("waits");
    let job = store
        .claim(at(1), seconds(60))
        .await
        .expect("claims")
        .expect("is due");
    store.fail(&job, "plugh", Some(at(9))).await.expect("fails");
    let ask = asked("extract e1", "what is plugh?", at(8));
    let ask = Ask {
        id: Ask::name(&store.who().owner, &ask.about, &ask.prompt, &ask.model),
        session: None,
        ..ask
    };
    let kept = store.freeze(&ask, &Shows::default()).await;
    kept.expect("is kept").expect("nothing is gone");
}

both_engines! {
    async fn whatever_is_purged_is_ones_own_and_of_ones_own_tenant(house: House) {
        let bob = house.open_for(who("acme", "bob")).await;
        let eve = house.open_for(who("other", "bob")).await;
        let other_ann = house.open_for(who("other", "ann")).await;
        for store in [&bob, &eve, &other_ann] {
            settle(store).await;
        }
        let before = rows(&house).await;
        let ann = house.open().await;
        for what in [
            pattern("plugh"),
            Purge::Project(project("shop").id),
            Purge::Session(SessionId::new("s-bob")),
            Purge::Session(SessionId::new("s-ann")),
            Purge::Before(at(400)),
        ] {
            let preview = ann.purge_preview(&what).await.expect("previews");
            assert!(preview.is_empty(), "{what:?}: {preview:?}");
            purge(&ann, what).await;
        }
        assert_eq!(rows(&house).await, before);
        purge(&bob, pattern("plugh")).await;
        let mut eves = before;
        eves.retain(|row| row.starts_with("other"));
        let mut after = rows(&house).await;
        after.retain(|row| row.starts_with("other"));
        assert_eq!(after, eves);
        assert_eq!(held(&bob).await, Vec::<String>::new());
    }

    async fn quotes_of_turns_that_were_never_archived_go_too(house: House) {
        let store = house.open().await;
        let of = |what: &str, evidence: Evidence| NewMemory {
            memory: told(&store, None, what, 300),
            evidence: vec![evidence],
        };
        let branch = Evidence {
            branch: Some("fix-plugh".to_owned()),
            ..imported("s1", "t3", "on a branch", 300)
        };
        let mut half = of("one of two", branch.clone());
        half.evidence.push(imported("s1", "t6", "words", 300));
        let everything = Changes {
            saved: vec![
                of("one of the session", imported("s9", "t1", "words", 300)),
                of("one of old", imported("s1", "t2", "words", 10)),
                of("one by its branch", branch),
                half.clone(),
                of("one by its quote", imported("s1", "t4", "plugh was said", 300)),
                of("one that stays", imported("s1", "t5", "words", 300)),
            ],
            ..Changes::at(at(300))
        };
        write(&store, &everything).await;
        for (what, left) in [
            (Purge::Session(SessionId::new("s9")), 5),
            (Purge::Before(at(20)), 4),
            (pattern("fix-plugh"), 3),
            (pattern("plugh was"), 2),
        ] {
            purge(&store, what.clone()).await;
            assert_eq!(held(&store).await.len(), left, "{what:?}");
        }
        // Their names are known, so reading the same again brings none of them back.
        write(&store, &Changes { at: at(600), ..everything }).await;
        assert_eq!(held(&store).await, ["one of two", "one that stays"]);
        let quotes = "SELECT turn FROM evidence ORDER BY 1";
        assert_eq!(house.dump(quotes).await, ["t5", "t6"]);
    }

    async fn what_a_person_wrote_down_goes_by_its_project_its_place_and_its_date(house: House) {
        let store = house.open().await;
        let (shop, clone) = (project("shop"), project("clone"));
        let mut placed = told(&store, Some(&shop.id), "of a package", 300);
        placed.lesson.scope = Scope::Path("packages/plugh".to_owned());
        let plain = |project: Option<&ProjectId>, what: &str, when| NewMemory {
            memory: told(&store, project, what, when),
            evidence: Vec::new(),
        };
        let said = turn("t1", "s1", 300, "said in the clone");
        let changes = Changes {
            projects: vec![shop.clone(), clone.clone()],
            sessions: vec![talk("s1", Some(&clone.id), 300)],
            turns: vec![said],
            saved: vec![
                plain(Some(&clone.id), "of the clone", 300),
                plain(None, "old", 10),
                plain(None, "at the instant", 20),
                NewMemory { memory: placed, evidence: Vec::new() },
            ],
            ..Changes::at(at(300))
        };
        write(&store, &changes).await;
        store.merge_projects(&clone.id, &shop.id, at(301)).await.expect("merges");
        purge(&store, pattern("plugh")).await;
        assert_eq!(held(&store).await, ["at the instant", "of the clone", "old"]);
        purge(&store, Purge::Before(at(20))).await;
        assert_eq!(held(&store).await, ["at the instant", "of the clone"]);
        purge(&store, Purge::Project(shop.id)).await;
        assert_eq!(held(&store).await, ["at the instant"]);
        assert!(house.dump("SELECT id FROM turns").await.is_empty(), "they are one project");
    }

    async fn what_stood_behind_a_purged_memory_stands_for_itself_again(house: House) {
        let store = house.open().await;
        let parent = told(&store, None, "plugh above all", 1);
        let child = told(&store, None, "behind it", 2);
        let old = told(&store, None, "overtaken by it", 3);
        let mut changes = Changes::at(at(4));
        for memory in [&parent, &child, &old] {
            changes.saved.extend(saved(memory.clone(), Vec::new()).saved);
        }
        changes.links = vec![
            link(&child.id, Some(&parent.id), LinkKind::ArchivedBehind, 4),
            link(&old.id, Some(&parent.id), LinkKind::SupersededBy, 4),
        ];
        write(&store, &changes).await;
        purge(&store, pattern("plugh")).await;
        let standing = house.dump("SELECT what || ': ' || standing FROM memories ORDER BY 1").await;
        assert_eq!(standing, ["behind it: active", "overtaken by it: superseded"]);
        // Also when its standing is derived anew.
        let edited = vec![reworded(&old, "overtaken, and edited")];
        write(&store, &Changes { updated: edited, ..Changes::at(at(600)) }).await;
        let old = "SELECT standing FROM memories WHERE what = 'overtaken, and edited'";
        assert_eq!(house.dump(old).await, ["superseded"]);
    }

    async fn an_episode_goes_with_the_last_of_its_turns(house: House) {
        let store = house.open().await;
        let (whole, half) = (episode("s1", &["t1"]), episode("s1", &["t2", "t3"]));
        let turns = [(1, "plugh alone"), (2, "plugh too"), (3, "and xyzzy")]
            .map(|(n, words)| turn(&format!("t{n}"), "s1", n, words));
        let changes = Changes {
            sessions: vec![session("s1", 1, 3)],
            turns: turns.to_vec(),
            episodes: vec![whole, half.clone()],
            ..Changes::at(at(3))
        };
        write(&store, &changes).await;
        purge(&store, pattern("plugh")).await;
        assert_eq!(house.dump("SELECT id FROM episodes").await, [half.id.to_string()]);
        let left = store.episode(&half.id).await.expect("reads");
        assert_eq!(left.expect("one turn of it is left").1, turns[2..]);
        purge(&store, pattern("xyzzy")).await;
        assert!(house.dump("SELECT id FROM episodes").await.is_empty());
    }

    async fn a_reason_that_says_it_is_emptied_and_its_link_still_holds(house: House) {
        let store = house.open().await;
        let (old, new) = (memory("use npm", "t1"), memory("use pnpm", "t2"));
        let mut over = link(&old.memory.id, Some(&new.memory.id), LinkKind::SupersededBy, 3);
        over.why = "since plugh said so".to_owned();
        let near = link(&new.memory.id, Some(&old.memory.id), LinkKind::Near, 3);
        let changes = Changes { links: vec![over, near], ..saving(&[old, new]) };
        write(&store, &changes).await;
        let done = store.purge(&pattern("plugh"), at(4)).await.expect("purges");
        assert_eq!((done.notes, done.memories.len()), (1, 0));
        let whys = "SELECT kind || ': ' || why FROM links ORDER BY 1";
        assert_eq!(house.dump(whys).await, ["near: a test says so", "superseded-by: "]);
        let standing = "SELECT what || ': ' || standing FROM memories ORDER BY 1";
        assert_eq!(house.dump(standing).await, ["use npm: superseded", "use pnpm: active"]);
    }

    async fn whatever_hangs_on_a_purged_memory_or_turn_goes_with_it(house: House) {
        let store = house.open().await;
        let said = turn("t1", "s1", 1, "yes, like that");
        let gone = told(&store, None, "mind plugh", 2);
        let changes = Changes {
            sessions: vec![session("s1", 1, 3)],
            turns: vec![said.clone(), turn("t2", "s1", 2, "plugh itself")],
            beliefs: vec![belief(&gone.id, "s1", 100)],
            links: vec![link(&gone.id, None, LinkKind::Proposed, 3)],
            ..saved(gone, vec![quote(&said, "yes, like that")])
        };
        write(&store, &changes).await;
        purge(&store, pattern("plugh")).await;
        for hangs in ["SELECT quote FROM evidence", "SELECT id FROM beliefs", "SELECT id FROM links"] {
            assert!(house.dump(hangs).await.is_empty(), "{hangs}");
        }
        assert_eq!(house.dump("SELECT turn FROM session_turns").await, ["t1"]);
    }

    /// A trigger stands for a reader that is at work: it writes once the purge has looked.
    async fn what_is_written_while_a_purge_looks_goes_too(house: House) {
        let store = house.open().await;
        let source = Source::unread("/code/shop/s.jsonl", Format::ClaudeCodeJsonl);
        let changes = Changes {
            sources: vec![source],
            turns: vec![turn("t1", "s1", 1, "say plugh")],
            ..Changes::at(at(1))
        };
        write(&store, &changes).await;
        let writes = "UPDATE sources SET cursor_carry = 'still open: plugh'";
        house.run(&match &house.place {
            store::Place::File(_) => format!("CREATE TRIGGER reader AFTER DELETE ON turns BEGIN {writes}; END"),
            store::Place::Server(_) => format!(
                "CREATE FUNCTION reader() RETURNS trigger LANGUAGE plpgsql
                 AS $$ BEGIN {writes}; RETURN NULL; END $$;
                 CREATE TRIGGER reader AFTER DELETE ON turns FOR EACH ROW EXECUTE FUNCTION reader()"
            ),
        })
        .await;
        let done = store.purge(&pattern("plugh"), at(4)).await.expect("purges");
        assert_eq!((done.turns, done.notes), (1, 1));
        assert_eq!(house.dump("SELECT COALESCE(cursor_carry, '-') FROM sources").await, ["-"]);
    }

    async fn what_was_taken_back_goes_with_its_session_its_project_and_its_time(house: House) {
        const LEFT: &str = "SELECT tenant FROM revisions WHERE body LIKE '%plugh%'
            UNION SELECT tenant FROM journal WHERE was LIKE '%plugh%'
            UNION SELECT tenant FROM former WHERE body LIKE '%plugh%'";
        for (tenant, what) in [
            ("by-session", Purge::Session(SessionId::new("s1"))),
            ("by-project", Purge::Project(project("shop").id)),
            ("by-time", Purge::Before(at(400))),
        ] {
            let store = house.open_for(who(tenant, "ann")).await;
            let said = turn("t1", "s1", 1, "the word is plugh");
            let told = told(&store, Some(&project("shop").id), "it is plugh", 3);
            let changes = Changes {
                projects: vec![project("shop")],
                sessions: vec![talk("s1", Some(&project("shop").id), 1)],
                turns: vec![said.clone()],
                ..saved(told, vec![quote(&said, "the word is plugh")])
            };
            let by = Author::Person("save".to_owned());
            let done = store.apply(&changes, &by).await.expect("is written");
            let Finished::Done { run, .. } = done else { panic!("{done:?}") };
            let undone = store.undo(run, at(9)).await.expect("is taken back");
            assert!(house.dump(LEFT).await.contains(&tenant.to_owned()), "it is there at first");
            purge(&store, what).await;
            assert!(!house.dump(LEFT).await.contains(&tenant.to_owned()), "{tenant}");
            // Some refuse, because what they would bring back is gone; none brings it back.
            let _ = store.undo(undone.by, at(500)).await;
            assert!(!house.dump(LEFT).await.contains(&tenant.to_owned()), "{tenant}");
            assert_eq!(held(&store).await, Vec::<String>::new());
        }
    }
}
