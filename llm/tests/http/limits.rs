//! How many are asked at a time, and what stands in the log.

use std::io::{self, Write};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use llm::scripted::{Answer, Server, Step};
use tokio::task::JoinSet;
use tracing_subscriber::fmt::MakeWriter;

use crate::house::{KEY, ask, asked, on_the_wire, open, settings};

#[tokio::test]
async fn no_more_are_asked_at_a_time_than_was_chosen() {
    let slow = Step::Slow(Duration::from_millis(20), Answer::says("<none/>"));
    let server = Server::start(vec![slow]);
    let model = Arc::new(open(settings(&server)));
    let mut asks = JoinSet::new();
    for number in 0..6 {
        let model = Arc::clone(&model);
        asks.spawn(async move { model.ask(&ask(&format!("extract e{number}"))).await });
    }
    let replies = asks.join_all().await;
    assert!(replies.iter().all(Result::is_ok), "{replies:?}");
    on_the_wire(&server, 6);
    assert_eq!(server.most_at_once(), 2);
}

/// Takes down every line of every target.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0
            .lock()
            .expect("nobody panicked")
            .extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

#[tokio::test]
async fn neither_words_nor_key_reach_the_log_at_any_level() {
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(log.clone())
        .finish();
    let guard = tracing::subscriber::set_default(subscriber);
    for step in [
        Step::status(200, "{\"choices\": [lesson"),
        Step::status(500, "lesson"),
        Step::status(
            400,
            r#"{"error":{"message":"temperature lesson is not supported"}}"#,
        ),
        Step::status(401, "lesson"),
        Step::says("lesson"),
    ] {
        let server = Server::start(vec![step]);
        let _ = asked(settings(&server)).await;
    }
    drop(guard);
    let text = String::from_utf8(log.0.lock().expect("nobody panicked").clone()).expect("text");
    // The log is on: a try that failed and a part that is not known are in it.
    assert!(
        text.contains("it is asked again") && text.contains("does not know a part"),
        "{text}"
    );
    for secret in ["lesson", "pnpm", "Find lessons", KEY] {
        assert!(!text.contains(secret), "{secret}: {text}");
    }
}
