//! Looks for proof that something helped here: it failed, and then it passed.
//!
//! It must not take a command that merely ran for one that helped.

use std::collections::BTreeMap;

use domain::{Candidate, Part, PartKind, Speaker, Turn};

use super::disguise::plain;
use crate::ground;
use crate::rules::bare_command;

/// A command with how it ended.
struct Run<'a> {
    call: &'a str,
    called: String,
    failed: bool,
}

/// Returns whether a candidate quotes a tool that failed and a tool that then did not.
pub(super) fn of(candidate: &Candidate, turns: &[Turn]) -> bool {
    let mut failed = false;
    for turn in turns {
        for part in &turn.parts {
            let PartKind::Result { failed: bad, .. } = part.kind else {
                continue;
            };
            let quoted = part.speaker == Speaker::Tool
                && candidate.evidence.iter().any(|quote| {
                    quote.turn == turn.id && !ground::contexts(&quote.quote, &part.text).is_empty()
                });
            match (quoted, bad) {
                (true, true) => failed = true,
                (true, false) if failed => return true,
                _ => {}
            }
        }
    }
    false
}

/// Returns whether a command that an advice names stood between a failure and its end: the same
/// command failed before it and passed with it or after it.
pub(super) fn passed(advice: &str, turns: &[Turn]) -> bool {
    let runs = runs(turns);
    let advice = plain(advice);
    let named = |run: &Run<'_>| {
        let called = plain(&run.called);
        let called = called.trim();
        called.len() > 2 && advice.contains(called)
    };
    (0..runs.len()).any(|at| {
        let helped = |before: &Run<'_>| {
            before.failed
                && runs[at..]
                    .iter()
                    .any(|after| !after.failed && after.called == before.called)
        };
        !runs[at].failed && named(&runs[at]) && runs[..at].iter().any(helped)
    })
}

/// Returns whether what failed with this complaint passed later: who heeds it has seen it hold.
pub(super) fn heeded(complaint: &Part, turns: &[Turn]) -> bool {
    let PartKind::Result {
        call, failed: true, ..
    } = &complaint.kind
    else {
        return false;
    };
    let runs = runs(turns);
    let failed = runs.iter().position(|run| run.call == call);
    complaint.speaker == Speaker::Tool
        && failed.is_some_and(|at| {
            let later = &runs[at + 1..];
            later
                .iter()
                .any(|run| !run.failed && opens_alike(&run.called, &runs[at].called))
        })
}

/// Says whether two commands run the same program for the same end: `go test ./a`, `go test ./b`.
fn opens_alike(one: &str, other: &str) -> bool {
    let opening = |command: &str| -> Vec<String> {
        command.split(' ').take(2).map(ToOwned::to_owned).collect()
    };
    opening(one) == opening(other)
}

fn runs(turns: &[Turn]) -> Vec<Run<'_>> {
    let parts = || turns.iter().flat_map(|turn| &turn.parts);
    let ended = parts().filter_map(|part| match &part.kind {
        PartKind::Result { call, failed, .. } if part.speaker == Speaker::Tool => {
            Some((call.as_str(), *failed))
        }
        _ => None,
    });
    let ended: BTreeMap<&str, bool> = ended.collect();
    let called = parts().filter_map(|part| match &part.kind {
        PartKind::Call { call, tool } if tool == "Bash" => Some(Run {
            call,
            called: bare_command(&part.text),
            failed: *ended.get(call.as_str())?,
        }),
        _ => None,
    });
    called.collect()
}
