//! Tokens: what of a lesson must occur in the cited turns, and what is prose.

use super::*;

const TURN: &str = "The API listens on localhost:3000, see packages/api/src/server.ts and .env.local. \
    Run `npm run test:unit -- --runInBand` with Node 18.4.0 (v1.2.3 of jest). getStagedFiles calls \
    worktree.Status() in user_store.go; MAX_RETRY_COUNT is 10k, two workers, 30s timeout. \
    Ticket ENT-242, commit e53647ba91c, docs at https://docs.acme.dev/setup/v2/. node18 fails with \
    a 404, tar -xzf works, $HOME/.cargo/bin is read/write. Price 1,200.";

fn holds(what: &str) {
    let mut lesson = lesson(what, None, None);
    lesson.when = Some("the API listens".to_owned());
    assert_eq!(check_in(TURN, lesson), Ok(()), "{what}");
}

fn lacks(what: &str, token: &str) {
    let lesson = lesson(what, None, None);
    let found = check_in(TURN, lesson);
    let Err(Ungrounded::Unfounded(lacks) | Ungrounded::Unknown(lacks)) = found else {
        panic!("{what}: {found:?}");
    };
    assert_eq!(lacks, token, "{what}");
}

fn check_in(text: &str, lesson: Lesson) -> Result<(), Ungrounded> {
    let quote = evidence("listens on localhost", Speaker::User);
    check(&candidate(lesson, vec![quote]), &[said(text)])
}

#[test]
fn what_the_turn_names_may_be_named() {
    for what in [
        "The server uses port 3000",
        "localhost:3000 answers",
        "See packages/api/src/server.ts",
        "See `packages/api/src/server.ts`",
        "The file server.ts is the entry",
        "Run with --runInBand",
        "Run `npm run test:unit`",
        "Run `npm test:unit --runInBand`",
        "Needs Node.js 18",
        "Needs Node 18.4",
        "Version 1.2.3 of jest",
        "Version v1.2.3 of jest",
        "getStagedFiles() is slow",
        "`getStagedFiles` and worktree.Status()",
        "MAX_RETRY_COUNT is 10000",
        "MAX_RETRY_COUNT is 10,000",
        "There are 2 workers",
        "The timeout is 30 seconds",
        "The timeout is 30s",
        "ENT-242 tracks it",
        "See https://docs.acme.dev/setup/v2",
        "See <https://docs.acme.dev/setup/v2/>.",
        "Node 18 answers 4xx",
        "The variables are in `.env.local`",
        "tar -xzf works",
        "The price is 1200",
        "Use `tar -xzf <file>`",
    ] {
        holds(what);
    }
}

#[test]
fn what_is_known_of_the_turn_may_be_named() {
    for what in [
        "Said on 2026-02-07",
        "Since 2026",
        "Only on branch feature/pay-2",
        "In /home/ann/shop/packages/api/src/server.ts",
    ] {
        holds(what);
    }
}

#[test]
fn prose_needs_no_witness() {
    for what in [
        "The CI/CD pipeline, e.g. on GitHub, is slow and/or flaky",
        "ALWAYS do THIS on macOS, JavaScript or TypeScript",
        "A read-only, built-in, third-party thing",
        "1. First\n2. Second\n3. Third",
        "Do (1) this and (2) that",
        "The API, the CLI and the URLs of PRs",
        "It's the user's wish - really",
        "Client/server and read/write work",
        "Lines added/removed and debug/warn output of workers/runners",
        "An unclosed ` backtick",
        "A span`npm run`glued to its words",
    ] {
        holds(what);
    }
}

#[test]
fn what_the_turn_does_not_name_is_unfounded() {
    for (what, token) in [
        ("The server uses port 3001", "3001"),
        ("The server uses port 300", "300"),
        ("The server uses port 30000", "30000"),
        ("Needs Node 20", "20"),
        ("Needs Node 18.4.1", "18.4.1"),
        ("Version v1.2.4 of jest", "v1.2.4"),
        (
            "See packages/web/src/server.ts",
            "packages/web/src/server.ts",
        ),
        (
            "See packages/api/src/server.js",
            "packages/api/src/server.js",
        ),
        ("The file serve.ts", "serve.ts"),
        ("Run with --runInBands", "--runInBands"),
        ("Run with --run", "--run"),
        ("tar -xzF works", "-xzF"),
        ("getStagedFile is slow", "getStagedFile"),
        ("user_stores is slow", "user_stores"),
        ("MAX_RETRY is high", "MAX_RETRY"),
        ("MAX_RETRY_COUNT is 20000", "20000"),
        ("There are 3 workers", "3"),
        ("The timeout is 30ms and 60s", "60s"),
        ("ENT-243 tracks it", "ENT-243"),
        (
            "See https://docs.acme.dev/setup/v3",
            "https://docs.acme.dev/setup/v3",
        ),
        ("Run `npm run test:e2e`", "e2e"),
        ("Run `yarn test:unit`", "yarn"),
        ("worktree.State() is slow", "worktree.State"),
        ("Use `git status`", "git"),
        ("Ask @acme/core", "@acme/core"),
        ("Edit src/utils first", "src/utils"),
        ("Said on 2026-02-08", "2026-02-08"),
        ("All workers (75) wait", "75"),
    ] {
        lacks(what, token);
    }
}

#[test]
fn every_field_is_checked_and_injected_text_founds_nothing() {
    let turn = turn_of(
        "t",
        vec![
            part(Speaker::User, "the server is slow today"),
            part(Speaker::Injected, "port 9999"),
        ],
    );
    let mut full = lesson("It is slow", None, None);
    full.when = Some("port 9999 is used".to_owned());
    let in_do = lesson("It is slow", Some("open port 9999"), None);
    let in_warn = lesson("It is slow", None, Some("port 9999 is taken"));
    for lesson in [full, in_do, in_warn] {
        let quote = evidence("server is slow today", Speaker::User);
        let found = check(&candidate(lesson, vec![quote]), std::slice::from_ref(&turn));
        assert_eq!(found, Err(Ungrounded::Unfounded("9999".to_owned())));
    }
}

#[test]
fn a_name_may_stand_anywhere_in_the_episode_and_a_figure_in_the_cited_turns_alone() {
    let cited = turn_of(
        "t",
        vec![part(Speaker::User, "the merge keeps the first value")],
    );
    let around = turn_of(
        "u",
        vec![part(
            Speaker::Tool,
            "src/committed.go: mergeValues, --stat, port 9999, v1.2.3, ENT-9, 2026-01-02, https://a.dev/b",
        )],
    );
    let found = |what: &str| {
        let quote = evidence("keeps the first value", Speaker::User);
        let turns = [cited.clone(), around.clone()];
        check(&candidate(lesson(what, None, None), vec![quote]), &turns)
    };
    for name in [
        "src/committed.go",
        "mergeValues",
        "--stat",
        "`committed.go`",
        "ENT-9",
    ] {
        assert_eq!(found(&format!("It stands in {name}")), Ok(()), "{name}");
    }
    for figure in ["9999", "v1.2.3", "2026-01-02", "https://a.dev/b"] {
        let lacks = Err(Ungrounded::Unfounded(figure.to_owned()));
        assert_eq!(found(&format!("It is {figure}")), lacks);
    }
    assert!(found("It stands in src/comitted.go").is_err());
}

#[test]
fn a_name_may_be_known_from_beyond_the_episode_and_a_figure_not() {
    let cited = said("the merge keeps the first value");
    let other = turn_of(
        "u",
        vec![
            part(Speaker::Assistant, "mergeValues on port 9999"),
            part(Speaker::Injected, "dropValues"),
        ],
    );
    let known = ["ENT-12 is about `keepFirst`".to_owned()];
    let beyond = Beyond {
        turns: std::slice::from_ref(&other),
        known: &known,
    };
    let found = |what: &str| {
        let quote = evidence("keeps the first value", Speaker::User);
        let candidate = candidate(lesson(what, None, None), vec![quote]);
        check_with(&candidate, std::slice::from_ref(&cited), beyond)
    };
    for name in ["mergeValues", "keepFirst", "ENT-12"] {
        assert_eq!(found(&format!("The merge is done by {name}")), Ok(()));
    }
    for name in ["dropValues", "mergeValue", "ENT-13"] {
        let lacks = Err(Ungrounded::Unknown(name.to_owned()));
        assert_eq!(found(&format!("The merge is done by {name}")), lacks);
    }
    let lacks = Err(Ungrounded::Unfounded("9999".to_owned()));
    assert_eq!(found("The merge listens on 9999"), lacks);
}

#[test]
fn a_lesson_has_something_to_do_with_what_was_said() {
    let turns = [
        turn_of(
            "s",
            vec![part(Speaker::User, "is the pooling of connections on?")],
        ),
        said("yes, has been for a while now"),
    ];
    let found = |what: &str| {
        let quote = evidence("has been for a while", Speaker::User);
        check(&candidate(lesson(what, None, None), vec![quote]), &turns)
    };
    assert_eq!(found("Connection pools are switched on"), Ok(()));
    let unrelated = Err(Ungrounded::Unrelated);
    assert_eq!(found("Release branches are cut every Monday"), unrelated);
    // Two words may be a retelling, and another language has other words.
    assert_eq!(found("Monday releases"), Ok(()));
    assert_eq!(found("Веб-сервер запускается каждый понедельник"), Ok(()));
}

#[test]
fn where_a_setting_lies_may_be_put_together_from_its_keys() {
    let text = r#"{"strategy_options": {"summarize": {"enabled": true}}} in the settings"#;
    let found = |what: &str| against(text, lesson(what, None, None));
    assert_eq!(found("Set strategy_options.summarize.enabled"), Ok(()));
    assert!(found("Set strategy_options.summary.enabled").is_err());
    assert!(found("Call summarize.enabled").is_err());
}

#[test]
fn what_is_no_hole_in_a_code_span_is_checked() {
    let text = "It is wrapped in `{!cloudMode && (<Logo size=\"h-6\" />)}`, see `14-CONTEXT.md`.";
    let found = |what: &str| against(text, lesson(what, None, None));
    assert_eq!(found("It is wrapped in `{!cloudMode && (…)}`"), Ok(()));
    assert_eq!(found("Put `<your own>` there"), Ok(()));
    assert!(found("It is wrapped in `{!cloudeMode && (…)}`").is_err());
    assert!(found("See `<Lego size=\"h-6\" />`").is_err());
    assert!(found("See 14-CONTENT.md").is_err());
}
