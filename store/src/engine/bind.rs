//! Values that a statement is sent with.
//!
//! Both engines take the same few types: text, whole numbers, booleans and bytes.

use std::borrow::Cow;

use domain::time::to_ms;
use domain::{
    AskId, BeliefId, EpisodeId, EvidenceId, JobId, LinkId, MemoryId, OwnerId, ProjectId, RunId,
    SessionId, SourceId, TenantId, TurnId,
};
use jiff::Timestamp;

/// One bound value. `None` knows its type, because PostgreSQL asks for it.
#[derive(Clone, Debug)]
pub(crate) enum Value<'a> {
    Text(Option<Cow<'a, str>>),
    Int(Option<i64>),
    Bool(bool),
    Bytes(Cow<'a, [u8]>),
}

/// Builds the list of values for a statement, each from whatever it is.
macro_rules! values {
    ($($value:expr),* $(,)?) => { [$($crate::engine::Value::from($value)),*] };
}
pub(crate) use values;

/// Returns a list as the JSON text that `json_each` takes apart again, on either engine.
pub(crate) fn list<T: AsRef<str>>(items: impl IntoIterator<Item = T>) -> String {
    let items: serde_json::Value = items
        .into_iter()
        .map(|item| item.as_ref().to_owned())
        .collect();
    items.to_string()
}

/// Sends the values along with a query of either engine.
macro_rules! bound {
    ($query:expr, $values:expr) => {{
        let mut query = $query;
        for value in $values {
            query = match value {
                $crate::engine::Value::Text(text) => query.bind(text.as_deref()),
                $crate::engine::Value::Int(number) => query.bind(*number),
                $crate::engine::Value::Bool(yes) => query.bind(*yes),
                $crate::engine::Value::Bytes(bytes) => query.bind(bytes.as_ref()),
            };
        }
        query
    }};
}
pub(super) use bound;

impl<'a> From<&'a str> for Value<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(Some(Cow::Borrowed(text)))
    }
}

impl<'a> From<&'a String> for Value<'a> {
    fn from(text: &'a String) -> Self {
        Self::from(text.as_str())
    }
}

impl From<String> for Value<'_> {
    fn from(text: String) -> Self {
        Self::Text(Some(Cow::Owned(text)))
    }
}

impl<'a> From<Option<&'a str>> for Value<'a> {
    fn from(text: Option<&'a str>) -> Self {
        Self::Text(text.map(Cow::Borrowed))
    }
}

impl<'a> From<&'a Option<String>> for Value<'a> {
    fn from(text: &'a Option<String>) -> Self {
        Self::from(text.as_deref())
    }
}

impl From<i64> for Value<'_> {
    fn from(number: i64) -> Self {
        Self::Int(Some(number))
    }
}

impl From<Option<i64>> for Value<'_> {
    fn from(number: Option<i64>) -> Self {
        Self::Int(number)
    }
}

impl From<Timestamp> for Value<'_> {
    fn from(at: Timestamp) -> Self {
        Self::Int(Some(to_ms(at)))
    }
}

impl From<Option<Timestamp>> for Value<'_> {
    fn from(at: Option<Timestamp>) -> Self {
        Self::Int(at.map(to_ms))
    }
}

impl From<bool> for Value<'_> {
    fn from(yes: bool) -> Self {
        Self::Bool(yes)
    }
}

impl From<Vec<u8>> for Value<'_> {
    fn from(bytes: Vec<u8>) -> Self {
        Self::Bytes(Cow::Owned(bytes))
    }
}

impl<'a> From<&'a [u8]> for Value<'a> {
    fn from(bytes: &'a [u8]) -> Self {
        Self::Bytes(Cow::Borrowed(bytes))
    }
}

macro_rules! from_text_ids {
    ($($id:ty),+ $(,)?) => {$(
        impl<'a> From<&'a $id> for Value<'a> {
            fn from(id: &'a $id) -> Self {
                Self::from(id.as_str())
            }
        }

        impl<'a> From<Option<&'a $id>> for Value<'a> {
            fn from(id: Option<&'a $id>) -> Self {
                Self::from(id.map(<$id>::as_str))
            }
        }

        impl<'a> From<&'a Option<$id>> for Value<'a> {
            fn from(id: &'a Option<$id>) -> Self {
                Self::from(id.as_ref())
            }
        }
    )+};
}

from_text_ids!(
    AskId, BeliefId, EpisodeId, EvidenceId, LinkId, MemoryId, OwnerId, ProjectId, SessionId,
    SourceId, TenantId, TurnId,
);

impl From<RunId> for Value<'_> {
    fn from(run: RunId) -> Self {
        Self::Int(Some(run.0))
    }
}

impl From<JobId> for Value<'_> {
    fn from(job: JobId) -> Self {
        Self::Int(Some(job.0))
    }
}
