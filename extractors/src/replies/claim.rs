//! Makes a lesson and its slot of a draft, by the rules that every lesson keeps.
//!
//! It must let nothing out that the written form would not give back word for word.

use domain::{Lesson, Slot, xml};

use super::draft::Draft;
use super::fault::{Fault, short};
use super::names::Name;
use super::sense;

// A subject, an attribute and a value are words, not sentences.
const SLOT_CHARS: usize = 200;

/// A lesson with its subject area and its slot, as a model wrote it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// What is claimed.
    pub lesson: Lesson,
    /// The subject area, `general` where none is given.
    pub domain: String,
    /// The slot that it fills, where it names one whole.
    pub slot: Option<Slot>,
}

/// Returns what a draft claims, and what had to be left out of it.
pub(super) fn written(draft: &Draft) -> Result<(Written, Option<Fault>), Fault> {
    let (slot, fault) = match slot(draft) {
        Ok(slot) => (slot, None),
        Err(fault) => (None, Some(fault)),
    };
    let written = Written {
        lesson: lesson(draft)?,
        domain: sense::area(draft.text(Name::Domain)),
        slot,
    };
    Ok((written, fault))
}

fn lesson(draft: &Draft) -> Result<Lesson, Fault> {
    let lesson = Lesson {
        kind: sense::kind(draft.text(Name::Kind)),
        scope: sense::scope(draft.text(Name::Scope)),
        what: one(draft, Name::What)?.ok_or(Fault::Missing("<what>"))?,
        when: one(draft, Name::When)?,
        do_: lines(draft, Name::Do),
        warn: lines(draft, Name::Warn),
    };
    let lesson = lesson
        .tidied()
        .map_err(|error| Fault::NoLesson(error.to_string()))?;
    match xml::read(&xml::write(&lesson)) {
        Ok(again) if again == lesson => Ok(lesson),
        Ok(_) => Err(Fault::NoLesson(
            "its written form says something else".to_owned(),
        )),
        Err(error) => Err(Fault::NoLesson(short(&error.to_string()))),
    }
}

/// Returns the words of an element that may stand once; the same words twice are once.
fn one(draft: &Draft, name: Name) -> Result<Option<String>, Fault> {
    let mut texts = texts(draft, name);
    texts.dedup();
    match texts.as_slice() {
        [] => Ok(None),
        [text] => Ok(Some((*text).to_owned())),
        _ => Err(Fault::Twice(name.as_str())),
    }
}

/// Returns the words of an element that may stand several times, each on lines of its own.
fn lines(draft: &Draft, name: Name) -> Option<String> {
    let mut known: Vec<&str> = Vec::new();
    for text in texts(draft, name) {
        if !known.contains(&text) {
            known.push(text);
        }
    }
    (!known.is_empty()).then(|| known.join("\n"))
}

fn texts(draft: &Draft, name: Name) -> Vec<&str> {
    let texts = draft.all(name).map(|field| field.text.trim());
    texts.filter(|text| !text.is_empty()).collect()
}

fn slot(draft: &Draft) -> Result<Option<Slot>, Fault> {
    let mut slots = draft
        .all(Name::Slot)
        .filter(|field| !(field.text.trim().is_empty() && field.beside.is_empty()));
    let Some(field) = slots.next() else {
        return Ok(None);
    };
    let fit = |text: &str| {
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        (!text.is_empty() && text.chars().count() <= SLOT_CHARS).then_some(text)
    };
    let slot = || {
        Some(Slot {
            subject: fit(field.beside(Name::Subject)?)?,
            attribute: fit(field.beside(Name::Attribute)?)?,
            value: fit(&field.text)?,
        })
    };
    match (slot(), slots.next()) {
        (Some(slot), None) => Ok(Some(slot)),
        (None, None) => Err(Fault::HalfSlot),
        (_, Some(_)) => Err(Fault::Twice("slot")),
    }
}
