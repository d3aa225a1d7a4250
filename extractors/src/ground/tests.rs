//! Holds grounding to a table of sound and unsound candidates, and to laws over corrupted ones.

mod laws;
mod negation;
mod quotes;
mod retold;
mod tokens;

use domain::{
    Candidate, Evidence, Kind, Lesson, Part, PartKind, Place, Scope, SessionId, Speaker, Turn,
    TurnId,
};
use jiff::Timestamp;

use super::{Beyond, Ungrounded, check, check_with};

fn part(speaker: Speaker, text: &str) -> Part {
    Part {
        speaker,
        kind: PartKind::Said,
        text: text.to_owned(),
    }
}

fn turn_of(id: &str, parts: Vec<Part>) -> Turn {
    Turn {
        id: TurnId::new(id),
        session: SessionId::new("s"),
        parent: None,
        at: "2026-02-07T04:00:00Z".parse().expect("a time"),
        position: 0,
        place: Place {
            cwd: Some("/home/ann/shop".to_owned()),
            branch: Some("feature/pay-2".to_owned()),
        },
        sidechain: None,
        parts,
    }
}

fn said(text: &str) -> Turn {
    turn_of("t", vec![part(Speaker::User, text)])
}

fn evidence(quote: &str, said_by: Speaker) -> Evidence {
    Evidence {
        session: SessionId::new("s"),
        turn: TurnId::new("t"),
        quote: quote.to_owned(),
        said_by,
        at: Timestamp::UNIX_EPOCH,
        branch: None,
    }
}

fn lesson(what: &str, do_: Option<&str>, warn: Option<&str>) -> Lesson {
    Lesson {
        kind: Kind::Fact,
        scope: Scope::Project,
        what: what.to_owned(),
        when: None,
        do_: do_.map(ToOwned::to_owned),
        warn: warn.map(ToOwned::to_owned),
    }
}

fn candidate(lesson: Lesson, evidence: Vec<Evidence>) -> Candidate {
    Candidate {
        lesson,
        domain: "general".to_owned(),
        slot: None,
        asserted_by: Speaker::User,
        evidence,
    }
}

/// Checks a lesson against a turn that is quoted whole.
fn against(text: &str, lesson: Lesson) -> Result<(), Ungrounded> {
    let candidate = candidate(lesson, vec![evidence(text, Speaker::User)]);
    check(&candidate, &[said(text)])
}
