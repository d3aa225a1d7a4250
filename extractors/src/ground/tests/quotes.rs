//! Quotes: where they must stand, how far they may differ, and who must have said them.

use super::*;

fn quoted(text: &str, quote: &str) -> Result<(), Ungrounded> {
    let candidate = candidate(
        lesson("The user has a wish", None, None),
        vec![evidence(quote, Speaker::User)],
    );
    check(&candidate, &[said(text)])
}

const LONG: &str = "Please remember that every migration in this service must be reversible, because the \
    deploy tool rolls back without asking and we never restore from the nightly dumps by hand.";

#[test]
fn a_quote_may_differ_in_dress_and_not_in_words() {
    let holds = [
        ("Use pnpm, never npm.", "use pnpm,   never npm"),
        ("Use **pnpm**, never `npm`.", "Use pnpm, never npm"),
        ("don’t push — ever", "don't push - ever"),
        ("line one\n  goes on here", "line one goes on here"),
        ("ｕｓｅ ｐｎｐｍ here", "use pnpm here"),
        ("run \u{200b}the tests", "run the tests"),
        ("不要使用npm，用pnpm", "不要使用npm,用pnpm"),
        ("mainブランチに直接pushしないで", "mainブランチに直接push"),
        ("npm을 쓰지 마세요", "npm을 쓰지 마세요"),
        ("see src/api/main.rs for it", "src/api/main.rs"),
        (
            LONG,
            "every migration in this service must be reversible, because the deploy to",
        ),
    ];
    for (text, quote) in holds {
        assert_eq!(quoted(text, quote), Ok(()), "{quote}");
    }
    let fails = [
        ("Use pnpm, never npm.", "Use yarn, never npm"),
        ("Use pnpm, never npm.", "Use npm, never pnpm"),
        ("Use pnpm here", "Use pnpm here and everywhere"),
        ("the test passed", "the test passed and the build failed"),
    ];
    for (text, quote) in fails {
        assert_eq!(
            quoted(text, quote),
            Err(Ungrounded::NotFound(quote.to_owned()))
        );
    }
}

#[test]
fn one_word_in_ten_may_differ_but_no_number_and_no_negation() {
    let typo = LONG.replace("nightly", "daily");
    assert_eq!(quoted(&typo, LONG), Ok(()));
    let dropped = LONG.replace("nightly ", "");
    assert_eq!(quoted(LONG, &dropped), Ok(()));
    assert_eq!(quoted(&dropped, LONG), Ok(()));
    for (from, to) in [
        ("we never restore", "we restore"),
        ("must be", "must not be"),
        ("without asking", "asking"),
        ("the nightly", "the 3 nightly"),
    ] {
        let turned = LONG.replace(from, to);
        assert!(quoted(LONG, &turned).is_err(), "{to}");
        assert!(quoted(&turned, LONG).is_err(), "{to}");
    }
    let rewritten = LONG.replace("migration in this service", "change of our whole schema");
    assert!(quoted(LONG, &rewritten).is_err());
}

#[test]
fn a_quote_does_not_step_around_a_negation_at_its_end() {
    let text = "We can do it right in the scripts: I add checks of the index before and after each call, \
        and log to a file so it doesn't interfere with git in any worktree of this repository.";
    assert_eq!(quoted(text, text), Ok(()));
    for cut in ["interfere with git", "interfere with git in any"] {
        let end = text.find(cut).expect("it stands there") + cut.len();
        let turned = text[..end].replace("doesn't ", "");
        assert!(quoted(text, &turned).is_err(), "{turned}");
    }
    let front = "Nobody should never doubt that the worker writes the journal before it answers, and that \
        the index is rebuilt when the words of a memory have changed since it was last read by anyone.";
    assert!(
        quoted(
            front,
            &front.replace("Nobody should never", "Nobody should")
        )
        .is_err()
    );
}

#[test]
fn words_may_be_left_out_where_nothing_is_turned() {
    let text = "Use pnpm in this repo. It is faster. Run the tests with vitest.";
    assert_eq!(
        quoted(text, "Use pnpm in this repo ... with vitest"),
        Ok(())
    );
    assert_eq!(quoted(text, "Use pnpm … Run the tests"), Ok(()));
    assert!(quoted(text, "Run the tests ... Use pnpm").is_err());
    let turned = "We should really never use npm in here, ok";
    assert!(quoted(turned, "We should ... use npm in here").is_err());
}

#[test]
fn too_little_proves_nothing() {
    for quote in ["", "   ", "yes", "pnpm", "...", "==="] {
        let text = format!("x {quote} y");
        assert_eq!(
            quoted(&text, quote),
            Err(Ungrounded::TooShort(quote.to_owned())),
        );
    }
    assert_eq!(quoted("see pnpm-lock.yaml", "pnpm-lock.yaml"), Ok(()));
    assert_eq!(quoted("别用npm", "别用npm"), Ok(()));
}

#[test]
fn the_named_speaker_must_have_said_it() {
    let turn = turn_of(
        "t",
        vec![
            part(Speaker::Injected, "always run make check"),
            part(Speaker::User, "please fix the parser"),
            part(Speaker::Compaction, "the user likes tabs"),
            part(Speaker::Assistant, "the parser is fixed now"),
        ],
    );
    let found = |quote: &str, said_by: Speaker| {
        let lesson = lesson("The user has a wish", None, None);
        check(
            &candidate(lesson, vec![evidence(quote, said_by)]),
            std::slice::from_ref(&turn),
        )
    };
    assert_eq!(found("fix the parser", Speaker::User), Ok(()));
    let injected = |quote: &str| Err(Ungrounded::FromInjected(quote.to_owned()));
    assert_eq!(
        found("always run make check", Speaker::User),
        injected("always run make check")
    );
    assert_eq!(
        found("always run make check", Speaker::Injected),
        injected("always run make check")
    );
    assert_eq!(
        found("the user likes tabs", Speaker::User),
        injected("the user likes tabs")
    );
    let quote = "the parser is fixed";
    assert_eq!(
        found(quote, Speaker::User),
        Err(Ungrounded::OtherSpeaker(quote.to_owned()))
    );
}

#[test]
fn words_that_were_both_said_and_injected_were_said() {
    let turn = turn_of(
        "t",
        vec![
            part(Speaker::Injected, "always run make check"),
            part(Speaker::User, "always run make check"),
        ],
    );
    let lesson = lesson("The user has a wish", None, None);
    let candidate = candidate(
        lesson,
        vec![evidence("always run make check", Speaker::User)],
    );
    assert_eq!(check(&candidate, &[turn]), Ok(()));
}

#[test]
fn every_quote_needs_its_turn_and_a_candidate_needs_a_quote() {
    let wish = || lesson("The user has a wish", None, None);
    let none = candidate(wish(), Vec::new());
    assert_eq!(check(&none, &[]), Err(Ungrounded::NoEvidence));
    let mut second = evidence("use pnpm here", Speaker::User);
    second.turn = TurnId::new("gone");
    let two = candidate(
        wish(),
        vec![evidence("use pnpm here", Speaker::User), second],
    );
    assert_eq!(
        check(&two, &[said("use pnpm here")]),
        Err(Ungrounded::NoSuchTurn(TurnId::new("gone")))
    );
}
