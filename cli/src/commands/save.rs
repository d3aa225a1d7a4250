//! `save`: a person writes a memory down.

use anyhow::{Context, Result, bail};
use domain::{
    BeliefEvent, Changes, Clock, Kind, Lesson, Library, Memory, NewMemory, ProjectId, Reason,
    Revision, Scope, Speaker, Standing, Validity, Weight,
};

use super::structure::{Formed, Note};
use super::{exclude, memories, structure};
use crate::args::Save;
use crate::house::House;

/// Saves it as given, or adds the person's word to the memory that says the same.
pub(super) async fn run(house: &House, words: &Save) -> Result<()> {
    let given = lesson(words)?;
    exclude::refuse_in(house, &house.project_path).await?;
    let note = match structure::form(house, words, &given).await? {
        Formed::AsGiven => Note {
            lesson: given,
            domain: words.domain.clone().unwrap_or_else(|| "general".to_owned()),
            slot: None,
        },
        Formed::As(note) => *note,
        Formed::Rejected(reason) => {
            bail!("not saved: the model says {reason:?}; `--as-given` saves it all the same")
        }
    };
    let lesson = &note.lesson;
    let project = match lesson.scope {
        Scope::User => None,
        Scope::Project | Scope::Path(_) => house.here().await?,
    };
    let project_id = project.as_ref().map(|project| project.id.clone());
    let known = house
        .store
        .saying(project_id.as_ref(), &lesson.fingerprint())
        .await?;
    let now = house.clock.now();
    let mut changes = Changes {
        projects: project.into_iter().collect(),
        ..Changes::at(now)
    };
    let (done, id) = match known.iter().min_by_key(|record| record.standing) {
        Some(record) if record.standing == Standing::Forgotten => {
            bail!(
                "{} says this and is forgotten; `dormouse restore {0}` brings it back",
                record.memory.id
            )
        }
        Some(record) => ("known already, and now yours too", record.memory.id.clone()),
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
