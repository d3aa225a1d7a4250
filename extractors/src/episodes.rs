//! Cuts the turns of a reading into episodes: runs on one matter that fit a model's window.
//!
//! Pure. It must not cut inside a turn, nor put two projects, two sessions or two agents together.
//!
//! A lane is one session's main conversation, or one subagent's. A lane breaks where the project
//! changes or hours pass; between breaks it is a row of blocks, each a prompt of the user with all
//! that follows it. Blocks are joined in order while they fit, a block that is too long for itself
//! is cut between turns. What has next to no words of a person or a model makes no episode.

mod lanes;
mod said;

#[cfg(test)]
mod tests;

use domain::words::estimate_tokens;
use domain::{Episode, PartKind, Place, ProjectId, Turn};
use jiff::SignedDuration;

use lanes::Stretch;

/// How episodes are cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// An episode has at most so many estimated tokens, unless it is a single turn.
    pub max_tokens: usize,
    /// From so many turns on, a pause before a prompt ends the episode.
    pub min_turns: usize,
    /// How long that pause is.
    pub pause: SignedDuration,
    /// After so long a silence nothing is one matter any more.
    pub gap: SignedDuration,
    /// With fewer characters said, a stretch makes no episode; the user's count four times.
    pub min_said: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            // A third of the smallest window in use (32,000), so that prompt and reply have room.
            max_tokens: 12_000,
            min_turns: 8,
            pause: SignedDuration::from_hours(1),
            gap: SignedDuration::from_hours(6),
            // "ok, thanks" and "you're welcome" together stay below it.
            min_said: 40,
        }
    }
}

/// Returns the episodes of these turns, which stand in the order of their file.
pub fn cut(
    turns: &[&Turn],
    project_of: impl Fn(&Place) -> Option<ProjectId>,
    limits: &Limits,
) -> Vec<Episode> {
    let mut found: Vec<(usize, Episode)> = Vec::new();
    for stretch in lanes::stretches(turns, project_of, limits) {
        let pieces = pieces(&stretch, limits);
        let spoken = pieces
            .into_iter()
            .filter(|piece| piece.said >= limits.min_said);
        found.extend(spoken.filter_map(|piece| episode(&stretch, &piece)));
    }
    found.sort_by_key(|(first, _)| *first);
    found.into_iter().map(|(_, episode)| episode).collect()
}

/// A run of turns that will be an episode if enough was said in it.
#[derive(Default)]
struct Piece<'a> {
    turns: Vec<(usize, &'a Turn)>,
    tokens: usize,
    /// What was said in the blocks that it belongs to, in characters.
    said: usize,
}

impl<'a> Piece<'a> {
    fn add(&mut self, turn: (usize, &'a Turn)) {
        self.tokens += tokens(turn.1);
        self.turns.push(turn);
    }
}

/// Joins the blocks of a stretch while they fit.
fn pieces<'a>(stretch: &Stretch<'a>, limits: &Limits) -> Vec<Piece<'a>> {
    let mut pieces: Vec<Piece<'a>> = Vec::new();
    let mut open = Piece::default();
    for block in &stretch.blocks {
        let size: usize = block.iter().map(|(_, turn)| tokens(turn)).sum();
        let too_much = open.tokens + size > limits.max_tokens;
        if !open.turns.is_empty() && (too_much || paused(&open, block[0].1, limits)) {
            pieces.push(std::mem::take(&mut open));
        }
        let said: usize = block.iter().map(|(_, turn)| said::weight(turn)).sum();
        open.said += said;
        for turn in block {
            let full = open.tokens + tokens(turn.1) > limits.max_tokens;
            if full && !open.turns.is_empty() {
                let next = after_cut(&mut open, turn.1, limits);
                pieces.push(std::mem::replace(&mut open, Piece { said, ..next }));
            }
            open.add(*turn);
        }
    }
    pieces.push(open);
    pieces
}

/// Says whether a prompt comes so late that it opens another matter.
fn paused(open: &Piece<'_>, prompt: &Turn, limits: &Limits) -> bool {
    let last = open.turns.iter().map(|(_, turn)| turn.at).max();
    let late = last.is_some_and(|last| prompt.at.duration_since(last) > limits.pause);
    late && open.turns.len() >= limits.min_turns
}

/// Takes back from a full piece the calls that the next turn answers: they belong together.
fn after_cut<'a>(full: &mut Piece<'a>, next: &Turn, limits: &Limits) -> Piece<'a> {
    let from = full.turns.iter().position(|(_, turn)| answers(next, turn));
    let mut moved = Piece::default();
    let Some(from) = from.filter(|from| *from > 0) else {
        return moved;
    };
    let size: usize = full.turns[from..]
        .iter()
        .map(|(_, turn)| tokens(turn))
        .sum();
    if size + tokens(next) > limits.max_tokens {
        return moved;
    }
    for turn in full.turns.split_off(from) {
        moved.add(turn);
    }
    full.tokens -= moved.tokens;
    moved
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

/// Estimates a turn's size by what may be quoted: nothing else is shown to a model.
fn tokens(turn: &Turn) -> usize {
    let shown = turn
        .parts
        .iter()
        .filter(|part| part.speaker.bears_witness());
    shown.map(|part| estimate_tokens(&part.text)).sum()
}

fn episode(stretch: &Stretch<'_>, piece: &Piece<'_>) -> Option<(usize, Episode)> {
    let (index, first) = piece.turns.first()?;
    let placed = piece
        .turns
        .iter()
        .find(|(_, turn)| turn.place.cwd.is_some());
    let episode = Episode {
        id: Episode::name(&first.session, &first.id),
        session: first.session.clone(),
        project: stretch.project.clone(),
        place: placed.map_or_else(|| first.place.clone(), |(_, turn)| turn.place.clone()),
        started_at: first.at,
        turns: piece
            .turns
            .iter()
            .map(|(_, turn)| turn.id.clone())
            .collect(),
    };
    Some((*index, episode))
}
