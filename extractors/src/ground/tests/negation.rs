//! Negation: lessons that agree with what was said, and lessons that turn it around.

use super::*;

#[derive(Clone, Copy)]
enum In {
    What,
    Do,
    Warn,
}

fn put(text: &str, place: In) -> Lesson {
    let neutral = "The user has a wish";
    match place {
        In::What => lesson(text, None, None),
        In::Do => lesson(neutral, Some(text), None),
        In::Warn => lesson(neutral, None, Some(text)),
    }
}

const AGREE: &[(&str, In, &str)] = &[
    ("never push to main", In::Do, "Do not push to main"),
    ("never push to main", In::Warn, "Do not push to main"),
    ("never push to main", In::Warn, "Pushing to main"),
    (
        "never push to main",
        In::What,
        "Pushing to main is forbidden",
    ),
    (
        "never push to main",
        In::What,
        "The user forbids pushing to main",
    ),
    ("use pnpm, never npm", In::Do, "Use pnpm"),
    ("use pnpm, never npm", In::Do, "Use pnpm instead of npm"),
    (
        "use pnpm, never npm",
        In::What,
        "This repo uses pnpm, not npm",
    ),
    ("use pnpm, never npm", In::Warn, "Do not use npm"),
    ("use pnpm not npm", In::Do, "Use pnpm"),
    ("use pnpm never npm", In::Do, "Use pnpm"),
    ("no, use pnpm", In::Do, "Use pnpm"),
    ("no use pnpm instead", In::Do, "Use pnpm"),
    ("never npm, pnpm always", In::Do, "Use pnpm"),
    (
        "don't use npm, yarn, or bun",
        In::What,
        "npm, yarn and bun are not used",
    ),
    ("don't use npm, yarn, or bun", In::Warn, "Never use yarn"),
    (
        "why are you using npm? this repo uses pnpm",
        In::Do,
        "Never use npm; use pnpm",
    ),
    ("stop using npm", In::Do, "Avoid npm"),
    ("I told you not to use npm", In::Warn, "Do not use npm"),
    ("don't forget to run the linter", In::Do, "Run the linter"),
    ("never skip the tests", In::Do, "Run the tests"),
    (
        "always run the tests before you commit",
        In::Do,
        "Do not commit before running the tests",
    ),
    (
        "never deploy without running tests",
        In::Do,
        "Run tests before you deploy",
    ),
    (
        "never deploy without running tests",
        In::Warn,
        "Do not deploy without running tests",
    ),
    ("don't push unless I ask", In::Do, "Push only when asked"),
    (
        "DATABASE_URL is not set in CI",
        In::Do,
        "Set DATABASE_URL in CI",
    ),
    (
        "I deleted the lockfile and the build broke",
        In::Warn,
        "Do not delete the lockfile",
    ),
    (
        "the server uses port 8080 by default",
        In::Warn,
        "Do not rely on the default port 8080",
    ),
    (
        "never commit .env files, they hold secrets",
        In::What,
        "The .env files hold secrets",
    ),
    ("don't mock the database", In::Do, "Use a real database"),
    (
        "never run tests against the production database",
        In::Do,
        "Use a test database",
    ),
    (
        "The build does not pick up .env.local",
        In::What,
        ".env.local is not picked up by the build",
    ),
    (
        "The build does not pick up .env.local",
        In::What,
        "The build ignores .env.local",
    ),
    (
        "we don't use Redux anymore, we moved to Zustand",
        In::What,
        "State lives in Zustand; Redux is no longer used",
    ),
    (
        "prefer composition over inheritance",
        In::Do,
        "Use composition rather than inheritance",
    ),
    (
        "npm install doesn't work here, run pnpm install",
        In::What,
        "npm install fails here",
    ),
    ("not only lint but also test", In::Do, "Lint and test"),
    (
        "no need to run the formatter by hand",
        In::What,
        "The formatter need not be run by hand",
    ),
    ("nie auf main pushen", In::Do, "Never push to main"),
    ("Benutze kein npm, nimm pnpm", In::Do, "Use pnpm"),
    ("n'utilise jamais npm", In::Warn, "Never use npm"),
    ("no uses nunca npm", In::Do, "Do not use npm"),
    ("não use npm, use pnpm no projeto", In::Do, "Use pnpm"),
    (
        "rode os testes no CI sempre",
        In::Do,
        "Rode os testes no CI",
    ),
    ("никогда не используй npm", In::Do, "Never use npm"),
    ("不要使用npm，请用pnpm", In::Do, "Use pnpm"),
    ("不要推送到主分支", In::What, "不要推送到主分支"),
    ("这个方案不错，用pnpm", In::Do, "用pnpm"),
    ("npmは使わないでください", In::Warn, "Do not use npm"),
    (
        "テストを実行しなければならない",
        In::What,
        "テストを実行する",
    ),
    ("npm을 쓰지 마세요", In::Warn, "Never use npm"),
    (
        "use `git push --no-verify` here",
        In::Do,
        "Use `git push --no-verify`",
    ),
    ("never mind that, run the linter", In::Do, "Run the linter"),
    (
        "I don't know how the cache works, document the cache",
        In::Do,
        "Document the cache",
    ),
];

const OPPOSE: &[(&str, In, &str)] = &[
    ("never use pnpm", In::Do, "pnpm add"),
    ("never push to main", In::Do, "Push to main"),
    ("never push to main", In::Do, "Always push to main"),
    ("never push to main", In::What, "The user pushes to main"),
    (
        "never push to the main branch in this repo",
        In::Do,
        "Push to main",
    ),
    ("use pnpm, never npm", In::Do, "Use npm"),
    ("use pnpm, never npm", In::Do, "Never use pnpm"),
    ("use pnpm, never npm", In::What, "The project uses npm"),
    ("use pnpm, never npm", In::Do, "Use npm instead of pnpm"),
    ("use pnpm, never npm", In::Warn, "Do not use pnpm"),
    (
        "always run the tests before you commit",
        In::Do,
        "Never run the tests before you commit",
    ),
    ("always use tabs", In::Warn, "Do not use tabs"),
    ("don't use npm", In::What, "npm is used here"),
    ("don't mock the database", In::Do, "Mock the database"),
    ("stop adding comments", In::Do, "Add comments"),
    ("avoid default exports", In::Do, "Use default exports"),
    (
        "don't forget to run the linter",
        In::Do,
        "Do not run the linter",
    ),
    (
        "never deploy without running tests",
        In::Do,
        "Deploy without running tests",
    ),
    ("don't push unless I ask", In::Do, "Push"),
    (
        "install with --frozen-lockfile",
        In::Do,
        "Install without --frozen-lockfile",
    ),
    (
        "The build does not pick up .env.local",
        In::What,
        "The build does pick up .env.local",
    ),
    (
        "the tests need docker",
        In::What,
        "The tests do not need docker",
    ),
    (
        "we no longer support Node 16",
        In::What,
        "We support Node 16",
    ),
    (
        "console.log is not allowed in production code",
        In::Do,
        "Use console.log in production code",
    ),
    (
        "prefer composition over inheritance",
        In::Do,
        "Use inheritance",
    ),
    ("nie auf main pushen", In::Do, "Push to main"),
    ("immer pnpm benutzen", In::Do, "Never use pnpm"),
    ("Benutze kein npm", In::Do, "Use npm"),
    ("n'utilise jamais npm", In::Do, "Use npm"),
    ("no uses nunca npm", In::Do, "Use npm"),
    ("não use npm", In::Do, "Use npm"),
    ("никогда не используй npm", In::Do, "Use npm"),
    ("нельзя пушить в main", In::Do, "Push to main"),
    ("不要使用npm", In::Do, "Use npm"),
    ("不要推送到主分支", In::What, "推送到主分支"),
    ("禁止直接推送到main", In::Do, "Push to main"),
    ("npmは使わないでください", In::Do, "Use npm"),
    ("npm을 쓰지 마세요", In::Do, "Use npm"),
    ("npm 사용 금지", In::Do, "Use npm"),
];

#[test]
fn what_agrees_with_its_quote_passes() {
    let wrong: Vec<_> = AGREE
        .iter()
        .filter(|(quote, place, text)| against(quote, put(text, *place)).is_err())
        .map(|(quote, place, text)| {
            format!("{quote} | {text} | {:?}", against(quote, put(text, *place)))
        })
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn what_opposes_its_quote_is_caught() {
    let missed: Vec<_> = OPPOSE
        .iter()
        .filter(|(quote, place, text)| {
            !matches!(
                against(quote, put(text, *place)),
                Err(Ungrounded::Polarity(_))
            )
        })
        .map(|(quote, place, text)| {
            format!("{quote} | {text} | {:?}", against(quote, put(text, *place)))
        })
        .collect();
    assert!(missed.is_empty(), "{missed:#?}");
}

#[test]
fn a_quote_that_leaves_its_negation_off_is_read_with_it() {
    for (text, quote, does) in [
        ("never push to main", "push to main", "Push to main"),
        (
            "I don't think we should use npm here",
            "use npm here",
            "Use npm here",
        ),
        (
            "mainブランチに直接pushしないで",
            "mainブランチに直接push",
            "Push main",
        ),
        (
            "auf main pushen wir nicht",
            "auf main pushen",
            "Push to main",
        ),
    ] {
        let lesson = lesson("The user has a wish", Some(does), None);
        let candidate = candidate(lesson, vec![evidence(quote, Speaker::User)]);
        let found = check(&candidate, &[said(text)]);
        assert!(
            matches!(found, Err(Ungrounded::Polarity(_))),
            "{text}: {found:?}"
        );
    }
}

#[test]
fn who_forbids_must_have_heard_somebody_object() {
    let found = |quote: &str, does: &str| {
        against(
            quote,
            lesson("The link to a commit is its trailer", Some(does), None),
        )
    };
    let never = "Never store a field for the sha";
    assert!(found("we put the id into the trailer of the commit", never).is_err());
    for heard in [
        "no remove this again, somebody will take it for the link",
        "a sha goes stale, that is too risky",
        "why does it store the sha?",
    ] {
        assert_eq!(found(heard, never), Ok(()), "{heard}");
    }
    // What only sets one thing against another forbids nothing.
    assert_eq!(found("use pnpm here", "Use pnpm instead of npm"), Ok(()));
}

#[test]
fn what_follows_so_is_a_reason_of_its_own() {
    let quote = "I log to a file so it doesn't interfere with git";
    let lesson = lesson("Log the calls of git to a file", None, None);
    assert_eq!(against(quote, lesson), Ok(()));
}

#[test]
fn one_agreeing_quote_outweighs_another_of_the_same_matter() {
    let turns = [said(
        "you use npm in the docs folder, and never npm elsewhere",
    )];
    let lesson = lesson("Never use npm elsewhere", None, None);
    let quotes = vec![
        evidence("you use npm in the docs", Speaker::User),
        evidence("never npm elsewhere", Speaker::User),
    ];
    assert_eq!(check(&candidate(lesson, quotes), &turns), Ok(()));
}

#[test]
fn a_quote_in_another_language_does_not_speak_for_what_the_others_say() {
    let turns = [said(
        "the sha goes into a field of the trailer. bitte den Test nicht vergessen",
    )];
    let ask = |quotes: &[&str], does: &str| {
        let quotes = quotes.iter().map(|quote| evidence(quote, Speaker::User));
        let lesson = lesson("The link to a commit is its trailer", Some(does), None);
        check(&candidate(lesson, quotes.collect()), &turns)
    };
    let (english, german) = (
        "the sha goes into a field of the trailer",
        "bitte den Test nicht vergessen",
    );
    let never = "Never store a field for the sha";
    assert!(ask(&[english], never).is_err());
    assert!(ask(&[english, german], never).is_err());
    assert_eq!(ask(&[german], never), Ok(()));
    // Of what only that quote can speak, nobody can tell by its words.
    assert_eq!(ask(&[english, german], "Never skip a check"), Ok(()));
}

#[test]
fn a_ban_on_one_thing_says_nothing_against_another_whose_name_begins_alike() {
    let turns = [said("We never run it against the production database")];
    let quote = "We never run it against the production database";
    let check = |does: &str| {
        let what = "The importer is never run against the production database";
        let quotes = vec![evidence(quote, Speaker::User)];
        check(&candidate(lesson(what, Some(does), None), quotes), &turns)
    };
    assert_eq!(check("Run it against the copy of the data"), Ok(()));
    assert!(check("Run it against the production database").is_err());
}
