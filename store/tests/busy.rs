//! Many hands at one store: nobody waits for a lock in vain, and nothing is lost or done twice.
//!
//! Each hand opens the store by itself, as a process of its own does.

mod house;

use domain::*;
use house::*;
use store::{ListWish, Store};
use tokio::task::JoinSet;

/// Returns how many jobs, words of a person, and looks at the store there are: a few in the tests of
/// every day, as many as `cargo xtask soak` asks for in the long run.
fn rounds() -> i64 {
    #[expect(
        clippy::disallowed_methods,
        reason = "the task runner says here how long to go on"
    )]
    let asked = std::env::var("DORMOUSE_TEST_ROUNDS");
    asked.map_or(40, |asked| asked.parse().expect("a number of rounds"))
}

/// Works until every job is done, and returns how many it did.
async fn worker(store: Store) -> usize {
    let mut done = 0;
    while store.next_due().await.expect("answers").is_some() {
        let Some(job) = store.claim(at(3), seconds(600)).await.expect("claims") else {
            tokio::task::yield_now().await;
            continue;
        };
        let what = format!("job {} says so", job.id);
        let changes = Changes {
            sessions: vec![session("s1", 0, 1)],
            turns: vec![turn(&what, "s1", job.id.0, &what)],
            ..saving(&[memory(&what, &what)])
        };
        let finished = store.finish(&job, &changes).await.expect("finishes");
        // Whoever holds a job while something is taken back decides again.
        match finished {
            Finished::Done { .. } => done += 1,
            Finished::Lost => continue,
            Finished::Stale(moved) => panic!("nobody else writes {moved:?}"),
        }
    }
    done
}

/// Saves, takes back and saves again, as a person at the terminal does.
async fn person(store: Store) {
    for number in 0..rounds() {
        let what = format!("a person says {number}");
        let run = write(&store, &saving(&[memory(&what, &what)])).await;
        if number % 2 == 0 {
            store.undo(run, at(2)).await.expect("is taken back");
        }
    }
}

async fn reader(store: Store) {
    for _ in 0..rounds() {
        let wish = ListWish::all(View::default(), 200);
        for record in store.list(&wish).await.expect("a list") {
            assert_eq!(record.evidence.len(), 1, "no memory is seen by half");
        }
    }
}

both_engines! {
    async fn two_workers_and_a_person_write_at_once_and_nothing_is_lost(house: House) {
        let store = house.open().await;
        let rounds = rounds();
        for number in 0..rounds {
            let job = ingest(&format!("source {number}"));
            store.enqueue(&job, at(0), at(0)).await.expect("waits");
        }
        let mut workers = JoinSet::new();
        for _ in 0..2 {
            workers.spawn(worker(house.open().await));
        }
        let mut others = JoinSet::new();
        others.spawn(person(house.open().await));
        others.spawn(reader(house.open().await));
        others.join_all().await;
        let done: usize = workers.join_all().await.iter().sum();
        assert_eq!(done as i64, rounds);
        let all = store.status().await.expect("a status").memories["active"];
        assert_eq!(all as i64, rounds + rounds / 2);
    }
}

#[tokio::test]
async fn a_store_that_is_being_written_is_read_as_it_stood_before() {
    let house = House::sqlite();
    let ann = house.open().await;
    write(&ann, &saving(&[memory("use pnpm", "t1")])).await;
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(house.path());
    let other = sqlx::SqlitePool::connect_with(options)
        .await
        .expect("opens");
    let mut writing = other.begin_with("BEGIN IMMEDIATE").await.expect("begins");
    sqlx::query("UPDATE memories SET what = 'half written'")
        .execute(&mut *writing)
        .await
        .expect("writes");
    let reader = Store::open_read_only(&house.place, ann.who().clone()).await;
    let reader = reader.expect("opens beside the writer");
    let wish = ListWish::all(View::default(), 9);
    assert_eq!(
        whats(&reader.list(&wish).await.expect("a list")),
        ["use pnpm"]
    );
    writing.commit().await.expect("commits");
    assert_eq!(
        whats(&reader.list(&wish).await.expect("a list")),
        ["half written"]
    );
}
