//! `forget`: hides a memory for good, also when its words are read again.

use anyhow::{Result, bail};
use domain::{Changes, Clock, Link, LinkKind, Standing};

use super::memories;
use crate::args::One;
use crate::house::House;

/// Begins a link that says so; nothing is deleted.
pub(super) async fn run(house: &House, one: &One) -> Result<()> {
    let record = memories::one(house, &one.id).await?;
    let memory = &record.memory;
    if record.standing == Standing::Forgotten {
        bail!("{} is forgotten already", memory.id);
    }
    let now = house.clock.now();
    let link = Link {
        from: memory.id.clone(),
        to: None,
        kind: LinkKind::Forgotten,
        at: now,
        ended_at: None,
        why: "a person said so".to_owned(),
    };
    let changes = Changes {
        read: vec![(memory.id.clone(), memory.revision)],
        links: vec![link],
        ..Changes::at(now)
    };
    memories::apply(house, &changes, "forget").await?;
    memories::tell(house, "forgotten", &memory.id).await
}
