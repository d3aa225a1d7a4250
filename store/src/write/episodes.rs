//! Episodes that were cut, and requests to a model with their replies.
//!
//! Both are frozen when first written: an episode only gains turns, a request only its reply.

use domain::{Ask, Changes, Episode, StoreError};

use super::Hand;
use super::refuse::Gone;
use crate::engine::{Tx, Value, batch, sql, values};

sql! {
    /// A reply once bought is never overwritten.
    PUT_ASK in "asks":
        "INSERT INTO asks (tenant, id, owner, prompt, model, request, asked_at,
            reply, answered_at, input_tokens, output_tokens)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
         ON CONFLICT (tenant, id) DO UPDATE SET
            reply = excluded.reply,
            answered_at = excluded.answered_at,
            input_tokens = excluded.input_tokens,
            output_tokens = excluded.output_tokens
         WHERE asks.reply IS NULL";
}

batch! {
    ADD_EPISODES in "episodes":
        "INSERT INTO episodes (tenant, id, owner, session, project, cwd, branch, started_at, cut_by)",
        9, "ON CONFLICT (tenant, id) DO NOTHING";
    ADD_EPISODE_TURNS in "episode_turns":
        "INSERT INTO episode_turns (tenant, episode, turn, ordinal)", 4,
        "ON CONFLICT (tenant, episode, turn) DO UPDATE SET ordinal = excluded.ordinal";
}

/// Writes episodes and requests.
pub(crate) async fn write(
    tx: &mut Tx,
    hand: &Hand,
    changes: &Changes,
    gone: &Gone,
) -> Result<(), StoreError> {
    let rows: Vec<Vec<Value<'_>>> = changes
        .episodes
        .iter()
        .map(|episode| episode_row(hand, episode))
        .collect();
    tx.insert(ADD_EPISODES, &rows).await?;
    for episode in &changes.episodes {
        // One episode at a time: a statement that updates must not meet a row twice.
        tx.insert(ADD_EPISODE_TURNS, &turn_rows(hand, episode))
            .await?;
    }
    for ask in changes.asks.iter().filter(|ask| !gone.ask(ask.id.as_str())) {
        put_ask(tx, hand, ask).await?;
    }
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

fn turn_rows<'a>(hand: &'a Hand, episode: &'a Episode) -> Vec<Vec<Value<'a>>> {
    let mut seen = std::collections::HashSet::new();
    let turns = episode.turns.iter().filter(|turn| seen.insert(*turn));
    (0_i64..)
        .zip(turns)
        .map(|(ordinal, turn)| values![&hand.tenant, &episode.id, turn, ordinal].into())
        .collect()
}

async fn put_ask(tx: &mut Tx, hand: &Hand, ask: &Ask) -> Result<(), StoreError> {
    let tokens = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
    let values = values![
        &hand.tenant,
        &ask.id,
        &hand.owner,
        &ask.prompt,
        &ask.model,
        &ask.request,
        ask.asked_at,
        &ask.reply,
        ask.answered_at,
        tokens(ask.usage.input_tokens),
        tokens(ask.usage.output_tokens),
    ];
    tx.run(PUT_ASK, &values).await?;
    Ok(())
}
