//! Which failures teach something, and which are the daily bread of work.

use domain::{Candidate, Kind, Speaker, Turn};
use extractors::ground;
use extractors::rules::candidates;

use crate::talk::Outcome::{Fail, Pass};
use crate::talk::{Outcome, shell};

fn found(commands: &[(&str, Outcome)]) -> Vec<Candidate> {
    candidates(&shell(commands))
}

#[track_caller]
fn teaches(commands: &[(&str, Outcome)], what: &str, advice: &str) {
    let turns = shell(commands);
    let found = candidates(&turns);
    assert_eq!(found.len(), 1);
    assert_eq!(ground::check(&found[0], &turns), Ok(()));
    assert_eq!(found[0].lesson.what, what);
    assert_eq!(found[0].lesson.do_.as_deref(), Some(advice));
    assert_eq!(
        (found[0].lesson.kind, found[0].asserted_by),
        (Kind::Bug, Speaker::Tool)
    );
}

#[track_caller]
fn teaches_nothing(commands: &[(&str, Outcome)]) {
    assert_eq!(found(commands), Vec::new());
}

#[test]
fn a_missing_program_and_what_installed_it() {
    teaches(
        &[
            (
                "cd web && pnpm test 2>&1 | tail -20",
                Fail("Exit code 127\nsh: vitest: command not found"),
            ),
            ("ls node_modules", Pass),
            ("pnpm install", Pass),
            ("pnpm test", Pass),
        ],
        "`pnpm test` failed: sh: vitest: command not found",
        "run `pnpm install`, then `pnpm test` again",
    );
}

#[test]
fn a_port_that_is_taken_a_right_that_lacks_a_server_that_is_down() {
    teaches(
        &[
            (
                "npm run dev",
                Fail("Error: listen EADDRINUSE: address already in use :::3000"),
            ),
            ("lsof -ti:3000 | xargs kill", Pass),
            ("npm run dev", Pass),
        ],
        "`npm run dev` failed: Error: listen EADDRINUSE: address already in use :::3000",
        "run `lsof -ti:3000 | xargs kill`, then `npm run dev` again",
    );
    teaches(
        &[
            ("./run.sh", Fail("bash: ./run.sh: Permission denied")),
            ("chmod +x run.sh", Pass),
            ("./run.sh", Pass),
        ],
        "`./run.sh` failed: bash: ./run.sh: Permission denied",
        "run `chmod +x run.sh`, then `./run.sh` again",
    );
    teaches(
        &[
            (
                "make db",
                Fail("Cannot connect to the Docker daemon at unix:///var/run/docker.sock."),
            ),
            ("colima start", Pass),
            ("make db", Pass),
        ],
        "`make db` failed: Cannot connect to the Docker daemon at unix:///var/run/docker.sock.",
        "run `colima start`, then `make db` again",
    );
}

#[test]
fn an_option_that_the_program_does_not_know() {
    teaches(
        &[
            (
                "git gc --auto --dry-run",
                Fail("error: unknown option `dry-run'"),
            ),
            ("git gc --auto", Pass),
        ],
        "`git gc --auto --dry-run` failed: error: unknown option `dry-run'",
        "run `git gc --auto`",
    );
}

#[test]
fn a_test_that_is_red_before_its_feature_stands_teaches_nothing() {
    teaches_nothing(&[
        ("npm test", Fail("FAIL src/add.test.ts\nexpected 2 to be 3")),
        ("npm install left-pad", Pass),
        ("npm test", Pass),
    ]);
    teaches_nothing(&[
        ("npm test", Fail("Error: Cannot find module './add'")),
        ("npm install left-pad", Pass),
        ("npm test", Pass),
    ]);
}

#[test]
fn without_the_same_command_passing_there_is_no_proof() {
    let failure = || ("make", Fail("make: cc: command not found"));
    teaches_nothing(&[failure(), ("apt-get install gcc", Pass)]);
    teaches_nothing(&[
        failure(),
        ("apt-get install gcc", Pass),
        ("make", Fail("ld: error")),
    ]);
    teaches_nothing(&[
        failure(),
        ("apt-get install gcc", Pass),
        ("make check", Pass),
    ]);
    teaches_nothing(&[failure(), ("vi Makefile", Pass), ("make", Pass)]);
    teaches_nothing(&[
        failure(),
        ("apt-get install gcc", Fail("E: not root")),
        ("make", Pass),
    ]);
}

#[test]
fn when_several_commands_may_have_mended_it_none_is_named() {
    teaches_nothing(&[
        ("make", Fail("make: cc: command not found")),
        ("apt-get install gcc", Pass),
        ("brew install llvm", Pass),
        ("make", Pass),
    ]);
}

#[test]
fn a_mend_that_lies_too_far_back_is_none() {
    let mut commands = vec![
        ("make", Fail("make: cc: command not found")),
        ("apt-get install gcc", Pass),
    ];
    commands.extend((0..12).map(|_| ("git status", Pass)));
    commands.push(("make", Pass));
    teaches_nothing(&commands);
}

#[test]
fn looking_around_is_no_work() {
    teaches_nothing(&[
        (
            "ls types",
            Fail("ls: cannot access 'types': No such file or directory"),
        ),
        ("mkdir -p types", Pass),
        ("ls types", Pass),
    ]);
}

#[test]
fn what_a_subagent_ran_mends_nothing_in_the_main_conversation() {
    let mut turns: Vec<Turn> = shell(&[
        ("make", Fail("make: cc: command not found")),
        ("apt-get install gcc", Pass),
        ("make", Pass),
    ]);
    assert_eq!(candidates(&turns).len(), 1);
    for turn in &mut turns[2..4] {
        turn.sidechain = Some("agent".to_owned());
    }
    assert_eq!(candidates(&turns), Vec::new());
}

#[test]
fn the_same_repair_twice_is_claimed_once() {
    let once = || {
        [
            ("make", Fail("make: cc: command not found")),
            ("apt-get install gcc", Pass),
            ("make", Pass),
        ]
    };
    let twice: Vec<(&str, Outcome)> = once().into_iter().chain(once()).collect();
    assert_eq!(found(&twice).len(), 1);
}
