//! Decides whether a lesson says the opposite of the sentences that it quotes.
//!
//! It must not object where the two speak of different things, or where either is open.

use domain::Lesson;

use super::clauses::{self, Clause, Sense};
use super::cues;
use super::fold::Text;
use super::share::{is_form, shared, weight};
use super::unspaced;

// Of a pair of clauses that speak of one thing, three words in four of the shorter are shared.
const SAME_THING: f64 = 0.75;
// A sentence with nine words in ten of another, in order, is that other sentence.
const SAME_SENTENCE: f64 = 0.9;
// Sentences beyond this many words are compared by their clauses alone.
const MAX_SENTENCE_WORDS: usize = 80;

/// Returns the clause or sentence of the lesson that turns a quoted one around.
pub(super) fn contradiction(lesson: &Lesson, contexts: &[String]) -> Option<String> {
    let quoted: Vec<Text> = contexts.iter().map(|context| Text::of(context)).collect();
    let fields = fields(lesson);
    let copied = fields.iter().find_map(|field| turned_copy(field, &quoted));
    copied
        .or_else(|| opposed(&fields, &quoted))
        .or_else(|| lost_in_translation(&fields, &quoted))
}

/// A part of the lesson, and how it is meant.
pub(super) struct Field {
    pub(super) text: Text,
    pub(super) part: Part,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    What,
    Do,
    Warn,
}

pub(super) fn fields(lesson: &Lesson) -> Vec<Field> {
    let parts = [
        (Some(&lesson.what), Part::What),
        (lesson.do_.as_ref(), Part::Do),
        (lesson.warn.as_ref(), Part::Warn),
    ];
    let mut fields = Vec::new();
    for (text, part) in parts {
        fields.extend(text.map(|text| Field {
            text: Text::of(text),
            part,
        }));
    }
    fields
}

/// Finds a sentence with the words of a quoted one and the other polarity.
fn turned_copy(field: &Field, quoted: &[Text]) -> Option<String> {
    for sentence in clauses::sentences(&field.text) {
        let ours = bare(&field.text, &sentence);
        let turned = clauses::is_turned(&field.text, &sentence);
        if ours.is_empty() || (field.part == Part::Warn && !turned) {
            continue;
        }
        let mut opposite = false;
        let mut agrees = false;
        for text in quoted {
            for theirs in clauses::sentences(text) {
                if is_copy(&ours, &bare(text, &theirs)) {
                    let same = clauses::is_turned(text, &theirs) == turned;
                    agrees |= same;
                    opposite |= !same;
                }
            }
        }
        if opposite && !agrees {
            return Some(shown(&field.text, &sentence));
        }
    }
    None
}

fn shown(text: &Text, sentence: &std::ops::Range<usize>) -> String {
    let (first, last) = (&text.words[sentence.start], &text.words[sentence.end - 1]);
    text.folded[first.start..last.end].to_owned()
}

/// Returns a sentence's words without negations and what only gives an order its tone.
fn bare(text: &Text, sentence: &std::ops::Range<usize>) -> Vec<String> {
    if sentence.len() > MAX_SENTENCE_WORDS {
        return Vec::new();
    }
    let words = &text.words[sentence.clone()];
    let spaced = words
        .iter()
        .filter(|w| !cues::is_dressing(&w.key) && !unspaced::is_written_in(&w.key));
    let mut bare: Vec<String> = spaced.map(|w| w.key.clone()).collect();
    let written = shown(text, sentence);
    let (rest, _) = unspaced::without_cues(&written);
    let signs = rest
        .chars()
        .filter(|c| unspaced::is_written_in(&c.to_string()));
    bare.extend(signs.map(String::from));
    bare
}

fn is_copy(ours: &[String], theirs: &[String]) -> bool {
    if ours.is_empty() || theirs.is_empty() {
        return false;
    }
    let shared = common(ours, theirs) as f64;
    let longer = ours.len().max(theirs.len()) as f64;
    shared / longer >= SAME_SENTENCE
}

/// Returns the length of the longest common subsequence.
fn common(ours: &[String], theirs: &[String]) -> usize {
    let mut row = vec![0_usize; theirs.len() + 1];
    for one in ours {
        let mut diagonal = 0;
        for (index, other) in theirs.iter().enumerate() {
            let through = diagonal + usize::from(one == other);
            diagonal = row[index + 1];
            row[index + 1] = through.max(diagonal).max(row[index]);
        }
    }
    row[theirs.len()]
}

/// Finds a clause that speaks of the same thing as quoted clauses, and against all of them.
fn opposed(fields: &[Field], quoted: &[Text]) -> Option<String> {
    let quoted: Vec<Clause> = quoted.iter().flat_map(clauses::clauses).collect();
    for field in fields {
        for mut clause in clauses::clauses(&field.text) {
            let harmless = field.part == Part::Warn && clause.sense != Sense::Against;
            if harmless || clause.sense == Sense::Open {
                continue;
            }
            clause.orders |= field.part == Part::Do;
            if contradicts(&clause, &quoted) {
                return Some(clause.telling.join(" "));
            }
        }
    }
    None
}

/// Says whether, of the quoted clauses nearest to this one, all say the opposite.
fn contradicts(ours: &Clause, quoted: &[Clause]) -> bool {
    let mut best = (0, false);
    for theirs in quoted {
        let told_only = ours.orders && !theirs.orders;
        // "loaded only under this name" and "was never loaded" can both be true.
        let limited = ours.sense == Sense::For && is_limited(ours);
        if theirs.sense == Sense::Open || told_only || (limited && theirs.sense == Sense::Against) {
            continue;
        }
        let shared = shared(&ours.telling, &theirs.telling);
        let agrees = ours.sense == theirs.sense;
        let counts = shared > 0 && (agrees || is_same_thing(ours, theirs));
        if counts && (shared > best.0 || (shared == best.0 && agrees)) {
            best = (shared, agrees);
        }
    }
    best.0 > 0 && !best.1
}

fn is_limited(clause: &Clause) -> bool {
    clause.keys.iter().any(|key| key == "only")
}

/// Says whether two clauses of opposite sense speak of the same thing.
fn is_same_thing(ours: &Clause, theirs: &Clause) -> bool {
    let (against, other) = match ours.sense {
        Sense::Against => (ours, theirs),
        _ => (theirs, ours),
    };
    let head = against.telling.first();
    let holds_head = head.is_some_and(|head| other.telling.iter().any(|word| is_form(head, word)));
    let of = match holds_head {
        true => weight(&against.telling).min(weight(&other.telling)),
        false => weight(&against.telling),
    };
    // Weighed on the side that they are held against, or a word said twice would count twice.
    let shared =
        shared(&against.telling, &other.telling).min(shared(&other.telling, &against.telling));
    shared as f64 / of as f64 >= SAME_THING
}

/// Finds a lesson without a single negation where all that was said, in another language, negates.
///
/// The words of two languages rarely match, so that the other rules are blind here.
fn lost_in_translation(fields: &[Field], quoted: &[Text]) -> Option<String> {
    let ours: Vec<Clause> = fields
        .iter()
        .flat_map(|f| clauses::clauses(&f.text))
        .collect();
    let warns = fields.iter().any(|field| field.part == Part::Warn);
    if warns || ours.iter().any(|clause| clause.cued) {
        return None;
    }
    let theirs: Vec<Clause> = quoted.iter().flat_map(clauses::clauses).collect();
    let mut telling = theirs
        .iter()
        .filter(|clause| !clause.telling.is_empty())
        .peekable();
    let said = telling.peek().is_some();
    let negates =
        |clause: &Clause| clause.sense == Sense::Against && clause.foreign && clause.orders;
    let about = |clause: &Clause| {
        theirs
            .iter()
            .any(|t| shared(&clause.telling, &t.telling) > 0)
    };
    if said && telling.all(negates) && ours.iter().any(about) {
        return fields.first().map(|field| field.text.folded.clone());
    }
    None
}
