//! A purge leaves no byte, and nothing brings back what it removed.

use std::fs;
use std::path::Path;

use domain::{
    Ask, Author, CallEnd, CallId, Changes, Cursor, Desk as _, Episode, Format, Job, Library as _,
    Memory, NewMemory, Place, Queue as _, Reserved, RunId, Shows, Source, SourceId, View,
};
use jiff::SignedDuration;
use regex::Regex;
use store::{ListWish, Purge, PurgeReport, Store};

use crate::house::*;

/// No word of any language, and no word that a stem would shorten.
const PLANTED: &str = "Xyzzyplugh";

/// Everything that one reading of a transcript brings, with the planted word wherever text can stand.
fn planted(store: &Store) -> Changes {
    let shop = project("shop");
    let secret = turn("t1", "s1", 1, &format!("the password is {PLANTED} here"));
    let other = turn("t2", "s1", 2, "use pnpm");
    let tells = told(store, Some(&shop.id), &format!("remember {PLANTED}"), 5);
    let mut tagged = told(store, Some(&shop.id), "a tag tells", 6);
    tagged.tags = vec![PLANTED.to_lowercase()];
    let quoted = told(store, Some(&shop.id), "rests on the quote alone", 7);
    let both = told(store, Some(&shop.id), "rests on two quotes", 8);
    let evidence = |memory: Memory, evidence| NewMemory { memory, evidence };
    let source = Source::unread("/code/shop/s1.jsonl", Format::ClaudeCodeJsonl);
    let cursor = Cursor {
        offset: 7,
        carry: Some(format!("still open: {PLANTED}")),
        ..Cursor::default()
    };
    let bad = quote(&secret, &format!("password is {PLANTED}"));
    Changes {
        projects: vec![shop.clone()],
        cursor: Some((source.id.clone(), cursor)),
        sources: vec![source],
        sessions: vec![talk("s1", Some(&shop.id), 1)],
        episodes: vec![Episode {
            id: Episode::name(&secret.session, &secret.id),
            session: secret.session.clone(),
            project: Some(shop.id),
            place: Place::default(),
            started_at: at(1),
            turns: vec![secret.id.clone()],
        }],
        saved: vec![
            evidence(tells, vec![bad.clone()]),
            evidence(tagged, Vec::new()),
            evidence(quoted, vec![bad.clone()]),
            evidence(both, vec![bad, quote(&other, "use pnpm")]),
        ],
        turns: vec![secret, other],
        ..Changes::at(at(9))
    }
}

/// A memory that once said it, so that history and journal do.
async fn said_it_once(store: &Store) -> [RunId; 2] {
    let once = told(store, None, &format!("once it said {PLANTED}"), 10);
    let saving = write_as(store, "save", &saved(once.clone(), Vec::new())).await;
    let mut mended = once.clone();
    mended.lesson.what = "it says nothing".to_owned();
    mended.revision = once.revision.next();
    let changes = Changes {
        updated: vec![mended],
        ..Changes::at(at(11))
    };
    [saving, write_as(store, "edit", &changes).await]
}

/// A model was asked about the word, answered with it, and failed on it another time.
async fn asked_about_it(store: &Store) {
    let ask = asked("extract e1", &format!("what does {PLANTED} say"), at(3));
    store
        .freeze(&ask, &Shows::default())
        .await
        .expect("it is kept");
    let first = reserved(store, &ask).await;
    let end = CallEnd::Broken(format!("cannot read {PLANTED}"));
    store.settle(first, &end).await.expect("it is settled");
    let second = reserved(store, &ask).await;
    let end = CallEnd::Answered(answered(&format!("{PLANTED} says this"), at(4)));
    store.settle(second, &end).await.expect("it is settled");
}

async fn reserved(store: &Store, ask: &Ask) -> CallId {
    let budget = domain::Budget {
        day_begins: at(0),
        day_tokens: 1000,
        session_tokens: 1000,
    };
    match store.reserve(&call(ask, 10, at(3)), &budget).await {
        Ok(Reserved::Yes(id)) => id,
        other => panic!("there is room: {other:?}"),
    }
}

async fn failed_on_it(store: &Store) {
    let job = Job::Ingest {
        source: SourceId::new("s"),
    };
    store.enqueue(&job, at(12), at(12)).await.expect("it waits");
    let lease = SignedDuration::from_secs(60);
    let claimed = store
        .claim(at(13), lease)
        .await
        .expect("it is asked")
        .expect("it is due");
    let why = format!("line 3 says {PLANTED}");
    store
        .fail(&claimed, &why, Some(at(99)))
        .await
        .expect("it goes back");
}

fn by_pattern() -> Purge {
    Purge::Pattern(Regex::new("(?i)xyzzyplu").expect("a pattern"))
}

/// Looks through every byte of every file for the word, in any case.
fn traces(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("the folder is there") {
        let path = entry.expect("it can be listed").path();
        if path.is_dir() {
            found.append(&mut traces(&path));
            continue;
        }
        let bytes = fs::read(&path)
            .expect("it can be read")
            .to_ascii_lowercase();
        let word = &PLANTED.to_ascii_lowercase().into_bytes()[..8];
        if bytes.windows(word.len()).any(|window| window == word) {
            found.push(path.display().to_string());
        }
    }
    found
}

/// Closes the store and expects no trace of the word in any of its files.
async fn without_trace(opened: Opened, when: &str) -> Opened {
    let opened = opened.reopened().await;
    let traces = traces(opened.house.folder());
    assert_eq!(traces, Vec::<String>::new(), "{when}");
    opened
}

async fn purge(store: &Store, seconds: i64) -> PurgeReport {
    let purged = store.purge(&by_pattern(), at(seconds)).await;
    purged.expect("it is purged")
}

#[tokio::test]
async fn no_byte_is_left_and_nothing_brings_it_back() {
    let mut opened = House::sqlite().opened().await;
    let changes = planted(&opened.store);
    let mut runs = vec![write_as(&opened.store, "ingest", &changes).await];
    runs.extend(said_it_once(&opened.store).await);
    failed_on_it(&opened.store).await;
    asked_about_it(&opened.store).await;
    opened = opened.reopened().await;
    let there = traces(opened.house.folder());
    assert!(!there.is_empty(), "the word must have been there");

    let report = purge(&opened.store, 20).await;
    assert_eq!(
        (report.turns, report.memories.len(), report.evidence),
        (1, 3, 3)
    );
    assert_eq!((report.asks, report.revisions, report.notes), (1, 3, 3));
    assert!(!report.outside.is_empty());
    opened = without_trace(opened, "after the purge").await;

    let again = Changes {
        at: at(21),
        ..changes
    };
    write_as(&opened.store, "ingest", &again).await;
    opened = opened.reopened().await;
    let sources = opened.store.sources().await.expect("sources");
    assert!(
        sources[0].cursor.carry.is_some(),
        "what the reader keeps is its own affair and comes back with it"
    );
    purge(&opened.store, 22).await;
    opened = without_trace(opened, "after it was read again").await;

    for run in runs.into_iter().rev() {
        // Some refuse, because what they would take back is gone; none brings anything back.
        let _ = opened.store.undo(run, at(30)).await;
    }
    without_trace(opened, "after undo").await;
}

#[tokio::test]
async fn no_byte_is_left_while_the_store_is_still_open() {
    let opened = House::sqlite().opened().await;
    write_as(&opened.store, "ingest", &planted(&opened.store)).await;
    // Another of our programs is open too, and reads nothing just now.
    let other = opened.house.open().await;
    other.status().await.expect("a status");
    assert!(!traces(opened.house.folder()).is_empty(), "it is there");
    let report = purge(&opened.store, 20).await;
    assert_eq!(traces(opened.house.folder()), Vec::<String>::new());
    assert_eq!(report.outside.len(), 1, "nobody reads the log");
}

#[tokio::test]
async fn a_purged_archive_takes_no_room() {
    let opened = House::sqlite().opened().await;
    // Bytes that do not compress: every turn fills a page or more.
    let noise = |n: u64| (0..900).map(move |at| format!("{:x}", (n * 7919 + at).pow(3)));
    let turns = (0..200).map(|n| {
        let words: Vec<String> = noise(n).collect();
        turn(&format!("t{n}"), "s9", 9, &words.join(" "))
    });
    let changes = Changes {
        turns: turns.collect(),
        ..Changes::at(at(9))
    };
    write_as(&opened.store, "ingest", &changes).await;
    let opened = opened.reopened().await;
    let bytes = || fs::metadata(opened.house.path()).expect("there").len();
    let full = bytes();
    let all = Purge::Before(at(10));
    opened.store.purge(&all, at(20)).await.expect("is purged");
    assert!(bytes() < full / 2, "{} of {full} bytes are left", bytes());
}

#[tokio::test]
async fn what_was_purged_stays_away_and_the_rest_stays() {
    on_both(async |house| {
        let store = &house.store;
        let changes = planted(store);
        write_as(store, "ingest", &changes).await;
        said_it_once(store).await;
        let preview = store.purge_preview(&by_pattern()).await.expect("a preview");
        let done = store
            .purge(&by_pattern(), at(20))
            .await
            .expect("it is purged");
        assert_eq!(preview.memories, done.memories);
        write_as(
            store,
            "ingest",
            &Changes {
                at: at(21),
                ..changes.clone()
            },
        )
        .await;
        let left = store
            .list(&ListWish::all(View::default(), 99))
            .await
            .expect("a list");
        let mut whats: Vec<&str> = left.iter().map(|r| r.memory.lesson.what.as_str()).collect();
        whats.sort_unstable();
        assert_eq!(whats, ["it says nothing", "rests on two quotes"]);
        let stays = left.iter().find(|record| record.evidence.len() == 1);
        assert_eq!(
            stays.expect("one quote is left").evidence[0].quote,
            "use pnpm"
        );
        let known = store
            .known_turns(&[changes.turns[0].id.clone()])
            .await
            .expect("names");
        assert_eq!(
            known.len(),
            1,
            "a purged turn is known, so it is not read again"
        );
        let elsewhere = turn("t9", "s1", 40, &format!("again: remember {PLANTED}"));
        let told = told(store, None, &format!("remember {PLANTED}"), 41);
        let fingerprint = told.lesson.fingerprint();
        write_as(
            store,
            "extract",
            &saved(told, vec![quote(&elsewhere, "again")]),
        )
        .await;
        let said = store.saying(None, &fingerprint).await.expect("records");
        assert!(
            said.is_empty(),
            "another source does not bring the words back"
        );
        let talk = store
            .conversation(&changes.turns[0].session, None, 9)
            .await
            .expect("a talk");
        assert_eq!(talk, changes.turns[1..]);
    })
    .await;
}

#[tokio::test]
async fn a_session_a_project_and_a_time_can_be_purged() {
    on_both(async |house| {
        let store = &house.store;
        let shop = project("shop");
        let mut changes = Changes::at(at(9));
        changes.projects = vec![shop.clone()];
        changes.sessions = vec![
            talk("s1", Some(&shop.id), 1),
            talk("s2", None, 1),
            talk("s3", None, 1),
        ];
        changes.turns = vec![
            turn("t1", "s1", 1, "one"),
            turn("t2", "s2", 2, "two"),
            turn("t3", "s3", 300, "three"),
        ];
        changes.saved = changes
            .turns
            .iter()
            .map(|turn| NewMemory {
                memory: told(store, None, &format!("rests on {}", turn.id), 9),
                evidence: vec![quote(turn, "quote")],
            })
            .collect();
        write_as(store, "ingest", &changes).await;
        for (purge, turns, memories) in [
            (Purge::Session(changes.turns[1].session.clone()), 1, 1),
            (Purge::Project(shop.id), 1, 1),
            (Purge::Before(at(300)), 0, 0),
            (Purge::Before(at(400)), 1, 1),
        ] {
            let report = store.purge(&purge, at(500)).await.expect("it is purged");
            assert_eq!(
                (report.turns, report.memories.len()),
                (turns, memories),
                "{purge:?}"
            );
            assert!(
                store
                    .purge_preview(&purge)
                    .await
                    .expect("a preview")
                    .is_empty()
            );
        }
        let left = store
            .list(&ListWish::all(View::default(), 99))
            .await
            .expect("a list");
        assert!(left.is_empty());
        let by = Author::Person("ingest".to_owned());
        store
            .apply(&changes, &by)
            .await
            .expect("it can be read again");
        let left = store
            .list(&ListWish::all(View::default(), 99))
            .await
            .expect("a list");
        assert!(left.is_empty(), "reading it again restores nothing");
    })
    .await;
}
