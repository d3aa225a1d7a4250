//! Wires the house: home, settings, log, store, clock, and the rules the worker works by.
//!
//! The only place where rooms are put together.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use domain::{Model, OwnerId, Project, ProjectId, TenantId, View};
use eval::Scratch;
use extractors::{Budget, Limits};
use jiff::SignedDuration;
use jiff::tz::TimeZone;
use pipeline::schedule::Schedule;
use pipeline::{Ports, Rules};
use store::{Place, Store, Who};

use crate::args::{Command, Wanted, Words};
use crate::clock::WallClock;
use crate::config::{self, Config, Provider};
use crate::environment;
use crate::home::Home;
use crate::logs;
use crate::model;
use crate::out::{self, Out};

/// Everything that a command may need.
pub(crate) struct House {
    pub(crate) home: Home,
    pub(crate) config: Config,
    pub(crate) store: Store,
    pub(crate) clock: WallClock,
    pub(crate) out: Out,
    pub(crate) project_path: PathBuf,
    /// Goes when the command is done.
    _scratch: Option<Scratch>,
}

impl House {
    /// Opens the house that the words name, making what is not there yet.
    pub(crate) async fn open(words: &Words) -> Result<Self> {
        let home = Home::find(words.home.as_deref())?;
        Self::open_at(home, words).await
    }

    /// Opens the house in a given home.
    pub(crate) async fn open_at(home: Home, words: &Words) -> Result<Self> {
        let only_reads = words.command.only_reads();
        // Whoever only reads makes nothing, and a home on a read-only disk can still be read.
        if !only_reads {
            home.make()?;
        }
        let (config, _) = config::read(home.root())?;
        if !only_reads {
            logs::begin(&home.log(), &config.log)?;
        } else if !home.is_new() {
            let _ = logs::begin(&home.log(), &config.log);
        }
        let (store, scratch) = open_store(&home, &config, &words.command).await?;
        let project_path = match &words.project {
            Some(path) => std::path::absolute(path)?,
            None => std::env::current_dir().context("the working directory is gone")?,
        };
        let clock = WallClock::from_environment()?;
        let out = Out::new(words.json);
        Ok(Self {
            home,
            config,
            store,
            clock,
            out,
            project_path,
            _scratch: scratch,
        })
    }

    /// Opens the model that a person chose. What keeps it closed is told and kept with the jobs that
    /// wait for it; reading and archiving go on without it. In a session for which dormouse is turned
    /// off there is none, whoever asks.
    pub(crate) fn model(&self) -> Option<Box<dyn Model>> {
        if environment::is_off() {
            return None;
        }
        model::open(&self.config.llm, &self.home, self.clock).unwrap_or_else(|error| {
            let why = format!("{error:#}");
            out::say(format!("no model can be asked: {why}"));
            Some(Box::new(model::Closed::new(&self.config.llm, why)))
        })
    }

    /// Returns the doors that a step may use, with the model that it may ask.
    pub(crate) fn ports<'a>(&'a self, model: Option<&'a dyn Model>) -> Ports<'a> {
        Ports {
            queue: &self.store,
            library: &self.store,
            desk: &self.store,
            model,
            clock: &self.clock,
        }
    }

    /// Returns the numbers that the worker works by.
    pub(crate) fn rules(&self) -> Result<Rules> {
        let config = &self.config;
        Ok(Rules {
            ceiling: ceiling(),
            reading: Budget {
                turns: config.reading.turns,
                line_bytes: config.reading.line_mb << 20,
                ..Budget::default()
            },
            episodes: limits(config),
            spending: model::spending(&config.llm)?,
            lease: SignedDuration::from_secs(config.work.lease_seconds),
            night: Schedule::parse(&config.work.night).context("work.night")?,
            zone: zone(&config.work.zone)?,
            journal_keep: SignedDuration::from_hours(24 * config.journal.keep_days),
        })
    }

    /// Returns the project of the working directory, as the store knows it or as it would be called.
    pub(crate) async fn here(&self) -> Result<Option<Project>> {
        self.project_at(&self.project_path).await
    }

    /// Returns the project of a folder.
    pub(crate) async fn project_at(&self, folder: &Path) -> Result<Option<Project>> {
        use domain::Library;
        let aliases = extractors::project::aliases(folder, ceiling().as_deref());
        let Some(fresh) = Project::from_aliases(aliases) else {
            return Ok(None);
        };
        let known = self.store.project_named(&fresh.aliases).await?;
        Ok(Some(known.map_or(fresh.clone(), |known| Project {
            aliases: fresh.aliases,
            ..known
        })))
    }

    /// Returns the view of somebody who works in this project, or in all.
    pub(crate) async fn view(&self, wanted: &Wanted) -> Result<View> {
        Ok(View {
            project: self.scope(wanted.all_projects).await?,
            kinds: wanted.kind.clone(),
            as_of: wanted.as_of,
            known_at: wanted.known_at,
        })
    }

    async fn scope(&self, all_projects: bool) -> Result<Option<ProjectId>> {
        if all_projects {
            return Ok(None);
        }
        Ok(self.here().await?.map(|project| project.id))
    }

    /// Returns the person for whom the house is opened.
    pub(crate) fn owner(&self) -> OwnerId {
        OwnerId::new(&self.config.store.owner)
    }
}

fn limits(config: &Config) -> Limits {
    let usual = Limits::default();
    Limits {
        max_tokens: config.episodes.max_tokens,
        min_said: match config.llm.provider {
            // The rules cost no call: a session of tools alone may hold a repair.
            Provider::None => 0,
            _ => usual.min_said,
        },
        ..usual
    }
}

/// A command that only reads asks for no more: it waits for no writer, and starts sooner. Where there is
/// no store yet it reads an empty one that is thrown away, and leaves nothing behind.
async fn open_store(
    home: &Home,
    config: &Config,
    command: &Command,
) -> Result<(Store, Option<Scratch>)> {
    let (place, who) = (place(home, config), who(config));
    if command.only_reads() {
        if let Ok(store) = Store::open_read_only(&place, who.clone()).await {
            return Ok((store, None));
        }
        if matches!(place, Place::File(_)) && home.is_new() {
            let scratch = Scratch::new("read")?;
            let empty = Place::File(scratch.path().join("dormouse.db"));
            return Ok((Store::open(&empty, who).await?, Some(scratch)));
        }
    }
    // An older one is brought up, and where there is none yet it is made.
    Ok((Store::open(&place, who).await?, None))
}

fn place(home: &Home, config: &Config) -> Place {
    match config.store.url.as_str() {
        "" => Place::File(home.database()),
        url => Place::Server(url.to_owned()),
    }
}

fn who(config: &Config) -> Who {
    Who {
        tenant: TenantId::new(&config.store.tenant),
        owner: OwnerId::new(&config.store.owner),
    }
}

/// A repository in the home directory itself (dotfiles) is no umbrella for what lies below it.
pub(crate) fn ceiling() -> Option<PathBuf> {
    etcetera::home_dir().ok()
}

fn zone(name: &str) -> Result<TimeZone> {
    if name == "local" {
        return Ok(TimeZone::system());
    }
    match TimeZone::get(name) {
        Ok(zone) => Ok(zone),
        Err(_) => {
            bail!("work.zone is {name:?}, but must be \"local\" or a name such as Europe/Berlin")
        }
    }
}
