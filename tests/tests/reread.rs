//! A model that is chosen late reads what only the rules have read: once, where it may, and at a price that is
//! told before.

use llm::scripted::{Server, Step};
use serde_json::{Value, json};
use tests::{House, Transcript};

const SESSION: &str = "5e551014-0000-4000-8000-0000000000ee";
const SAID: &str =
    "In this repository pnpm is what installs packages, npm is not, because of the lockfile.";
const RIGHT: &str = r#"<memories><memory kind="preference" domain="tooling" scope="project" asserted_by="user">
<what>This repository uses pnpm, never npm.</what><when>installing a package</when>
<evidence turn="t1">pnpm is what installs packages, npm is not</evidence></memory></memories>"#;

/// A house that has read one session and another of next to no words, with no model.
fn read() -> House {
    let house = House::new().set("DORMOUSE_NOW", "2026-03-02T12:00:00Z");
    let cwd = house.work().display().to_string();
    let session = Transcript::new(SESSION, &cwd)
        .user(SAID)
        .assistant("Understood, pnpm it is.");
    house.write("transcripts/one.jsonl", session.text());
    let trivial = Transcript::new("5e551014-0000-4000-8000-0000000000ef", &cwd)
        .user("ok")
        .assistant("Done.");
    house.write("transcripts/two.jsonl", trivial.text());
    house.ok(&["ingest", "../transcripts"]);
    assert_eq!(house.json(&["list"]), Vec::<Value>::new());
    house
}

/// The same house, now that a server that follows this script was chosen.
fn chosen(house: House, server: &Server) -> House {
    house
        .set("DORMOUSE_LLM_PROVIDER", "compatible")
        .set("DORMOUSE_LLM_MODEL", "scripted")
        .set("DORMOUSE_LLM_BASE_URL", &server.base_url())
        .set("DORMOUSE_LLM_WINDOW", "32000")
        .set("DORMOUSE_LLM_TRIES", "1")
}

fn unread(house: &House, words: &[&str]) -> Value {
    let told = house.json(&[&["reread", "--estimate"], words].concat());
    told[0]["calls"].clone()
}

#[test]
fn what_was_read_before_a_model_was_chosen_is_read_by_it_once_and_when_one_says_so() {
    let server = Server::start(vec![Step::says(RIGHT)]);
    let house = chosen(read(), &server).set("DORMOUSE_LLM_PRICE_IN", "2.5");
    let ran = house.run(&["ingest", "../transcripts"]);
    assert!(ran.stderr().contains("dormouse reread"), "{}", ran.stderr());
    assert!(house.ok(&["status"]).contains("dormouse reread"));
    let told = house.json(&["reread", "--estimate"]).remove(0);
    assert_eq!((&told["episodes"], &told["calls"]), (&json!(1), &json!(1)));
    assert!(told["cost_at_most"].as_f64() > Some(0.0), "{told}");
    assert!(server.seen().is_empty(), "nobody was asked so far");
    house.ok(&["reread"]);
    assert_eq!(
        house.json(&["list"])[0]["what"],
        "This repository uses pnpm, never npm."
    );
    house.ok(&["reread"]);
    assert_eq!(server.seen().len(), 1, "nothing is bought twice");
    assert!(!house.ok(&["status"]).contains("dormouse reread"));
    house.ok(&["undo"]);
    assert_eq!(house.json(&["list"]), Vec::<Value>::new());
    assert_eq!(unread(&house, &[]), 0, "and what was taken back stays so");
}

#[test]
fn what_no_model_may_read_is_not_read_again() {
    let server = Server::start(vec![Step::says(RIGHT)]);
    let house = chosen(read(), &server);
    assert_eq!(unread(&house, &[]), 1);
    assert_eq!(unread(&house, &["--since", "2026-03-01"]), 1);
    assert_eq!(unread(&house, &["--since", "2026-03-04"]), 0);
    assert_eq!(unread(&house, &["--project", "/srv"]), 0);
    assert_eq!(unread(&house, &["--project", "/srv", "--all-projects"]), 1);
    house.ok(&["project", "model", ".", "none"]);
    assert_eq!(unread(&house, &[]), 0);
    house.ok(&["undo"]);
    house.ok(&["exclude", "."]);
    assert_eq!(unread(&house, &[]), 0);
    house.ok(&["exclude", "--off", "."]);
    assert_eq!(unread(&house, &[]), 1);
    let off = house
        .command(&["reread"])
        .env("DORMOUSE_OFF", "1")
        .output()
        .expect("it starts");
    assert!(off.status.success());
    house.ok(&["purge", "--session", SESSION, "--yes"]);
    assert_eq!(unread(&house, &[]), 0);
    house.ok(&["reread"]);
    assert!(server.seen().is_empty());
}

#[test]
fn a_rereading_that_waits_for_a_model_is_queued_once() {
    let busy = Step::status(503, "<html>busy</html>");
    let server = Server::start(vec![busy, Step::says(RIGHT)]);
    let house = chosen(read(), &server);
    house.ok(&["reread"]);
    let jobs = || house.json(&["status"]).remove(0)["jobs"].clone();
    assert_eq!(jobs().as_array().map(Vec::len), Some(1));
    assert_eq!(unread(&house, &[]), 0, "it is queued already");
    house.ok(&["reread"]);
    assert_eq!(jobs(), json!([]));
    assert_eq!(house.json(&["list"]).len(), 1);
}

#[test]
fn with_no_model_there_is_nobody_to_read() {
    let house = read();
    assert_eq!(unread(&house, &[]), 0);
    let ran = house.run(&["reread"]);
    assert_eq!(ran.code(), Some(1));
    assert!(
        ran.stderr().contains("no model is chosen"),
        "{}",
        ran.stderr()
    );
}

#[test]
fn a_look_at_how_things_stand_makes_no_mailbox() {
    let house = read().set("DORMOUSE_LLM_PROVIDER", "mailbox");
    house.ok(&["status"]);
    assert!(!house.home().join("mailbox").exists());
}
