//! Holds the cut to its promises: nothing lost, nothing twice, nothing mixed, nothing too long.

use std::collections::BTreeSet;

use domain::{Episode, Part, PartKind, Place, ProjectId, SessionId, Speaker, Turn, TurnId};
use jiff::Timestamp;
use proptest::prelude::*;

use super::{Limits, cut, tokens};

const RULE: &str = "please use pnpm for everything in this repository";

/// A turn at a minute of the session; its position is its place in the test.
pub(super) fn turn(id: &str, minute: i64, parts: Vec<Part>) -> Turn {
    Turn {
        id: TurnId::new(id),
        session: SessionId::new("s"),
        parent: None,
        at: Timestamp::from_second(minute * 60).expect("a small number"),
        position: minute,
        place: Place {
            cwd: Some("/code/shop".to_owned()),
            branch: None,
        },
        sidechain: None,
        parts,
    }
}

pub(super) fn part(speaker: Speaker, kind: PartKind, text: &str) -> Part {
    Part {
        speaker,
        kind,
        text: text.to_owned(),
    }
}

pub(super) fn user(id: &str, minute: i64, text: &str) -> Turn {
    turn(id, minute, vec![part(Speaker::User, PartKind::Said, text)])
}

pub(super) fn assistant(id: &str, minute: i64, text: &str) -> Turn {
    turn(
        id,
        minute,
        vec![part(Speaker::Assistant, PartKind::Said, text)],
    )
}

fn call(id: &str, minute: i64, call: &str) -> Turn {
    let kind = PartKind::Call {
        call: call.to_owned(),
        tool: "Bash".to_owned(),
    };
    turn(
        id,
        minute,
        vec![part(Speaker::Assistant, kind, "cargo test")],
    )
}

fn result(id: &str, minute: i64, call: &str, text: &str) -> Turn {
    let kind = PartKind::Result {
        call: call.to_owned(),
        tool: "Bash".to_owned(),
        failed: false,
    };
    turn(id, minute, vec![part(Speaker::Tool, kind, text)])
}

fn at(mut turn: Turn, cwd: &str) -> Turn {
    turn.place.cwd = Some(cwd.to_owned());
    turn
}

fn by(mut turn: Turn, agent: &str) -> Turn {
    turn.sidechain = Some(agent.to_owned());
    turn
}

/// Every folder below `/code/NAME` is the project NAME.
pub(super) fn project_of(place: &Place) -> Option<ProjectId> {
    let name = place
        .cwd
        .as_deref()?
        .strip_prefix("/code/")?
        .split('/')
        .next()?;
    Some(ProjectId::new(name))
}

pub(super) fn cut_with(turns: &[Turn], limits: &Limits) -> Vec<Episode> {
    let turns: Vec<&Turn> = turns.iter().collect();
    cut(&turns, project_of, limits)
}

/// Returns the episodes as the names of their turns.
pub(super) fn shape(turns: &[Turn], limits: &Limits) -> Vec<String> {
    let names = |episode: Episode| {
        let names: Vec<&str> = episode.turns.iter().map(TurnId::as_str).collect();
        names.join(" ")
    };
    cut_with(turns, limits).into_iter().map(names).collect()
}

pub(super) fn small(max_tokens: usize) -> Limits {
    Limits {
        max_tokens,
        ..Limits::default()
    }
}

#[test]
fn a_short_session_is_one_episode() {
    let turns = [
        user("u1", 0, RULE),
        assistant("a1", 1, "Done."),
        user("u2", 2, "now the tests"),
        assistant("a2", 3, "They pass."),
    ];
    assert_eq!(shape(&turns, &Limits::default()), ["u1 a1 u2 a2"]);
    let episode = cut_with(&turns, &Limits::default()).remove(0);
    assert_eq!(
        episode.id,
        Episode::name(&SessionId::new("s"), &TurnId::new("u1"))
    );
    assert_eq!(episode.project, Some(ProjectId::new("shop")));
    assert_eq!(episode.started_at, turns[0].at);
    assert_eq!(episode.place, turns[0].place);
}

#[test]
fn blocks_are_joined_while_they_fit_and_cut_at_prompts() {
    let long = "word ".repeat(30);
    let turns = [
        user("u1", 0, &long),
        assistant("a1", 1, &long),
        user("u2", 2, &long),
        assistant("a2", 3, &long),
        user("u3", 4, &long),
    ];
    assert_eq!(shape(&turns, &small(1000)), ["u1 a1 u2 a2 u3"]);
    assert_eq!(shape(&turns, &small(160)), ["u1 a1 u2 a2", "u3"]);
    assert_eq!(shape(&turns, &small(100)), ["u1 a1", "u2 a2", "u3"]);
    assert_eq!(shape(&turns, &small(10)), ["u1", "a1", "u2", "a2", "u3"]);
}

#[test]
fn a_cut_inside_a_block_keeps_calls_with_their_results() {
    let long = "word ".repeat(30);
    let turns = [
        user("u1", 0, &long),
        assistant("a1", 1, &long),
        call("c1", 2, "x"),
        call("c2", 3, "y"),
        result("r1", 4, "x", &long),
        result("r2", 5, "y", "ok"),
    ];
    assert_eq!(shape(&turns, &small(100)), ["u1 a1", "c1 c2 r1 r2"]);
}

#[test]
fn tool_noise_in_a_spoken_block_is_kept_and_alone_it_makes_no_episode() {
    let long = "word ".repeat(30);
    let noise = [
        call("c1", 1, "x"),
        result("r1", 2, "x", &long),
        call("c2", 3, "y"),
        result("r2", 4, "y", &long),
    ];
    assert!(shape(&noise, &Limits::default()).is_empty());
    let mut spoken = vec![user("u1", 0, RULE)];
    spoken.extend(noise);
    assert_eq!(shape(&spoken, &small(60)), ["u1 c1 r1", "c2 r2"]);
}

#[test]
fn next_to_nothing_said_makes_no_episode_but_a_short_rule_does() {
    let alone = |turn: Turn| shape(&[turn], &Limits::default()).len();
    assert_eq!(alone(user("u", 0, "ok")), 0);
    assert_eq!(alone(user("u", 0, "continue")), 0);
    assert_eq!(alone(assistant("a", 0, "You're welcome!")), 0);
    assert_eq!(alone(user("u", 0, "use pnpm, not npm")), 1);
    assert_eq!(alone(user("u", 0, "不要使用npm")), 1);
    assert_eq!(
        alone(assistant(
            "a",
            0,
            &"The cause was a stale lockfile. ".repeat(3)
        )),
        1
    );
    let told = part(Speaker::Compaction, PartKind::Said, &RULE.repeat(9));
    assert_eq!(alone(turn("k", 0, vec![told])), 0);
    let injected = part(Speaker::Injected, PartKind::Said, &RULE.repeat(9));
    assert_eq!(alone(turn("i", 0, vec![injected])), 0);
}

#[test]
fn another_project_is_another_episode_and_another_folder_of_it_is_not() {
    let turns = [
        at(user("u1", 0, RULE), "/code/shop"),
        at(assistant("a1", 1, RULE), "/code/shop/packages/api"),
        at(user("u2", 2, RULE), "/code/blog"),
        at(user("u3", 3, RULE), "/code/shop"),
    ];
    assert_eq!(shape(&turns, &Limits::default()), ["u1 a1", "u2", "u3"]);
    let projects: Vec<_> = cut_with(&turns, &Limits::default())
        .into_iter()
        .filter_map(|episode| episode.project)
        .collect();
    assert_eq!(projects, ["shop", "blog", "shop"].map(ProjectId::new));
}

#[test]
fn a_turn_that_does_not_say_where_stays_where_the_last_was() {
    let mut lost = user("u2", 1, RULE);
    lost.place.cwd = None;
    let turns = [user("u1", 0, RULE), lost.clone(), user("u3", 2, RULE)];
    assert_eq!(shape(&turns, &Limits::default()), ["u1 u2 u3"]);
    let turns = [lost, user("u3", 2, RULE)];
    assert_eq!(shape(&turns, &Limits::default()), ["u2 u3"]);
    let episode = cut_with(&turns, &Limits::default()).remove(0);
    assert_eq!(episode.place.cwd.as_deref(), Some("/code/shop"));
}

#[test]
fn folders_without_a_project_are_not_put_together() {
    let turns = [
        at(user("u1", 0, RULE), "/tmp/a"),
        at(user("u2", 1, RULE), "/tmp/a"),
        at(user("u3", 2, RULE), "/tmp/b"),
    ];
    assert_eq!(shape(&turns, &Limits::default()), ["u1 u2", "u3"]);
}

#[test]
fn a_long_silence_ends_an_episode_and_a_clock_that_runs_back_does_not() {
    let turns = [
        user("u1", 0, RULE),
        assistant("a1", 1, RULE),
        assistant("a2", 1 + 6 * 60, RULE),
        user("u2", 2 + 12 * 60, RULE),
        user("u3", 0, RULE),
        user("u4", 3 + 12 * 60, RULE),
    ];
    assert_eq!(shape(&turns, &Limits::default()), ["u1 a1 a2", "u2 u3 u4"]);
}

#[test]
fn a_pause_before_a_prompt_ends_an_episode_of_some_length() {
    let limits = Limits {
        min_turns: 2,
        ..Limits::default()
    };
    let turns = [
        user("u1", 0, RULE),
        user("u2", 90, RULE),
        assistant("a2", 200, RULE),
        user("u3", 300, RULE),
    ];
    assert_eq!(shape(&turns, &limits), ["u1 u2 a2", "u3"]);
}

#[test]
fn a_subagent_has_episodes_of_its_own() {
    let turns = [
        user("u1", 0, RULE),
        by(user("x1", 1, RULE), "x"),
        by(assistant("y1", 2, RULE), "y"),
        assistant("a1", 3, RULE),
        by(assistant("x2", 4, RULE), "x"),
    ];
    assert_eq!(shape(&turns, &Limits::default()), ["u1 a1", "x1 x2", "y1"]);
}

#[test]
fn sessions_are_not_mixed_and_a_repeated_turn_counts_once() {
    let mut other = user("u2", 1, RULE);
    other.session = SessionId::new("t");
    let turns = [
        user("u1", 0, RULE),
        other,
        user("u1", 0, RULE),
        user("u3", 2, RULE),
    ];
    assert_eq!(shape(&turns, &Limits::default()), ["u1 u3", "u2"]);
}

fn any_turn() -> impl Strategy<Value = Turn> {
    let text = prop_oneof![
        Just(String::new()),
        Just("ok".to_owned()),
        (1_usize..120).prop_map(|n| "word ".repeat(n))
    ];
    let speaker = 0_usize..5;
    let kind = 0_usize..3;
    let rest = (0_usize..3, 0_i64..2_000, 0_usize..3);
    (text, speaker, kind, rest).prop_map(|(text, speaker, kind, (folder, minute, agent))| {
        let speaker = [
            Speaker::User,
            Speaker::Assistant,
            Speaker::Tool,
            Speaker::Injected,
            Speaker::Compaction,
        ][speaker];
        let kind = match kind {
            0 => PartKind::Call {
                call: "c".to_owned(),
                tool: "Bash".to_owned(),
            },
            _ => PartKind::Said,
        };
        let mut made = turn("x", minute, vec![part(speaker, kind, &text)]);
        made.place.cwd = ["/code/shop", "/code/blog", "/tmp"]
            .get(folder)
            .map(|c| (*c).to_owned());
        made.sidechain = ["a", "b"].get(agent).map(|a| (*a).to_owned());
        made
    })
}

pub(super) fn session() -> impl Strategy<Value = Vec<Turn>> {
    let turns = proptest::collection::vec(any_turn(), 0..60);
    turns.prop_map(|mut turns| {
        for (index, turn) in turns.iter_mut().enumerate() {
            turn.id = TurnId::new(format!("t{index}"));
            turn.position = i64::try_from(index).expect("a small number");
        }
        turns
    })
}

/// Returns the turns of an episode that are not context.
pub(super) fn own(episode: &Episode) -> &[TurnId] {
    &episode.turns[episode.context().len()..]
}

proptest! {
    #[test]
    fn with_no_least_size_every_turn_is_in_exactly_one_episode(turns in session(), max in 20_usize..400) {
        let limits = Limits { min_said: 0, ..small(max) };
        let episodes = cut_with(&turns, &limits);
        let mut placed: Vec<&TurnId> = episodes.iter().flat_map(own).collect();
        placed.sort();
        let mut all: Vec<&TurnId> = turns.iter().map(|turn| &turn.id).collect();
        all.sort();
        prop_assert_eq!(placed, all);
    }

    #[test]
    fn whatever_says_enough_by_itself_is_in_exactly_one_episode(turns in session(), max in 20_usize..400) {
        let limits = small(max);
        let episodes = cut_with(&turns, &limits);
        let placed: Vec<&TurnId> = episodes.iter().flat_map(own).collect();
        let distinct: BTreeSet<&TurnId> = placed.iter().copied().collect();
        prop_assert_eq!(placed.len(), distinct.len());
        for turn in turns.iter().filter(|turn| super::said::weight(turn) >= limits.min_said) {
            prop_assert!(distinct.contains(&turn.id), "{} is lost", turn.id);
        }
    }

    #[test]
    fn no_episode_is_too_long_mixed_or_out_of_order(turns in session(), max in 20_usize..400) {
        let limits = small(max);
        let of = |id: &TurnId| turns.iter().find(|turn| turn.id == *id).expect("handed in");
        let episodes = cut_with(&turns, &limits);
        for episode in &episodes {
            let inside: Vec<&Turn> = episode.turns.iter().map(of).collect();
            let size: usize = inside.iter().map(|turn| tokens(turn)).sum();
            prop_assert!(size <= max || inside.len() == 1, "{} tokens", size);
            prop_assert!(inside.is_sorted_by_key(|turn| turn.position));
            let agents: BTreeSet<_> = inside.iter().map(|turn| &turn.sidechain).collect();
            prop_assert_eq!(agents.len(), 1);
            let projects: BTreeSet<_> = inside.iter().filter(|turn| turn.place.cwd.is_some())
                .map(|turn| project_of(&turn.place)).collect();
            prop_assert!(projects.len() <= 1);
        }
        let starts: Vec<i64> = episodes.iter().map(|e| of(&own(e)[0]).position).collect();
        prop_assert!(starts.is_sorted());
        prop_assert_eq!(&episodes, &cut_with(&turns, &limits));
    }
}
