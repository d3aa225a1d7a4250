//! How fast memories are written, found, listed and exported, and how much room one takes.
//!
//! Works on made-up memories in a folder of its own, which goes when it is done.

use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};
use domain::{
    Alias, AliasKind, Author, Changes, Job, OwnerId, Project, ProjectId, Queue, SourceId, TenantId,
    View,
};
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use store::{ListWish, PageEnd, Place, Store, Who};

use crate::scratch::Scratch;
use crate::stopwatch::{begin, peak_memory_mb};
use crate::{lock, made_up};

/// So many memories are written at a time, as a large job would.
const CHUNK: u64 = 500;
/// So many jobs are finished.
const FINISHES: u64 = 20;
/// Longer than any of them takes.
const LEASE: SignedDuration = SignedDuration::from_mins(10);
/// So many searches are timed.
const SEARCHES: u64 = 200;
/// So many processes are started to search once each.
const PROCESSES: u64 = 41;

/// What the store came to.
#[derive(Clone, Debug, Serialize)]
pub struct StoreFigures {
    /// How many memories there are.
    pub memories: u64,
    /// Bytes of the database for each.
    pub bytes_each: f64,
    /// Milliseconds to write 500 memories in one transaction: median and slowest.
    pub write_500_ms: (f64, f64),
    /// How many turns one step of reading takes in.
    pub step_turns: usize,
    /// Milliseconds to finish a job that read so many turns of 15 to 600 words: median and slowest.
    pub finish_step_ms: (f64, f64),
    /// Milliseconds for which writing 500 memories held the write lock, until the commit returned.
    pub write_500_lock_ms: (f64, f64),
    /// Milliseconds for which finishing such a job held the write lock, until the commit returned.
    pub finish_step_lock_ms: (f64, f64),
    /// Milliseconds of a search in a running process: median and 99th percentile.
    pub search_ms: (f64, f64),
    /// Milliseconds of a whole `search` process from start to end: median and slowest.
    pub cold_search_ms: (f64, f64),
    /// The same for a process that only prints its version.
    pub empty_process_ms: (f64, f64),
    /// Seconds to list every memory, page by page.
    pub list_seconds: f64,
    /// Seconds to export every memory.
    pub export_seconds: f64,
    /// The most memory that this process held by then, in megabytes.
    pub peak_memory_mb: Option<f64>,
}

/// Builds a store of so many memories and measures it with this very program.
pub async fn store(memories: usize, program: &Path) -> Result<StoreFigures> {
    let folder = Scratch::new("eval")?;
    let bench = Bench::open(folder.path(), memories as u64).await?;
    lock::listen();
    let write_500_ms = bench.fill().await?;
    let write_500_lock_ms = middle_and(lock::held_ms(), 1.0);
    let search_ms = bench.search().await?;
    let list_seconds = bench.list().await?;
    let export_seconds = bench.export().await?;
    let bytes = bench.store.status().await?.bytes;
    let finish_step_ms = bench.finish().await?;
    let finish_step_lock_ms = middle_and(lock::held_ms(), 1.0);
    let cold = |number: u64| {
        let query = made_up::query(number);
        let words: Vec<String> = query.split(' ').map(str::to_owned).collect();
        [vec!["search".to_owned()], words].concat()
    };
    let version = |_| vec!["--version".to_owned()];
    Ok(StoreFigures {
        memories: bench.memories,
        bytes_each: bytes as f64 / bench.memories as f64,
        write_500_ms,
        step_turns: extractors::Budget::default().turns,
        finish_step_ms,
        write_500_lock_ms,
        finish_step_lock_ms,
        search_ms,
        cold_search_ms: processes(folder.path(), program, cold)?,
        empty_process_ms: processes(folder.path(), program, version)?,
        list_seconds,
        export_seconds,
        peak_memory_mb: peak_memory_mb(),
    })
}

struct Bench {
    store: Store,
    owner: OwnerId,
    project: Project,
    memories: u64,
}

impl Bench {
    async fn open(folder: &Path, memories: u64) -> Result<Self> {
        let owner = OwnerId::new("me");
        let who = Who {
            tenant: TenantId::new("local"),
            owner: owner.clone(),
        };
        let store = Store::open(&Place::File(folder.join("dormouse.db")), who).await?;
        let value = folder.display().to_string();
        let alias = Alias {
            kind: AliasKind::Path,
            value,
        };
        let project = Project::from_aliases(vec![alias]).context("a path names a project")?;
        Ok(Self {
            store,
            owner,
            project,
            memories,
        })
    }

    fn view(&self) -> View {
        let project: ProjectId = self.project.id.clone();
        View {
            project: Some(project),
            ..View::default()
        }
    }

    async fn fill(&self) -> Result<(f64, f64)> {
        let mut times = Vec::new();
        for first in (0..self.memories).step_by(CHUNK as usize) {
            let mut changes = Changes::at(Timestamp::UNIX_EPOCH);
            changes.projects.push(self.project.clone());
            for number in first..(first + CHUNK).min(self.memories) {
                let (memory, belief) = made_up::memory(number, &self.owner, &self.project.id);
                changes.saved.push(memory);
                changes.beliefs.push(belief);
            }
            let watch = begin();
            self.store.apply(&changes, &Author::Worker).await?;
            times.push(watch.ms());
        }
        Ok(middle_and(times, 1.0))
    }

    async fn finish(&self) -> Result<(f64, f64)> {
        let (now, mut times) = (Timestamp::UNIX_EPOCH, Vec::new());
        for number in 0..FINISHES {
            let source = SourceId::new(format!("transcript-{number}"));
            let job = Job::Ingest { source };
            self.store.enqueue(&job, now, now).await?;
            let job = self.store.claim(now, LEASE).await?;
            let job = job.context("the job that was just added is not due")?;
            let turns = extractors::Budget::default().turns as u64;
            let mut changes = made_up::reading(number, turns, &self.project.id);
            changes.projects.push(self.project.clone());
            let watch = begin();
            let done = self.store.finish(&job, &changes).await?;
            times.push(watch.ms());
            ensure!(done.run() == Some(job.run), "the job was not finished");
        }
        Ok(middle_and(times, 1.0))
    }

    async fn search(&self) -> Result<(f64, f64)> {
        let (view, mut times, mut found) = (self.view(), Vec::new(), 0);
        for number in 0..SEARCHES {
            let query = made_up::query(number);
            let watch = begin();
            found += recall::search(&self.store, &view, &query, 10).await?.len();
            times.push(watch.ms());
        }
        ensure!(
            found > 0,
            "nothing is found: the figures would mean nothing"
        );
        Ok(middle_and(times, 0.99))
    }

    async fn list(&self) -> Result<f64> {
        let (watch, mut seen) = (begin(), 0);
        let mut wish = ListWish::held(self.view(), 200);
        loop {
            let page = self.store.list(&wish).await?;
            seen += page.len() as u64;
            wish.after = PageEnd::of(&page);
            if wish.after.is_none() {
                break;
            }
        }
        ensure!(
            seen == self.memories,
            "{seen} of {} are listed",
            self.memories
        );
        Ok(watch.ms() / 1e3)
    }

    async fn export(&self) -> Result<f64> {
        let (watch, mut lines) = (begin(), 0);
        let mut export = self.store.export();
        while let Some(page) = export.page().await? {
            lines += page.len() as u64;
        }
        ensure!(lines > self.memories, "{lines} lines are too few");
        Ok(watch.ms() / 1e3)
    }
}

/// Starts the program again and again, and returns the middle and the slowest wall time.
fn processes(
    folder: &Path,
    program: &Path,
    words: impl Fn(u64) -> Vec<String>,
) -> Result<(f64, f64)> {
    let mut times = Vec::new();
    for number in 0..PROCESSES {
        let mut command = Command::new(program);
        command
            .arg("--home")
            .arg(folder)
            .args(words(number))
            .current_dir(folder);
        command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let watch = begin();
        let status = command.status().context("the program does not start")?;
        times.push(watch.ms());
        ensure!(status.success(), "the program failed");
    }
    Ok(middle_and(times, 1.0))
}

/// Returns the median, and the value below which this share of the times lies.
fn middle_and(mut times: Vec<f64>, share: f64) -> (f64, f64) {
    times.sort_by(f64::total_cmp);
    let at = |share: f64| times[((times.len() - 1) as f64 * share).round() as usize];
    (at(0.5), at(share))
}
