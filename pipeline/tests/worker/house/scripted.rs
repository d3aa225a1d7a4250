//! A model that says what a test tells it to, and remembers what it was asked.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use domain::{Ask, Ended, Model, ModelError, Reply, Rest, Usage};
use jiff::Timestamp;

/// What happens to the next call.
pub(crate) enum Says {
    /// This text comes back whole.
    Whole(&'static str),
    /// This text comes back, and breaks off there.
    Cut(&'static str),
    /// Nothing comes back.
    Error(ModelError),
}

/// What model and test share.
#[derive(Default)]
pub(crate) struct Script {
    says: Mutex<VecDeque<Says>>,
    asked: Mutex<Vec<Ask>>,
    arrived: Mutex<Vec<String>>,
    rest: Mutex<Option<Rest>>,
}

impl Script {
    pub(crate) fn of(says: impl IntoIterator<Item = Says>) -> Arc<Self> {
        let script = Self::default();
        script.then(says);
        Arc::new(script)
    }

    /// Goes on with these.
    pub(crate) fn then(&self, says: impl IntoIterator<Item = Says>) {
        self.says.lock().expect("whole").extend(says);
    }

    /// Lets it rest from now on.
    pub(crate) fn rest(&self, rest: Rest) {
        *self.rest.lock().expect("whole") = Some(rest);
    }

    pub(crate) fn asked(&self) -> Vec<Ask> {
        self.asked.lock().expect("whole").clone()
    }

    /// Lets a reply arrive that somebody waits for.
    pub(crate) fn arrive(&self, on: &str) {
        self.arrived.lock().expect("whole").push(on.to_owned());
    }
}

/// The model; `host` is where its words go.
pub(crate) struct Scripted {
    pub(crate) script: Arc<Script>,
    pub(crate) host: Option<&'static str>,
}

#[async_trait]
impl Model for Scripted {
    fn name(&self) -> &str {
        "scripted"
    }

    fn host(&self) -> Option<&str> {
        self.host
    }

    fn keeps_schema(&self) -> bool {
        false
    }

    fn window(&self) -> usize {
        32_000
    }

    fn awaits(&self, on: &str) -> bool {
        on.starts_with("reply ")
    }

    fn arrived(&self, awaited: &[String]) -> Vec<String> {
        let arrived = self.script.arrived.lock().expect("whole");
        let come = awaited.iter().filter(|on| arrived.contains(on));
        come.cloned().collect()
    }

    fn rests(&self) -> Option<Rest> {
        self.script.rest.lock().expect("whole").clone()
    }

    async fn ask(&self, ask: &Ask) -> Result<Reply, ModelError> {
        self.script.asked.lock().expect("whole").push(ask.clone());
        let says = self.script.says.lock().expect("whole").pop_front();
        let (text, ended) = match says.expect("the test says how every call ends") {
            Says::Whole(text) => (text, Ended::Whole),
            Says::Cut(text) => (text, Ended::Cut),
            Says::Error(error) => return Err(error),
        };
        Ok(Reply {
            text: text.to_owned(),
            ended,
            at: Timestamp::UNIX_EPOCH,
            usage: Usage {
                input_tokens: 900,
                output_tokens: 50,
            },
        })
    }
}
