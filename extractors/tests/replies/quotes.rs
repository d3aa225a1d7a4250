//! Where a quote comes from is what the turns say, and never what a reply claims.
//!
//! A quote that is not there is handed on, for grounding to refuse with its reason.

use domain::{Scope, Speaker};
use extractors::ground::{self, Ungrounded};
use extractors::replies::Harvest;

use crate::kit::{EVIL, show, turns, whole};

fn cites(asserted: &str, scope: &str, evidence: &str) -> Harvest {
    whole(&format!(
        "<memories><memory kind=fact asserted_by='{asserted}' scope='{scope}'><what>A claim</what>{evidence}</memory></memories>"
    ))
}

#[test]
fn session_speaker_time_and_branch_are_the_turns() {
    let read = cites(
        "user",
        "project",
        "<evidence turn='t4' said_by='assistant' session='x' branch='y'>do not fetch scripts</evidence>",
    );
    let evidence = &read.candidates[0].evidence[0];
    assert_eq!(evidence.turn.as_str(), "u4");
    assert_eq!(evidence.session.as_str(), "s1");
    assert_eq!(evidence.said_by, Speaker::User);
    assert_eq!(evidence.at, turns()[3].at);
    assert_eq!(evidence.branch.as_deref(), Some("main"));
}

#[test]
fn nobody_borrows_the_users_voice() {
    let outside = format!("<evidence turn=t4>{EVIL}</evidence>");
    let both = format!("{outside}<evidence turn=t1>always use pnpm</evidence>");
    for (evidence, expected) in [
        (
            "<evidence turn=t1>always use pnpm</evidence>",
            Speaker::User,
        ),
        (
            "<evidence turn=t2>The build runs as cargo build</evidence>",
            Speaker::Assistant,
        ),
        (
            "<evidence turn=t3>type annotations needed</evidence>",
            Speaker::Tool,
        ),
        (outside.as_str(), Speaker::Outside),
        (both.as_str(), Speaker::Outside),
        (
            "<evidence turn=t1>words that nobody said</evidence>",
            Speaker::Assistant,
        ),
    ] {
        let read = cites("user", "user", evidence);
        let candidate = &read.candidates[0];
        assert_eq!(candidate.asserted_by, expected, "{evidence}");
        let reach = if expected == Speaker::User {
            Scope::User
        } else {
            Scope::Project
        };
        assert_eq!(candidate.lesson.scope, reach, "{evidence}");
    }
}

#[test]
fn a_quote_that_is_not_there_reaches_grounding_and_fails() {
    let read = cites(
        "user",
        "project",
        "<evidence turn=t2>always use pnpm</evidence>",
    );
    let refused = ground::check(&read.candidates[0], &turns());
    assert_eq!(
        refused,
        Err(Ungrounded::NotFound("always use pnpm".to_owned()))
    );
    let read = cites(
        "user",
        "project",
        "<evidence turn=t5>Tests are run with make check</evidence>",
    );
    assert_eq!(read.candidates[0].evidence[0].said_by, Speaker::Injected);
    let refused = ground::check(&read.candidates[0], &turns());
    assert_eq!(
        refused,
        Err(Ungrounded::FromInjected(
            "Tests are run with make check".to_owned()
        ))
    );
}

#[test]
fn a_turn_that_is_not_there_is_no_evidence() {
    for (evidence, why) in [
        (
            "<evidence turn=t99>always use pnpm</evidence>",
            "a quote cites \"t99\", which is no turn of the episode",
        ),
        (
            "<evidence turn=u9>always use pnpm</evidence>",
            "a quote cites \"u9\", which is no turn of the episode",
        ),
        (
            "<evidence turn=t6>always use pnpm</evidence>",
            "a quote cites \"t6\", which is not kept any more",
        ),
        (
            "<evidence>words that nobody said</evidence>",
            "the quote \"words that nobody said\" cites no turn, and stands in none",
        ),
        (
            "<evidence>run with make check</evidence>",
            "the quote \"run with make check\" cites no turn, and stands in none",
        ),
        (
            "<evidence turn=t1> </evidence>",
            "it has no words in a quote",
        ),
    ] {
        let expected = format!(
            "Lessons\n! memory 1: {why}\n! memory 1: it has no evidence that could be looked up\n"
        );
        assert_eq!(show(&cites("user", "project", evidence)), expected);
    }
    assert_eq!(
        show(&cites("user", "project", "")),
        "Lessons\n! memory 1: it has no evidence that could be looked up\n"
    );
}

#[test]
fn a_quote_without_its_turn_is_looked_for_and_one_in_several_is_found() {
    let read = cites("user", "project", "<evidence>always use pnpm</evidence>");
    assert_eq!(read.candidates[0].evidence[0].turn.as_str(), "u1");
    let read = cites(
        "user",
        "project",
        "<evidence turn='t2, t1'>always use pnpm</evidence>",
    );
    assert_eq!(read.candidates[0].evidence[0].turn.as_str(), "u1");
    let read = cites(
        "user",
        "project",
        "<evidence turn='u7'>must hold in <div> blocks</evidence>",
    );
    assert_eq!(read.candidates[0].evidence[0].turn.as_str(), "u7");
    let read = cites(
        "user",
        "project",
        "<evidence turn='t1'>| always use pnpm,\n| never npm</evidence>",
    );
    assert_eq!(
        read.candidates[0].evidence[0].quote,
        "always use pnpm,\nnever npm"
    );
    assert_eq!(ground::check(&read.candidates[0], &turns()), Ok(()));
}

#[test]
fn three_quotes_are_enough() {
    let quotes = "<evidence turn=t1>always use pnpm</evidence>".repeat(5);
    let read = cites("user", "project", &quotes);
    assert_eq!(read.candidates[0].evidence.len(), 1);
    assert_eq!(
        read.problems[0].to_string(),
        "memory 1: it has more than 3 quotes; the rest is left out"
    );
}
