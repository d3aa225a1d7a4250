//! A model that does not answer, seen from the street: what is sent, what is said, and what is left.

use std::io::Read;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use llm::scripted::{Server, Step};
use serde_json::{Value, json};
use tests::{House, Transcript};

/// What no rule reads, so that only a model could make something of it.
const SAID: &str = "In this repository pnpm is what installs packages, because of the lockfile.";
const KEY: &str = "key-4711-secret-0815";

/// A house with three transcripts that nobody has read, and a server of this address chosen.
fn asking(base_url: &str) -> House {
    let house = House::new();
    let cwd = house.work().display().to_string();
    for number in 1..=3 {
        let id = format!("5e551014-0000-4000-8000-0000000000c{number}");
        let session = Transcript::new(&id, &cwd)
            .user(&format!("{SAID} And {number} times more so here."))
            .assistant("Understood, pnpm it is.");
        house.write(&format!("transcripts/{number}.jsonl"), session.text());
    }
    house
        .set("DORMOUSE_LLM_PROVIDER", "compatible")
        .set("DORMOUSE_LLM_MODEL", "scripted")
        .set("DORMOUSE_LLM_BASE_URL", base_url)
        .set("DORMOUSE_LLM_WINDOW", "32000")
}

fn with_key(house: House) -> House {
    house
        .set("DORMOUSE_LLM_API_KEY_ENV", "MY_OWN_KEY")
        .set("MY_OWN_KEY", KEY)
}

fn sent(house: &House) -> Value {
    house.json(&["status"]).remove(0)["sent"].clone()
}

#[test]
fn what_a_person_must_mend_is_sent_once_and_told_once() {
    let turned: String = KEY.chars().rev().collect();
    let body = format!(
        r#"{{"error":{{"message":"no such key: {turned} {}***"}}}}"#,
        &KEY[..16]
    );
    for (status, body) in [(401, body.as_str()), (404, "{}"), (307, "")] {
        let server = Server::start(vec![Step::status(status, body)]);
        let house = with_key(asking(&server.base_url()));
        let ran = house.run(&["ingest", "../transcripts"]);
        assert_eq!(ran.code(), Some(0), "{}", ran.stderr());
        let told = ran.stdout();
        assert_eq!(server.seen().len(), 1, "{told}");
        assert_eq!(told.matches("refuses every request").count(), 1, "{told}");
        assert!(told.contains("3 extract jobs wait: "), "{told}");
        assert_eq!(sent(&house)[0]["calls"], 1, "it did go out");
        assert_eq!(sent(&house)[0]["tokens"], 0, "and cost nothing");
        let came = house.json(&["work"]).remove(0);
        assert_eq!(came["jobs_left"][0]["jobs"], 3, "{came}");
        assert_eq!(server.seen().len(), 2, "the next run looks once more");
        for trace in [&KEY[..16], &turned[..16], KEY] {
            assert!(house.files_holding(trace).is_empty(), "{trace}");
        }
    }
}

#[test]
fn a_command_that_prints_no_key_is_run_once_and_was_no_call() {
    let server = Server::start(vec![Step::says("<none/>")]);
    let house = asking(&server.base_url());
    let count = house.home().join("count");
    let script = format!("echo x >> {}; exit 3", count.display());
    let command = json!(["sh", "-c", script]).to_string();
    let house = house.set("DORMOUSE_LLM_API_KEY_COMMAND", &command);
    house.ok(&["ingest", "../transcripts"]);
    let runs = std::fs::read_to_string(&count).expect("it was run");
    assert_eq!(runs, "x\n");
    assert!(server.seen().is_empty());
    assert_eq!(sent(&house), json!([]));
}

#[expect(
    clippy::disallowed_methods,
    reason = "how long a person waits for the end is what is tested"
)]
fn now() -> Instant {
    Instant::now()
}

#[test]
fn an_end_that_is_wanted_comes_in_seconds_and_says_what_is_left() {
    let server = Server::start(vec![Step::Hang]);
    let house = with_key(asking(&server.base_url()));
    let mut child = house
        .command(&["ingest", "../transcripts"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("starts");
    let begun = now();
    while server.seen().is_empty() {
        assert!(begun.elapsed() < Duration::from_secs(60), "it asks");
        std::thread::yield_now();
    }
    let begun = now();
    let id = child.id().to_string();
    let killed = Command::new("kill").args(["-INT", &id]).status();
    assert!(killed.expect("kill is there").success());
    let code = child.wait().expect("it ends").code();
    assert!(
        begun.elapsed() < Duration::from_secs(15),
        "{:?}",
        begun.elapsed()
    );
    assert_eq!(code, Some(130));
    let (mut told, mut complained) = (String::new(), String::new());
    let out = child.stdout.take().expect("piped");
    let err = child.stderr.take().expect("piped");
    std::io::BufReader::new(out)
        .read_to_string(&mut told)
        .expect("text");
    std::io::BufReader::new(err)
        .read_to_string(&mut complained)
        .expect("text");
    assert!(
        complained.contains("A second Ctrl-C stops at once"),
        "{complained}"
    );
    assert!(told.contains("extract job"), "{told}");
    let sent = sent(&house);
    assert_eq!(
        (&sent[0]["calls"], &sent[0]["answered"]),
        (&json!(1), &json!(0))
    );
    assert!(
        sent[0]["tokens"].as_u64() > Some(100),
        "it may have to be paid for: {sent}"
    );
    drop(server);
}
