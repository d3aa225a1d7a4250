//! Answers what was said: which turns are known, an episode's turns, a conversation around a place.
//!
//! Verbatim words are their owner's alone.

use std::collections::BTreeSet;

use domain::{Episode, EpisodeId, SessionId, StoreError, Turn, TurnId};

use crate::engine::{Row, list, sql, values};
use crate::{Store, Who, rows};

sql! {
    /// Archived already, or purged for good.
    KNOWN in "turns":
        "SELECT id FROM turns WHERE tenant = $1 AND id IN (SELECT value FROM json_each($2))
         UNION
         SELECT id FROM tombstones
         WHERE tenant = $1 AND kind = 'turn' AND id IN (SELECT value FROM json_each($2))";
    EPISODE in "episodes":
        "SELECT * FROM episodes WHERE tenant = $1 AND id = $2 AND owner = $3";
    EPISODE_TURNS in "episode_turns":
        "SELECT turn FROM episode_turns WHERE tenant = $1 AND episode = $2 ORDER BY ordinal";
    /// An episode's turns as they were first read: their evidence counts there.
    ARCHIVED in "turns":
        "SELECT t.* FROM episode_turns AS e JOIN turns AS t ON t.tenant = e.tenant AND t.id = e.turn
         WHERE e.tenant = $1 AND e.episode = $2 AND t.owner = $3
         ORDER BY e.ordinal";
    POSITION in "session_turns":
        "SELECT position FROM session_turns WHERE tenant = $1 AND session = $2 AND turn = $3";
    /// From a place on, each turn as it stands in this session.
    FROM_THERE in "turns":
        "SELECT t.id, s.session, t.parent, t.at, s.position, t.cwd, t.branch, t.sidechain, t.body
         FROM session_turns AS s JOIN turns AS t ON t.tenant = s.tenant AND t.id = s.turn
         WHERE s.tenant = $1 AND s.session = $2 AND t.owner = $3
           AND (s.position > $4 OR (s.position = $4 AND s.turn >= $5))
         ORDER BY s.position, s.turn LIMIT $6";
    /// What stands before it, the nearest first.
    BEFORE_THERE in "turns":
        "SELECT t.id, s.session, t.parent, t.at, s.position, t.cwd, t.branch, t.sidechain, t.body
         FROM session_turns AS s JOIN turns AS t ON t.tenant = s.tenant AND t.id = s.turn
         WHERE s.tenant = $1 AND s.session = $2 AND t.owner = $3
           AND (s.position < $4 OR (s.position = $4 AND s.turn < $5))
         ORDER BY s.position DESC, s.turn DESC LIMIT $6";
}

pub(crate) async fn known(store: &Store, ids: &[TurnId]) -> Result<BTreeSet<TurnId>, StoreError> {
    let asked = values![&store.who.tenant, list(ids.iter().map(TurnId::as_str))];
    let found = store.pool.all(KNOWN, &asked).await?;
    found
        .iter()
        .map(|row| row.text("id").map(TurnId::new))
        .collect()
}

pub(crate) async fn episode(
    store: &Store,
    id: &EpisodeId,
) -> Result<Option<(Episode, Vec<Turn>)>, StoreError> {
    let Who { tenant, owner } = &store.who;
    let mut tx = store.pool.read().await?;
    let Some(row) = tx.first(EPISODE, &values![tenant, id, owner]).await? else {
        return Ok(None);
    };
    let names = tx.all(EPISODE_TURNS, &values![tenant, id]).await?;
    let names = names.iter().map(|row| row.text("turn").map(TurnId::new));
    let episode = rows::episode(&row, names.collect::<Result<_, _>>()?)?;
    let turns = tx.all(ARCHIVED, &values![tenant, id, owner]).await?;
    let turns = turns.iter().map(rows::turn).collect::<Result<_, _>>()?;
    Ok(Some((episode, turns)))
}

/// Returns a session's turns around a place, or from its beginning; nothing where the place is not in it.
pub(crate) async fn conversation(
    store: &Store,
    session: &SessionId,
    around: Option<&TurnId>,
    limit: usize,
) -> Result<Vec<Turn>, StoreError> {
    let Who { tenant, owner } = &store.who;
    let most = i64::try_from(limit).unwrap_or(i64::MAX);
    let mut tx = store.pool.read().await?;
    let (position, turn) = match around {
        None => (i64::MIN, ""),
        Some(turn) => {
            let place = tx.first(POSITION, &values![tenant, session, turn]).await?;
            let Some(place) = place else {
                return Ok(Vec::new());
            };
            (place.int("position")?, turn.as_str())
        }
    };
    let asked = values![tenant, session, owner, position, turn, most];
    let before = tx.all(BEFORE_THERE, &asked).await?;
    let after = tx.all(FROM_THERE, &asked).await?;
    let shown = centred(before, after, limit);
    shown.iter().map(rows::turn).collect()
}

/// Keeps half before the place and half after it, or more of one where the other is short.
fn centred(mut before: Vec<Row>, mut after: Vec<Row>, limit: usize) -> Vec<Row> {
    let earlier = before
        .len()
        .min((limit / 2).max(limit.saturating_sub(after.len())));
    before.truncate(earlier);
    before.reverse();
    after.truncate(limit - earlier);
    before.append(&mut after);
    before
}
