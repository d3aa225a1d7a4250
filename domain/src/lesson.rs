//! Lessons: what, when, do and warn, with their kind and their reach.
//!
//! A lesson knows nothing of evidence or belief; it is only what is claimed.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::xml::{self, XmlError};
use crate::{digest, words};

/// The closed set of kinds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Something that is so.
    Fact,
    /// A choice that was made, with its reason.
    Decision,
    /// A fault and its mend.
    Bug,
    /// A way of doing things that works here.
    Pattern,
    /// How somebody wants it.
    Preference,
    /// What a piece of work is about.
    Context,
    /// How a thing is done, step by step.
    Skill,
}

impl Kind {
    /// Every kind, in the order in which lists show them.
    pub const ALL: [Self; 7] = [
        Self::Fact,
        Self::Decision,
        Self::Bug,
        Self::Pattern,
        Self::Preference,
        Self::Context,
        Self::Skill,
    ];

    /// Returns the word that is written and stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Fact => "fact",
            Self::Decision => "decision",
            Self::Bug => "bug",
            Self::Pattern => "pattern",
            Self::Preference => "preference",
            Self::Context => "context",
            Self::Skill => "skill",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A word that is none of a closed set.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{word:?} is no {of}; known are {known}")]
pub struct UnknownWord {
    /// What was read.
    pub word: String,
    /// The set that it should be of.
    pub of: &'static str,
    /// Every word of that set.
    pub known: &'static str,
}

impl FromStr for Kind {
    type Err = UnknownWord;

    fn from_str(word: &str) -> Result<Self, UnknownWord> {
        Self::ALL
            .into_iter()
            .find(|kind| kind.as_str() == word)
            .ok_or_else(|| UnknownWord {
                word: word.to_owned(),
                of: "kind",
                known: "fact, decision, bug, pattern, preference, context, skill",
            })
    }
}

/// How far a lesson reaches.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum Scope {
    /// Wherever this person works.
    User,
    /// The whole project.
    Project,
    /// A path in the project, relative to its root.
    Path(String),
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::User => f.write_str("user"),
            Self::Project => f.write_str("project"),
            Self::Path(path) => write!(f, "path:{path}"),
        }
    }
}

impl From<Scope> for String {
    fn from(scope: Scope) -> Self {
        scope.to_string()
    }
}

impl TryFrom<String> for Scope {
    type Error = UnknownWord;

    fn try_from(word: String) -> Result<Self, UnknownWord> {
        word.parse()
    }
}

impl FromStr for Scope {
    type Err = UnknownWord;

    fn from_str(word: &str) -> Result<Self, UnknownWord> {
        match word {
            "user" => Ok(Self::User),
            "project" => Ok(Self::Project),
            _ => match word.strip_prefix("path:") {
                Some(path) if !path.is_empty() => Ok(Self::Path(path.to_owned())),
                _ => Err(UnknownWord {
                    word: word.to_owned(),
                    of: "scope",
                    known: "user, project, path:FOLDER",
                }),
            },
        }
    }
}

/// What is claimed: the written form of a memory.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lesson {
    /// What sort of claim it is.
    pub kind: Kind,
    /// How far it reaches.
    pub scope: Scope,
    /// What is so.
    pub what: String,
    /// The moment in which it should come to mind.
    pub when: Option<String>,
    /// What to do then; several advices stand on lines of their own.
    #[serde(rename = "do")]
    pub do_: Option<String>,
    /// What to beware of then; several warnings stand on lines of their own.
    pub warn: Option<String>,
}

impl Lesson {
    /// Returns the lesson in canonical dress: line breaks as `\n`, no control characters, no white
    /// space around, no empty elements. Refuses what is empty or endless.
    pub fn tidied(self) -> Result<Self, XmlError> {
        let lesson = Self {
            what: tidy(&self.what).ok_or(XmlError::Missing("<what>"))?,
            when: self.when.as_deref().and_then(tidy),
            do_: self.do_.as_deref().and_then(tidy),
            warn: self.warn.as_deref().and_then(tidy),
            ..self
        };
        if lesson.longest() > xml::ELEMENT_CHARS {
            return Err(XmlError::Long("memory".to_owned()));
        }
        Ok(lesson)
    }

    fn longest(&self) -> usize {
        let rest = [&self.when, &self.do_, &self.warn].into_iter().flatten();
        std::iter::once(&self.what)
            .chain(rest)
            .map(|text| text.chars().count())
            .max()
            .unwrap_or(0)
    }

    /// Returns the same name for lessons that say the same words in the same order.
    ///
    /// Case, punctuation and white space do not count. Kind and reach do not either, so that a
    /// lesson that was forgotten stays forgotten when it comes back as another kind.
    pub fn fingerprint(&self) -> String {
        let said = words::words(&self.text()).join(" ");
        digest('f', &[&said])
    }

    /// Returns everything that the lesson says, one element a line.
    pub fn text(&self) -> String {
        let rest = [&self.when, &self.do_, &self.warn].into_iter().flatten();
        std::iter::once(&self.what)
            .chain(rest)
            .map(String::as_str)
            .collect::<Vec<_>>()
            .join("\n")
    }
}

fn tidy(text: &str) -> Option<String> {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let kept: String = text.chars().filter(|c| !xml::is_refused(*c)).collect();
    Some(kept.trim().to_owned()).filter(|kept| !kept.is_empty())
}
