//! Looks for somebody who spoke against what a lesson denies or forbids.
//!
//! Words for one thing differ too much between a lesson and its quotes for polarity alone to tell. But
//! who forbids must have heard somebody forbid, regret or doubt it, and who denies must have heard it
//! denied: a negation that nobody voiced is the model's own. It must not ask this of a warning, which
//! may draw a conclusion that nobody put into words.

use domain::{Kind, Lesson};

use super::clauses::{self, Clause, Sense};
use super::cues;
use super::cut::Start;
use super::fold::Text;
use super::polarity::{Field, Part, fields};
use super::share::{holds_first, shared, weight};
use super::unspaced;

// With the thing that is done among them, a third of the words are enough to know the matter by.
const MATTER: f64 = 1.0 / 3.0;
// Without it, half of what was objected to must be the matter, or nearly all of the matter said.
const OBJECTION: f64 = 0.5;
const WHOLE: f64 = 0.75;
// Who turns a proposal down in so few words speaks of what was just proposed.
const CURT_WORDS: usize = 12;

// What is longer was pasted.
const TYPED_CHARS: usize = 2_000;

/// Returns a denial of the lesson that no quoted sentence voices, nor one of the user's around them. A
/// denial for which only a quote in another language can speak is none that we could hear.
pub(super) fn unvoiced(lesson: &Lesson, contexts: &[String], around: &[String]) -> Option<String> {
    let quoted: Vec<Text> = contexts.iter().map(|context| Text::of(context)).collect();
    let (other, quoted): (Vec<Text>, Vec<Text>) =
        quoted.into_iter().partition(is_of_another_tongue);
    if quoted.is_empty() && !other.is_empty() {
        return None;
    }
    let unheard = |clause: &Clause| speaks_alone(&other, &quoted, clause);
    let mut said = Objections::of(&quoted);
    said.add_around(around);
    let fields = fields(lesson);
    let about = about(&fields);
    let in_what = denied_of(&fields)
        .find(|clause| !said.voice(clause, Part::What, &about, 0) && !unheard(clause));
    if let Some(clause) = in_what {
        return Some(clause.telling.join(" "));
    }
    // What the lesson itself denies or warns of may carry its advice.
    said.add_own(&fields);
    let affirmed = affirmed(lesson, &fields);
    let advice = fields.iter().filter(|field| field.part == Part::Do);
    let mut advice = advice.flat_map(|field| clauses::clauses(&field.text));
    let in_do = advice.find(|clause| {
        if !denies(clause) {
            return false;
        }
        let told = affirmed
            .iter()
            .map(|other| affirmation(&clause.telling, other));
        !said.voice(clause, Part::Do, &about, told.max().unwrap_or(0)) && !unheard(clause)
    });
    in_do.map(|clause| clause.telling.join(" "))
}

/// In another language the words of the matter need not be the same.
fn is_of_another_tongue(text: &Text) -> bool {
    unspaced::is_written_in(&text.folded) || text.words.iter().any(|w| cues::is_foreign(&w.key))
}

/// Says whether a quote in another language has as much of a clause as the others have: what those say
/// more of can be heard in them.
fn speaks_alone(other: &[Text], quoted: &[Text], clause: &Clause) -> bool {
    let most = |texts: &[Text]| {
        let words = texts.iter().map(|text| {
            let words: Vec<String> = text.words.iter().map(|word| word.key.clone()).collect();
            shared(&clause.telling, &words)
        });
        words.max()
    };
    // With no other quote there is none, and that is less than nothing shared.
    most(other) >= most(quoted) && !other.is_empty()
}

/// Returns what the lesson denies where it says what it is about: first in a sentence. What stands
/// behind that, or in brackets, may explain it in words that nobody used.
fn denied_of(fields: &[Field]) -> impl Iterator<Item = Clause> {
    let what = fields.iter().filter(|field| field.part == Part::What);
    let sentences = what.flat_map(|field| clauses::by_sentence(&field.text));
    let first = sentences.filter_map(|sentence| sentence.into_iter().find(|c| !is_aside(c)));
    // What is not there can be said in many ways; what something does not do, in few.
    let does_not = |clause: &Clause| clause.keys.iter().any(|key| cues::is_verbal(key));
    first.filter(move |clause| denies(clause) && does_not(clause))
}

/// Says whether a clause denies or forbids something by itself.
fn denies(clause: &Clause) -> bool {
    let main = matches!(clause.start, Start::Plain | Start::Comma);
    let against = clause.sense != Sense::For;
    // "Never, ever do it": the first word goes with what follows.
    let alone = clause.keys.len() < 2;
    main && clause.forbids && !clause.asks && against && !alone
}

fn about(fields: &[Field]) -> Vec<String> {
    let what = fields.iter().filter(|field| field.part == Part::What);
    let clauses = what.flat_map(|field| clauses::clauses(&field.text));
    clauses.flat_map(|clause| clause.telling).collect()
}

/// Returns what the lesson says is to be done; a bug and a fact tell what happened, which is no advice.
fn affirmed(lesson: &Lesson, fields: &[Field]) -> Vec<Vec<String>> {
    let lays_down = !matches!(lesson.kind, Kind::Bug | Kind::Fact | Kind::Context);
    let what = fields.iter().filter(|field| field.part == Part::What);
    let clauses = what.flat_map(|field| clauses::clauses(&field.text));
    let affirms = |clause: &Clause| clause.sense == Sense::For && (lays_down || clause.orders);
    clauses
        .filter(affirms)
        .map(|clause| clause.telling)
        .collect()
}

/// Returns how much of a ban is affirmed by a clause; that the same is done counts twice.
fn affirmation(ban: &[String], other: &[String]) -> usize {
    shared(ban, other) + usize::from(holds_first(ban, other))
}

/// What was objected to.
struct Objections {
    each: Vec<Objection>,
    /// Whether something was turned down without being named.
    curt: bool,
}

struct Objection {
    words: Vec<String>,
    /// How it was objected to.
    by: By,
}

/// By what an objection is known.
#[derive(Clone, Copy, PartialEq, Eq)]
enum By {
    /// It is negated.
    Negation,
    /// It failed, or is in doubt.
    Mishap,
    /// It does harm.
    Harm,
    /// It is limited: *only*, *until*.
    Limit,
    /// Something else is to come before it.
    Order,
}

impl Objections {
    fn of(quoted: &[Text]) -> Self {
        let mut all = Self {
            each: Vec::new(),
            curt: false,
        };
        let answered = quoted.iter().any(|text| {
            let first = text.words.first().is_some_and(|w| w.key == "no");
            first && text.words.len() > 1 && text.gap(1).contains([',', '.'])
        });
        for text in quoted {
            for sentence in clauses::by_sentence(text) {
                all.curt |= is_curt(&sentence);
                all.hear(&sentence, answered);
            }
        }
        all
    }

    /// Hears a sentence; `answered`, if somebody answered *no* to a question.
    fn hear(&mut self, sentence: &[Clause], answered: bool) {
        let main = |clause: &&Clause| !is_aside(clause);
        let objects = sentence.iter().filter(main).find_map(objection);
        let mut before = None;
        for clause in sentence {
            let by = match is_aside(clause) {
                // "It breaks when you delete it" objects to the deletion.
                true if clause.hard || clause.start == Start::Without => None,
                true if clause.start == Start::Before => objects.or(Some(By::Order)),
                true => objects,
                false if clause.asks && answered => Some(By::Negation),
                // "Not npm, yarn or bun": a list goes on.
                false if clause.start == Start::Comma && clause.sense == Sense::Open => {
                    objection(clause).or(before)
                }
                false => objection(clause),
            };
            before = by;
            let words = clause.telling.clone();
            self.each.extend(by.map(|by| Objection { words, by }));
        }
    }

    /// Adds what is negated in words that nobody quoted; a mishap next to the matter proves nothing.
    fn add_around(&mut self, around: &[String]) {
        let short = around.iter().filter(|text| text.len() <= TYPED_CHARS);
        for text in short.map(|text| Text::of(text)) {
            for clause in clauses::clauses(&text) {
                let by = objection(&clause).filter(|by| *by == By::Negation && !is_aside(&clause));
                let words = clause.telling;
                self.each.extend(by.map(|by| Objection { words, by }));
            }
        }
    }

    /// Adds what the lesson itself denies and what it warns of.
    fn add_own(&mut self, fields: &[Field]) {
        for field in fields.iter().filter(|field| field.part != Part::Do) {
            for sentence in clauses::by_sentence(&field.text) {
                if field.part == Part::What {
                    self.hear(&sentence, false);
                    continue;
                }
                let warned = sentence.into_iter().filter(|clause| !is_aside(clause));
                let objection = |clause: Clause| Objection {
                    by: By::Harm,
                    words: clause.telling,
                };
                self.each.extend(warned.map(objection));
            }
        }
    }

    /// Says whether a clause was objected to, in as many of its words as were said for it.
    fn voice(&self, clause: &Clause, part: Part, about: &[String], affirmed: usize) -> bool {
        let ours = match clause.telling.is_empty() {
            true => about,
            false => &clause.telling,
        };
        let ordered = clause.sense == Sense::Open;
        let cares = clause.keys.iter().any(|key| cues::is_care(key));
        let speaks = |objection: &Objection| {
            let fits = match objection.by {
                By::Order => ordered,
                // That it does harm forbids a thing; it does not say that the thing is not so.
                By::Harm => part == Part::Do,
                _ => true,
            };
            fits && shared(ours, &objection.words) >= affirmed && is_matter(ours, objection, cares)
        };
        ours.is_empty() || (self.curt && affirmed == 0) || self.each.iter().any(speaks)
    }
}

/// Says whether an objection is to what a clause is about.
fn is_matter(ours: &[String], objection: &Objection, cares: bool) -> bool {
    let theirs = &objection.words;
    let hits = shared(ours, theirs);
    let share = hits as f64 / weight(ours) as f64;
    let done = holds_first(ours, theirs) && share >= MATTER;
    // "A sha goes stale", "the retry loop hid it": what is complained of stands first.
    let blamed = holds_first(theirs, ours) && share >= MATTER;
    let most = shared(theirs, ours) as f64 / weight(theirs) as f64 >= OBJECTION;
    match objection.by {
        _ if hits == 0 => false,
        By::Negation | By::Order => done || blamed || most || share >= WHOLE,
        By::Mishap | By::Harm => !cares && (done || blamed || most || share >= WHOLE),
        // "Only x" speaks against the rest, and not against x.
        By::Limit => !cares && done && share < WHOLE,
    }
}

/// Recognises what asserts nothing by itself: a condition, or what a thing is done without.
fn is_aside(clause: &Clause) -> bool {
    matches!(
        clause.start,
        Start::Condition | Start::Before | Start::Without
    )
}

fn objection(clause: &Clause) -> Option<By> {
    let has = |test: fn(&str) -> bool| clause.keys.iter().any(|key| test(key));
    if clause.start == Start::Contrast {
        return Some(By::Negation);
    }
    if clause.hard || (has(cues::is_lexical) && !has(cues::is_regret)) {
        return Some(By::Negation);
    }
    let heals = has(cues::is_healing);
    match (has(cues::is_reserve), has(cues::is_limit)) {
        _ if has(cues::is_soft) && !heals => Some(By::Mishap),
        _ if has(cues::is_harm) && !heals => Some(By::Harm),
        (true, false) => Some(By::Mishap),
        (_, true) => Some(By::Limit),
        _ => None,
    }
}

/// Recognises "no, remove this again": what it turns down stands before it, and not in it.
fn is_curt(sentence: &[Clause]) -> bool {
    let keys: Vec<&str> = sentence
        .iter()
        .flat_map(|clause| clause.keys.iter().map(String::as_str))
        .collect();
    let opening = keys.iter().take(4);
    let turns = opening.clone().any(|key| cues::is_turning_down(key));
    let states = opening.clone().any(|key| cues::is_copula_like(key));
    let asks = sentence.iter().any(|clause| clause.asks);
    let points = keys.iter().take(6).any(|key| cues::is_pointing(key));
    turns && points && !states && !asks && keys.len() <= CURT_WORDS + 4
}
