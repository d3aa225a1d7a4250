//! `config`: every setting, its value and where it came from.

use anyhow::Result;

use crate::config::FILE;
use crate::house::House;
use crate::out::Ink;

/// Lists the settings.
pub(super) fn run(house: &House) -> Result<()> {
    if house.out.is_json() {
        return house
            .settings
            .iter()
            .try_for_each(|setting| house.out.value(setting));
    }
    house.out.line(house.out.ink(
        Ink::Faint,
        format!("# {}", house.home.root().join(FILE).display()),
    ))?;
    for setting in &house.settings {
        let from = house.out.ink(Ink::Faint, format!("# {}", setting.from));
        house.out.line(format!(
            "{:<22} = {:<16} {from}",
            setting.key,
            setting.value.to_string()
        ))?;
    }
    Ok(())
}
