//! What answers of real servers mean; the same over real HTTP stands in `llm/tests`.

use super::*;
use reqwest::header::HeaderValue;

fn verdict(status: u16, kind: &'static str, body: &str) -> Verdict {
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    let exchange = Exchange {
        status: StatusCode::from_u16(status).expect("a status"),
        headers,
        body: body.as_bytes().to_vec(),
        end: End::Whole,
    };
    judge(Ok(exchange), Timestamp::UNIX_EPOCH)
}

/// The verdict's name and its words.
fn named(verdict: &Verdict) -> (&'static str, String) {
    match verdict {
        Verdict::Answer(_) => ("answer", String::new()),
        Verdict::Again { why, loss, .. } => match loss {
            Loss::Unreached => ("again, unreached", why.clone()),
            Loss::Unheard => ("again, unheard", why.clone()),
            Loss::Failed => ("again, failed", why.clone()),
            Loss::Silent => ("again, silent", why.clone()),
        },
        Verdict::End(failure) => {
            let name = match failure {
                Failure::Down { .. } => "down",
                Failure::Shut { .. } => "shut",
                Failure::KeyRefused { .. } => "key",
                Failure::Refused { .. } => "refused",
                Failure::Unable { .. } => "unable",
                Failure::Garbled { .. } => "garbled",
            };
            (name, failure.to_string())
        }
    }
}

fn check(status: u16, body: &str, expect: &str, says: &str) {
    let (name, why) = named(&verdict(status, "application/json", body));
    assert_eq!(name, expect, "{status} {body}: {why}");
    assert!(why.contains(says), "{why}");
}

fn lacks(status: u16, body: &str, part: Part) {
    match verdict(status, "application/json", body) {
        Verdict::End(Failure::Unable { part: found, .. }) => assert_eq!(found, part, "{body}"),
        other => panic!("{body}: {other:?}"),
    }
}

#[test]
fn a_limit_of_a_moment_is_tried_again_and_an_empty_purse_is_not() {
    let again = "again, unheard";
    check(
        429,
        r#"{"error":{"message":"slow","type":"requests","code":"rate_limit_exceeded"}}"#,
        again,
        "slow",
    );
    check(
        429,
        r#"{"error":{"message":"busy","type":"TooManyRequests","code":429}}"#,
        again,
        "busy",
    );
    check(
        429,
        r#"{"object":"error","message":"slow","code":429}"#,
        again,
        "slow",
    );
    check(
        429,
        "<html><title>429</title></html>",
        again,
        "a page for browsers",
    );
    check(
        429,
        r#"[{"error":{"code":429,"message":"You exceeded your current quota"}}]"#,
        again,
        "",
    );
    let unpaid = "credit with the provider";
    check(
        429,
        r#"{"error":{"message":"x","type":"insufficient_quota","code":"insufficient_quota"}}"#,
        "shut",
        unpaid,
    );
    check(
        402,
        r#"{"error":{"message":"Insufficient Balance"}}"#,
        "shut",
        unpaid,
    );
    check(
        400,
        r#"{"error":{"message":"Your credit balance is too low to access"}}"#,
        "shut",
        unpaid,
    );
}

#[test]
fn a_server_in_trouble_is_tried_again_and_may_have_worked() {
    check(408, "", "again, unheard", "408");
    check(503, "<!DOCTYPE html><html></html>", "again, unheard", "503");
    check(
        529,
        r#"{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}"#,
        "again, unheard",
        "Overloaded",
    );
    for status in [500, 502, 504, 524] {
        check(status, "", "again, failed", &status.to_string());
    }
}

#[test]
fn what_a_person_must_mend_is_shut() {
    check(
        401,
        r#"{"error":{"message":"Incorrect API key provided"}}"#,
        "key",
        "Incorrect",
    );
    check(
        400,
        r#"[{"error":{"code":400,"message":"API key not valid.","status":"INVALID_ARGUMENT"}}]"#,
        "key",
        "",
    );
    check(
        403,
        r#"{"error":{"message":"no access"}}"#,
        "shut",
        "may not use this model",
    );
    check(
        404,
        r#"{"error":{"message":"The model `x` does not exist","code":"model_not_found"}}"#,
        "shut",
        "llm.model",
    );
    check(
        400,
        r#"{"error":{"message":"x is not a valid model ID","code":400}}"#,
        "shut",
        "llm.model",
    );
    check(404, r#"{"detail":"Not Found"}"#, "shut", "llm.base_url");
    check(404, "404 page not found", "shut", "llm.base_url");
    check(302, "", "shut", "it redirects to somewhere else");
}

#[test]
fn a_filter_refuses_by_whatever_name_it_goes() {
    check(
        400,
        r#"{"error":{"message":"x","code":"content_filter","innererror":{"code":"ResponsibleAIPolicyViolation"}}}"#,
        "refused",
        "",
    );
    check(
        403,
        r#"{"error":{"code":403,"message":"x","metadata":{"reasons":["violence"]}}}"#,
        "refused",
        "",
    );
    check(
        400,
        r#"{"error":{"message":"too many tokens","code":"context_length_exceeded"}}"#,
        "refused",
        "too many",
    );
    check(413, "", "refused", "413");
}

#[test]
fn a_part_that_is_not_known_is_found_by_the_first_name_said() {
    lacks(
        400,
        r#"{"error":{"message":"Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.","param":"max_tokens"}}"#,
        Part::TokenLimit,
    );
    lacks(
        400,
        r#"{"error":{"message":"Unrecognized request argument supplied: max_completion_tokens"}}"#,
        Part::TokenLimit,
    );
    lacks(
        400,
        r#"{"error":{"message":"Unsupported value: 'temperature' does not support 0 with this model. Only the default (1) value is supported.","param":"temperature"}}"#,
        Part::Temperature,
    );
    lacks(
        400,
        r#"{"error":{"message":"`temperature` is deprecated for this model."}}"#,
        Part::Temperature,
    );
    lacks(
        400,
        r#"{"error":{"message":"This response_format type is unavailable now"}}"#,
        Part::Shape,
    );
    lacks(
        400,
        r#"{"error":{"message":"Unsupported value: 'messages[0].role' does not support 'system' with this model."}}"#,
        Part::SystemRole,
    );
    lacks(
        400,
        r#"{"error":{"code":400,"message":"Developer instruction is not enabled for models/gemma"}}"#,
        Part::SystemRole,
    );
    lacks(
        400,
        r#"{"object":"error","message":"Conversation roles must alternate user/assistant"}"#,
        Part::SystemRole,
    );
    lacks(
        422,
        r#"{"detail":[{"loc":["body","store"],"msg":"Extra inputs are not permitted"}]}"#,
        Part::Store,
    );
    check(
        400,
        r#"{"error":{"message":"max_tokens is too large: 9. This model supports at most 4."}}"#,
        "refused",
        "too large",
    );
}

#[test]
fn what_is_no_reply_says_what_it_is_instead() {
    let garbled = |kind, body: &str, says: &str| {
        let (name, why) = named(&verdict(200, kind, body));
        assert_eq!(name, "garbled", "{body}");
        assert!(why.contains(says), "{why}");
    };
    garbled("application/json", "{\"choices\": [", "it is no JSON");
    garbled("application/json", "", "nothing came");
    garbled(
        "text/html; charset=utf-8",
        "<!doctype html><p>Welcome",
        "is llm.base_url right?",
    );
    garbled(
        "text/plain",
        "ok",
        "text/plain came where JSON was expected",
    );
    garbled("text/event-stream", "data: {}", "a stream of events came");
    garbled("application/json", &"[".repeat(100_000), "it is no JSON");
}

#[test]
fn a_complaint_inside_a_success_counts_by_its_own_number() {
    check(
        200,
        r#"{"error":{"code":502,"message":"Provider returned error"}}"#,
        "again, failed",
        "Provider",
    );
    check(
        200,
        r#"{"error":{"code":429,"message":"busy"}}"#,
        "again, unheard",
        "busy",
    );
    check(
        200,
        r#"{"choices":[{"error":{"code":503,"message":"gone"},"message":{}}]}"#,
        "again, unheard",
        "gone",
    );
    check(200, r#"{"error":null,"choices":[]}"#, "answer", "");
}
