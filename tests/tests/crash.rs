//! The program dies at every named point, and the next run makes the state what it would have been.

use tests::{Failed, House, Transcript};

const NOW: &str = "2026-03-02T12:00:00Z";

const TOOLS: [&str; 9] = [
    "pnpm",
    "cargo",
    "ruff",
    "just",
    "mise",
    "poetry",
    "bazel",
    "gradle",
    "terraform",
];

/// Enough prompts for several Ingest jobs of a few turns each.
fn session() -> String {
    let mut session = Transcript::new("5e551014-0000-4000-8000-00000000000c", "/srv/shop");
    for (number, tool) in TOOLS.into_iter().enumerate() {
        session = session
            .user(&format!(
                "We always use {tool} in this repository, never a script."
            ))
            .assistant("Understood.")
            .bash(&format!("make step-{number}"), "done", Failed::No);
    }
    session.text()
}

fn house() -> House {
    let house = House::new()
        .set("DORMOUSE_NOW", NOW)
        .set("DORMOUSE_READING_TURNS", "6");
    house.write("work/session.jsonl", session());
    house
}

/// Everything that a person can see of the house.
fn state(house: &House) -> String {
    let mut state = house.ok(&["export"]);
    let shown = house.json(&["conversations", "show", "5e55", "--limit", "1000"]);
    shown
        .iter()
        .for_each(|turn| state.push_str(&format!("{turn}\n")));
    let status = house.json(&["status", "--runs", "0"]).remove(0);
    let kept = &status["status"]["kept"];
    // A command that is repeated after a crash is a second run, and rightly so.
    for thing in ["turns", "episodes", "sessions", "sources", "projects"] {
        state.push_str(&format!("{thing}: {}\n", kept[thing]));
    }
    state.push_str(&status["jobs"].to_string());
    state
}

fn crash(house: &House, words: &[&str], point: &str) {
    let mut command = house.command(words);
    let ran = command
        .env("DORMOUSE_FAULT", point)
        .output()
        .expect("it starts");
    assert_eq!(
        ran.status.code(),
        None,
        "it was to die at {point}, not to end: {ran:?}"
    );
}

/// A lease that was not given back runs out a minute later.
fn later(house: House) -> House {
    house.set("DORMOUSE_NOW", "2026-03-02T12:05:00Z")
}

#[test]
fn a_crash_in_the_middle_of_ingest_changes_nothing_in_the_end() {
    let undisturbed = house();
    undisturbed.ok(&["ingest", "session.jsonl"]);
    let undisturbed = state(&undisturbed);
    let points = [
        "finish.begin",
        "finish.after-turns",
        "finish.before-commit",
        "finish.after-commit",
    ];
    for point in points {
        let house = house();
        crash(&house, &["ingest", "session.jsonl"], point);
        let house = later(house);
        house.ok(&["work"]);
        house.ok(&["ingest", "session.jsonl"]);
        same(
            &without_clock(&state(&house)),
            &without_clock(&undisturbed),
            point,
        );
    }
}

fn same(left: &str, right: &str, point: &str) {
    let differs = left
        .lines()
        .zip(right.lines())
        .find(|(left, right)| left != right);
    assert_eq!(differs, None, "after {point}");
    assert_eq!(left.lines().count(), right.lines().count(), "after {point}");
}

/// What was taken in after the crash was taken in later: that is all that may differ.
fn without_clock(state: &str) -> String {
    state.replace("2026-03-02T12:05:00Z", NOW)
}

#[test]
fn a_crash_in_the_middle_of_undo_takes_back_all_or_nothing() {
    for (point, taken_back) in [("undo.before-commit", false), ("undo.after-commit", true)] {
        let house = house();
        let empty = house.ok(&["export"]);
        house.ok(&["ingest", "session.jsonl"]);
        let full = house.ok(&["export"]);
        crash(&house, &["undo"], point);
        let left = house.ok(&["export"]);
        let memories = |text: &str| {
            text.lines()
                .filter(|line| line.contains("\"what\""))
                .count()
        };
        match taken_back {
            true => assert_eq!(memories(&left), memories(&empty), "after {point}"),
            false => assert_eq!(left, full, "after {point}"),
        }
    }
}
