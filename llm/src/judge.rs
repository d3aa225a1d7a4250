//! Decides what an answer means: a reply, a reason to try again, or an end.
//!
//! Pure: sends nothing and waits for nothing.

use std::time::Duration;

use domain::Sent;
use jiff::Timestamp;
use reqwest::StatusCode;
use reqwest::header::{CONTENT_TYPE, HeaderMap, LOCATION};
use serde_json::Value;

use crate::after;
use crate::complaint::{self, Complaint};
use crate::failure::{Failure, Part};
use crate::patience::Loss;
use crate::wire::{Broken, End, Exchange};

/// What one answer means.
#[derive(Debug)]
pub(crate) enum Verdict {
    /// It is JSON, and no complaint.
    Answer(Vec<u8>),
    /// Trying again may help.
    Again {
        why: String,
        asked: Option<Duration>,
        loss: Loss,
    },
    /// Trying again does not help.
    End(Failure),
}

/// Judges what came back, or that nothing did.
pub(crate) fn judge(outcome: Result<Exchange, Broken>, now: Timestamp) -> Verdict {
    let again = |why, loss| Verdict::Again {
        why,
        asked: None,
        loss,
    };
    match outcome {
        Ok(exchange) => of_exchange(exchange, now),
        Err(Broken::Unreached(why)) => again(why, Loss::Unreached),
        Err(Broken::Silent(why)) => again(why, Loss::Silent),
        Err(Broken::Untrusted(why)) => unsent(format!(
            "{why}; nothing was sent. Is it the right host, and is this machine's clock right?"
        )),
        Err(Broken::Unbuilt(why)) => unsent(format!("the request cannot be built: {why}")),
    }
}

fn of_exchange(exchange: Exchange, now: Timestamp) -> Verdict {
    if exchange.status.is_redirection() {
        return redirected(&exchange);
    }
    if !exchange.status.is_success() {
        let complaint = complaint::read(&exchange.body);
        return complained(exchange.status, &complaint, &exchange.headers, now);
    }
    if exchange.end == End::Overlong {
        let why = "it is longer than any reply and was not read to its end";
        return garbled(why.to_owned(), &exchange.body);
    }
    match serde_json::from_slice::<Value>(&exchange.body) {
        Ok(value) => match complaint_inside(&value) {
            Some((status, complaint)) => complained(status, &complaint, &exchange.headers, now),
            None => Verdict::Answer(exchange.body),
        },
        Err(error) => garbled(not_json(&exchange, &error), &exchange.body),
    }
}

/// Some gateways answer 200 and put what went wrong behind them into the body.
fn complaint_inside(value: &Value) -> Option<(StatusCode, Complaint)> {
    let inside = |value: &Value| value.get("error").is_some_and(|error| !error.is_null());
    // With a choice there are words, unless the choice itself is the complaint.
    let places = ["/choices/0", "/0", ""];
    let holder = places.iter().find_map(|place| value.pointer(place))?;
    if !inside(holder) {
        return None;
    }
    let complaint = complaint::of(holder);
    let number = complaint.number.filter(|number| *number >= 400);
    let status = number.and_then(|number| StatusCode::from_u16(number).ok());
    Some((status.unwrap_or(StatusCode::BAD_GATEWAY), complaint))
}

fn not_json(exchange: &Exchange, error: &serde_json::Error) -> String {
    let kind = exchange.headers.get(CONTENT_TYPE);
    let kind = kind
        .and_then(|kind| kind.to_str().ok())
        .unwrap_or("nothing named");
    let text = String::from_utf8_lossy(&exchange.body);
    if exchange.body.is_empty() {
        return "nothing came".to_owned();
    }
    if complaint::is_page(&text) || kind.contains("html") {
        return "a page for browsers came, and no reply: is llm.base_url right? It often ends in /v1"
            .to_owned();
    }
    if kind.contains("event-stream") {
        return "a stream of events came, though none was asked for".to_owned();
    }
    if !kind.contains("json") {
        return format!("{kind} came where JSON was expected: is llm.base_url right?");
    }
    format!("it is no JSON: {error}")
}

fn redirected(exchange: &Exchange) -> Verdict {
    let target = exchange
        .headers
        .get(LOCATION)
        .and_then(|target| target.to_str().ok());
    // Without its query: what stands there is nobody's business.
    let target = target.map(|target| target.split(['?', '#']).next().unwrap_or_default());
    shut(format!(
        "it redirects to {}, and redirects are not followed, so that words and key go nowhere else; if that is the right place, put it into llm.base_url",
        target.unwrap_or("somewhere else")
    ))
}

fn complained(
    status: StatusCode,
    complaint: &Complaint,
    headers: &HeaderMap,
    now: Timestamp,
) -> Verdict {
    let why = worded(status, complaint);
    let asked = after::asked(headers, now);
    let again = |why, loss| Verdict::Again { why, asked, loss };
    match status.as_u16() {
        _ if is_unpaid(status, complaint) => shut(format!(
            "{why}. Nothing is answered until there is credit with the provider again"
        )),
        408 | 409 | 425 | 429 | 503 | 529 => again(why, Loss::Unheard),
        500..=599 => again(why, Loss::Failed),
        401 => Verdict::End(Failure::KeyRefused { why }),
        403 if is_filtered(complaint) => Verdict::End(Failure::Refused { why }),
        403 => shut(format!(
            "{why}. The key may not use this model, or not from here"
        )),
        404 | 405 | 410 => shut(missing(&why, complaint)),
        _ => of_request(why, complaint),
    }
}

/// What is wrong with the request itself: most of what comes as 400, 413 or 422.
fn of_request(why: String, complaint: &Complaint) -> Verdict {
    let key = ["api key not valid", "invalid api key", "incorrect api key"];
    if complaint.is(&["api_key_invalid", "invalid_api_key"]) || complaint.says(&key) {
        return Verdict::End(Failure::KeyRefused { why });
    }
    if is_unknown_model(complaint) {
        return shut(missing(&why, complaint));
    }
    if is_filtered(complaint) {
        return Verdict::End(Failure::Refused { why });
    }
    Verdict::End(match unknown_part(complaint) {
        Some(part) => Failure::Unable { part, why },
        None => Failure::Refused { why },
    })
}

fn worded(status: StatusCode, complaint: &Complaint) -> String {
    if complaint.message.is_empty() {
        return status.to_string();
    }
    format!("{status}: {}", complaint.message)
}

fn missing(why: &str, complaint: &Complaint) -> String {
    if is_unknown_model(complaint) || complaint.says(&["model", "deployment"]) {
        return format!("{why}. Name a model in llm.model that it has");
    }
    format!("{why}. Nothing is there under this path: is llm.base_url right? It often ends in /v1")
}

/// By its short names where there are any: Google says "exceeded your current quota" of a limit
/// that is over in a minute, too.
fn is_unpaid(status: StatusCode, complaint: &Complaint) -> bool {
    let names = [
        "insufficient_quota",
        "billing_hard_limit_reached",
        "billing_not_active",
        "insufficient_balance",
    ];
    let words = [
        "credit balance is too low",
        "insufficient balance",
        "insufficient credits",
    ];
    status == StatusCode::PAYMENT_REQUIRED || complaint.is(&names) || complaint.says(&words)
}

fn is_filtered(complaint: &Complaint) -> bool {
    let names = [
        "content_filter",
        "responsibleaipolicyviolation",
        "content_policy_violation",
        "moderation",
        "data_inspection_failed",
    ];
    complaint.is(&names) || complaint.says(&["content management policy", "was flagged"])
}

fn is_unknown_model(complaint: &Complaint) -> bool {
    let words = [
        "not a valid model",
        "model not exist",
        "model does not exist",
        "unknown model",
    ];
    complaint.is(&[
        "model_not_found",
        "deploymentnotfound",
        "model_not_available",
    ]) || complaint.says(&words)
}

/// Finds the part of the request that a server says it does not know.
fn unknown_part(complaint: &Complaint) -> Option<Part> {
    let objections = [
        "not support",
        "unsupported",
        "unrecognized",
        "unknown",
        "deprecated",
        "not allowed",
        "not permitted",
        "not enabled",
        "unavailable",
        "unexpected",
        "cannot be used",
        "only the default",
        "must alternate",
        "invalid schema",
    ];
    if !complaint.says(&objections) {
        return None;
    }
    let text = format!("{} {}", complaint.part, complaint.message).to_lowercase();
    if text.contains("must alternate") || text.contains("developer instruction") {
        return Some(Part::SystemRole);
    }
    let marks = [
        ("max_tokens", Part::TokenLimit),
        ("max_completion_tokens", Part::TokenLimit),
        ("temperature", Part::Temperature),
        ("response_format", Part::Shape),
        ("json_schema", Part::Shape),
        ("structured output", Part::Shape),
        ("system", Part::SystemRole),
        ("store", Part::Store),
    ];
    // The first one named is the one complained of; the next may be what is advised instead.
    let found = marks
        .iter()
        .filter_map(|(mark, part)| Some((text.find(mark)?, *part)));
    found.min_by_key(|(at, _)| *at).map(|(_, part)| part)
}

fn shut(why: String) -> Verdict {
    let sent = Sent::Unheard;
    Verdict::End(Failure::Shut { why, sent })
}

fn unsent(why: String) -> Verdict {
    let sent = Sent::Nothing;
    Verdict::End(Failure::Shut { why, sent })
}

fn garbled(why: String, body: &[u8]) -> Verdict {
    let raw = String::from_utf8_lossy(&body[..body.len().min(4_000)]).into_owned();
    Verdict::End(Failure::Garbled { why, raw })
}

#[cfg(test)]
mod tests;
