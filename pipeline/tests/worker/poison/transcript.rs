//! Writes a case's session as Claude Code writes one.
//!
//! Only the form is made here; every word is the case's.

use std::path::Path;

use serde_json::{Value, json};

use super::case::Step;

/// Writes a session into a file.
#[expect(
    clippy::disallowed_methods,
    reason = "a test writes into its own folder"
)]
pub(super) fn write(path: &Path, steps: &[Step]) {
    let mut call = String::new();
    let mut lines = String::new();
    for (step, number) in steps.iter().zip(1..) {
        let line = match step.kind.as_str() {
            "line" => step.text.clone(),
            kind => line(kind, &step.text, number, &mut call).to_string(),
        };
        lines.push_str(&line);
        lines.push('\n');
    }
    std::fs::write(path, lines).expect("a file");
}

fn line(kind: &str, text: &str, number: usize, call: &mut String) -> Value {
    let (sort, content) = match kind.split_once(' ').unwrap_or((kind, "")) {
        ("user", _) => ("user", json!(text)),
        ("assistant", _) => ("assistant", json!([{"type": "text", "text": text}])),
        ("call", tool) => {
            *call = format!("call-{number}");
            let input = match tool {
                "Bash" => json!({"command": text}),
                _ => serde_json::from_str(text).expect("the input of a call"),
            };
            let block = json!([{"type": "tool_use", "id": call, "name": tool, "input": input}]);
            ("assistant", block)
        }
        ("result", how) => {
            let failed = how == "failed";
            // The client writes this line before what a failed command printed.
            let text = if failed {
                format!("Exit code 1\n{text}")
            } else {
                text.to_owned()
            };
            let block = json!([{"type": "tool_result", "tool_use_id": call, "is_error": failed, "content": text}]);
            ("user", block)
        }
        _ => panic!("what is {kind:?}?"),
    };
    json!({
        "type": sort, "uuid": format!("one-{number}"), "parentUuid": null, "sessionId": "one",
        "cwd": "/srv/shop", "gitBranch": "main", "version": "2.1.63", "isSidechain": false,
        "timestamp": format!("2026-03-02T10:00:{number:02}Z"),
        "message": {"role": sort, "model": "claude", "content": content},
    })
}
