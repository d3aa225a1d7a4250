//! Lets a chosen model give a saved note the form of a memory.
//!
//! The words stay the person's own: the model says of what kind they are, when they matter, and which of
//! them tell what to do. Whatever keeps the model from it, the note is stored as it was given; what the
//! model refuses, with a reason, is reported and stored all the same only when the person insists.

use anyhow::Result;
use domain::{
    Candidate, Evidence, Lesson, Model, Part, PartKind, Place, SessionId, Shows, Slot, Speaker,
    Turn, TurnId, digest,
};
use extractors::ground::{self, Ungrounded};
use extractors::replies::{Structured, Written, is_said, strays, structured};
use jiff::Timestamp;
use pipeline::{Question, StepError, ask};
use prompts::{Form, Structure};

use crate::args::Save;
use crate::config::Provider;
use crate::house::House;
use crate::out;

/// A request for one note needs no more.
const ROOM: usize = 6_000;

/// What is to be stored.
pub(super) struct Note {
    pub(super) lesson: Lesson,
    pub(super) domain: String,
    pub(super) slot: Option<Slot>,
}

/// What came of asking.
pub(super) enum Formed {
    /// This is what to store.
    As(Box<Note>),
    /// The model thinks that it is not worth keeping.
    Rejected(String),
    /// Nobody was asked, or nobody answered.
    AsGiven,
}

/// Asks the chosen model, if there is one and the person gave no more than a note.
pub(super) async fn form(house: &House, words: &Save, given: &Lesson) -> Result<Formed> {
    let formed = given.when.is_some() || given.do_.is_some() || given.warn.is_some();
    if formed || words.as_given {
        return Ok(Formed::AsGiven);
    }
    // Whoever answers a mailbox does so later, and a note is saved now.
    if house.config.llm.provider == Provider::Mailbox {
        return Ok(Formed::AsGiven);
    }
    let Some(model) = house.model() else {
        return Ok(Formed::AsGiven);
    };
    match reply(house, model.as_ref(), words, given).await {
        Ok(Structured::Lesson(written)) => Ok(held_to_the_note(words, given, written)),
        Ok(Structured::Rejected { reason }) => Ok(Formed::Rejected(reason)),
        Ok(Structured::Unreadable(why)) => {
            out::say(format!(
                "stored as given: the model's reply cannot be read: {why}"
            ));
            Ok(Formed::AsGiven)
        }
        Err(StepError::KeptFromModels) => Ok(Formed::AsGiven),
        Err(error) => {
            out::say(format!("stored as given: {error}"));
            Ok(Formed::AsGiven)
        }
    }
}

/// Takes the model's form where it says what the note says, and the note where it does not.
fn held_to_the_note(words: &Save, given: &Lesson, written: Written) -> Formed {
    let (lesson, note) = (&written.lesson, &given.what);
    let against = || (!is_true_to(lesson, note)).then(|| "it says something else".to_owned());
    if let Some(why) = strays(lesson, note).or_else(against) {
        out::say(format!("stored as given, without the model's form: {why}"));
        return Formed::AsGiven;
    }
    let is_given = |slot: &Slot| is_said(&slot.value, note);
    Formed::As(Box::new(Note {
        domain: words.domain.clone().unwrap_or(written.domain),
        slot: written.slot.filter(is_given),
        lesson: Lesson {
            kind: words.kind.unwrap_or(written.lesson.kind),
            // How far it reaches, and in which words, is the person's to say.
            scope: given.scope.clone(),
            what: given.what.clone(),
            ..written.lesson
        },
    }))
}

/// Holds the model's wording to the note, as any lesson is held to the words that it came from.
fn is_true_to(lesson: &Lesson, note: &str) -> bool {
    let turn = Turn {
        id: TurnId::new("note"),
        session: SessionId::new("note"),
        parent: None,
        at: Timestamp::UNIX_EPOCH,
        position: 0,
        place: Place::default(),
        sidechain: None,
        parts: vec![Part {
            speaker: Speaker::User,
            kind: PartKind::Said,
            text: note.to_owned(),
        }],
    };
    let candidate = Candidate {
        lesson: lesson.clone(),
        domain: String::new(),
        slot: None,
        asserted_by: Speaker::User,
        evidence: vec![Evidence {
            session: turn.session.clone(),
            turn: turn.id.clone(),
            quote: note.to_owned(),
            said_by: Speaker::User,
            at: turn.at,
            branch: None,
        }],
    };
    // A note of two words proves nothing by itself, but it is the person's own.
    match ground::check(&candidate, &[turn]) {
        Ok(()) | Err(Ungrounded::TooShort(_)) => true,
        Err(_) => false,
    }
}

async fn reply(
    house: &House,
    model: &dyn Model,
    words: &Save,
    given: &Lesson,
) -> Result<Structured, StepError> {
    let filled = prompts::structure(&Structure {
        content: &given.what,
        kind: words.kind,
        domain: words.domain.as_deref(),
        form: match model.keeps_schema() {
            true => Form::Json,
            false => Form::Xml,
        },
        room: ROOM,
    });
    let broke = |error: anyhow::Error| StepError::Broke(format!("{error:#}"));
    let rules = house.rules().map_err(broke)?;
    // Also what is saved for every project was written in this one.
    let project = house.here().await.map_err(broke)?;
    let question = Question {
        about: format!("structure {}", digest('n', &[&filled.request.user])),
        owner: house.owner(),
        project: project.map(|project| project.id),
        session: None,
        run: None,
        filled,
        shows: Shows::default(),
    };
    let ports = house.ports(Some(model));
    let asked = ask(&ports, &rules.spending, &rules.zone, question).await?;
    let reply = asked.reply.as_ref().ok_or(StepError::NoModel)?;
    Ok(structured(reply))
}
