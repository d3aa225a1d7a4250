//! Says how things stand: what is kept, what waits, what ran, and what a run wrote.
//!
//! Counts and shows; starts nothing and mends nothing.

use std::collections::BTreeMap;

use domain::{
    EpisodeId, Job, JobId, MemoryId, ProjectId, Run, RunId, Session, SessionId, StoreError, Usage,
};
use jiff::Timestamp;
use serde::Serialize;

use crate::engine::{Row, list, sql, values};
use crate::{Store, Who, family, rows};

sql! {
    /// What is kept, one row a word. What is another owner's own is not counted.
    KEPT in "status":
        "SELECT 'sources' AS word, COUNT(*) AS number FROM sources WHERE tenant = $1 AND owner = $2
         UNION ALL SELECT 'sessions', COUNT(*) FROM sessions WHERE tenant = $1 AND owner = $2
         UNION ALL SELECT 'turns', COUNT(*) FROM turns WHERE tenant = $1 AND owner = $2
         UNION ALL SELECT 'episodes', COUNT(*) FROM episodes WHERE tenant = $1 AND owner = $2
         UNION ALL SELECT 'projects', COUNT(*) FROM projects WHERE tenant = $1
         UNION ALL SELECT 'runs', COUNT(*) FROM runs WHERE tenant = $1 AND owner = $2
         UNION ALL SELECT 'asks', COUNT(*) FROM asks WHERE tenant = $1 AND owner = $2";
    STANDINGS in "memories":
        "SELECT standing AS word, COUNT(*) AS number FROM memories
         WHERE tenant = $1 AND (scope <> 'user' OR owner = $2) GROUP BY standing ORDER BY standing";
    /// What a model was asked about and has replied to was read by it.
    UNREAD in "episodes":
        "SELECT e.id FROM episodes AS e
         WHERE e.tenant = $1 AND e.owner = $2 AND e.barred_by IS NULL
           AND (CAST($4 AS BIGINT) IS NULL OR e.started_at >= $4)
           AND (CAST($5 AS TEXT) IS NULL OR e.project IN (SELECT value FROM json_each($5)))
           AND 'extract ' || e.id NOT IN
               (SELECT s.about FROM asks AS s
                WHERE s.tenant = $1 AND s.owner = $2 AND s.prompt = $3 AND s.reply IS NOT NULL)
         ORDER BY e.started_at, e.id";
    SPENT in "asks":
        "SELECT CAST(COALESCE(SUM(input_tokens), 0) AS BIGINT) AS input_tokens,
                CAST(COALESCE(SUM(output_tokens), 0) AS BIGINT) AS output_tokens
         FROM asks WHERE tenant = $1 AND owner = $2";
    SIZE in "status":
        "SELECT pages.page_count * sizes.page_size AS bytes
         FROM pragma_page_count AS pages, pragma_page_size AS sizes",
        postgres:
        "SELECT pg_database_size(current_database()) AS bytes";
    JOBS in "jobs":
        "SELECT * FROM jobs WHERE tenant = $1 AND owner = $2 ORDER BY due_at, id";
    RUNS in "runs":
        "SELECT * FROM runs WHERE tenant = $1 AND owner = $2 ORDER BY id DESC LIMIT $3";
    RUN in "runs":
        "SELECT * FROM runs WHERE tenant = $1 AND owner = $2 AND id = $3";
    /// The runs that are older than what the journal keeps wrote more than this shows.
    WROTE in "journal":
        "WITH ours AS MATERIALIZED (SELECT what, id FROM journal WHERE tenant = $1 AND run = $2)
         SELECT what AS word, COUNT(DISTINCT id) AS number FROM ours GROUP BY what ORDER BY what";
    WROTE_MEMORIES in "journal":
        "SELECT DISTINCT memory AS id FROM journal
         WHERE tenant = $1 AND run = $2 AND memory IS NOT NULL ORDER BY memory";
    SESSIONS in "sessions":
        "SELECT s.*, (SELECT COUNT(*) FROM session_turns AS t
                      WHERE t.tenant = s.tenant AND t.session = s.id) AS turns
         FROM sessions AS s
         WHERE s.tenant = $1 AND s.owner = $2 AND (CAST($3 AS TEXT) IS NULL OR s.project IN (SELECT value FROM json_each($3)))
           AND (CAST($4 AS BIGINT) IS NULL OR s.started_at < $4 OR (s.started_at = $4 AND s.id < $5))
         ORDER BY s.started_at DESC, s.id DESC LIMIT $6";
}

impl Store {
    /// Returns the episodes about which no model has replied to this prompt, and that may be looked at
    /// again, those that began first before the others.
    pub async fn unread(
        &self,
        prompt: &str,
        since: Option<Timestamp>,
        project: Option<&ProjectId>,
    ) -> Result<Vec<EpisodeId>, StoreError> {
        let Who { tenant, owner } = &self.who;
        let mut tx = self.pool.read().await?;
        let family = family::of(&mut tx, tenant, project).await?.map(list);
        let asked = values![tenant, owner, prompt, since, &family];
        let rows = tx.all(UNREAD, &asked).await?;
        rows.iter()
            .map(|row| row.text("id").map(EpisodeId::new))
            .collect()
    }
}

/// How things stand.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Status {
    /// How many there are of each thing that is kept.
    pub kept: BTreeMap<String, u64>,
    /// How many memories there are of each standing.
    pub memories: BTreeMap<String, u64>,
    /// How many jobs there are in each state.
    pub jobs: BTreeMap<String, u64>,
    /// The run that began last.
    pub last_run: Option<Run>,
    /// What was spent on replies.
    pub spent: Usage,
    /// How large the database is; on a server, with all that others keep in it.
    pub bytes: u64,
}

/// What a job is doing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "state", rename_all = "kebab-case")]
pub enum JobState {
    /// It waits until it is due, or for something outside.
    Waiting {
        /// What outside thing it waits for.
        on: Option<String>,
    },
    /// A worker has it.
    Claimed {
        /// Until then.
        until: Timestamp,
    },
    /// It waits for a person.
    Parked,
}

impl JobState {
    fn word(&self) -> &'static str {
        match self {
            Self::Waiting { .. } => "waiting",
            Self::Claimed { .. } => "claimed",
            Self::Parked => "parked",
        }
    }
}

/// A job as it stands in the queue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Queued {
    /// Its number.
    pub id: JobId,
    /// The run that it belongs to.
    pub run: RunId,
    /// The work.
    pub work: Job,
    /// Not before this.
    pub due: Timestamp,
    /// How often it was tried.
    pub attempts: u64,
    /// What it is doing.
    #[serde(flatten)]
    pub state: JobState,
    /// Why it failed last.
    pub why: Option<String>,
}

/// A run with what it wrote.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RunReport {
    /// The run.
    pub run: Run,
    /// The run that it took back.
    pub undoes: Option<RunId>,
    /// How many things of each sort it wrote, as far as the journal is kept.
    pub wrote: BTreeMap<String, u64>,
    /// The memories that it touched.
    pub memories: Vec<MemoryId>,
}

/// A session as lists show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Conversation {
    /// The session.
    #[serde(flatten)]
    pub session: Session,
    /// How many turns it has.
    pub turns: u64,
}

impl Store {
    /// Says how things stand.
    pub async fn status(&self) -> Result<Status, StoreError> {
        let Who { tenant, owner } = &self.who;
        let mut tx = self.pool.read().await?;
        let mine = values![tenant, owner];
        let mut jobs = BTreeMap::new();
        for row in tx.all(JOBS, &mine).await? {
            *jobs.entry(state(&row)?.word().to_owned()).or_default() += 1;
        }
        let last = tx.first(RUNS, &values![tenant, owner, 1]).await?;
        let spent = tx.first(SPENT, &mine).await?;
        let size = tx.first(SIZE, &[]).await?;
        Ok(Status {
            kept: counts(&tx.all(KEPT, &mine).await?)?,
            memories: counts(&tx.all(STANDINGS, &mine).await?)?,
            jobs,
            last_run: last.as_ref().map(rows::run).transpose()?,
            spent: spent.as_ref().map_or(Ok(Usage::default()), usage)?,
            bytes: size.map_or(Ok(0), |row| row.count("bytes"))?,
        })
    }

    /// Returns the jobs in the queue, in the order in which they fall due. What this program cannot
    /// read, a later version's job or a damaged row, is left out; it is counted, and parked once it is due.
    pub async fn jobs(&self) -> Result<Vec<Queued>, StoreError> {
        let Who { tenant, owner } = &self.who;
        let rows = self.pool.all(JOBS, &values![tenant, owner]).await?;
        rows.iter()
            .filter_map(|row| queued(row).transpose())
            .collect()
    }

    /// Returns the last runs, the newest first.
    pub async fn runs(&self, limit: usize) -> Result<Vec<Run>, StoreError> {
        let Who { tenant, owner } = &self.who;
        let most = i64::try_from(limit).unwrap_or(i64::MAX);
        let rows = self.pool.all(RUNS, &values![tenant, owner, most]).await?;
        rows.iter().map(rows::run).collect()
    }

    /// Returns a run with what it wrote.
    pub async fn run(&self, id: RunId) -> Result<Option<RunReport>, StoreError> {
        let Who { tenant, owner } = &self.who;
        let mut tx = self.pool.read().await?;
        let Some(row) = tx.first(RUN, &values![tenant, owner, id]).await? else {
            return Ok(None);
        };
        let wrote = tx.all(WROTE, &values![tenant, id]).await?;
        let memories = tx.all(WROTE_MEMORIES, &values![tenant, id]).await?;
        let memories = memories.iter().map(|row| row.text("id").map(MemoryId::new));
        Ok(Some(RunReport {
            run: rows::run(&row)?,
            undoes: row.int_or_none("undoes")?.map(RunId),
            wrote: counts(&wrote)?,
            memories: memories.collect::<Result<_, _>>()?,
        }))
    }

    /// Returns one page of the reader's sessions, the newest first; `after` is the last of the page before.
    pub async fn conversations(
        &self,
        project: Option<&ProjectId>,
        after: Option<(Timestamp, &SessionId)>,
        limit: usize,
    ) -> Result<Vec<Conversation>, StoreError> {
        let Who { tenant, owner } = &self.who;
        let before = after.map(|(started, _)| started);
        let name = after.map_or("", |(_, id)| id.as_str());
        let most = i64::try_from(limit).unwrap_or(i64::MAX);
        let mut tx = self.pool.read().await?;
        let family = family::of(&mut tx, tenant, project).await?.map(list);
        let asked = values![tenant, owner, &family, before, name, most];
        let rows = tx.all(SESSIONS, &asked).await?;
        let read = |row: &Row| {
            Ok(Conversation {
                session: rows::session(row)?,
                turns: row.count("turns")?,
            })
        };
        rows.iter().map(read).collect()
    }
}

fn counts(rows: &[Row]) -> Result<BTreeMap<String, u64>, StoreError> {
    let read = |row: &Row| Ok((row.text("word")?, row.count("number")?));
    rows.iter().map(read).collect()
}

fn usage(row: &Row) -> Result<Usage, StoreError> {
    Ok(Usage {
        input_tokens: row.count("input_tokens")?,
        output_tokens: row.count("output_tokens")?,
    })
}

fn state(row: &Row) -> Result<JobState, StoreError> {
    Ok(
        match (row.boolean("parked")?, row.time_or_none("leased_until")?) {
            (true, _) => JobState::Parked,
            (false, Some(until)) => JobState::Claimed { until },
            (false, None) => JobState::Waiting {
                on: row.text_or_none("waits_on")?,
            },
        },
    )
}

/// Returns a job, unless its words are none of ours.
fn queued(row: &Row) -> Result<Option<Queued>, StoreError> {
    let Ok(work) = row.json("body") else {
        return Ok(None);
    };
    Ok(Some(Queued {
        id: JobId(row.int("id")?),
        run: RunId(row.int("run")?),
        work,
        due: row.time("due_at")?,
        attempts: row.count("attempts")?,
        state: state(row)?,
        why: row.text_or_none("why")?,
    }))
}
