//! Lists of memories for people and tools, page by page, so that no list ever stands whole in memory.
//!
//! Ranks nothing: the newest stands first.

use domain::{Link, MemoryId, Record, Standing, StoreError, View};
use jiff::Timestamp;

use crate::engine::{list, sql, values};
use crate::library::records;
use crate::seen::{held, visible, wanted};
use crate::{Store, Who, family, rows};

/// So many names are told apart when a prefix fits several.
const MOST_NAMES: usize = 10;

sql! {
    /// One page. A time asked for decides itself what was held; else the standings do.
    PAGE in "memories":
        concat!(
            "SELECT m.* FROM memories AS m WHERE ", visible!(), " AND ", wanted!(), "
               AND (CAST($1 AS BIGINT) IS NULL OR m.recorded_at < $1 OR (m.recorded_at = $1 AND m.id < $8))
               AND (((CAST($6 AS BIGINT) IS NOT NULL OR CAST($7 AS BIGINT) IS NOT NULL) AND ", held!(), ")
                    OR (CAST($6 AS BIGINT) IS NULL AND CAST($7 AS BIGINT) IS NULL AND m.standing IN (SELECT value FROM json_each($9))))
             ORDER BY m.recorded_at DESC, m.id DESC LIMIT $10"
        );
    /// The memories whose names begin so. The range is what SQLite's index can answer.
    NAMED in "memories":
        concat!(
            "SELECT m.* FROM memories AS m
             WHERE m.id >= $1 AND m.id < $1 || char(1114111) AND ", visible!(), "
             ORDER BY m.id LIMIT $4"
        ),
        postgres:
        concat!(
            "SELECT m.* FROM memories AS m WHERE starts_with(m.id, $1) AND ", visible!(), "
             ORDER BY m.id LIMIT $4"
        );
    /// Each end has an index of its own; asked with OR, SQLite would go through every link.
    LINKS in "links":
        concat!(
            "SELECT l.* FROM links AS l JOIN memories AS m ON m.tenant = l.tenant AND m.id = l.from_memory
             WHERE l.tenant = $2
               AND l.id IN (SELECT f.id FROM links AS f WHERE f.tenant = $2 AND f.from_memory = $1
                            UNION SELECT t.id FROM links AS t WHERE t.tenant = $2 AND t.to_memory = $1)
               AND ", visible!(), "
             ORDER BY l.at, l.id"
        );
}

/// What a list shall hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListWish {
    /// What may be seen; a time in it decides itself what was held then.
    pub view: View,
    /// The standings that are wanted.
    pub standings: Vec<Standing>,
    /// Where the page before ended.
    pub after: Option<PageEnd>,
    /// At most so many.
    pub limit: usize,
}

impl ListWish {
    /// Wishes for the first page of what is held.
    pub fn held(view: View, limit: usize) -> Self {
        let standings = Standing::ALL
            .into_iter()
            .filter(|standing| standing.is_held());
        Self {
            view,
            standings: standings.collect(),
            after: None,
            limit,
        }
    }

    /// Wishes for the first page of everything, whatever its standing.
    pub fn all(view: View, limit: usize) -> Self {
        Self {
            standings: Standing::ALL.to_vec(),
            ..Self::held(view, limit)
        }
    }
}

/// The last memory of a page: the next page begins behind it, whatever is written meanwhile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageEnd {
    /// When it was taken in.
    pub recorded_at: Timestamp,
    /// Its name.
    pub id: MemoryId,
}

impl PageEnd {
    /// Returns the end of a page; `None`: it was empty, and so is what follows.
    pub fn of(page: &[Record]) -> Option<Self> {
        page.last().map(|record| Self {
            recorded_at: record.memory.recorded_at,
            id: record.memory.id.clone(),
        })
    }
}

/// What the beginning of a name leads to.
#[derive(Clone, Debug, PartialEq)]
pub enum Found {
    /// One memory.
    One(Box<Record>),
    /// None that the reader may see.
    None,
    /// Several; the first ten names.
    Several(Vec<MemoryId>),
}

impl Store {
    /// Returns one page of memories, the newest first.
    ///
    /// As known at a time, each shows what it said then, with the quotes, the belief and the standing that
    /// it had.
    pub async fn list(&self, wish: &ListWish) -> Result<Vec<Record>, StoreError> {
        let Who { tenant, owner } = &self.who;
        let view = &wish.view;
        let kinds =
            (!view.kinds.is_empty()).then(|| list(view.kinds.iter().map(|kind| kind.as_str())));
        let (before, name) = match &wish.after {
            Some(end) => (Some(end.recorded_at), end.id.as_str()),
            None => (None, ""),
        };
        let mut tx = self.pool.read().await?;
        let family = family::of(&mut tx, tenant, view.project.as_ref()).await?;
        let family = family.map(list);
        let asked = values![
            before,
            tenant,
            owner,
            &family,
            kinds.as_deref(),
            view.as_of,
            view.known_at,
            name,
            list(wish.standings.iter().map(|standing| standing.as_str())),
            i64::try_from(wish.limit).unwrap_or(i64::MAX),
        ];
        let page = tx.all(PAGE, &asked).await?;
        records::known_at(&mut tx, tenant, &page, view.known_at).await
    }

    /// Returns the memory whose name begins so.
    pub async fn record(&self, prefix: &MemoryId) -> Result<Found, StoreError> {
        let Who { tenant, owner } = &self.who;
        let mut tx = self.pool.read().await?;
        let most = MOST_NAMES as i64;
        let rows = tx.all(NAMED, &values![prefix, tenant, owner, most]).await?;
        let mut found = records::of_rows(&mut tx, tenant, &rows).await?;
        let exact = found.iter().position(|record| record.memory.id == *prefix);
        Ok(match (found.len(), exact) {
            (0, _) => Found::None,
            (_, Some(place)) => Found::One(Box::new(found.swap_remove(place))),
            (1, None) => Found::One(Box::new(found.swap_remove(0))),
            (_, None) => Found::Several(found.into_iter().map(|record| record.memory.id).collect()),
        })
    }

    /// Returns every link from a memory or to it, ended or not, the oldest first.
    pub async fn links(&self, id: &MemoryId) -> Result<Vec<Link>, StoreError> {
        let Who { tenant, owner } = &self.who;
        let rows = self.pool.all(LINKS, &values![id, tenant, owner]).await?;
        rows.iter().map(rows::link).collect()
    }
}
