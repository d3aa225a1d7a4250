//! How long a finish holds the write lock. The figure is for a release build; here it only may not explode.

mod house;

use domain::*;
use house::*;

/// What a long pass over a transcript writes.
fn pass(round: usize) -> Changes {
    let text =
        "We use pnpm here, and the tests run with vitest; see packages/api/src/server.ts line 42. ";
    let name = |number: usize| format!("r{round}t{number}");
    let turns: Vec<Turn> = (0..500_usize)
        .map(|number| {
            let words = format!("{number} {}", text.repeat(1 + number % 40));
            turn(&name(number), "s1", number as i64, &words)
        })
        .collect();
    let ids: Vec<String> = (0..500).map(name).collect();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    Changes {
        sessions: vec![session("s1", 0, 500)],
        episodes: ids.chunks(20).map(|turns| episode("s1", turns)).collect(),
        turns,
        ..Changes::at(at(round as i64))
    }
}

#[tokio::test]
#[ignore = "a measurement: cargo test --release -p store --test quick -- --ignored --nocapture"]
#[expect(
    clippy::disallowed_methods,
    reason = "it measures how long something took"
)]
async fn how_long_a_finish_of_500_turns_takes() {
    let house = House::sqlite();
    let store = house.open().await;
    for round in 0..6 {
        let changes = pass(round);
        store
            .enqueue(&ingest("a"), at(0), at(0))
            .await
            .expect("enqueues");
        let job = store
            .claim(at(1), seconds(60))
            .await
            .expect("claims")
            .expect("is due");
        let before = std::time::Instant::now();
        store.finish(&job, &changes).await.expect("finishes");
        println!("round {round}: {:?}", before.elapsed());
    }
}
