//! Checks a candidate against the words it came from; a model's candidate and a rule's pass alike.
//!
//! Pure: no store, no clock, no model. It must not mend what it checks, nor let a claim through
//! because it sounds right.
//!
//! **Quotes.** Every quote stands in a part of its cited turn that bears witness and has the
//! speaker that the evidence names. Texts are compared as lower-case words after NFKC, with
//! typographic quotes and dashes folded and punctuation between words left out; of ten words one
//! may differ, but never a number or a word that negates. `...` may stand for words left out.
//!
//! **Tokens.** Every figure of the lesson (number, version, date, ticket, URL) occurs in the quotable
//! text of the cited turns, and every name (path, file, flag, code span, `snake_case`, `camelCase`,
//! dotted, `CONST_NAME`, `name()`) in that of the episode. A capitalised word, an acronym and a hyphenated word are prose. Twelve
//! or less may be written as a word in the turn. A code span may be made of words that stand apart.
//!
//! **Negation.** Two rules, both blind to questions and to clauses under *if, when, unless* …:
//! a sentence of the lesson that has a quoted sentence's words in its order must also negate as it
//! does; and a clause that speaks of the same thing as a quoted clause (most words shared, among
//! them the verb that is negated) must not say the opposite. Advice is held against rules only, not
//! against what merely happened: *it is not set* supports *set it*. What `warn` says without a
//! negation counts as said against the thing, and agrees with everything. *never X without Y* asks
//! for Y; *don't forget X* asks for X; *X fails* is neither for nor against X. Besides, what `do`
//! forbids must have been objected to, doubted or chosen against in some quoted sentence of the matter.

mod claims;
mod clauses;
mod cues;
mod fold;
mod haystack;
mod polarity;
mod prose;
mod quote;
mod stand;
mod tables;
mod unspaced;

#[cfg(test)]
mod tests;

use domain::{Candidate, Evidence, Lesson, Part, Turn, TurnId};

use fold::Text;
use haystack::Haystack;

pub(crate) use stand::{contexts, rank, said_by};

/// Why a candidate does not stand on its evidence.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Ungrounded {
    /// There is nothing that it could stand on.
    #[error("the candidate cites no evidence")]
    NoEvidence,
    /// The cited turn is not among those that were read.
    #[error("turn {0} does not exist")]
    NoSuchTurn(TurnId),
    /// The quote says too little to be found for certain.
    #[error("quote {0:?} is too short to prove anything")]
    TooShort(String),
    /// The words stand only in what was put into the context.
    #[error("quote {0:?} comes from injected text or a compaction")]
    FromInjected(String),
    /// The words were said by somebody else.
    #[error("quote {0:?} was said by another speaker")]
    OtherSpeaker(String),
    /// The words do not stand in the turn.
    #[error("quote {0:?} does not stand in its turn")]
    NotFound(String),
    /// The lesson names something that the cited turns do not.
    #[error("{0:?} does not occur in the cited turns")]
    Unfounded(String),
    /// The lesson says the opposite of what was said.
    #[error("{0:?} says the opposite of its quote")]
    Polarity(String),
    /// The lesson forbids what nobody objected to.
    #[error("nobody who is quoted speaks against {0:?}")]
    Unvoiced(String),
}

/// Checks that quotes, tokens and negation of a candidate hold against the cited turns.
pub fn check(candidate: &Candidate, turns: &[Turn]) -> Result<(), Ungrounded> {
    if candidate.evidence.is_empty() {
        return Err(Ungrounded::NoEvidence);
    }
    let mut contexts = Vec::new();
    let mut cited: Vec<&Turn> = Vec::new();
    for evidence in &candidate.evidence {
        let turn = turns.iter().find(|turn| turn.id == evidence.turn);
        let turn = turn.ok_or_else(|| Ungrounded::NoSuchTurn(evidence.turn.clone()))?;
        contexts.extend(contexts_of(evidence, turn)?);
        if !cited.iter().any(|known| known.id == turn.id) {
            cited.push(turn);
        }
    }
    let haystack = Haystack::of(&cited, turns);
    if let Some(token) = claims::unfounded(&candidate.lesson, &haystack) {
        return Err(Ungrounded::Unfounded(token));
    }
    if let Some(said) = polarity::contradiction(&candidate.lesson, &contexts) {
        return Err(Ungrounded::Polarity(said));
    }
    match polarity::unvoiced(&candidate.lesson, &contexts) {
        Some(forbidden) => Err(Ungrounded::Unvoiced(forbidden)),
        None => Ok(()),
    }
}

/// Says whether a lesson says the opposite of any of these sentences.
pub(crate) fn opposes(lesson: &Lesson, sentences: &[String]) -> bool {
    polarity::contradiction(lesson, sentences).is_some()
}

/// Returns the sentences that a quote stands in, or why it does not hold.
fn contexts_of(evidence: &Evidence, turn: &Turn) -> Result<Vec<String>, Ungrounded> {
    let quote = Text::of(&evidence.quote);
    if quote::is_too_short(&quote) {
        return Err(Ungrounded::TooShort(evidence.quote.clone()));
    }
    let mut other = false;
    let mut injected = false;
    for found in stand::stands(&quote, by_promise(turn, evidence)) {
        if !found.part.speaker.bears_witness() {
            injected = true;
        } else if found.part.speaker != evidence.said_by {
            other = true;
        } else {
            let around = |span| quote::sentences(&found.text, span);
            return Ok(found.spans.iter().map(around).collect());
        }
    }
    let words = evidence.quote.clone();
    Err(match (other, injected) {
        (true, _) => Ungrounded::OtherSpeaker(words),
        (false, true) => Ungrounded::FromInjected(words),
        (false, false) => Ungrounded::NotFound(words),
    })
}

/// Returns the turn's parts, those of the named speaker first.
fn by_promise<'a>(turn: &'a Turn, evidence: &Evidence) -> Vec<&'a Part> {
    let mut parts: Vec<&Part> = turn.parts.iter().collect();
    parts.sort_by_key(|part| part.speaker != evidence.said_by);
    parts
}
