//! What the tests from the street share: the real binary, in a home of its own.
//!
//! Nothing here knows the program's insides; it starts it and reads what comes out.

mod transcript;

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::LazyLock;

pub use transcript::{Failed, Transcript};

/// The binary, built once for each test program so that it is never an old one.
static BINARY: LazyLock<PathBuf> = LazyLock::new(|| {
    let built = Command::new(env!("CARGO"))
        .args(["build", "--quiet", "--package", "cli", "--bin", "dormouse"])
        .current_dir(root())
        .status()
        .expect("cargo runs");
    assert!(built.success(), "the binary does not build");
    let here = std::env::current_exe().expect("a test has a path");
    let profile = here
        .ancestors()
        .nth(2)
        .expect("tests lie in target/<profile>/deps");
    profile.join("dormouse")
});

/// The repository that the tests are of.
#[expect(
    clippy::disallowed_methods,
    reason = "cargo says in the environment which checkout it runs"
)]
static ROOT: LazyLock<PathBuf> =
    LazyLock::new(|| root_of(std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from)));

/// Returns the root of the repository.
pub fn root() -> &'static Path {
    &ROOT
}

/// Where two checkouts share a target folder, what was built in one may run in the other: the folder
/// that cargo names at run time wins over the one of the build.
fn root_of(run_in: Option<PathBuf>) -> PathBuf {
    let room = run_in.unwrap_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")));
    let root = room.parent().expect("the room lies in the root");
    root.to_path_buf()
}

/// A home of its own, with a working directory beside it.
#[derive(Debug)]
pub struct House {
    folder: tempfile::TempDir,
    variables: Vec<(String, String)>,
}

impl Default for House {
    fn default() -> Self {
        Self::new()
    }
}

impl House {
    /// Builds an empty home and an empty working directory.
    pub fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::create_dir(folder.path().join("work")).expect("a working directory");
        Self {
            folder,
            variables: Vec::new(),
        }
    }

    /// Sets a variable for every command that follows.
    pub fn set(mut self, name: &str, value: &str) -> Self {
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Returns the home.
    pub fn home(&self) -> PathBuf {
        self.folder.path().join("home")
    }

    /// Returns the working directory.
    pub fn work(&self) -> PathBuf {
        self.folder.path().join("work")
    }

    /// Writes a file beside the home and returns its path.
    pub fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::create_dir_all(path.parent().expect("it has a folder")).expect("a folder");
        #[expect(
            clippy::disallowed_methods,
            reason = "a test writes into its own folder"
        )]
        std::fs::write(&path, bytes).expect("a file");
        path
    }

    /// Prepares a command in the working directory, with an environment of its own.
    pub fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(&*BINARY);
        command
            .args(words)
            .current_dir(self.work())
            .env_clear()
            .env("HOME", self.folder.path())
            .env("TZ", "UTC")
            .env("DORMOUSE_HOME", self.home())
            .envs(self.variables.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null());
        command
    }

    /// Runs a command to its end.
    pub fn run(&self, words: &[&str]) -> Ran {
        Ran {
            output: self.command(words).output().expect("the binary starts"),
            words: words.join(" "),
        }
    }

    /// Runs a command that must succeed, and returns what it printed.
    pub fn ok(&self, words: &[&str]) -> String {
        self.run(words).ok()
    }

    /// Runs a command that must succeed with `--json`, and returns its lines as values.
    pub fn json(&self, words: &[&str]) -> Vec<serde_json::Value> {
        let printed = self.run(&[&["--json"], words].concat()).ok();
        printed
            .lines()
            .map(|line| serde_json::from_str(line).expect("a line of JSON"))
            .collect()
    }

    /// Returns every file of the home whose bytes hold this text, whatever its case.
    pub fn files_holding(&self, text: &str) -> Vec<PathBuf> {
        let wanted = text.to_lowercase().into_bytes();
        let mut found = Vec::new();
        let mut folders = vec![self.home()];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).expect("a readable folder") {
                let path = entry.expect("an entry").path();
                if path.is_dir() {
                    folders.push(path);
                    continue;
                }
                let bytes = std::fs::read(&path)
                    .expect("a readable file")
                    .to_ascii_lowercase();
                if bytes.windows(wanted.len()).any(|window| window == wanted) {
                    found.push(path);
                }
            }
        }
        found
    }
}

/// What a command came to.
#[derive(Debug)]
pub struct Ran {
    output: Output,
    words: String,
}

impl Ran {
    /// Returns what was printed; the command must have succeeded.
    pub fn ok(self) -> String {
        assert!(
            self.output.status.success(),
            "`dormouse {}` failed with {:?}:\n{}\n{}",
            self.words,
            self.output.status.code(),
            self.stdout(),
            self.stderr(),
        );
        self.stdout()
    }

    /// Returns the exit code; `None` when a signal ended it.
    pub fn code(&self) -> Option<i32> {
        self.output.status.code()
    }

    /// Returns what it printed for programs.
    pub fn stdout(&self) -> String {
        String::from_utf8_lossy(&self.output.stdout).into_owned()
    }

    /// Returns what it printed for people.
    pub fn stderr(&self) -> String {
        String::from_utf8_lossy(&self.output.stderr).into_owned()
    }
}

#[cfg(test)]
mod own {
    use super::*;

    #[test]
    fn the_root_is_the_one_that_cargo_runs_in() {
        let elsewhere = PathBuf::from("/other/checkout");
        assert_eq!(root_of(Some(elsewhere.join("tests"))), elsewhere);
        assert!(root_of(None).join("tests/src/lib.rs").exists());
    }
}
