//! The queue on both engines: nothing is lost, nothing runs twice at once, nobody waits for nothing.

mod house;

use std::collections::BTreeSet;
use std::time::Duration;

use domain::*;
use house::*;
use tokio::task::JoinSet;

/// A claim that is expected to give something.
async fn claim(store: &store::Store, now: i64) -> Claimed {
    let claimed = store.claim(at(now), seconds(60)).await;
    claimed.expect("the queue answers").expect("a job is due")
}

async fn idle(store: &store::Store, now: i64) -> bool {
    let claimed = store.claim(at(now), seconds(60)).await;
    claimed.expect("the queue answers").is_none()
}

both_engines! {
    async fn the_same_job_waits_once_and_is_taken_once(house: House) {
        let store = house.open().await;
        let first = store.enqueue(&ingest("a"), at(0), at(0)).await.expect("enqueues");
        assert_eq!(first, Some(JobId(1)));
        assert_eq!(store.enqueue(&ingest("a"), at(0), at(0)).await.expect("enqueues"), None);
        let claimed = claim(&store, 1).await;
        assert_eq!((claimed.job.clone(), claimed.attempts), (ingest("a"), 0));
        assert!(idle(&store, 1).await);
        let done = store.finish(&claimed, &Changes::at(at(2))).await.expect("finishes");
        assert_eq!(done.run(), Some(claimed.run));
        assert!(idle(&store, 2).await);
        // A deduplicated job begins no run, so the numbers stay short.
        store.enqueue(&ingest("b"), at(0), at(0)).await.expect("enqueues");
        assert_eq!(claim(&store, 3).await.run, RunId(2));
    }

    async fn a_job_that_comes_while_the_same_job_runs_is_done_after_it(house: House) {
        let store = house.open().await;
        store.enqueue(&ingest("a"), at(0), at(0)).await.expect("enqueues");
        let running = claim(&store, 1).await;
        let again = store.enqueue(&ingest("a"), at(1), at(1)).await.expect("enqueues");
        assert!(again.is_some(), "the wake-up is not lost");
        assert!(idle(&store, 2).await, "their lane is the same");
        store.finish(&running, &Changes::at(at(3))).await.expect("finishes");
        assert_eq!(Some(claim(&store, 3).await.id), again);
    }

    async fn what_waits_for_no_model_goes_before_what_may(house: House) {
        let store = house.open().await;
        let heed = Job::Heed { episode: EpisodeId::new("e3"), project: Some(ProjectId::new("p")) };
        let old = [extract("e1", Some("p")), extract("e2", Some("q"))];
        for (job, due) in old.iter().chain([&heed, &ingest("a")]).zip(0..) {
            store.enqueue(job, at(due), at(0)).await.expect("enqueues");
        }
        assert_eq!(claim(&store, 9).await.job, heed);
        assert_eq!(claim(&store, 9).await.job, ingest("a"));
        assert_eq!(claim(&store, 9).await.job, old[1], "and a lane is a lane");
    }

    async fn an_impatient_job_brings_a_patient_one_forward(house: House) {
        let store = house.open().await;
        store.enqueue(&ingest("a"), at(1000), at(0)).await.expect("enqueues");
        assert_eq!(store.next_due().await.expect("answers"), Some(at(1000)));
        store.enqueue(&ingest("a"), at(5), at(0)).await.expect("enqueues");
        assert_eq!(store.next_due().await.expect("answers"), Some(at(5)));
        store.enqueue(&ingest("a"), at(2000), at(0)).await.expect("enqueues");
        assert_eq!(store.next_due().await.expect("answers"), Some(at(5)));
    }

    async fn of_a_lane_one_runs_at_a_time_and_lanes_run_beside_each_other(house: House) {
        let store = house.open().await;
        for (episode, project) in [("e1", Some("p")), ("e2", Some("p")), ("e3", Some("q"))] {
            store.enqueue(&extract(episode, project), at(0), at(0)).await.expect("enqueues");
        }
        let first = claim(&store, 1).await;
        assert_eq!(first.job, extract("e1", Some("p")));
        assert_eq!(claim(&store, 1).await.job, extract("e3", Some("q")));
        assert!(idle(&store, 1).await);
        store.finish(&first, &Changes::at(at(2))).await.expect("finishes");
        assert_eq!(claim(&store, 2).await.job, extract("e2", Some("p")));
    }

    async fn a_lane_holds_for_the_whole_tenant_and_no_further(house: House) {
        let ann = house.open().await;
        let bob = ann.seen_by(who("acme", "bob"));
        let eve = ann.seen_by(who("other", "ann"));
        for store in [&ann, &bob, &eve] {
            let added = store.enqueue(&extract("e1", Some("p")), at(0), at(0)).await;
            assert!(added.expect("enqueues").is_some(), "each has a queue of their own");
        }
        let anns = claim(&ann, 1).await;
        assert!(idle(&bob, 1).await, "a project's memories are written by one job at a time");
        assert_eq!(claim(&eve, 1).await.owner, OwnerId::new("ann"));
        ann.finish(&anns, &Changes::at(at(2))).await.expect("finishes");
        assert_eq!(claim(&bob, 2).await.owner, OwnerId::new("bob"));
    }

    async fn a_worker_whose_lease_ran_out_writes_nothing(house: House) {
        let store = house.open().await;
        store.enqueue(&extract("e1", None), at(0), at(0)).await.expect("enqueues");
        let slow = claim(&store, 1).await;
        assert!(idle(&store, 60).await, "the lease holds");
        assert_eq!(store.next_due().await.expect("answers"), Some(at(61)));
        let quick = claim(&store, 62).await;
        assert_eq!((quick.id, quick.attempts), (slow.id, 1), "a dead worker counts as an attempt");
        let changes = saving(&[memory("use pnpm", "t1")]);
        assert_eq!(store.finish(&slow, &changes).await.expect("answers"), Finished::Lost);
        assert!(!store.renew(&slow, at(200)).await.expect("answers"));
        store.fail(&slow, "too late", None).await.expect("answers");
        store.wait(&slow, "nothing", at(500)).await.expect("answers");
        assert!(store.renew(&quick, at(200)).await.expect("answers"));
        assert!(matches!(store.finish(&quick, &changes).await, Ok(Finished::Done { .. })));
        assert_eq!(house.dump("SELECT id FROM memories").await.len(), 1);
    }

    async fn what_a_dead_worker_of_a_file_held_is_given_out_at_once(house: House) {
        let ann = house.open().await;
        let bob = ann.seen_by(who("acme", "bob"));
        for (store, source) in [(&ann, "a"), (&bob, "b")] {
            store.enqueue(&ingest(source), at(0), at(0)).await.expect("enqueues");
        }
        let held = claim(&ann, 1).await;
        let bobs = claim(&bob, 1).await;
        let ended = ann.reclaim(at(2)).await.expect("reclaims");
        if matches!(house.place, store::Place::Server(_)) {
            assert_eq!(ended, 0, "another host may be at work");
            assert!(idle(&ann, 2).await);
            return;
        }
        assert_eq!(ended, 1, "what is another's stays theirs");
        let again = claim(&ann, 2).await;
        assert_eq!((again.id, again.attempts), (held.id, 1), "as after a lease that ran out");
        let late = ann.finish(&held, &Changes::at(at(3))).await.expect("answers");
        assert_eq!(late, Finished::Lost);
        let done = bob.finish(&bobs, &Changes::at(at(3))).await.expect("finishes");
        assert_eq!(done.run(), Some(bobs.run));
        ann.finish(&again, &Changes::at(at(3))).await.expect("finishes");
        assert_eq!(ann.reclaim(at(4)).await.expect("reclaims"), 0, "nothing is held");
    }

    async fn waiting_counts_no_attempt_and_failing_does(house: House) {
        let store = house.open().await;
        store.enqueue(&ingest("a"), at(0), at(0)).await.expect("enqueues");
        let job = claim(&store, 1).await;
        store.wait(&job, "the mailbox", at(10)).await.expect("waits");
        assert!(idle(&store, 9).await);
        let job = claim(&store, 10).await;
        assert_eq!(job.attempts, 0);
        store.fail(&job, "the disk is full", Some(at(20))).await.expect("fails");
        assert_eq!(store.next_due().await.expect("answers"), Some(at(20)));
        let job = claim(&store, 20).await;
        assert_eq!(job.attempts, 1);
        store.fail(&job, "it is no transcript", None).await.expect("parks");
        assert!(idle(&store, 10_000).await);
        assert_eq!(store.next_due().await.expect("answers"), None);
        let parked = store.parked().await.expect("lists");
        assert_eq!((parked.len(), parked[0].why.as_str()), (1, "it is no transcript"));
        assert!(store.retry(job.id, at(30)).await.expect("retries"));
        assert!(!store.retry(job.id, at(30)).await.expect("answers"), "it is parked no more");
        assert_eq!(claim(&store, 30).await.attempts, 2, "what was tried stays counted");
    }

    async fn a_person_who_asks_again_does_not_wait_for_a_failed_job(house: House) {
        let store = house.open().await;
        store.enqueue(&ingest("a"), at(0), at(0)).await.expect("enqueues");
        let job = claim(&store, 1).await;
        assert!(!store.hurry(job.id, at(1)).await.expect("answers"), "somebody is at it");
        store.fail(&job, "the disk is full", Some(at(999))).await.expect("fails");
        let bob = store.seen_by(who("acme", "bob"));
        assert!(!bob.hurry(job.id, at(2)).await.expect("answers"), "it is not theirs");
        assert!(idle(&store, 2).await);
        assert!(store.hurry(job.id, at(2)).await.expect("hurries"));
        assert_eq!(claim(&store, 2).await.id, job.id);
    }

    async fn who_waits_for_a_thing_is_woken_when_it_may_have_come(house: House) {
        let store = house.open().await;
        for (source, on) in [("a", "the model"), ("b", "the model"), ("c", "a reply"), ("d", "")] {
            store.enqueue(&ingest(source), at(0), at(0)).await.expect("enqueues");
            let job = claim(&store, 1).await;
            match on {
                "" => store.fail(&job, "busy", Some(at(100))).await.expect("fails"),
                _ => store.wait(&job, on, at(100)).await.expect("waits"),
            }
        }
        assert_eq!(store.waited_for().await.expect("answers"), ["a reply", "the model"]);
        assert_eq!(store.wake("the model", at(5), 1).await.expect("wakes"), 1);
        let probe = claim(&store, 5).await;
        assert_eq!(probe.job, ingest("a"), "the oldest first");
        assert!(idle(&store, 5).await, "one was asked for");
        assert_eq!(store.wake("the model", at(6), 9).await.expect("wakes"), 1);
        assert_eq!(claim(&store, 6).await.job, ingest("b"));
        assert!(idle(&store, 6).await);
        let elsewhere = store.seen_by(who("acme", "bob"));
        assert_eq!(elsewhere.wake("a reply", at(7), 9).await.expect("answers"), 0);
        assert_eq!(elsewhere.waited_for().await.expect("answers"), Vec::<String>::new());
        store.fail(&probe, "busy", Some(at(200))).await.expect("fails");
        assert_eq!(store.waited_for().await.expect("answers"), ["a reply"], "a failed job waits for its hour");
    }

    async fn a_job_that_goes_back_takes_the_place_of_its_twin(house: House) {
        let store = house.open().await;
        store.enqueue(&ingest("a"), at(0), at(0)).await.expect("enqueues");
        let job = claim(&store, 1).await;
        store.enqueue(&ingest("a"), at(1), at(1)).await.expect("enqueues");
        store.fail(&job, "busy", Some(at(100))).await.expect("fails");
        assert!(idle(&store, 50).await, "the twin does not run round the backoff");
        assert_eq!(claim(&store, 100).await.id, job.id);
    }

    async fn a_failed_job_is_not_brought_forward_by_the_next_event(house: House) {
        let store = house.open().await;
        store.enqueue(&ingest("a"), at(0), at(0)).await.expect("enqueues");
        let job = claim(&store, 1).await;
        store.fail(&job, "busy", Some(at(100))).await.expect("fails");
        assert_eq!(store.enqueue(&ingest("a"), at(2), at(2)).await.expect("enqueues"), None);
        assert!(idle(&store, 50).await);
    }

    async fn what_cannot_be_read_waits_for_a_person_and_stops_nobody(house: House) {
        let store = house.open().await;
        for source in ["of tomorrow", "torn", "a"] {
            store.enqueue(&ingest(source), at(0), at(0)).await.expect("enqueues");
        }
        // A later program queued the one; the other's row is damaged.
        house.run(r#"UPDATE jobs SET kind = 'dream', body = '{"dream":{"of":"sheep"}}' WHERE id = 1"#).await;
        house.run("UPDATE jobs SET body = 'torn' WHERE id = 2").await;
        let given = tokio::time::timeout(Duration::from_secs(20), claim(&store, 1)).await;
        assert_eq!(given.expect("it does not go round in circles").job, ingest("a"));
        let parked = store.parked().await.expect("lists");
        let kinds: Vec<&str> = parked.iter().map(|job| job.kind.as_str()).collect();
        assert_eq!(kinds, ["dream", "ingest"]);
        assert!(parked[0].job.contains("sheep"), "{parked:?}");
        assert!(parked.iter().all(|job| job.why.contains("body")), "{parked:?}");
        // Whoever asks how things stand is told of it, and of the rest.
        let status = store.status().await.expect("a status");
        assert_eq!((status.jobs["parked"], status.jobs["claimed"]), (2, 1));
        let jobs = store.jobs().await.expect("lists");
        assert_eq!(jobs.iter().map(|job| &job.work).collect::<Vec<_>>(), [&ingest("a")]);
        // The program that can read it gets it back.
        assert!(store.retry(JobId(1), at(2)).await.expect("retries"));
        assert_eq!(store.next_due().await.expect("answers"), Some(at(2)));
        assert!(idle(&store, 2).await);
        assert_eq!(store.parked().await.expect("lists").len(), 2);
    }

    async fn next_jobs_stand_in_the_same_run_and_never_come_from_a_lost_job(house: House) {
        let store = house.open().await;
        store.enqueue(&ingest("a"), at(0), at(0)).await.expect("enqueues");
        let job = claim(&store, 1).await;
        let next = |episode: &str| NextJob { job: extract(episode, None), due: at(2) };
        let changes = Changes {
            next: vec![next("e1"), next("e2"), next("e1")],
            ..Changes::at(at(2))
        };
        store.finish(&job, &changes).await.expect("finishes");
        assert_eq!(store.finish(&job, &changes).await.expect("answers"), Finished::Lost);
        let first = claim(&store, 3).await;
        assert_eq!(first.run, job.run);
        store.finish(&first, &Changes::at(at(4))).await.expect("finishes");
        let second = claim(&store, 4).await;
        assert_eq!((second.job.clone(), second.run), (extract("e2", None), job.run));
        store.finish(&second, &Changes::at(at(5))).await.expect("finishes");
        assert!(idle(&store, 6).await);
    }

    async fn many_workers_take_every_job_once(house: House) {
        let store = house.open().await;
        for number in 0..100 {
            let job = ingest(&format!("source {number}"));
            store.enqueue(&job, at(0), at(0)).await.expect("enqueues");
        }
        let mut workers = JoinSet::new();
        for _ in 0..8 {
            let store = house.open().await;
            workers.spawn(async move {
                let mut done = Vec::new();
                while let Some(job) = store.claim(at(1), seconds(60)).await.expect("claims") {
                    let finished = store.finish(&job, &Changes::at(at(1))).await;
                    assert_eq!(finished.expect("finishes").run(), Some(job.run));
                    done.push(job.id);
                }
                done
            });
        }
        let done: Vec<JobId> = workers.join_all().await.concat();
        assert_eq!(done.len(), 100);
        assert_eq!(done.into_iter().collect::<BTreeSet<_>>().len(), 100);
    }

    async fn many_workers_keep_to_one_lane(house: House) {
        let store = house.open().await;
        for number in 0..24 {
            let job = extract(&format!("e{number}"), Some("p"));
            store.enqueue(&job, at(0), at(0)).await.expect("enqueues");
        }
        let inside = std::sync::Arc::new(std::sync::atomic::AtomicUsize::new(0));
        let mut workers = JoinSet::new();
        for _ in 0..6 {
            let (store, inside) = (store.clone(), inside.clone());
            workers.spawn(async move {
                use std::sync::atomic::Ordering::SeqCst;
                let mut done = 0;
                // Another worker may hold the lane just now, so an empty hand is no end.
                while store.next_due().await.expect("answers").is_some() {
                    let Some(job) = store.claim(at(1), seconds(60)).await.expect("claims") else {
                        tokio::task::yield_now().await;
                        continue;
                    };
                    assert_eq!(inside.fetch_add(1, SeqCst), 0, "two jobs of one lane at once");
                    tokio::task::yield_now().await;
                    inside.fetch_sub(1, SeqCst);
                    store.finish(&job, &Changes::at(at(1))).await.expect("finishes");
                    done += 1;
                }
                done
            });
        }
        assert_eq!(workers.join_all().await.iter().sum::<i32>(), 24);
    }
}
