//! What is left to do, told in a few lines: jobs that wait for the same thing are told together.
//!
//! Only counts and words; what becomes of the jobs is decided elsewhere.

use std::collections::BTreeMap;

use domain::JobId;
use jiff::Timestamp;
use serde::Serialize;
use store::{JobState, Queued};

use crate::commands::readers;
use crate::moment;

/// So many names of jobs are shown of one kind; more of them help nobody.
const NAMED: usize = 5;

/// Jobs of one kind that stand alike.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Left {
    /// How many they are.
    jobs: usize,
    /// What they do.
    kind: &'static str,
    /// How they stand.
    state: Stand,
    /// What they wait for, or what they failed of: the first one's words.
    why: Option<String>,
    /// The first of them.
    first: Vec<JobId>,
    /// When the first of them is due.
    due: Timestamp,
}

/// How a job stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
enum Stand {
    /// It waits for something outside.
    Waiting,
    /// It only waits for its hour.
    Due,
    /// A worker has it.
    Claimed,
    /// It waits for a person.
    Parked,
}

/// Puts jobs together that stand alike, in the order in which the first of each is due.
pub(crate) fn groups(jobs: &[Queued]) -> Vec<Left> {
    let mut groups: Vec<Left> = Vec::new();
    let mut places = BTreeMap::new();
    for job in jobs {
        let (state, why) = stand(job);
        let alike = (job.work.kind(), state, why.as_deref().map(without_numbers));
        let place = *places.entry(alike).or_insert(groups.len());
        if place == groups.len() {
            groups.push(Left {
                jobs: 0,
                kind: job.work.kind(),
                state,
                why,
                first: Vec::new(),
                due: job.due,
            });
        }
        let group = &mut groups[place];
        group.jobs += 1;
        if group.first.len() < NAMED {
            group.first.push(job.id);
        }
    }
    groups
}

fn stand(job: &Queued) -> (Stand, Option<String>) {
    match &job.state {
        JobState::Waiting { on: Some(on) } if readers::mailbox_name(on).is_some() => {
            (Stand::Waiting, Some("a reply in the mailbox".to_owned()))
        }
        JobState::Waiting { on: Some(on) } => (Stand::Waiting, Some(on.clone())),
        JobState::Waiting { on: None } => (Stand::Due, job.why.clone()),
        JobState::Claimed { .. } => (Stand::Claimed, None),
        JobState::Parked => (Stand::Parked, job.why.clone()),
    }
}

/// Names of requests, sizes and hours differ where the reason is one.
fn without_numbers(text: &str) -> String {
    let plain = |word: &str| !word.contains(|c: char| c.is_ascii_digit());
    let words = text.split_whitespace();
    let words: Vec<&str> = words
        .map(|word| if plain(word) { word } else { "#" })
        .collect();
    words.join(" ")
}

impl Left {
    /// Tells them in one line.
    pub(crate) fn line(&self) -> String {
        let (jobs, kind) = (self.jobs, self.kind);
        let why = self.why.as_deref();
        let why = why.map_or(String::new(), |why| format!(": {why}"));
        let (many, wait) = match jobs {
            1 => (format!("1 {kind} job"), "waits"),
            _ => (format!("{jobs} {kind} jobs"), "wait"),
        };
        match self.state {
            Stand::Waiting => format!("{many} {wait}{why}"),
            Stand::Due => format!("{many}, due {}{why}", moment::show(self.due)),
            Stand::Claimed => format!("{many} at work"),
            Stand::Parked => {
                let first = self.first.first();
                let retry = first.map_or(String::new(), JobId::to_string);
                format!("{many} {wait} for you{why}; `dormouse status --retry {retry}`")
            }
        }
    }

    /// Names the jobs, as many of them as are shown.
    pub(crate) fn names(&self) -> String {
        let names: Vec<String> = self.first.iter().map(JobId::to_string).collect();
        match self.jobs - self.first.len() {
            0 => names.join(" "),
            more => format!("{} and {more} more", names.join(" ")),
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::{EpisodeId, Job, RunId};

    use super::*;

    fn job(id: i64, state: JobState, why: Option<&str>) -> Queued {
        let work = Job::Extract {
            episode: EpisodeId::new(format!("e{id}")),
            project: None,
        };
        Queued {
            id: JobId(id),
            run: RunId(1),
            work,
            due: Timestamp::UNIX_EPOCH,
            attempts: 0,
            state,
            why: why.map(str::to_owned),
        }
    }

    fn waiting(id: i64, on: &str) -> Queued {
        let on = Some(on.to_owned());
        job(id, JobState::Waiting { on }, None)
    }

    #[test]
    fn a_thousand_jobs_that_wait_for_one_thing_are_one_line() {
        let mut jobs: Vec<Queued> = (1..=719)
            .map(|id| waiting(id, "host refuses: 401"))
            .collect();
        jobs.push(waiting(720, "the reply q0a1 in the mailbox"));
        jobs.push(waiting(721, "the reply q0b2 in the mailbox"));
        jobs.push(job(
            722,
            JobState::Parked,
            Some("the reply to a01 cannot be read"),
        ));
        jobs.push(job(
            723,
            JobState::Parked,
            Some("the reply to a02 cannot be read"),
        ));
        let told: Vec<String> = groups(&jobs).iter().map(Left::line).collect();
        insta::assert_snapshot!(told.join("\n"), @"
        719 extract jobs wait: host refuses: 401
        2 extract jobs wait: a reply in the mailbox
        2 extract jobs wait for you: the reply to a01 cannot be read; `dormouse status --retry j722`
        ");
        assert_eq!(groups(&jobs)[0].names(), "j1 j2 j3 j4 j5 and 714 more");
    }
}
