//! Waits and deadlines, in a time that only the test moves.

use std::sync::Mutex;

use domain::Sent;
use jiff::Timestamp;
use reqwest::StatusCode;
use reqwest::header::{HeaderMap, HeaderValue, RETRY_AFTER};

use super::*;
use crate::wire::End;

/// What the next sending comes to.
#[derive(Clone, Copy, Debug)]
enum Step {
    Status(u16, Option<&'static str>),
    Refused,
    Hang,
    Reply,
}

#[derive(Clone)]
struct Script {
    steps: &'static [Step],
    sent_at: Arc<Mutex<Vec<Instant>>>,
}

impl Service<HttpRequestFactory> for Script {
    type Response = Exchange;
    type Error = Broken;
    type Future = Pin<Box<dyn Future<Output = Result<Exchange, Broken>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Broken>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: HttpRequestFactory) -> Self::Future {
        let mut sent_at = self.sent_at.lock().expect("nobody panicked");
        let step = self.steps[sent_at.len().min(self.steps.len() - 1)];
        sent_at.push(Instant::now());
        Box::pin(async move {
            let answer = |status: u16, headers, body: &[u8]| Exchange {
                status: StatusCode::from_u16(status).expect("a status"),
                headers,
                body: body.to_vec(),
                end: End::Whole,
            };
            match step {
                Step::Reply => Ok(answer(200, HeaderMap::new(), b"{}")),
                Step::Refused => Err(Broken::Unreached("refused".to_owned())),
                Step::Hang => std::future::pending().await,
                Step::Status(status, after) => {
                    let after = after.map(|after| (RETRY_AFTER, HeaderValue::from_static(after)));
                    Ok(answer(status, after.into_iter().collect(), b""))
                }
            }
        })
    }
}

struct Epoch;

impl Clock for Epoch {
    fn now(&self) -> Timestamp {
        Timestamp::UNIX_EPOCH
    }
}

struct Outcome {
    answer: Result<Vec<u8>, Failure>,
    sent: usize,
    took: Duration,
    waits: Vec<Duration>,
}

async fn run(ask: &str, steps: &'static [Step]) -> Outcome {
    run_with(ask, steps, Patience::default()).await
}

async fn run_with(ask: &str, steps: &'static [Step], patience: Patience) -> Outcome {
    let sent_at = Arc::new(Mutex::new(Vec::new()));
    let script = Script {
        steps,
        sent_at: Arc::clone(&sent_at),
    };
    let begin = Instant::now();
    let tries = Tries {
        once: script,
        until: begin + patience.whole,
        patience,
        ask: ask.to_owned(),
        host: "host".to_owned(),
        clock: Arc::new(Epoch),
    };
    let request = HttpRequestFactory::new(|| async { unreachable!("the script builds nothing") });
    let answer = tries.run(request).await;
    let sent_at = sent_at.lock().expect("nobody panicked").clone();
    let waits = sent_at.windows(2).map(|pair| pair[1] - pair[0]).collect();
    Outcome {
        answer,
        sent: sent_at.len(),
        took: begin.elapsed(),
        waits,
    }
}

fn down(outcome: &Outcome) -> (Option<Duration>, Sent, &str) {
    match &outcome.answer {
        Err(Failure::Down { why, again, sent }) => (*again, *sent, why),
        other => panic!("{other:?}"),
    }
}

#[tokio::test(start_paused = true)]
async fn a_wait_that_is_asked_for_is_kept_to_the_millisecond() {
    let steps = &[
        Step::Status(429, Some("7")),
        Step::Status(503, Some("2.5")),
        Step::Reply,
    ];
    let outcome = run("a1", steps).await;
    assert!(outcome.answer.is_ok());
    assert_eq!(outcome.waits, [7_000, 2_500].map(Duration::from_millis));
}

#[tokio::test(start_paused = true)]
async fn our_own_waits_double_and_are_the_same_in_every_run() {
    let steps = &[Step::Refused];
    let (one, same, other) = (
        run("a1", steps).await,
        run("a1", steps).await,
        run("a2", steps).await,
    );
    assert_eq!(
        (one.sent, down(&one)),
        (4, (None, Sent::Nothing, "refused (after 4 tries)"))
    );
    assert_eq!(one.waits, same.waits);
    assert_ne!(one.waits, other.waits);
    for (wait, most) in one.waits.iter().zip([500, 1_000, 2_000]) {
        let most = Duration::from_millis(most);
        assert!(*wait >= most / 2 && *wait <= most, "{wait:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn who_asks_for_a_day_is_left_alone_at_once() {
    let outcome = run("a1", &[Step::Status(429, Some("86400"))]).await;
    let day = Duration::from_secs(86_400);
    assert_eq!((outcome.sent, outcome.took), (1, Duration::ZERO));
    assert_eq!(down(&outcome).0, Some(day));
}

#[tokio::test(start_paused = true)]
async fn silence_ends_at_its_deadline_and_is_broken_once_more_only() {
    let outcome = run("a1", &[Step::Hang]).await;
    let (again, sent, why) = down(&outcome);
    assert_eq!((outcome.sent, again, sent), (2, None, Sent::Heard));
    assert!(why.contains("no answer in time"), "{why}");
    let two = 2 * Patience::default().answer;
    assert!(outcome.took >= two && outcome.took < two + Duration::from_secs(1));
}

#[tokio::test(start_paused = true)]
async fn everything_together_ends_at_the_whole_deadline() {
    let steps = &[Step::Status(503, Some("60")), Step::Hang];
    let patience = Patience {
        whole: Duration::from_secs(200),
        tries: 20,
        ..Patience::default()
    };
    let outcome = run_with("a1", steps, patience.clone()).await;
    // A minute asked for, two of silence, and the rest of the 200 s for one more try.
    assert_eq!((outcome.sent, outcome.took), (3, patience.whole));
    assert_eq!(down(&outcome).1, Sent::Heard);
}

#[tokio::test(start_paused = true)]
async fn a_wait_beyond_the_deadline_is_handed_back() {
    let steps = &[Step::Status(503, Some("60"))];
    let outcome = run("a1", steps).await;
    // Four tries with three minutes between them; the fourth minute is for the queue.
    assert_eq!(outcome.sent, 4);
    assert_eq!(down(&outcome).0, Some(Duration::from_secs(60)));
    let short = Patience {
        whole: Duration::from_secs(50),
        ..Patience::default()
    };
    let outcome = run_with("a1", steps, short).await;
    assert_eq!((outcome.sent, outcome.took), (1, Duration::ZERO));
    assert_eq!(down(&outcome).0, Some(Duration::from_secs(60)));
}

#[tokio::test(start_paused = true)]
async fn what_a_person_must_mend_is_sent_once() {
    let outcome = run("a1", &[Step::Status(401, None)]).await;
    assert!(matches!(outcome.answer, Err(Failure::KeyRefused { .. })));
    assert_eq!((outcome.sent, outcome.took), (1, Duration::ZERO));
}
