//! What the commands about memories share: looking one up, writing changes, showing lines.
//!
//! Each command's own decision stands in its own file.

use anyhow::{Result, bail};
use domain::{
    Author, Changes, Clock, Finished, Memory, MemoryId, Queue, Record, RunId, Shown, Standing,
};
use store::Found;

use crate::args::MemoryPrefix;
use crate::house::House;
use crate::moment;
use crate::out::{Ink, Out, harmless, headline};

/// Returns the one memory whose name begins so.
pub(super) async fn one(house: &House, prefix: &MemoryPrefix) -> Result<Record> {
    match house.store.record(&prefix.0).await? {
        Found::One(record) => Ok(*record),
        Found::None => bail!(
            "no memory's name begins with {}; `dormouse list --all` shows them",
            prefix.0
        ),
        Found::Several(ids) => {
            let ids: Vec<&str> = ids.iter().map(MemoryId::as_str).collect();
            bail!(
                "several memories' names begin with {}: {}",
                prefix.0,
                ids.join(", ")
            )
        }
    }
}

/// Writes what a person wants, as a run of its own.
pub(super) async fn apply(house: &House, changes: &Changes, verb: &str) -> Result<RunId> {
    match house
        .store
        .apply(changes, &Author::Person(verb.to_owned()))
        .await?
    {
        Finished::Done(run) => Ok(run),
        Finished::Stale(moved) => {
            let moved: Vec<&str> = moved.iter().map(MemoryId::as_str).collect();
            bail!(
                "{} changed meanwhile; look again and repeat",
                moved.join(", ")
            )
        }
        Finished::Lost => bail!("the store would not take it"),
    }
}

/// Writes a memory's row anew, one revision on.
pub(super) async fn rewrite(
    house: &House,
    before: &Memory,
    after: Memory,
    verb: &str,
) -> Result<RunId> {
    let changes = Changes {
        read: vec![(before.id.clone(), before.revision)],
        updated: vec![Memory {
            revision: before.revision.next(),
            ..after
        }],
        ..Changes::at(house.clock.now())
    };
    apply(house, &changes, verb).await
}

/// Says what was done to a memory, and shows it as it stands now.
pub(super) async fn tell(house: &House, done: &str, id: &MemoryId) -> Result<()> {
    let record = one(house, &MemoryPrefix(id.clone())).await?;
    if house.out.is_json() {
        return house.out.value(&Shown::from(&record));
    }
    house
        .out
        .line(format!("{done}: {}", line(house.out, &record)))
}

/// Returns a memory on one line.
pub(super) fn line(out: Out, record: &Record) -> String {
    let memory = &record.memory;
    let standing = match record.standing {
        Standing::Active => String::new(),
        other => out.ink(Ink::Warn, format!(" [{other}]")),
    };
    let pin = if memory.pinned {
        out.ink(Ink::Good, " [pinned]")
    } else {
        String::new()
    };
    format!(
        "{} {} {}{standing}{pin}",
        out.ink(Ink::Name, memory.id.as_str()),
        out.ink(
            Ink::Faint,
            format!(
                "{:<10} {:.2}",
                memory.lesson.kind,
                record.belief.confidence()
            )
        ),
        headline(&memory.lesson.what, 100),
    )
}

/// Prints a memory with its four elements and where it stands.
pub(super) fn print(out: Out, record: &Record) -> Result<()> {
    let memory = &record.memory;
    out.line(line(out, record))?;
    let elements = [
        ("what", Some(&memory.lesson.what)),
        ("when", memory.lesson.when.as_ref()),
        ("do", memory.lesson.do_.as_ref()),
        ("warn", memory.lesson.warn.as_ref()),
    ];
    for (name, text) in elements {
        let Some(text) = text else { continue };
        for (number, part) in harmless(text).lines().enumerate() {
            let name = if number == 0 { name } else { "" };
            out.line(format!(
                "  {} {part}",
                out.ink(Ink::Faint, format!("{name:<5}"))
            ))?;
        }
    }
    let scope = format!(
        "{} · {} · said by the {} · true since {}",
        memory.lesson.scope,
        memory.domain,
        memory.asserted_by.as_str(),
        moment::day(memory.validity.from),
    );
    out.line(format!("  {}", out.ink(Ink::Faint, scope)))?;
    if !memory.tags.is_empty() {
        out.line(format!(
            "  {}",
            out.ink(Ink::Faint, format!("tags: {}", memory.tags.join(", ")))
        ))?;
    }
    Ok(())
}

/// Prints the quotes that a memory rests on.
pub(super) fn print_evidence(out: Out, record: &Record) -> Result<()> {
    for quote in &record.evidence {
        let said = format!(
            "{} said on {}",
            quote.said_by.as_str(),
            moment::show(quote.at)
        );
        let place = format!("session {}, turn {}", quote.session, quote.turn);
        out.line(format!(
            "  {} {}",
            out.ink(Ink::Strong, said),
            out.ink(Ink::Faint, place)
        ))?;
        for line in harmless(&quote.quote).lines() {
            out.line(format!("    “{line}”"))?;
        }
    }
    Ok(())
}
