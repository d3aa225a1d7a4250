//! Looks a quote up in the episode: whose words it is, when and where they were said.
//!
//! It must believe nothing that a reply says of a quote but the turn to look in.

use std::cell::Cell;
use std::collections::HashMap;

use domain::{Episode, Evidence, Speaker, Turn, TurnId};

use crate::ground;

use super::draft::Field;
use super::fault::{Fault, short};
use super::names::Name;
use super::sense;

// A search costs words of the quote times words of the turn, and folding the turn some twenty words
// more. A reply with three lessons and ten supports needs less than this on the longest episode;
// what comes behind it was written to keep us busy, and is not looked up.
const WORK: usize = 20_000_000;
const FOLDING: usize = 20;
const BYTES_PER_WORD: usize = 5;

/// The turns of an episode, by the names under which a reply cites them.
pub(super) struct Witness<'a> {
    episode: &'a Episode,
    turns: HashMap<&'a TurnId, &'a Turn>,
    /// How much may still be searched.
    work: Cell<usize>,
}

/// A quote, looked up.
pub(super) struct Seen {
    /// The quote with the place and the speaker that the turn gives it.
    pub(super) evidence: Evidence,
    /// Whether somebody who bears witness said it there.
    pub(super) is_said: bool,
}

impl<'a> Witness<'a> {
    /// Gathers the turns of an episode.
    pub(super) fn new(episode: &'a Episode, turns: &'a [Turn]) -> Self {
        Self {
            episode,
            turns: turns.iter().map(|turn| (&turn.id, turn)).collect(),
            work: Cell::new(WORK),
        }
    }

    /// Looks a quote up in the turns that it cites; one that cites none, in all of them.
    ///
    /// A quote that does not stand in its turn is returned all the same, as said by the turn's own
    /// speaker: the check that comes later keeps it from the memories, with its reason.
    pub(super) fn look_up(&self, field: &Field) -> Result<Seen, Fault> {
        let quote = without_our_marks(&field.text);
        if quote.is_empty() {
            return Err(Fault::Missing("words in a quote"));
        }
        let cited = field.beside(Name::Turn).unwrap_or_default().trim();
        if cited.is_empty() {
            let all = self.episode.turns.iter();
            let all = all.filter_map(|id| self.turns.get(id).copied());
            let found = all.filter_map(|turn| self.seen(turn, &quote));
            let mut said = found.filter(|seen| seen.is_said);
            return said.next().ok_or_else(|| Fault::Nowhere(short(&quote)));
        }
        let turns = self.cited(cited)?;
        let mut found: Vec<Seen> = turns
            .iter()
            .filter_map(|turn| self.seen(turn, &quote))
            .collect();
        found.sort_by_key(|seen| !seen.is_said);
        Ok(found
            .into_iter()
            .next()
            .unwrap_or_else(|| unseen(turns[0], &quote)))
    }

    /// Returns the quote with its speaker, when it stands in the turn.
    fn seen(&self, turn: &Turn, quote: &str) -> Option<Seen> {
        let said: usize = turn.parts.iter().map(|part| part.text.len()).sum();
        let words = |bytes: usize| 1 + bytes / BYTES_PER_WORD;
        let cost = (FOLDING + words(quote.len())) * words(said);
        let left = self.work.get().checked_sub(cost)?;
        self.work.set(left);
        let speaker = ground::said_by(quote, turn)?;
        Some(Seen {
            evidence: evidence(turn, quote, speaker),
            is_said: speaker.bears_witness(),
        })
    }

    /// Returns the turns that a citation names; never an empty list.
    fn cited(&self, cited: &str) -> Result<Vec<&'a Turn>, Fault> {
        let whole = self.episode.turns.iter().find(|id| id.as_str() == cited);
        let numbers = sense::turns(cited).into_iter();
        let mut ids: Vec<&TurnId> = match whole {
            Some(id) => vec![id],
            None => numbers
                .filter_map(|number| self.episode.turns.get(number - 1))
                .collect(),
        };
        if ids.is_empty() {
            return Err(Fault::NoSuchTurn(short(cited)));
        }
        ids.dedup();
        let kept: Vec<&Turn> = ids
            .into_iter()
            .filter_map(|id| self.turns.get(id).copied())
            .collect();
        match kept.is_empty() {
            true => Err(Fault::TurnIsGone(short(cited))),
            false => Ok(kept),
        }
    }
}

fn unseen(turn: &Turn, quote: &str) -> Seen {
    let speaker = turn.speaker().unwrap_or(Speaker::Assistant);
    Seen {
        evidence: evidence(turn, quote, speaker),
        is_said: false,
    }
}

fn evidence(turn: &Turn, quote: &str, said_by: Speaker) -> Evidence {
    Evidence {
        session: turn.session.clone(),
        turn: turn.id.clone(),
        quote: quote.to_owned(),
        said_by,
        at: turn.at,
        branch: turn.place.branch.clone(),
    }
}

/// Takes out what the request put among the words: `|` before each line, and notes of what it left out.
fn without_our_marks(quote: &str) -> String {
    let lines = quote.lines().map(|line| {
        let line = line.trim();
        let line = line.strip_prefix('|').map_or(line, str::trim_start);
        let is_note = line.starts_with("[…") && line.ends_with("left out]");
        if is_note { "..." } else { line }
    });
    lines.collect::<Vec<_>>().join("\n").trim().to_owned()
}

/// Returns whose claim it is, from what the reply says and from who was found to have said its quotes.
///
/// A reply may claim less than its quotes bear out, and never more: `user` holds only where the
/// user's own words are quoted. One quote from outside makes the whole an outside claim, or else a
/// page could borrow the user's voice by having some harmless sentence of theirs quoted beside its own.
pub(super) fn asserted(claim: Option<Speaker>, found: &[Speaker]) -> Speaker {
    let Some(best) = found.iter().copied().min_by_key(|s| ground::rank(*s)) else {
        return Speaker::Assistant;
    };
    if found.contains(&Speaker::Outside) {
        return Speaker::Outside;
    }
    match claim {
        None => found[0],
        Some(claim) if found.contains(&claim) => claim,
        // No tool said it: then the assistant found it out.
        Some(Speaker::Tool) => Speaker::Assistant,
        Some(claim) if ground::rank(claim) > ground::rank(best) => claim,
        Some(_) => best,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reply_may_claim_less_than_its_quotes_bear_out_and_never_more() {
        use Speaker::{Assistant, Outside, Tool, User};
        for (claim, found, expected) in [
            (Some(User), vec![User], User),
            (Some(User), vec![Assistant, User], User),
            (Some(User), vec![Tool], Tool),
            (Some(User), vec![Assistant], Assistant),
            (Some(User), vec![User, Outside], Outside),
            (Some(User), vec![], Assistant),
            (Some(Tool), vec![Tool], Tool),
            (Some(Tool), vec![User], Assistant),
            (Some(Tool), vec![Assistant], Assistant),
            (Some(Assistant), vec![User], Assistant),
            (Some(Assistant), vec![Outside], Outside),
            (Some(Outside), vec![User], Outside),
            (None, vec![Tool, User], Tool),
            (None, vec![User], User),
        ] {
            assert_eq!(asserted(claim, &found), expected, "{claim:?} {found:?}");
        }
    }

    #[test]
    fn the_marks_of_the_request_are_taken_out_of_a_quote() {
        let quote = "| use pnpm\n|  never npm\n[… 1,240 characters left out]\nhere";
        assert_eq!(without_our_marks(quote), "use pnpm\nnever npm\n...\nhere");
        assert_eq!(without_our_marks("a | b || c"), "a | b || c");
        assert_eq!(without_our_marks("|"), "");
    }
}
