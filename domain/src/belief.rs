//! Belief: dated events for and against, and the confidence that is read from them.
//!
//! Confidence is never stored: it is computed from the events whenever it is shown.

use std::iter::Sum;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{BeliefId, MemoryId, SessionId, Speaker, digest};

/// How much an event counts, in hundredths: whole numbers add up the same in any order.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Weight(pub i32);

impl Weight {
    /// Returns what a witness's word counts: the person most, what ran here next, a model's word least.
    pub fn of_witness(speaker: Speaker) -> Self {
        match speaker {
            Speaker::User => Self(200),
            Speaker::Tool => Self(150),
            Speaker::Assistant | Speaker::Outside => Self(50),
            Speaker::Injected | Speaker::Compaction => Self(0),
        }
    }
}

/// Why belief changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// It was said or shown again.
    Evidence,
    /// A person wrote it down themselves.
    Saved,
    /// It was marked as right or wrong.
    Validated,
    /// Something else contradicts it.
    Contradicted,
}

impl Reason {
    const ALL: [Self; 4] = [
        Self::Evidence,
        Self::Saved,
        Self::Validated,
        Self::Contradicted,
    ];

    /// Returns the word that is stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Evidence => "evidence",
            Self::Saved => "saved",
            Self::Validated => "validated",
            Self::Contradicted => "contradicted",
        }
    }

    /// Returns the reason that a stored word names.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.as_str() == word)
    }
}

/// One dated event for (above zero) or against (below zero) a memory.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BeliefEvent {
    /// The memory it is about.
    pub memory: MemoryId,
    /// When it happened in the world.
    pub at: Timestamp,
    /// The session in which it happened: one session counts once for each reason.
    pub session: Option<SessionId>,
    /// Why.
    pub reason: Reason,
    /// How much, and which way.
    pub weight: Weight,
}

impl BeliefEvent {
    /// Names the event so that one session supports a memory once for each reason.
    ///
    /// Without a session (a person at the terminal) a day counts as one: saying it again in a minute
    /// adds nothing.
    pub fn id(&self) -> BeliefId {
        let day = (self.at.as_second() / 86_400).to_string();
        let place = self
            .session
            .as_ref()
            .map_or(day.as_str(), SessionId::as_str);
        BeliefId::new(digest(
            'b',
            &[self.memory.as_str(), place, self.reason.as_str()],
        ))
    }
}

/// The sum of a memory's events: Beta counts beside an even prior.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Belief {
    /// What speaks for it, in hundredths.
    pub support: i64,
    /// What speaks against it, in hundredths.
    pub against: i64,
}

impl Belief {
    /// Returns the mean of Beta(1 + support, 1 + against).
    pub fn confidence(self) -> f64 {
        let (support, against) = (self.support as f64 / 100.0, self.against as f64 / 100.0);
        (1.0 + support) / (2.0 + support + against)
    }
}

impl Sum<Weight> for Belief {
    fn sum<I: Iterator<Item = Weight>>(weights: I) -> Self {
        weights.fold(Self::default(), |sum, Weight(weight)| match weight {
            0.. => Self {
                support: sum.support + i64::from(weight),
                ..sum
            },
            _ => Self {
                against: sum.against - i64::from(weight),
                ..sum
            },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn confidence_rises_with_support_and_falls_with_contradiction() {
        let belief = |weights: &[i32]| weights.iter().map(|w| Weight(*w)).sum::<Belief>();
        assert_eq!(belief(&[]).confidence(), 0.5);
        assert_eq!(belief(&[200]).confidence(), 0.75);
        assert!(belief(&[200, 200]).confidence() > belief(&[200]).confidence());
        assert!(belief(&[200, -200]).confidence() < belief(&[200]).confidence());
    }

    #[test]
    fn a_session_supports_a_memory_once() {
        let event = |session: Option<&str>, at: i64| BeliefEvent {
            memory: MemoryId::new("m1"),
            at: Timestamp::from_millisecond(at).expect("a small number"),
            session: session.map(SessionId::new),
            reason: Reason::Evidence,
            weight: Weight(50),
        };
        assert_eq!(event(Some("s"), 1).id(), event(Some("s"), 2).id());
        assert_ne!(event(Some("s"), 1).id(), event(Some("t"), 1).id());
        let day = 86_400_000;
        assert_eq!(event(None, 1).id(), event(None, 2).id());
        assert_ne!(event(None, 1).id(), event(None, 1 + day).id());
    }
}
