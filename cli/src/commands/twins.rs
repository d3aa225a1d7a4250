//! Looks for a memory that says what another one says in the same words, whatever else it tells.
//!
//! Decides nothing about it.

use anyhow::Result;
use domain::{MemoryId, ProjectId, Record, Standing, View, words};
use store::{ListWish, PageEnd};

use crate::house::House;

/// Whoever says the same words stands among the nearest.
const NEAREST: usize = 20;
/// So many are looked at in one go of those that a person forgot.
const PAGE: usize = 500;

/// Returns another memory that is held and says this, in this project or the user's scope.
pub(super) async fn held(
    house: &House,
    what: &str,
    project: Option<&ProjectId>,
    other_than: Option<&MemoryId>,
) -> Result<Option<Record>> {
    let hits = recall::search(&house.store, &view(project), what, NEAREST).await?;
    let mut near = hits.into_iter().map(|hit| hit.found);
    Ok(near.find(|record| {
        says(record, what, project) && other_than.is_none_or(|own| record.memory.id != *own)
    }))
}

/// Returns a memory that says this and that a person forgot.
pub(super) async fn forgotten(
    house: &House,
    what: &str,
    project: Option<&ProjectId>,
) -> Result<Option<Record>> {
    let mut wish = ListWish {
        standings: vec![Standing::Forgotten],
        ..ListWish::all(view(project), PAGE)
    };
    loop {
        let page = house.store.list(&wish).await?;
        wish.after = PageEnd::of(&page);
        if wish.after.is_none() {
            return Ok(None);
        }
        let mut page = page.into_iter();
        if let Some(found) = page.find(|record| says(record, what, project)) {
            return Ok(Some(found));
        }
    }
}

fn view(project: Option<&ProjectId>) -> View {
    View {
        project: project.cloned(),
        ..View::default()
    }
}

/// What is said for every project sees all projects, and is said in none of them.
fn says(record: &Record, what: &str, project: Option<&ProjectId>) -> bool {
    let memory = &record.memory;
    let is_near = project.is_some() || memory.project.is_none();
    is_near && words::words(&memory.lesson.what) == words::words(what)
}
