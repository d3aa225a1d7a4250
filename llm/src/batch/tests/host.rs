//! A host that keeps files and batches as OpenAI's does, and now and then fails.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};

use serde_json::{Value, json};

use crate::scripted::{Answer, Seen, Server, Step};

/// What the host keeps.
#[derive(Default)]
pub(super) struct Host {
    pub(super) files: BTreeMap<String, String>,
    pub(super) batches: BTreeMap<String, Value>,
    /// The next call that makes a batch makes it and hangs up.
    pub(super) hangs_up: bool,
    /// The next file is not taken.
    pub(super) is_full: bool,
}

pub(super) type Shared = Arc<Mutex<Host>>;

pub(super) fn locked(host: &Shared) -> MutexGuard<'_, Host> {
    host.lock().expect("no test panics in here")
}

pub(super) fn server(host: &Shared) -> Server {
    let host = Arc::clone(host);
    Server::answering(move |seen, _| serve(&mut locked(&host), seen))
}

fn serve(host: &mut Host, seen: &Seen) -> Step {
    assert_eq!(
        seen.header("authorization"),
        Some("Bearer sk-test"),
        "{}",
        seen.line
    );
    let mut words = seen.line.split_whitespace();
    let (method, path) = (
        words.next().unwrap_or_default(),
        words.next().unwrap_or_default(),
    );
    let path = path
        .trim_start_matches("/v1")
        .split('?')
        .next()
        .unwrap_or_default();
    match (method, path) {
        ("POST", "/files") if host.is_full => {
            host.is_full = false;
            Step::status(429, r#"{"error":{"message":"slow down"}}"#)
        }
        ("POST", "/files") => {
            assert!(
                seen.body.contains("name=\"purpose\"\r\n\r\nbatch\r\n"),
                "{}",
                seen.body
            );
            let begin = seen.body.find("\r\n\r\n{").expect("the file's part") + 4;
            let end = seen.body.rfind("\r\n--").expect("the end");
            let id = format!("file-{}", host.files.len());
            host.files
                .insert(id.clone(), seen.body[begin..end].to_owned());
            says(&json!({"id": id, "object": "file"}))
        }
        ("POST", "/batches") => {
            let mut batch = seen.json();
            batch["id"] = format!("batch-{}", host.batches.len()).into();
            batch["status"] = "in_progress".into();
            host.batches.insert(
                batch["id"].as_str().expect("text").to_owned(),
                batch.clone(),
            );
            match std::mem::take(&mut host.hangs_up) {
                true => Step::HangUp,
                false => says(&batch),
            }
        }
        ("GET", "/batches") => {
            says(&json!({"data": host.batches.values().collect::<Vec<_>>(), "has_more": false}))
        }
        _ => match path.trim_start_matches('/').split('/').collect::<Vec<_>>()[..] {
            ["batches", id] => says(&host.batches[id]),
            ["files", id, "content"] => Step::Answer(Answer::new(200, &host.files[id])),
            _ => Step::status(404, "{}"),
        },
    }
}

fn says(value: &Value) -> Step {
    Step::status(200, &value.to_string())
}

/// The host works on a batch until this status, and answers all of it but the last `left`.
pub(super) fn finish(host: &Shared, id: &str, status: &str, left: usize) {
    let mut host = locked(host);
    let input = host.batches[id]["input_file_id"]
        .as_str()
        .expect("text")
        .to_owned();
    let lines: Vec<Value> = host.files[&input]
        .lines()
        .map(|line| serde_json::from_str(line).expect("a request"))
        .collect();
    let reply = |line: &Value, words: String| {
        let body = json!({"choices": [{"message": {"content": words}, "finish_reason": "stop"}],
            "usage": {"prompt_tokens": 9, "completion_tokens": 2}});
        json!({"custom_id": line["custom_id"], "error": null,
            "response": {"status_code": 200, "body": body}})
    };
    let done = lines.len() - left;
    let mut out: String = lines[..done]
        .iter()
        .map(|line| {
            format!(
                "{}\n",
                reply(
                    line,
                    format!("about {}", line["body"]["messages"][1]["content"])
                )
            )
        })
        .collect();
    out += "{\"custom_id\":\"r-somebody-elses\",\"text\":\"x\"}\nno json\n";
    let errors: String = lines[done..]
        .iter()
        .map(|line| {
            let error = json!({"code": "batch_expired", "message": "not in time"});
            format!(
                "{}\n",
                json!({"custom_id": line["custom_id"], "response": null, "error": error})
            )
        })
        .collect();
    host.files.insert(format!("out-{id}"), out);
    host.files.insert(format!("errors-{id}"), errors);
    let batch = host.batches.get_mut(id).expect("a batch");
    batch["status"] = status.into();
    batch["output_file_id"] = format!("out-{id}").into();
    if left > 0 {
        batch["error_file_id"] = format!("errors-{id}").into();
    }
}
