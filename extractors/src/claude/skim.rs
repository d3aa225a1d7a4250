//! Tells by a line's first bytes that it is bookkeeping, so that nothing of it is parsed.
//!
//! Only says what is certain: a line whose type stands elsewhere is left to the parser.

/// Types whose lines hold no turn and to which no turn hangs.
///
/// `api-request-blob` repeats messages word for word, and our own injections with them.
const BOOKKEEPING: [&str; 22] = [
    "agent-name",
    "ai-title",
    "api-request",
    "api-request-blob",
    "api-request-shape",
    "atis-latch",
    "bridge-session",
    "cost-state",
    "custom-title",
    "file-history-delta",
    "file-history-snapshot",
    "frame-link",
    "last-prompt",
    "mode",
    "permission-mode",
    "pr-link",
    "relocated",
    "summary",
    "tag",
    "tools-used",
    "worktree-state",
    "agent-setting",
];

/// Types whose lines are links in the chain of parents, whether or not words stand in them.
const CHAINED: [&str; 3] = ["progress", "attachment", "system"];

/// Returns the type of a line that begins with it and is bookkeeping.
pub(super) fn bookkeeping(line: &[u8]) -> Option<&'static str> {
    let rest = line.strip_prefix(b"{\"type\":")?.trim_ascii_start();
    let rest = rest.strip_prefix(b"\"")?;
    let name = &rest[..memchr::memchr(b'"', &rest[..rest.len().min(64)])?];
    BOOKKEEPING
        .into_iter()
        .find(|known| known.as_bytes() == name)
}

/// Returns whether a type is one that we know and pass over.
pub(super) fn is_known(kind: &str) -> bool {
    BOOKKEEPING.contains(&kind) || CHAINED.contains(&kind)
}
