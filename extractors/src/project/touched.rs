//! Lists the files and folders that a turn's tool calls touched.
//!
//! Pure: it reads the calls as they were recorded, and must not ask the file system.

use domain::{Part, PartKind, Turn};

use super::shell;

// The tools whose call names one file, which the reader writes as the call's first line.
const FILE_TOOLS: [&str; 6] = [
    "Edit",
    "Write",
    "Read",
    "MultiEdit",
    "NotebookEdit",
    "Update",
];

/// Returns the paths that a turn touched, in order and once each; a folder ends with `/`.
///
/// Relative paths are joined with the working directory. A command that stays in it names no
/// folder: what it is about, it does not say.
pub fn touched_files(turn: &Turn, cwd: &str) -> Vec<String> {
    let mut touched: Vec<String> = Vec::new();
    for path in turn.parts.iter().flat_map(|part| of_part(part, cwd)) {
        if !touched.contains(&path) {
            touched.push(path);
        }
    }
    touched
}

fn of_part(part: &Part, cwd: &str) -> Vec<String> {
    let PartKind::Call { tool, .. } = &part.kind else {
        return Vec::new();
    };
    if FILE_TOOLS.contains(&tool.as_str()) {
        let first = part.text.lines().next().unwrap_or_default().trim();
        return match first {
            "" => Vec::new(),
            path => vec![shell::joined(cwd, path)],
        };
    }
    match tool.as_str() {
        "Bash" => shell::folders(&part.text, cwd),
        _ => Vec::new(),
    }
}
