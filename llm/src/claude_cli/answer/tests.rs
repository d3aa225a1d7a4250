//! What the client prints; its complaints are word for word what it said on loopback, but for limits.

use super::*;
use serde_json::json;

fn ran(out: &str) -> Ran {
    Ran {
        program: "claude".to_owned(),
        code: Some(0),
        out: out.to_owned(),
        err: String::new(),
    }
}

fn now() -> Timestamp {
    Timestamp::from_second(1_800_000_000).expect("an instant")
}

fn of(change: &Value) -> Result<Said, Trouble> {
    let mut result = json!({"type": "result", "subtype": "success", "is_error": false,
        "num_turns": 1, "result": "words", "stop_reason": "end_turn"});
    for (key, value) in change.as_object().expect("an object") {
        result[key] = value.clone();
    }
    read(&ran(&result.to_string()), now())
}

fn wrong(words: &str, status: Option<u64>) -> Trouble {
    let change = json!({"is_error": true, "result": words, "api_error_status": status});
    of(&change).expect_err("an error is no reply")
}

#[test]
fn a_reply_is_read_in_every_form_of_output() {
    let result =
        r#"{"type":"result","subtype":"success","is_error":false,"num_turns":1,"result":"words"}"#;
    for out in [
        result.to_owned(),
        format!("[{{\"type\":\"system\"}},{result}]"),
        format!("Welcome!\n{{\"type\":\"system\"}}\n{result}\n"),
    ] {
        let said = read(&ran(&out), now()).expect("a reply");
        assert_eq!(
            (said.text.as_str(), said.ended),
            ("words", Ended::Whole),
            "{out}"
        );
    }
}

#[test]
fn of_a_reply_that_was_cut_the_first_part_counts() {
    let message = |id: &str, text: &str| json!({"type": "assistant", "message": {"id": id, "content": [{"type": "text", "text": text}]}});
    let result = json!({"type": "result", "subtype": "success", "is_error": false, "num_turns": 1,
        "result": "the rest", "stop_reason": "end_turn"});
    let all = [
        message("m1", "<memories><mem"),
        message("m1", "ory>"),
        message("m2", "the rest"),
        result,
    ];
    let out: String = all.iter().map(|event| format!("{event}\n")).collect();
    let said = read(&ran(&out), now()).expect("a reply");
    assert_eq!(
        (said.text.as_str(), said.ended),
        ("<memories><memory>", Ended::Cut)
    );
    let said = of(&json!({"stop_reason": "max_tokens"})).expect("a reply");
    assert_eq!(said.ended, Ended::Cut);
}

#[test]
fn what_the_client_complains_of_is_sorted() {
    let shut = [
        ("Not logged in · Please run /login", None),
        ("Invalid API key · Fix external API key", Some(401)),
        (
            "Failed to authenticate. API Error: 403 no access",
            Some(403),
        ),
        ("Credit balance is too low", Some(400)),
        (
            "There's an issue with the selected model (nope).",
            Some(404),
        ),
    ];
    for (words, status) in shut {
        assert!(matches!(wrong(words, status), Trouble::Shut(_)), "{words}");
    }
    let again = |words, status| match wrong(words, status) {
        Trouble::Down { again, sent, .. } => {
            (again.map(|again| again.as_secs()), sent == Sent::Heard)
        }
        other => panic!("{words}: {other:?}"),
    };
    assert_eq!(
        again("You've hit your session limit · resets 3pm", None),
        (Some(1_800), false)
    );
    assert_eq!(
        again("Claude AI usage limit reached|1800003600", Some(429)),
        (Some(3_600), false)
    );
    assert_eq!(
        again("Claude AI usage limit reached|1", None),
        (Some(60), false)
    );
    assert_eq!(
        again("API Error: Request rejected (429)", Some(429)),
        (None, false)
    );
    assert_eq!(
        again("API Error: 529 Overloaded.", Some(529)),
        (None, false)
    );
    assert_eq!(again("API Error: Connection error.", None), (None, true));
    let event = r#"{"type":"rate_limit_event","rate_limit_info":{"status":"rejected","resetsAt":1800000900}}"#;
    let result = r#"{"type":"result","is_error":true,"result":"You've hit your weekly limit"}"#;
    let limited = read(&ran(&format!("{event}\n{result}\n")), now());
    assert!(
        matches!(limited, Err(Trouble::Down { again: Some(again), .. }) if again.as_secs() == 900)
    );
    let refused = [
        (
            "Prompt is too long · the request is ~250000 tokens",
            Some(400),
        ),
        ("Prompt is too long", None),
    ];
    for (words, status) in refused {
        assert!(
            matches!(wrong(words, status), Trouble::Refused(_)),
            "{words}"
        );
    }
    let policy = of(&json!({"is_error": true, "result": "cannot", "stop_reason": "refusal"}));
    assert!(matches!(policy, Err(Trouble::Refused(_))));
}

#[test]
fn what_the_client_says_by_itself_is_no_reply() {
    for change in [
        json!({"num_turns": 0, "result": "Unknown command: /foo"}),
        json!({"result": " "}),
    ] {
        assert!(matches!(of(&change), Err(Trouble::Garbled { .. })));
    }
    let gave_up = of(&json!({"subtype": "error_max_turns"}));
    assert!(matches!(
        gave_up,
        Err(Trouble::Down {
            sent: Sent::Heard,
            ..
        })
    ));
}
