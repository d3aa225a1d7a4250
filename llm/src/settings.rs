//! What a person chose: which model, where it is, whose key opens it, and how patiently it is asked.
//!
//! Plain data, made by the binary from its settings; nothing here connects or reads anything.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use domain::Clock;

/// A model behind HTTP, as a person chose it.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// Whose dialect is spoken, and where, unless an address is given.
    pub provider: Provider,
    /// The model's name, as the provider calls it.
    pub model: String,
    /// Where it is; empty: at the provider's own address, where it has one.
    pub base_url: String,
    /// Where the key comes from.
    pub key: KeyFrom,
    /// How freely it speaks; 0 says the likeliest.
    pub temperature: f64,
    /// The most tokens that this model may be asked for, where it has a limit of its own.
    pub max_output_tokens: Option<u32>,
    /// Tokens that request and reply may have together; `None`: what the provider usually has.
    pub window: Option<usize>,
    /// Whether it promises replies in the shape of a schema; `None`: as the provider usually does.
    pub keeps_schema: Option<bool>,
    /// So many requests at a time.
    pub concurrency: usize,
    /// How long it is waited for.
    pub patience: Patience,
}

/// Who answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Provider {
    /// OpenAI.
    OpenAi,
    /// Azure, in one of its two ways of being spoken to.
    Azure(Azure),
    /// Anthropic, through its endpoint that is compatible with OpenAI's.
    Anthropic,
    /// Ollama, on this machine unless an address is given.
    Ollama,
    /// Any server that speaks as OpenAI does: vLLM, LM Studio, OpenRouter.
    Compatible,
}

/// How Azure is spoken to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Azure {
    /// The address of today: one for all models, named in the request.
    V1,
    /// The address of before: one for each deployment, with a dated version.
    Classic {
        /// The deployment's name.
        deployment: String,
        /// The version, such as `2024-10-21`.
        api_version: String,
    },
}

/// Where a key comes from.
#[derive(Clone, PartialEq, Eq)]
pub enum KeyFrom {
    /// There is none.
    Nowhere,
    /// The variable of this name holds it.
    Variable(String),
    /// This program, with these words, prints it. No shell is between.
    Command(Vec<String>),
}

/// How long a model is waited for, and how often it is asked again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Patience {
    /// For a connection.
    pub connect: Duration,
    /// For one answer, from the connection to the last byte.
    pub answer: Duration,
    /// For everything: all tries and the waits between them.
    pub whole: Duration,
    /// So often a request is sent at the most.
    pub tries: u32,
    /// The wait before the second try, about; each later one is twice as long.
    pub first_wait: Duration,
    /// For the command that prints the key.
    pub key: Duration,
}

/// What the binary lends: the clock, the environment, and the eye for secrets.
#[derive(Clone)]
pub struct Surroundings {
    /// Tells when a reply came.
    pub clock: Arc<dyn Clock>,
    /// Takes secrets out of what a server said, before it stands in an error.
    pub redact: fn(&str) -> String,
    /// Reads a variable: the key's own, and those that name a proxy. No other is asked for.
    pub variable: fn(&str) -> Option<String>,
}

impl Settings {
    /// Returns the settings of this model with everything else as it usually is.
    pub fn usual(provider: Provider, model: &str, key: KeyFrom) -> Self {
        Self {
            provider,
            model: model.to_owned(),
            base_url: String::new(),
            key,
            temperature: 0.0,
            max_output_tokens: None,
            window: None,
            keeps_schema: None,
            concurrency: 2,
            patience: Patience::default(),
        }
    }
}

impl Provider {
    /// Returns the provider's name in the settings.
    pub fn name(&self) -> &'static str {
        match self {
            Self::OpenAi => "openai",
            Self::Azure(_) => "azure",
            Self::Anthropic => "anthropic",
            Self::Ollama => "ollama",
            Self::Compatible => "compatible",
        }
    }

    /// Returns where it is when no address is given.
    pub fn own_address(&self) -> Option<&'static str> {
        match self {
            Self::OpenAi => Some("https://api.openai.com/v1"),
            Self::Anthropic => Some("https://api.anthropic.com/v1"),
            // Not `localhost`: that may resolve to ::1 first, where Ollama does not listen.
            Self::Ollama => Some("http://127.0.0.1:11434/v1"),
            Self::Azure(_) | Self::Compatible => None,
        }
    }

    /// Returns the tokens that its models have room for, by what is common and on the safe side.
    pub fn usual_window(&self) -> usize {
        match self {
            Self::OpenAi | Self::Azure(_) => 128_000,
            Self::Anthropic => 200_000,
            // Ollama's own default; it cuts longer requests off in silence.
            Self::Ollama => 4_096,
            Self::Compatible => 8_192,
        }
    }

    /// Returns whether its servers hold replies to a JSON schema.
    pub fn usually_keeps_schema(&self) -> bool {
        // Anthropic's compatible endpoint ignores `response_format`; of others nobody knows.
        matches!(self, Self::OpenAi | Self::Azure(_) | Self::Ollama)
    }
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            answer: Duration::from_secs(120),
            whole: Duration::from_secs(300),
            tries: 4,
            first_wait: Duration::from_millis(500),
            key: Duration::from_secs(30),
        }
    }
}

impl fmt::Debug for KeyFrom {
    /// Shows where from, and no word of a command: one of them may be a secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nowhere => f.write_str("Nowhere"),
            // People put the key itself where its variable's name belongs.
            Self::Variable(_) => f.write_str("Variable(***)"),
            Self::Command(_) => f.write_str("Command(***)"),
        }
    }
}
