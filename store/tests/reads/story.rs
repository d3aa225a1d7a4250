//! One story, told to both engines: two tenants, two owners, saving, finding, listing, forgetting,
//! merging, and looking back.

use domain::{
    Exclusion, Library as _, LinkKind, Lookup, MemoryId, RunId, SessionId, Standing, TurnId,
    Validity, View,
};
use store::{Change, Found, ListWish, PageEnd, Store};

use crate::house::*;

async fn found(store: &Store, view: View, term: &str) -> Vec<String> {
    let lookup = Lookup {
        view,
        terms: vec![term.to_owned()],
        worth: |_, _| 1.0,
        limit: 10,
    };
    let holding = store.memories_holding(&lookup).await;
    let found = holding.expect("it can be looked up").found;
    whats(&found).into_iter().map(str::to_owned).collect()
}

fn as_of(seconds: i64) -> View {
    View {
        as_of: Some(at(seconds)),
        ..View::default()
    }
}

fn known_at(seconds: i64) -> View {
    View {
        known_at: Some(at(seconds)),
        ..View::default()
    }
}

#[tokio::test]
async fn one_story_runs_on_both_engines() {
    on_both(async |house| {
        saving(&house).await;
        finding(&house).await;
        listing(&house).await;
        conversing(&house).await;
        counting(&house).await;
        superseding(&house).await;
        rewording(&house).await;
        forgetting(&house).await;
        merging(&house).await;
        keeping_out(&house).await;
    })
    .await;
}

/// Ann and Bob work for one tenant; another tenant has an Ann of its own.
async fn saving(house: &Opened) {
    let ann = &house.store;
    let shop = project("shop");
    let rule = turn("t1", "s1", 1, "use pnpm, never npm");
    let mut changes = saved(
        told(ann, Some(&shop.id), "use pnpm, never npm", 2),
        vec![quote(&rule, "use pnpm")],
    );
    changes.projects = vec![shop.clone()];
    changes.sessions = vec![talk("s1", Some(&shop.id), 1)];
    changes.turns = vec![rule, turn("t2", "s1", 2, "and run the tests")];
    write_as(ann, "save", &changes).await;
    write_as(
        ann,
        "save",
        &saved(told(ann, None, "pnpm for me, always", 3), Vec::new()),
    )
    .await;
    let bob = house.seen_by("acme", "bob");
    write_as(
        &bob,
        "save",
        &saved(told(&bob, None, "pnpm is not for bob", 4), Vec::new()),
    )
    .await;
    let other = house.seen_by("other", "ann");
    write_as(
        &other,
        "save",
        &saved(told(&other, None, "pnpm elsewhere", 5), Vec::new()),
    )
    .await;
}

/// What each of them finds.
async fn finding(house: &Opened) {
    let all = View::default();
    let (bob, other) = (house.seen_by("acme", "bob"), house.seen_by("other", "ann"));
    assert_eq!(
        found(&house.store, all.clone(), "pnpm").await,
        ["pnpm for me, always", "use pnpm, never npm"]
    );
    assert_eq!(
        found(&bob, all.clone(), "pnpm").await,
        ["pnpm is not for bob", "use pnpm, never npm"]
    );
    assert_eq!(found(&other, all, "pnpm").await, ["pnpm elsewhere"]);
}

/// Page by page; then one memory, by the beginning of its name.
async fn listing(house: &Opened) {
    let ann = &house.store;
    let mut wish = ListWish::all(View::default(), 1);
    let page = ann.list(&wish).await.expect("a page");
    assert_eq!(whats(&page), ["pnpm for me, always"]);
    wish.limit = 9;
    wish.after = PageEnd::of(&page);
    let page = ann.list(&wish).await.expect("a page");
    assert_eq!(whats(&page), ["use pnpm, never npm"]);
    assert_eq!(page[0].evidence.len(), 1);
    wish.after = PageEnd::of(&page);
    assert!(ann.list(&wish).await.expect("a page").is_empty());

    let id = page[0].memory.id.clone();
    let begins = MemoryId::new(&id.as_str()[..6]);
    assert!(matches!(ann.record(&begins).await, Ok(Found::One(one)) if one.memory.id == id));
    assert!(
        matches!(ann.record(&MemoryId::new("m")).await, Ok(Found::Several(names)) if names.len() == 2)
    );
    let other = house.seen_by("other", "ann");
    assert!(matches!(other.record(&begins).await, Ok(Found::None)));
    let happened = ann.history(&id).await.expect("a history");
    let mut changes = happened.iter().map(|one| &one.change);
    assert!(
        changes
            .clone()
            .any(|change| matches!(change, Change::Written(_)))
    );
    assert!(changes.any(|change| matches!(change, Change::Quoted(_))));
}

/// What was said, to whoever said it.
async fn conversing(house: &Opened) {
    let ann = &house.store;
    let session = SessionId::new("s1");
    let said = async |store: &Store, around: Option<&TurnId>, limit| {
        let said = store.conversation(&session, around, limit).await;
        let said = said.expect("a conversation").into_iter();
        said.map(|turn| turn.id.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(said(ann, None, 10).await, ["t1", "t2"]);
    assert_eq!(said(ann, Some(&TurnId::new("t2")), 1).await, ["t2"]);
    let bob = house.seen_by("acme", "bob");
    assert!(said(&bob, None, 10).await.is_empty());
    let talks = ann.conversations(None, None, 10).await.expect("a list");
    assert_eq!((talks.len(), talks[0].turns), (1, 2));
}

async fn counting(house: &Opened) {
    let ann = &house.store;
    let status = ann.status().await.expect("a status");
    assert_eq!((status.kept["turns"], status.memories["active"]), (2, 2));
    assert!(status.bytes > 0 && status.last_run.is_some());
    let run = ann
        .run(RunId(1))
        .await
        .expect("a run")
        .expect("it is there");
    assert_eq!((run.run.verb.as_str(), run.memories.len()), ("save", 1));
}

/// At 100 the world changes; we learn of it at 200.
async fn superseding(house: &Opened) {
    let ann = &house.store;
    let shop = project("shop").id;
    let old = told(ann, Some(&shop), "deploy with make", 10);
    write_as(ann, "save", &saved(old.clone(), Vec::new())).await;
    let mut new = told(ann, Some(&shop), "deploy with just", 200);
    new.validity.from = at(100);
    let mut changes = hidden(&old, LinkKind::SupersededBy, Some(&new), 200);
    changes.saved = saved(new, Vec::new()).saved;
    changes.updated = vec![domain::Memory {
        validity: Validity {
            to: Some(at(100)),
            ..old.validity
        },
        revision: old.revision.next(),
        ..old
    }];
    write_as(ann, "consolidate", &changes).await;
    assert_eq!(
        found(ann, View::default(), "deploy").await,
        ["deploy with just"]
    );
    assert_eq!(found(ann, as_of(50), "deploy").await, ["deploy with make"]);
    assert_eq!(found(ann, as_of(150), "deploy").await, ["deploy with just"]);
    assert_eq!(
        found(ann, known_at(150), "deploy").await,
        ["deploy with make"]
    );
    assert_eq!(
        found(ann, known_at(250), "deploy").await,
        ["deploy with just"]
    );
    assert_eq!(
        found(ann, known_at(5), "deploy").await,
        Vec::<String>::new()
    );
}

/// At 260 it is said in other words; whoever looks back sees the words of that time.
async fn rewording(house: &Opened) {
    let ann = &house.store;
    let shop = project("shop").id;
    let first = told(ann, Some(&shop), "release on mondays", 240);
    write_as(ann, "save", &saved(first.clone(), Vec::new())).await;
    let mut second = reworded(&first, "release on tuesdays");
    second.tags = vec!["calendar".to_owned()];
    let edit = domain::Changes {
        updated: vec![second.clone()],
        ..domain::Changes::at(at(260))
    };
    write_as(ann, "edit", &edit).await;
    for (when, memory) in [(250, &first), (260, &second)] {
        assert_eq!(
            found(ann, known_at(when), "release").await,
            [memory.lesson.what.as_str()]
        );
        let page = ann.list(&ListWish::held(known_at(when), 99)).await;
        let page = page.expect("a page");
        let listed = page.iter().find(|record| record.memory.id == first.id);
        let listed = &listed.expect("it was known").memory;
        assert_eq!(listed, memory);
    }
    write_as(
        ann,
        "quarantine",
        &hidden(&second, LinkKind::Quarantined, None, 270),
    )
    .await;
}

async fn forgetting(house: &Opened) {
    let ann = &house.store;
    let shop = project("shop").id;
    let what = told(ann, Some(&shop), "deploy on fridays", 300);
    write_as(ann, "save", &saved(what.clone(), Vec::new())).await;
    write_as(
        ann,
        "forget",
        &hidden(&what, LinkKind::Forgotten, None, 400),
    )
    .await;
    assert_eq!(
        found(ann, View::default(), "fridays").await,
        Vec::<String>::new()
    );
    assert_eq!(
        found(ann, as_of(350), "fridays").await,
        Vec::<String>::new()
    );
    assert_eq!(
        found(ann, known_at(350), "fridays").await,
        ["deploy on fridays"]
    );
    let saying = ann
        .saying(Some(&shop), &what.lesson.fingerprint())
        .await
        .expect("records");
    assert_eq!(saying[0].standing, Standing::Forgotten);
    let mut wish = ListWish::held(View::default(), 99);
    assert!(!whats(&ann.list(&wish).await.expect("a page")).contains(&"deploy on fridays"));
    wish.standings = vec![Standing::Forgotten];
    assert_eq!(
        whats(&ann.list(&wish).await.expect("a page")),
        ["deploy on fridays"]
    );
    let mut restored = hidden(&what, LinkKind::Forgotten, None, 400);
    restored.links[0].ended_at = Some(at(500));
    restored.at = at(500);
    write_as(ann, "restore", &restored).await;
    assert_eq!(
        found(ann, View::default(), "fridays").await,
        ["deploy on fridays"]
    );
}

async fn merging(house: &Opened) {
    let ann = &house.store;
    let (shop, clone) = (project("shop"), project("shop-clone"));
    let mut changes = saved(
        told(ann, Some(&clone.id), "the clone says lockfile", 600),
        Vec::new(),
    );
    changes.projects = vec![clone.clone()];
    write_as(ann, "save", &changes).await;
    let in_shop = View {
        project: Some(shop.id.clone()),
        ..View::default()
    };
    assert_eq!(
        found(ann, in_shop.clone(), "lockfile").await,
        Vec::<String>::new()
    );
    let run = ann
        .merge_projects(&clone.id, &shop.id, at(700))
        .await
        .expect("they merge");
    assert_eq!(
        found(ann, in_shop.clone(), "lockfile").await,
        ["the clone says lockfile"]
    );
    let named = ann
        .project_named(&clone.aliases)
        .await
        .expect("a name")
        .expect("it is known");
    assert_eq!((named.id, named.aliases.len()), (shop.id.clone(), 2));
    let projects = ann.projects().await.expect("a list");
    assert_eq!((projects.len(), projects[0].merged.len()), (1, 1));
    assert!(
        ann.merge_projects(&shop.id, &clone.id, at(701))
            .await
            .is_err()
    );
    ann.undo(run, at(800)).await.expect("it is taken back");
    assert_eq!(found(ann, in_shop, "lockfile").await, Vec::<String>::new());
    assert_eq!(ann.projects().await.expect("a list").len(), 2);
}

async fn keeping_out(house: &Opened) {
    let (ann, bob) = (&house.store, house.seen_by("acme", "bob"));
    let out = [
        Exclusion::Path("/srv/secret".to_owned()),
        Exclusion::Project(project("shop").id),
    ];
    for what in &out {
        assert!(ann.exclude(what, at(900)).await.expect("it is kept out"));
        assert!(!ann.exclude(what, at(900)).await.expect("it is kept out"));
    }
    assert_eq!(ann.exclusions().await.expect("a list"), out);
    assert!(bob.exclusions().await.expect("a list").is_empty());
    assert!(ann.include(&out[0], at(900)).await.expect("it is let in"));
    assert_eq!(ann.exclusions().await.expect("a list"), out[1..]);
}
