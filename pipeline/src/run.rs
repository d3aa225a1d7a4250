//! One job in, one value of changes out.
//!
//! Decides and returns; nothing is written here.

use domain::{Changes, Claimed, Job};

use crate::{Ports, Rules, StepError, extract, ingest, sweep};

/// Does one job's work and returns what is to be written.
pub async fn run(ports: &Ports<'_>, rules: &Rules, job: &Claimed) -> Result<Changes, StepError> {
    match &job.job {
        Job::Ingest { source } => ingest::run(ports, rules, source).await,
        Job::Extract { episode, .. } => extract::run(ports, rules, job, episode).await,
        Job::Heed { episode, .. } => extract::heed(ports, rules, job, episode).await,
        Job::Sweep => sweep::run(ports).await,
    }
}
