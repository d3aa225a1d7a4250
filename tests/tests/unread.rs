//! A project that no model reads: nothing of it is sent, whatever was begun before, and the rules do.

use std::path::Path;

use llm::scripted::{Server, Step};
use serde_json::{Value, json};
use tests::{House, Transcript};

const RULE: &str = "We always use pnpm in this repository, never npm.";
const NOTHING: &str = "<none/>";

/// A repository in the working directory and a worktree of it beside; a session in each, and one in a
/// repository that anybody may read.
fn house() -> House {
    let house = House::new().set("DORMOUSE_NOW", "2026-03-02T12:00:00Z");
    let inner = house.work().join("shop/.git/worktrees/fix");
    house.write("work/shop/.git/HEAD", "ref: refs/heads/main\n");
    house.write("work/shop/.git/worktrees/fix/HEAD", "ref: refs/heads/fix\n");
    house.write("work/shop/.git/worktrees/fix/commondir", "../..\n");
    house.write("fix/.git", format!("gitdir: {}\n", inner.display()));
    house.write("work/blog/.git/HEAD", "ref: refs/heads/main\n");
    for (number, folder) in ["shop", "../fix", "blog"].into_iter().enumerate() {
        let cwd = house.work().join(folder).canonicalize().expect("a folder");
        says(
            &house,
            number,
            &cwd,
            &format!("{RULE} It is number {number}."),
        );
    }
    house
}

fn says(house: &House, number: usize, cwd: &Path, text: &str) {
    let session = format!("5e551014-0000-4000-8000-00000000d0{number:02}");
    let text = Transcript::new(&session, &cwd.display().to_string())
        .user(text)
        .assistant("Understood, pnpm it is.")
        .text();
    house.write(&format!("transcripts/{number}.jsonl"), text);
}

fn asking(house: House, server: &Server) -> House {
    house
        .set("DORMOUSE_LLM_PROVIDER", "compatible")
        .set("DORMOUSE_LLM_MODEL", "scripted")
        .set("DORMOUSE_LLM_BASE_URL", &server.base_url())
        .set("DORMOUSE_LLM_WINDOW", "32000")
        .set("DORMOUSE_LLM_API_KEY_ENV", "MY_OWN_KEY")
        .set("MY_OWN_KEY", "key-4711-secret")
}

fn bodies(server: &Server) -> Vec<String> {
    server.seen().into_iter().map(|seen| seen.body).collect()
}

fn held(house: &House) -> Vec<Value> {
    house.json(&["list", "--all-projects"])
}

#[test]
fn of_a_project_that_no_model_reads_nothing_is_sent_and_the_rules_read_it() {
    let server = Server::start(vec![Step::says(NOTHING)]);
    let house = asking(house(), &server);
    house.ok(&["project", "model", "shop", "none"]);
    let told = house
        .json(&["ingest", "../transcripts", "--estimate"])
        .remove(0);
    assert_eq!((&told["calls"], &told["turns"]), (&json!(1), &json!(6)));
    assert_eq!(told["turns_kept_from_models"], 4);
    house.ok(&["ingest", "../transcripts"]);
    let sent = bodies(&server);
    assert_eq!(sent.len(), 1, "the worktree is the same project: {sent:?}");
    assert!(sent[0].contains("number 2"));
    let held = held(&house);
    assert!(!held.is_empty(), "the rules have read it");
    let quotes = held[0]["evidence"].to_string();
    assert!(quotes.contains("always use pnpm"), "{quotes}");
    house.ok(&["--project", "shop", "save", "The tests need a database."]);
    house.ok(&[
        "--project",
        "../fix",
        "save",
        "--scope",
        "user",
        "I like tabs.",
    ]);
    assert_eq!(
        server.seen().len(),
        1,
        "what is saved there is not sent either"
    );
    house.ok(&["review"]);
    assert_eq!(server.seen().len(), 1);
}

#[test]
fn whoever_lists_or_looks_sees_which_projects_no_model_reads() {
    let house = house();
    house.ok(&["project", "model", "shop", "none"]);
    let list = house.json(&["project", "list"]);
    assert_eq!(list[0]["kept_from_models"], true, "{list:?}");
    assert!(house.ok(&["project", "list"]).contains("no model reads it"));
    let status = house.json(&["status"]).remove(0);
    assert_eq!(status["kept_from_models"], json!(["shop"]));
    assert!(house.ok(&["status"]).contains("no model  reads shop"));
    let again = house.run(&["project", "model", "../fix", "none"]);
    assert_eq!(again.code(), Some(1), "a worktree is the project itself");
}

#[test]
fn it_can_be_taken_back_in_both_ways_and_the_undo_too() {
    let house = house();
    let unread = || house.json(&["status"]).remove(0)["kept_from_models"].clone();
    let set = house.json(&["project", "model", "shop", "none"]).remove(0);
    let run = format!("r{}", set["run"]);
    let undone = house.json(&["undo", &run]).remove(0);
    assert_eq!((&undone["models"], unread()), (&json!(1), json!([])));
    let undo = format!("r{}", undone["undone_by"]);
    house.ok(&["undo", &undo]);
    assert_eq!(unread(), json!(["shop"]));
    house.ok(&["project", "model", "../fix", "chosen"]);
    assert_eq!(unread(), json!([]));
    let ran = house.run(&["project", "model", "shop", "chosen"]);
    assert_eq!(ran.code(), Some(1));
}

#[test]
fn what_is_made_one_with_it_is_read_by_no_model_either() {
    let server = Server::start(vec![Step::says(NOTHING)]);
    let house = asking(house(), &server);
    house.ok(&["project", "model", "shop", "none"]);
    house.ok(&["project", "model", "blog", "none"]);
    house.ok(&["project", "model", "blog", "chosen"]);
    house.ok(&["project", "merge", "shop", "blog"]);
    house.ok(&["ingest", "../transcripts"]);
    assert_eq!(bodies(&server), Vec::<String>::new());
}

#[test]
fn a_request_that_was_frozen_before_is_not_sent_after() {
    let server = Server::start(vec![
        Step::status(503, "<html>busy</html>"),
        Step::says(NOTHING),
    ]);
    let house = asking(house(), &server).set("DORMOUSE_LLM_TRIES", "1");
    house.ok(&["ingest", "../transcripts/0.jsonl"]);
    assert_eq!(server.seen().len(), 1, "it was sent, and nobody answered");
    house.ok(&["project", "model", "shop", "none"]);
    house.ok(&["work"]);
    assert_eq!(server.seen().len(), 1);
    assert_eq!(held(&house).len(), 1, "the job did not wait for the host");
}

#[test]
fn a_mailbox_gives_back_what_was_to_be_asked() {
    let house = house().set("DORMOUSE_LLM_PROVIDER", "mailbox");
    house.ok(&["ingest", "../transcripts"]);
    let mailbox = house.home().join("mailbox");
    let requests = || std::fs::read_to_string(mailbox.join("requests.jsonl")).expect("requests");
    assert_eq!(requests().lines().count(), 3);
    let set = house.json(&["project", "model", "shop", "none"]).remove(0);
    assert!(set["withdrawn"].as_u64() >= Some(2), "{set}");
    let left = requests();
    assert_eq!(left.lines().count(), 1);
    assert!(left.contains("number 2"), "the other project still waits");
    for page in std::fs::read_dir(mailbox.join("requests")).expect("pages") {
        let page = std::fs::read_to_string(page.expect("an entry").path()).expect("a page");
        assert!(page.contains("number 2"), "{page}");
    }
    house.ok(&["work"]);
    assert!(!held(&house).is_empty(), "the rules have read it");
    assert_eq!(requests().lines().count(), 1);
}

/// The requests that lie in the mailbox.
fn requests(house: &House) -> String {
    let path = house.home().join("mailbox/requests.jsonl");
    std::fs::read_to_string(path).expect("requests")
}

#[test]
fn a_mailbox_gives_back_also_what_a_merge_or_an_exclusion_shuts() {
    let merged = ["project", "merge", "blog", "shop"];
    for shuts in [&merged[..], &["exclude", "blog"]] {
        let house = house().set("DORMOUSE_LLM_PROVIDER", "mailbox");
        house.ok(&["ingest", "../transcripts"]);
        let set = house.json(&["project", "model", "shop", "none"]).remove(0);
        assert!(requests(&house).contains("number 2"), "{set}");
        house.ok(shuts);
        assert_eq!(requests(&house), "", "{shuts:?}");
    }
}

#[test]
fn who_died_before_the_mailbox_was_emptied_finds_it_emptied_by_the_next() {
    for next in [&["work"][..], &["project", "model", "shop", "none"]] {
        let house = house().set("DORMOUSE_LLM_PROVIDER", "mailbox");
        house.ok(&["ingest", "../transcripts"]);
        let asked = requests(&house);
        let first = asked.lines().next().expect("a request");
        let first: Value = serde_json::from_str(first).expect("one line of JSON");
        let name = first["custom_id"].as_str().expect("a name").to_owned();
        house.ok(&["project", "model", "shop", "none"]);
        // As it lay there when the store knew it already; somebody had answered one.
        house.write("home/mailbox/requests.jsonl", &asked);
        house.write(&format!("home/mailbox/replies/{name}.md"), NOTHING);
        house.run(next);
        let left = requests(&house);
        assert_eq!(left.lines().count(), 1, "{next:?}: {left}");
        assert!(left.contains("number 2"), "{left}");
        let mailbox = house.home().join("mailbox");
        assert!(!mailbox.join(format!("replies/{name}.md")).exists());
        let aside = mailbox.join(format!("withdrawn/replies/{name}.md"));
        let aside = std::fs::read_to_string(aside).expect("it is put aside");
        assert_eq!(aside, NOTHING);
    }
}
