//! What stands in the place of a file and is none.

use super::*;

#[tokio::test]
async fn a_reply_that_is_a_link_is_not_followed_and_says_so() {
    let dir = tempfile::tempdir().expect("a folder");
    let mailbox = open(dir.path());
    let ask = ask("a", "what?");
    assert!(is_waiting(&mailbox.ask(&ask).await));
    let private = dir.path().join("private");
    put(&private, "not for a model's eyes");
    let name = custom_id(&ask);
    let reply = dir.path().join(format!("replies/{name}.md"));
    std::os::unix::fs::symlink(&private, &reply).expect("links");
    let awaited = [awaited_as(&name)];
    assert_eq!(
        mailbox.arrived(&awaited),
        awaited,
        "whoever waits hears of it"
    );
    let error = mailbox.ask(&ask).await.expect_err("it is not read");
    let said = error.to_string();
    assert!(
        said.contains("only a plain file is read") && !said.contains("eyes"),
        "{said}"
    );
    fs::remove_file(&reply).expect("removes");
    put(&reply, "<none/>");
    assert_eq!(mailbox.ask(&ask).await.expect("is read").text, "<none/>");
}

#[test]
fn a_pipe_in_the_place_of_a_file_holds_nobody_up() {
    for name in [
        "replies.jsonl",
        "requests.jsonl",
        "README.md",
        "ledger.jsonl",
    ] {
        let dir = tempfile::tempdir().expect("a folder");
        let pipe = dir.path().join(name);
        let made = std::process::Command::new("mkfifo").arg(&pipe).status();
        assert!(made.expect("mkfifo is there").success());
        let opened = Mailbox::open(dir.path(), "anyone", 100_000, Arc::new(Still));
        let standing = opened.and_then(|mailbox| mailbox.standing());
        // Our own page is put in its place; the others are somebody's to look at.
        assert_eq!(standing.is_ok(), name == "README.md", "{name}");
    }
}
