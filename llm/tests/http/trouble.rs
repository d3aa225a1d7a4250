//! Everything a server can answer instead of a reply, and what becomes of it.

use std::time::Duration;

use domain::{ModelError, Sent};
use llm::scripted::{Answer, Server, Step, completion};
use serde_json::json;

use crate::house::{KEY, asked, keeps_the_key, on_the_wire, open, settings};

/// A limit of requests, as four kinds of servers put it.
const LIMITS: [&str; 4] = [
    r#"{"error":{"message":"Rate limit reached","type":"requests","param":null,"code":"rate_limit_exceeded"}}"#,
    r#"{"error":{"message":"Too busy","type":"TooManyRequests","param":null,"code":429}}"#,
    r#"{"object":"error","message":"Rate limited","type":"invalid_request","code":"1300"}"#,
    "<html><head><title>429 Too Many Requests</title></head></html>",
];

/// Asks a server that takes these steps; returns the error, and checks how often it was asked.
async fn fails(steps: Vec<Step>, times: usize) -> ModelError {
    let server = Server::start(steps);
    let error = asked(settings(&server))
        .await
        .expect_err("there is no reply");
    on_the_wire(&server, times);
    keeps_the_key(&error);
    error
}

async fn recovers(step: Step) {
    let shown = format!("{step:?}");
    let server = Server::start(vec![step, Step::says("<none/>")]);
    let reply = asked(settings(&server)).await;
    assert_eq!(
        reply.unwrap_or_else(|e| panic!("{shown}: {e}")).text,
        "<none/>"
    );
    let all = on_the_wire(&server, 2);
    assert_eq!(all[0].body, all[1].body, "the same request is sent again");
}

/// Returns what it said, how long it wants to be left alone, and whether it may have worked.
fn down(error: ModelError) -> (String, Option<Duration>, bool) {
    match error {
        ModelError::Down {
            why, again, sent, ..
        } => (why, again, sent == Sent::Heard),
        other => panic!("{other:?}"),
    }
}

fn shut(error: &ModelError, says: &str) {
    assert!(matches!(error, ModelError::Shut { .. }), "{error:?}");
    assert!(error.to_string().contains(says), "{error}");
}

fn refused(error: &ModelError, says: &str) {
    assert!(matches!(error, ModelError::Refused { .. }), "{error:?}");
    assert!(error.to_string().contains(says), "{error}");
}

fn garbled(error: ModelError, says: &str) -> String {
    match error {
        ModelError::Garbled { why, raw, .. } => {
            assert!(why.contains(says), "{why}");
            raw
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_limit_is_waited_out_in_every_shape_with_and_without_a_stated_wait() {
    for body in LIMITS {
        recovers(Step::status(429, body)).await;
        for (name, value) in [
            ("retry-after", "0.01"),
            ("retry-after", "0"),
            ("retry-after-ms", "9"),
        ] {
            recovers(Step::Answer(Answer::new(429, body).with(name, value))).await;
        }
        let day = Answer::new(429, body).with("retry-after", "86400");
        let (_, again, sent) = down(fails(vec![Step::Answer(day)], 1).await);
        assert_eq!((again, sent), (Some(Duration::from_secs(86_400)), false));
        let (why, again, sent) = down(fails(vec![Step::status(429, body)], 3).await);
        assert_eq!((again, sent), (None, false));
        assert!(
            why.contains("429") && why.contains("after 3 tries"),
            "{why}"
        );
    }
}

#[tokio::test]
async fn a_date_to_come_back_at_is_read_by_the_servers_own_clock() {
    let answer = Answer::new(503, "")
        .with("date", "Sat, 02 Jan 2027 05:00:00 GMT")
        .with("retry-after", "Sat, 02 Jan 2027 05:10:00 GMT");
    let (_, again, _) = down(fails(vec![Step::Answer(answer)], 1).await);
    assert_eq!(again, Some(Duration::from_secs(600)));
    // Without a date of the server's it counts from ours, which is noon.
    let answer = Answer::new(503, "").with("retry-after", "Sat, 02 Jan 2027 12:02:00 GMT");
    let (_, again, _) = down(fails(vec![Step::Answer(answer)], 1).await);
    assert_eq!(again, Some(Duration::from_secs(120)));
}

#[tokio::test]
async fn a_server_in_trouble_is_asked_again_and_says_whether_it_may_have_worked() {
    let page = "<html><head><title>503 Service Unavailable</title></head></html>";
    let overloaded =
        r#"{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}"#;
    for (status, body, may_have_worked) in [
        (408, "", false),
        (
            500,
            r#"{"error":{"message":"The server had an error"}}"#,
            true,
        ),
        (502, "Bad Gateway", true),
        (503, page, false),
        (529, overloaded, false),
    ] {
        recovers(Step::status(status, body)).await;
        let (why, again, sent) = down(fails(vec![Step::status(status, body)], 3).await);
        assert_eq!((again, sent), (None, may_have_worked), "{why}");
        assert!(why.contains(&status.to_string()), "{why}");
    }
}

#[tokio::test]
async fn an_answer_that_breaks_off_is_asked_for_once_more() {
    recovers(Step::CutOff(Answer::says("<none/>"))).await;
    recovers(Step::HangUp).await;
    for step in [Step::CutOff(Answer::says("<none/>")), Step::HangUp] {
        let (_, again, sent) = down(fails(vec![step], 2).await);
        assert_eq!((again, sent), (None, true));
    }
}

#[tokio::test]
async fn silence_ends_at_the_deadline() {
    let server = Server::start(vec![Step::Hang]);
    let mut settings = settings(&server);
    // Long enough that a busy machine still gets each request out.
    settings.patience.answer = Duration::from_millis(400);
    let (why, again, sent) = down(asked(settings).await.expect_err("nobody answers"));
    assert_eq!((again, sent), (None, true));
    assert!(why.contains("no answer in time"), "{why}");
    on_the_wire(&server, 2);
}

#[tokio::test]
async fn who_is_not_there_has_been_sent_nothing() {
    let server = Server::start(vec![Step::HangUp]);
    let settings = settings(&server);
    drop(server);
    let error = asked(settings).await.expect_err("nobody is there");
    let ModelError::Down { why, sent, .. } = error else {
        panic!("{error:?}");
    };
    assert!(sent == Sent::Nothing && why.contains("refused"), "{why}");
}

#[tokio::test]
async fn what_a_person_must_mend_is_asked_once_and_says_what_to_do() {
    let body =
        json!({"error": {"message": format!("Incorrect API key provided: {KEY}, or AKIAEXAMPLE")}});
    let error = fails(vec![Step::status(401, &body.to_string())], 1).await;
    shut(
        &error,
        "Incorrect API key provided: ***, or [secret]. Look at the key in the variable",
    );
    let body = r#"{"error":{"message":"The model `scripted-model` does not exist","code":"model_not_found"}}"#;
    shut(
        &fails(vec![Step::status(404, body)], 1).await,
        "Name a model in llm.model",
    );
    shut(
        &fails(vec![Step::status(404, "<html></html>")], 1).await,
        "is llm.base_url right?",
    );
    let body = r#"{"error":{"message":"You exceeded your quota","type":"insufficient_quota","code":"insufficient_quota"}}"#;
    shut(
        &fails(vec![Step::status(429, body)], 1).await,
        "until there is credit",
    );
    shut(
        &fails(vec![Step::status(403, "{}")], 1).await,
        "may not use this model",
    );
}

#[tokio::test]
async fn a_redirect_is_not_followed_and_the_key_stays_here() {
    let other = Server::start(vec![Step::says("<none/>")]);
    for status in [301, 302, 307, 308] {
        let target = format!("{}/chat/completions?token=x", other.base_url());
        let answer = Answer::new(status, "").with("location", &target);
        let error = fails(vec![Step::Answer(answer)], 1).await;
        shut(&error, &format!("it redirects to {}", other.base_url()));
        assert!(!error.to_string().contains("token=x"), "{error}");
    }
    assert_eq!(other.seen(), []);
}

#[tokio::test]
async fn what_is_filtered_is_refused() {
    let body = r#"{"error":{"message":"The prompt triggered a policy","code":"content_filter"}}"#;
    refused(
        &fails(vec![Step::status(400, body)], 1).await,
        "triggered a policy",
    );
    let body = completion("", "content_filter").to_string();
    refused(
        &fails(vec![Step::status(200, &body)], 1).await,
        "its filter stopped",
    );
    let mut body = completion("", "stop");
    body["choices"][0]["message"]["refusal"] = json!("I cannot help with AKIAEXAMPLE");
    let error = fails(vec![Step::status(200, &body.to_string())], 1).await;
    refused(&error, "I cannot help with [secret]");
}

#[tokio::test]
async fn what_is_no_reply_is_kept_as_it_began() {
    let raw = garbled(
        fails(vec![Step::status(200, r#"{"choices": [AKIAEXAMPLE"#)], 1).await,
        "no JSON",
    );
    assert_eq!(raw, r#"{"choices": [[secret]"#);
    let raw = garbled(
        fails(vec![Step::status(200, r#"{"choices":[]}"#)], 1).await,
        "no choice",
    );
    assert_eq!(raw, r#"{"choices":[]}"#);
    let page = "<!DOCTYPE html><html><title>Welcome</title></html>";
    let raw = garbled(
        fails(vec![Step::status(200, page)], 1).await,
        "is llm.base_url right?",
    );
    assert_eq!(raw, page);
    let plain = Answer::new(200, "ok").with("content-type", "text/plain");
    garbled(fails(vec![Step::Answer(plain)], 1).await, "text/plain came");
    let unlike = Answer::says("<none/>").with("content-type", "text/html");
    let server = Server::start(vec![Step::Answer(unlike)]);
    assert!(
        asked(settings(&server)).await.is_ok(),
        "a reply under a wrong name is one"
    );
}

#[tokio::test]
async fn fifty_megabytes_are_cut_off_at_a_few() {
    let server = Server::start(vec![Step::Flood(50 * 1024 * 1024)]);
    let error = asked(settings(&server)).await.expect_err("it is no reply");
    let raw = garbled(error, "longer than any reply");
    assert!(raw.len() < 10_000);
    on_the_wire(&server, 1);
    // What is read at most is 4 MB; the rest of this lies in the sockets between us.
    assert!(server.flooded() < 20 * 1024 * 1024, "{}", server.flooded());
}

#[tokio::test]
async fn what_cannot_be_left_out_twice_is_refused() {
    let body = r#"{"error":{"message":"temperature is not supported"}}"#;
    let server = Server::start(vec![Step::status(400, body)]);
    let model = open(settings(&server));
    let error = model
        .ask(&crate::house::ask("extract e1"))
        .await
        .expect_err("it knows nothing");
    refused(&error, "temperature is not supported");
    let all = on_the_wire(&server, 2);
    assert!(all[0].json().get("temperature").is_some());
    assert!(all[1].json().get("temperature").is_none());
    let body = r#"{"error":{"message":"maximum context length is 4096","code":"context_length_exceeded"}}"#;
    refused(
        &fails(vec![Step::status(400, body)], 1).await,
        "maximum context",
    );
}
