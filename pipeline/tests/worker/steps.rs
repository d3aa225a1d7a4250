//! The worker over a real store: what a step decides, and what the loop makes of it.

use crate::house::{House, RULE, at};
use domain::{
    Author, Changes, Clock, Exclusion, Finished, Job, Library, Memory, NextJob, Queue, Revision,
    Source,
};
use pipeline::{Did, run, turn};
use store::JobState;

#[tokio::test]
async fn a_step_that_is_run_twice_decides_the_same() {
    let house = House::with_session(&[RULE]).await;
    while let Some(job) = house.claim().await {
        let first = run(&house.ports(), &house.rules, &job).await.expect("runs");
        let again = run(&house.ports(), &house.rules, &job).await.expect("runs");
        assert_eq!(first, again);
        house.store.finish(&job, &first).await.expect("finishes");
    }
    assert_eq!(house.memories().await.len(), 1);
}

#[tokio::test]
async fn a_lease_that_ran_out_lets_another_do_the_work_and_the_first_write_nothing() {
    let house = House::with_session(&[RULE]).await;
    let slow = house.claim().await.expect("a job");
    let changes = run(&house.ports(), &house.rules, &slow)
        .await
        .expect("runs");
    house.clock.set(at("2026-03-02T13:00:00Z"));
    house.drain().await;
    let held = house.memories().await;
    house
        .store
        .finish(&slow, &changes)
        .await
        .expect("is refused, not an error");
    assert_eq!(house.memories().await, held);
}

#[tokio::test]
async fn what_can_never_be_read_waits_for_a_person_with_its_reason() {
    let house = House::new().await;
    house.enqueue_source(house.folder.path()).await;
    let did = turn(&house.ports(), &house.rules).await.expect("works");
    assert!(matches!(did, Did::Failed { parked: true, .. }), "{did:?}");
    let jobs = house.store.jobs().await.expect("lists");
    assert_eq!(jobs[0].state, JobState::Parked);
    assert!(
        jobs[0]
            .why
            .as_deref()
            .is_some_and(|why| why.contains("folder")),
        "{jobs:?}"
    );
}

#[tokio::test]
async fn a_transcript_that_is_gone_is_nothing_to_do() {
    let house = House::new().await;
    house
        .enqueue_source(&house.folder.path().join("gone.jsonl"))
        .await;
    let did = turn(&house.ports(), &house.rules).await.expect("works");
    assert!(matches!(did, Did::Finished { .. }), "{did:?}");
    assert_eq!(house.store.jobs().await.expect("lists"), Vec::new());
}

#[tokio::test]
async fn a_missed_night_is_caught_up_once() {
    let house = House::with_session(&[RULE]).await;
    house.drain().await;
    house.append("And we always use cargo in this repository, never make.");
    let night = |house: &House| {
        let store = house.store.clone();
        async move { store.last_run(Job::Sweep.kind()).await.expect("reads") }
    };
    house.clock.set(at("2026-03-02T23:00:00Z"));
    house.drain().await;
    assert_eq!(night(&house).await, None, "its hour has not come");
    house.clock.set(at("2026-03-09T08:00:00Z"));
    house.drain().await;
    assert_eq!(night(&house).await, Some(house.clock.now()));
    assert_eq!(house.memories().await.len(), 2, "what had grown is read on");
    house.clock.set(at("2026-03-09T23:00:00Z"));
    house.drain().await;
    assert_eq!(
        night(&house).await,
        Some(at("2026-03-09T08:00:00Z")),
        "seven nights are one"
    );
}

#[tokio::test]
async fn memories_that_move_under_a_step_make_it_decide_anew() {
    let house = House::with_session(&[RULE]).await;
    house.drain().await;
    house.write_session("two", &[RULE], "2026-03-03T10:00:00Z");
    house
        .enqueue_source(&house.folder.path().join("two.jsonl"))
        .await;
    turn(&house.ports(), &house.rules).await.expect("ingests");
    let job = house.claim().await.expect("the extraction");
    let decided = run(&house.ports(), &house.rules, &job).await.expect("runs");
    let before = house.memories().await.remove(0).memory;
    let revision = before.revision.next();
    let pinned = Memory {
        pinned: true,
        revision,
        ..before.clone()
    };
    let meddling = Changes {
        updated: vec![pinned],
        ..Changes::at(house.clock.now())
    };
    house
        .store
        .apply(&meddling, &Author::Person("pin".to_owned()))
        .await
        .expect("pins");
    let stale = house
        .store
        .finish(&job, &decided)
        .await
        .expect("is refused");
    assert_eq!(stale, domain::Finished::Stale(vec![before.id.clone()]));
    let anew = run(&house.ports(), &house.rules, &job).await.expect("runs");
    house.store.finish(&job, &anew).await.expect("finishes");
    let after = house.memories().await.remove(0);
    assert!(after.memory.pinned, "the person's word stands");
    assert_eq!(after.memory.revision, Revision(3));
    assert_eq!(after.evidence.len(), 2);
}

#[tokio::test]
async fn a_stop_signal_ends_the_loop_after_the_present_job() {
    let house = House::with_session(&[RULE]).await;
    let (set, stop) = tokio::sync::watch::channel(false);
    let mut done = 0;
    let mut tell = |_: &Did| {
        done += 1;
        set.send_replace(true);
    };
    let spool = house.spool();
    let tally = pipeline::drain(&house.ports(), &house.rules, &spool, &stop, &mut tell).await;
    assert_eq!((done, tally.expect("works").jobs), (1, 1));
    assert_eq!(
        house.store.jobs().await.expect("lists").len(),
        1,
        "the rest waits"
    );
}

#[tokio::test]
async fn notices_are_taken_in_and_what_is_none_is_put_aside_for_a_person_and_told_once() {
    let house = House::new().await;
    let path = house.write_session("one", &[RULE], "2026-03-02T10:00:00Z");
    house.leave("0001.json", &crate::house::notice(&path, "session-end"));
    house.leave("0002.json", &crate::house::notice(&path, "stop"));
    house.leave("0003.json", "no notice");
    house.leave("0004.tmp", &crate::house::notice(&path, "stop"));
    assert_eq!(house.drain().await.odd_notices, 1);
    assert_eq!(house.memories().await.len(), 1);
    assert_eq!(house.left_in_spool(), ["0004.tmp", "odd", "odd/0003.json"]);
    assert_eq!(house.drain().await.odd_notices, 0, "it was told already");
    house.leave("0003.json", "no notice either");
    assert_eq!(house.drain().await.odd_notices, 1);
    assert_eq!(
        house.left_in_spool(),
        ["0004.tmp", "odd", "odd/0003.json", "odd/0003.json.1"],
        "nothing is overwritten"
    );
}

#[tokio::test]
async fn what_is_put_aside_has_a_bound() {
    let house = House::new().await;
    for number in 0..80 {
        house.leave(&format!("{number:04}.json"), "no notice");
    }
    assert_eq!(house.drain().await.odd_notices, 80);
    let kept = house.left_in_spool();
    let kept: Vec<&String> = kept
        .iter()
        .filter(|name| name.starts_with("odd/"))
        .collect();
    assert_eq!(kept.len(), 64);
    assert!(kept.iter().any(|name| *name == "odd/0079.json"), "{kept:?}");
}

#[tokio::test]
async fn a_reader_that_decided_before_a_place_was_let_in_again_moves_no_cursor() {
    let house = House::with_session(&[RULE]).await;
    let shop = Exclusion::Path("/srv/shop".to_owned());
    let now = house.clock.now();
    house.store.exclude(&shop, now).await.expect("keeps out");
    let reading = house.claim().await.expect("the ingest");
    let changes = run(&house.ports(), &house.rules, &reading)
        .await
        .expect("runs");
    assert_eq!(changes.turns, Vec::new(), "it is kept out");
    house.store.include(&shop, now).await.expect("lets in");
    let finished = house.store.finish(&reading, &changes).await;
    assert_eq!(finished.expect("answers"), Finished::Lost);
    house.drain().await;
    assert_eq!(house.memories().await.len(), 1);
}

#[tokio::test]
async fn what_was_passed_over_is_read_without_being_named_again() {
    let house = House::with_session(&[RULE]).await;
    let shop = Exclusion::Path("/srv/shop".to_owned());
    let now = house.clock.now();
    house.store.exclude(&shop, now).await.expect("keeps out");
    house.drain().await;
    assert_eq!(house.memories().await, Vec::new());
    house.store.include(&shop, now).await.expect("lets in");
    house.drain().await;
    assert_eq!(house.memories().await.len(), 1);
}

#[tokio::test]
async fn a_reader_that_decided_before_a_place_was_kept_out_writes_nothing_of_it() {
    let house = House::with_session(&[RULE]).await;
    let reading = house.claim().await.expect("the ingest");
    let changes = run(&house.ports(), &house.rules, &reading)
        .await
        .expect("runs");
    assert_eq!(changes.turns.len(), 1);
    let shop = Exclusion::Path("/srv/shop".to_owned());
    let now = house.clock.now();
    house.store.exclude(&shop, now).await.expect("keeps out");
    let finished = house.store.finish(&reading, &changes).await;
    assert_eq!(finished.expect("answers"), Finished::Lost);
    house.drain().await;
    assert_eq!(house.memories().await, Vec::new());
}

#[tokio::test]
async fn a_worktree_is_kept_out_with_the_repository_it_belongs_to() {
    let house = House::new().await;
    let (repository, worktree) = house.worktree();
    let repository = Exclusion::Path(repository.display().to_string());
    let now = house.clock.now();
    house
        .store
        .exclude(&repository, now)
        .await
        .expect("keeps out");
    let path = house.write_session_in(&worktree, "one", &[RULE], "2026-03-02T10:00:00Z");
    house.enqueue_source(&path).await;
    house.drain().await;
    assert_eq!(house.memories().await, Vec::new());
    house
        .store
        .include(&repository, now)
        .await
        .expect("lets in");
    house.drain().await;
    assert_eq!(house.memories().await.len(), 1);
}

#[tokio::test]
async fn a_notice_that_arrives_while_its_source_is_read_is_not_lost() {
    let house = House::with_session(&[RULE]).await;
    let reading = house.claim().await.expect("the ingest");
    house.append("And we always use cargo in this repository, never make.");
    let source = Source::unread(
        house.session().display().to_string(),
        domain::Format::ClaudeCodeJsonl,
    );
    let again = NextJob {
        job: Job::Ingest { source: source.id },
        due: house.clock.now(),
    };
    let wake = Changes {
        next: vec![again],
        ..Changes::at(house.clock.now())
    };
    house
        .store
        .apply(&wake, &Author::Worker)
        .await
        .expect("enqueues");
    assert!(house.claim().await.is_none(), "one lane, one job at a time");
    house
        .store
        .fail(&reading, "lost its nerve", Some(house.clock.now()))
        .await
        .expect("fails");
    house.drain().await;
    assert_eq!(house.memories().await.len(), 2);
}

#[tokio::test]
async fn packages_of_one_repository_keep_their_opposite_rules_apart() {
    let house = House::new().await;
    for (package, command) in [("api", "cargo"), ("web", "pnpm")] {
        let cwd = house.package(package);
        let rule = format!("We always use {command} for the tests, never make.");
        house.write_session_in(&cwd, package, &[&rule], "2026-03-02T10:00:00Z");
        house
            .enqueue_source(&house.folder.path().join(format!("{package}.jsonl")))
            .await;
    }
    house.drain().await;
    let mut scopes: Vec<String> = house
        .memories()
        .await
        .iter()
        .map(|held| held.memory.lesson.scope.to_string())
        .collect();
    scopes.sort();
    assert_eq!(scopes, ["path:packages/api", "path:packages/web"]);
    let projects: std::collections::BTreeSet<_> = house
        .memories()
        .await
        .into_iter()
        .map(|held| held.memory.project)
        .collect();
    assert_eq!(projects.len(), 1, "one repository, one project");
}

#[tokio::test]
async fn a_rule_about_the_whole_repository_reaches_it_from_any_package() {
    let house = House::new().await;
    let cwd = house.package("api");
    let rules = [
        "In this repository we use tabs, not spaces.",
        "We always use pnpm everywhere, never npm.",
        "Always sign commits in the whole monorepo.",
        "We always use cargo for the tests, never make.",
        "Never push to the projector branch.",
    ];
    house.write_session_in(&cwd, "one", &rules, "2026-03-02T10:00:00Z");
    house
        .enqueue_source(&house.folder.path().join("one.jsonl"))
        .await;
    house.drain().await;
    let mut scopes: Vec<(String, String)> = house
        .memories()
        .await
        .into_iter()
        .map(|held| held.memory.lesson)
        .map(|lesson| (lesson.what, lesson.scope.to_string()))
        .collect();
    scopes.sort();
    let expect = [
        (rules[2], "project"),
        (rules[0], "project"),
        (rules[4], "path:packages/api"),
        (rules[3], "path:packages/api"),
        (rules[1], "project"),
    ];
    assert_eq!(
        scopes,
        expect.map(|(what, scope)| (what.to_owned(), scope.to_owned()))
    );
}
