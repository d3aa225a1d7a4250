//! Finds the recorded transcripts in a folder.
//!
//! Takes them in the order of their names, so that a figure is about the same bytes each time.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use domain::{Format, Source};
use extractors::Sniffed;

/// Returns every transcript below a folder that can be read.
pub(crate) fn transcripts(folder: &Path) -> Result<Vec<Source>> {
    let mut sources = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        let entries = std::fs::read_dir(&folder)
            .with_context(|| format!("{} cannot be listed", folder.display()))?;
        let paths: std::io::Result<Vec<PathBuf>> = entries.map(|entry| Ok(entry?.path())).collect();
        for path in paths? {
            if path.is_dir() {
                folders.push(path);
            } else if let Ok(Sniffed::Known(Format::ClaudeCodeJsonl)) = extractors::sniff(&path) {
                let path = path.display().to_string();
                sources.push(Source::unread(path, Format::ClaudeCodeJsonl));
            }
        }
    }
    if sources.is_empty() {
        bail!("{} holds no transcript that can be read", folder.display());
    }
    sources.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(sources)
}
