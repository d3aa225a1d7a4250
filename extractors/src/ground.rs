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
//! **Tokens.** Every figure of the lesson (number, version, date, URL) occurs in the quotable text of the
//! cited turns, and every name (path, file, flag, ticket, code span, `snake_case`, `camelCase`, dotted,
//! `CONST_NAME`, `name()`) in that of the episode, or in what the caller brings from beyond it. A
//! capitalised word, an acronym and a hyphenated word are prose. Twelve or less may be written as a word
//! in the turn. A code span may be made of words that stand apart.
//!
//! **Matter.** A lesson shares at least one telling word with the cited turns and their neighbours, unless
//! either is in another language.
//!
//! **Negation.** Two rules, both blind to questions and to clauses under *if, when, unless* …:
//! a sentence of the lesson that has a quoted sentence's words in its order must also negate as it
//! does; and a clause that speaks of the same thing as a quoted clause (most words shared, among
//! them the verb that is negated) must not say the opposite. Advice is held against rules only, not
//! against what merely happened: *it is not set* supports *set it*. What `warn` says without a
//! negation counts as said against the thing, and agrees with everything. *never X without Y* asks
//! for Y; *don't forget X* asks for X; *X fails* is neither for nor against X.
//!
//! **Voice.** What `do` forbids, and what `what` denies first of all, somebody quoted must have negated,
//! regretted, doubted or limited; what the lesson itself denies or warns of may carry its advice. And
//! the parts of a lesson must not say the opposite of each other.

mod claims;
mod clauses;
mod cues;
mod cut;
mod fold;
mod haystack;
mod heard;
mod inner;
mod polarity;
mod prose;
mod quote;
mod related;
mod share;
mod stand;
mod tables;
mod unspaced;

#[cfg(test)]
mod tests;

use domain::{Candidate, Evidence, Lesson, Part, Speaker, Turn, TurnId};

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
    /// The lesson states a number, a version, a date or an address that the cited turns do not.
    #[error("the lesson states {0:?}, and none of the turns that it quotes does")]
    Unfounded(String),
    /// The lesson names something that nothing the model was shown does.
    #[error(
        "the lesson names {0:?}, which stands nowhere in the session that it comes from \
         nor in what was known before"
    )]
    Unknown(String),
    /// The lesson speaks of something else.
    #[error("the lesson and the turns around its quotes have no word in common")]
    Unrelated,
    /// The lesson says the opposite of what was said.
    #[error("the lesson says {0:?}, and its quotes say the opposite")]
    Polarity(String),
    /// One part of the lesson says the opposite of another.
    #[error("one part of the lesson says {0:?}, and another the opposite")]
    AtOdds(String),
    /// The lesson forbids or denies what nobody objected to.
    #[error("the lesson denies or forbids {0:?}, and nobody who is quoted spoke against that")]
    Unvoiced(String),
}

/// What else a name may be known from than the episode; a figure may not.
#[derive(Clone, Copy, Debug, Default)]
pub struct Beyond<'a> {
    /// Turns of the same session.
    pub turns: &'a [Turn],
    /// What was known before, in words that the model was shown.
    pub known: &'a [String],
}

/// Checks that quotes, tokens and negation of a candidate hold against the cited turns.
pub fn check(candidate: &Candidate, turns: &[Turn]) -> Result<(), Ungrounded> {
    check_with(candidate, turns, Beyond::default())
}

/// Checks a candidate where names may also be known from beyond its episode.
pub fn check_with(
    candidate: &Candidate,
    turns: &[Turn],
    beyond: Beyond<'_>,
) -> Result<(), Ungrounded> {
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
    let haystack = Haystack::of(&cited, turns, beyond);
    if let Some(token) = claims::unfounded(&candidate.lesson, &haystack) {
        let doubt = match claims::is_figure(&token) {
            true => Ungrounded::Unfounded,
            false => Ungrounded::Unknown,
        };
        return Err(doubt(token));
    }
    if related::is_unrelated(&candidate.lesson, &cited, turns) {
        return Err(Ungrounded::Unrelated);
    }
    agrees(&candidate.lesson, &contexts, &said_around(&cited, turns))
}

/// Checks that a lesson says nothing that its quotes, or another part of it, say otherwise.
fn agrees(lesson: &Lesson, contexts: &[String], around: &[String]) -> Result<(), Ungrounded> {
    if let Some(said) = polarity::contradiction(lesson, contexts) {
        return Err(Ungrounded::Polarity(said));
    }
    if let Some(said) = inner::contradiction(lesson) {
        return Err(Ungrounded::AtOdds(said));
    }
    match heard::unvoiced(lesson, contexts, around) {
        Some(denied) => Err(Ungrounded::Unvoiced(denied)),
        None => Ok(()),
    }
}

/// Returns what the user said around the cited turns: they object where nobody quotes them.
fn said_around(cited: &[&Turn], turns: &[Turn]) -> Vec<String> {
    let parts = related::near(cited, turns).flat_map(|turn| &turn.parts);
    let said = parts.filter(|part| part.speaker == Speaker::User);
    said.map(|part| part.text.clone()).collect()
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
