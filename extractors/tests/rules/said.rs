//! What a user's sentence becomes, and whose sentences are passed by.

use domain::{Candidate, Kind, PartKind, Speaker};
use extractors::rules::{candidates, rules_in};
use proptest::prelude::*;

use crate::talk::{said, turn};

fn told(text: &str) -> Vec<Candidate> {
    candidates(&[said(Speaker::User, text)])
}

fn fields(text: &str) -> (Option<String>, Option<String>, Option<String>) {
    let lesson = told(text).remove(0).lesson;
    (lesson.when, lesson.do_, lesson.warn)
}

fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

#[test]
fn a_rule_is_a_lesson_in_the_users_own_words_with_the_quote_that_said_it() {
    let found = told("The build is green. No, always use pnpm\nin this repo. Thanks!");
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].lesson.what, "No, always use pnpm in this repo.");
    assert_eq!(found[0].lesson.kind, Kind::Preference);
    assert_eq!(found[0].asserted_by, Speaker::User);
    let evidence = &found[0].evidence[0];
    assert_eq!(evidence.quote, "No, always use pnpm\nin this repo.");
    assert_eq!(evidence.turn.as_str(), "turn-0");
    assert_eq!(evidence.branch.as_deref(), Some("main"));
}

#[test]
fn an_order_is_something_to_do_and_a_prohibition_something_to_beware_of() {
    let check = |text: &str, when: &str, do_: Option<&str>, warn: Option<&str>| {
        let owned = |text: Option<&str>| text.map(str::to_owned);
        assert_eq!(
            fields(text),
            (some(when), owned(do_), owned(warn)),
            "{text}"
        );
    };
    check(
        "ok, always run the linter before committing!",
        "before committing",
        Some("run the linter before committing"),
        None,
    );
    check(
        "Never push to main.",
        "pushing",
        None,
        Some("Never push to main"),
    );
    check(
        "we use pnpm, not npm",
        "managing dependencies",
        Some("we use pnpm, not npm"),
        None,
    );
    check(
        "Never write docstrings in specs.",
        "in specs",
        None,
        Some("Never write docstrings in specs"),
    );
    check(
        "I prefer short answers",
        "working in this project",
        Some("I prefer short answers"),
        None,
    );
}

#[test]
fn only_the_user_lays_down_rules() {
    let others = [
        Speaker::Assistant,
        Speaker::Tool,
        Speaker::Outside,
        Speaker::Injected,
        Speaker::Compaction,
    ];
    for speaker in others {
        assert_eq!(
            candidates(&[said(speaker, "Always use pnpm.")]),
            Vec::new(),
            "{speaker:?}"
        );
    }
    assert_eq!(told("Always use pnpm.").len(), 1);
}

#[test]
fn what_the_user_says_in_refusing_a_call_is_a_decision_if_it_is_meant_to_last() {
    let refused = |text: &str| {
        let kind = PartKind::Refusal {
            call: "call".to_owned(),
        };
        candidates(&[turn(0, Speaker::User, kind, text)])
    };
    assert_eq!(
        refused("prefer subagents to save on the main context")[0]
            .lesson
            .kind,
        Kind::Decision
    );
    assert_eq!(refused("don't check this in"), Vec::new());
    assert_eq!(refused("no, the other file"), Vec::new());
}

#[test]
fn a_rule_that_is_repeated_word_for_word_is_claimed_once() {
    let turns = [
        said(Speaker::User, "Always use tabs."),
        said(Speaker::User, "please, ALWAYS use tabs."),
        said(Speaker::User, "Always use spaces."),
    ];
    assert_eq!(candidates(&turns).len(), 2);
}

#[test]
fn a_rule_in_pasted_matter_is_not_the_users() {
    let pasted = [
        "look at this:\n```\nAlways use tabs.\n```",
        "> Always use tabs.",
        "he wrote \"always use tabs\" in there",
        "# Plan\n# Goal\n# Steps\nAlways use tabs.",
        "Implement the following plan:\n\nAlways use tabs.",
        "12:00:01 INFO always use tabs",
    ];
    for text in pasted {
        assert_eq!(rules_in(text), Vec::<&str>::new(), "{text}");
    }
    assert_eq!(
        rules_in("commit it\n- always use tabs\n- never use spaces").len(),
        2
    );
}

#[test]
fn a_pasted_letter_or_guideline_is_not_the_users() {
    let pasted = [
        "From: Bob <bob@shop.test>\nTo: Alice\nSubject: our API\n\nHi Alice,\n\nAlways use tabs. We use pnpm, not npm.\n\nBest,\nBob",
        "look at this mail:\n\nSubject: style\nDate: Mon, 2 Mar 2026\n\nNever push to main.\n\nBest, Bob",
        "Subject: style\n\nNever push to main.\n\nKind regards,\nBob",
        "Hi team,\n\nNever push to main.\n\nBest, Bob",
        "# CLAUDE.md\n\n- Always use tabs.\n- Never push to main.",
        "here is ours:\n\n# CLAUDE.md\n\n## Style\n- Always use tabs.\n- Never push to main.\n",
        "# Rules\n1. Always use tabs.\n2. Never push to main.\n",
    ];
    for text in pasted {
        assert_eq!(rules_in(text), Vec::<&str>::new(), "{text}");
    }
    let own = [
        "Subject: is a bad name. Always use tabs.",
        "we talked about style:\n- always use tabs",
        "Always use tabs.\n\nBest, Bob",
        "# Note\n\nWe met.\nWe talked.\nAlways use tabs.",
    ];
    for text in own {
        assert_eq!(rules_in(text).len(), 1, "{text}");
    }
}

proptest! {
    #[test]
    fn whatever_is_said_a_find_is_a_slice_of_it(text in ".{0,200}(always|never|we use|don't)? .{0,80}") {
        for found in rules_in(&text) {
            prop_assert!(text.contains(found));
        }
    }
}
