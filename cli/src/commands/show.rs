//! `show`: one memory with its evidence.

use anyhow::Result;
use domain::Shown;

use super::memories;
use crate::args::One;
use crate::house::House;

/// Prints the memory and the quotes that it rests on.
pub(super) async fn run(house: &House, one: &One) -> Result<()> {
    let record = memories::one(house, &one.id).await?;
    if house.out.is_json() {
        return house.out.value(&Shown::from(&record));
    }
    memories::print(house.out, &record)?;
    memories::print_evidence(house.out, &record)?;
    memories::print_places(house.out, &record)
}
