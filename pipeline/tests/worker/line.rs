//! A model that does not answer: one job finds out, and the others wait without a call of their own.

use std::sync::Arc;

use crate::house::House;
use crate::house::scripted::{Says, Script, Scripted};
use domain::{ModelError, Sent};
use store::JobState;

const SAID: &str =
    "In this repository pnpm is what installs packages, npm is not, because of the lockfile.";

/// A house with three sessions to read and a model that follows a script.
async fn house(says: impl IntoIterator<Item = Says>) -> (House, Arc<Script>) {
    let mut house = House::with_session(&[SAID]).await;
    for name in ["two", "three"] {
        let path = house.write_session(name, &[SAID], "2026-03-02T11:00:00Z");
        house.enqueue_source(&path).await;
    }
    let script = Script::of(says);
    house.model = Some(Box::new(Scripted {
        script: Arc::clone(&script),
        host: Some("api.example"),
    }));
    (house, script)
}

fn shut() -> ModelError {
    ModelError::Shut {
        host: "api.example".to_owned(),
        why: "401: no such key".to_owned(),
        sent: Sent::Unheard,
    }
}

fn silent() -> ModelError {
    ModelError::Down {
        host: "api.example".to_owned(),
        why: "no answer in time".to_owned(),
        again: None,
        sent: Sent::Heard,
    }
}

/// Returns what the jobs wait for; none may have spent an attempt.
async fn waits(house: &House) -> Vec<String> {
    let jobs = house.store.jobs().await.expect("lists");
    let on = |job: store::Queued| match job.state {
        JobState::Waiting { on: Some(on) } if job.attempts == 0 => on,
        other => panic!("it waits untouched: {other:?}"),
    };
    jobs.into_iter().map(on).collect()
}

#[tokio::test]
async fn a_key_that_is_refused_is_sent_once_and_everybody_waits_with_the_reason() {
    let (house, script) = house([Says::Error(shut())]).await;
    let tally = house.drain().await;
    assert_eq!((script.asked().len(), tally.waiting), (1, 3));
    let why = "api.example refuses every request: 401: no such key";
    assert_eq!(waits(&house).await, [why; 3]);
    let asks = house.store.status().await.expect("counts").kept["asks"];
    assert_eq!(asks, 1, "what is not sent is not built yet");
    script.then([Says::Error(shut())]);
    house.drain().await;
    assert_eq!(script.asked().len(), 2, "the next run tries once more");
    script.then(std::iter::repeat_with(|| Says::Whole("<none/>")).take(3));
    house.drain().await;
    assert_eq!(waits(&house).await, Vec::<String>::new());
}

#[tokio::test]
async fn a_host_that_is_silent_is_waited_for_by_one_job_and_not_by_each() {
    let (house, script) = house([Says::Error(silent())]).await;
    house.drain().await;
    assert_eq!(script.asked().len(), 1);
    assert_eq!(waits(&house).await.len(), 3);
}

#[tokio::test]
async fn one_request_that_a_host_cannot_manage_keeps_no_other_from_it() {
    let (house, script) = house([Says::Error(silent())]).await;
    house.drain().await;
    let slow = script.asked()[0].about.clone();
    script.then([
        Says::Whole("<none/>"),
        Says::Error(silent()),
        Says::Whole("<none/>"),
    ]);
    house.drain().await;
    let asked: Vec<String> = script.asked().into_iter().map(|ask| ask.about).collect();
    assert_ne!(
        asked[1], slow,
        "another one looks whether the host is there"
    );
    assert_eq!(asked.len(), 4, "and it goes on after one more silence");
    assert_eq!(waits(&house).await.len(), 1);
}
