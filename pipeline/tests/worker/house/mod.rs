//! A store in a folder of its own, a clock that is set by hand, and small transcripts.

pub(crate) mod scripted;

use std::path::{Path, PathBuf};
use std::sync::Mutex;

use domain::{
    Author, Changes, Claimed, Clock, Format, Job, Model, NextJob, OwnerId, Price, Queue, Record,
    Source, TenantId, View,
};
use extractors::{Budget, Limits};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use pipeline::schedule::Schedule;
use pipeline::{Ports, Rules, Spending, Tally, drain};
use store::{ListWish, Place, Store, Who};
use tempfile::TempDir;

/// A sentence in which the rules extractor finds a rule.
pub(crate) const RULE: &str = "We always use pnpm in this repository, never npm.";

/// A clock that stands where it is put.
pub(crate) struct HandClock(Mutex<Timestamp>);

impl HandClock {
    /// Puts the clock to an instant.
    pub(crate) fn set(&self, now: Timestamp) {
        *self.0.lock().expect("nobody panicked") = now;
    }
}

impl Clock for HandClock {
    fn now(&self) -> Timestamp {
        *self.0.lock().expect("nobody panicked")
    }
}

/// Reads an instant.
pub(crate) fn at(text: &str) -> Timestamp {
    text.parse().expect("an instant")
}

/// Everything that a worker needs.
pub(crate) struct House {
    pub(crate) folder: TempDir,
    pub(crate) store: Store,
    pub(crate) clock: HandClock,
    pub(crate) rules: Rules,
    /// The model that a test has chosen.
    pub(crate) model: Option<Box<dyn Model>>,
}

impl House {
    pub(crate) async fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::create_dir(folder.path().join("spool")).expect("a spool");
        let who = Who {
            tenant: TenantId::new("local"),
            owner: OwnerId::new("me"),
        };
        let place = Place::File(folder.path().join("home").join("dormouse.db"));
        let store = Store::open(&place, who).await.expect("opens");
        let rules = Rules {
            ceiling: None,
            reading: Budget::default(),
            episodes: Limits::default(),
            spending: Spending {
                day_tokens: 200_000,
                session_tokens: 100_000,
                price: Price::default(),
            },
            lease: SignedDuration::from_secs(60),
            night: Schedule::parse("0 3 * * *").expect("a schedule"),
            zone: TimeZone::UTC,
            journal_keep: SignedDuration::from_hours(24 * 90),
        };
        let clock = HandClock(Mutex::new(at("2026-03-02T12:00:00Z")));
        Self {
            folder,
            store,
            clock,
            rules,
            model: None,
        }
    }

    /// Builds a house with one session waiting to be read.
    pub(crate) async fn with_session(said: &[&str]) -> Self {
        let house = Self::new().await;
        let path = house.write_session("one", said, "2026-03-02T10:00:00Z");
        house.enqueue_source(&path).await;
        house
    }

    pub(crate) fn ports(&self) -> Ports<'_> {
        Ports {
            queue: &self.store,
            library: &self.store,
            desk: &self.store,
            model: self.model.as_deref(),
            clock: &self.clock,
        }
    }

    pub(crate) fn spool(&self) -> PathBuf {
        self.folder.path().join("spool")
    }

    pub(crate) fn session(&self) -> PathBuf {
        self.folder.path().join("one.jsonl")
    }

    pub(crate) async fn claim(&self) -> Option<Claimed> {
        self.store
            .claim(self.clock.now(), self.rules.lease)
            .await
            .expect("claims")
    }

    pub(crate) async fn drain(&self) -> Tally {
        let (_keep, stop) = tokio::sync::watch::channel(false);
        let spool = self.spool();
        drain(&self.ports(), &self.rules, &spool, &stop, &mut |_| {})
            .await
            .expect("works")
    }

    pub(crate) async fn memories(&self) -> Vec<Record> {
        self.store
            .list(&ListWish::held(View::default(), 100))
            .await
            .expect("lists")
    }

    pub(crate) async fn enqueue_source(&self, path: &Path) {
        let source = Source::unread(path.display().to_string(), Format::ClaudeCodeJsonl);
        let job = Job::Ingest {
            source: source.id.clone(),
        };
        let now = self.clock.now();
        let changes = Changes {
            sources: vec![source],
            next: vec![NextJob { job, due: now }],
            ..Changes::at(now)
        };
        self.store
            .apply(&changes, &Author::Person("ingest".to_owned()))
            .await
            .expect("enqueues");
    }

    pub(crate) fn write_session(&self, name: &str, said: &[&str], begun: &str) -> PathBuf {
        self.write_session_in(Path::new("/srv/shop"), name, said, begun)
    }

    pub(crate) fn write_session_in(
        &self,
        cwd: &Path,
        name: &str,
        said: &[&str],
        begun: &str,
    ) -> PathBuf {
        let path = self.folder.path().join(format!("{name}.jsonl"));
        let lines = said
            .iter()
            .zip(0..)
            .map(|(text, n)| line(name, cwd, n, text, at(begun)));
        write(&path, &lines.collect::<String>());
        path
    }

    /// Adds what the user says later to the first session.
    pub(crate) fn append(&self, text: &str) {
        let so_far = std::fs::read_to_string(self.session()).expect("it is there");
        let later = line(
            "one",
            Path::new("/srv/shop"),
            7,
            text,
            at("2026-03-02T10:30:00Z"),
        );
        write(&self.session(), &(so_far + &later));
    }

    /// Makes a package of a repository and returns its folder.
    pub(crate) fn package(&self, name: &str) -> PathBuf {
        let root = self.folder.path().join("repo");
        let package = root.join("packages").join(name);
        std::fs::create_dir_all(&package).expect("a folder");
        std::fs::create_dir_all(root.join(".git")).expect("a folder");
        write(&root.join(".git/HEAD"), "ref: refs/heads/main\n");
        write(&package.join("package.json"), "{}");
        package
    }

    pub(crate) fn leave(&self, name: &str, text: &str) {
        write(&self.spool().join(name), text);
    }

    /// Makes a repository and a worktree of it that lies elsewhere.
    pub(crate) fn worktree(&self) -> (PathBuf, PathBuf) {
        let below = |name: &str| {
            let folder = self.folder.path().join(name);
            std::fs::create_dir_all(&folder).expect("a folder");
            folder
        };
        let inner = below("shop/.git/worktrees/fix");
        write(&below("shop/.git").join("HEAD"), "ref: refs/heads/main\n");
        write(&inner.join("HEAD"), "ref: refs/heads/fix\n");
        write(&inner.join("commondir"), "../..\n");
        let pointer = format!("gitdir: {}\n", inner.display());
        write(&below("elsewhere").join(".git"), &pointer);
        (below("shop"), below("elsewhere"))
    }

    /// Returns the names of all that lies in the spool and below it.
    pub(crate) fn left_in_spool(&self) -> Vec<String> {
        let mut names = names(&self.spool());
        let odd = names.iter().any(|name| name == "odd");
        let below = odd.then(|| self::names(&self.spool().join("odd")));
        names.extend(
            below
                .into_iter()
                .flatten()
                .map(|name| format!("odd/{name}")),
        );
        names
    }
}

fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).expect("a folder");
    let names = entries.map(|entry| entry.expect("an entry").file_name());
    let mut names: Vec<String> = names
        .map(|name| name.to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

/// Returns what a hook leaves.
pub(crate) fn notice(transcript: &Path, occasion: &str) -> String {
    format!(
        r#"{{"occasion":"{occasion}","session":"s","transcript":"{}","cwd":"/srv/shop","at":"2026-03-02T11:00:00Z"}}"#,
        transcript.display()
    )
}

fn line(session: &str, cwd: &Path, number: i64, text: &str, begun: Timestamp) -> String {
    let said_at = begun + SignedDuration::from_secs(number);
    let line = serde_json::json!({
        "type": "user", "uuid": format!("{session}-{number}"), "parentUuid": null,
        "sessionId": session, "cwd": cwd, "gitBranch": "main", "timestamp": said_at.to_string(),
        "isSidechain": false, "version": "2.1.63", "message": {"role": "user", "content": text},
    });
    format!("{line}\n")
}

#[expect(
    clippy::disallowed_methods,
    reason = "a test writes into its own folder"
)]
fn write(path: &Path, text: &str) {
    std::fs::write(path, text).expect("a file");
}
