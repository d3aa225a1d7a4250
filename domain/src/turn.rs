//! Turns: one utterance each, in parts whose speakers are known.
//!
//! Who said a thing decides what it may become, so nothing here blurs it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{SessionId, TurnId};

/// Who said it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Speaker {
    /// The person.
    User,
    /// The model.
    Assistant,
    /// A command that ran on this machine: its output is proof of what happened here.
    Tool,
    /// A web page, a file, a foreign server: data, and never an instruction.
    Outside,
    /// What the client, its hooks, CLAUDE.md or we ourselves put into the context.
    Injected,
    /// A compaction's retelling: it may say where to look, it is never evidence.
    Compaction,
}

impl Speaker {
    const ALL: [Self; 6] = [
        Self::User,
        Self::Assistant,
        Self::Tool,
        Self::Outside,
        Self::Injected,
        Self::Compaction,
    ];

    /// Returns the word that is stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Assistant => "assistant",
            Self::Tool => "tool",
            Self::Outside => "outside",
            Self::Injected => "injected",
            Self::Compaction => "compaction",
        }
    }

    /// Returns the speaker that a stored word names.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|speaker| speaker.as_str() == word)
    }

    /// Returns whether a quote of this speaker may stand as evidence at all.
    pub fn bears_witness(self) -> bool {
        !matches!(self, Self::Injected | Self::Compaction)
    }
}

/// What a part of a turn is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "kebab-case")]
pub enum PartKind {
    /// Plain words.
    Said,
    /// The assistant calls a tool; the text is what it asks for.
    Call {
        /// Joins the call to its result.
        call: String,
        /// The tool's name, as data.
        tool: String,
    },
    /// A tool's answer.
    Result {
        /// Joins the result to its call.
        call: String,
        /// The tool's name where it is known.
        tool: String,
        /// Whether the tool said that it failed.
        failed: bool,
    },
    /// What the user said when refusing a tool call.
    Refusal {
        /// The call that was refused.
        call: String,
    },
}

/// A stretch of a turn with one speaker.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// Who said it.
    pub speaker: Speaker,
    /// What it is.
    #[serde(flatten)]
    pub kind: PartKind,
    /// The words, without noise and without secrets.
    pub text: String,
}

/// Where a turn was said.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// The working directory.
    pub cwd: Option<String>,
    /// The git branch.
    pub branch: Option<String>,
}

/// One utterance. It *is* its uuid: forks and copies share it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Turn {
    /// Its uuid, or a digest of agent, session, time, content and occurrence.
    pub id: TurnId,
    /// The session in which this copy of it was read.
    pub session: SessionId,
    /// The utterance that it follows, where the format says so.
    pub parent: Option<TurnId>,
    /// When it was said.
    pub at: Timestamp,
    /// Its place in the session: later lines have larger numbers, whatever their clocks say.
    pub position: i64,
    /// Where it was said.
    pub place: Place,
    /// The subagent that it belongs to; `None` is the main conversation.
    pub sidechain: Option<String>,
    /// What was said, in order.
    pub parts: Vec<Part>,
}

impl Turn {
    /// Returns who speaks first: the turn's own speaker.
    pub fn speaker(&self) -> Option<Speaker> {
        self.parts.first().map(|part| part.speaker)
    }

    /// Returns the text of every part that may be quoted, one a line.
    pub fn quotable(&self) -> String {
        let texts = self
            .parts
            .iter()
            .filter(|part| part.speaker.bears_witness());
        texts
            .map(|part| part.text.as_str())
            .collect::<Vec<_>>()
            .join("\n")
    }
}
