//! Makes corrupted copies of a candidate that holds: a wrong lesson, or a wrong quote.
//!
//! Every copy differs in one thing, and says something that nobody said.

use domain::{Candidate, Evidence, Lesson, Speaker, Turn};

use super::negation::{self, Place, Turned};
use super::tokens;
use crate::gold::one_spaced;

/// A corrupted copy.
pub(crate) struct Copy {
    /// What was done to it.
    pub(crate) kind: String,
    /// What stands there now.
    pub(crate) shown: String,
    pub(crate) candidate: Candidate,
}

/// Returns copies whose lesson is wrong.
pub(crate) fn of_the_lesson(candidate: &Candidate, turns: &[Turn]) -> Vec<Copy> {
    let said = said(turns);
    let mut copies = Vec::new();
    for (place, text) in fields(&candidate.lesson) {
        for swap in tokens::swapped(text, &said) {
            let kind = format!("{} swapped", swap.sort.as_str());
            copies.push(with_field(candidate, place, kind, swap.token, swap.text));
        }
        for Turned { form, text } in negation::turned(text, place) {
            let kind = format!("negation {form}, in {}", name(place));
            copies.push(with_field(candidate, place, kind, text.clone(), text));
        }
    }
    copies
}

fn name(place: Place) -> &'static str {
    match place {
        Place::What => "what",
        Place::Do => "do",
        Place::Warn => "warn",
    }
}

fn fields(lesson: &Lesson) -> Vec<(Place, &str)> {
    let rest = [(Place::Do, &lesson.do_), (Place::Warn, &lesson.warn)];
    let rest = rest
        .into_iter()
        .filter_map(|(place, text)| Some((place, text.as_deref()?)));
    std::iter::once((Place::What, lesson.what.as_str()))
        .chain(rest)
        .collect()
}

fn with_field(
    candidate: &Candidate,
    place: Place,
    kind: String,
    shown: String,
    text: String,
) -> Copy {
    let mut candidate = candidate.clone();
    match place {
        Place::What => candidate.lesson.what = text,
        Place::Do => candidate.lesson.do_ = Some(text),
        Place::Warn => candidate.lesson.warn = Some(text),
    }
    Copy {
        kind,
        shown,
        candidate,
    }
}

/// Returns a copy that keeps its quotes and says something of another session.
pub(crate) fn of_another_matter(candidate: &Candidate, strange: &str) -> Copy {
    let lesson = Lesson {
        what: strange.to_owned(),
        when: None,
        do_: None,
        warn: None,
        ..candidate.lesson.clone()
    };
    Copy {
        kind: "lesson of another session".to_owned(),
        shown: strange.to_owned(),
        candidate: Candidate {
            lesson,
            ..candidate.clone()
        },
    }
}

/// Returns copies one of whose quotes is wrong; `strange` is a sentence that nobody said here.
pub(crate) fn of_the_quotes(candidate: &Candidate, turns: &[Turn], strange: &str) -> Vec<Copy> {
    let mut copies = Vec::new();
    for (index, evidence) in candidate.evidence.iter().enumerate() {
        let mut add = |kind: &str, evidence: Evidence| {
            let mut copy = candidate.clone();
            copy.evidence[index] = evidence;
            copies.push(Copy {
                kind: kind.to_owned(),
                shown: copy.evidence[index].quote.clone(),
                candidate: copy,
            });
        };
        let with = |quote: String| Evidence {
            quote,
            ..evidence.clone()
        };
        let said = turns.iter().find(|turn| turn.id == evidence.turn);
        let said = one_spaced(&said.map(Turn::quotable).unwrap_or_default());
        // A retelling in words of one's own is the invention that comes most natural.
        for quote in [candidate.lesson.what.as_str(), strange] {
            if !said.contains(&one_spaced(quote)) {
                add("quote invented", with(quote.to_owned()));
            }
        }
        for turn in neighbours(evidence, turns) {
            add(
                "quote from a wrong turn",
                Evidence {
                    turn: turn.id.clone(),
                    ..evidence.clone()
                },
            );
        }
        for said_by in [Speaker::User, Speaker::Assistant, Speaker::Tool] {
            if !speakers(evidence, turns).contains(&said_by) {
                add(
                    "speaker lied about",
                    Evidence {
                        said_by,
                        ..evidence.clone()
                    },
                );
            }
        }
        for swap in tokens::swapped(&evidence.quote, &said) {
            if matches!(swap.sort, tokens::Sort::Number | tokens::Sort::Version) {
                add("quote with a number changed", with(swap.text));
            }
        }
        if let Some(quote) = negation::dropped(&evidence.quote) {
            add("quote with a negation dropped", with(quote));
        }
    }
    copies
}

/// Returns copies that quote what was put into the context.
pub(crate) fn from_injected(candidate: &Candidate, turns: &[Turn]) -> Vec<Copy> {
    let Some(first) = candidate.evidence.first() else {
        return Vec::new();
    };
    let injected = turns.iter().filter_map(|turn| {
        let of = |part: &&domain::Part| !part.speaker.bears_witness();
        let words = one_spaced(&turn.parts.iter().find(of)?.text);
        let quote: Vec<&str> = words.split(' ').take(20).collect();
        let quote = quote.join(" ");
        let also_said = one_spaced(&turn.quotable()).contains(&quote);
        (quote.len() > 20 && !also_said).then(|| Evidence {
            turn: turn.id.clone(),
            quote,
            ..first.clone()
        })
    });
    let few = injected.take(3);
    let copy = |evidence: Evidence| {
        let mut candidate = candidate.clone();
        let shown = evidence.quote.clone();
        candidate.evidence[0] = evidence;
        Copy {
            kind: "quote from injected text".to_owned(),
            shown,
            candidate,
        }
    };
    few.map(copy).collect()
}

/// Returns who in the turn said these words; several may have.
fn speakers(evidence: &Evidence, turns: &[Turn]) -> Vec<Speaker> {
    let turn = turns.iter().find(|turn| turn.id == evidence.turn);
    let parts = turn.map(|turn| turn.parts.as_slice()).unwrap_or_default();
    let quote = one_spaced(&evidence.quote);
    let says = |part: &&domain::Part| one_spaced(&part.text).contains(&quote);
    let found = parts.iter().filter(says).map(|part| part.speaker);
    found.chain([evidence.said_by]).collect()
}

/// Returns the nearest turns around the cited one that do not say the same.
fn neighbours<'a>(evidence: &Evidence, turns: &'a [Turn]) -> Vec<&'a Turn> {
    let Some(at) = turns.iter().position(|turn| turn.id == evidence.turn) else {
        return Vec::new();
    };
    let quote = one_spaced(&evidence.quote);
    let other = |turn: &&Turn| !one_spaced(&turn.quotable()).contains(&quote);
    let before = turns[..at].iter().rev().find(other);
    let after = turns[at + 1..].iter().find(other);
    before.into_iter().chain(after).collect()
}

/// Returns everything that these turns say.
fn said(turns: &[Turn]) -> String {
    let texts: Vec<String> = turns.iter().map(Turn::quotable).collect();
    texts.join("\n")
}
