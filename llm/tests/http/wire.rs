//! What goes over the wire to each provider, and what a reply becomes.

use std::time::Duration;

use domain::{Ended, Reply, Usage};
use llm::scripted::{Answer, Server, Step, completion};
use llm::{Azure, KeyFrom, Provider};
use serde_json::json;

use crate::house::{self, KEY, ask, ask_with_schema, asked, noon, on_the_wire, open, settings};

#[tokio::test]
async fn a_reply_comes_word_for_word_with_its_time_and_its_cost() {
    let server = Server::start(vec![Step::says("<none/>")]);
    let reply = asked(settings(&server)).await.expect("it answers");
    let usage = Usage {
        input_tokens: 30,
        output_tokens: 7,
    };
    let expect = Reply {
        text: "<none/>".to_owned(),
        ended: Ended::Whole,
        at: noon(),
        usage,
    };
    assert_eq!(reply, expect);
    let seen = on_the_wire(&server, 1).remove(0);
    assert_eq!(seen.header("content-type"), Some("application/json"));
    let agent = seen.header("user-agent").expect("it says who asks");
    assert!(agent.starts_with("dormouse/"), "{agent}");
    assert_eq!(
        seen.json(),
        json!({
            "model": "scripted-model",
            "messages": [
                {"role": "system", "content": "Find lessons."},
                {"role": "user", "content": "t1: use pnpm"},
            ],
            "temperature": 0.0,
            "max_tokens": 500,
            "stream": false,
        })
    );
}

/// Asks a provider at a server of ours; returns its request line, and the header the key came in.
async fn spoken_to(provider: Provider, path: &str, key: KeyFrom) -> (String, Option<String>) {
    let server = Server::start(vec![Step::says("<none/>")]);
    let mut settings = house::of(provider, format!("http://{}{path}", server.host()));
    settings.key = key;
    asked(settings).await.expect("it answers");
    let seen = server.seen().remove(0);
    let mut with_key = seen.headers.iter().filter(|(_, value)| value.contains(KEY));
    let header = with_key
        .next()
        .map(|(name, value)| format!("{name}: {value}"));
    assert_eq!(with_key.next(), None);
    assert!(!seen.line.contains(KEY) && !seen.body.contains(KEY));
    assert_eq!(
        seen.header("openai-organization")
            .or(seen.header("openai-project")),
        None
    );
    if header.is_none() {
        assert_eq!(
            seen.header("authorization").or(seen.header("api-key")),
            None
        );
    }
    (seen.line, header)
}

#[tokio::test]
async fn every_provider_is_spoken_to_in_its_own_way() {
    let variable = || KeyFrom::Variable("TEST_KEY".to_owned());
    let bearer = Some(format!("authorization: Bearer {KEY}"));
    let line = |path: &str| format!("POST {path} HTTP/1.1");
    let chat = || line("/v1/chat/completions");
    for provider in [Provider::OpenAi, Provider::Anthropic, Provider::Compatible] {
        let spoken = spoken_to(provider, "/v1/", variable()).await;
        assert_eq!(spoken, (chat(), bearer.clone()));
    }
    for provider in [Provider::Ollama, Provider::Compatible] {
        assert_eq!(
            spoken_to(provider, "/v1", KeyFrom::Nowhere).await,
            (chat(), None)
        );
    }
    let api_key = Some(format!("api-key: {KEY}"));
    let v1 = line("/openai/v1/chat/completions");
    assert_eq!(
        spoken_to(Provider::Azure(Azure::V1), "", variable()).await,
        (v1, api_key.clone())
    );
    let classic = Azure::Classic {
        deployment: "gpt-x".to_owned(),
        api_version: "2024-10-21".to_owned(),
    };
    let path = "/openai/deployments/gpt-x/chat/completions?api-version=2024-10-21";
    assert_eq!(
        spoken_to(Provider::Azure(classic), "", variable()).await,
        (line(path), api_key)
    );
}

#[tokio::test]
async fn a_schema_goes_where_it_is_kept_and_nowhere_else() {
    for (keeps, expect) in [(Some(true), true), (Some(false), false), (None, false)] {
        let server = Server::start(vec![Step::says("{}")]);
        let mut settings = settings(&server);
        settings.keeps_schema = keeps;
        let model = open(settings);
        assert_eq!(model.keeps_schema(), expect);
        model.ask(&ask_with_schema()).await.expect("it answers");
        let sent = on_the_wire(&server, 1)[0].json();
        let shape = json!({"type": "json_schema", "json_schema":
            {"name": "lessons", "strict": true, "schema": {"type": "object"}}});
        assert_eq!(sent.get("response_format"), expect.then_some(&shape));
    }
}

#[tokio::test]
async fn a_slow_answer_is_waited_for() {
    let slow = Step::Slow(Duration::from_millis(30), Answer::says("<none/>"));
    let server = Server::start(vec![slow]);
    assert!(asked(settings(&server)).await.is_ok());
    on_the_wire(&server, 1);
}

#[tokio::test]
async fn a_reply_cut_for_its_length_says_so() {
    let body = completion("<memories><mem", "length").to_string();
    let server = Server::start(vec![Step::status(200, &body)]);
    let reply = asked(settings(&server)).await.expect("it is a reply");
    assert_eq!(
        (reply.text.as_str(), reply.ended),
        ("<memories><mem", Ended::Cut)
    );
    on_the_wire(&server, 1);
}

#[tokio::test]
async fn what_a_server_does_not_count_is_estimated() {
    let mut body = completion("<none/>", "stop");
    body["usage"] = serde_json::Value::Null;
    let server = Server::start(vec![Step::status(200, &body.to_string())]);
    let usage = asked(settings(&server)).await.expect("it answers").usage;
    assert!(
        usage.input_tokens > 3 && usage.input_tokens < 20,
        "{usage:?}"
    );
    assert!(
        usage.output_tokens > 1 && usage.output_tokens < 10,
        "{usage:?}"
    );
}

#[tokio::test]
async fn what_a_server_does_not_know_is_left_out_from_then_on() {
    let unknown =
        |message: &str| Step::status(400, &json!({"error": {"message": message}}).to_string());
    let server = Server::start(vec![
        unknown("Unsupported value: 'temperature' does not support 0 with this model."),
        unknown("'max_tokens' is not supported. Use 'max_completion_tokens' instead."),
        unknown("response_format is not supported"),
        unknown("'messages[0].role' does not support 'system' with this model."),
        Step::says("<none/>"),
    ]);
    let mut settings = settings(&server);
    settings.keeps_schema = Some(true);
    let model = open(settings);
    model
        .ask(&ask_with_schema())
        .await
        .expect("it answers in the end");
    assert!(!model.keeps_schema());
    model
        .ask(&ask("extract e1"))
        .await
        .expect("it answers at once");
    let all = on_the_wire(&server, 6);
    let expect = json!({
        "model": "scripted-model",
        "messages": [{"role": "user", "content": "Find lessons.\n\nt1: use pnpm"}],
        "max_completion_tokens": 500,
        "stream": false,
    });
    assert_eq!(all[4].json(), expect);
    assert_eq!(all[5].json(), expect);
}
