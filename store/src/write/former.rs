//! What no longer stands: quotes, belief events and links as they stood before they changed or went.
//!
//! Never pruned, so that history tells of what was taken back and a look back sees what was believed.
//! Memories have their own history, in `revisions`.

use domain::StoreError;

use super::Hand;
use super::journal::Entry;
use super::state::State;
use crate::engine::{Tx, Value, batch, values};

batch! {
    KEEP in "former":
        "INSERT INTO former (tenant, number, what, id, memory, other, until, run, writer, kind,
            linked_at, ended_at, body)", 13, "";
}

/// Keeps what these entries of the journal replace; the first of them has this number.
pub(crate) async fn keep(
    tx: &mut Tx,
    hand: &Hand,
    first: i64,
    entries: &[Entry],
) -> Result<(), StoreError> {
    let rows = (first..).zip(entries);
    let rows: Vec<Vec<Value<'_>>> = rows
        .filter(|(_, entry)| is_kept(hand, entry))
        .map(|(number, entry)| row(hand, number, entry))
        .collect();
    tx.insert(KEEP, &rows).await?;
    Ok(())
}

/// That there was no row is worth keeping only where an undo brings one back: all others are born with
/// the run that wrote them.
fn is_kept(hand: &Hand, entry: &Entry) -> bool {
    match entry.was {
        Some(State::Memory(_)) => false,
        Some(_) => true,
        None => hand.is_undo() && entry.what != super::state::What::Memory,
    }
}

fn row<'a>(hand: &'a Hand, number: i64, entry: &'a Entry) -> Vec<Value<'a>> {
    let was = entry.was.as_ref();
    let body = was.map(|was| serde_json::to_string(was).expect("a row is plain values"));
    let link = match was {
        Some(State::Link(row)) => Some(&row.link),
        _ => None,
    };
    values![
        &hand.tenant,
        number,
        entry.what.as_str(),
        &entry.id,
        &entry.memory,
        &entry.other,
        hand.at,
        hand.run,
        was.map(|was| was.run().0),
        link.map(|link| link.kind.as_str()),
        link.map(|link| link.at),
        link.and_then(|link| link.ended_at),
        Value::Text(body.map(Into::into)),
    ]
    .into()
}
