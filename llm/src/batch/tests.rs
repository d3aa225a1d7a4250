//! Against a Batch API on loopback.

mod host;

use std::fs;
use std::path::Path;

use domain::{Clock, Model};
use jiff::Timestamp;
use serde_json::json;

use super::*;
use crate::mailbox::tests::{ask, open as mailbox};
use crate::mailbox::{Folder, custom_id};
use crate::scripted::Server;
use crate::settings::{KeyFrom, Provider};

use host::{Shared, finish, locked, server};

struct Still;

impl Clock for Still {
    fn now(&self) -> Timestamp {
        "2027-01-02T03:04:05Z".parse().expect("an instant")
    }
}

fn around() -> Surroundings {
    Surroundings {
        clock: Arc::new(Still),
        redact: str::to_owned,
        variable: |name| (name == "TEST_KEY").then(|| "sk-test".to_owned()),
    }
}

fn batches(mailbox: &Mailbox, server: &Server, limits: Limits) -> Batches {
    let mut settings = Settings::usual(
        Provider::Compatible,
        "m",
        KeyFrom::Variable("TEST_KEY".to_owned()),
    );
    settings.base_url = server.base_url();
    Batches::open(mailbox, &settings, around(), limits).expect("opens")
}

async fn asked(mailbox: &Mailbox, count: usize) -> Vec<String> {
    let mut names = Vec::new();
    for number in 0..count {
        let ask = ask(&format!("a{number}"), &format!("words {number}"));
        assert!(mailbox.ask(&ask).await.is_err());
        names.push(custom_id(&ask));
    }
    names
}

fn lines(path: &Path) -> usize {
    fs::read_to_string(path).unwrap_or_default().lines().count()
}

#[tokio::test]
async fn what_is_handed_in_comes_back_as_replies() {
    let (dir, host) = (tempfile::tempdir().expect("a folder"), Shared::default());
    let (server, mailbox) = (server(&host), mailbox(dir.path()));
    let names = asked(&mailbox, 3).await;
    let batches = batches(&mailbox, &server, Limits::default());
    assert_eq!(batches.host(), server.host());
    let waiting: Vec<String> = batches
        .waiting()
        .expect("waits")
        .into_iter()
        .map(|it| it.custom_id)
        .collect();
    assert_eq!(waiting, names);
    let submitted = batches.submit(&names[..2]).await.expect("hands in");
    assert_eq!(
        submitted,
        Submitted {
            batches: 1,
            requests: names[..2].to_vec()
        }
    );
    assert_eq!(
        batches.waiting().expect("waits").len(),
        1,
        "the third was not paid for yet"
    );
    assert_eq!(
        batches.submit(&names[..2]).await.expect("again"),
        Submitted::default()
    );
    assert_eq!(batches.collect().await.expect("collects").running, 2);
    finish(&host, "batch-0", "completed", 0);
    let collected = batches.collect().await.expect("collects");
    assert_eq!(collected.answered, names[..2]);
    assert_eq!((collected.running, collected.complaints.len()), (0, 0));
    let reply = mailbox.ask(&ask("a1", "words 1")).await.expect("a reply");
    assert_eq!(
        (reply.text.as_str(), reply.usage.input_tokens),
        ("about \"words 1\"", 9)
    );
    assert_eq!(
        lines(&dir.path().join("replies.jsonl")),
        2,
        "nobody else's lines came in"
    );
    assert_eq!(
        batches.collect().await.expect("again"),
        Collected::default()
    );
}

#[tokio::test]
async fn a_batch_that_was_made_in_silence_is_found_and_not_made_again() {
    let (dir, host) = (tempfile::tempdir().expect("a folder"), Shared::default());
    let (server, mailbox) = (server(&host), mailbox(dir.path()));
    let names = asked(&mailbox, 2).await;
    locked(&host).hangs_up = true;
    let first = batches(&mailbox, &server, Limits::default())
        .submit(&names)
        .await;
    assert!(
        matches!(
            first,
            Err(BatchError::Host(ModelError::Down {
                sent: Sent::Heard,
                ..
            }))
        ),
        "{first:?}"
    );
    // Another process, later.
    let later = batches(&mailbox, &server, Limits::default());
    assert_eq!(
        later.submit(&names).await.expect("finds it").requests,
        Vec::<String>::new()
    );
    assert_eq!(locked(&host).batches.len(), 1);
    finish(&host, "batch-0", "completed", 0);
    assert_eq!(later.collect().await.expect("collects").answered.len(), 2);
}

#[tokio::test]
async fn a_crash_between_the_file_and_the_batch_makes_one_batch() {
    let (dir, host) = (tempfile::tempdir().expect("a folder"), Shared::default());
    let (server, mailbox) = (server(&host), mailbox(dir.path()));
    let names = asked(&mailbox, 1).await;
    let line = fs::read_to_string(dir.path().join("requests.jsonl")).expect("reads");
    locked(&host).files.insert("file-0".to_owned(), line);
    let left = json!({"batches": [
        {"name": "b-begun", "names": names, "file": "file-0", "id": null},
        {"name": "b-meant", "names": ["r-gone"], "file": null, "id": null},
    ]});
    let state: State = serde_json::from_value(left).expect("a state");
    state::write(&Folder::at(dir.path()), &state).expect("writes");
    let batches = batches(&mailbox, &server, Limits::default());
    let submitted = batches.submit(&names).await.expect("finishes");
    assert_eq!(submitted.requests, names);
    let host = locked(&host);
    assert_eq!(
        (host.batches.len(), host.files.len()),
        (1, 1),
        "the file was not sent again"
    );
    assert_eq!(host.batches["batch-0"]["metadata"]["dormouse"], "b-begun");
}

#[tokio::test]
async fn a_host_that_takes_no_file_leaves_everything_waiting() {
    let (dir, host) = (tempfile::tempdir().expect("a folder"), Shared::default());
    let (server, mailbox) = (server(&host), mailbox(dir.path()));
    let names = asked(&mailbox, 1).await;
    locked(&host).is_full = true;
    let batches = batches(&mailbox, &server, Limits::default());
    let refused = batches.submit(&names).await;
    assert!(
        matches!(
            refused,
            Err(BatchError::Host(ModelError::Down {
                sent: Sent::Unheard,
                ..
            }))
        ),
        "{refused:?}"
    );
    assert_eq!(batches.waiting().expect("waits").len(), 1);
    assert_eq!(
        batches.submit(&names).await.expect("now it does").requests,
        names
    );
}

#[tokio::test]
async fn what_expired_is_handed_in_again_and_not_for_ever() {
    let (dir, host) = (tempfile::tempdir().expect("a folder"), Shared::default());
    let (server, mailbox) = (server(&host), mailbox(dir.path()));
    let names = asked(&mailbox, 2).await;
    let limits = Limits {
        tries: 2,
        ..Limits::default()
    };
    let batches = batches(&mailbox, &server, limits);
    for turn in 0..2 {
        assert_eq!(
            batches.submit(&names).await.expect("hands in").batches,
            1,
            "turn {turn}"
        );
        finish(&host, &format!("batch-{turn}"), "expired", 1);
        let collected = batches.collect().await.expect("collects");
        assert_eq!(
            collected.answered.len() + collected.unanswered.len(),
            2 - turn
        );
        assert_eq!(collected.unanswered, names[1..]);
        assert!(collected.complaints[0].contains("expired"), "{collected:?}");
    }
    assert_eq!(
        batches.submit(&names).await.expect("nothing"),
        Submitted::default()
    );
    assert_eq!(batches.waiting().expect("waits"), []);
    let given_up = batches.given_up().expect("waits");
    assert_eq!(
        given_up
            .iter()
            .map(|entry| &entry.custom_id)
            .collect::<Vec<_>>(),
        [&names[1]]
    );
    let still = mailbox.ask(&ask("a1", "words 1")).await;
    assert!(
        matches!(still, Err(ModelError::NotYet { .. })),
        "a person may still answer it"
    );
}

#[tokio::test]
async fn a_batch_holds_no_more_than_the_host_takes() {
    let (dir, host) = (tempfile::tempdir().expect("a folder"), Shared::default());
    let (server, mailbox) = (server(&host), mailbox(dir.path()));
    let names = asked(&mailbox, 5).await;
    let by_count = Limits {
        requests: 2,
        ..Limits::default()
    };
    let submitted = batches(&mailbox, &server, by_count)
        .submit(&names[..3])
        .await
        .expect("hands in");
    assert_eq!((submitted.batches, submitted.requests.len()), (2, 3));
    let by_bytes = Limits {
        bytes: 10,
        ..Limits::default()
    };
    let submitted = batches(&mailbox, &server, by_bytes)
        .submit(&names)
        .await
        .expect("hands in");
    assert_eq!(
        (submitted.batches, submitted.requests),
        (2, names[3..].to_vec())
    );
    let counts: Vec<usize> = locked(&host)
        .files
        .values()
        .map(|file| file.lines().count())
        .collect();
    assert_eq!(counts, [2, 1, 1, 1]);
}

#[tokio::test]
async fn two_drivers_do_not_meet() {
    let (dir, host) = (tempfile::tempdir().expect("a folder"), Shared::default());
    let (server, mailbox) = (server(&host), mailbox(dir.path()));
    let batches = batches(&mailbox, &server, Limits::default());
    let held = batches.lock().expect("free");
    assert!(matches!(
        batches.submit(&[]).await,
        Err(BatchError::Busy { .. })
    ));
    assert!(matches!(
        batches.collect().await,
        Err(BatchError::Busy { .. })
    ));
    drop(held);
    assert_eq!(
        batches.collect().await.expect("free again"),
        Collected::default()
    );
    assert!(
        server.seen().is_empty(),
        "with nothing to do nobody is asked"
    );
}

#[test]
fn hosts_without_batches_are_not_asked_for_any() {
    let dir = tempfile::tempdir().expect("a folder");
    let key = KeyFrom::Variable("TEST_KEY".to_owned());
    for provider in [Provider::Anthropic, Provider::Ollama] {
        let settings = Settings::usual(provider, "m", key.clone());
        let opened = Batches::open(&mailbox(dir.path()), &settings, around(), Limits::default());
        assert!(matches!(opened.err(), Some(SetupError::NoBatches { .. })));
    }
}
