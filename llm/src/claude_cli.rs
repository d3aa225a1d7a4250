//! Asks through the command line of Claude Code, with whatever login the person has there.
//!
//! Never runs unless a person chose it, and never inside a client that we started ourselves. The
//! child has no tools, hooks, memory or files: words go in, words come out.

mod answer;
#[cfg(unix)]
mod child;
mod command;
#[cfg(all(test, unix))]
mod tests;

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use async_trait::async_trait;
use domain::{Ask, Model, ModelError, Reply, Sent};
use tokio::sync::Mutex;

use crate::settings::Surroundings;
use crate::words;
use answer::Trouble;

/// Says in the child's environment that nothing of ours may run there, our hooks least of all.
pub const OFF: &str = "DORMOUSE_OFF";

/// How Claude Code is run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaudeCli {
    /// The program: `claude`, or a path to it.
    pub program: PathBuf,
    /// The model to ask for; empty: the one that the client would take.
    pub model: String,
    /// A folder of ours, in which the child gets an empty one to stand in.
    pub folder: PathBuf,
    /// Tokens that request and reply may have together.
    pub window: usize,
    /// So long a child may run.
    pub deadline: Duration,
    /// So many bytes a child may print.
    pub longest_output: usize,
}

impl ClaudeCli {
    /// Returns the settings with everything but the folder as it usually is.
    pub fn usual(folder: PathBuf) -> Self {
        Self {
            program: PathBuf::from("claude"),
            model: String::new(),
            folder,
            window: 200_000,
            // The client itself tries again for some minutes when its servers are busy.
            deadline: Duration::from_secs(300),
            // A reply has some kilobytes, and the stream around it repeats it twice.
            longest_output: 8 * 1024 * 1024,
        }
    }
}

/// Claude Code as a model.
struct Client {
    settings: ClaudeCli,
    host: String,
    around: Surroundings,
    /// One child at a time in this process; the lock in the folder says the same to others.
    turn: Mutex<()>,
}

/// Opens Claude Code as a model; nothing is started before it is asked.
pub fn open(settings: ClaudeCli, around: Surroundings) -> Box<dyn Model> {
    Box::new(Client {
        host: host(around.variable),
        settings,
        around,
        turn: Mutex::new(()),
    })
}

/// Says where the client sends words, as far as its environment tells.
fn host(variable: fn(&str) -> Option<String>) -> String {
    let given = |name| variable(name).filter(|value| !value.trim().is_empty());
    let clouds = [
        ("CLAUDE_CODE_USE_BEDROCK", "Amazon Bedrock, through claude"),
        ("CLAUDE_CODE_USE_VERTEX", "Google Vertex AI, through claude"),
        (
            "CLAUDE_CODE_USE_FOUNDRY",
            "Microsoft Foundry, through claude",
        ),
    ];
    if let Some((_, cloud)) = clouds.iter().find(|(name, _)| given(name).is_some()) {
        return (*cloud).to_owned();
    }
    let url = given("ANTHROPIC_BASE_URL").and_then(|url| reqwest::Url::parse(&url).ok());
    let name = url
        .as_ref()
        .and_then(|url| url.host_str())
        .unwrap_or("api.anthropic.com");
    format!("{name}, through claude")
}

#[async_trait]
impl Model for Client {
    fn name(&self) -> &str {
        match self.settings.model.as_str() {
            "" => "claude-cli",
            model => model,
        }
    }

    fn host(&self) -> Option<&str> {
        Some(&self.host)
    }

    fn keeps_schema(&self) -> bool {
        false
    }

    fn window(&self) -> usize {
        self.settings.window
    }

    async fn ask(&self, ask: &Ask) -> Result<Reply, ModelError> {
        if (self.around.variable)(OFF).is_some_and(|value| !matches!(value.trim(), "" | "0")) {
            return Err(self.told(Trouble::NotRun(format!(
                "{OFF} is set: dormouse runs inside a client that it started, or was turned off; \
                 it starts no other client from there"
            ))));
        }
        let _turn = self.turn.lock().await;
        let _lock = match self.stand() {
            Ok(Some(lock)) => lock,
            Ok(None) => return Err(self.told(Trouble::busy("another dormouse asks just now"))),
            Err(error) => {
                let why = format!("{} cannot be used: {error}", self.settings.folder.display());
                return Err(self.told(Trouble::busy(&why)));
            }
        };
        let said = self.run(ask).await.map_err(|trouble| self.told(trouble))?;
        Ok(Reply {
            text: said.text,
            ended: said.ended,
            at: self.around.clock.now(),
            usage: said.usage,
        })
    }
}

impl Client {
    /// Makes the empty folder and takes the lock beside it, unless somebody has it.
    fn stand(&self) -> io::Result<Option<File>> {
        fs::create_dir_all(self.stage())?;
        let path = self.settings.folder.join("claude-cli.lock");
        let lock = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(path)?;
        match lock.try_lock() {
            Ok(()) => Ok(Some(lock)),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }

    fn stage(&self) -> PathBuf {
        self.settings.folder.join("empty")
    }

    #[cfg(unix)]
    async fn run(&self, ask: &Ask) -> Result<answer::Said, Trouble> {
        let call = command::call(&self.settings, &ask.request);
        let limits = child::Limits {
            deadline: self.settings.deadline,
            longest_output: self.settings.longest_output,
        };
        let ran = child::run(&call, &self.stage(), limits).await?;
        answer::read(&ran, self.around.clock.now())
    }

    #[cfg(not(unix))]
    async fn run(&self, _: &Ask) -> Result<answer::Said, Trouble> {
        Err(Trouble::NotRun(
            "claude can be asked on Unix only: choose another llm.provider".to_owned(),
        ))
    }

    fn told(&self, trouble: Trouble) -> ModelError {
        let host = self.host.clone();
        let clean = |text: &str| words::why(text, None, self.around.redact);
        match trouble {
            Trouble::Down { why, again, sent } => ModelError::Down {
                host,
                why: clean(&why),
                again,
                sent,
            },
            Trouble::NotRun(why) => ModelError::Shut {
                host,
                why: clean(&why),
                sent: Sent::Nothing,
            },
            Trouble::Shut(why) => ModelError::Shut {
                host,
                why: clean(&why),
                sent: Sent::Unheard,
            },
            Trouble::Refused(why) => ModelError::Refused {
                host,
                why: clean(&why),
            },
            Trouble::Garbled { why, raw } => ModelError::Garbled {
                host,
                why: clean(&why),
                raw: words::raw(&raw, None, self.around.redact),
            },
        }
    }
}

/// Names the program in an error.
fn shown(program: &Path) -> String {
    program.display().to_string()
}
