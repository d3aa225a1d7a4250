//! Reads what a project tells every agent anyway: its CLAUDE.md and AGENTS.md.
//!
//! Only at the project's own root, and no more than is worth showing; what they say is not to be
//! learned again.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use crate::secrets;

const NAMES: [&str; 3] = ["CLAUDE.md", ".claude/CLAUDE.md", "AGENTS.md"];
/// A longer file is read so far: prompts show less of it anyway.
const MOST_BYTES: u64 = 32 * 1024;

/// Returns the standing instructions of the project that a working directory belongs to, without
/// secrets; nothing where there are none or they cannot be read.
pub fn instructions(cwd: &Path, ceiling: Option<&Path>) -> String {
    // A relative or empty folder would be looked for below wherever we happen to run.
    if !cwd.is_absolute() {
        return String::new();
    }
    let root = super::locate(cwd, ceiling).root;
    let told: Vec<String> = NAMES
        .iter()
        .filter_map(|name| begin(&root.join(name)))
        .collect();
    secrets::redact(&told.join("\n")).text.into_owned()
}

fn begin(path: &Path) -> Option<String> {
    // A pipe by that name would never end.
    let is_file = path.metadata().is_ok_and(|meta| meta.is_file());
    let mut bytes = Vec::new();
    let file = is_file.then(|| File::open(path).ok()).flatten()?;
    file.take(MOST_BYTES).read_to_end(&mut bytes).ok()?;
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_every_agent_is_told_is_read_at_the_root_without_its_secrets() {
        let folder = tempfile::tempdir().expect("a folder");
        let deep = folder.path().join("src/deep");
        std::fs::create_dir_all(&deep).expect("folders");
        std::fs::create_dir_all(folder.path().join(".git")).expect("a repository");
        write(&folder.path().join(".git/HEAD"), "ref: refs/heads/main\n");
        let key = format!("ghp_{}", "A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q7r8");
        write(
            &folder.path().join("CLAUDE.md"),
            &format!("Use pnpm. The token is {key}."),
        );
        write(&deep.join("CLAUDE.md"), "not at the root");
        let told = instructions(&deep, None);
        assert!(told.contains("Use pnpm."), "{told}");
        assert!(
            !told.contains(&key) && !told.contains("not at the root"),
            "{told}"
        );
        assert_eq!(instructions(Path::new("src"), None), "");
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "the test makes the files that it reads"
    )]
    fn write(path: &Path, text: &str) {
        std::fs::write(path, text).expect("writes");
    }
}
