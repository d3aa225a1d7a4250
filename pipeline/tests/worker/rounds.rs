//! The rounds of a worker: what comes in while it works, what fails, what the night keeps and drops.
//!
//! Decides nothing; what a step makes of a transcript stands in `steps.rs`.

use crate::house::{House, RULE, at, notice};
use domain::{
    Alias, AliasKind, Author, Changes, Clock, Format, Job, Project, ProjectId, Queue, Source,
    StoreError,
};
use pipeline::{Did, WorkError, run, turn};
use store::{JobState, Store};

/// Says something as a person, and returns the run.
async fn said(house: &House) -> domain::RunId {
    let changes = Changes {
        projects: vec![shop("p-shop")],
        ..Changes::at(house.clock.now())
    };
    let by = Author::Person("save".to_owned());
    match house.store.apply(&changes, &by).await.expect("writes") {
        domain::Finished::Done { run, .. } => run,
        other => panic!("not written: {other:?}"),
    }
}

fn shop(id: &str) -> Project {
    Project {
        id: ProjectId::new(id),
        name: "the shop".to_owned(),
        aliases: vec![Alias {
            kind: AliasKind::Path,
            value: "/srv/shop".to_owned(),
        }],
    }
}

#[tokio::test]
async fn a_notice_that_comes_in_while_the_last_job_runs_is_worked_on_before_the_end() {
    let house = House::with_session(&[RULE]).await;
    let later = "We always use cargo in this repository, never make.";
    let path = house.write_session("two", &[later], "2026-03-03T10:00:00Z");
    let (_keep, stop) = tokio::sync::watch::channel(false);
    let mut tell = |did: &Did| {
        if matches!(
            did,
            Did::Finished {
                job: Job::Extract { .. },
                ..
            }
        ) {
            house.leave("0001.json", &notice(&path, "stop"));
        }
    };
    let spool = house.spool();
    let tally = pipeline::drain(&house.ports(), &house.rules, &spool, &stop, &mut tell).await;
    tally.expect("works");
    assert_eq!(house.memories().await.len(), 2);
}

#[cfg(unix)]
#[tokio::test]
async fn a_failure_that_may_pass_is_tried_again_and_says_its_cause() {
    let house = House::new().await;
    let circle = house.folder.path().join("circle.jsonl");
    std::os::unix::fs::symlink(&circle, &circle).expect("a link to itself");
    house.enqueue_source(&circle).await;
    let did = turn(&house.ports(), &house.rules).await.expect("works");
    let Did::Failed { why, parked, .. } = did else {
        panic!("it cannot be read: {did:?}");
    };
    assert!(!parked && why.contains("symbolic links"), "{why}");
    let jobs = house.store.jobs().await.expect("lists");
    assert!(
        matches!(jobs[0].state, JobState::Waiting { .. }),
        "{jobs:?}"
    );
    assert!(jobs[0].due > house.clock.now());
}

#[tokio::test]
async fn the_night_drops_the_journal_of_runs_that_are_too_old_and_no_other() {
    let house = House::new().await;
    let (old, young) = (memory_run(&house, "old").await, {
        house.clock.set(at("2026-03-20T12:00:00Z"));
        memory_run(&house, "young").await
    });
    house.clock.set(at("2026-06-10T12:00:00Z"));
    house.drain().await;
    let gone = house.store.undo(old, house.clock.now()).await;
    assert!(
        matches!(&gone, Err(StoreError::Refused(why)) if why.contains("no longer reaches back")),
        "{gone:?}"
    );
    house
        .store
        .undo(young, house.clock.now())
        .await
        .expect("is taken back");
}

/// Lets a session teach one rule, and returns the run that wrote it.
async fn memory_run(house: &House, name: &str) -> domain::RunId {
    let rule = format!("We always use {name} in this repository, never npm.");
    let path = house.write_session(name, &[&rule], "2026-03-02T10:00:00Z");
    house.enqueue_source(&path).await;
    house.drain().await;
    let last = house.store.last_run_with_memories().await.expect("answers");
    last.expect("it wrote a memory").id
}

#[tokio::test]
async fn the_night_reads_on_what_has_moved_and_nothing_else() {
    let house = House::with_session(&[RULE]).await;
    let grown = house.write_session("two", &[RULE, "Understood."], "2026-03-03T10:00:00Z");
    house.enqueue_source(&grown).await;
    let still = house.write_session("three", &[RULE], "2026-03-04T10:00:00Z");
    house.enqueue_source(&still).await;
    house.drain().await;
    house.append("And we always use cargo in this repository, never make.");
    house.write_session("two", &["Anew."], "2026-03-03T10:00:00Z");
    let now = house.clock.now();
    house
        .store
        .enqueue(&Job::Sweep, now, now)
        .await
        .expect("enqueues");
    let sweep = house.claim().await.expect("is due");
    let changes = run(&house.ports(), &house.rules, &sweep)
        .await
        .expect("runs");
    let mut found: Vec<Job> = changes.next.into_iter().map(|next| next.job).collect();
    let mut expect: Vec<Job> = [house.session(), grown]
        .map(|path| {
            let source = Source::unread(path.display().to_string(), Format::ClaudeCodeJsonl);
            Job::Ingest { source: source.id }
        })
        .into();
    found.sort_by_key(|job| format!("{job:?}"));
    expect.sort_by_key(|job| format!("{job:?}"));
    assert_eq!(found, expect, "one grew and one shrank; the third stands");
}

#[tokio::test]
async fn a_folder_that_the_store_knows_under_a_project_belongs_to_it() {
    let house = House::with_session(&[RULE]).await;
    said(&house).await;
    house.drain().await;
    let memory = house.memories().await.remove(0).memory;
    assert_eq!(memory.project, Some(ProjectId::new("p-shop")));
}

#[tokio::test]
async fn what_another_file_has_shown_already_is_not_looked_at_again() {
    let house = House::with_session(&[RULE]).await;
    house.drain().await;
    let text = std::fs::read_to_string(house.session()).expect("it is there");
    let copy = house.folder.path().join("copy.jsonl");
    std::fs::copy(house.session(), &copy).expect("copies");
    house.enqueue_source(&copy).await;
    let job = house.claim().await.expect("is due");
    let changes = run(&house.ports(), &house.rules, &job).await.expect("runs");
    assert_eq!((changes.turns.len(), changes.episodes.len()), (1, 0));
    assert_eq!(changes.next, Vec::new());
    let (_, cursor) = changes.cursor.expect("it moves with what was read");
    assert_eq!(cursor.offset, text.len() as u64);
}

#[tokio::test]
async fn what_is_no_notice_of_ours_is_not_believed() {
    let house = House::new().await;
    let path = house.write_session("one", &[RULE], "2026-03-02T10:00:00Z");
    let told = notice(&path, "stop");
    // Whoever writes so much, or links to it, is no hook of ours.
    house.leave("0001.json", &format!("{told}{}", " ".repeat(70_000)));
    let elsewhere = house.folder.path().join("elsewhere");
    #[expect(
        clippy::disallowed_methods,
        reason = "a test writes into its own folder"
    )]
    std::fs::write(&elsewhere, &told).expect("writes");
    #[cfg(unix)]
    std::os::unix::fs::symlink(&elsewhere, house.spool().join("0002.json")).expect("links");
    house.leave("0003.json", &told.replace(path.to_str().expect("text"), ""));
    house.drain().await;
    assert_eq!(house.memories().await.len(), 0);
    assert_eq!(house.store.jobs().await.expect("lists"), Vec::new());
    assert_eq!(
        house.store.status().await.expect("answers").kept["sources"],
        0
    );
    assert!(
        elsewhere.exists(),
        "what lies outside the spool is not ours to remove"
    );
}

#[tokio::test]
async fn a_notice_stays_until_what_it_says_stands_in_the_queue() {
    let house = House::with_session(&[RULE]).await;
    house.leave("0001.json", &notice(&house.session(), "stop"));
    let place = store::Place::File(house.folder.path().join("home").join("dormouse.db"));
    let deaf = Store::open_read_only(&place, house.store.who().clone()).await;
    let deaf = deaf.expect("opens");
    let now = house.clock.now();
    let folded = pipeline::spool::fold(&deaf, &house.spool(), now).await;
    assert!(matches!(folded, Err(WorkError::Queue(_))), "{folded:?}");
    assert_eq!(house.left_in_spool(), ["0001.json"]);
    let nowhere = house.folder.path().join("no spool");
    let folded = pipeline::spool::fold(&house.store, &nowhere, now).await;
    assert_eq!(folded.expect("nothing is left there").taken, 0);
}

#[tokio::test]
async fn a_watching_worker_that_is_told_to_stop_ends() {
    let house = House::new().await;
    let (_keep, mut stop) = tokio::sync::watch::channel(true);
    let spool = house.spool();
    let ports = house.ports();
    let mut tell = |_: &Did| ();
    let watching = pipeline::watch(&ports, &house.rules, &spool, &mut stop, &mut tell);
    let ended = tokio::time::timeout(std::time::Duration::from_secs(20), watching).await;
    ended.expect("it hears").expect("works");
}
