//! `export`: memories as lines that `import` reads, or as Markdown for people.

use anyhow::Result;
use domain::{Record, View};
use store::{ListWish, PageEnd};

use crate::args::Export;
use crate::house::House;
use crate::moment;
use crate::out::harmless;

/// So many memories are held in memory at a time.
const PAGE: usize = 200;

/// Prints everything that is held, page by page.
pub(super) async fn run(house: &House, words: &Export) -> Result<()> {
    if words.markdown {
        return markdown(house).await;
    }
    let mut export = house.store.export();
    while let Some(lines) = export.page().await? {
        lines.iter().try_for_each(|line| house.out.line(line))?;
    }
    Ok(())
}

async fn markdown(house: &House) -> Result<()> {
    house.out.line("# Memories")?;
    let mut wish = ListWish::held(View::default(), PAGE);
    loop {
        let page = house.store.list(&wish).await?;
        page.iter().try_for_each(|record| section(house, record))?;
        wish.after = PageEnd::of(&page);
        if wish.after.is_none() {
            return Ok(());
        }
    }
}

fn section(house: &House, record: &Record) -> Result<()> {
    let (out, memory) = (house.out, &record.memory);
    let title = harmless(&memory.lesson.what).replace('\n', " ");
    out.line(format!("\n## {title}\n"))?;
    let known = format!("{} · {}", memory.lesson.kind, memory.lesson.scope);
    out.line(format!(
        "`{}` · {known} · confidence {:.2}\n",
        memory.id,
        record.belief.confidence()
    ))?;
    let elements = [
        ("When", &memory.lesson.when),
        ("Do", &memory.lesson.do_),
        ("Beware", &memory.lesson.warn),
    ];
    for (name, text) in elements {
        if let Some(text) = text {
            out.line(format!(
                "- **{name}:** {}",
                harmless(text).replace('\n', "; ")
            ))?;
        }
    }
    for quote in &record.evidence {
        let said = harmless(&quote.quote).replace('\n', " ");
        let who = quote.said_by.as_str();
        out.line(format!("- {} ({who}): “{said}”", moment::day(quote.at)))?;
    }
    Ok(())
}
