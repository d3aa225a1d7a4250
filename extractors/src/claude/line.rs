//! One line of a transcript, its fields found but not yet read.
//!
//! A field of a wrong type is as good as absent: a line whose words can be read is never lost over
//! one whose value nobody needs.

use std::borrow::Cow;

use domain::digest;
use jiff::Timestamp;

use super::NAME_BYTES;
use super::json::{pick, text};
use crate::secrets::has_secret;

const UUID_BYTES: usize = 36;

/// The fields that anything here asks for.
#[derive(Clone, Copy, Debug)]
pub(super) enum Field {
    Type,
    Subtype,
    Uuid,
    Parent,
    LogicalParent,
    Session,
    Timestamp,
    Cwd,
    Branch,
    Version,
    Message,
    Content,
    Operation,
    Attachment,
    Data,
    Origin,
    Agent,
    Plan,
    Denial,
    Sidechain,
    Meta,
    CompactSummary,
    ApiError,
}

const NAMES: [&str; 23] = [
    "type",
    "subtype",
    "uuid",
    "parentUuid",
    "logicalParentUuid",
    "sessionId",
    "timestamp",
    "cwd",
    "gitBranch",
    "version",
    "message",
    "content",
    "operation",
    "attachment",
    "data",
    "origin",
    "agentId",
    "planContent",
    "toolDenialKind",
    "isSidechain",
    "isMeta",
    "isCompactSummary",
    "isApiErrorMessage",
];

/// A line's fields, raw.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line<'a>([Option<&'a str>; NAMES.len()]);

impl<'a> Line<'a> {
    /// Finds the fields of a line; `None` if the line is no JSON object.
    pub(super) fn outline(json: &'a str) -> Option<Self> {
        pick(json, NAMES).map(Self)
    }

    /// Returns a field's raw value.
    pub(super) fn raw(&self, field: Field) -> Option<&'a str> {
        self.0[field as usize]
    }

    /// Returns a field's text, or `None` if it holds none.
    pub(super) fn text(&self, field: Field) -> Option<Cow<'a, str>> {
        text(self.raw(field)?).filter(|text| !text.is_empty())
    }

    /// Returns the line's name in a field: a uuid as it stands, anything odd as its digest.
    pub(super) fn id(&self, field: Field) -> Option<String> {
        let id = self.text(field)?;
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
        let odd = id.len() > UUID_BYTES || !id.bytes().all(plain) || has_secret(&id);
        Some(if odd {
            digest('t', &[&id])
        } else {
            id.into_owned()
        })
    }

    /// Returns whether a field is `true`.
    pub(super) fn is(&self, field: Field) -> bool {
        self.raw(field) == Some("true")
    }

    /// Returns when the line was written, in whole milliseconds.
    pub(super) fn at(&self) -> Option<i64> {
        instant(&self.text(Field::Timestamp)?)
    }

    /// Returns whether the line names a time or itself in a way that cannot be kept as it stands.
    pub(super) fn is_odd(&self) -> bool {
        let untimed = self.raw(Field::Timestamp).is_some() && self.at().is_none();
        let long = |field| self.raw(field).is_some_and(|raw| raw.len() > NAME_BYTES);
        untimed || long(Field::Uuid) || long(Field::Session)
    }

    /// Returns the kind of who wrote a user line, where the client says so.
    pub(super) fn origin(&self) -> Option<Cow<'a, str>> {
        let [kind] = pick(self.raw(Field::Origin)?, ["kind"])?;
        text(kind?)
    }

    /// Puts an inner message's own fields in place of the line's.
    ///
    /// A progress line wraps a subagent's message; place and session stand on the outside.
    pub(super) fn wrapping(mut self, inner: [Option<&'a str>; 4], agent: Option<&'a str>) -> Self {
        let [kind, uuid, timestamp, message] = inner;
        self.0[Field::Type as usize] = kind;
        self.0[Field::Uuid as usize] = uuid;
        self.0[Field::Parent as usize] = None;
        self.0[Field::Timestamp as usize] = timestamp.or(self.raw(Field::Timestamp));
        self.0[Field::Message as usize] = message;
        self.0[Field::Agent as usize] = agent;
        self.0[Field::Sidechain as usize] = Some("true");
        self
    }
}

/// Returns the milliseconds since 1970 of a written instant.
pub(super) fn instant(text: &str) -> Option<i64> {
    text.parse::<Timestamp>().ok().map(domain::time::to_ms)
}
