//! What is taken back waits for nobody, and what somebody wrote to it is kept aside until a purge.

use std::collections::HashSet;

use super::*;

#[tokio::test]
async fn what_was_replied_to_a_withdrawn_request_lies_aside_until_a_purge() {
    let dir = tempfile::tempdir().expect("a folder");
    let asks = ["a", "b", "c", "d"].map(|id| ask(id, "words"));
    let names = asks.each_ref().map(custom_id);
    let mailbox = open(dir.path());
    for ask in &asks {
        assert!(is_waiting(&mailbox.ask(ask).await));
    }
    let by_hand = format!("replies/{}.md", names[1]);
    add(
        &dir.path().join("replies.jsonl"),
        &batch_line(&names[0], "say plugh"),
    );
    put(&dir.path().join(&by_hand), "by hand: plugh");
    mailbox.tidy().expect("tidies");
    let mut lie: Vec<String> = lying(dir.path())
        .expect("reads")
        .entries
        .into_iter()
        .map(|entry| entry.custom_id)
        .collect();
    lie.sort();
    let mut all = names.to_vec();
    all.sort();
    assert_eq!(lie, all, "answered or not");

    let gone = HashSet::from_iter(names[..3].iter().cloned());
    let withdrawn = withdraw(dir.path(), &gone).expect("withdraws");
    assert_eq!(
        withdrawn,
        Withdrawn {
            requests: 1,
            replies: 2
        }
    );
    assert!(read(&dir.path().join("requests.jsonl")).contains(&names[3]));
    assert_eq!(lying(dir.path()).expect("reads").entries.len(), 1);
    assert!(!read(&dir.path().join("replies.jsonl")).contains("plugh"));
    let aside = dir.path().join("withdrawn");
    assert!(read(&aside.join("replies.jsonl")).contains("plugh"));
    assert_eq!(read(&aside.join(&by_hand)), "by hand: plugh");
    assert_eq!(
        withdraw(dir.path(), &gone).expect("again"),
        Withdrawn::default()
    );

    let purged = purge(dir.path(), &|text| text.contains("plugh")).expect("purges");
    assert_eq!(purged.replies, 2);
    assert_eq!(read(&aside.join("replies.jsonl")), "");
    assert!(!aside.join(&by_hand).exists());
}
