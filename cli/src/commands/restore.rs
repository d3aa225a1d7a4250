//! `restore`: brings back a memory that a person forgot.

use anyhow::{Result, bail};
use domain::{Changes, Clock, Link, LinkKind};

use super::{memories, twins};
use crate::args::One;
use crate::house::House;

/// Ends the links that hide it, unless another memory says the same by now.
pub(super) async fn run(house: &House, one: &One) -> Result<()> {
    let record = memories::one(house, &one.id).await?;
    let memory = &record.memory;
    let now = house.clock.now();
    let links = house.store.links(&memory.id).await?;
    let hiding = |link: &&Link| {
        link.from == memory.id && link.kind == LinkKind::Forgotten && link.ended_at.is_none()
    };
    let links: Vec<Link> = links
        .iter()
        .filter(hiding)
        .map(|link| link.ended(now))
        .collect();
    if links.is_empty() {
        bail!("{} is not forgotten, it is {}", memory.id, record.standing);
    }
    let project = memory.project.as_ref();
    let twin = twins::held(house, &memory.lesson.what, project, Some(&memory.id)).await?;
    if let Some(twin) = twin {
        bail!(
            "{} says the same and is held, so {} stays forgotten; to have the old one, \
             `dormouse forget {0}` first",
            twin.memory.id,
            memory.id
        );
    }
    let read = vec![(memory.id.clone(), memory.revision)];
    let changes = Changes {
        read,
        links,
        ..Changes::at(now)
    };
    memories::apply(house, &changes, "restore").await?;
    memories::tell(house, "restored", &memory.id).await
}
