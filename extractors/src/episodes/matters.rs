//! Holds the cut to what it promises about matters: what belongs together stays so, or is carried along.

use std::collections::BTreeSet;

use domain::{Episode, Turn, TurnId};
use proptest::prelude::*;

use super::tests::{assistant, cut_with, own, project_of, session, shape, small, user};
use super::{Limits, cuts};

const LOCKFILE: &str = "The lockfile of pnpm drifts whenever somebody installs packages with npm, \
    so continuous integration refuses the frozen install and prints which dependencies differ";
const INVOICE: &str = "Invoices for customers in Switzerland must round the total to five centimes, \
    while the tax itself stays unrounded until the month is closed by accounting";

/// A prompt and its answer on one matter.
fn block(name: &str, minute: i64, text: &str) -> [Turn; 2] {
    [
        user(&format!("u{name}"), minute, text),
        assistant(&format!("a{name}"), minute + 1, text),
    ]
}

fn of(blocks: &[(&str, &str)]) -> Vec<Turn> {
    let blocks = blocks.iter().zip(0..);
    blocks
        .flat_map(|((name, text), at)| block(name, 2 * at, text))
        .collect()
}

/// A block has some 80 tokens.
fn from(min_tokens: usize, max_tokens: usize) -> Limits {
    Limits {
        min_tokens,
        ..small(max_tokens)
    }
}

#[test]
fn prompts_on_one_matter_stay_together_and_another_matter_is_cut_off() {
    let turns = of(&[
        ("1", LOCKFILE),
        ("2", LOCKFILE),
        ("3", INVOICE),
        ("4", INVOICE),
    ]);
    assert_eq!(
        shape(&turns, &from(100, 2000)),
        ["u1 a1 u2 a2", "u3 a3 u4 a4"]
    );
    let whole = ["u1 a1 u2 a2 u3 a3 u4 a4"];
    assert_eq!(shape(&turns, &from(1000, 2000)), whole, "little is not cut");
}

#[test]
fn a_prompt_of_few_words_goes_on_with_what_was_said() {
    let mut turns = of(&[("1", LOCKFILE), ("2", LOCKFILE)]);
    turns.push(user("u3", 9, "yes, go on"));
    turns.push(assistant("a3", 10, "Done, it is in place."));
    assert_eq!(shape(&turns, &from(10, 2000)).len(), 1);
}

#[test]
fn where_all_does_not_fit_the_cut_goes_between_the_matters() {
    let turns = of(&[
        ("1", LOCKFILE),
        ("2", LOCKFILE),
        ("3", INVOICE),
        ("4", INVOICE),
    ]);
    let cut = shape(&turns, &from(1000, 250));
    assert_eq!(
        cut,
        ["u1 a1 u2 a2", "u3 a3 u4 a4"],
        "three blocks would have fitted"
    );
}

#[test]
fn a_matter_that_runs_on_takes_its_last_words_along_and_another_does_not() {
    let short = "The lockfile of pnpm drifts whenever somebody installs packages with npm.";
    let long = LOCKFILE.repeat(6);
    let mut turns = vec![user("u1", 0, &long), assistant("a1", 1, short)];
    turns.extend([user("u2", 2, &long), assistant("a2", 3, short)]);
    let episodes = cut_with(&turns, &small(400));
    let first = |episode: &Episode| episode.turns[0].clone();
    assert_eq!(first(&episodes[1]), TurnId::new("a1"));
    assert_eq!(episodes[1].context(), [TurnId::new("a1")]);
    assert_eq!(episodes[0].context(), []);
    let name = Episode::name(&episodes[1].session, &TurnId::new("u2"));
    assert_eq!(episodes[1].id, name, "it is named after its first own turn");
    let other = INVOICE.repeat(6);
    turns.splice(2.., [user("u2", 2, &other), assistant("a2", 3, &other)]);
    let episodes = cut_with(&turns, &small(400));
    assert_eq!(episodes[1].context(), []);
}

#[test]
fn context_leaves_nothing_out_between_what_it_takes_along() {
    let short = "The lockfile of pnpm drifts whenever somebody installs packages with npm.";
    let long = LOCKFILE.repeat(6);
    let turns = [
        user("u1", 0, short),
        assistant("a1", 1, &long),
        assistant("b1", 2, "Done."),
        user("u2", 3, &long),
        assistant("a2", 4, short),
    ];
    let episodes = cut_with(&turns, &small(500));
    assert_eq!(episodes[1].context(), [TurnId::new("b1")]);
}

proptest! {
    #[test]
    fn whoever_begins_at_a_seam_finds_the_same_episodes(turns in session(), max in 20_usize..400) {
        let limits = from(max / 3, max);
        let all: Vec<&Turn> = turns.iter().collect();
        let whole = cuts(&all, project_of, |_| limits.min_said, &limits);
        for seam in whole.seams {
            let (before, after) = all.split_at(seam);
            let before = cuts(before, project_of, |_| limits.min_said, &limits).episodes;
            let after = cuts(after, project_of, |_| limits.min_said, &limits).episodes;
            let both: Vec<Episode> = before.into_iter().chain(after).collect();
            prop_assert_eq!(&both, &whole.episodes, "at {}", seam);
        }
    }

    #[test]
    fn context_is_what_an_earlier_episode_has_for_its_own(turns in session(), max in 20_usize..400) {
        let mut seen: BTreeSet<TurnId> = BTreeSet::new();
        let limits = Limits { min_said: 0, ..small(max) };
        for episode in cut_with(&turns, &limits) {
            for turn in episode.context() {
                prop_assert!(seen.contains(turn), "{turn} was nobody's own");
            }
            seen.extend(own(&episode).iter().cloned());
        }
    }
}
