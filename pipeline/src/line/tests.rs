//! A line whose other end the test holds.

use std::sync::atomic::{AtomicU32, Ordering::SeqCst};

use domain::{AskId, Ended, Request, Usage};
use jiff::Timestamp;
use tokio::sync::watch;
use tokio::time::Instant;

use super::*;

/// A clock that moves by a second with each look.
struct Ticking(AtomicU32);

impl Clock for Ticking {
    fn now(&self) -> Timestamp {
        Timestamp::UNIX_EPOCH + SignedDuration::from_secs(i64::from(self.0.fetch_add(1, SeqCst)))
    }
}

/// Answers after so long.
struct Slow(Duration);

#[async_trait]
impl Model for Slow {
    fn name(&self) -> &str {
        "slow"
    }

    fn host(&self) -> Option<&str> {
        Some("api.example")
    }

    fn keeps_schema(&self) -> bool {
        false
    }

    fn window(&self) -> usize {
        8_000
    }

    async fn ask(&self, _: &Ask) -> Result<Reply, ModelError> {
        tokio::time::sleep(self.0).await;
        Ok(Reply {
            text: "<none/>".to_owned(),
            ended: Ended::Whole,
            at: Timestamp::UNIX_EPOCH,
            usage: Usage::default(),
        })
    }
}

fn ask() -> Ask {
    Ask {
        id: AskId::new("a1"),
        about: "extract e1".to_owned(),
        session: None,
        prompt: "extract/1".to_owned(),
        model: "slow".to_owned(),
        request: Request {
            system: String::new(),
            user: String::new(),
            schema: None,
            max_output_tokens: 1,
        },
        asked_at: Timestamp::UNIX_EPOCH,
        reply: None,
    }
}

/// Asks a model that needs so long, and wants an end after a second.
async fn stopped(needs: Duration) -> (Result<Reply, ModelError>, Duration) {
    let (model, clock) = (Slow(needs), Ticking(AtomicU32::new(0)));
    let (set, stop) = watch::channel(false);
    let line = Line::new(&model, &clock, stop);
    let begun = Instant::now();
    let ask = ask();
    let call = async { (line.ask(&ask).await, begun.elapsed()) };
    let want = async {
        tokio::time::sleep(Duration::from_secs(1)).await;
        set.send(true).expect("somebody listens");
    };
    let (answer, ()) = tokio::join!(call, want);
    assert_eq!(
        line.rests(),
        None,
        "an end that was wanted says nothing of the host"
    );
    answer
}

#[tokio::test(start_paused = true)]
async fn a_call_that_is_under_way_is_hung_up_on_when_the_person_wants_an_end() {
    let (answer, took) = stopped(Duration::from_secs(600)).await;
    let Err(ModelError::Down { again, sent, .. }) = answer else {
        panic!("nothing came: {answer:?}")
    };
    // It may have to be paid for, and is asked again by whoever works next.
    assert_eq!((again, sent), (Some(Duration::ZERO), Sent::Heard));
    assert_eq!(took, Duration::from_secs(1) + GRACE);
}

#[tokio::test(start_paused = true)]
async fn a_reply_that_is_almost_there_is_taken() {
    let (answer, took) = stopped(Duration::from_secs(3)).await;
    assert!(answer.is_ok());
    assert_eq!(took, Duration::from_secs(3));
}

#[test]
fn a_line_is_tried_again_when_its_time_has_come() {
    let (model, clock) = (Slow(Duration::ZERO), Ticking(AtomicU32::new(0)));
    let (_set, stop) = watch::channel(false);
    let line = Line::new(&model, &clock, stop);
    line.learn(&Err(ModelError::Down {
        host: "api.example".to_owned(),
        why: "busy".to_owned(),
        again: Some(Duration::from_secs(4)),
        sent: Sent::Nothing,
    }));
    let rests: Vec<bool> = (1..5).map(|_| line.rests().is_some()).collect();
    assert_eq!(rests, [true, true, false, false]);
}

#[tokio::test]
async fn when_the_person_wants_an_end_no_call_is_begun() {
    let (model, clock) = (Slow(Duration::ZERO), Ticking(AtomicU32::new(0)));
    let (_set, stop) = watch::channel(true);
    let line = Line::new(&model, &clock, stop);
    let answer = line.ask(&ask()).await;
    let Err(ModelError::Down { again, sent, .. }) = answer else {
        panic!("it was asked: {answer:?}")
    };
    assert_eq!((again, sent), (Some(Duration::ZERO), Sent::Nothing));
}
