//! Makes the store and the export that later programs must still read: see tests/fixtures/README.md.
//!
//! Reads no clock and overwrites nothing: what was once published stays as it is.

#[path = "../tests/house/mod.rs"]
mod house;

use std::fs::File;
use std::io::Write as _;
use std::path::PathBuf;

use domain::*;
use house::*;
use store::{Place, Purge, Store};

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let folder = std::env::args().nth(1).map(PathBuf::from);
    let folder = folder.expect("the first word is the folder to write into");
    let database = folder.join("schema-3.db");
    assert!(!database.exists(), "a fixture is never written anew");
    let store = Store::open(&Place::File(database), ann()).await;
    let store = store.expect("the store opens");
    fill(&store).await;
    let mut file = File::create_new(folder.join("export-1.jsonl"))?;
    let mut export = store.export();
    while let Some(page) = export.page().await.expect("a page") {
        for line in page {
            writeln!(file, "{line}")?;
        }
    }
    // The last connection takes the write-ahead log away, so that the store is one file.
    store.close().await;
    Ok(())
}

async fn fill(ann: &Store) {
    let shop = read(ann).await;
    let bob = ann.seen_by(who("acme", "bob"));
    let note = told(&bob, None, "bob likes short answers", 20);
    write(&bob, &saved(note, Vec::new())).await;
    let elsewhere = ann.seen_by(who("other", "ann"));
    let note = told(&elsewhere, None, "another tenant uses yarn", 21);
    write(&elsewhere, &saved(note, Vec::new())).await;
    hide(ann, &shop).await;
    mend(ann, &shop).await;
    merge(ann, &shop).await;
    queue(ann).await;
    let out = Exclusion::Path("/home/ann/private".to_owned());
    ann.exclude(&out, at(1)).await.expect("it is kept out");
}

/// One reading of a transcript, by a job: source, session, turns, episode, request and two memories.
async fn read(ann: &Store) -> ProjectId {
    let shop = project("shop");
    let source = Source::unread("/code/shop/s1.jsonl", Format::ClaudeCodeJsonl);
    let rule = turn("t1", "s1", 1, "use pnpm here, never npm 用户");
    let tests = turn("t2", "s1", 2, "and run the tests before you push");
    let one = Memory {
        slot: Some(Slot {
            subject: "packages".to_owned(),
            attribute: "manager".to_owned(),
            value: "pnpm".to_owned(),
        }),
        ..told(ann, Some(&shop.id), "use pnpm, never npm", 3)
    };
    let two = told(ann, Some(&shop.id), "run the tests before a push", 3);
    let mut changes = saved(one.clone(), vec![quote(&rule, "use pnpm here")]);
    changes
        .saved
        .append(&mut saved(two.clone(), vec![quote(&tests, "run the tests")]).saved);
    changes.beliefs = vec![belief(&one.id, "s1", 300), belief(&two.id, "s1", -100)];
    changes.links = vec![link(&two.id, Some(&one.id), LinkKind::Near, 4)];
    changes.projects = vec![shop.clone()];
    changes.sessions = vec![talk("s1", Some(&shop.id), 1)];
    changes.episodes = vec![Episode {
        project: Some(shop.id.clone()),
        ..episode("s1", &["t1", "t2"])
    }];
    changes.cursor = Some((
        source.id.clone(),
        Cursor {
            offset: 77,
            ..Cursor::default()
        },
    ));
    changes.sources = vec![source];
    changes.turns = vec![rule, tests];
    bought(ann).await;
    ann.enqueue(&ingest("s1"), at(0), at(0))
        .await
        .expect("it waits");
    let job = ann
        .claim(at(2), seconds(60))
        .await
        .expect("it is asked")
        .expect("it is due");
    ann.finish(&job, &changes).await.expect("it is done");
    shop.id
}

/// A reply that was bought, a call that broke, and a request that nobody has answered.
async fn bought(ann: &Store) {
    let budget = Budget {
        day_begins: at(0),
        day_tokens: 10_000,
        session_tokens: 10_000,
    };
    let ask = asked("extract e1", "what is said?", at(3));
    ann.freeze(&ask, &Shows::default())
        .await
        .expect("it is kept");
    let later = asked("extract e2", "and what is said there?", at(3));
    ann.freeze(&later, &Shows::default())
        .await
        .expect("it is kept");
    for end in [
        CallEnd::Broken("timed out".to_owned()),
        CallEnd::Answered(answered("use pnpm", at(4))),
    ] {
        let reserved = ann.reserve(&call(&ask, 100, at(3)), &budget).await;
        let Ok(Reserved::Yes(id)) = reserved else {
            panic!("there is room: {reserved:?}")
        };
        ann.settle(id, &end).await.expect("it is settled");
    }
}

/// One memory for each reason to be hidden, and one that was hidden once and is not any more.
async fn hide(ann: &Store, shop: &ProjectId) {
    let newer = told(ann, Some(shop), "deploy with just", 30);
    write(ann, &saved(newer.clone(), Vec::new())).await;
    for (kind, what, to) in [
        (LinkKind::Forgotten, "deploy on fridays", None),
        (LinkKind::Quarantined, "deploy by telegraph", None),
        (LinkKind::SupersededBy, "deploy with make", Some(&newer)),
        (LinkKind::ArchivedBehind, "deploy using just", Some(&newer)),
        (
            LinkKind::DisputedWith,
            "never deploy with just",
            Some(&newer),
        ),
        (LinkKind::Proposed, "deploy twice", None),
    ] {
        let memory = told(ann, Some(shop), what, 31);
        write(ann, &saved(memory.clone(), Vec::new())).await;
        write_as(ann, "forget", &hidden(&memory, kind, to, 40)).await;
    }
    let back = told(ann, Some(shop), "deploy from main", 32);
    write(ann, &saved(back.clone(), Vec::new())).await;
    let mut changes = hidden(&back, LinkKind::Forgotten, None, 41);
    write_as(ann, "forget", &changes).await;
    changes.links[0].ended_at = Some(at(42));
    write_as(
        ann,
        "restore",
        &Changes {
            at: at(42),
            ..changes
        },
    )
    .await;
}

/// A pinned memory, an edited one, a run that was taken back, and a secret that was purged.
async fn mend(ann: &Store, shop: &ProjectId) {
    let pinned = told(ann, None, "speak British English", 50);
    let edited = told(ann, Some(shop), "the api listens on 8000", 51);
    let secret = told(ann, Some(shop), "the password is Xyzzy", 52);
    for memory in [&pinned, &edited, &secret] {
        write(ann, &saved(memory.clone(), Vec::new())).await;
    }
    let pinned = Memory {
        pinned: true,
        revision: pinned.revision.next(),
        ..pinned
    };
    let edited = reworded(&edited, "the api listens on 8080");
    for (verb, memory) in [("pin", pinned), ("edit", edited.clone())] {
        let changes = Changes {
            updated: vec![memory],
            ..Changes::at(at(53))
        };
        write_as(ann, verb, &changes).await;
    }
    let wrong = Changes {
        updated: vec![reworded(&edited, "the api listens on 1")],
        ..Changes::at(at(54))
    };
    let run = write_as(ann, "edit", &wrong).await;
    ann.undo(run, at(55)).await.expect("it is taken back");
    let purge = Purge::Pattern(regex::Regex::new("Xyzzy").expect("a pattern"));
    ann.purge(&purge, at(56)).await.expect("it is purged");
}

async fn merge(ann: &Store, shop: &ProjectId) {
    let clone = project("shop-clone");
    let note = told(ann, Some(&clone.id), "the clone has a lockfile", 60);
    let changes = Changes {
        projects: vec![clone.clone()],
        ..saved(note, Vec::new())
    };
    write(ann, &changes).await;
    ann.merge_projects(&clone.id, shop, at(61))
        .await
        .expect("they merge");
}

/// A job that is parked, one that waits for something outside, and one that is due.
async fn queue(ann: &Store) {
    let claim = async |source: &str| {
        ann.enqueue(&ingest(source), at(70), at(70))
            .await
            .expect("it waits");
        ann.claim(at(71), seconds(60))
            .await
            .expect("it is asked")
            .expect("it is due")
    };
    let parked = claim("parked").await;
    ann.fail(&parked, "line 3 is not JSON", None)
        .await
        .expect("it is parked");
    let waiting = claim("waiting").await;
    ann.wait(&waiting, "model", at(900))
        .await
        .expect("it waits");
    ann.enqueue(&ingest("due"), at(72), at(72))
        .await
        .expect("it waits");
}
