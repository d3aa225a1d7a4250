//! The planted set: sessions that want to write an order into the memory, through every way in.
//!
//! The cases are data (`extractors/tests/data/poison`); nothing here knows what any of them says.

mod case;
mod transcript;

use std::path::Path;
use std::sync::Arc;

use domain::{Ended, Record, Reply, Usage};
use extractors::replies::{Structured, strays, structured};
use jiff::Timestamp;

use crate::house::House;
use crate::house::scripted::{Says, Script, Scripted};
use case::Case;

/// A way in which words of a session can come to be held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// A model reads the session, and falls for it.
    Model,
    /// The rules extractor reads it.
    Rules,
    /// A person saves a note of it, and the model that gives the note its form falls for it.
    Save,
}

const WAYS: [Way; 3] = [Way::Model, Way::Rules, Way::Save];

/// What is held after a case, beside what the user laid down before it.
struct Held {
    whats: Vec<String>,
    /// Whether the rule of before stands as it stood.
    rule_stands: bool,
    /// How many quotes that rule gained.
    gained: usize,
    /// Whether the case did what it does at all: what came in was quarantined or is held.
    taken: usize,
    /// Why the rest is not held.
    why: Vec<String>,
}

/// Lets a case through one way in.
async fn through(way: Way, case: &Case) -> Held {
    if way == Way::Save {
        return saved(case);
    }
    let mut house = House::new().await;
    let before = lay_down(&house, case).await;
    let path = house.folder.path().join("one.jsonl");
    transcript::write(&path, &case.steps);
    house.enqueue_source(&path).await;
    if way == Way::Model {
        let reply = case.reply(before.as_ref());
        let none = || Says::Whole("<none/>");
        let script = Script::of([Says::Whole(String::leak(reply)), none(), none(), none()]);
        house.model = Some(Box::new(Scripted {
            script: Arc::clone(&script),
            host: None,
        }));
    }
    house.drain().await;
    let jobs = house.store.jobs().await.expect("lists");
    assert!(jobs.is_empty(), "{}: {jobs:?}", case.name);
    after(&house, before.as_ref()).await
}

/// Saves what the user said first as a note.
///
/// Held is what the model made of it; a note that is stored as it was given is a person's own.
fn saved(case: &Case) -> Held {
    let reply = Reply {
        text: case.reply(None),
        ended: Ended::Whole,
        at: Timestamp::UNIX_EPOCH,
        usage: Usage::default(),
    };
    let mut held = Held {
        whats: Vec::new(),
        rule_stands: true,
        gained: 0,
        taken: 0,
        why: Vec::new(),
    };
    let Structured::Lesson(written) = structured(&reply) else {
        return held;
    };
    held.taken = 1;
    let first = case.steps.iter().find(|step| step.kind == "user");
    if let Some(note) = first.map(|step| step.text.as_str()) {
        match strays(&written.lesson, note) {
            Some(why) => held.why.push(why),
            None => held.whats.push(written.lesson.what),
        }
    }
    held
}

/// Lets the user lay down the rule of a case in an earlier session.
async fn lay_down(house: &House, case: &Case) -> Option<Record> {
    let rule = case.rule.as_deref()?;
    let path = house.write_session("zero", &[rule], "2026-03-01T10:00:00Z");
    house.enqueue_source(&path).await;
    house.drain().await;
    let mut held = house.memories().await;
    assert_eq!(held.len(), 1, "{}: the rule is held", case.name);
    held.pop()
}

async fn after(house: &House, before: Option<&Record>) -> Held {
    let mut held = house.memories().await;
    let is_rule = |record: &Record| before.is_some_and(|rule| rule.memory.id == record.memory.id);
    let rule = held
        .iter()
        .position(is_rule)
        .map(|index| held.remove(index));
    let quotes = |rule: Option<&Record>| rule.map_or(0, |rule| rule.evidence.len());
    let wish = store::ListWish::all(domain::View::default(), 99);
    let all = house.store.list(&wish).await.expect("lists");
    let mut why = Vec::new();
    for record in &all {
        let links = house.store.links(&record.memory.id).await.expect("links");
        why.extend(links.into_iter().map(|link| link.why));
    }
    Held {
        why,
        whats: held
            .into_iter()
            .map(|record| record.memory.lesson.what)
            .collect(),
        rule_stands: before.is_some() == rule.is_some(),
        gained: quotes(rule.as_ref()) - quotes(before),
        taken: all.len() - usize::from(rule.is_some()),
    }
}

/// Says what is wrong with what is held, if anything is.
fn judge(way: Way, case: &Case, held: &Held) -> Option<String> {
    let needed = match way {
        Way::Model | Way::Save => &case.active,
        Way::Rules => &case.without_a_model,
    };
    // Whatever the model makes of it, the user's own words are heard by the rules.
    let heard = &case.without_a_model;
    let extra: Vec<&String> = held
        .whats
        .iter()
        .filter(|what| !needed.contains(what) && !heard.contains(what))
        .collect();
    let missing: Vec<&String> = needed
        .iter()
        .filter(|what| !held.whats.contains(what))
        .collect();
    let must_stay = case.must_stay && way != Way::Save;
    let supported = usize::from(case.supported && way == Way::Model);
    let wrong = match () {
        () if !held.rule_stands => "the user's rule is gone".to_owned(),
        () if !extra.is_empty() => format!("holds {extra:?}"),
        () if must_stay && !missing.is_empty() => format!("lost {missing:?}: {:?}", held.why),
        () if held.gained != supported => format!("the rule gained {} quotes", held.gained),
        () => return None,
    };
    Some(format!("{way:?}, {}: {wrong}", case.name))
}

fn cases() -> Vec<Case> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../extractors/tests/data/poison");
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .expect("the planted set")
        .map(|entry| entry.expect("a file").path())
        .filter(|path| path.extension().is_some_and(|end| end == "txt"))
        .collect();
    files.sort();
    let texts = files
        .iter()
        .map(|file| std::fs::read_to_string(file).expect("text"));
    texts.flat_map(|text| case::read(&text)).collect()
}

async fn wrongs(cases: &[Case]) -> Vec<String> {
    let mut wrongs = Vec::new();
    for way in WAYS {
        for case in cases {
            let held = through(way, case).await;
            wrongs.extend(judge(way, case, &held));
        }
    }
    wrongs
}

#[tokio::test]
async fn no_attack_leaves_an_active_memory_that_obeys_it() {
    let attacks: Vec<Case> = cases().into_iter().filter(|case| !case.must_stay).collect();
    assert!(attacks.len() >= 40, "{} attacks", attacks.len());
    let wrongs = wrongs(&attacks).await;
    let list = wrongs.join("\n");
    assert!(wrongs.is_empty(), "{} wrongs:\n{list}", wrongs.len());
}

#[tokio::test]
async fn the_honest_twins_of_the_attacks_stay() {
    let twins: Vec<Case> = cases().into_iter().filter(|case| case.must_stay).collect();
    assert!(twins.len() >= 15, "{} twins", twins.len());
    let wrongs = wrongs(&twins).await;
    let list = wrongs.join("\n");
    assert!(wrongs.is_empty(), "{} wrongs:\n{list}", wrongs.len());
}

#[test]
fn most_attacks_reach_the_check_of_a_saved_note() {
    let attacks = cases();
    let attacks = attacks.iter().filter(|case| !case.must_stay);
    let taken = attacks.filter(|case| saved(case).taken == 1).count();
    assert!(taken >= 40, "{taken} attacks");
}

/// An attack whose reply could not be read would pass for the wrong reason.
#[tokio::test]
async fn every_attack_arrives_and_is_kept_with_its_reason() {
    let mut lost = Vec::new();
    for case in cases()
        .iter()
        .filter(|case| !case.must_stay && !case.lost_on_the_way)
    {
        let held = through(Way::Model, case).await;
        if held.taken == 0 && !case.supports() {
            lost.push(case.name.clone());
        }
    }
    assert!(lost.is_empty(), "{}", lost.join("\n"));
}
