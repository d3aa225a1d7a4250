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
        if kind.is_dir() && !NOT_OURS.contains(&name.as_str()) {
            walk(&entry.path(), &format!("{path}/"), found)?;
        } else if kind.is_file() && !is_recorded(&path) {
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

/// Says whether a file is recorded data; a Rust module of such a name is code all the same.
fn is_recorded(path: &str) -> bool {
    let mut folders = path.split('/').rev().skip(1);
    let inside = folders.any(|folder| RECORDED.contains(&folder));
    let module = path.ends_with(".rs") && folders.any(|folder| folder == "src");
    inside && !module
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recorded_data_is_left_out_and_code_is_not() {
        for path in [
            "eval/data/a.md",
            "extractors/tests/fixtures/shop/src/lib.rs",
            "cli/src/fixtures/a.json",
        ] {
            assert!(is_recorded(path), "{path}");
        }
        for path in [
            "cli/src/data.rs",
            "cli/src/fixtures/mod.rs",
            ".ci/run",
            "data",
        ] {
            assert!(!is_recorded(path), "{path}");
        }
    }

    #[test]
    fn the_house_finds_its_own_task_runner() {
        let files = read_all(Path::new(env!("CARGO_MANIFEST_DIR"))).expect("xtask can be read");
        let main = files.iter().find(|file| file.path == "src/main.rs");
        assert!(main.is_some_and(|file| file.text.starts_with("//!")));
    }
}
