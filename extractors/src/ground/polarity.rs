//! Decides whether a lesson says the opposite of the sentences that it quotes.
//!
//! It must not object where the two speak of different things, or where either is open.

use domain::Lesson;

use super::clauses::{self, Clause, Sense};
use super::cues;
use super::fold::Text;
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
struct Field {
    text: Text,
    part: Part,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    What,
    Do,
    Warn,
}

fn fields(lesson: &Lesson) -> Vec<Field> {
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
            clause.orders |= field.part != Part::What;
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
        if theirs.sense == Sense::Open || told_only {
            continue;
        }
        let shared = shared(&ours.telling, &theirs.telling);
        let agrees = ours.sense == theirs.sense;
        let counts = shared > 0 && (agrees || is_same_thing(ours, theirs, shared));
        if counts && (shared > best.0 || (shared == best.0 && agrees)) {
            best = (shared, agrees);
        }
    }
    best.0 > 0 && !best.1
}

fn is_same_thing(ours: &Clause, theirs: &Clause, shared: usize) -> bool {
    let (against, other) = match ours.sense {
        Sense::Against => (ours, theirs),
        _ => (theirs, ours),
    };
    let head = against.telling.first();
    let holds_head = head.is_some_and(|head| other.telling.iter().any(|word| is_form(head, word)));
    let of = match holds_head {
        true => against.telling.len().min(other.telling.len()),
        false => against.telling.len(),
    };
    shared as f64 / of as f64 >= SAME_THING
}

fn shared(ours: &[String], theirs: &[String]) -> usize {
    let said = |word: &&String| theirs.iter().any(|other| is_form(word, other));
    ours.iter().filter(said).count()
}

/// Says whether two words are forms of one: `push`, `pushes`, `pushen`, `pushing`.
fn is_form(one: &str, other: &str) -> bool {
    if one == other {
        return true;
    }
    let (short, long) = match one.len() <= other.len() {
        true => (one, other),
        false => (other, one),
    };
    let plain = |word: &str| word.chars().all(char::is_alphabetic);
    let stem = match short.len() {
        0..=2 => return false,
        3 => short,
        _ => short.trim_end_matches(['e', 's', 'y']),
    };
    if !plain(one) || !plain(other) || stem.len() < 3 {
        return false;
    }
    let Some(ending) = long.strip_prefix(stem) else {
        return false;
    };
    match stem.len() {
        3 => matches!(ending, "s" | "es" | "ed" | "ing" | "e" | "en"),
        _ => ending.len() <= 4,
    }
}

/// Returns a prohibition among the advice of which no quoted sentence says anything like it.
///
/// Words for one thing differ too much between a lesson and its quotes for the rules above; but who
/// forbids must have heard somebody forbid, regret, doubt or contrast something of the matter.
pub(super) fn unvoiced(lesson: &Lesson, contexts: &[String]) -> Option<String> {
    let quoted: Vec<Text> = contexts.iter().map(|context| Text::of(context)).collect();
    let fields = fields(lesson);
    let mut forbids = Vec::new();
    for field in fields.iter().filter(|field| field.part == Part::Do) {
        let against = |clause: &Clause| clause.forbids && clause.sense == Sense::Against;
        forbids.extend(clauses::clauses(&field.text).into_iter().filter(against));
    }
    let what = fields.iter().filter(|field| field.part == Part::What);
    let what = what.flat_map(|field| clauses::clauses(&field.text));
    let about: Vec<String> = what.flat_map(|clause| clause.telling).collect();
    let unheard = forbids.into_iter().find(|clause| {
        let heard = |text: &Text| {
            clauses::sentences(text)
                .iter()
                .any(|s| voices(text, s, clause, &about))
        };
        !quoted.iter().any(heard)
    });
    unheard.map(|clause| clause.telling.join(" "))
}

/// Says whether a sentence voices something against what a clause or its lesson is about.
fn voices(
    text: &Text,
    sentence: &std::ops::Range<usize>,
    clause: &Clause,
    about: &[String],
) -> bool {
    let keys: Vec<&str> = text.words[sentence.clone()]
        .iter()
        .map(|w| w.key.as_str())
        .collect();
    // In another language the words of the matter need not be the same.
    if keys.iter().any(|key| cues::is_foreign(key))
        || unspaced::is_written_in(&shown(text, sentence))
    {
        return true;
    }
    let doubts = |key: &&str| cues::negates(key) || cues::is_soft(key) || cues::is_reserve(key);
    let speaks_of = |word: &String| keys.iter().any(|key| is_form(key, word));
    keys.iter().any(doubts) && clause.telling.iter().chain(about).any(speaks_of)
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
