//! Sorts turns into lanes and breaks the lanes where another matter certainly begins.
//!
//! It must not lose a turn: each goes into one block of one stretch, but for exact repeats.

use std::collections::{BTreeMap, HashSet};

use domain::{PartKind, Place, ProjectId, Speaker, Turn};

use super::Limits;
use super::blocks::Placed;

/// Turns of one lane in one project without a long silence.
pub(super) struct Stretch<'a> {
    /// The project of their working directory.
    pub(super) project: Option<ProjectId>,
    /// A prompt each, with what follows it; never empty.
    pub(super) blocks: Vec<Vec<Placed<'a>>>,
}

/// Returns the stretches of all lanes.
pub(super) fn stretches<'a>(
    turns: &[&'a Turn],
    project_of: impl Fn(&Place) -> Option<ProjectId>,
    limits: &Limits,
) -> Vec<Stretch<'a>> {
    let lanes = lanes(turns);
    let broken = lanes
        .into_values()
        .flat_map(|lane| broken(&lane, &project_of, limits));
    broken.collect()
}

/// Sorts the turns by session and agent; a turn that is handed in twice counts once.
fn lanes<'a>(turns: &[&'a Turn]) -> BTreeMap<(&'a str, Option<&'a str>), Vec<Placed<'a>>> {
    let mut seen = HashSet::new();
    let mut lanes: BTreeMap<_, Vec<Placed<'a>>> = BTreeMap::new();
    for (index, turn) in turns.iter().copied().enumerate() {
        if seen.insert((turn.session.as_str(), turn.id.as_str())) {
            let lane = (turn.session.as_str(), turn.sidechain.as_deref());
            lanes.entry(lane).or_default().push((index, turn));
        }
    }
    lanes
}

fn broken<'a>(
    lane: &[Placed<'a>],
    project_of: impl Fn(&Place) -> Option<ProjectId>,
    limits: &Limits,
) -> Vec<Stretch<'a>> {
    let mut stretches: Vec<Stretch<'a>> = Vec::new();
    let mut here: Option<Ground> = None;
    let mut latest = None;
    for placed in lane {
        let turn = placed.1;
        let ground = Ground::of(turn, &project_of).or_else(|| here.clone());
        // The first turns of a file may not say yet where they were said.
        let moved = here.is_some() && ground != here;
        // Clocks run backwards in recorded files: only a step beyond the latest time is silence.
        let silent = latest.is_some_and(|latest| turn.at.duration_since(latest) > limits.gap);
        if stretches.is_empty() || moved || silent {
            stretches.push(Stretch {
                project: None,
                blocks: Vec::new(),
            });
        }
        if let Some(stretch) = stretches.last_mut() {
            stretch.project = ground.as_ref().and_then(|ground| ground.project.clone());
            stretch.take(*placed);
        }
        latest = latest.max(Some(turn.at));
        here = ground;
    }
    stretches
}

impl<'a> Stretch<'a> {
    fn take(&mut self, placed: Placed<'a>) {
        match self.blocks.last_mut() {
            Some(block) if !is_prompt(placed.1) => block.push(placed),
            _ => self.blocks.push(vec![placed]),
        }
    }
}

/// What a turn stands on: its project, or its folder where no project is known.
#[derive(Clone, PartialEq, Eq)]
struct Ground {
    project: Option<ProjectId>,
    folder: Option<String>,
}

impl Ground {
    fn of(turn: &Turn, project_of: impl Fn(&Place) -> Option<ProjectId>) -> Option<Self> {
        let cwd = turn.place.cwd.clone()?;
        let project = project_of(&turn.place);
        let folder = project.is_none().then_some(cwd);
        Some(Self { project, folder })
    }
}

/// Says whether a turn is the user speaking in the main conversation.
fn is_prompt(turn: &Turn) -> bool {
    // A client may put its own words before the user's.
    let first = turn.parts.iter().find(|part| part.speaker.bears_witness());
    let speaks = first.is_some_and(|p| p.speaker == Speaker::User && p.kind == PartKind::Said);
    turn.sidechain.is_none() && speaks
}
