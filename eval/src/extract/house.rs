//! A store in a folder of its own, the worker's own loop, and a model that answers at once.
//!
//! The model says what it was given and thinks nothing; what stands around it is the real thing.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Mutex;

use anyhow::{Context, Result, bail};
use async_trait::async_trait;
use domain::words::estimate_tokens;
use domain::{
    Ask, Author, Changes, Clock, Ended, Episode, EpisodeId, Format, Job, Model, ModelError,
    NextJob, OwnerId, Price, Queue, Record, Reply, Source, TenantId, Usage, View,
};
use extractors::{Budget, Limits};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use pipeline::schedule::Schedule;
use pipeline::{Did, Ports, Rules, Spending, turn};
use store::{ListWish, Place, Store, Who};

/// The smallest window in use: more episodes, more calls.
const WINDOW: usize = 32_000;
/// More than any session here teaches.
const ALL: usize = 10_000;

/// What one model was asked and answers.
#[derive(Default)]
pub(crate) struct Labels {
    /// The replies, by what they are about; to everything else there is nothing to say.
    replies: HashMap<String, Reply>,
    asked: Mutex<Asked>,
}

/// What was asked in all.
#[derive(Clone, Copy, Default)]
pub(crate) struct Asked {
    pub(crate) calls: u64,
    pub(crate) input_tokens: u64,
    pub(crate) output_tokens: u64,
    /// The largest single request.
    pub(crate) largest: u64,
}

impl Labels {
    /// Answers with these, by episode.
    pub(crate) fn of(replies: impl IntoIterator<Item = (EpisodeId, Reply)>) -> Self {
        let about = |(id, reply)| (format!("extract {id}"), reply);
        Self {
            replies: replies.into_iter().map(about).collect(),
            asked: Mutex::default(),
        }
    }
}

#[async_trait]
impl Model for Labels {
    fn name(&self) -> &'static str {
        "labels"
    }

    fn host(&self) -> Option<&str> {
        // A host is named, so that every call goes through the books as it would in earnest.
        Some("labels.invalid")
    }

    fn keeps_schema(&self) -> bool {
        false
    }

    fn window(&self) -> usize {
        WINDOW
    }

    async fn ask(&self, ask: &Ask) -> Result<Reply, ModelError> {
        let nothing = || Reply {
            text: "<none/>".to_owned(),
            ended: Ended::Whole,
            at: Timestamp::UNIX_EPOCH,
            usage: Usage::default(),
        };
        let mut reply = self
            .replies
            .get(&ask.about)
            .cloned()
            .unwrap_or_else(nothing);
        let said = estimate_tokens(&ask.request.system) + estimate_tokens(&ask.request.user);
        reply.usage = Usage {
            input_tokens: said as u64,
            output_tokens: estimate_tokens(&reply.text) as u64,
        };
        let mut asked = self
            .asked
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        asked.calls += 1;
        asked.input_tokens += reply.usage.input_tokens;
        asked.output_tokens += reply.usage.output_tokens;
        asked.largest = asked.largest.max(reply.usage.input_tokens);
        Ok(reply)
    }
}

/// A clock that stands still.
struct Still(Timestamp);

impl Clock for Still {
    fn now(&self) -> Timestamp {
        self.0
    }
}

/// What a session came to.
pub(crate) struct Worked {
    pub(crate) store: Store,
    /// The episodes that were cut, in order.
    pub(crate) episodes: Vec<Episode>,
    /// What was left out of replies, and why.
    pub(crate) notes: Vec<String>,
    pub(crate) asked: Asked,
}

/// Reads a transcript into a new store with this model, until nothing is left to do.
pub(crate) async fn work(folder: &Path, transcript: &Path, model: Labels) -> Result<Worked> {
    let who = Who {
        tenant: TenantId::new("local"),
        owner: OwnerId::new("me"),
    };
    let store = Store::open(&Place::File(folder.join("dormouse.db")), who).await?;
    let clock = Still("2030-01-01T00:00:00Z".parse()?);
    enqueue(&store, transcript, clock.now()).await?;
    let ports = Ports {
        queue: &store,
        library: &store,
        desk: &store,
        model: Some(&model),
        clock: &clock,
    };
    let rules = rules()?;
    let (mut episodes, mut notes) = (Vec::new(), Vec::new());
    loop {
        match turn(&ports, &rules).await? {
            Did::Nothing => break,
            Did::Finished { changes, .. } => {
                episodes.extend(changes.episodes);
                notes.extend(changes.notes);
            }
            Did::Waits { job, on } => bail!("{} waits for {on}", job.kind()),
            Did::Failed { job, why, .. } => bail!("{} failed: {why}", job.kind()),
            Did::Lost(job) => bail!("{} was lost", job.kind()),
        }
    }
    let asked = *model
        .asked
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner);
    Ok(Worked {
        store,
        episodes,
        notes,
        asked,
    })
}

async fn enqueue(store: &Store, transcript: &Path, now: Timestamp) -> Result<()> {
    let source = Source::unread(transcript.display().to_string(), Format::ClaudeCodeJsonl);
    let job = Job::Ingest {
        source: source.id.clone(),
    };
    let changes = Changes {
        sources: vec![source],
        next: vec![NextJob { job, due: now }],
        ..Changes::at(now)
    };
    store
        .apply(&changes, &Author::Person("eval".to_owned()))
        .await?;
    Ok(())
}

fn rules() -> Result<Rules> {
    Ok(Rules {
        ceiling: None,
        reading: Budget::default(),
        episodes: Limits::default(),
        spending: Spending {
            day_tokens: u64::from(u32::MAX),
            session_tokens: u64::from(u32::MAX),
            price: Price::default(),
        },
        lease: SignedDuration::from_mins(10),
        night: Schedule::parse("0 3 * * *").context("the schedule is ours")?,
        zone: TimeZone::UTC,
        journal_keep: SignedDuration::from_hours(24),
    })
}

impl Worked {
    /// Returns every memory, whatever its standing.
    pub(crate) async fn memories(&self) -> Result<Vec<Record>> {
        Ok(self
            .store
            .list(&ListWish::all(View::default(), ALL))
            .await?)
    }
}
