//! `pin`: keeps a memory always in sight, or no longer.

use anyhow::Result;
use domain::Memory;

use super::memories;
use crate::args::Pin;
use crate::house::House;

/// Writes the memory's row with the pin in or out.
pub(super) async fn run(house: &House, words: &Pin) -> Result<()> {
    let record = memories::one(house, &words.id).await?;
    let pinned = !words.off;
    let (done, verb) = if pinned {
        ("pinned", "pin")
    } else {
        ("unpinned", "unpin")
    };
    let id = record.memory.id.clone();
    if record.memory.pinned != pinned {
        memories::rewrite(
            house,
            &record.memory,
            Memory {
                pinned,
                ..record.memory.clone()
            },
            verb,
        )
        .await?;
    }
    memories::tell(house, done, &id).await
}
