//! The five calls of the Batch API, each made once.
//!
//! async-openai has them too, but holds a whole file of replies in memory and repeats the call that
//! makes a batch; its addresses and headers are used all the same. Keeps no state.

use std::fs::File;
use std::io::Write;
use std::path::Path;

use async_openai::config::Config;
use domain::{ModelError, Sent};
use reqwest::{Client, Method, RequestBuilder, Response, Url};
use secrecy::SecretString;
use serde_json::{Value, json};

use crate::address::{self, Address, Way};
use crate::destination::Destination;
use crate::failure::Failure;
use crate::judge::{Verdict, judge};
use crate::key::{self, Keys};
use crate::settings::{Azure, Patience, Provider, Settings, Surroundings};
use crate::setup::SetupError;
use crate::{client, mailbox, wire};

/// A host with a Batch API.
pub(super) struct Api {
    provider: Provider,
    address: Address,
    keys: Keys,
    client: Client,
    patience: Patience,
    around: Surroundings,
}

/// A batch as the host tells of it.
#[derive(Clone, Debug)]
pub(super) struct Remote(Value);

/// So many pages of a hundred batches are looked through for one of ours.
const PAGES: usize = 10;

impl Api {
    pub(super) fn open(settings: &Settings, around: Surroundings) -> Result<Self, SetupError> {
        let provider = settings.provider.clone();
        let unable = matches!(
            provider,
            Provider::Anthropic | Provider::Ollama | Provider::Azure(Azure::Classic { .. })
        );
        if unable {
            return Err(SetupError::NoBatches {
                provider: provider.name(),
            });
        }
        let address = address::of(&provider, &settings.base_url)?;
        if provider != Provider::Compatible && address.way == Way::Open {
            return Err(SetupError::OpenWay {
                provider: provider.name(),
            });
        }
        let keys = key::find(
            &provider,
            &settings.key,
            settings.patience.key,
            around.variable,
        )?;
        Ok(Self {
            client: client::build(&address, &settings.patience, around.variable)?,
            provider,
            address,
            keys,
            patience: settings.patience.clone(),
            around,
        })
    }

    pub(super) fn host(&self) -> &str {
        &self.address.host
    }

    /// The path under which each request is answered, as the host wants it written.
    pub(super) fn endpoint(&self) -> &'static str {
        match self.provider {
            Provider::Azure(_) => "/chat/completions",
            _ => "/v1/chat/completions",
        }
    }

    /// Hands in a file of requests and returns the host's name for it.
    pub(super) async fn upload(&self, name: &str, lines: &[u8]) -> Result<String, ModelError> {
        // JSON holds no carriage return but an escaped one, so no line can be the boundary.
        let boundary = format!("dormouse-{name}");
        let mut body = format!(
            "--{boundary}\r\ncontent-disposition: form-data; name=\"purpose\"\r\n\r\nbatch\r\n\
             --{boundary}\r\ncontent-disposition: form-data; name=\"file\"; \
             filename=\"dormouse-{name}.jsonl\"\r\ncontent-type: application/jsonl\r\n\r\n"
        )
        .into_bytes();
        body.extend_from_slice(lines);
        body.extend_from_slice(format!("\r\n--{boundary}--\r\n").as_bytes());
        let kind = format!("multipart/form-data; boundary={boundary}");
        let file = self
            .json(Method::POST, "/files", &[], |call| {
                call.header("content-type", kind).body(body)
            })
            .await?;
        self.id(&file)
    }

    /// Makes a batch of a file and returns the host's name for it.
    pub(super) async fn create(&self, name: &str, file: &str) -> Result<String, ModelError> {
        let body = json!({
            "input_file_id": file,
            "endpoint": self.endpoint(),
            "completion_window": "24h",
            "metadata": {"dormouse": name},
        });
        let batch = self
            .json(Method::POST, "/batches", &[], |call| call.json(&body))
            .await?;
        self.id(&batch)
    }

    /// Looks for a batch by our name for it.
    pub(super) async fn find(&self, name: &str) -> Result<Option<String>, ModelError> {
        let mut after = String::new();
        for _ in 0..PAGES {
            let mut query = vec![("limit", "100".to_owned())];
            if !after.is_empty() {
                query.push(("after", after.clone()));
            }
            let page = self
                .json(Method::GET, "/batches", &query, |call| call)
                .await?;
            let Some(list) = page.get("data").and_then(Value::as_array) else {
                return Err(self.garbled("it lists no batches", &page));
            };
            let ours = |batch: &&Value| {
                batch.pointer("/metadata/dormouse").and_then(Value::as_str) == Some(name)
            };
            if let Some(batch) = list.iter().find(ours) {
                return self.id(batch).map(Some);
            }
            let last = list.last().and_then(|batch| batch.get("id")?.as_str());
            match (last, page.get("has_more").and_then(Value::as_bool)) {
                (Some(last), Some(true)) => last.clone_into(&mut after),
                _ => return Ok(None),
            }
        }
        Ok(None)
    }

    pub(super) async fn batch(&self, id: &str) -> Result<Remote, ModelError> {
        let path = format!("/batches/{}", segment(id));
        self.json(Method::GET, &path, &[], |call| call)
            .await
            .map(Remote)
    }

    /// Writes a file of the host's beside the mailbox, piece by piece.
    pub(super) async fn download(
        &self,
        file: &str,
        to: &Path,
        most: u64,
    ) -> Result<(), ModelError> {
        let key = self
            .keys
            .get()
            .await
            .map_err(|failure| self.told(failure, None))?;
        let path = format!("/files/{}/content", segment(file));
        let call = self.call(Method::GET, &path, &[], key.as_ref())?;
        let told = |broken| self.told_of(judge(Err(broken), self.around.clock.now()), key.as_ref());
        let mut response = call
            .send()
            .await
            .map_err(|error| told(wire::broken(error)))?;
        if !response.status().is_success() {
            return Err(self.refused(response, key.as_ref()).await);
        }
        mailbox::remove_file(to).map_err(|error| self.unwritten(&error))?;
        let mut out = File::create_new(to).map_err(|error| self.unwritten(&error))?;
        let mut read = 0;
        while let Some(piece) = response
            .chunk()
            .await
            .map_err(|error| told(wire::broken(error)))?
        {
            read += piece.len() as u64;
            if read > most {
                return Err(self.garbled("its replies are longer than any", &Value::Null));
            }
            out.write_all(&piece)
                .map_err(|error| self.unwritten(&error))?;
        }
        Ok(())
    }

    async fn json(
        &self,
        method: Method,
        path: &str,
        query: &[(&str, String)],
        fill: impl FnOnce(RequestBuilder) -> RequestBuilder,
    ) -> Result<Value, ModelError> {
        let key = self
            .keys
            .get()
            .await
            .map_err(|failure| self.told(failure, None))?;
        let call = fill(self.call(method, path, query, key.as_ref())?);
        let exchange = match call.send().await {
            Ok(response) => wire::read(response).await,
            Err(error) => Err(wire::broken(error)),
        };
        match judge(exchange, self.around.clock.now()) {
            Verdict::Answer(body) => serde_json::from_slice(&body)
                .map_err(|_| self.garbled("it is no JSON", &Value::Null)),
            verdict => Err(self.told_of(verdict, key.as_ref())),
        }
    }

    fn call(
        &self,
        method: Method,
        path: &str,
        query: &[(&str, String)],
        key: Option<&SecretString>,
    ) -> Result<RequestBuilder, ModelError> {
        let destination = Destination::new(&self.address, &self.provider, key)
            .map_err(|failure| self.told(failure, key))?;
        let mut url = Url::parse(&destination.url(path))
            .map_err(|error| self.garbled(&error.to_string(), &Value::Null))?;
        let own = destination.query();
        let all = query
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .chain(own);
        all.for_each(|(name, value)| {
            url.query_pairs_mut().append_pair(name, value);
        });
        let call = self
            .client
            .request(method, url)
            .headers(destination.headers());
        Ok(call.timeout(self.patience.whole))
    }

    async fn refused(&self, response: Response, key: Option<&SecretString>) -> ModelError {
        let verdict = judge(wire::read(response).await, self.around.clock.now());
        self.told_of(verdict, key)
    }

    fn id(&self, value: &Value) -> Result<String, ModelError> {
        let id = value
            .get("id")
            .and_then(Value::as_str)
            .filter(|id| !id.is_empty());
        id.map(str::to_owned)
            .ok_or_else(|| self.garbled("it has no id", value))
    }

    fn garbled(&self, why: &str, value: &Value) -> ModelError {
        let failure = Failure::Garbled {
            why: why.to_owned(),
            raw: value.to_string(),
        };
        self.told(failure, None)
    }

    fn unwritten(&self, error: &std::io::Error) -> ModelError {
        let why = format!("its replies cannot be written down: {error}");
        self.told(
            Failure::Down {
                why,
                again: None,
                sent: Sent::Heard,
            },
            None,
        )
    }

    fn told_of(&self, verdict: Verdict, key: Option<&SecretString>) -> ModelError {
        self.told(
            match verdict {
                Verdict::Again { why, asked, loss } => Failure::Down {
                    why,
                    again: asked,
                    sent: loss.sent(),
                },
                Verdict::End(failure) => failure,
                Verdict::Answer(body) => Failure::Garbled {
                    why: "an answer came where none was expected".to_owned(),
                    raw: String::from_utf8_lossy(&body).into_owned(),
                },
            },
            key,
        )
    }

    fn told(&self, failure: Failure, key: Option<&SecretString>) -> ModelError {
        let advice = "Look at llm.api_key_env or llm.api_key_command";
        failure.told(&self.address.host, key, advice, self.around.redact)
    }
}

impl Remote {
    /// Whether nothing more comes of it.
    pub(super) fn is_over(&self) -> bool {
        matches!(
            self.word("/status"),
            Some("completed" | "failed" | "expired" | "cancelled")
        )
    }

    /// The files of replies and of errors, as far as there are any.
    pub(super) fn files(&self) -> impl Iterator<Item = &str> {
        ["/output_file_id", "/error_file_id"]
            .into_iter()
            .filter_map(|place| self.word(place))
    }

    /// What the host says is wrong with the whole of it.
    pub(super) fn complaint(&self) -> Option<String> {
        let status = self
            .word("/status")
            .filter(|status| *status != "completed")?;
        let why = self
            .word("/errors/data/0/message")
            .unwrap_or("no reason is given");
        let why: String = why.chars().filter(|c| !c.is_control()).take(400).collect();
        Some(format!("a batch is {status}: {why}"))
    }

    fn word(&self, place: &str) -> Option<&str> {
        self.0
            .pointer(place)?
            .as_str()
            .filter(|word| !word.is_empty())
    }
}

/// An id is the host's own word and goes into an address: only what is plain in one does.
fn segment(id: &str) -> String {
    id.chars()
        .filter(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
        .collect()
}
