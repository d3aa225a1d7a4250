//! A mailbox as those see it who ask and those who answer.

#[cfg(unix)]
mod odd;
mod purge;
mod withdraw;

use std::fs;
use std::path::Path;
use std::sync::Arc;

use domain::{Ask, AskId, Clock, Ended, Model, ModelError, Request, SessionId};
use jiff::Timestamp;
use serde_json::json;

use super::*;

struct Still;

impl Clock for Still {
    fn now(&self) -> Timestamp {
        "2027-01-02T03:04:05Z".parse().expect("an instant")
    }
}

pub(crate) fn ask(id: &str, user: &str) -> Ask {
    Ask {
        id: AskId::new(id),
        about: format!("extract {id}"),
        session: Some(SessionId::new(format!("s-{id}"))),
        prompt: "extract/1".to_owned(),
        model: "anyone".to_owned(),
        request: Request {
            system: "Extract.".to_owned(),
            user: user.to_owned(),
            schema: None,
            max_output_tokens: 100,
        },
        asked_at: Timestamp::UNIX_EPOCH,
        reply: None,
    }
}

pub(crate) fn open(path: &Path) -> Mailbox {
    Mailbox::open(path, "anyone", 100_000, Arc::new(Still)).expect("opens")
}

fn is_waiting(asked: &Result<Reply, ModelError>) -> bool {
    matches!(asked, Err(ModelError::NotYet { .. }))
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_default()
}

pub(crate) fn add(path: &Path, text: &str) {
    use std::io::Write;
    let mut file = fs::File::options()
        .create(true)
        .append(true)
        .open(path)
        .expect("opens");
    file.write_all(text.as_bytes()).expect("writes");
}

fn put(path: &Path, text: impl AsRef<[u8]>) {
    let mut file = fs::File::create(path).expect("opens");
    std::io::Write::write_all(&mut file, text.as_ref()).expect("writes");
}

fn batch_line(name: &str, text: &str) -> String {
    let body = json!({
        "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": text}}],
        "usage": {"prompt_tokens": 11, "completion_tokens": 7, "total_tokens": 18},
    });
    let line = json!({"id": "x", "custom_id": name, "error": null,
        "response": {"status_code": 200, "request_id": "q", "body": body}});
    format!("{line}\n")
}

#[tokio::test]
async fn a_request_stands_once_however_often_and_by_whomever_it_is_asked() {
    let dir = tempfile::tempdir().expect("a folder");
    let (one, other) = (open(dir.path()), open(dir.path()));
    for mailbox in [&one, &other, &one, &open(dir.path())] {
        assert!(is_waiting(&mailbox.ask(&ask("a", "words")).await));
    }
    assert_eq!(read(&dir.path().join("requests.jsonl")).lines().count(), 1);
    assert_eq!(
        fs::read_dir(dir.path().join("requests"))
            .expect("pages")
            .count(),
        1
    );
    assert!(is_waiting(&other.ask(&ask("b", "words")).await));
    assert!(is_waiting(&one.ask(&ask("b", "words")).await));
    assert_eq!(read(&dir.path().join("requests.jsonl")).lines().count(), 2);
}

#[tokio::test]
async fn many_at_once_write_whole_lines_and_each_once() {
    let dir = tempfile::tempdir().expect("a folder");
    let mut tasks = tokio::task::JoinSet::new();
    for turn in 0..40 {
        let mailbox = open(dir.path());
        tasks.spawn(async move { mailbox.ask(&ask(&format!("a{}", turn % 10), "words")).await });
    }
    assert!(tasks.join_all().await.iter().all(is_waiting));
    let text = read(&dir.path().join("requests.jsonl"));
    assert_eq!(text.lines().count(), 10);
    assert!(
        text.lines()
            .all(|line| request::name_in(line.as_bytes()).is_some())
    );
}

#[tokio::test]
async fn every_way_of_answering_answers() {
    let dir = tempfile::tempdir().expect("a folder");
    let asks: Vec<Ask> = (0..5).map(|n| ask(&format!("a{n}"), "words")).collect();
    let names: Vec<String> = asks.iter().map(custom_id).collect();
    let mailbox = open(dir.path());
    for ask in &asks {
        assert!(is_waiting(&mailbox.ask(ask).await));
    }
    let replies = dir.path().join("replies.jsonl");
    add(&replies, &batch_line(&names[0], "by batch"));
    add(
        &replies,
        &format!(
            "{}\r\n",
            json!({"custom_id": names[1], "text": "by hand\n"})
        ),
    );
    let body = json!({"choices": [{"finish_reason": "length", "message": {"content": [{"type": "text", "text": "cut"}]}}]});
    add(
        &replies,
        &format!("{}\n", json!({"custom_id": names[2], "response": body})),
    );
    put(
        &dir.path().join(format!("replies/{}.md", names[3])),
        "\u{feff}<none/>\n",
    );
    // The editor left the last line without its end.
    add(
        &replies,
        json!({"custom_id": names[4], "text": "last"})
            .to_string()
            .as_str(),
    );

    let mut said = Vec::new();
    for ask in &asks {
        said.push(mailbox.ask(ask).await.expect("a reply"));
    }
    let texts: Vec<&str> = said.iter().map(|reply| reply.text.as_str()).collect();
    assert_eq!(texts, ["by batch", "by hand\n", "cut", "<none/>", "last"]);
    assert_eq!(
        (said[0].usage.input_tokens, said[0].usage.output_tokens),
        (11, 7)
    );
    assert_eq!((said[0].ended, said[2].ended), (Ended::Whole, Ended::Cut));
    assert_eq!(said[0].at, Still.now());
}

#[tokio::test]
async fn what_is_answered_leaves_the_requests_and_is_answered_for_good() {
    let dir = tempfile::tempdir().expect("a folder");
    let (first, second) = (ask("a", "words"), ask("b", "words"));
    let mailbox = open(dir.path());
    assert!(is_waiting(&mailbox.ask(&first).await));
    assert!(is_waiting(&mailbox.ask(&second).await));
    add(
        &dir.path().join("replies.jsonl"),
        &batch_line(&custom_id(&first), "yes"),
    );
    assert_eq!(mailbox.tidy().expect("tidies"), 1);
    assert_eq!(
        mailbox.tidy().expect("tidies"),
        0,
        "the second time changes nothing"
    );
    let left = read(&dir.path().join("requests.jsonl"));
    assert_eq!(left.lines().count(), 1);
    assert!(left.contains(&custom_id(&second)));
    assert!(
        !dir.path()
            .join(format!("requests/{}.md", custom_id(&first)))
            .exists()
    );
    // Days later, another process.
    let mailbox = open(dir.path());
    assert_eq!(mailbox.ask(&first).await.expect("a reply").text, "yes");
    assert_eq!(
        read(&dir.path().join("requests.jsonl")),
        left,
        "asking did not write it again"
    );
    let standing = mailbox.standing().expect("stands");
    assert_eq!(
        (standing.waiting, standing.answered, standing.unknown),
        (1, 1, 0)
    );
}

#[tokio::test]
async fn the_first_reply_counts_and_nothing_strange_is_in_its_way() {
    let dir = tempfile::tempdir().expect("a folder");
    let (mine, mailbox) = (ask("a", "words"), open(dir.path()));
    assert!(is_waiting(&mailbox.ask(&mine).await));
    let replies = dir.path().join("replies.jsonl");
    let name = custom_id(&mine);
    add(&replies, "not json\n{\"text\":\"whose?\"}\n\n[1]\n");
    add(
        &replies,
        &format!("{}\n", "x".repeat(lines::LONGEST_LINE + 10)),
    );
    add(&replies, &batch_line("r-nobody", "hello"));
    let failed = json!({"custom_id": name, "response": null, "error": {"code": "batch_expired", "message": "late"}});
    add(&replies, &format!("{failed}\n"));
    assert!(
        is_waiting(&mailbox.ask(&mine).await),
        "what was not worked on is not answered"
    );
    add(&replies, &batch_line(&name, "first"));
    add(&replies, &batch_line(&name, "second"));
    assert_eq!(mailbox.ask(&mine).await.expect("a reply").text, "first");
    let standing = mailbox.standing().expect("stands");
    assert_eq!((standing.unknown, standing.repeated), (1, 2));
    let lines: Vec<u64> = standing.bad.iter().map(|bad| bad.line).collect();
    assert_eq!(lines, [1, 2, 4, 5]);
    assert_eq!(
        mailbox.standing().expect("stands"),
        standing,
        "looking again tells nothing twice"
    );
}

#[tokio::test]
async fn a_reply_that_is_half_written_is_taken_when_it_is_whole() {
    let dir = tempfile::tempdir().expect("a folder");
    let (mine, mailbox) = (ask("a", "words"), open(dir.path()));
    assert!(is_waiting(&mailbox.ask(&mine).await));
    let replies = dir.path().join("replies.jsonl");
    let line = batch_line(&custom_id(&mine), "whole");
    add(&replies, &line[..40]);
    assert!(is_waiting(&mailbox.ask(&mine).await));
    assert_eq!(mailbox.standing().expect("stands").bad, []);
    add(&replies, &line[40..]);
    assert_eq!(mailbox.ask(&mine).await.expect("a reply").text, "whole");
}

#[tokio::test]
async fn a_rewritten_file_of_replies_is_read_anew() {
    let dir = tempfile::tempdir().expect("a folder");
    let (mine, mailbox) = (ask("a", "words"), open(dir.path()));
    let replies = dir.path().join("replies.jsonl");
    let name = custom_id(&mine);
    add(&replies, &batch_line(&name, "one"));
    assert_eq!(mailbox.ask(&mine).await.expect("a reply").text, "one");
    put(&replies, format!("\n\n{}", batch_line(&name, "another")));
    assert_eq!(mailbox.ask(&mine).await.expect("a reply").text, "another");
    fs::remove_file(&replies).expect("removes");
    assert!(is_waiting(&mailbox.ask(&mine).await));
}

#[tokio::test]
async fn a_refusal_and_a_wordless_reply_say_so_until_a_better_one_comes() {
    let dir = tempfile::tempdir().expect("a folder");
    let (mine, mailbox) = (ask("a", "words"), open(dir.path()));
    let (name, replies) = (custom_id(&mine), dir.path().join("replies.jsonl"));
    let empty =
        json!({"custom_id": name, "response": {"status_code": 200, "body": {"choices": []}}});
    add(&replies, &format!("{empty}\n"));
    assert!(matches!(
        mailbox.ask(&mine).await,
        Err(ModelError::Garbled { .. })
    ));
    let refused = json!({"custom_id": name, "response": {"status_code": 400,
        "body": {"error": {"message": "too long", "code": "context_length_exceeded"}}}});
    add(&replies, &format!("{refused}\n"));
    let said = mailbox.ask(&mine).await;
    assert!(
        matches!(&said, Err(ModelError::Refused { why, .. }) if why.contains("too long")),
        "{said:?}"
    );
    put(
        &dir.path().join(format!("replies/{name}.md")),
        "by a person",
    );
    assert_eq!(
        mailbox.ask(&mine).await.expect("a reply").text,
        "by a person"
    );
}

#[tokio::test]
async fn a_torn_request_is_cut_off_and_asked_again() {
    let dir = tempfile::tempdir().expect("a folder");
    let (first, second) = (ask("a", "words"), ask("b", "words"));
    assert!(is_waiting(&open(dir.path()).ask(&first).await));
    let path = dir.path().join("requests.jsonl");
    let line = String::from_utf8(request::line(&custom_id(&second), &second)).expect("text");
    add(&path, &line[..line.len() / 2]);
    let mailbox = open(dir.path());
    assert!(is_waiting(&mailbox.ask(&second).await));
    let text = read(&path);
    assert_eq!(text.lines().count(), 2);
    assert!(text.ends_with(&line));
}

#[tokio::test]
async fn a_request_that_an_editor_left_without_its_end_stays() {
    let dir = tempfile::tempdir().expect("a folder");
    let (first, second) = (ask("a", "words"), ask("b", "words"));
    assert!(is_waiting(&open(dir.path()).ask(&first).await));
    let path = dir.path().join("requests.jsonl");
    put(&path, read(&path).trim_end());
    assert!(is_waiting(&open(dir.path()).ask(&second).await));
    let text = read(&path);
    let names: Vec<_> = text
        .lines()
        .filter_map(|line| request::name_in(line.as_bytes()))
        .collect();
    assert_eq!(names, [custom_id(&first), custom_id(&second)]);
}

#[tokio::test]
async fn a_person_can_read_what_is_asked_and_where_to_answer() {
    let dir = tempfile::tempdir().expect("a folder");
    let mine = ask("a", "<turn id=\"t1\">use pnpm</turn>");
    assert!(is_waiting(&open(dir.path()).ask(&mine).await));
    let name = custom_id(&mine);
    let page = read(&dir.path().join(format!("requests/{name}.md")));
    assert!(
        page.contains(&format!("../replies/{name}.md")) && page.contains("use pnpm"),
        "{page}"
    );
    assert!(
        page.contains("Extract.") && page.contains("100 tokens"),
        "{page}"
    );
    assert!(read(&dir.path().join("README.md")).contains("replies/NAME.md"));
}

#[cfg(unix)]
#[test]
fn only_the_person_can_read_a_mailbox() {
    use std::os::unix::fs::PermissionsExt;
    let dir = tempfile::tempdir().expect("a folder");
    let path = dir.path().join("mail");
    open(&path);
    for (name, mode) in [("", 0o700), ("requests", 0o700), ("README.md", 0o600)] {
        let data = fs::metadata(path.join(name)).expect("is there");
        assert_eq!(data.permissions().mode() & 0o777, mode, "{name}");
    }
}
