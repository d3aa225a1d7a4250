//! The program dies in the middle of asking a model: no reply is bought twice, every token is accounted
//! for, and the next run makes the state what it would have been.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use llm::scripted::{Server, Step};
use serde_json::Value;
use tests::{House, Transcript};

const BEFORE: &str = "2026-03-02T12:00:00Z";
const CRASH: &str = "2026-03-02T12:01:00Z";
const AFTER: &str = "2026-03-02T12:06:00Z";

const RIGHT: &str = r#"<memories><memory kind="preference" domain="tooling" scope="project" asserted_by="user">
<what>This repository uses pnpm, never npm.</what><when>installing a package</when>
<evidence turn="t1">pnpm is what installs packages, npm is not</evidence></memory></memories>"#;

/// A house with one episode that waits for a model that was busy: only the Extract is left to do.
fn house(server: &Server) -> House {
    let house = House::new()
        .set("DORMOUSE_NOW", BEFORE)
        .set("DORMOUSE_LLM_PROVIDER", "compatible")
        .set("DORMOUSE_LLM_MODEL", "scripted")
        .set("DORMOUSE_LLM_BASE_URL", &server.base_url())
        .set("DORMOUSE_LLM_WINDOW", "32000")
        .set("DORMOUSE_LLM_TRIES", "1")
        .set("DORMOUSE_LLM_API_KEY_ENV", "MY_OWN_KEY")
        .set("MY_OWN_KEY", "key-4711-secret");
    let session = Transcript::new("5e551014-0000-4000-8000-0000000000bb", "/srv/shop")
        .user("In this repository pnpm is what installs packages, npm is not, because of the lockfile.")
        .assistant("Understood, pnpm it is.");
    house.write("transcripts/one.jsonl", session.text());
    house.ok(&["ingest", "../transcripts"]);
    house.set("DORMOUSE_NOW", CRASH)
}

fn busy_then(steps: impl IntoIterator<Item = Step>) -> Server {
    let busy = Step::status(503, "<html>busy</html>");
    Server::start([busy].into_iter().chain(steps).collect())
}

/// Everything of the house that a person can see, but for when the memory was recorded.
fn state(house: &House) -> String {
    let status = house.json(&["status", "--runs", "0"]).remove(0);
    let kept = &status["status"]["kept"];
    let mut state = house.ok(&["export"]);
    for thing in ["turns", "episodes", "asks"] {
        state.push_str(&format!("{thing}: {}\n", kept[thing]));
    }
    state.push_str(&status["jobs"].to_string());
    state.replace(AFTER, CRASH)
}

/// What went to the host: calls, replies, and tokens that count.
fn sent(house: &House) -> [u64; 3] {
    let sent = &house.json(&["status"]).remove(0)["sent"][0];
    ["calls", "answered", "tokens"].map(|what| sent[what].as_u64().expect("a number"))
}

fn undisturbed() -> (String, [u64; 3]) {
    let server = busy_then([Step::says(RIGHT)]);
    let house = house(&server);
    house.ok(&["work"]);
    assert_eq!(server.seen().len(), 2);
    assert_eq!(house.json(&["list", "--all-projects"]).len(), 1);
    (state(&house), sent(&house))
}

#[test]
fn a_crash_while_a_model_is_asked_buys_no_reply_twice_and_loses_no_token() {
    let (wanted, spent) = undisturbed();
    // Where it dies, how often the words are sent in all, and whether a call stays open.
    let points = [
        ("call.reserved", 2, true),
        // The one place where a reply that had come is lost: nobody had kept it yet.
        ("call.before-settled", 3, true),
        ("call.settled", 2, false),
        ("finish.begin", 2, false),
        ("finish.before-commit", 2, false),
        ("finish.after-commit", 2, false),
    ];
    for (point, times, stays_open) in points {
        let server = busy_then([Step::says(RIGHT)]);
        let house = house(&server);
        let ran = house
            .command(&["work"])
            .env("DORMOUSE_FAULT", point)
            .output();
        let ran = ran.expect("it starts");
        assert_eq!(ran.status.code(), None, "it was to die at {point}: {ran:?}");
        let house = house.set("DORMOUSE_NOW", AFTER);
        house.ok(&["work"]);
        house.ok(&["work"]);
        assert_eq!(server.seen().len(), times, "sent, after {point}");
        let bodies: Vec<String> = server.seen().into_iter().map(|seen| seen.body).collect();
        assert!(
            bodies.iter().all(|body| *body == bodies[0]),
            "the same words each time"
        );
        assert_eq!(state(&house), wanted, "after {point}");
        let [calls, answered, tokens] = sent(&house);
        assert_eq!(answered, spent[1], "after {point}");
        assert_eq!(calls, spent[0] + u64::from(stays_open), "after {point}");
        match stays_open {
            // What may have been worked on may have to be paid for: it stays set aside.
            true => assert!(tokens > spent[2] + 1_000, "{tokens} after {point}"),
            false => assert_eq!(tokens, spent[2], "after {point}"),
        }
    }
}

#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "a program that never asks must not hang the test"
)]
fn a_program_that_is_killed_while_it_waits_for_a_reply_asks_again_with_the_same_words() {
    let (wanted, spent) = undisturbed();
    let server = busy_then([Step::Hang, Step::says(RIGHT)]);
    let house = house(&server);
    let mut child = house.command(&["work"]).spawn().expect("it starts");
    let begun = Instant::now();
    while server.seen().len() < 2 && begun.elapsed() < Duration::from_secs(60) {
        std::thread::yield_now();
    }
    child.kill().expect("it is there");
    child.wait().expect("it ended");
    let house = house.set("DORMOUSE_NOW", AFTER);
    let told: Vec<Value> = house.json(&["list", "--all-projects"]);
    assert_eq!(told.len(), 0);
    house.ok(&["work"]);
    let bodies: Vec<String> = server.seen().into_iter().map(|seen| seen.body).collect();
    assert_eq!(bodies.len(), 3);
    assert_eq!(
        bodies[1], bodies[2],
        "it was frozen when it was first built"
    );
    assert_eq!(state(&house), wanted);
    let [calls, answered, tokens] = sent(&house);
    assert_eq!([calls, answered], [spent[0] + 1, spent[1]]);
    assert!(tokens > spent[2] + 1_000, "{tokens}");
    assert_eq!(
        house.files_holding("key-4711-secret"),
        Vec::<PathBuf>::new()
    );
}
