//! Writes small transcripts in Claude Code's own lines.
//!
//! Only as much of the format as a test needs; real pieces lie with the extractors' tests.

use serde_json::{Value, json};

/// A transcript that grows line by line.
#[derive(Clone, Debug)]
pub struct Transcript {
    session: String,
    cwd: String,
    lines: Vec<Value>,
}

impl Transcript {
    /// Begins a session in a working directory.
    pub fn new(session: &str, cwd: &str) -> Self {
        Self {
            session: session.to_owned(),
            cwd: cwd.to_owned(),
            lines: Vec::new(),
        }
    }

    /// Adds what the user typed.
    pub fn user(self, text: &str) -> Self {
        self.line("user", &json!({"role": "user", "content": text}))
    }

    /// Adds what the assistant said.
    pub fn assistant(self, text: &str) -> Self {
        let content = json!([{"type": "text", "text": text}]);
        self.line(
            "assistant",
            &json!({"role": "assistant", "content": content}),
        )
    }

    /// Adds a command and what came of it.
    pub fn bash(self, command: &str, output: &str, failed: Failed) -> Self {
        let call = format!("toolu_{}", self.lines.len());
        let asks = json!([{"type": "tool_use", "id": call, "name": "Bash",
            "input": {"command": command}}]);
        let gives = json!([{"type": "tool_result", "tool_use_id": call, "content": output,
            "is_error": failed == Failed::Yes}]);
        self.line("assistant", &json!({"role": "assistant", "content": asks}))
            .line("user", &json!({"role": "user", "content": gives}))
    }

    fn line(mut self, kind: &str, message: &Value) -> Self {
        let number = self.lines.len();
        let uuid = |n: usize| format!("{}-{n:04}", self.session);
        self.lines.push(json!({
            "parentUuid": number.checked_sub(1).map(uuid),
            "isSidechain": false,
            "userType": "external",
            "cwd": self.cwd,
            "sessionId": self.session,
            "version": "2.1.63",
            "gitBranch": "main",
            "type": kind,
            "message": message,
            "uuid": uuid(number),
            "timestamp": format!("2026-03-02T10:{:02}:{:02}.000Z", number / 60, number % 60),
        }));
        self
    }

    /// Returns the file's text.
    pub fn text(&self) -> String {
        self.lines.iter().map(|line| format!("{line}\n")).collect()
    }
}

/// Whether a command failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failed {
    /// It did.
    Yes,
    /// It did not.
    No,
}
