//! Finds the text files of the workspace.
//!
//! Reads and never writes; what is recorded data, built or another tool's own is left out.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

/// Folders that hold nothing we wrote, by name.
const NOT_OURS: [&str; 6] = [
    ".git",
    ".idea",
    ".venv",
    ".vscode",
    "node_modules",
    "target",
];

/// Folders of recorded data: kept as they came, so that no rule of style holds there.
const RECORDED: [&str; 2] = ["data", "fixtures"];

/// A file and what it says.
#[derive(Debug, Clone)]
pub(crate) struct TextFile {
    /// From the root, with `/` between folders.
    pub(crate) path: String,
    pub(crate) text: String,
}

/// Returns every text file under `root`, in the order of their paths.
pub(crate) fn read_all(root: &Path) -> Result<Vec<TextFile>> {
    let mut found = Vec::new();
    walk(root, "", &mut found)?;
    found.sort_by(|a: &TextFile, b| a.path.cmp(&b.path));
    Ok(found)
}

fn walk(folder: &Path, inside: &str, found: &mut Vec<TextFile>) -> Result<()> {
    let entries = fs::read_dir(folder).with_context(|| format!("reading {}", folder.display()))?;
    for entry in entries {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = format!("{inside}{name}");
        let kind = entry.file_type()?;
        if kind.is_dir() && is_read(&name) {
            walk(&entry.path(), &format!("{path}/"), found)?;
        } else if kind.is_file() {
            // What is not UTF-8 is a picture or a database, and no rule speaks of those.
            found.extend(
                fs::read_to_string(entry.path())
                    .ok()
                    .map(|text| TextFile { path, text }),
            );
        }
    }
    Ok(())
}

fn is_read(folder: &str) -> bool {
    !NOT_OURS.contains(&folder) && !RECORDED.contains(&folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn built_and_recorded_files_are_left_out() {
        for folder in ["target", ".git", "fixtures", "data"] {
            assert!(!is_read(folder), "{folder}");
        }
        for folder in ["src", ".ci", "snapshots", "tests"] {
            assert!(is_read(folder), "{folder}");
        }
    }

    #[test]
    fn the_house_finds_its_own_task_runner() {
        let files = read_all(Path::new(env!("CARGO_MANIFEST_DIR"))).expect("xtask can be read");
        let main = files.iter().find(|file| file.path == "src/main.rs");
        assert!(main.is_some_and(|file| file.text.starts_with("//!")));
    }
}
