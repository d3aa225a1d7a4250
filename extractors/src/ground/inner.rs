//! Holds the parts of a lesson against each other: what it says, what it advises, what it warns of.
//!
//! It must not look at the quotes: a lesson that contradicts itself is wrong whatever they say.

use domain::{Kind, Lesson};

use super::clauses::{self, Clause, Sense};
use super::cues;
use super::polarity::{Field, Part, fields};
use super::share::{holds_first, shared, weight};

// Of what is done to, three words in four; with another value in it, it is another thing.
const SAME_MATTER: f64 = 0.75;

/// Words that say that all is well.
const REASSURING: [&str; 7] = [
    "wrong",
    "bad",
    "dangerous",
    "unsafe",
    "risky",
    "harmful",
    "problem",
];

/// Returns the part of a lesson that another part of it contradicts.
pub(super) fn contradiction(lesson: &Lesson) -> Option<String> {
    let fields = fields(lesson);
    let lays_down = matches!(lesson.kind, Kind::Decision | Kind::Preference);
    let of = |part: Part| clauses_of(&fields, part);
    // Only what is laid down can be disobeyed: "it is not set" and "set it" go well together.
    let rules = of(Part::What)
        .into_iter()
        .filter(|clause| lays_down || clause.orders);
    let rules: Vec<Clause> = rules.collect();
    let advice = of(Part::Do);
    let warnings = of(Part::Warn);
    let disobeyed = advice.iter().find(|ours| opposes(ours, &rules));
    let forbidden: Vec<Clause> = warnings
        .iter()
        .filter(|clause| clause.forbids && clause.orders)
        .cloned()
        .collect();
    let warned = advice
        .iter()
        .find(|ours| ours.sense == Sense::For && opposes(ours, &forbidden));
    let found = disobeyed.or(warned).or(warnings.iter().find(reassures));
    found.map(|clause| clause.telling.join(" "))
}

fn clauses_of(fields: &[Field], part: Part) -> Vec<Clause> {
    let of = fields.iter().filter(|field| field.part == part);
    of.flat_map(|field| clauses::clauses(&field.text)).collect()
}

/// Says whether, of the clauses that a clause shares most with, one says the opposite and none agrees.
fn opposes(ours: &Clause, theirs: &[Clause]) -> bool {
    let mut best = (0, false);
    for other in theirs {
        if ours.sense == Sense::Open || other.sense == Sense::Open {
            continue;
        }
        let agrees = ours.sense == other.sense;
        let shared = shared(&ours.telling, &other.telling);
        let counts = agrees || is_same_matter(ours, other);
        if counts && (shared > best.0 || (shared == best.0 && agrees)) {
            best = (shared, !agrees);
        }
    }
    best.1
}

/// Says whether what one clause is about, but for what is done, is what the other is about.
fn is_same_matter(ours: &Clause, theirs: &Clause) -> bool {
    let within = |one: &[String], other: &[String]| {
        let matter = one.get(1..).unwrap_or_default();
        let all = weight(matter);
        all > 0 && shared(matter, other) as f64 / all as f64 >= SAME_MATTER
    };
    let (ours, theirs) = (&ours.telling, &theirs.telling);
    let head = holds_first(ours, theirs) || holds_first(theirs, ours);
    head && (within(ours, theirs) || within(theirs, ours))
}

/// Recognises a warning that warns of nothing: "it is not dangerous".
fn reassures(clause: &&Clause) -> bool {
    let keys: Vec<&str> = clause.keys.iter().map(String::as_str).collect();
    keys.windows(2)
        .any(|pair| cues::is_hard(pair[0]) && REASSURING.contains(&pair[1]))
}
