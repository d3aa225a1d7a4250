//! `config`: every setting, its value and where it came from.

use anyhow::Result;

use crate::args::Words;
use crate::config::{self, FILE};
use crate::home::Home;
use crate::out::{Ink, Out};

/// Lists the settings. Needs no store: a wrong address of one must be seen here.
pub(super) fn run(words: &Words) -> Result<()> {
    let out = Out::new(words.json);
    let home = Home::find(words.home.as_deref())?;
    let (_, settings) = config::read(home.root())?;
    if out.is_json() {
        return settings.iter().try_for_each(|setting| out.value(setting));
    }
    out.line(out.ink(
        Ink::Faint,
        format!("# {}", home.root().join(FILE).display()),
    ))?;
    for setting in &settings {
        let from = out.ink(Ink::Faint, format!("# {}", setting.from));
        out.line(format!(
            "{:<22} = {:<16} {from}",
            setting.key,
            setting.value.to_string()
        ))?;
    }
    Ok(())
}
