//! Cuts a text into clauses and says of each whether it speaks for a thing, against it, or neither.
//!
//! It must not guess: where a clause could be read both ways, it is left open.

use std::ops::Range;

use super::cues;
use super::fold::Text;
use super::unspaced;

/// Which way a clause speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sense {
    /// It asserts or asks for what it names.
    For,
    /// It denies or forbids what it names.
    Against,
    /// It does neither: a question, a condition, a mishap.
    Open,
}

/// A clause, reduced to what can be compared.
#[derive(Clone, Debug)]
pub(super) struct Clause {
    /// The words that say what it is about; the first is what it does to it.
    pub(super) telling: Vec<String>,
    /// Which way it speaks.
    pub(super) sense: Sense,
    /// Whether it tells somebody what to do.
    pub(super) orders: bool,
    /// Whether its negation is not English.
    pub(super) foreign: bool,
    /// Whether it holds any word that negates or leaves open.
    pub(super) cued: bool,
    /// Whether it is a negation that stands by itself, and not what another clause is set against.
    pub(super) forbids: bool,
    start: Start,
    opens: bool,
}

/// How a clause is joined to the one before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Start {
    Plain,
    Comma,
    Condition,
    Before,
    Without,
    Contrast,
}

/// Says whether a sentence ends before this word.
pub(super) fn ends_sentence(text: &Text, index: usize) -> bool {
    let gap = text.gap(index);
    if gap.contains(['.', '!', '?', ';', '。']) {
        return true;
    }
    let Some((_, line)) = gap.split_once('\n') else {
        return false;
    };
    // A wrapped line goes on in lower case; a list, a heading or a new thought does not.
    let word = text.raw(&text.words[index]);
    let numbered = word.bytes().all(|b| b.is_ascii_digit());
    let capital = word.chars().next().is_some_and(char::is_uppercase);
    line.contains(['\n', '-', '*', '#', '>', '|']) || numbered || capital
}

/// Returns the sentences of a text, as ranges of words.
pub(super) fn sentences(text: &Text) -> Vec<Range<usize>> {
    let mut sentences = Vec::new();
    let mut from = 0;
    for index in 1..=text.words.len() {
        if index == text.words.len() || ends_sentence(text, index) {
            sentences.push(from..index);
            from = index;
        }
    }
    sentences
}

/// Returns the clauses of a text.
pub(super) fn clauses(text: &Text) -> Vec<Clause> {
    let sentences = sentences(text);
    sentences
        .into_iter()
        .flat_map(|s| of_sentence(text, s))
        .collect()
}

/// Says whether the words, as one sentence, turn around what they name.
pub(super) fn is_turned(text: &Text, sentence: &Range<usize>) -> bool {
    let keys = keys(text, sentence);
    let hard = (0..keys.len()).any(|at| is_negation(text, sentence, at));
    let turning = |key: &&&str| cues::is_lexical(key) || cues::is_without(key);
    let lexical = keys.iter().filter(turning).count();
    let (_, unspaced) = unspaced::without_cues(slice(text, sentence));
    (hard || unspaced) != (lexical % 2 == 1)
}

fn of_sentence(text: &Text, sentence: Range<usize>) -> Vec<Clause> {
    if sentence.is_empty() {
        return Vec::new();
    }
    let asks = is_question(text, &sentence);
    let mut clauses: Vec<Clause> = Vec::new();
    for (start, range) in cut(text, &sentence) {
        let mut clause = read(text, &sentence, &range, start);
        let before = clauses.last_mut().filter(|c| c.sense == Sense::Against);
        clause.sense = match (start, before) {
            _ if asks => Sense::Open,
            // "never deploy without tests" asks for tests and says nothing of deploying.
            (Start::Before | Start::Without, Some(before)) => {
                before.sense = Sense::Open;
                Sense::For
            }
            (Start::Condition, _) | (Start::Before, None) => Sense::Open,
            (Start::Without | Start::Contrast, _) => Sense::Against,
            (Start::Plain | Start::Comma, _) => clause.sense,
        };
        clauses.push(clause);
    }
    open_lists(&mut clauses);
    clauses
}

/// Leaves open what a comma joins to a negation without a verb of its own: "not npm, yarn or bun".
fn open_lists(clauses: &mut [Clause]) {
    let senses: Vec<(Start, Sense)> = clauses.iter().map(|c| (c.start, c.sense)).collect();
    for (index, clause) in clauses.iter_mut().enumerate() {
        let joined = |other: usize, link: usize| {
            let link = senses
                .get(link)
                .is_some_and(|(start, _)| *start == Start::Comma);
            link && senses.get(other).is_some_and(|(_, s)| *s == Sense::Against)
        };
        let after = index > 0 && joined(index - 1, index);
        let before = joined(index + 1, index + 1);
        if clause.sense == Sense::For && !clause.opens && (after || before) {
            clause.sense = Sense::Open;
        }
    }
}

fn is_question(text: &Text, sentence: &Range<usize>) -> bool {
    let from = text.words[sentence.end - 1].end;
    let to = text
        .words
        .get(sentence.end)
        .map_or(text.folded.len(), |w| w.start);
    text.folded[from..to].contains('?')
}

/// Cuts a sentence where a clause begins.
fn cut(text: &Text, sentence: &Range<usize>) -> Vec<(Start, Range<usize>)> {
    let mut cuts = Vec::new();
    let (mut start, mut from) = (Start::Plain, sentence.start);
    for index in sentence.clone() {
        let Some(next) = starts(text, sentence, from, index) else {
            continue;
        };
        if index > from {
            cuts.push((start, from..index));
        }
        (start, from) = (next, index);
    }
    cuts.push((start, from..sentence.end));
    cuts
}

/// Says whether and how a clause begins at this word.
fn starts(text: &Text, sentence: &Range<usize>, from: usize, index: usize) -> Option<Start> {
    let key = text.words[index].key.as_str();
    let next = (index + 1 < sentence.end).then(|| text.words[index + 1].key.as_str());
    if cues::opens_condition(key) {
        return Some(Start::Condition);
    }
    if cues::is_before(key) {
        return Some(Start::Before);
    }
    if cues::is_without(key) {
        return Some(Start::Without);
    }
    if is_contrast(text, from, index, next) {
        return Some(Start::Contrast);
    }
    if index == sentence.start {
        return None;
    }
    // "log to a file so it does not disturb": what follows says why.
    if key == "so" && next.is_some_and(|next| cues::is_subject(next) || next == "that") {
        return Some(Start::Plain);
    }
    let forceful = |key: &str| cues::negates(key) || cues::is_order(key) || key == "use";
    let turns = cues::is_turn(key) || (cues::is_and(key) && next.is_some_and(forceful));
    if turns {
        return Some(Start::Plain);
    }
    let gap = text.gap(index);
    let comma =
        gap.contains([',', ':', '(', ')', '、', '|']) || gap.contains(" - ") || gap.contains("->");
    comma.then_some(Start::Comma)
}

/// Recognises what is set against the thing before it: "instead of x", "prefer y over x", "y not x".
fn is_contrast(text: &Text, from: usize, index: usize, next: Option<&str>) -> bool {
    let before: Vec<&str> = text.words[from..index]
        .iter()
        .map(|w| w.key.as_str())
        .collect();
    let pair = (text.words[index].key.as_str(), next.unwrap_or_default());
    match pair {
        ("instead", "of")
        | ("rather", "than")
        | ("au", "lieu")
        | ("em" | "en", "vez")
        | ("en", "lugar")
        | ("ao", "invés")
        | ("plutôt", "que")
        | ("statt" | "anstatt" | "anstelle" | "вместо", _) => true,
        ("over", _) => before.iter().any(|key| {
            ["prefer", "chose", "choose", "favo", "pick"]
                .iter()
                .any(|verb| key.starts_with(verb))
        }),
        ("not", "only" | "just" | "necessarily" | "") => false,
        ("not", _) => before
            .last()
            .is_some_and(|last| !cues::is_auxiliary(last) && !cues::is_hard(last)),
        ("never", _) => {
            let ordered = before
                .iter()
                .any(|key| cues::is_order(key) || cues::is_imperative(key));
            ordered && before.iter().any(|key| !cues::is_empty(key))
        }
        _ => false,
    }
}

/// Reads one clause by itself.
fn read(text: &Text, sentence: &Range<usize>, range: &Range<usize>, start: Start) -> Clause {
    let keys = keys(text, range);
    let offset = range.start - sentence.start;
    let hard_at: Vec<usize> = (0..keys.len())
        .filter(|at| is_negation(text, sentence, offset + at))
        .collect();
    let lexical = keys.iter().filter(|key| cues::is_lexical(key)).count();
    let written = slice(text, range);
    let (bare, unspaced) = unspaced::without_cues(written);
    let hard = !hard_at.is_empty() || unspaced;
    let soft = keys.iter().any(|key| cues::is_soft(key));
    let against = hard != (lexical % 2 == 1);
    let trails = keys
        .last()
        .is_some_and(|key| matches!(*key, "only" | "nur"));
    let unsure = hard_at
        .iter()
        .any(|at| keys.get(at + 1).is_some_and(|next| is_doubt(next)));
    let sense = match (against, hard || lexical > 0) {
        _ if trails || unsure => Sense::Open,
        (true, _) => Sense::Against,
        (false, false) if soft => Sense::Open,
        (false, _) => Sense::For,
    };
    let orders = orders(&keys, &hard_at) || unspaced::is_written_in(written);
    let set_against = matches!(start, Start::Contrast | Start::Without | Start::Before);
    let avoids = keys.iter().any(|key| key.starts_with("avoid"));
    Clause {
        telling: telling(&keys, &bare),
        sense,
        orders: orders || start == Start::Contrast,
        foreign: unspaced || keys.iter().any(|key| cues::is_foreign(key)),
        cued: hard || lexical > 0 || soft || matches!(start, Start::Contrast | Start::Without),
        forbids: (hard || avoids) && !set_against,
        start,
        opens: orders || keys.first().is_some_and(|key| cues::is_subject(key)),
    }
}

fn is_doubt(key: &str) -> bool {
    matches!(
        key,
        "know"
            | "see"
            | "understand"
            | "remember"
            | "mind"
            | "care"
            | "recall"
            | "matter"
            | "only"
            | "just"
    )
}

fn telling(keys: &[&str], bare: &str) -> Vec<String> {
    let spaced =
        |key: &&&str| !unspaced::is_written_in(key) || key.chars().all(super::fold::is_hangul);
    let words = keys
        .iter()
        .filter(spaced)
        .filter(|key| !cues::is_empty(key));
    let mut telling: Vec<String> = words.map(|key| (*key).to_owned()).collect();
    telling.extend(unspaced::pairs(bare));
    telling
}

/// Says whether a word negates here: `no` may be an interjection, or Portuguese.
fn is_negation(text: &Text, sentence: &Range<usize>, at: usize) -> bool {
    let index = sentence.start + at;
    let key = text.words[index].key.as_str();
    let next = (index + 1 < sentence.end).then(|| text.words[index + 1].key.as_str());
    match (key, next) {
        ("not", Some("only" | "just" | "necessarily"))
        | ("no", Some("problem" | "worries" | "matter" | "doubt")) => false,
        ("no", Some(next)) if at == 0 => {
            let answer = text.gap(index + 1).contains([',', '-', ':', '!']);
            let goes_on = cues::is_imperative(next)
                || cues::is_subject(next)
                || cues::is_hard(next)
                || cues::is_order(next);
            !(answer || goes_on)
        }
        ("no", None) if at == 0 => false,
        ("no", _) => !text.words[sentence.clone()]
            .iter()
            .any(|w| cues::is_portuguese(&w.key)),
        ("don't" | "dont" | "not" | "didn't", _) if at > 0 => {
            text.words[index - 1].key != "why" && cues::is_hard(key)
        }
        _ => cues::is_hard(key),
    }
}

/// Says whether a clause tells somebody what to do, and does not only tell what is.
fn orders(keys: &[&str], hard_at: &[usize]) -> bool {
    let head = keys
        .iter()
        .position(|key| !cues::is_filler(key))
        .unwrap_or(0);
    let Some(first) = keys.get(head) else {
        return false;
    };
    if keys
        .iter()
        .any(|key| cues::is_order(key) || cues::is_never(key))
        || cues::is_imperative(first)
    {
        return true;
    }
    if cues::is_lexical(first) || keys.iter().any(|key| cues::is_forbidding(key)) {
        return true;
    }
    let states = keys.iter().any(|key| cues::is_copula(key));
    hard_at.iter().any(|at| match keys[*at] {
        "don't" | "dont" | "not" | "no" => *at <= head,
        "none" | "nothing" | "nobody" | "neither" | "nor" => false,
        key => cues::is_foreign(key) && !states,
    })
}

fn keys<'a>(text: &'a Text, range: &Range<usize>) -> Vec<&'a str> {
    text.words[range.clone()]
        .iter()
        .map(|w| w.key.as_str())
        .collect()
}

fn slice<'a>(text: &'a Text, range: &Range<usize>) -> &'a str {
    match range.is_empty() {
        true => "",
        false => &text.folded[text.words[range.start].start..text.words[range.end - 1].end],
    }
}
