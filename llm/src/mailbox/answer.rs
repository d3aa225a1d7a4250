//! Reads one line of replies: the Batch API's output, or the short form that people write.
//!
//! Tolerant of what does not matter; what cannot be read says why.

use domain::{Ended, Usage};
use serde_json::Value;

use crate::completion::Completion;
use crate::failure::Failure;

/// A line that names a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) custom_id: String,
    pub(crate) said: Said,
}

/// What was said to a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Said {
    /// A reply.
    Words {
        text: String,
        ended: Ended,
        usage: Usage,
    },
    /// That this request is not answered, however often it is asked.
    Refused(String),
    /// That it was not worked on, or something broke: it may be asked again.
    Broken(String),
    /// Something, and no words could be found in it.
    Garbled { why: String, raw: String },
}

impl Said {
    /// Returns whether it settles the matter for as long as nothing better comes.
    pub(crate) fn is_words(&self) -> bool {
        matches!(self, Self::Words { .. })
    }
}

/// Reads a line, or says what is wrong with it.
pub(crate) fn read(line: &[u8]) -> Result<Answer, String> {
    let value: Value = serde_json::from_slice(line).map_err(|error| error.to_string())?;
    let name = value
        .get("custom_id")
        .and_then(Value::as_str)
        .map(str::trim)
        .unwrap_or_default();
    if name.is_empty() {
        return Err("it has no custom_id".to_owned());
    }
    Ok(Answer {
        custom_id: name.to_owned(),
        said: said(&value)?,
    })
}

/// Takes words that a person wrote into a file of their own. An empty file was only just made.
pub(crate) fn plain(text: &str) -> Option<Said> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text).trim();
    (!text.is_empty()).then(|| words(text.to_owned()))
}

fn said(line: &Value) -> Result<Said, String> {
    if let Some(text) = ["text", "reply", "answer"]
        .iter()
        .find_map(|key| line.get(key)?.as_str())
    {
        return Ok(words(text.to_owned()));
    }
    if let Some(error) = line.get("error").filter(|error| !error.is_null()) {
        return Ok(complaint(None, error));
    }
    let Some(response) = line.get("response").filter(|response| !response.is_null()) else {
        // Some write the body where the response belongs.
        return match line
            .get("body")
            .or_else(|| line.get("choices").map(|_| line))
        {
            Some(body) => Ok(of_body(body)),
            None => Err("it has neither a response nor a text".to_owned()),
        };
    };
    let status = response
        .get("status_code")
        .and_then(Value::as_u64)
        .unwrap_or(200);
    let body = response.get("body").unwrap_or(response);
    match status {
        200..=299 => Ok(of_body(body)),
        _ => Ok(complaint(Some(status), body)),
    }
}

fn words(text: String) -> Said {
    Said::Words {
        text,
        ended: Ended::Whole,
        usage: Usage::default(),
    }
}

fn of_body(body: &Value) -> Said {
    if let Some(error) = body.get("error").filter(|error| !error.is_null()) {
        return complaint(None, error);
    }
    match Completion::from(body.clone()).said() {
        Ok(said) => Said::Words {
            text: said.text,
            ended: said.ended,
            usage: said.usage.unwrap_or_default(),
        },
        Err(Failure::Refused { why }) => Said::Refused(why),
        Err(Failure::Garbled { why, raw }) => Said::Garbled { why, raw },
        Err(other) => Said::Broken(other.to_string()),
    }
}

fn complaint(status: Option<u64>, value: &Value) -> Said {
    let complaint = crate::complaint::of(value);
    let about = match status {
        Some(status) => format!("status {status}: {}", complaint.message),
        None => complaint.message,
    };
    match status.or(complaint.number.map(u64::from)) {
        // What is wrong with the request stays wrong with it; everything else may pass.
        Some(400 | 413 | 422) => Said::Refused(about),
        _ => Said::Broken(about),
    }
}
