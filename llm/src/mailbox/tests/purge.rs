//! A purge leaves no word behind, and takes nothing else along.

use super::*;

#[tokio::test]
async fn a_purge_reaches_every_spelling_and_the_replies() {
    let dir = tempfile::tempdir().expect("a folder");
    let (secret, other) = (ask("a", "say \"hunter\"\n2"), ask("b", "words"));
    let mailbox = open(dir.path());
    assert!(is_waiting(&mailbox.ask(&secret).await));
    assert!(is_waiting(&mailbox.ask(&other).await));
    let replies = dir.path().join("replies.jsonl");
    add(&replies, &batch_line(&custom_id(&secret), "about it"));
    add(&replies, &batch_line("r-old", "\"hunter\"\n2, long ago"));
    add(&replies, "garbage with \"hunter\"\n");
    let written = dir.path().join("replies/r-old2.md");
    put(&written, "\"hunter\"\n2");
    let purged = purge(dir.path(), &|text| text.contains("\"hunter\"")).expect("purges");
    assert_eq!(
        purged,
        Purged {
            requests: 1,
            replies: 4
        }
    );
    for file in ["requests.jsonl", "replies.jsonl", "ledger.jsonl"] {
        assert!(!read(&dir.path().join(file)).contains("hunter"), "{file}");
    }
    assert!(!written.exists());
    assert!(
        !dir.path()
            .join(format!("requests/{}.md", custom_id(&secret)))
            .exists()
    );
    assert_eq!(read(&dir.path().join("requests.jsonl")).lines().count(), 1);
    assert_eq!(
        purge(dir.path(), &|text| text.contains("\"hunter\"")).expect("again"),
        Purged::default()
    );
    assert!(
        is_waiting(&mailbox.ask(&other).await),
        "the other one waits as before"
    );
    assert_eq!(read(&dir.path().join("requests.jsonl")).lines().count(), 1);
}

#[tokio::test]
async fn a_purged_session_takes_its_requests_and_their_replies_along() {
    let dir = tempfile::tempdir().expect("a folder");
    let (mine, other) = (ask("a", "words"), ask("b", "words"));
    let mailbox = open(dir.path());
    assert!(is_waiting(&mailbox.ask(&mine).await));
    assert!(is_waiting(&mailbox.ask(&other).await));
    add(
        &dir.path().join("replies.jsonl"),
        &batch_line(&custom_id(&mine), "yes"),
    );
    let gone = |session: &SessionId| session.as_str() == "s-a";
    let purged = purge_sessions(dir.path(), &gone).expect("purges");
    assert_eq!(
        purged,
        Purged {
            requests: 1,
            replies: 1
        }
    );
    assert!(read(&dir.path().join("requests.jsonl")).contains(&custom_id(&other)));
    assert_eq!(
        purge(Path::new("/nowhere/at/all"), &|_| true).expect("nothing"),
        Purged::default()
    );
}
