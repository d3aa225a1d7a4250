//! Writes a request as OpenAI's chat completions want it, with what a server does not know left out.
//!
//! Adds no words to what is asked, and sends none to anybody.

use std::borrow::Cow;

use domain::Request;
use serde::Serialize;
use serde_json::value::RawValue;

use crate::failure::{Failure, Part};
use crate::settings::{Provider, Settings};

/// What a server turned out to know, learned from what it refused and kept for the process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Habits {
    temperature: Known,
    limit: Limit,
    limit_swapped: Known,
    shape: Known,
    system: Known,
    store: Known,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Known {
    Yes,
    No,
}

/// By which name the limit of tokens goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Limit {
    MaxTokens,
    MaxCompletionTokens,
}

#[derive(Debug, Serialize)]
pub(crate) struct Body<'a> {
    model: &'a str,
    messages: Vec<Message<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    temperature: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_tokens: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_completion_tokens: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    response_format: Option<Shape<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    store: Option<bool>,
    stream: bool,
}

#[derive(Debug, Serialize)]
struct Message<'a> {
    role: &'static str,
    content: Cow<'a, str>,
}

#[derive(Debug, Serialize)]
struct Shape<'a> {
    r#type: &'static str,
    json_schema: Schema<'a>,
}

#[derive(Debug, Serialize)]
struct Schema<'a> {
    name: &'a str,
    strict: bool,
    schema: &'a RawValue,
}

impl Habits {
    /// Returns what a provider's servers are known to know.
    pub(crate) fn of(provider: &Provider) -> Self {
        let openai = matches!(provider, Provider::OpenAi | Provider::Azure(_));
        Self {
            temperature: Known::Yes,
            // OpenAI's newer models refuse the old name; most others know it alone, or both.
            limit: match openai {
                true => Limit::MaxCompletionTokens,
                false => Limit::MaxTokens,
            },
            limit_swapped: Known::No,
            shape: Known::Yes,
            system: Known::Yes,
            // OpenAI keeps completions of newer accounts unless told not to.
            store: match provider {
                Provider::OpenAi => Known::Yes,
                _ => Known::No,
            },
        }
    }

    /// Returns the habits without this part, or `None` if nothing is left to give up.
    pub(crate) fn without(self, part: Part) -> Option<Self> {
        let mut new = self;
        match part {
            Part::Temperature => new.temperature = Known::No,
            Part::Shape => new.shape = Known::No,
            Part::SystemRole => new.system = Known::No,
            Part::Store => new.store = Known::No,
            Part::TokenLimit if self.limit_swapped == Known::Yes => return None,
            Part::TokenLimit => {
                new.limit_swapped = Known::Yes;
                new.limit = match self.limit {
                    Limit::MaxTokens => Limit::MaxCompletionTokens,
                    Limit::MaxCompletionTokens => Limit::MaxTokens,
                };
            }
        }
        (new != self).then_some(new)
    }

    /// Says whether it holds replies to a schema, as far as is known.
    pub(crate) fn keeps_schema(self) -> bool {
        self.shape == Known::Yes
    }
}

/// Parses a request's schema, which `write` borrows.
pub(crate) fn schema(request: &Request) -> Result<Option<Box<RawValue>>, Failure> {
    let Some(schema) = &request.schema else {
        return Ok(None);
    };
    let raw = RawValue::from_string(schema.json.clone());
    raw.map(Some).map_err(|error| Failure::Refused {
        why: format!("the schema {} is not JSON: {error}", schema.name),
    })
}

/// Writes a request; `schema` is its schema where the model keeps one.
pub(crate) fn write<'a>(
    settings: &'a Settings,
    habits: Habits,
    request: &'a Request,
    schema: Option<&'a RawValue>,
) -> Body<'a> {
    let most = settings.max_output_tokens.unwrap_or(u32::MAX);
    let limit = request.max_output_tokens.min(most);
    let name = request
        .schema
        .as_ref()
        .map_or("reply", |schema| &schema.name);
    let shape = schema
        .filter(|_| habits.keeps_schema())
        .map(|schema| Shape {
            r#type: "json_schema",
            json_schema: Schema {
                name,
                strict: true,
                schema,
            },
        });
    Body {
        model: &settings.model,
        messages: messages(habits, request),
        temperature: (habits.temperature == Known::Yes).then_some(settings.temperature),
        max_tokens: (habits.limit == Limit::MaxTokens).then_some(limit),
        max_completion_tokens: (habits.limit == Limit::MaxCompletionTokens).then_some(limit),
        response_format: shape,
        store: (habits.store == Known::Yes).then_some(false),
        stream: false,
    }
}

fn messages(habits: Habits, request: &Request) -> Vec<Message<'_>> {
    let (system, user) = (request.system.as_str(), request.user.as_str());
    if system.is_empty() {
        return vec![message("user", user.into())];
    }
    if habits.system == Known::No {
        return vec![message("user", format!("{system}\n\n{user}").into())];
    }
    vec![
        message("system", system.into()),
        message("user", user.into()),
    ]
}

fn message<'a>(role: &'static str, content: Cow<'a, str>) -> Message<'a> {
    Message { role, content }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::{Azure, KeyFrom};
    use domain::Schema as Asked;
    use serde_json::{Value, json};

    fn request() -> Request {
        Request {
            system: "Find lessons.".to_owned(),
            user: "t1: hello".to_owned(),
            schema: Some(Asked {
                name: "lessons".to_owned(),
                json: r#"{"type": "object"}"#.to_owned(),
            }),
            max_output_tokens: 900,
        }
    }

    fn written(provider: Provider, without: &[Part]) -> Value {
        let habits = without.iter().fold(Habits::of(&provider), |habits, part| {
            habits.without(*part).expect("something is left to give up")
        });
        let mut settings = Settings::usual(provider, "m", KeyFrom::Nowhere);
        settings.max_output_tokens = Some(800);
        let request = request();
        let schema = schema(&request).expect("it is JSON");
        let body = write(&settings, habits, &request, schema.as_deref());
        serde_json::to_value(body).expect("it can be written")
    }

    #[test]
    fn a_request_says_just_this() {
        assert_eq!(
            written(Provider::OpenAi, &[]),
            json!({
                "model": "m",
                "messages": [
                    {"role": "system", "content": "Find lessons."},
                    {"role": "user", "content": "t1: hello"},
                ],
                "temperature": 0.0,
                "max_completion_tokens": 800,
                "response_format": {
                    "type": "json_schema",
                    "json_schema": {"name": "lessons", "strict": true, "schema": {"type": "object"}},
                },
                "store": false,
                "stream": false,
            })
        );
    }

    #[test]
    fn what_a_server_does_not_know_is_left_out() {
        let parts = [
            Part::Temperature,
            Part::Shape,
            Part::SystemRole,
            Part::Store,
            Part::TokenLimit,
        ];
        assert_eq!(
            written(Provider::OpenAi, &parts),
            json!({
                "model": "m",
                "messages": [{"role": "user", "content": "Find lessons.\n\nt1: hello"}],
                "max_tokens": 800,
                "stream": false,
            })
        );
    }

    #[test]
    fn nothing_is_given_up_twice() {
        let habits = Habits::of(&Provider::Compatible);
        assert_eq!(habits.without(Part::Store), None);
        let swapped = habits
            .without(Part::TokenLimit)
            .expect("there are two names");
        assert_eq!(swapped.without(Part::TokenLimit), None);
        let bare = swapped.without(Part::Temperature).expect("it was sent");
        assert_eq!(bare.without(Part::Temperature), None);
    }

    #[test]
    fn only_openai_is_told_to_store_nothing() {
        for provider in [
            Provider::Compatible,
            Provider::Ollama,
            Provider::Azure(Azure::V1),
        ] {
            assert_eq!(written(provider, &[]).get("store"), None);
        }
    }
}
