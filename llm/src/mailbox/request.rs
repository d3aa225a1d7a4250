//! A request as one line of the Batch format, and its name.
//!
//! Touches no file.

use domain::words::estimate_tokens;
use domain::{Ask, AskId, Request, SessionId, digest};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// The line of a request.
#[derive(Debug, Serialize)]
struct RequestLine<'a> {
    custom_id: &'a str,
    method: &'static str,
    url: &'static str,
    body: Value,
}

/// The one thing that is read of a request's line.
#[derive(Debug, Deserialize)]
struct Named {
    custom_id: String,
}

/// What is kept of a request that was asked: no word of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// The name under which it is answered.
    pub custom_id: String,
    /// The ask.
    pub ask: AskId,
    /// The session whose words it carries.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session: Option<SessionId>,
    /// What it is about.
    pub about: String,
    /// The model that is asked.
    pub model: String,
    /// How many tokens request and longest reply have together, estimated.
    pub tokens: u64,
}

/// Names a request: by the ask and by its words, so that a reply to words that were purged never
/// answers what was built anew.
pub fn custom_id(ask: &Ask) -> String {
    let Request {
        system,
        user,
        schema,
        max_output_tokens,
    } = &ask.request;
    let (name, shape) = schema
        .as_ref()
        .map_or(("", ""), |shape| (&*shape.name, &*shape.json));
    let longest = max_output_tokens.to_string();
    digest(
        'r',
        &[
            ask.id.as_str(),
            &ask.model,
            system,
            user,
            name,
            shape,
            &longest,
        ],
    )
}

/// Returns the request as a line with its line feed.
pub(crate) fn line(name: &str, ask: &Ask) -> Vec<u8> {
    let line = RequestLine {
        custom_id: name,
        method: "POST",
        url: "/v1/chat/completions",
        body: body(ask),
    };
    let mut bytes = serde_json::to_vec(&line).expect("text and numbers are always JSON");
    bytes.push(b'\n');
    bytes
}

/// No temperature: reasoning models refuse a whole batch for it, and nobody can ask again at night.
fn body(ask: &Ask) -> Value {
    let request = &ask.request;
    let mut body = json!({
        "model": ask.model,
        "messages": [
            {"role": "system", "content": request.system},
            {"role": "user", "content": request.user},
        ],
        "max_completion_tokens": request.max_output_tokens,
    });
    if let Some(schema) = &request.schema
        && let Ok(shape) = serde_json::from_str::<Value>(&schema.json)
    {
        body["response_format"] = json!({
            "type": "json_schema",
            "json_schema": {"name": schema.name, "strict": true, "schema": shape},
        });
    }
    body
}

/// Returns what the ledger keeps of the request.
pub(crate) fn entry(name: &str, ask: &Ask) -> Entry {
    Entry {
        custom_id: name.to_owned(),
        ask: ask.id.clone(),
        session: ask.session.clone(),
        about: ask.about.clone(),
        model: ask.model.clone(),
        tokens: tokens(&ask.request),
    }
}

/// Estimates what a request may cost at the most.
fn tokens(request: &Request) -> u64 {
    let said = estimate_tokens(&request.system) + estimate_tokens(&request.user);
    let schema = request
        .schema
        .as_ref()
        .map_or(0, |schema| estimate_tokens(&schema.json));
    (said + schema) as u64 + u64::from(request.max_output_tokens)
}

/// Reads the name of a request's line; `None` where the line is none.
pub(crate) fn name_in(line: &[u8]) -> Option<String> {
    serde_json::from_slice::<Named>(line)
        .ok()
        .map(|named| named.custom_id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mailbox::tests::ask;

    #[test]
    fn a_request_built_anew_with_other_words_has_another_name() {
        let first = ask("one", "the words");
        let mut again = first.clone();
        assert_eq!(custom_id(&first), custom_id(&again));
        again.request.user = "the other words".to_owned();
        assert_ne!(custom_id(&first), custom_id(&again));
        assert_eq!(first.id, again.id, "the ask itself keeps its name");
    }

    #[test]
    fn the_line_is_what_the_batch_api_takes() {
        let ask = ask("one", "say \"a\"\nand b");
        let line = line("r1", &ask);
        let value: Value = serde_json::from_slice(&line).expect("one line of JSON");
        assert_eq!(value["custom_id"], "r1");
        assert_eq!(value["method"], "POST");
        assert_eq!(value["url"], "/v1/chat/completions");
        assert_eq!(value["body"]["messages"][1]["content"], "say \"a\"\nand b");
        assert_eq!(value["body"]["max_completion_tokens"], 100);
        assert_eq!(line.iter().filter(|byte| **byte == b'\n').count(), 1);
        assert_eq!(name_in(&line).as_deref(), Some("r1"));
    }
}
