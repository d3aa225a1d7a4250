//! Opens the model that a person chose, if one was chosen.
//!
//! The only place where settings become a model; a key that lies in the environment chooses none.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use async_trait::async_trait;
use domain::{Ask, Model, ModelError, Price, Reply, Sent};
use llm::cassette::Cassette;
use llm::claude_cli::{self, ClaudeCli};
use llm::mailbox::Mailbox;
use llm::{Azure, KeyFrom, Patience, Settings, Surroundings};
use pipeline::Spending;

use crate::clock::WallClock;
use crate::config::{Choice, Llm, Provider};
use crate::environment;
use crate::home::Home;

/// What whoever answers a mailbox or a recording can read at once, when nothing else is said.
const USUAL_WINDOW: usize = 32_000;

/// Opens the chosen model; `None` is the rules extractor alone.
pub(crate) fn open(llm: &Llm, home: &Home, clock: WallClock) -> Result<Option<Box<dyn Model>>> {
    match llm.provider {
        Provider::None => return Ok(None),
        Provider::ClaudeCli => return Ok(Some(claude(llm, home, clock))),
        Provider::Mailbox => return Ok(Some(Box::new(mailbox(llm, home, clock)?))),
        Provider::Cassette => return Ok(Some(Box::new(cassette(llm)?))),
        _ => {}
    }
    let provider = provider(llm.provider, llm).context("it is no provider over HTTP")?;
    let model = llm::open(settings(llm, provider)?, surroundings(clock))?;
    Ok(Some(model))
}

/// Returns a provider that is reached over HTTP.
pub(crate) fn provider(word: Provider, llm: &Llm) -> Option<llm::Provider> {
    Some(match word {
        Provider::Openai => llm::Provider::OpenAi,
        Provider::Azure => llm::Provider::Azure(azure(llm)),
        Provider::Anthropic => llm::Provider::Anthropic,
        Provider::Ollama => llm::Provider::Ollama,
        Provider::Compatible => llm::Provider::Compatible,
        Provider::None | Provider::ClaudeCli | Provider::Mailbox | Provider::Cassette => {
            return None;
        }
    })
}

/// Returns what may be spent.
pub(crate) fn spending(llm: &Llm) -> Result<Spending> {
    Ok(Spending {
        day_tokens: llm.day_tokens,
        session_tokens: llm.session_tokens,
        price: Price {
            input: cents("llm.price_in", llm.price_in)?,
            output: cents("llm.price_out", llm.price_out)?,
        },
    })
}

fn cents(key: &str, price: f64) -> Result<u32> {
    if !(0.0..=1_000_000.0).contains(&price) {
        bail!("{key} is {price}, but must be from 0 to 1000000");
    }
    let text = format!("{:.0}", price * 100.0);
    text.parse().with_context(|| format!("{key} is {price}"))
}

pub(crate) fn settings(llm: &Llm, provider: llm::Provider) -> Result<Settings> {
    let key = match (llm.api_key_command.as_slice(), llm.api_key_env.as_str()) {
        ([], "") => KeyFrom::Nowhere,
        ([], name) => KeyFrom::Variable(name.to_owned()),
        (words, "") => KeyFrom::Command(words.to_vec()),
        _ => bail!(
            "llm.api_key_env and llm.api_key_command are both set: the key comes from one of them"
        ),
    };
    let seconds = Duration::from_secs;
    Ok(Settings {
        base_url: llm.base_url.clone(),
        temperature: llm.temperature,
        window: Some(llm.window).filter(|window| *window > 0),
        max_output_tokens: Some(llm.max_output_tokens).filter(|most| *most > 0),
        keeps_schema: match llm.keeps_schema {
            Choice::Auto => None,
            Choice::Yes => Some(true),
            Choice::No => Some(false),
        },
        concurrency: llm.concurrency,
        patience: Patience {
            connect: seconds(llm.connect_seconds),
            answer: seconds(llm.answer_seconds),
            whole: seconds(llm.deadline_seconds),
            tries: llm.tries,
            ..Patience::default()
        },
        ..Settings::usual(provider, &llm.model, key)
    })
}

fn azure(llm: &Llm) -> Azure {
    let deployment = match llm.azure_deployment.as_str() {
        "" => llm.model.clone(),
        named => named.to_owned(),
    };
    match llm.azure_api_version.as_str() {
        "" => Azure::V1,
        version => Azure::Classic {
            deployment,
            api_version: version.to_owned(),
        },
    }
}

fn claude(llm: &Llm, home: &Home, clock: WallClock) -> Box<dyn Model> {
    let usual = ClaudeCli::usual(home.root().join("claude-cli"));
    let settings = ClaudeCli {
        program: PathBuf::from(&llm.claude_path),
        model: llm.model.clone(),
        window: match llm.window {
            0 => usual.window,
            given => given,
        },
        deadline: Duration::from_secs(llm.deadline_seconds),
        ..usual
    };
    claude_cli::open(settings, surroundings(clock))
}

pub(crate) fn mailbox(llm: &Llm, home: &Home, clock: WallClock) -> Result<Mailbox> {
    let folder = mailbox_folder(llm, home);
    let name = named(llm, "mailbox");
    Ok(Mailbox::open(&folder, &name, window(llm), Arc::new(clock))?)
}

/// Returns where the mailbox lies, whether it is used or not.
pub(crate) fn mailbox_folder(llm: &Llm, home: &Home) -> PathBuf {
    match llm.mailbox.as_str() {
        "" => home.root().join("mailbox"),
        folder => PathBuf::from(folder),
    }
}

fn cassette(llm: &Llm) -> Result<Cassette> {
    if llm.cassette.is_empty() {
        bail!(
            "llm.provider is cassette, but llm.cassette is empty: name the file of recorded replies"
        );
    }
    let path = Path::new(&llm.cassette);
    Ok(Cassette::open(path, &named(llm, "cassette"), window(llm))?)
}

fn named(llm: &Llm, otherwise: &str) -> String {
    match llm.model.as_str() {
        "" => otherwise.to_owned(),
        name => name.to_owned(),
    }
}

fn window(llm: &Llm) -> usize {
    match llm.window {
        0 => USUAL_WINDOW,
        given => given,
    }
}

pub(crate) fn surroundings(clock: WallClock) -> Surroundings {
    Surroundings {
        clock: Arc::new(clock),
        redact: |text| extractors::secrets::redact(text).text.into_owned(),
        variable: environment::named,
    }
}

/// A model that was chosen and cannot be opened: it says why to whoever asks.
pub(crate) struct Closed {
    name: String,
    host: String,
    why: String,
}

impl Closed {
    pub(crate) fn new(llm: &Llm, why: String) -> Self {
        Self {
            name: named(llm, "unknown"),
            host: llm.provider.word().to_owned(),
            why,
        }
    }
}

#[async_trait]
impl Model for Closed {
    fn name(&self) -> &str {
        &self.name
    }

    fn host(&self) -> Option<&str> {
        None
    }

    fn keeps_schema(&self) -> bool {
        false
    }

    fn window(&self) -> usize {
        USUAL_WINDOW
    }

    async fn ask(&self, _: &Ask) -> Result<Reply, ModelError> {
        Err(ModelError::Shut {
            host: self.host.clone(),
            why: self.why.clone(),
            sent: Sent::Nothing,
        })
    }
}
