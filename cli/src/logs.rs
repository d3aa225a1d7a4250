//! The log: one bounded file in the home, and nothing on stdout.
//!
//! Never a transcript, a prompt, a key or a memory's text above `debug`.

use std::fs::OpenOptions;
use std::path::Path;
use std::sync::Mutex;

use anyhow::{Context, Result};
use tracing_subscriber::Layer;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt;

use crate::config;

/// Begins to log into the file; one that has grown too large is put aside first.
pub(crate) fn begin(path: &Path, settings: &config::Log) -> Result<()> {
    let too_large = settings.max_mb * 1_000_000;
    if std::fs::metadata(path).is_ok_and(|file| file.len() > too_large) {
        std::fs::rename(path, path.with_extension("log.1"))
            .with_context(|| format!("the log {} cannot be put aside", path.display()))?;
    }
    let mut options = OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options
        .open(path)
        .with_context(|| format!("the log {} cannot be opened", path.display()))?;
    // What dependencies say is their own business; sqlx would log whole statements.
    let level: LevelFilter = settings.level.parse().context("log.level")?;
    let rooms = ["dormouse", "extractors", "pipeline", "recall", "store"];
    let own = Targets::new().with_targets(rooms.map(|room| (room, level)));
    let lines = tracing_subscriber::fmt::layer()
        .with_ansi(false)
        .with_writer(Mutex::new(file));
    let log = tracing_subscriber::registry().with(lines.with_filter(own));
    // A second call in one process (the demo) keeps the first log.
    let _ = tracing::subscriber::set_global_default(log);
    Ok(())
}
