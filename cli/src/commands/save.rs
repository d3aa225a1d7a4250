//! `save`: a person writes a memory down.

use anyhow::{Context, Result, bail};
use domain::{
    BeliefEvent, Changes, Clock, Kind, Lesson, Library, Memory, MemoryId, NewMemory, ProjectId,
    Reason, Record, Revision, Scope, Speaker, Standing, Validity, Weight,
};

use super::structure::{Formed, Note};
use super::{exclude, memories, structure, twins};
use crate::args::Save;
use crate::house::House;

/// Saves it as given, or adds the person's word to the memory that says the same.
pub(super) async fn run(house: &House, words: &Save) -> Result<()> {
    let given = lesson(words)?;
    exclude::refuse_in(house, &house.project_path).await?;
    let project = match given.scope {
        Scope::User => None,
        Scope::Project | Scope::Path(_) => house.here().await?,
    };
    let project_id = project.as_ref().map(|project| project.id.clone());
    let (known, note) = sought(house, words, given, project_id.as_ref()).await?;
    let now = house.clock.now();
    let mut changes = Changes {
        projects: project.into_iter().collect(),
        ..Changes::at(now)
    };
    let (done, id) = match known {
        Some(record) => (already(house, &record.memory), still_held(record)?),
        None => {
            let memory = memory(house, words, note, project_id, now);
            let id = memory.id.clone();
            changes.saved.push(NewMemory {
                memory,
                evidence: Vec::new(),
            });
            ("saved", id)
        }
    };
    changes.beliefs.push(BeliefEvent {
        memory: id.clone(),
        at: now,
        session: None,
        reason: Reason::Saved,
        weight: Weight::of_witness(Speaker::User),
    });
    memories::apply(house, &changes, "save").await?;
    memories::tell(house, done, &id).await
}

/// Returns the memory that says this already, if one does, and the note in its form.
async fn sought(
    house: &House,
    words: &Save,
    given: Lesson,
    project: Option<&ProjectId>,
) -> Result<(Option<Record>, Note)> {
    let known = known(house, &given, project).await?;
    if known.is_some() {
        // What is known in these words needs no form, and nobody is asked for one.
        return Ok((known, as_given(words, given)));
    }
    let note = note(house, words, given).await?;
    Ok((known_as(house, &note.lesson, project).await?, note))
}

fn still_held(record: Record) -> Result<MemoryId> {
    match record.standing {
        Standing::Forgotten => bail!(
            "{} says this and is forgotten; `dormouse restore {0}` brings it back",
            record.memory.id
        ),
        _ => Ok(record.memory.id),
    }
}

/// Returns the memory that says this: word for word in all, or where no more was given, in these words.
async fn known(
    house: &House,
    given: &Lesson,
    project: Option<&ProjectId>,
) -> Result<Option<Record>> {
    let exact = known_as(house, given, project).await?;
    if exact.is_some() || given.text() != given.what {
        return Ok(exact);
    }
    match twins::held(house, &given.what, project, None).await? {
        None => twins::forgotten(house, &given.what, project).await,
        held => Ok(held),
    }
}

async fn known_as(
    house: &House,
    lesson: &Lesson,
    project: Option<&ProjectId>,
) -> Result<Option<Record>> {
    let known = house.store.saying(project, &lesson.fingerprint()).await?;
    Ok(known.into_iter().min_by_key(|record| record.standing))
}

/// Gives the note its form.
async fn note(house: &House, words: &Save, given: Lesson) -> Result<Note> {
    match structure::form(house, words, &given).await? {
        Formed::AsGiven => Ok(as_given(words, given)),
        Formed::As(note) => Ok(*note),
        Formed::Rejected(reason) => {
            bail!(
                "not saved: the model that you chose would not keep it, and says {reason:?}; \
                 `--as-given` saves it all the same"
            )
        }
    }
}

fn as_given(words: &Save, lesson: Lesson) -> Note {
    Note {
        lesson,
        domain: words.domain.clone().unwrap_or_else(|| "general".to_owned()),
        slot: None,
    }
}

/// Whose word it was before is worth saying only where it was not the person's own.
fn already(house: &House, memory: &Memory) -> &'static str {
    match memory.asserted_by == Speaker::User && memory.owner == house.owner() {
        true => "known already",
        false => "known already, and now yours too",
    }
}

fn lesson(words: &Save) -> Result<Lesson> {
    let clean = |text: &str| extractors::secrets::redact(text).text.into_owned();
    let lesson = Lesson {
        kind: words.kind.unwrap_or(Kind::Context),
        scope: words.scope.clone(),
        what: clean(&words.what),
        when: words.when.as_deref().map(clean),
        do_: words.do_.as_deref().map(clean),
        warn: words.warn.as_deref().map(clean),
    };
    lesson.tidied().context("the memory cannot be saved")
}

fn memory(
    house: &House,
    words: &Save,
    note: Note,
    project: Option<ProjectId>,
    now: jiff::Timestamp,
) -> Memory {
    let owner = house.owner();
    let born = now.as_millisecond().to_string();
    Memory {
        id: Memory::name(&owner, project.as_ref(), &born, &note.lesson),
        owner,
        project,
        lesson: note.lesson,
        domain: note.domain,
        tags: words.tag.clone(),
        slot: note.slot,
        asserted_by: Speaker::User,
        pinned: false,
        validity: Validity {
            from: now,
            to: None,
        },
        recorded_at: now,
        retired_at: None,
        seen_at: now,
        revision: Revision::FIRST,
    }
}
