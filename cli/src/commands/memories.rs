//! What the commands about memories share: looking one up, writing changes, showing lines.
//!
//! Each command's own decision stands in its own file.

use anyhow::{Result, bail};
use domain::{
    Author, Changes, Clock, Finished, Memory, MemoryId, Queue, Record, RunId, Scope, Shown,
    Standing,
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
        Found::None => match house.store.taken_back(&prefix.0).await? {
            Some((id, run)) => {
                bail!("{id} was taken back by {run}; `dormouse undo {run}` brings it back")
            }
            None => bail!(
                "no memory's name begins with {}; `dormouse list --all` shows them",
                prefix.0
            ),
        },
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
        Finished::Done { run, .. } => Ok(run),
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
    let (standing, pin) = marks(out, record);
    format!(
        "{} {} {}{}{standing}{pin}",
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
        part(out, &memory.lesson.scope),
    )
}

/// Prints a memory with its elements and where it stands.
pub(super) fn print(out: Out, record: &Record) -> Result<()> {
    let memory = &record.memory;
    out.line(head(out, record))?;
    let lesson = &memory.lesson;
    // A rule's warning is often the rule itself: said once is enough.
    let more = |text: &&String| {
        !text
            .trim_end_matches('.')
            .eq(lesson.what.trim_end_matches('.'))
    };
    let elements = [
        ("what", Some(&lesson.what)),
        ("when", lesson.when.as_ref()),
        ("do", lesson.do_.as_ref().filter(more)),
        ("warn", lesson.warn.as_ref().filter(more)),
    ];
    for (name, text) in elements {
        let Some(text) = text else { continue };
        for (number, part) in harmless(text).lines().enumerate() {
            let name = if number == 0 { name } else { "" };
            out.line(format!(
                "  {} {part}",
                out.ink(Ink::Faint, format!("{name:<4}"))
            ))?;
        }
    }
    if !memory.tags.is_empty() {
        let tags = harmless(&memory.tags.join(", "));
        out.line(format!("  {} {tags}", out.ink(Ink::Faint, "tags")))?;
    }
    Ok(())
}

/// Returns everything about a memory but its words, on one line.
fn head(out: Out, record: &Record) -> String {
    let memory = &record.memory;
    let known = format!(
        "{} · {} · {} · the {}'s word · since {} · {:.2}",
        memory.lesson.kind,
        memory.lesson.scope,
        memory.domain,
        memory.asserted_by.as_str(),
        moment::day(memory.validity.from),
        record.belief.confidence(),
    );
    let (standing, pin) = marks(out, record);
    let name = out.ink(Ink::Name, memory.id.as_str());
    format!("{name} {}{standing}{pin}", out.ink(Ink::Faint, known))
}

/// Returns the part of the project that a memory is about, if it is not about all of it.
fn part(out: Out, scope: &Scope) -> String {
    match scope {
        Scope::Path(path) => out.ink(Ink::Faint, format!(" in {path}")),
        Scope::User | Scope::Project => String::new(),
    }
}

/// Returns what sets a memory apart, if anything does.
fn marks(out: Out, record: &Record) -> (String, String) {
    let standing = match record.standing {
        Standing::Active => String::new(),
        other => out.ink(Ink::Warn, format!(" [{other}]")),
    };
    let pin = if record.memory.pinned {
        out.ink(Ink::Good, " [pinned]")
    } else {
        String::new()
    };
    (standing, pin)
}

/// Prints the quotes that a memory rests on.
pub(super) fn print_evidence(out: Out, record: &Record) -> Result<()> {
    for quote in &record.evidence {
        let said = format!("{} {}", quote.said_by.as_str(), moment::show(quote.at));
        let words = harmless(&quote.quote).replace('\n', "\n      ");
        out.line(format!("  {} “{words}”", out.ink(Ink::Faint, said)))?;
    }
    Ok(())
}

/// Prints the turns that a memory's quotes stand in, for those who want to read on.
pub(super) fn print_places(out: Out, record: &Record) -> Result<()> {
    let mut places: Vec<_> = record
        .evidence
        .iter()
        .map(|quote| (&quote.session, &quote.turn))
        .collect();
    places.dedup();
    places.iter().try_for_each(|(session, turn)| {
        let command = format!("  dormouse conversations show {session} --around {turn}");
        out.line(out.ink(Ink::Faint, command))
    })
}
