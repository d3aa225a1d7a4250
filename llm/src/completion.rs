//! Reads a reply out of what servers call a chat completion.
//!
//! Lenient: each field that is absent, null or of another type than OpenAI's is as good as absent,
//! and only words that cannot be found make a reply unreadable.

use domain::{Ended, Usage};
use serde::Deserialize;
use serde_json::Value;

use crate::failure::Failure;

/// A chat completion as it came. Any JSON is one; what it holds is looked for afterwards.
#[derive(Clone, Debug, Deserialize)]
#[serde(from = "Value")]
pub(crate) struct Completion {
    choice: Option<Choice>,
    usage: Option<Usage>,
    raw: String,
}

#[derive(Clone, Debug)]
struct Choice {
    text: Option<String>,
    refusal: Option<String>,
    finish: String,
}

/// What was said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Said {
    pub(crate) text: String,
    pub(crate) ended: Ended,
    /// As the server counts it; `None` where it counts nothing.
    pub(crate) usage: Option<Usage>,
}

impl From<Value> for Completion {
    fn from(value: Value) -> Self {
        let choice = value.pointer("/choices/0").map(|choice| Choice {
            text: words(choice),
            refusal: choice
                .pointer("/message/refusal")
                .and_then(Value::as_str)
                .filter(|refusal| !refusal.trim().is_empty())
                .map(str::to_owned),
            finish: choice
                .get("finish_reason")
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_lowercase(),
        });
        Self {
            choice,
            usage: value.get("usage").and_then(usage),
            raw: value.to_string().chars().take(4_000).collect(),
        }
    }
}

impl Completion {
    /// Finds the words, and how they ended.
    pub(crate) fn said(self) -> Result<Said, Failure> {
        let Some(choice) = self.choice else {
            return Err(Failure::Garbled {
                why: "it holds no choice of words".to_owned(),
                raw: self.raw,
            });
        };
        if let Some(refusal) = choice.refusal {
            return Err(Failure::Refused { why: refusal });
        }
        let ended = match choice.finish.as_str() {
            "content_filter" | "refusal" | "safety" | "recitation" | "sensitive" => {
                let why = format!("its filter stopped the reply ({})", choice.finish);
                return Err(Failure::Refused { why });
            }
            "length" | "max_tokens" | "model_length" | "abort" => Ended::Cut,
            // Unknown and empty reasons are many, and each of them is said of a whole reply.
            _ => Ended::Whole,
        };
        let text = choice.text.map(without_thoughts).unwrap_or_default();
        if text.trim().is_empty() && ended == Ended::Whole {
            return Err(Failure::Garbled {
                why: "it holds no words".to_owned(),
                raw: self.raw,
            });
        }
        Ok(Said {
            text,
            ended,
            usage: self.usage,
        })
    }
}

/// The words stand in one string, in a list of parts, or, in old servers, beside the message.
fn words(choice: &Value) -> Option<String> {
    let content = choice
        .pointer("/message/content")
        .filter(|content| !content.is_null());
    match content.or_else(|| choice.get("text"))? {
        Value::String(text) => Some(text.clone()),
        Value::Array(parts) => Some(parts.iter().filter_map(part).collect()),
        _ => None,
    }
}

/// Parts that are thoughts, pictures or calls hold no words of the reply.
fn part(part: &Value) -> Option<&str> {
    if let Value::String(text) = part {
        return Some(text);
    }
    let kind = part.get("type").and_then(Value::as_str).unwrap_or("text");
    matches!(kind, "text" | "output_text").then(|| part.get("text")?.as_str())?
}

/// Some servers leave what a model thought in front of what it says.
fn without_thoughts(text: String) -> String {
    let after = text
        .trim_start()
        .strip_prefix("<think>")
        .and_then(|rest| rest.split_once("</think>"))
        .map(|(_, said)| said.trim_start().to_owned());
    after.unwrap_or(text)
}

fn usage(value: &Value) -> Option<Usage> {
    let count = |names: [&str; 2]| names.iter().find_map(|name| number(value.get(name)?));
    Some(Usage {
        input_tokens: count(["prompt_tokens", "input_tokens"])?,
        output_tokens: count(["completion_tokens", "output_tokens"])?,
    })
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the cast saturates, and no bill has that many tokens"
)]
fn number(value: &Value) -> Option<u64> {
    let float = || value.as_f64().filter(|number| *number >= 0.0);
    value
        .as_u64()
        .or_else(|| float().map(|number| number as u64))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn said(value: Value) -> Result<Said, Failure> {
        Completion::from(value).said()
    }

    fn check(value: Value, text: &str, ended: Ended, tokens: Option<(u64, u64)>) {
        let shown = value.to_string();
        let said = said(value).unwrap_or_else(|failure| panic!("{shown}: {failure}"));
        let counted = said
            .usage
            .map(|usage| (usage.input_tokens, usage.output_tokens));
        assert_eq!(
            (said.text.as_str(), said.ended, counted),
            (text, ended, tokens),
            "{shown}"
        );
    }

    fn with(change: impl FnOnce(&mut Value)) -> Value {
        let mut value = json!({
            "id": "c1", "object": "chat.completion", "created": 1_700_000_000, "model": "m",
            "choices": [{"index": 0, "finish_reason": "stop",
                "message": {"role": "assistant", "content": "hi"}}],
            "usage": {"prompt_tokens": 3, "completion_tokens": 1, "total_tokens": 4},
        });
        change(&mut value);
        value
    }

    #[test]
    fn what_real_servers_get_wrong_is_read_all_the_same() {
        let changes: [(&str, Value); 8] = [
            ("/service_tier", json!("on_demand")),
            ("/created", json!(1_700_000_000.5)),
            ("/created", json!(1_700_000_000_000_u64)),
            ("/id", Value::Null),
            ("/object", Value::Null),
            ("/choices/0/message/role", json!("model")),
            ("/choices/0/finish_reason", json!("load")),
            ("/choices/0/finish_reason", json!("")),
        ];
        for (place, wrong) in changes {
            let value = with(|value| match value.pointer_mut(place) {
                Some(spot) => *spot = wrong,
                None => value[place.trim_start_matches('/')] = wrong,
            });
            check(value, "hi", Ended::Whole, Some((3, 1)));
        }
        let bare = json!({"choices": [{"message": {"content": "hi"}}]});
        check(bare, "hi", Ended::Whole, None);
    }

    #[test]
    fn words_in_parts_are_joined_and_thoughts_left_out() {
        let content =
            |content: Value| with(|value| value["choices"][0]["message"]["content"] = content);
        let parts = json!([
            {"type": "thinking", "thinking": [{"type": "text", "text": "hm"}]},
            {"type": "text", "text": "a"}, {"text": "b"}, "c",
        ]);
        check(content(parts), "abc", Ended::Whole, Some((3, 1)));
        check(
            content(json!("<think>hm</think>\n<none/>")),
            "<none/>",
            Ended::Whole,
            Some((3, 1)),
        );
        check(
            content(json!("<think>cut of")),
            "<think>cut of",
            Ended::Whole,
            Some((3, 1)),
        );
        let reasoned =
            with(|value| value["choices"][0]["message"]["reasoning_content"] = json!("hm"));
        check(reasoned, "hi", Ended::Whole, Some((3, 1)));
    }

    #[test]
    fn usage_is_counted_under_either_name_and_as_any_number() {
        let usage = |usage: Value| with(|value| value["usage"] = usage);
        let two = |input, output| Some((input, output));
        check(
            usage(json!({"input_tokens": 5, "output_tokens": 2.0})),
            "hi",
            Ended::Whole,
            two(5, 2),
        );
        check(
            usage(json!({"prompt_tokens": "5"})),
            "hi",
            Ended::Whole,
            None,
        );
        check(usage(Value::Null), "hi", Ended::Whole, None);
    }

    #[test]
    fn a_reply_that_ran_out_of_tokens_is_cut_even_without_words() {
        let cut = |reason: &str, content: Value| {
            with(|value| {
                value["choices"][0]["finish_reason"] = json!(reason);
                value["choices"][0]["message"]["content"] = content;
            })
        };
        check(
            cut("length", json!("<mem")),
            "<mem",
            Ended::Cut,
            Some((3, 1)),
        );
        check(cut("MAX_TOKENS", Value::Null), "", Ended::Cut, Some((3, 1)));
    }

    #[test]
    fn refusals_and_wordless_replies_are_told_apart() {
        let refused = |value: Value, says: &str| match said(value) {
            Err(Failure::Refused { why }) => assert!(why.contains(says), "{why}"),
            other => panic!("{other:?}"),
        };
        refused(
            with(|v| v["choices"][0]["finish_reason"] = json!("content_filter")),
            "content_filter",
        );
        refused(
            with(|v| v["choices"][0]["message"] = json!({"refusal": "I cannot"})),
            "I cannot",
        );
        let garbled = |value: Value, says: &str| match said(value) {
            Err(Failure::Garbled { why, .. }) => assert!(why.contains(says), "{why}"),
            other => panic!("{other:?}"),
        };
        garbled(with(|v| v["choices"] = json!([])), "no choice");
        garbled(with(|v| v["choices"] = Value::Null), "no choice");
        garbled(json!("hi"), "no choice");
        garbled(
            with(|v| v["choices"][0]["message"]["content"] = json!(" ")),
            "no words",
        );
    }
}
