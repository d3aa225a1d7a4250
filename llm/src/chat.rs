//! A model behind HTTP that speaks as OpenAI's chat completions do.
//!
//! Sends words and key to the one address that was chosen, and keeps nothing of either.

use std::sync::{Arc, Mutex, PoisonError};

use async_openai::Client;
use async_openai::error::OpenAIError;
use async_trait::async_trait;
use domain::words::estimate_tokens;
use domain::{Ask, Model, ModelError, Reply, Request, Usage};
use secrecy::SecretString;
use tokio::sync::Semaphore;
use tokio::time::Instant;
use tracing::info;

use crate::address::{Address, Way};
use crate::body::{self, Habits};
use crate::completion::{Completion, Said};
use crate::destination::Destination;
use crate::failure::{Failure, Part};
use crate::key::{self, Keys};
use crate::settings::{KeyFrom, Provider, Settings, Surroundings};
use crate::setup::{self, SetupError};
use crate::tries::Tries;
use crate::wire::Once;
use crate::{address, client, traces};

/// A model behind HTTP.
struct Chat {
    settings: Settings,
    address: Address,
    keys: Keys,
    client: reqwest::Client,
    seats: Semaphore,
    habits: Mutex<Habits>,
    around: Surroundings,
}

/// Opens a model: checks everything that can be checked without asking it.
pub fn open(settings: Settings, around: Surroundings) -> Result<Box<dyn Model>, SetupError> {
    check(&settings)?;
    let address = address::of(&settings.provider, &settings.base_url)?;
    let public = !matches!(settings.provider, Provider::Ollama | Provider::Compatible);
    if public && address.way == Way::Open {
        return Err(SetupError::OpenWay {
            provider: settings.provider.name(),
        });
    }
    let keys = key::find(
        &settings.provider,
        &settings.key,
        settings.patience.key,
        around.variable,
    )?;
    Ok(Box::new(Chat {
        client: client::build(&address, &settings.patience, around.variable)?,
        seats: Semaphore::new(settings.concurrency),
        habits: Mutex::new(Habits::of(&settings.provider)),
        settings,
        address,
        keys,
        around,
    }))
}

fn check(settings: &Settings) -> Result<(), SetupError> {
    if settings.model.trim().is_empty() {
        return Err(SetupError::NoModel {
            provider: settings.provider.name(),
        });
    }
    let temperature = settings.temperature;
    setup::within("llm.temperature", temperature, 0.0, 2.0, "from 0 to 2")?;
    setup::within(
        "llm.concurrency",
        settings.concurrency,
        1,
        64,
        "from 1 to 64",
    )?;
    let tries = settings.patience.tries;
    setup::within("llm.tries", tries, 1, 20, "from 1 to 20")?;
    let whole = settings.patience.whole;
    setup::fits("llm.connect_seconds", settings.patience.connect, whole)?;
    setup::fits("llm.answer_seconds", settings.patience.answer, whole)
}

#[async_trait]
impl Model for Chat {
    fn name(&self) -> &str {
        &self.settings.model
    }

    fn host(&self) -> Option<&str> {
        if self.settings.provider != Provider::Ollama || self.address.way != Way::Inside {
            // A server on this machine may be a gateway to somewhere else; only of Ollama it is
            // known that it is none.
            return Some(&self.address.host);
        }
        // Except for these: Ollama hands them on to its own servers.
        let model = self.settings.model.as_str();
        let elsewhere = model.ends_with("-cloud") || model.ends_with(":cloud");
        elsewhere.then_some("ollama.com")
    }

    fn keeps_schema(&self) -> bool {
        self.promises_schema() && self.habits().keeps_schema()
    }

    fn window(&self) -> usize {
        let usual = || self.settings.provider.usual_window();
        self.settings.window.unwrap_or_else(usual)
    }

    async fn ask(&self, ask: &Ask) -> Result<Reply, ModelError> {
        // Before the deadline begins: waiting for a seat is not the server's fault.
        let _seat = self
            .seats
            .acquire()
            .await
            .expect("the seats are never closed");
        let mut key = None;
        match self.answer(ask, &mut key).await {
            Ok(said) => Ok(self.reply(&ask.request, said, key.as_ref())),
            Err(failure) => Err(self.told(failure, key.as_ref())),
        }
    }
}

impl Chat {
    /// Asks until there is an answer; `key` is left with the key that was sent last.
    async fn answer(&self, ask: &Ask, key: &mut Option<SecretString>) -> Result<Said, Failure> {
        let until = Instant::now() + self.settings.patience.whole;
        let mut renewed = false;
        *key = self.keys.get().await?;
        loop {
            let habits = self.habits();
            match self.send(ask, habits, key.as_ref(), until).await {
                Err(Failure::Unable { part, why }) => self.learn(habits, part, why)?,
                Err(Failure::KeyRefused { .. })
                    if !renewed && self.keys.renew(key.as_ref()).await =>
                {
                    renewed = true;
                    *key = self.keys.get().await.map_err(Failure::after_a_try)?;
                }
                other => return other,
            }
        }
    }

    async fn send(
        &self,
        ask: &Ask,
        habits: Habits,
        key: Option<&SecretString>,
        until: Instant,
    ) -> Result<Said, Failure> {
        let schema = match self.promises_schema() {
            true => body::schema(&ask.request)?,
            false => None,
        };
        let body = body::write(&self.settings, habits, &ask.request, schema.as_deref());
        let destination = Destination::new(&self.address, &self.settings.provider, key)?;
        let tries = Tries {
            once: Once::new(self.client.clone()),
            patience: self.settings.patience.clone(),
            until,
            ask: ask.id.as_str().to_owned(),
            host: self.address.host.clone(),
            clock: Arc::clone(&self.around.clock),
        };
        let completion: Completion = Client::build(self.client.clone(), destination)
            .with_http_service(tries)
            .chat()
            .create_byot(body)
            .await
            .map_err(failure)?;
        completion.said()
    }

    /// Remembers that the server does not know a part, or says that nothing is left to give up.
    fn learn(&self, sent: Habits, part: Part, why: String) -> Result<(), Failure> {
        let mut habits = self.habits.lock().unwrap_or_else(PoisonError::into_inner);
        if *habits != sent {
            // Somebody has learned meanwhile; with that it may go.
            return Ok(());
        }
        let Some(new) = sent.without(part) else {
            return Err(Failure::Refused { why });
        };
        info!(host = %self.address.host, ?part, "{} does not know a part of requests; it is left out from now on", self.address.host);
        *habits = new;
        Ok(())
    }

    fn habits(&self) -> Habits {
        *self.habits.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn promises_schema(&self) -> bool {
        let usual = || self.settings.provider.usually_keeps_schema();
        self.settings.keeps_schema.unwrap_or_else(usual)
    }

    fn reply(&self, request: &Request, said: Said, key: Option<&SecretString>) -> Reply {
        // A server that counts nothing still costs: what it cost is estimated.
        let usage = said.usage.unwrap_or_else(|| estimated(request, &said.text));
        Reply {
            text: traces::hide_in_reply(said.text, key),
            ended: said.ended,
            at: self.around.clock.now(),
            usage,
        }
    }

    /// Turns a failure into what the house is told: clean, and with what to do.
    fn told(&self, failure: Failure, key: Option<&SecretString>) -> ModelError {
        let advice = self.key_advice();
        failure.told(&self.address.host, key, advice, self.around.redact)
    }

    fn key_advice(&self) -> &'static str {
        match self.settings.key {
            KeyFrom::Nowhere => {
                "It wants a key: name the variable that holds it in llm.api_key_env, or the command that prints it in llm.api_key_command"
            }
            KeyFrom::Variable(_) => "Look at the key in the variable that llm.api_key_env names",
            KeyFrom::Command(_) => "Look at the key that the command in llm.api_key_command prints",
        }
    }
}

fn estimated(request: &Request, text: &str) -> Usage {
    let count = |text: &str| u64::try_from(estimate_tokens(text)).unwrap_or(u64::MAX);
    Usage {
        input_tokens: count(&request.system) + count(&request.user),
        output_tokens: count(text),
    }
}

/// Finds our own failure in what async-openai hands back.
fn failure(error: OpenAIError) -> Failure {
    let why = match error {
        OpenAIError::Boxed(inner) => match inner.downcast::<Failure>() {
            Ok(failure) => return *failure,
            Err(_) => "an error of another's making",
        },
        // The judge lets only JSON through, and any JSON is a completion.
        OpenAIError::JSONDeserialize(..) => "the answer is no JSON",
        _ => "the request could not be made",
    };
    Failure::Garbled {
        why: why.to_owned(),
        raw: String::new(),
    }
}
