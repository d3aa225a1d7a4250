//! What earlier programs wrote is still read and written by this one: their stores and their exports.
//!
//! The files in `fixtures` are never written to; each test works on a copy.

mod house;

use std::fs;
use std::path::{Path, PathBuf};

use domain::*;
use house::*;
use store::{Change, Found, ListWish, Store};

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures")
        .join(name)
}

fn export_1() -> Vec<String> {
    let text = fs::read_to_string(fixture("export-1.jsonl")).expect("it is there");
    text.lines().map(str::to_owned).collect()
}

/// The same as it is exported since: every memory at its first revision.
fn export_1_today() -> Vec<String> {
    let lines = export_1().into_iter();
    lines
        .map(|line| line.replace(r#""revision":2"#, r#""revision":1"#))
        .collect()
}

/// Opens a copy of a store as an earlier program left it.
async fn copied(name: &str) -> Opened {
    let house = House::sqlite();
    let path = house.path();
    fs::create_dir_all(path.parent().expect("a folder")).expect("creates");
    fs::copy(fixture(name), &path).expect("copies");
    house.opened().await
}

async fn exported(store: &Store) -> Vec<String> {
    let mut export = store.export();
    let mut lines = Vec::new();
    while let Some(mut page) = export.page().await.expect("a page") {
        lines.append(&mut page);
    }
    lines
}

async fn found(store: &Store, term: &str) -> Vec<String> {
    let lookup = Lookup {
        view: View::default(),
        terms: vec![term.to_owned()],
        worth: |_, _| 1.0,
        limit: 10,
    };
    let holding = store.memories_holding(&lookup).await.expect("answers");
    whats(&holding.found)
        .into_iter()
        .map(str::to_owned)
        .collect()
}

async fn listed(store: &Store, wish: &ListWish) -> Vec<Record> {
    store.list(wish).await.expect("a list")
}

#[tokio::test]
async fn a_store_of_schema_1_is_counted_listed_and_searched() {
    let opened = copied("schema-1.db").await;
    let ann = &opened.store;
    let status = ann.status().await.expect("a status");
    let counts = |words: &[&str]| {
        words
            .iter()
            .map(|word| status.kept[*word])
            .collect::<Vec<_>>()
    };
    let kept = [
        "sources", "sessions", "turns", "episodes", "projects", "asks",
    ];
    assert_eq!(counts(&kept), [1, 1, 2, 1, 2, 1]);
    let standings = [
        "active",
        "forgotten",
        "quarantined",
        "superseded",
        "archived",
        "disputed",
        "proposed",
    ];
    assert_eq!(
        standings.map(|standing| status.memories[standing]),
        [7, 1, 1, 1, 1, 1, 1]
    );
    assert_eq!((status.jobs["parked"], status.jobs["waiting"]), (1, 2));
    assert_eq!(
        listed(ann, &ListWish::all(View::default(), 99)).await.len(),
        13
    );
    assert_eq!(
        listed(ann, &ListWish::held(View::default(), 99))
            .await
            .len(),
        8
    );
    let shop = View {
        project: Some(project("shop").id),
        ..View::default()
    };
    let in_shop = listed(ann, &ListWish::held(shop, 99)).await;
    assert!(whats(&in_shop).contains(&"the clone has a lockfile"));
    assert_eq!(found(ann, "pnpm").await, ["use pnpm, never npm"]);
    assert_eq!(found(ann, "xyzzy").await, Vec::<String>::new());
    assert_eq!(
        found(&opened.seen_by("acme", "bob"), "answers").await,
        ["bob likes short answers"]
    );
    assert_eq!(
        found(&opened.seen_by("other", "ann"), "yarn").await,
        ["another tenant uses yarn"]
    );
}

#[tokio::test]
async fn a_store_of_schema_1_tells_its_history() {
    let opened = copied("schema-1.db").await;
    let ann = &opened.store;
    let all = listed(ann, &ListWish::all(View::default(), 99)).await;
    let one = |what: &str| {
        let one = all.iter().find(|record| record.memory.lesson.what == what);
        one.unwrap_or_else(|| panic!("{what} is not there"))
    };
    assert!(one("speak British English").memory.pinned);
    let rule = one("use pnpm, never npm");
    assert_eq!(
        (rule.evidence.len(), rule.evidence[0].quote.as_str()),
        (1, "use pnpm here")
    );
    assert_eq!(rule.belief.support, 300);
    let edited = one("the api listens on 8080");
    let happened = ann.history(&edited.memory.id).await.expect("a history");
    let written = happened
        .iter()
        .filter(|one| matches!(one.change, Change::Written(_)));
    assert_eq!(
        written.count(),
        4,
        "born, edited, edited wrongly, taken back"
    );
    let begins = MemoryId::new(&edited.memory.id.as_str()[..6]);
    assert!(matches!(ann.record(&begins).await, Ok(Found::One(_))));
    assert_eq!(
        ann.links(&one("deploy from main").memory.id)
            .await
            .expect("links")
            .len(),
        1
    );
    let said = ann
        .conversation(&SessionId::new("s1"), None, 9)
        .await
        .expect("a talk");
    assert_eq!(said.len(), 2);
    let (_, turns) = ann
        .episode(&episode("s1", &["t1"]).id)
        .await
        .expect("reads")
        .expect("there");
    assert_eq!(turns, said);
}

#[tokio::test]
async fn work_goes_on_in_a_store_of_schema_1() {
    let opened = copied("schema-1.db").await;
    let ann = &opened.store;
    let last = ann
        .last_run_with_memories()
        .await
        .expect("answers")
        .expect("a run");
    assert_eq!(last.verb, "project merge");
    let undone = ann.undo(last.id, at(1000)).await.expect("it is taken back");
    assert_eq!(undone.undoing.projects, 1);
    ann.undo(undone.by, at(1001))
        .await
        .expect("the undo is taken back");
    assert_eq!(exported(ann).await, export_1_today());
    let parked = ann.parked().await.expect("answers");
    assert_eq!(parked[0].why, "line 3 is not JSON");
    assert!(
        ann.retry(parked[0].id, at(1002))
            .await
            .expect("it is tried again")
    );
    for number in 0..3 {
        let job = ann
            .claim(at(1003), seconds(60))
            .await
            .expect("claims")
            .expect("is due");
        let memory = told(ann, None, &format!("learned later, {number}"), 1003);
        let done = ann
            .finish(&job, &saved(memory, Vec::new()))
            .await
            .expect("finishes");
        assert_eq!(done.run(), Some(job.run));
    }
    assert!(
        ann.claim(at(1003), seconds(60))
            .await
            .expect("claims")
            .is_none()
    );
    assert_eq!(found(ann, "learned").await.len(), 3);
}

#[tokio::test]
async fn an_export_of_version_1_comes_back_as_it_went() {
    on_both(async |opened| {
        let lines = export_1();
        let read = || lines.iter().map(|line| Ok(line.clone()));
        let done = opened
            .store
            .import(read(), at(2000))
            .await
            .expect("is read in");
        assert_eq!((done.memories, done.loose_links), (13, 0));
        assert_eq!(exported(&opened.store).await, export_1_today());
    })
    .await;
}

#[tokio::test]
async fn an_export_of_version_1_is_all_known_to_its_own_store() {
    let opened = copied("schema-1.db").await;
    let ann = &opened.store;
    assert_eq!(exported(ann).await, export_1_today());
    let lines = export_1().into_iter().map(Ok);
    let done = ann.import(lines, at(2000)).await.expect("is read in");
    assert_eq!((done.memories, done.run), (0, None));
}

#[tokio::test]
async fn a_store_of_schema_3_knows_what_was_asked_and_what_it_cost() {
    let opened = copied("schema-3.db").await;
    let ann = &opened.store;
    let status = ann.status().await.expect("a status");
    assert_eq!((status.kept["asks"], status.memories["active"]), (2, 7));
    let ask = asked("extract e1", "built anew", at(9));
    let kept = ann.freeze(&ask, &Shows::default()).await.expect("answers");
    let kept = kept.expect("nothing of it is gone");
    assert_eq!(kept.request.user, "what is said?");
    assert_eq!(
        kept.reply.map(|reply| reply.text).as_deref(),
        Some("use pnpm")
    );
    let account = ann.account(at(0), None).await.expect("answers");
    assert_eq!((account[0].calls, account[0].tokens), (2, 133));
    let all = listed(ann, &ListWish::all(View::default(), 99)).await;
    let slots = all.iter().filter_map(|record| record.memory.slot.as_ref());
    assert_eq!(
        slots.map(|slot| slot.value.as_str()).collect::<Vec<_>>(),
        ["pnpm"]
    );
    let edited = all
        .iter()
        .find(|record| record.memory.lesson.what == "the api listens on 8080")
        .expect("it is there");
    let happened = ann.history(&edited.memory.id).await.expect("a history");
    assert!(happened.iter().any(|one| one.taken_back_by.is_some()));
}
