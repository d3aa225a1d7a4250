//! Builds conversations for the tests: who said what, and which command came out how.
//!
//! Plain builders; they know nothing of rules.

use domain::{Part, PartKind, Place, SessionId, Speaker, Turn, TurnId};
use jiff::Timestamp;

/// Returns a turn of one part.
pub(crate) fn turn(id: usize, speaker: Speaker, kind: PartKind, text: &str) -> Turn {
    Turn {
        id: TurnId::new(format!("turn-{id}")),
        session: SessionId::new("session"),
        parent: None,
        at: Timestamp::UNIX_EPOCH,
        position: id as i64,
        place: Place {
            cwd: None,
            branch: Some("main".to_owned()),
        },
        sidechain: None,
        parts: vec![Part {
            speaker,
            kind,
            text: text.to_owned(),
        }],
    }
}

/// Returns what a speaker said.
pub(crate) fn said(speaker: Speaker, text: &str) -> Turn {
    turn(0, speaker, PartKind::Said, text)
}

/// How a command came out.
pub(crate) enum Outcome {
    /// It passed.
    Pass,
    /// It failed with this output.
    Fail(&'static str),
}

/// Returns the turns of commands that ran one after the other.
pub(crate) fn shell(commands: &[(&str, Outcome)]) -> Vec<Turn> {
    let mut turns = Vec::new();
    for (number, (command, outcome)) in commands.iter().enumerate() {
        let call = format!("call-{number}");
        let (failed, output) = match outcome {
            Outcome::Pass => (false, "done"),
            Outcome::Fail(output) => (true, *output),
        };
        let asked = PartKind::Call {
            call: call.clone(),
            tool: "Bash".to_owned(),
        };
        let answered = PartKind::Result {
            call,
            tool: "Bash".to_owned(),
            failed,
        };
        turns.push(turn(number * 2, Speaker::Assistant, asked, command));
        turns.push(turn(number * 2 + 1, Speaker::Tool, answered, output));
    }
    turns
}
