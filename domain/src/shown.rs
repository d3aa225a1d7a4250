//! A memory as it is shown: the one JSON form of `--json`, of the tools and of an export.
//!
//! Decides nothing; what it says stands in the record.

use jiff::Timestamp;
use serde::Serialize;

use crate::{Evidence, MemoryId, ProjectId, Record, SessionId, Speaker, Standing, TurnId};

/// A memory as it is shown.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Shown<'a> {
    /// Its name.
    pub id: &'a MemoryId,
    /// The word for its kind.
    pub kind: &'static str,
    /// The subject area.
    pub domain: &'a str,
    /// How far it reaches.
    pub scope: String,
    /// The repository that it belongs to.
    pub project: Option<&'a ProjectId>,
    /// What is so.
    pub what: &'a str,
    /// The moment in which it should come to mind.
    pub when: Option<&'a str>,
    /// What to do then.
    #[serde(rename = "do")]
    pub do_: Option<&'a str>,
    /// What to beware of then.
    pub warn: Option<&'a str>,
    /// How far it is believed, to three places.
    pub confidence: f64,
    /// How it stands.
    pub standing: Standing,
    /// Whether a person wants it always in sight.
    pub pinned: bool,
    /// True in the world from here.
    pub valid_from: Timestamp,
    /// True in the world until here.
    pub valid_to: Option<Timestamp>,
    /// When we took it in.
    pub recorded_at: Timestamp,
    /// What it rests on.
    pub evidence: Vec<ShownEvidence<'a>>,
    /// Words that a person put on it.
    pub tags: &'a [String],
    /// The cluster that it belongs to; none are made yet.
    pub cluster: Option<&'a str>,
    /// The memories that it speaks for; none do yet.
    pub members: Vec<&'a MemoryId>,
}

/// A quote as it is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ShownEvidence<'a> {
    /// The session in which it was said.
    pub session: &'a SessionId,
    /// The turn.
    pub turn: &'a TurnId,
    /// Its words.
    pub quote: &'a str,
    /// Who said them.
    pub said_by: Speaker,
    /// When.
    pub at: Timestamp,
}

impl<'a> From<&'a Record> for Shown<'a> {
    fn from(record: &'a Record) -> Self {
        let memory = &record.memory;
        let lesson = &memory.lesson;
        Self {
            id: &memory.id,
            kind: lesson.kind.as_str(),
            domain: &memory.domain,
            scope: lesson.scope.to_string(),
            project: memory.project.as_ref(),
            what: &lesson.what,
            when: lesson.when.as_deref(),
            do_: lesson.do_.as_deref(),
            warn: lesson.warn.as_deref(),
            confidence: (record.belief.confidence() * 1000.0).round() / 1000.0,
            standing: record.standing,
            pinned: memory.pinned,
            valid_from: memory.validity.from,
            valid_to: memory.validity.to,
            recorded_at: memory.recorded_at,
            evidence: record.evidence.iter().map(ShownEvidence::from).collect(),
            tags: &memory.tags,
            cluster: None,
            members: Vec::new(),
        }
    }
}

impl<'a> From<&'a Evidence> for ShownEvidence<'a> {
    fn from(evidence: &'a Evidence) -> Self {
        Self {
            session: &evidence.session,
            turn: &evidence.turn,
            quote: &evidence.quote,
            said_by: evidence.said_by,
            at: evidence.at,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Belief, Kind, Lesson, Memory, OwnerId, Revision, Scope, Validity};

    #[test]
    fn the_json_of_a_memory_has_the_fields_that_clients_were_promised() {
        let memory = Memory {
            id: MemoryId::new("m1"),
            owner: OwnerId::new("ann"),
            project: Some(ProjectId::new("p1")),
            lesson: Lesson {
                kind: Kind::Preference,
                scope: Scope::Project,
                what: "use pnpm".to_owned(),
                when: Some("installing".to_owned()),
                do_: Some("pnpm add".to_owned()),
                warn: None,
            },
            domain: "general".to_owned(),
            tags: vec!["js".to_owned()],
            slot: None,
            asserted_by: Speaker::User,
            pinned: false,
            validity: Validity {
                from: Timestamp::UNIX_EPOCH,
                to: None,
            },
            recorded_at: Timestamp::UNIX_EPOCH,
            retired_at: None,
            seen_at: Timestamp::UNIX_EPOCH,
            revision: Revision::FIRST,
        };
        let evidence = vec![Evidence {
            session: SessionId::new("s1"),
            turn: TurnId::new("t1"),
            quote: "use pnpm".to_owned(),
            said_by: Speaker::User,
            at: Timestamp::UNIX_EPOCH,
            branch: None,
        }];
        let belief = Belief {
            support: 200,
            against: 100,
        };
        let record = Record {
            memory,
            evidence,
            belief,
            standing: Standing::Active,
        };
        let shown = serde_json::to_string(&Shown::from(&record)).expect("plain values");
        let expected = concat!(
            r#"{"id":"m1","kind":"preference","domain":"general","scope":"project","project":"p1","what":"use pnpm","#,
            r#""when":"installing","do":"pnpm add","warn":null,"confidence":0.6,"standing":"active","#,
            r#""pinned":false,"valid_from":"1970-01-01T00:00:00Z","valid_to":null,"recorded_at":"1970-01-01T00:00:00Z","#,
            r#""evidence":[{"session":"s1","turn":"t1","quote":"use pnpm","said_by":"user","#,
            r#""at":"1970-01-01T00:00:00Z"}],"tags":["js"],"cluster":null,"members":[]}"#,
        );
        assert_eq!(shown, expected);
    }
}
