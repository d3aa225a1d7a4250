//! `list`: memories, the newest first, page by page.

use anyhow::Result;
use domain::Shown;
use store::{ListWish, PageEnd};

use super::memories;
use crate::args::List;
use crate::house::House;
use crate::out;

/// So many memories are held in memory at a time.
const PAGE: usize = 200;

/// Prints the memories as they come, however many there are.
pub(super) async fn run(house: &House, words: &List) -> Result<()> {
    let view = house.view(&words.wanted).await?;
    let mut wish = match words.all {
        true => ListWish::all(view, 0),
        false => ListWish::held(view, 0),
    };
    let mut left = words.wanted.limit;
    let mut printed = 0;
    while left > 0 {
        wish.limit = left.min(PAGE);
        let page = house.store.list(&wish).await?;
        for record in &page {
            match house.out.is_json() {
                true => house.out.value(&Shown::from(record))?,
                false => house.out.line(memories::line(house.out, record))?,
            }
        }
        printed += page.len();
        left -= page.len();
        wish.after = PageEnd::of(&page);
        if wish.after.is_none() {
            break;
        }
    }
    if printed == 0 && !house.out.is_json() {
        out::say("no memories here; --all-projects looks everywhere, --all also at hidden ones");
    }
    Ok(())
}
