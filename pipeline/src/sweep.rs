//! The night's first work: whatever grew since it was last read is read on.
//!
//! Looks at sizes only; reading is the Ingest jobs' work.

use domain::{Changes, Job, NextJob, Source};

use crate::{Ports, StepError};

/// Returns an Ingest for each known source whose file is not as long as its cursor.
pub(crate) async fn run(ports: &Ports<'_>) -> Result<Changes, StepError> {
    let now = ports.clock.now();
    let sources = ports.library.sources().await?;
    let grown = sources.into_iter().filter(has_moved);
    let next = grown.map(|source| NextJob {
        job: Job::Ingest { source: source.id },
        due: now,
    });
    Ok(Changes {
        next: next.collect(),
        ..Changes::at(now)
    })
}

fn has_moved(source: &Source) -> bool {
    // A file that is gone is nothing to read: agents delete their transcripts after a while.
    std::fs::metadata(&source.path).is_ok_and(|file| file.len() != source.cursor.offset)
}
