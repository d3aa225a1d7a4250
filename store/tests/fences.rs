//! Whose job it is: nobody is given another's, and whoever gave one back, or lost it, touches it no more.
//!
//! Looks at whole rows before and after; what the queue promises besides stands in `queue.rs`.

mod house;

use domain::*;
use house::*;
use store::{JobState, Store};

async fn claim(store: &Store, now: i64) -> Claimed {
    let claimed = store.claim(at(now), seconds(60)).await;
    claimed.expect("the queue answers").expect("a job is due")
}

async fn idle(store: &Store, now: i64) -> bool {
    let claimed = store.claim(at(now), seconds(60)).await;
    claimed.expect("the queue answers").is_none()
}

async fn waits(store: &Store, job: &Job, due: i64) {
    let added = store.enqueue(job, at(due), at(due)).await;
    assert!(added.expect("enqueues").is_some(), "it is new");
}

/// Every job with everything that its row says.
async fn rows(house: &House) -> Vec<String> {
    house
        .dump(
            "SELECT tenant || '|' || CAST(id AS TEXT) || '|' || owner || '|' || CAST(run AS TEXT) || '|' || CAST(due_at AS TEXT)
                || '|' || CAST(attempts AS TEXT) || '|' || CAST(claim AS TEXT)
                || '|' || COALESCE(CAST(leased_until AS TEXT), '-') || '|' || CAST(parked AS TEXT)
                || '|' || COALESCE(waits_on, '-') || '|' || COALESCE(why, '-')
             FROM jobs ORDER BY 1",
        )
        .await
}

/// Everything that whoever once held a job may try on it.
async fn try_everything(store: &Store, held: &Claimed) {
    let late = store.finish(held, &Changes::at(at(9))).await;
    assert_eq!(late.expect("answers"), Finished::Lost);
    assert!(!store.renew(held, at(900)).await.expect("answers"));
    store
        .wait(held, "the mailbox", at(900))
        .await
        .expect("answers");
    let again = store.fail(held, "late", Some(at(900))).await;
    again.expect("answers");
    store.fail(held, "too late", None).await.expect("answers");
}

both_engines! {
    async fn a_worker_gets_the_jobs_of_its_own_person_alone(house: House) {
        let ann = house.open().await;
        let bob = ann.seen_by(who("acme", "bob"));
        let eve = ann.seen_by(who("other", "bob"));
        waits(&ann, &ingest("of ann"), 0).await;
        waits(&eve, &ingest("of eve"), 0).await;
        waits(&bob, &ingest("of bob"), 5).await;
        assert_eq!(claim(&bob, 9).await.job, ingest("of bob"));
        assert!(idle(&bob, 9).await, "what is due longest is another's");
        assert_eq!(claim(&eve, 9).await.job, ingest("of eve"));
        assert_eq!(claim(&ann, 9).await.job, ingest("of ann"));
    }

    async fn whoever_gave_a_job_back_touches_it_no_more(house: House) {
        let store = house.open().await;
        waits(&store, &ingest("a"), 0).await;
        let held = claim(&store, 1).await;
        store.fail(&held, "busy", Some(at(50))).await.expect("fails");
        let before = rows(&house).await;
        try_everything(&store, &held).await;
        assert_eq!(rows(&house).await, before);
        let held = claim(&store, 50).await;
        store.fail(&held, "never", None).await.expect("parks");
        let before = rows(&house).await;
        try_everything(&store, &held).await;
        assert_eq!(rows(&house).await, before);
    }

    async fn whoever_lost_a_job_does_not_touch_it_in_other_hands(house: House) {
        let store = house.open().await;
        waits(&store, &ingest("a"), 0).await;
        let slow = claim(&store, 1).await;
        claim(&store, 61).await;
        // A twin that waits is not the loser's to drop either.
        waits(&store, &ingest("a"), 62).await;
        let before = rows(&house).await;
        try_everything(&store, &slow).await;
        assert_eq!(rows(&house).await, before);
    }

    async fn a_job_of_another_tenant_with_the_same_number_is_another_job(house: House) {
        let ann = house.open().await;
        let eve = ann.seen_by(who("other", "ann"));
        for number in 0..5 {
            for store in [&ann, &eve] {
                waits(store, &ingest(&number.to_string()), number).await;
            }
        }
        let mut held = Vec::new();
        for _ in 0..5 {
            held.push(claim(&ann, 9).await);
            claim(&eve, 9).await;
        }
        waits(&eve, &ingest("1"), 9).await;
        let of_eve = async || {
            let mut rows = rows(&house).await;
            rows.retain(|row| row.starts_with("other|"));
            rows
        };
        let before = of_eve().await;
        ann.finish(&held[0], &Changes::at(at(9))).await.expect("finishes");
        let again = ann.finish(&held[0], &Changes::at(at(9))).await;
        assert_eq!(again.expect("answers"), Finished::Lost, "hers is another");
        ann.wait(&held[1], "the mailbox", at(20)).await.expect("waits");
        ann.fail(&held[2], "busy", Some(at(20))).await.expect("fails");
        ann.fail(&held[3], "never", None).await.expect("parks");
        ann.renew(&held[4], at(500)).await.expect("renews");
        assert_eq!(of_eve().await, before);
        ann.retry(held[3].id, at(20)).await.expect("retries");
        ann.enqueue(&ingest("1"), at(3), at(9)).await.expect("brings forward");
        let run = write(&ann, &saving(&[memory("use pnpm", "t1")])).await;
        ann.undo(run, at(10)).await.expect("undoes");
        ann.reclaim(at(10)).await.expect("reclaims");
        assert_eq!(of_eve().await, before);
    }

    async fn a_parked_job_is_tried_again_by_its_own_person_alone(house: House) {
        let ann = house.open().await;
        waits(&ann, &ingest("a"), 0).await;
        let job = claim(&ann, 1).await;
        ann.fail(&job, "never", None).await.expect("parks");
        let before = rows(&house).await;
        for (tenant, owner) in [("acme", "bob"), ("other", "ann")] {
            let other = ann.seen_by(who(tenant, owner));
            assert!(other.parked().await.expect("lists").is_empty());
            assert!(!other.retry(job.id, at(2)).await.expect("answers"));
        }
        assert_eq!(rows(&house).await, before);
        // What came meanwhile does the work: the parked one has nothing left to do.
        waits(&ann, &ingest("a"), 3).await;
        assert!(ann.retry(job.id, at(4)).await.expect("retries"));
        assert_eq!(rows(&house).await.len(), 1);
        assert!(ann.parked().await.expect("lists").is_empty());
        let job = claim(&ann, 5).await;
        ann.fail(&job, "never", None).await.expect("parks");
        assert!(ann.retry(job.id, at(30)).await.expect("retries"));
        assert_eq!(ann.next_due().await.expect("answers"), Some(at(30)));
    }

    async fn what_waits_beside_a_job_stays_as_it_is_when_the_job_goes_back(house: House) {
        let ann = house.open().await;
        let bob = ann.seen_by(who("acme", "bob"));
        waits(&ann, &ingest("a"), 0).await;
        let job = claim(&ann, 0).await;
        ann.fail(&job, "never", None).await.expect("parks");
        // Neither the same job parked, nor another's, nor another job is a twin.
        waits(&ann, &ingest("a"), 1).await;
        let job = claim(&ann, 1).await;
        waits(&bob, &ingest("a"), 50).await;
        waits(&ann, &ingest("b"), 60).await;
        let mut before = rows(&house).await;
        ann.fail(&job, "busy", Some(at(40))).await.expect("fails");
        ann.enqueue(&ingest("a"), at(2), at(2)).await.expect("waits already");
        let mut after = rows(&house).await;
        let of_job = format!("acme|{}|", job.id.0);
        before.retain(|row| !row.starts_with(&of_job));
        after.retain(|row| !row.starts_with(&of_job));
        assert_eq!((before.len(), &after), (3, &before));
        assert_eq!(bob.next_due().await.expect("answers"), Some(at(50)));
        assert_eq!(ann.next_due().await.expect("answers"), Some(at(40)));
        ann.enqueue(&ingest("b"), at(55), at(3)).await.expect("brings forward");
        bob.enqueue(&ingest("b"), at(90), at(3)).await.expect("waits");
        assert_eq!(claim(&ann, 55).await.job, ingest("a"));
        assert_eq!(claim(&ann, 55).await.job, ingest("b"));
        assert_eq!(bob.next_due().await.expect("answers"), Some(at(50)));
    }

    async fn what_is_barred_leaves_neither_job_nor_run(house: House) {
        let store = house.open().await;
        let eve = store.seen_by(who("other", "ann"));
        let cut = episode("s1", &["t1"]);
        let extract = extract(cut.id.as_str(), None);
        write(&store, &Changes { episodes: vec![cut.clone()], ..Changes::at(at(1)) }).await;
        write(&eve, &Changes { episodes: vec![cut], ..Changes::at(at(1)) }).await;
        waits(&store, &extract, 1).await;
        let job = claim(&store, 1).await;
        store.finish(&job, &saving(&[memory("use pnpm", "t1")])).await.expect("finishes");
        // Another run cut the episode; this one looked for lessons in it.
        store.undo(job.run, at(3)).await.expect("undoes");
        let runs = "SELECT CAST(COUNT(*) AS TEXT) FROM runs WHERE tenant = 'acme'";
        let before = house.dump(runs).await;
        assert_eq!(store.enqueue(&extract, at(4), at(4)).await.expect("answers"), None);
        assert_eq!(house.dump(runs).await, before);
        waits(&eve, &extract, 4).await;
    }

    async fn an_episode_is_barred_until_every_run_on_it_is_in_force_again(house: House) {
        for (tenant, order) in [("one", [0, 1]), ("two", [1, 0])] {
            let store = house.open_for(who(tenant, "ann")).await;
            let cut = episode("s1", &["t1"]);
            let extract = extract(cut.id.as_str(), None);
            let cutting = Changes { episodes: vec![cut], ..saving(&[memory("use bun", "t0")]) };
            let first = write(&store, &cutting).await;
            waits(&store, &extract, 1).await;
            let job = claim(&store, 1).await;
            store.finish(&job, &saving(&[memory("use pnpm", "t1")])).await.expect("finishes");
            let runs = order.map(|number| [first, job.run][number]);
            let mut undos = Vec::new();
            for run in runs {
                undos.push(store.undo(run, at(3)).await.expect("undoes").by);
            }
            for by in undos {
                let added = store.enqueue(&extract, at(9), at(9)).await;
                assert_eq!(added.expect("answers"), None, "{tenant}");
                store.undo(by, at(4)).await.expect("undoes the undo");
            }
            waits(&store, &extract, 9).await;
        }
    }

    async fn a_run_that_only_cut_an_episode_is_taken_back_and_put_in_force_again(house: House) {
        let store = house.open().await;
        let cut = episode("s1", &["t1"]);
        let extract = extract(cut.id.as_str(), None);
        let run = write(&store, &Changes { episodes: vec![cut], ..Changes::at(at(1)) }).await;
        let undone = store.undo(run, at(2)).await.expect("undoes");
        assert_eq!(store.enqueue(&extract, at(3), at(3)).await.expect("answers"), None);
        store.undo(undone.by, at(4)).await.expect("undoes the undo");
        waits(&store, &extract, 5).await;
    }

    async fn one_that_is_not_due_or_parked_is_not_given_out_for_one_that_is_held_up(house: House) {
        let store = house.open().await;
        waits(&store, &ingest("parked"), 0).await;
        let parked = claim(&store, 0).await;
        store.fail(&parked, "never", None).await.expect("parks");
        waits(&store, &extract("e1", Some("p")), 0).await;
        claim(&store, 1).await;
        waits(&store, &extract("held up", Some("p")), 1).await;
        waits(&store, &ingest("later"), 100).await;
        assert!(idle(&store, 2).await);
    }

    async fn a_lane_is_free_at_the_instant_at_which_its_lease_ends(house: House) {
        let store = house.open().await;
        waits(&store, &extract("e1", Some("p")), 5).await;
        claim(&store, 10).await;
        waits(&store, &extract("e2", Some("p")), 0).await;
        assert!(idle(&store, 69).await);
        assert_eq!(claim(&store, 70).await.job, extract("e2", Some("p")));
    }

    async fn a_lease_that_was_renewed_holds_until_then(house: House) {
        let store = house.open().await;
        waits(&store, &ingest("a"), 0).await;
        let held = claim(&store, 1).await;
        assert!(store.renew(&held, at(200)).await.expect("renews"));
        assert!(idle(&store, 199).await);
        assert_eq!(store.next_due().await.expect("answers"), Some(at(200)));
        assert_eq!(claim(&store, 200).await.id, held.id);
    }

    async fn a_job_says_what_it_waits_for_until_it_is_taken_up_again(house: House) {
        let store = house.open().await;
        waits(&store, &ingest("a"), 0).await;
        // The same job came meanwhile, and goes: the one that waits takes its place.
        let job = claim(&store, 1).await;
        waits(&store, &ingest("a"), 1).await;
        store.wait(&job, "the mailbox", at(10)).await.expect("waits");
        let jobs = store.jobs().await.expect("lists");
        assert_eq!((jobs.len(), jobs[0].id), (1, job.id));
        let on = Some("the mailbox".to_owned());
        assert_eq!(jobs[0].state, JobState::Waiting { on });
        let job = claim(&store, 10).await;
        store.fail(&job, "busy", Some(at(20))).await.expect("fails");
        let jobs = store.jobs().await.expect("lists");
        assert_eq!(jobs[0].state, JobState::Waiting { on: None });
        assert_eq!(jobs[0].why.as_deref(), Some("busy"));
    }
}
