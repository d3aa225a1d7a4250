//! An export comes back as it went, byte for byte, and twice changes nothing.

use domain::{BeliefEvent, Changes, LinkKind, Reason, Weight};
use store::{ImportError, Imported, Store};

use crate::house::*;

async fn exported(store: &Store) -> Vec<String> {
    let mut export = store.export();
    let mut lines = Vec::new();
    while let Some(mut page) = export.page().await.expect("a page") {
        lines.append(&mut page);
    }
    lines
}

async fn imported(store: &Store, lines: &[String], seconds: i64) -> Result<Imported, ImportError> {
    let lines = lines.iter().map(|line| Ok(line.clone()));
    store.import(lines, at(seconds)).await
}

/// Memories with quotes, belief, links, validity and every element.
async fn fill(store: &Store) {
    let (shop, clone) = (project("shop"), project("shop-clone"));
    let said = turn("t1", "s1", 1, "use pnpm");
    let mut one = told(store, Some(&shop.id), "use \"pnpm\", never\nnpm — 用户", 2);
    one.lesson.when = Some("installing".to_owned());
    one.lesson.do_ = Some("pnpm add".to_owned());
    one.tags = vec!["js".to_owned(), "b".to_owned()];
    one.validity.to = Some(at(900));
    let two = told(store, None, "the other", 3);
    let mut changes = Changes {
        projects: vec![shop.clone(), clone.clone()],
        sessions: vec![talk("s1", Some(&shop.id), 1)],
        ..saved(one.clone(), vec![quote(&said, "use pnpm")])
    };
    changes.beliefs = vec![BeliefEvent {
        memory: one.id.clone(),
        at: at(4),
        session: Some(said.session.clone()),
        reason: Reason::Evidence,
        weight: Weight(200),
    }];
    changes.turns = vec![said];
    changes.saved.extend(saved(two.clone(), Vec::new()).saved);
    write_as(store, "ingest", &changes).await;
    write_as(
        store,
        "consolidate",
        &hidden(&two, LinkKind::ArchivedBehind, Some(&one), 5),
    )
    .await;
    store
        .merge_projects(&clone.id, &shop.id, at(6))
        .await
        .expect("they merge");
}

#[tokio::test]
async fn what_is_exported_after_an_import_is_the_same_bytes() {
    on_both(async |house| {
        fill(&house.store).await;
        let lines = exported(&house.store).await;
        assert_eq!(lines[0], r#"{"format":"dormouse-export","version":1}"#);
        assert_eq!(lines.len(), 1 + 2 + 2 + 1);
        let empty = House::sqlite().opened().await;
        let done = imported(&empty.store, &lines, 50)
            .await
            .expect("it is read in");
        assert_eq!((done.lines, done.memories), (5, 2));
        assert_eq!(exported(&empty.store).await, lines);
        let status = empty.store.status().await.expect("a status");
        let again = imported(&empty.store, &lines, 60)
            .await
            .expect("it is read in again");
        assert_eq!((again.memories, again.run, again.loose_links), (0, None, 0));
        assert_eq!(empty.store.status().await.expect("a status"), status);
        let run = done.run.expect("there was something new");
        let undone = empty.store.undo(run, at(70)).await;
        undone.expect("it is taken back");
        assert_eq!(
            exported(&empty.store).await.len(),
            1 + 2,
            "only the projects stay"
        );
    })
    .await;
}

#[tokio::test]
async fn a_reader_exports_what_they_see() {
    on_both(async |house| {
        fill(&house.store).await;
        let bob = exported(&house.seen_by("acme", "bob")).await;
        assert_eq!(
            bob.len(),
            1 + 2 + 1,
            "neither Ann's own memory nor its link"
        );
        assert_eq!(exported(&house.seen_by("other", "ann")).await.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn what_is_no_export_is_refused_by_line_and_version() {
    let house = House::sqlite().opened().await;
    let import = async |lines: &[&str]| {
        let lines: Vec<String> = lines.iter().map(|line| (*line).to_owned()).collect();
        imported(&house.store, &lines, 1).await
    };
    let head = r#"{"format":"dormouse-export","version":1}"#;
    assert!(matches!(import(&[]).await, Err(ImportError::Foreign)));
    assert!(matches!(
        import(&["hello"]).await,
        Err(ImportError::Foreign)
    ));
    let newer = import(&[r#"{"format":"dormouse-export","version":2}"#]).await;
    assert!(matches!(
        newer,
        Err(ImportError::Newer { found: 2, known: 1 })
    ));
    let broken = import(&[head, "", r#"{"memory":{}}"#]).await;
    assert!(matches!(broken, Err(ImportError::Line { number: 3, .. })));
    assert_eq!(
        import(&[head]).await.expect("it is empty"),
        Imported::default()
    );
}
