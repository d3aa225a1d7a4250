//! A recording and its replay do the same.

use std::fs;
use std::sync::atomic::{AtomicU32, Ordering};

use domain::{Ended, Usage};
use jiff::Timestamp;

use super::*;
use crate::mailbox::tests::ask;

/// Replies with the last word of what it is asked, and counts.
#[derive(Default)]
struct Parrot {
    asked: AtomicU32,
}

#[async_trait]
impl Model for Parrot {
    fn name(&self) -> &str {
        "parrot"
    }

    fn host(&self) -> Option<&str> {
        Some("birds.example")
    }

    fn keeps_schema(&self) -> bool {
        false
    }

    fn window(&self) -> usize {
        1_000
    }

    async fn ask(&self, ask: &Ask) -> Result<Reply, ModelError> {
        let count = self.asked.fetch_add(1, Ordering::Relaxed);
        Ok(Reply {
            text: format!("{} sk-secret {count}", ask.request.user),
            ended: Ended::Whole,
            at: Timestamp::UNIX_EPOCH,
            usage: Usage {
                input_tokens: 3,
                output_tokens: 4,
            },
        })
    }
}

fn hide(text: &str) -> String {
    text.replace("sk-secret", "***")
}

#[tokio::test]
async fn what_was_recorded_is_replayed_to_the_letter() {
    let dir = tempfile::tempdir().expect("a folder");
    let path = dir.path().join("tape.jsonl");
    let recording = Recording::open(Parrot::default(), &path, hide).expect("opens");
    let live = recording.ask(&ask("a", "hello")).await.expect("a reply");
    assert_eq!(
        live.text, "hello *** 0",
        "what the run sees is what is recorded"
    );
    let replay = Cassette::open(&path, "parrot", 1_000).expect("opens");
    assert_eq!(replay.ask(&ask("a", "hello")).await, Ok(live));
    assert!(
        !fs::read_to_string(&path)
            .expect("reads")
            .contains("sk-secret")
    );
}

#[tokio::test]
async fn the_order_of_asking_leaves_no_trace_and_nothing_is_asked_twice() {
    let dir = tempfile::tempdir().expect("a folder");
    let mut files = Vec::new();
    for (name, order) in [("one", ["a", "b", "c"]), ("two", ["c", "a", "b"])] {
        let path = dir.path().join(name);
        // Each reply tells its turn, so all but the turns must be the same.
        let hush: fn(&str) -> String = |text| text.trim_end_matches(char::is_numeric).to_owned();
        let recording = Recording::open(Parrot::default(), &path, hush).expect("opens");
        for words in order {
            recording.ask(&ask("x", words)).await.expect("a reply");
            recording
                .ask(&ask("x", words))
                .await
                .expect("the same reply");
        }
        assert_eq!(recording.model.asked.load(Ordering::Relaxed), 3);
        let again = Recording::open(Parrot::default(), &path, hush).expect("opens");
        again.ask(&ask("x", "a")).await.expect("what was recorded");
        assert_eq!(again.model.asked.load(Ordering::Relaxed), 0);
        files.push(fs::read(&path).expect("reads"));
    }
    assert_eq!(files[0], files[1]);
}

#[tokio::test]
async fn a_miss_says_what_was_asked() {
    let dir = tempfile::tempdir().expect("a folder");
    let path = dir.path().join("tape.jsonl");
    let recording = Recording::open(Parrot::default(), &path, hide).expect("opens");
    recording.ask(&ask("a", "hello")).await.expect("a reply");
    let replay = Cassette::open(&path, "parrot", 1_000).expect("opens");
    let mut other = ask("a", "hello");
    other.prompt = "extract/2".to_owned();
    let Err(ModelError::Refused { host, why }) = replay.ask(&other).await else {
        panic!("a miss is refused");
    };
    assert!(host.ends_with("tape.jsonl"));
    assert!(
        why.contains("extract a") && why.contains("extract/2") && why.contains(&key(&other)),
        "{why}"
    );
}

#[test]
fn a_recording_that_is_not_sound_is_not_used() {
    let dir = tempfile::tempdir().expect("a folder");
    let path = dir.path().join("tape.jsonl");
    let open = || {
        Cassette::open(&path, "parrot", 1_000)
            .map(|_| ())
            .map_err(|error| error.to_string())
    };
    assert!(
        open()
            .expect_err("it is not there")
            .contains("cannot be read")
    );
    crate::mailbox::tests::add(&path, "{}\n");
    assert!(open().expect_err("no reply").contains("line 1"));
}
