//! Lessons in words of their own, each with copies that are turned around: how many pass, and how
//! many are caught. They were written before the rules that read them, and not from any label.

use super::*;

struct Told {
    quotes: &'static [&'static str],
    what: &'static str,
    does: &'static str,
    warn: &'static str,
    /// Copies that nobody said: where, and what stands there.
    turned: &'static [(char, &'static str)],
}

const TOLD: &[Told] = &[
    Told {
        quotes: &["the staging deploy failed again, someone forgot to bump the chart version"],
        what: "A deploy to staging fails when the chart version was not bumped.",
        does: "Bump the chart version before deploying to staging",
        warn: "",
        turned: &[
            (
                'd',
                "Never bump the chart version before deploying to staging",
            ),
            (
                'd',
                "Do not bump the chart version before deploying to staging",
            ),
        ],
    },
    Told {
        quotes: &["we put feature flags in flags.toml, the env vars are only for secrets"],
        what: "Feature flags live in flags.toml; environment variables are reserved for secrets.",
        does: "Add a new flag to flags.toml",
        warn: "Do not introduce env vars for flags",
        turned: &[
            ('d', "Never add a new flag to flags.toml"),
            ('w', "The env vars are not for secrets"),
        ],
    },
    Told {
        quotes: &[
            "The flaky test was caused by two workers sharing one temp directory.",
            "Fixed: every worker now gets its own directory, the suite passed 50 times in a row.",
        ],
        what: "Workers that share a temp directory make the suite flaky; each has its own now.",
        does: "Give every worker a temp directory of its own",
        warn: "A shared directory breaks only now and then",
        turned: &[
            ('d', "Never give every worker a temp directory of its own"),
            (
                'a',
                "Workers that do not share a temp directory make the suite flaky",
            ),
        ],
    },
    Told {
        quotes: &["please don't squash when you merge release branches, we lose the bisect points"],
        what: "Release branches are merged without squashing, so that bisecting stays possible.",
        does: "Merge release branches with a merge commit",
        warn: "Squashing loses the points to bisect at",
        turned: &[
            ('d', "Squash release branches when merging"),
            ('a', "Release branches are merged with squashing"),
        ],
    },
    Told {
        quotes: &[
            "The importer reads the CSV as latin-1, not UTF-8, because the bank still exports it that way.",
        ],
        what: "The bank's CSV export is latin-1, and the importer decodes it so.",
        does: "Decode the bank's CSV as latin-1",
        warn: "It is not UTF-8",
        turned: &[
            ('d', "Do not decode the bank's CSV as latin-1"),
            ('a', "The bank's CSV export is not latin-1"),
        ],
    },
    Told {
        quotes: &["no no, keep the old endpoint alive until the mobile team has shipped 4.2"],
        what: "The old endpoint stays until the mobile team has shipped 4.2.",
        does: "Leave the old endpoint in place",
        warn: "Do not remove it before that release",
        turned: &[
            (
                'a',
                "The old endpoint does not stay until the mobile team has shipped 4.2",
            ),
            ('d', "Never leave the old endpoint in place"),
        ],
    },
    Told {
        quotes: &["I'd rather have explicit SQL here than another ORM layer"],
        what: "The user wants explicit SQL rather than an ORM layer.",
        does: "Write the query as SQL",
        warn: "",
        turned: &[
            ('a', "The user does not want explicit SQL"),
            ('d', "Never write the query as SQL"),
        ],
    },
    Told {
        quotes: &[
            "error: cannot find -lssl",
            "Installing libssl-dev fixed the link error.",
        ],
        what: "Linking needs the headers of libssl-dev; without them ld cannot find -lssl.",
        does: "Install libssl-dev before building",
        warn: "",
        turned: &[
            ('d', "Never install libssl-dev before building"),
            ('d', "Avoid installing libssl-dev"),
        ],
    },
    Told {
        quotes: &["the retry loop hid the real error for weeks, let's take it out and fail fast"],
        what: "A retry loop had masked the real error, so it was removed in favour of failing fast.",
        does: "Let the call fail at once; do not wrap it into retries",
        warn: "Retries hide what is wrong",
        turned: &[('d', "Do not fail fast")],
    },
    Told {
        quotes: &["Redis is just a cache for us, if it is down the site must still work"],
        what: "Redis is a cache only: the site has to work when it is down.",
        does: "Fall back to the database when Redis does not answer",
        warn: "Never keep anything in Redis alone",
        turned: &[
            ('a', "Redis is not a cache"),
            ('a', "The site must not work when Redis is down"),
            ('d', "Do not fall back to the database when Redis is down"),
        ],
    },
    Told {
        quotes: &["we decided against GraphQL, the REST API stays"],
        what: "GraphQL was turned down; the API remains REST.",
        does: "Extend the REST API",
        warn: "Do not propose GraphQL again",
        turned: &[
            ('a', "The REST API does not stay"),
            ('d', "Never extend the REST API"),
        ],
    },
    Told {
        quotes: &["The snapshot tests only pass with TZ=UTC, CI sets that but your shell doesn't."],
        what: "Snapshot tests depend on TZ=UTC, which CI sets and a local shell does not.",
        does: "Run the snapshot tests with TZ=UTC",
        warn: "",
        turned: &[
            ('d', "Never run the snapshot tests with TZ=UTC"),
            ('d', "Do not run the snapshot tests with TZ=UTC"),
        ],
    },
    Told {
        quotes: &[
            "looks good, but names of tests should say what is true, not what function they call",
        ],
        what: "A test is named for what is true, not for the function that it calls.",
        does: "Name a test after the behaviour that it proves",
        warn: "",
        turned: &[
            ('a', "A test is not named for what is true"),
            ('d', "Never name a test after what is true"),
        ],
    },
    Told {
        quotes: &["The lock is held across the await, so a slow client blocks all the others."],
        what: "The lock was held across an await, and one slow client blocked everybody.",
        does: "Release the lock before awaiting",
        warn: "Do not hold it across an await",
        turned: &[
            ('a', "The lock was not held across an await"),
            ('d', "Never release the lock before awaiting"),
        ],
    },
    Told {
        quotes: &["can you stop rewriting my commit messages, they follow our template"],
        what: "The user's commit messages follow a template and are to be left as they are.",
        does: "Keep commit messages as written",
        warn: "Do not rewrite them",
        turned: &[
            ('w', "The messages do not follow a template"),
            ('d', "Rewrite commit messages"),
        ],
    },
    Told {
        quotes: &["vendor/ is generated by make vendor, edits there get lost"],
        what: "What stands in vendor/ is generated, so that edits by hand disappear.",
        does: "Change the source and run `make vendor`",
        warn: "Do not edit files below vendor/",
        turned: &[
            ('a', "What stands in vendor/ is not generated"),
            ('d', "Never run `make vendor`"),
        ],
    },
    Told {
        quotes: &["Das Skript darf nicht als root laufen, sonst gehören die Logs root."],
        what: "The script must not run as root, or the logs belong to root.",
        does: "Run the script as a normal user",
        warn: "",
        turned: &[('d', "Run the script as root")],
    },
    Told {
        quotes: &["上线之前必须先跑一遍迁移脚本"],
        what: "The migration script has to be run before going live.",
        does: "Run the migration script first",
        warn: "",
        turned: &[('d', "Never run the migration script first")],
    },
    Told {
        quotes: &["The webhook arrives before the row is committed, hence the 404 in the handler."],
        what: "The webhook can come in before its row is committed, and then the handler finds nothing.",
        does: "Retry the lookup, or send the webhook after the commit",
        warn: "",
        turned: &[(
            'a',
            "The webhook does not arrive before the row is committed",
        )],
    },
    Told {
        quotes: &["we ship arm64 only now, x86 was dropped in March"],
        what: "Only arm64 is shipped; x86 is no longer supported.",
        does: "Build for arm64",
        warn: "",
        turned: &[
            ('a', "arm64 is not shipped"),
            ('d', "Do not build for arm64"),
        ],
    },
    Told {
        quotes: &[
            "Turns out the linter config was never loaded: it has to be named eslint.config.mjs.",
        ],
        what: "The linter config is loaded only under the name eslint.config.mjs.",
        does: "Name the config eslint.config.mjs",
        warn: "Another name is silently not loaded",
        turned: &[
            ('d', "Never name the config eslint.config.mjs"),
            ('a', "The linter config must not be named eslint.config.mjs"),
        ],
    },
    Told {
        quotes: &["I measured it: the index makes the query 40x faster and costs 2 MB"],
        what: "With the index the query is 40 times faster, for 2 MB.",
        does: "Keep the index",
        warn: "",
        turned: &[
            ('a', "With the index the query is not faster"),
            ('d', "Never keep the index"),
        ],
    },
    Told {
        quotes: &[
            "does the job run on weekends?",
            "No, the scheduler skips Saturday and Sunday.",
        ],
        what: "The scheduler does not start the job at weekends.",
        does: "Trigger it by hand on a Saturday or Sunday",
        warn: "",
        turned: &[(
            'a',
            "The scheduler does start the job on Saturday and Sunday",
        )],
    },
    Told {
        quotes: &["leave the generated client out of coverage, it makes the number meaningless"],
        what: "The generated client is excluded from coverage.",
        does: "Exclude the generated client from coverage",
        warn: "With it the number means nothing",
        turned: &[
            ('a', "The generated client is not excluded from coverage"),
            ('d', "Include the generated client in coverage"),
        ],
    },
];

fn check_told(quotes: &[&str], what: &str, does: &str, warn: &str) -> Result<(), Ungrounded> {
    let filled = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let turns: Vec<Turn> = quotes
        .iter()
        .enumerate()
        .map(|(at, text)| turn_of(&format!("t{at}"), vec![part(Speaker::User, text)]))
        .collect();
    let quoted = quotes.iter().enumerate().map(|(at, text)| Evidence {
        turn: TurnId::new(format!("t{at}")),
        ..evidence(text, Speaker::User)
    });
    let lesson = Lesson {
        do_: filled(does),
        warn: filled(warn),
        ..lesson(what, None, None)
    };
    check(&candidate(lesson, quoted.collect()), &turns)
}

#[test]
fn a_lesson_in_words_of_its_own_holds() {
    let wrong: Vec<String> = TOLD
        .iter()
        .filter_map(|told| {
            let found = check_told(told.quotes, told.what, told.does, told.warn);
            Some(format!("{}: {}", told.what, found.err()?))
        })
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn most_lessons_in_words_of_their_own_are_caught_when_turned_around() {
    let (mut copies, mut missed) = (0, Vec::new());
    for told in TOLD {
        for (place, text) in told.turned {
            copies += 1;
            let found = match place {
                'a' => check_told(told.quotes, text, told.does, told.warn),
                'd' => check_told(told.quotes, told.what, text, told.warn),
                _ => check_told(told.quotes, told.what, told.does, text),
            };
            if found.is_ok() {
                missed.push(format!("{:?}: {text}", told.quotes));
            }
        }
    }
    // Before a denial had to be heard and a lesson was held against itself, 29 of 44 were missed.
    let all = missed.len();
    assert!(all <= 3, "{all} of {copies}: {missed:#?}");
}
