//! Joins blocks while they fit and speak of the same things, and cuts where they do not.
//!
//! Decides from the first block of a piece on, and from nothing before it: whoever begins to read where
//! a piece began that needed no context comes to the same pieces.

use domain::{PartKind, Turn};

use super::blocks::{Block, Placed};
use super::lanes::Stretch;
use super::{Limits, said, tokens};

// Measured on 49 recorded transcripts: of 373 neighbouring prompts of one session 12 in 100 lie below, of
// the last prompt of one session and the first of another of the same project 48 in 100 do, and 20 more
// have too few words to be told.
const RELATED: usize = 25;
// So much of an episode may be the end of the one before: enough for a prompt and an answer.
const CONTEXT_PART: usize = 20;

/// A run of turns that will be an episode if enough was said in it.
#[derive(Default)]
pub(super) struct Piece<'a> {
    /// The last words of the former piece, where the matter runs on.
    pub(super) context: Vec<Placed<'a>>,
    pub(super) turns: Vec<Placed<'a>>,
    /// What was said in the blocks that it belongs to, in characters.
    pub(super) said: usize,
    /// Whether it begins in the middle of a block.
    pub(super) is_middle: bool,
}

/// The blocks that may become one piece, and what they take along.
#[derive(Default)]
struct Window<'a> {
    context: Vec<Placed<'a>>,
    blocks: Vec<Block<'a>>,
    is_middle: bool,
}

/// Returns the pieces of a stretch, in order.
pub(super) fn pieces<'a>(stretch: &Stretch<'a>, limits: &Limits) -> Vec<Piece<'a>> {
    let mut done = Vec::new();
    let mut open = Window::default();
    for block in &stretch.blocks {
        let mut block = Block::new(block.clone());
        if open.ends_before(&block, limits) {
            done.push(std::mem::take(&mut open).close());
        }
        while !open.blocks.is_empty() && open.tokens() + block.tokens > limits.max_tokens {
            let (piece, rest) = open.cut_before(&block, limits);
            done.push(piece);
            open = rest;
        }
        while open.tokens() + block.tokens > limits.max_tokens && block.turns.len() > 1 {
            open.make_room_for(&block.turns[..1], limits);
            let (piece, next, rest) = open.fill(block, limits);
            done.push(piece);
            (open, block) = (next, rest);
        }
        open.make_room_for(&block.turns, limits);
        open.blocks.push(block);
    }
    done.push(open.close());
    done.retain(|piece| !piece.turns.is_empty());
    done
}

impl<'a> Window<'a> {
    fn tokens(&self) -> usize {
        let context: usize = self.context.iter().map(|(_, turn)| tokens(turn)).sum();
        context + self.blocks.iter().map(|block| block.tokens).sum::<usize>()
    }

    /// Lets go of the context where there is no room for it.
    fn make_room_for(&mut self, turns: &[Placed<'_>], limits: &Limits) {
        let size: usize = turns.iter().map(|(_, turn)| tokens(turn)).sum();
        if self.blocks.is_empty() && self.tokens() + size > limits.max_tokens {
            self.context.clear();
        }
    }

    /// Says whether a block opens another matter: it comes late, or speaks of something else.
    fn ends_before(&self, block: &Block<'_>, limits: &Limits) -> bool {
        let (Some(last), Some(prompt)) = (self.blocks.last(), block.turns.first()) else {
            return false;
        };
        let turns = || self.blocks.iter().flat_map(|block| &block.turns);
        let latest = turns().map(|(_, turn)| turn.at).max();
        let late = latest.is_some_and(|at| prompt.1.at.duration_since(at) > limits.pause);
        let paused = late && turns().count() >= limits.min_turns;
        let turned = self.tokens() >= limits.min_tokens && last.cohesion(block) < RELATED;
        paused || turned
    }

    /// Cuts off a piece where the blocks have least to do with one another, the coming one among them.
    fn cut_before(mut self, coming: &Block<'_>, limits: &Limits) -> (Piece<'a>, Self) {
        let mut best = (self.blocks.len(), usize::MAX);
        let mut size = 0;
        for at in 1..=self.blocks.len() {
            size += self.blocks[at - 1].tokens;
            // A piece that is cut off early makes one more call in the end.
            if size * 3 < limits.max_tokens * 2 && at < self.blocks.len() {
                continue;
            }
            let next = self.blocks.get(at).unwrap_or(coming);
            let cohesion = self.blocks[at - 1].cohesion(next);
            if cohesion <= best.1 {
                best = (at, cohesion);
            }
        }
        let (at, cohesion) = best;
        let blocks = self.blocks.split_off(at);
        let piece = self.close();
        let context = match cohesion >= RELATED {
            true => last_words(&piece.turns, limits),
            false => Vec::new(),
        };
        let is_middle = false;
        let rest = Self {
            context,
            blocks,
            is_middle,
        };
        (piece, rest)
    }

    /// Fills a piece with the turns of a block that is too long for one, and returns the rest of both.
    fn fill(mut self, mut block: Block<'a>, limits: &Limits) -> (Piece<'a>, Self, Block<'a>) {
        let mut room = limits.max_tokens.saturating_sub(self.tokens());
        let fits = block.turns.iter().take_while(|(_, turn)| {
            let size = tokens(turn);
            let fits = size <= room;
            room = room.saturating_sub(size);
            fits
        });
        // A turn that is too long for itself is an episode all the same.
        let fits = fits.count().max(1).min(block.turns.len() - 1);
        let at = before_calls(&block.turns, fits, limits);
        let rest = block.turns.split_off(at);
        let whole = block.said;
        self.blocks.push(Block::part(block.turns, whole));
        let piece = self.close();
        let next = Self {
            context: last_words(&piece.turns, limits),
            blocks: Vec::new(),
            is_middle: true,
        };
        (piece, next, Block::part(rest, whole))
    }

    fn close(self) -> Piece<'a> {
        Piece {
            said: self.blocks.iter().map(|block| block.said).sum(),
            turns: self
                .blocks
                .into_iter()
                .flat_map(|block| block.turns)
                .collect(),
            context: self.context,
            is_middle: self.is_middle,
        }
    }
}

/// Moves a cut to before the calls that the next turn answers: they belong together.
fn before_calls(turns: &[Placed<'_>], at: usize, limits: &Limits) -> usize {
    let next = turns[at].1;
    let asked = turns[..at].iter().position(|(_, turn)| answers(next, turn));
    let Some(from) = asked.filter(|from| *from > 0) else {
        return at;
    };
    let size: usize = turns[from..=at].iter().map(|(_, turn)| tokens(turn)).sum();
    match size > limits.max_tokens {
        true => at,
        false => from,
    }
}

/// Says whether a turn holds the result of a call in another.
fn answers(turn: &Turn, other: &Turn) -> bool {
    let results = turn.parts.iter().filter_map(|part| match &part.kind {
        PartKind::Result { call, .. } | PartKind::Refusal { call } => Some(call),
        PartKind::Said | PartKind::Call { .. } => None,
    });
    let asks = |wanted: &String| {
        let is_call =
            |kind: &PartKind| matches!(kind, PartKind::Call { call, .. } if call == wanted);
        other.parts.iter().any(|part| is_call(&part.kind))
    };
    results.into_iter().any(asks)
}

/// Returns the last turns in which somebody speaks, as many as a small part of an episode holds. None is
/// left out between two: a remark next to another that it does not answer says what nobody said.
fn last_words<'a>(turns: &[Placed<'a>], limits: &Limits) -> Vec<Placed<'a>> {
    let mut room = limits.max_tokens / CONTEXT_PART;
    let mut words = Vec::new();
    let spoken = turns
        .iter()
        .rev()
        .filter(|(_, turn)| said::weight(turn) > 0);
    for placed in spoken {
        let Some(left) = room.checked_sub(tokens(placed.1)) else {
            break;
        };
        room = left;
        words.push(*placed);
    }
    words.reverse();
    words
}
