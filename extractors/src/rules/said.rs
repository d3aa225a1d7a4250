//! Turns the user's standing rules, corrections and decisions into candidates.
//!
//! Reads only what the user said or gave as the reason of a refusal; every other speaker is passed by.

use std::collections::BTreeSet;

use domain::{Candidate, Evidence, Kind, Part, PartKind, Speaker, Turn};

use super::cues::{self, Rule};
use super::{plain, prose, tongues, wording};

/// A sentence that lays down a rule.
#[derive(Debug)]
pub(super) struct Spoken<'a> {
    /// The sentence as it was written.
    pub(super) sentence: &'a str,
    /// What it lays down.
    pub(super) rule: Rule,
}

/// Returns the rules of these turns; a rule that is repeated word for word is given once.
pub(super) fn rules(turns: &[Turn]) -> Vec<Candidate> {
    let mut known = BTreeSet::new();
    let mut found = Vec::new();
    for turn in turns {
        for part in turn.parts.iter().filter(|part| is_the_users(part)) {
            for spoken in spoken(&part.text) {
                if known.insert(plain::plain(spoken.sentence).body) {
                    found.push(candidate(turn, part, &spoken));
                }
            }
        }
    }
    found
}

/// Returns the rules that a message lays down.
pub(super) fn spoken(message: &str) -> Vec<Spoken<'_>> {
    let sentences = prose::sentences(message).into_iter();
    let read = |sentence| {
        let plain = plain::plain(sentence);
        let rule = cues::read(&plain).or_else(|| tongues::read(&plain))?;
        Some(Spoken { sentence, rule })
    };
    sentences.filter_map(read).collect()
}

fn is_the_users(part: &Part) -> bool {
    part.speaker == Speaker::User && matches!(part.kind, PartKind::Said | PartKind::Refusal { .. })
}

fn candidate(turn: &Turn, part: &Part, spoken: &Spoken<'_>) -> Candidate {
    // What is said in refusing a call chose between two ways: that is a decision.
    let refused = matches!(part.kind, PartKind::Refusal { .. });
    let kind = if refused {
        Kind::Decision
    } else {
        spoken.rule.kind
    };
    Candidate {
        lesson: wording::lesson(spoken.sentence, spoken.rule.force, kind),
        domain: wording::GENERAL.to_owned(),
        slot: None,
        asserted_by: Speaker::User,
        evidence: vec![Evidence {
            session: turn.session.clone(),
            turn: turn.id.clone(),
            quote: spoken.sentence.to_owned(),
            said_by: Speaker::User,
            at: turn.at,
            branch: turn.place.branch.clone(),
        }],
    }
}
