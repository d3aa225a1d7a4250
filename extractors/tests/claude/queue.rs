//! Words typed while the agent works: none is lost, and none is said twice.

use serde_json::{Value, json};

use crate::kit::{check, line, said, turns, user, with};

const AT: &str = "2026-03-01T09:00:00.000Z";

fn operation(operation: &str, content: Option<&str>) -> Value {
    let line = json!({"type": "queue-operation", "operation": operation, "timestamp": AT, "sessionId": "s"});
    match content {
        Some(content) => with(line, json!({ "content": content })),
        None => line,
    }
}

fn attachment(prompt: &str, more: Value) -> Value {
    let attachment = with(
        json!({"type": "queued_command", "prompt": prompt, "commandMode": "prompt"}),
        more,
    );
    with(
        line("attachment", "x1", json!({ "attachment": attachment })),
        json!({ "timestamp": AT }),
    )
}

#[test]
fn words_that_left_the_queue_are_the_users_and_those_that_come_again_are_said_once() {
    check(
        &[
            operation("enqueue", Some("also write tests")),
            operation("remove", None),
            operation("enqueue", Some("and push")),
            operation("dequeue", None),
            user("u1", "and push"),
            operation("remove", None),
            operation("enqueue", Some("no, wait")),
            operation("popAll", Some("no, wait")),
            operation("remove", None),
        ],
        &["user said: also write tests", "user said: and push"],
    );
}

#[test]
fn notifications_and_commands_in_the_queue_are_nobodys_words() {
    let task = r#"{"task_id":"b1","description":"x"}"#;
    check(
        &[
            operation("enqueue", Some(task)),
            operation(
                "enqueue",
                Some("<task-notification>\n<task-id>b1</task-id>"),
            ),
            operation("enqueue", Some("commit them one by one")),
            operation("enqueue", Some("/compact keep it")),
            operation("remove", None),
            operation("remove", None),
            operation("remove", Some("/compact keep it")),
            operation("dequeue", None),
        ],
        &["user said: commit them one by one"],
    );
}

#[test]
fn a_newer_clients_attachment_does_not_say_the_words_a_second_time() {
    let human = json!({"origin": {"kind": "human"}});
    let (enqueue, remove) = (
        operation("enqueue", Some("use the old API")),
        operation("remove", Some("use the old API")),
    );
    let once = ["user said: use the old API"];
    let attachment = attachment("use the old API", human);
    check(
        &[enqueue.clone(), attachment.clone(), remove.clone()],
        &once,
    );
    check(&[enqueue.clone(), remove, attachment.clone()], &once);
    check(std::slice::from_ref(&attachment), &once);
    let alone = turns(&[attachment]);
    let queued = turns(&[enqueue, operation("remove", None)]);
    assert_eq!(
        alone[0].id, queued[0].id,
        "both ways of telling it name the same turn"
    );
}

#[test]
fn words_that_nobody_saw_enter_the_queue_are_kept_when_they_leave_it() {
    check(
        &[operation("remove", Some("stop that"))],
        &["user said: stop that"],
    );
}

#[test]
fn what_other_sessions_queue_is_not_the_users() {
    let peer = attachment("do my work", json!({"origin": {"kind": "peer"}}));
    let task = attachment(
        "<task-notification>x",
        json!({"commandMode": "task-notification"}),
    );
    assert_eq!(said(&turns(&[peer, task])), [""; 0]);
}
