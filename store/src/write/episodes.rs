//! Episodes that were cut.
//!
//! Frozen when first written: an episode only gains turns.

use std::collections::{BTreeMap, HashSet};

use domain::{Changes, Episode, EpisodeId, StoreError, TurnId};

use super::Hand;
use crate::engine::{Tx, Value, batch, values};

batch! {
    ADD_EPISODES in "episodes":
        "INSERT INTO episodes (tenant, id, owner, session, project, cwd, branch, started_at, cut_by)",
        9, "ON CONFLICT (tenant, id) DO NOTHING";
    ADD_EPISODE_TURNS in "episode_turns":
        "INSERT INTO episode_turns (tenant, episode, turn, ordinal)", 4,
        "ON CONFLICT (tenant, episode, turn) DO UPDATE SET ordinal = excluded.ordinal";
}

/// Writes episodes.
pub(crate) async fn write(tx: &mut Tx, hand: &Hand, changes: &Changes) -> Result<(), StoreError> {
    let rows: Vec<Vec<Value<'_>>> = changes
        .episodes
        .iter()
        .map(|episode| episode_row(hand, episode))
        .collect();
    tx.insert(ADD_EPISODES, &rows).await?;
    tx.insert(ADD_EPISODE_TURNS, &turn_rows(hand, &changes.episodes))
        .await?;
    Ok(())
}

fn episode_row<'a>(hand: &'a Hand, episode: &'a Episode) -> Vec<Value<'a>> {
    values![
        &hand.tenant,
        &episode.id,
        &hand.owner,
        &episode.session,
        &episode.project,
        &episode.place.cwd,
        &episode.place.branch,
        episode.started_at,
        hand.run,
    ]
    .into()
}

/// Each turn of an episode once, because a statement that updates must not meet a row twice.
fn turn_rows<'a>(hand: &'a Hand, episodes: &'a [Episode]) -> Vec<Vec<Value<'a>>> {
    let mut ordinals: BTreeMap<(&EpisodeId, &TurnId), i64> = BTreeMap::new();
    for episode in episodes {
        let mut seen = HashSet::new();
        let turns = episode.turns.iter().filter(|turn| seen.insert(*turn));
        let turns = turns.map(|turn| (&episode.id, turn));
        ordinals.extend(turns.zip(0_i64..));
    }
    ordinals
        .into_iter()
        .map(|((episode, turn), ordinal)| values![&hand.tenant, episode, turn, ordinal].into())
        .collect()
}
