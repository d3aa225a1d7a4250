//! Reads what a server complains of, in whatever shape it says so.
//!
//! Never fails: a complaint that nobody understands is its own first words.

use serde_json::Value;

/// What a server says is wrong.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Complaint {
    /// In words.
    pub(crate) message: String,
    /// Its short names for it: code, type, the inner code, all lowercase.
    pub(crate) names: Vec<String>,
    /// The part of the request that it is about.
    pub(crate) part: String,
    /// A number that it gives as its code, where the status of HTTP says nothing.
    pub(crate) number: Option<u16>,
}

/// Reads the body of an answer that is no reply.
pub(crate) fn read(body: &[u8]) -> Complaint {
    if let Ok(value) = serde_json::from_slice::<Value>(body) {
        return of(&value);
    }
    let text = String::from_utf8_lossy(&body[..body.len().min(2_000)]);
    let message = match is_page(&text) {
        true => page(&text),
        false => text.trim().to_owned(),
    };
    Complaint {
        message,
        ..Complaint::default()
    }
}

/// Reads a complaint out of JSON: OpenAI's `error` object, vLLM's with a number for its code,
/// flat ones, FastAPI's `detail`, and Google's in a list.
pub(crate) fn of(value: &Value) -> Complaint {
    let value = value
        .as_array()
        .and_then(|list| list.first())
        .unwrap_or(value);
    let inner = value.get("error").filter(|error| !error.is_null());
    let about = inner.unwrap_or(value);
    let mut names: Vec<String> = ["code", "type", "status", "reason"]
        .iter()
        .filter_map(|key| about.get(key))
        .chain(about.pointer("/innererror/code"))
        .chain(about.pointer("/details/0/reason"))
        .filter_map(Value::as_str)
        .map(str::to_lowercase)
        .collect();
    if about.pointer("/metadata/reasons").is_some() {
        names.push("moderation".to_owned());
    }
    Complaint {
        message: message(about, value),
        names,
        part: text(about.get("param")).unwrap_or_default(),
        number: about
            .get("code")
            .and_then(Value::as_u64)
            .and_then(|code| u16::try_from(code).ok()),
    }
}

fn message(about: &Value, whole: &Value) -> String {
    let keys = ["message", "msg", "detail", "error_description", "error"];
    let found = keys.iter().find_map(|key| text(about.get(key)));
    found
        .or_else(|| text(Some(about)))
        .or_else(|| text(whole.get("message")))
        .unwrap_or_else(|| about.to_string())
}

/// What a value says in words: itself, or each of a list's entries.
fn text(value: Option<&Value>) -> Option<String> {
    match value? {
        Value::String(text) => Some(text.clone()),
        Value::Array(list) => {
            let says = |entry: &Value| match entry {
                Value::String(text) => Some(text.clone()),
                entry => {
                    let place = entry.get("loc").map(Value::to_string).unwrap_or_default();
                    let words = entry.get("msg").or(entry.get("message"))?.as_str()?;
                    Some(format!("{place} {words}").trim().to_owned())
                }
            };
            let all: Vec<String> = list.iter().filter_map(says).collect();
            (!all.is_empty()).then(|| all.join("; "))
        }
        _ => None,
    }
}

/// Says whether this is a page for a browser.
pub(crate) fn is_page(text: &str) -> bool {
    let begin: String = text.trim_start().chars().take(14).collect();
    let begin = begin.to_lowercase();
    begin.starts_with("<!doctype") || begin.starts_with("<html") || begin.starts_with("<head")
}

fn page(text: &str) -> String {
    let title = text
        .split_once("<title>")
        .and_then(|(_, rest)| rest.split_once("</title>"))
        .map(|(title, _)| title.trim());
    match title {
        Some(title) if !title.is_empty() => format!("a page for browsers, {title:?}"),
        _ => "a page for browsers".to_owned(),
    }
}

impl Complaint {
    /// Says whether one of these is among its short names.
    pub(crate) fn is(&self, names: &[&str]) -> bool {
        self.names.iter().any(|name| names.contains(&name.as_str()))
    }

    /// Says whether its words hold one of these, whatever their case.
    pub(crate) fn says(&self, words: &[&str]) -> bool {
        let message = self.message.to_lowercase();
        words.iter().any(|word| message.contains(word))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(body: &str, message: &str, names: &[&str], number: Option<u16>) {
        let complaint = read(body.as_bytes());
        assert_eq!(complaint.message, message, "{body}");
        assert_eq!(complaint.names, names, "{body}");
        assert_eq!(complaint.number, number, "{body}");
    }

    #[test]
    fn every_known_shape_is_read() {
        check(
            r#"{"error":{"message":"slow down","type":"requests","param":null,"code":"rate_limit_exceeded"}}"#,
            "slow down",
            &["rate_limit_exceeded", "requests"],
            None,
        );
        check(
            r#"{"error":{"message":"busy","type":"TooManyRequests","param":null,"code":429}}"#,
            "busy",
            &["toomanyrequests"],
            Some(429),
        );
        check(
            r#"{"object":"error","message":"no such model","type":"NotFoundError","code":404}"#,
            "no such model",
            &["notfounderror"],
            Some(404),
        );
        check(
            r#"{"error":"model 'x' not found"}"#,
            "model 'x' not found",
            &[],
            None,
        );
        check(r#"{"detail":"Not Found"}"#, "Not Found", &[], None);
        check(
            r#"{"detail":[{"loc":["body","store"],"msg":"Extra inputs are not permitted"}]}"#,
            r#"["body","store"] Extra inputs are not permitted"#,
            &[],
            None,
        );
        check(
            r#"[{"error":{"code":400,"message":"API key not valid.","status":"INVALID_ARGUMENT"}}]"#,
            "API key not valid.",
            &["invalid_argument"],
            Some(400),
        );
        check(
            r#"{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}"#,
            "Overloaded",
            &["overloaded_error"],
            None,
        );
        check(
            "<html><head><title>503 Service Unavailable</title></head></html>",
            "a page for browsers, \"503 Service Unavailable\"",
            &[],
            None,
        );
        check(" upstream gone \n", "upstream gone", &[], None);
        check("", "", &[], None);
        check("{}", "{}", &[], None);
    }
}
