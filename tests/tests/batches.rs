//! A batch from the command line: what the mailbox holds is handed in at night, and its replies are
//! fetched and read the next day; what failed or ran out of time waits for the next night.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};

use llm::scripted::{Answer, Seen, Server, Step};
use serde_json::{Value, json};
use tests::{House, Transcript};

const SAID: &str =
    "In this repository pnpm is what installs packages, npm is not, because of the lockfile.";
const RIGHT: &str = r#"<memories><memory kind="preference" domain="tooling" scope="project" asserted_by="user">
<what>This repository uses pnpm, never npm.</what><when>installing a package</when>
<evidence turn="t1">pnpm is what installs packages, npm is not</evidence></memory></memories>"#;

/// What a host with a Batch API keeps.
#[derive(Default)]
struct Host {
    files: BTreeMap<String, String>,
    batches: BTreeMap<String, Value>,
}

type Shared = Arc<Mutex<Host>>;

fn locked(host: &Shared) -> MutexGuard<'_, Host> {
    host.lock().expect("nobody panicked in here")
}

fn server(host: &Shared) -> Server {
    let host = Arc::clone(host);
    Server::answering(move |seen, _| serve(&mut locked(&host), seen))
}

fn serve(host: &mut Host, seen: &Seen) -> Step {
    let mut words = seen.line.split([' ', '?']);
    let call = (
        words.next(),
        words.next().map(|path| path.trim_start_matches("/v1/")),
    );
    let (Some(method), Some(path)) = call else {
        return Step::HangUp;
    };
    let says = |value: &Value| Step::status(200, &value.to_string());
    match (method, path.split('/').collect::<Vec<_>>().as_slice()) {
        ("POST", ["files"]) => {
            let begin = seen.body.find("\r\n\r\n{").expect("the file's part") + 4;
            let end = seen.body.rfind("\r\n--").expect("its end");
            let id = format!("file-{}", host.files.len());
            let text = seen.body[begin..end].to_owned();
            host.files.insert(id.clone(), text);
            says(&json!({"id": id}))
        }
        ("POST", ["batches"]) => {
            let mut batch = seen.json();
            let id = format!("batch-{}", host.batches.len());
            batch["id"] = json!(id);
            batch["status"] = json!("in_progress");
            host.batches.insert(id, batch.clone());
            says(&batch)
        }
        ("GET", ["batches"]) => {
            let all: Vec<&Value> = host.batches.values().collect();
            says(&json!({"data": all, "has_more": false}))
        }
        ("GET", ["batches", id]) => says(&host.batches[*id]),
        ("GET", ["files", id, "content"]) => Step::Answer(Answer::new(200, &host.files[*id])),
        _ => Step::status(404, "{}"),
    }
}

/// The host is done with a batch: each of its requests gets this line, made from its name.
fn end(host: &Shared, id: &str, status: &str, line: impl Fn(&Value) -> Value) {
    let mut host = locked(host);
    let input = host.batches[id]["input_file_id"]
        .as_str()
        .expect("a file")
        .to_owned();
    let requests = host.files[&input].lines().map(|line| {
        let request: Value = serde_json::from_str(line).expect("a request");
        request["custom_id"].clone()
    });
    let out: String = requests.map(|name| format!("{}\n", line(&name))).collect();
    let file = format!("out-{id}");
    host.files.insert(file.clone(), out);
    let batch = host.batches.get_mut(id).expect("a batch");
    batch["status"] = json!(status);
    batch["output_file_id"] = json!(file);
}

fn answered(name: &Value) -> Value {
    let choice = json!({"message": {"content": RIGHT}, "finish_reason": "stop"});
    let body =
        json!({"choices": [choice], "usage": {"prompt_tokens": 900, "completion_tokens": 80}});
    json!({"custom_id": name, "error": null, "response": {"status_code": 200, "body": body}})
}

fn too_late(name: &Value) -> Value {
    let error = json!({"code": "batch_expired", "message": "not in time"});
    json!({"custom_id": name, "response": null, "error": error})
}

/// A house whose mailbox goes to this host at night, with one transcript.
fn house(server: &Server) -> House {
    let house = House::new()
        .set("DORMOUSE_LLM_PROVIDER", "mailbox")
        .set("DORMOUSE_LLM_BATCH", "compatible")
        .set("DORMOUSE_LLM_MODEL", "scripted")
        .set("DORMOUSE_LLM_BASE_URL", &server.base_url())
        .set("DORMOUSE_LLM_API_KEY_ENV", "MY_OWN_KEY")
        .set("MY_OWN_KEY", "key-4711-secret")
        .set("DORMOUSE_NOW", "2026-03-02T12:00:00Z");
    let cwd = house.work().display().to_string();
    let session = Transcript::new("5e551014-0000-4000-8000-0000000000ba", &cwd)
        .user(SAID)
        .assistant("Understood, pnpm it is.");
    house.write("transcripts/one.jsonl", session.text());
    house
}

fn handed_in(host: &Shared) -> usize {
    locked(host).batches.len()
}

fn sent(house: &House) -> Value {
    house.json(&["status"]).remove(0)["sent"].clone()
}

#[test]
fn a_batch_is_handed_in_waited_for_fetched_and_read() {
    let host = Shared::default();
    let server = server(&host);
    let house = house(&server);
    house.ok(&["ingest", "../transcripts"]);
    assert!(server.seen().is_empty(), "ingesting hands nothing in");
    let ran = house.run(&["work"]);
    assert!(
        ran.stderr().contains("1 requests handed in"),
        "{}",
        ran.stderr()
    );
    let file = locked(&host).files["file-0"].clone();
    assert!(file.contains("because of the lockfile"), "{file}");
    let open = sent(&house)[0].clone();
    assert_eq!(
        (&open["host"], &open["answered"]),
        (&json!(server.host()), &json!(0))
    );
    assert!(
        open["tokens"].as_u64() > Some(1_000),
        "they are set aside: {open}"
    );
    let ran = house.run(&["work"]);
    assert!(
        ran.stderr().contains("1 requests are with"),
        "{}",
        ran.stderr()
    );
    assert_eq!(handed_in(&host), 1, "nothing is handed in twice");
    end(&host, "batch-0", "completed", answered);
    house.ok(&["work"]);
    let found = house.json(&["list"]);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0]["what"], "This repository uses pnpm, never npm.");
    let settled = &sent(&house)[0];
    assert_eq!(
        (&settled["calls"], &settled["answered"]),
        (&json!(1), &json!(1))
    );
    assert_eq!(settled["tokens"], json!(980), "what it cost, and no more");
    let calls = server.seen().len();
    house.ok(&["work"]);
    assert_eq!(
        server.seen().len(),
        calls,
        "what is read is not asked for again"
    );
    assert_eq!(
        house.files_holding("key-4711-secret"),
        Vec::<std::path::PathBuf>::new()
    );
}

#[test]
fn a_batch_that_ran_out_of_time_is_handed_in_again_and_nothing_is_lost() {
    let host = Shared::default();
    let server = server(&host);
    let house = house(&server);
    house.ok(&["ingest", "../transcripts"]);
    house.ok(&["work"]);
    end(&host, "batch-0", "expired", too_late);
    let ran = house.run(&["work"]);
    assert!(
        ran.stderr().contains("a batch is expired"),
        "{}",
        ran.stderr()
    );
    assert_eq!(handed_in(&host), 2, "the next night tries again");
    let job = house.json(&["status"]).remove(0)["jobs"][0].clone();
    assert_eq!(
        (&job["state"], &job["attempts"]),
        (&json!("waiting"), &json!(0))
    );
    end(&host, "batch-1", "completed", answered);
    house.ok(&["work"]);
    assert_eq!(house.json(&["list"]).len(), 1);
}

#[test]
fn a_batch_that_fails_is_told_of_and_given_up_after_three_nights() {
    let host = Shared::default();
    let server = server(&host);
    let house = house(&server);
    house.ok(&["ingest", "../transcripts"]);
    house.ok(&["work"]);
    for night in ["batch-0", "batch-1", "batch-2"] {
        let mut kept = locked(&host);
        let batch = kept.batches.get_mut(night).expect("it was handed in");
        batch["status"] = json!("failed");
        batch["errors"] = json!({"data": [{"message": "the model is not for batches"}]});
        drop(kept);
        let ran = house.run(&["work"]);
        assert!(
            ran.stderr().contains("is not for batches"),
            "{}",
            ran.stderr()
        );
    }
    assert_eq!(handed_in(&host), 3, "no fourth time without a person");
    house.ok(&["work"]);
    assert_eq!(handed_in(&host), 3);
    let jobs = &house.json(&["status"]).remove(0)["jobs"];
    assert_eq!(
        jobs[0]["state"], "waiting",
        "by hand it can still be answered: {jobs}"
    );
}

#[test]
fn a_budget_that_is_spent_keeps_a_batch_back_until_tomorrow() {
    let host = Shared::default();
    let server = server(&host);
    let house = house(&server).set("DORMOUSE_LLM_DAY_TOKENS", "1000");
    house.ok(&["ingest", "../transcripts"]);
    house.ok(&["work"]);
    assert_eq!(handed_in(&host), 0);
    let house = house.set("DORMOUSE_LLM_DAY_TOKENS", "200000");
    house.ok(&["work"]);
    assert_eq!(handed_in(&host), 1);
}

#[test]
fn what_no_model_reads_is_in_no_batch() {
    let host = Shared::default();
    let server = server(&host);
    let house = house(&server);
    house.ok(&["ingest", "../transcripts"]);
    house.ok(&["project", "model", ".", "none"]);
    house.ok(&["work"]);
    assert_eq!(handed_in(&host), 0);
    assert_eq!(server.seen().len(), 0);
    let jobs = &house.json(&["status"]).remove(0)["jobs"];
    assert_eq!(*jobs, json!([]), "the rules have read it");
}

#[test]
fn a_secret_that_comes_back_in_a_batch_is_in_no_file_of_the_home() {
    let host = Shared::default();
    let server = server(&host);
    let house = house(&server);
    house.ok(&["ingest", "../transcripts"]);
    house.ok(&["work"]);
    // Put together here so that nobody's scanner takes this file for a leak.
    let token = ["ghp", "_", "Zx81kQpLmN0rStUvWxYz2345AbCdEf67GhIj"].concat();
    end(&host, "batch-0", "completed", |name| {
        let text = answered(name).to_string();
        let told = format!("<do>export GH_TOKEN={token}</do><evidence");
        serde_json::from_str(&text.replacen("<evidence", &told, 1)).expect("JSON")
    });
    house.ok(&["work"]);
    assert_eq!(
        house.json(&["list"]).len() + house.json(&["review"]).len(),
        1
    );
    assert!(house.files_holding(&token).is_empty());
}

#[test]
fn nothing_of_a_place_that_was_kept_out_is_handed_in() {
    let host = Shared::default();
    let server = server(&host);
    let house = house(&server);
    house.ok(&["ingest", "../transcripts"]);
    let mailbox = house.home().join("mailbox/requests.jsonl");
    let asked = std::fs::read_to_string(&mailbox).expect("requests");
    let work = house.work().display().to_string();
    house.ok(&["exclude", &work]);
    assert_eq!(
        std::fs::read_to_string(&mailbox).expect("requests"),
        "",
        "it is withdrawn"
    );
    // Also if it lay there still.
    house.write("home/mailbox/requests.jsonl", asked);
    house.ok(&["work"]);
    assert_eq!(handed_in(&host), 0);
    assert_eq!(house.json(&["status"]).remove(0)["jobs"], json!([]));
}
