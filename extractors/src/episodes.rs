//! Cuts the turns of a reading into episodes: runs on one matter that fit a model's window.
//!
//! Pure. It must not cut inside a turn, nor put two projects, two sessions or two agents together.
//!
//! A lane is one session's main conversation, or one subagent's. A lane breaks where the project
//! changes or hours pass; between breaks it is a row of blocks, each a prompt of the user with all
//! that follows it. Blocks are joined in order while they fit and speak of the same things; where they
//! no longer fit, the cut goes where they have least to do with one another, and a matter that runs on
//! takes the last words of what came before along as context. What has next to no words of a person or
//! a model makes no episode.

mod blocks;
mod lanes;
mod pieces;
mod said;

#[cfg(test)]
mod matters;
#[cfg(test)]
mod tests;

use domain::words::estimate_tokens;
use domain::{Episode, Place, ProjectId, Turn};
use jiff::SignedDuration;

use lanes::Stretch;
use pieces::Piece;

/// How episodes are cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// An episode has at most so many estimated tokens, unless it is a single turn.
    pub max_tokens: usize,
    /// From so many tokens on, a prompt about something else ends the episode.
    pub min_tokens: usize,
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
            // A request's own words take 1,500; a call for much less than that is mostly frame.
            min_tokens: 4_000,
            min_turns: 8,
            pause: SignedDuration::from_hours(1),
            gap: SignedDuration::from_hours(6),
            // "ok, thanks" and "you're welcome" together stay below it.
            min_said: 40,
        }
    }
}

/// Episodes, and where the row of turns may be broken off without changing them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cuts {
    /// The episodes, in the order of their first turns.
    pub episodes: Vec<Episode>,
    /// Places among the turns, the first not counted: whoever cuts what stands before one, and then
    /// what stands from there on, gets the same episodes.
    pub seams: Vec<usize>,
}

/// Returns whether so little is said in these turns that no model is asked about them.
pub fn is_trivial(turns: &[&Turn], limits: &Limits) -> bool {
    turns.iter().map(|turn| said::weight(turn)).sum::<usize>() < limits.min_said
}

/// Returns the episodes of these turns, which stand in the order of their file.
pub fn cut(
    turns: &[&Turn],
    project_of: impl Fn(&Place) -> Option<ProjectId>,
    limits: &Limits,
) -> Vec<Episode> {
    cuts(turns, project_of, |_| limits.min_said, limits).episodes
}

/// Returns the episodes of these turns with their seams; how much must be said is the project's matter.
pub fn cuts(
    turns: &[&Turn],
    project_of: impl Fn(&Place) -> Option<ProjectId>,
    least_said: impl Fn(Option<&ProjectId>) -> usize,
    limits: &Limits,
) -> Cuts {
    let mut found: Vec<(usize, Episode)> = Vec::new();
    let mut spans: Vec<Span> = Vec::new();
    for stretch in lanes::stretches(turns, project_of, limits) {
        let least = least_said(stretch.project.as_ref());
        let mut own: Vec<Span> = Vec::new();
        for piece in pieces::pieces(&stretch, limits) {
            if let Some(span) = Span::of(&piece) {
                // What runs on is one with what it runs on from.
                if let (Some(before), false) = (own.last_mut(), span.stands_alone) {
                    before.last = span.first;
                }
                own.push(span);
            }
            if piece.said >= least {
                found.extend(episode(&stretch, &piece));
            }
        }
        spans.extend(own);
    }
    found.sort_by_key(|(first, _)| *first);
    Cuts {
        episodes: found.into_iter().map(|(_, episode)| episode).collect(),
        seams: seams(turns, spans),
    }
}

/// From which turn to which a piece reaches, and whether it could be cut without knowing more.
struct Span {
    first: usize,
    last: usize,
    stands_alone: bool,
}

impl Span {
    fn of(piece: &Piece<'_>) -> Option<Self> {
        Some(Self {
            first: piece.turns.first()?.0,
            last: piece.turns.last()?.0,
            stands_alone: piece.context.is_empty() && !piece.is_middle,
        })
    }
}

/// A seam is where a piece begins that needs nothing from before, and none reaches across.
fn seams(turns: &[&Turn], mut spans: Vec<Span>) -> Vec<usize> {
    spans.sort_by_key(|span| span.first);
    let mut seams = Vec::new();
    let mut reached = 0;
    for span in spans {
        let is_free = span.first > 0 && reached < span.first;
        let knows_where = turns[span.first].place.cwd.is_some();
        if is_free && span.stands_alone && knows_where && is_later(turns, span.first) {
            seams.push(span.first);
        }
        reached = reached.max(span.last);
    }
    seams
}

/// Says whether all from there on is later than all before: else a silence is told by what stands before.
fn is_later(turns: &[&Turn], at: usize) -> bool {
    let (before, after) = turns.split_at(at);
    let latest = before.iter().map(|turn| turn.at).max();
    latest <= after.iter().map(|turn| turn.at).min()
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
    let turns = piece.context.iter().chain(&piece.turns);
    let episode = Episode {
        id: Episode::name(&first.session, &first.id),
        session: first.session.clone(),
        project: stretch.project.clone(),
        place: placed.map_or_else(|| first.place.clone(), |(_, turn)| turn.place.clone()),
        started_at: first.at,
        turns: turns.map(|(_, turn)| turn.id.clone()).collect(),
    };
    Some((*index, episode))
}
