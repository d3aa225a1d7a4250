//! `import`: takes in memories that `export` wrote.

use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::Path;

use anyhow::{Context, Result};
use domain::Clock;

use crate::args::Import;
use crate::house::House;

/// Reads the file line by line; what is known already stays as it is.
pub(super) async fn run(house: &House, words: &Import) -> Result<()> {
    let now = house.clock.now();
    let imported = match words.file.as_path() {
        path if path == Path::new("-") => {
            house
                .store
                .import(io::stdin().lines().map(clean), now)
                .await
        }
        path => {
            let file = File::open(path).with_context(|| path.display().to_string())?;
            house
                .store
                .import(BufReader::new(file).lines().map(clean), now)
                .await
        }
    };
    let imported = imported.with_context(|| words.file.display().to_string())?;
    if house.out.is_json() {
        return house.out.value(&serde_json::json!({
            "lines": imported.lines, "memories": imported.memories,
            "loose_links": imported.loose_links, "run": imported.run,
        }));
    }
    house.out.line(format!(
        "{} lines read, {} new memories",
        imported.lines, imported.memories
    ))?;
    if imported.loose_links > 0 {
        let left = format!(
            "{} links lead to memories that are not here",
            imported.loose_links
        );
        house.out.line(left)?;
    }
    Ok(())
}

/// An export may come from elsewhere: its secrets stop at this door too.
fn clean(line: io::Result<String>) -> io::Result<String> {
    line.map(|line| extractors::secrets::redact(&line).text.into_owned())
}
