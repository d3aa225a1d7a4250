//! Reads what Claude Code printed: a reply, or the reason why there is none.
//!
//! Starts nothing and waits for nothing.

use std::time::Duration;

use domain::{Ended, Sent, Usage};
use jiff::Timestamp;
use serde_json::Value;

/// A child that ended by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Ran {
    pub(super) program: String,
    /// Its exit code; `None` where a signal ended it.
    pub(super) code: Option<i32>,
    pub(super) out: String,
    pub(super) err: String,
}

/// What was said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Said {
    pub(super) text: String,
    pub(super) ended: Ended,
    pub(super) usage: Usage,
}

/// Why nothing was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Trouble {
    Down {
        why: String,
        again: Option<Duration>,
        sent: Sent,
    },
    /// The client says that it answers nothing.
    Shut(String),
    /// The client cannot be run at all.
    NotRun(String),
    Refused(String),
    Garbled {
        why: String,
        raw: String,
    },
}

impl Trouble {
    /// Something that may be over in a moment, before anything was sent.
    pub(super) fn busy(why: &str) -> Self {
        Self::Down {
            why: why.to_owned(),
            again: Some(Duration::from_secs(60)),
            sent: Sent::Nothing,
        }
    }
}

/// A subscription's limit is over after some hours; asking costs nothing, so twice an hour will do.
const LIMIT_AGAIN: Duration = Duration::from_secs(30 * 60);
/// No limit lasts longer than a week.
const LONGEST_LIMIT: i64 = 7 * 24 * 60 * 60;

/// Reads a child's end.
pub(super) fn read(ran: &Ran, now: Timestamp) -> Result<Said, Trouble> {
    let events = events(&ran.out);
    let result = events.iter().rfind(|event| is(event, "type", "result"));
    match result {
        None => Err(without_result(ran)),
        Some(result) if result.get("is_error").and_then(Value::as_bool) == Some(true) => {
            Err(trouble(result, reset(&events, now), now))
        }
        Some(result) => said(result, &events),
    }
}

/// The stream has a line for each event; with other settings of the client it is one list or one
/// object. What is no JSON between them is somebody else's greeting.
fn events(out: &str) -> Vec<Value> {
    match serde_json::from_str::<Value>(out.trim()) {
        Ok(Value::Array(list)) => list,
        Ok(value) => vec![value],
        Err(_) => out
            .lines()
            .filter_map(|line| serde_json::from_str(line.trim()).ok())
            .collect(),
    }
}

fn is(event: &Value, key: &str, value: &str) -> bool {
    event.get(key).and_then(Value::as_str) == Some(value)
}

fn said(result: &Value, events: &[Value]) -> Result<Said, Trouble> {
    let raw = || result.to_string().chars().take(4_000).collect::<String>();
    if result.get("num_turns").and_then(Value::as_u64) == Some(0) {
        let why = "the client answered by itself, without the model".to_owned();
        return Err(Trouble::Garbled { why, raw: raw() });
    }
    if !is(result, "subtype", "success") && result.get("subtype").is_some() {
        return Err(down(format!(
            "the client gave up: {}",
            word(result, "subtype")
        )));
    }
    if is(result, "stop_reason", "refusal") {
        return Err(Trouble::Refused(word(result, "result")));
    }
    let text = word(result, "result");
    // A second message is what the client had the model add to one that was cut; the first is the
    // whole of what was asked for, and its reader knows what to do with a cut.
    let (text, ended) = match (
        first_of_many(events),
        is(result, "stop_reason", "max_tokens"),
    ) {
        (Some(first), _) => (first, Ended::Cut),
        (None, true) => (text, Ended::Cut),
        (None, false) => (text, Ended::Whole),
    };
    if text.trim().is_empty() {
        return Err(Trouble::Garbled {
            why: "it holds no words".to_owned(),
            raw: raw(),
        });
    }
    Ok(Said {
        text,
        ended,
        usage: usage(result),
    })
}

/// Returns the first message's words where the model spoke more than once.
fn first_of_many(events: &[Value]) -> Option<String> {
    let messages: Vec<&Value> = events
        .iter()
        .filter(|event| is(event, "type", "assistant"))
        .filter_map(|event| event.get("message"))
        .filter(|message| !is(message, "model", "<synthetic>"))
        .collect();
    let first = messages.first()?.get("id")?;
    // One message comes in several events, one for each of its blocks.
    let is_first = |message: &&&Value| message.get("id") == Some(first);
    if messages.iter().all(|message| is_first(&message)) {
        return None;
    }
    let blocks = messages
        .iter()
        .filter(is_first)
        .filter_map(|message| message.get("content"));
    let texts = blocks
        .filter_map(Value::as_array)
        .flatten()
        .filter_map(|block| block.get("text"));
    Some(texts.filter_map(Value::as_str).collect())
}

fn usage(result: &Value) -> Usage {
    let count = |key: &str| {
        let usage = result.get("usage");
        usage
            .and_then(|usage| usage.get(key)?.as_u64())
            .unwrap_or_default()
    };
    Usage {
        input_tokens: count("input_tokens")
            + count("cache_creation_input_tokens")
            + count("cache_read_input_tokens"),
        output_tokens: count("output_tokens"),
    }
}

/// Sorts what the client says is wrong: by the status behind it, and by its words where it has none.
fn trouble(result: &Value, reset: Option<Duration>, now: Timestamp) -> Trouble {
    let why = word(result, "result");
    let says = |words: &[&str]| {
        let why = why.to_lowercase();
        words.iter().any(|word| why.contains(word))
    };
    let status = result
        .get("api_error_status")
        .and_then(Value::as_u64)
        .unwrap_or_default();
    let logins = [
        "not logged in",
        "/login",
        "api key",
        "oauth",
        "authenticat",
        "credit balance",
    ];
    let limits = [
        "hit your",
        "limit reached",
        "usage limit",
        "out of usage",
        "out of extra usage",
        "spend limit",
    ];
    if is(result, "stop_reason", "refusal") || says(&["usage policy"]) {
        return Trouble::Refused(why);
    }
    if matches!(status, 401..=403) || says(&logins) {
        return Trouble::Shut(format!(
            "{why}. Run claude once by hand and see that it answers"
        ));
    }
    if status == 404 || says(&["selected model"]) {
        return Trouble::Shut(format!("{why} Name a model in llm.model that claude has"));
    }
    if status == 429 || says(&limits) {
        let told = reset.or_else(|| until(&why, now));
        let again = told.or_else(|| says(&limits).then_some(LIMIT_AGAIN));
        return Trouble::Down {
            why,
            again,
            sent: Sent::Unheard,
        };
    }
    match status {
        400 | 413 | 422 => Trouble::Refused(why),
        529 => Trouble::Down {
            why,
            again: None,
            sent: Sent::Unheard,
        },
        _ if says(&["prompt is too long"]) => Trouble::Refused(why),
        _ => down(why),
    }
}

/// Some versions put the second at which a limit ends behind a bar.
fn until(why: &str, now: Timestamp) -> Option<Duration> {
    left(why.rsplit_once('|')?.1.trim().parse().ok()?, now)
}

/// The newest say it in an event of its own.
fn reset(events: &[Value], now: Timestamp) -> Option<Duration> {
    let event = events
        .iter()
        .rfind(|event| is(event, "type", "rate_limit_event"))?;
    left(event.pointer("/rate_limit_info/resetsAt")?.as_i64()?, now)
}

fn left(second: i64, now: Timestamp) -> Option<Duration> {
    let left = second
        .saturating_sub(now.as_second())
        .clamp(60, LONGEST_LIMIT);
    u64::try_from(left).ok().map(Duration::from_secs)
}

/// The client ended without a word in its own form.
fn without_result(ran: &Ran) -> Trouble {
    let Ran {
        program,
        code,
        out,
        err,
    } = ran;
    let complaint = err
        .lines()
        .find(|line| !line.trim().is_empty())
        .unwrap_or_default()
        .trim();
    match code {
        Some(126 | 127) if out.is_empty() => Trouble::NotRun(format!(
            "{program} cannot be run ({complaint}): install Claude Code, or give its path in \
             llm.claude_path"
        )),
        Some(_) if complaint.contains("unknown option") => Trouble::NotRun(format!(
            "{program} does not know what it is started with ({complaint}): update Claude Code"
        )),
        Some(0) => Trouble::Garbled {
            why: "what it printed holds no result".to_owned(),
            raw: out.chars().take(4_000).collect(),
        },
        Some(code) => down(format!("{program} ended with {code}: {complaint}")),
        None => down(format!("{program} was killed: {complaint}")),
    }
}

fn down(why: String) -> Trouble {
    Trouble::Down {
        why,
        again: None,
        sent: Sent::Heard,
    }
}

fn word(event: &Value, key: &str) -> String {
    event
        .get(key)
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned()
}

#[cfg(test)]
mod tests;
