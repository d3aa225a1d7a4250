//! The door to a language model, and the desk on which requests to it are kept.
//!
//! What a model says is data. Nothing behind this door writes memories, and no error of a model
//! loses work: each says whether the job waits or a person must look.

use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;

use crate::{Ask, AskId, MemoryId, Reply, RunId, SessionId, StoreError, TurnId};

/// Answers requests.
#[async_trait]
pub trait Model: Send + Sync {
    /// Returns the model's name, as it is kept with each ask.
    fn name(&self) -> &str;

    /// Returns the host to which the words go; `None`: they stay on this machine, and cost nothing.
    fn host(&self) -> Option<&str>;

    /// Returns whether it can promise a reply in the shape of a JSON schema.
    fn keeps_schema(&self) -> bool;

    /// Returns how many tokens a request and its reply may have together.
    fn window(&self) -> usize;

    /// Returns whether it will say itself that the reply has come that a `NotYet` spoke of.
    fn awaits(&self, on: &str) -> bool {
        let _ = on;
        false
    }

    /// Returns which of these awaited replies have come.
    fn arrived(&self, awaited: &[String]) -> Vec<String> {
        let _ = awaited;
        Vec::new()
    }

    /// Returns why it is to be left alone for now; `None`: it may be asked.
    fn rests(&self) -> Option<Rest> {
        None
    }

    /// Asks once; trying again where that helps at once is the model's own matter.
    async fn ask(&self, ask: &Ask) -> Result<Reply, ModelError>;
}

/// How far a request came that brought no reply.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sent {
    /// Nothing of it has left this machine.
    #[default]
    Nothing,
    /// The words went out, and nobody worked on them: they cost nothing.
    Unheard,
    /// The words went out, and may have been worked on: they may have to be paid for.
    Heard,
}

/// Why there is no reply.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ModelError {
    /// Somebody will answer at leisure: a mailbox, a batch.
    #[error("no reply yet: {on}")]
    NotYet {
        /// Names this very reply, so that the job can be woken when it comes.
        on: String,
    },
    /// The host does not answer now, or wants to be left alone for a while.
    #[error("{host} cannot answer now: {why}")]
    Down {
        /// The host.
        host: String,
        /// What it said, without any secret.
        why: String,
        /// When it may be asked again, if it said so.
        again: Option<Duration>,
        /// How far the request came.
        sent: Sent,
    },
    /// The host answers none of our requests until a person does something.
    #[error("{host} refuses every request: {why}")]
    Shut {
        /// The host.
        host: String,
        /// What it said, and what to do.
        why: String,
        /// How far the request came.
        sent: Sent,
    },
    /// The host will not answer this request, however often it is asked.
    #[error("{host} refuses this request: {why}")]
    Refused {
        /// The host.
        host: String,
        /// What it said.
        why: String,
    },
    /// What came back is no reply that could be read.
    #[error("the answer of {host} cannot be read: {why}")]
    Garbled {
        /// The host.
        host: String,
        /// What is wrong with it.
        why: String,
        /// How it began.
        raw: String,
    },
}

/// Why a model is left alone, and until when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rest {
    /// What came of asking it last.
    pub why: ModelError,
    /// When it may be asked again.
    pub until: Timestamp,
}

/// How many tokens may be spent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    /// For all calls since this instant: the beginning of the person's day.
    pub day_begins: Timestamp,
    /// So many on one day.
    pub day_tokens: u64,
    /// So many for the words of one session, ever.
    pub session_tokens: u64,
}

/// What a request lets the model see of what the store keeps.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shows {
    /// Turns, word for word.
    pub turns: Vec<TurnId>,
    /// Memories.
    pub memories: Vec<MemoryId>,
}

/// What a model's words cost, in cents for a million tokens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Price {
    /// For what is sent.
    pub input: u32,
    /// For what comes back.
    pub output: u32,
}

/// A call that is about to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// What is asked.
    pub ask: AskId,
    /// The run that wants to know.
    pub run: Option<RunId>,
    /// On whose budget it goes.
    pub session: Option<SessionId>,
    /// To which host the words go.
    pub host: String,
    /// The model that is asked.
    pub model: String,
    /// When.
    pub at: Timestamp,
    /// How many tokens it may cost at the most: request and longest reply, estimated.
    pub tokens: u64,
    /// The prices of the day, where a person has told them.
    pub price: Price,
}

/// Numbers the calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct CallId(pub i64);

/// Whether a call may be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reserved {
    /// It may, and its tokens are set aside.
    Yes(CallId),
    /// The day's budget has no room for it.
    DayFull,
    /// The session's budget has no room for it.
    SessionFull,
}

/// How a call ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CallEnd {
    /// With a reply; what it cost stands in it.
    Answered(Reply),
    /// Without one, after the request may have been worked on: what was set aside stays spent.
    Broken(String),
    /// Without one, after the words went out to somebody who did not work on them: it cost nothing.
    Unheard(String),
    /// Without one, before anything went out: there was no call.
    Unsent(String),
}

/// Keeps what is asked of models: frozen when first built, answered once, and paid for in the open.
#[async_trait]
pub trait Desk: Send + Sync {
    /// Keeps a request as it was first built, and returns what is kept under its name: the earlier
    /// request if there was one, with its reply if it has one. `None`: what the request shows was
    /// purged meanwhile, and it must be built anew.
    async fn freeze(&self, ask: &Ask, shows: &Shows) -> Result<Option<Ask>, StoreError>;

    /// Returns whether a request is kept under this name together with a reply.
    async fn is_answered(&self, ask: &AskId) -> Result<bool, StoreError>;

    /// Sets a call's tokens aside, or says which budget has no room. Two callers never both get
    /// what is there for one.
    async fn reserve(&self, call: &Call, budget: &Budget) -> Result<Reserved, StoreError>;

    /// Writes how a call ended. A reply is kept with its ask; one that is there stays.
    async fn settle(&self, id: CallId, end: &CallEnd) -> Result<(), StoreError>;

    /// Keeps a reply that came by itself, out of a mailbox or a recording, and settles the calls that
    /// were made for it, as by a batch.
    async fn answer(&self, ask: &AskId, reply: &Reply) -> Result<(), StoreError>;
}
