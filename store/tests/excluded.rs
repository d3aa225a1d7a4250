//! What is kept out is heard by nobody who was at it already, and waits for no model's word.
//!
//! Which folders an exclusion covers, the domain says; here stands what becomes of the jobs.

mod house;

use domain::*;
use house::*;
use store::{JobState, Store};

async fn claim(store: &Store, now: i64) -> Claimed {
    let claimed = store.claim(at(now), seconds(600)).await;
    claimed.expect("the queue answers").expect("a job is due")
}

async fn exclude(store: &Store, now: i64) {
    let path = Exclusion::Path("/code/shop".to_owned());
    assert!(store.exclude(&path, at(now)).await.expect("excludes"));
}

both_engines! {
    async fn who_is_at_an_episode_when_its_place_is_kept_out_stores_nothing_of_it(house: House) {
        let store = house.open().await;
        let heed = Job::Heed { episode: EpisodeId::new("e2"), project: None };
        for job in [ingest("a"), extract("e1", Some("shop")), heed] {
            store.enqueue(&job, at(0), at(0)).await.expect("enqueues");
            let held = claim(&store, 1).await;
            assert_eq!(held.job, job);
            exclude(&store, 2).await;
            let late = store.finish(&held, &saving(&[memory("use pnpm", "t1")])).await;
            assert_eq!(late.expect("answers"), Finished::Lost, "{job:?}");
            let anew = claim(&store, 2).await;
            assert_eq!(anew.job, job, "it is done anew, and sees what is kept out");
            store.finish(&anew, &Changes::at(at(3))).await.expect("finishes");
            let path = Exclusion::Path("/code/shop".to_owned());
            assert!(store.include(&path, at(3)).await.expect("lets in"));
            let sweep = claim(&store, 3).await;
            store.finish(&sweep, &Changes::at(at(3))).await.expect("finishes");
        }
        assert!(house.dump("SELECT what FROM memories").await.is_empty());
    }

    async fn what_waits_for_a_model_looks_again_when_a_place_is_kept_out(house: House) {
        let store = house.open().await;
        let bob = store.seen_by(who("acme", "bob"));
        for store in [&store, &bob] {
            store.enqueue(&extract("e1", None), at(0), at(0)).await.expect("enqueues");
            let held = claim(store, 1).await;
            store.wait(&held, "the reply r1 in the mailbox", at(900)).await.expect("waits");
        }
        exclude(&store, 2).await;
        let jobs = store.jobs().await.expect("lists");
        assert_eq!(jobs[0].state, JobState::Waiting { on: None });
        assert_eq!(claim(&store, 2).await.job, extract("e1", None));
        assert_eq!(bob.next_due().await.expect("answers"), Some(at(900)), "it is another's");
    }
}
