//! Cuts a text into clauses and says of each whether it speaks for a thing, against it, or neither.
//!
//! It must not guess: where a clause could be read both ways, it is left open.

use std::ops::Range;

use super::cues;
use super::cut::{Start, cut};
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
    /// Whether it holds a word that negates by itself.
    pub(super) hard: bool,
    /// How it is joined to the one before.
    pub(super) start: Start,
    /// Whether it asks.
    pub(super) asks: bool,
    /// All its words.
    pub(super) keys: Vec<String>,
    opens: bool,
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
    by_sentence(text).into_iter().flatten().collect()
}

/// Returns the clauses of each sentence of a text.
pub(super) fn by_sentence(text: &Text) -> Vec<Vec<Clause>> {
    let sentences = sentences(text).into_iter();
    sentences.map(|s| of_sentence(text, s)).collect()
}

/// Says whether the words, as one sentence, turn around what they name.
pub(super) fn is_turned(text: &Text, sentence: &Range<usize>) -> bool {
    let keys = keys(text, sentence);
    let hard = (0..keys.len()).any(|at| is_negation(text, sentence, at));
    let without = keys.iter().filter(|key| cues::is_without(key)).count();
    let lexical = lexical(&keys) + without;
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
        clause.asks = asks;
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

/// Reads one clause by itself.
fn read(text: &Text, sentence: &Range<usize>, range: &Range<usize>, start: Start) -> Clause {
    let keys = keys(text, range);
    let offset = range.start - sentence.start;
    let hard_at: Vec<usize> = (0..keys.len())
        .filter(|at| is_negation(text, sentence, offset + at))
        .collect();
    let lexical = lexical(&keys);
    let written = slice(text, range);
    let (bare, unspaced) = unspaced::without_cues(written);
    let hard = !hard_at.is_empty() || unspaced;
    let soft = keys.iter().any(|key| cues::is_soft(key));
    // "Log each failing step" is an order, whatever the step does.
    let first = keys.iter().find(|key| !cues::is_filler(key));
    let tells = first.is_some_and(|verb| cues::is_imperative(verb) && !cues::is_soft(verb));
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
        (false, false) if soft && !tells => Sense::Open,
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
        hard,
        start,
        asks: false,
        keys: keys.iter().map(|key| (*key).to_owned()).collect(),
        opens: orders || keys.first().is_some_and(|key| cues::is_subject(key)),
    }
}

/// Counts the words and phrases that negate what they govern.
fn lexical(keys: &[&str]) -> usize {
    let words = (0..keys.len()).filter(|at| cues::is_lexical(keys[*at]) && !is_noun(keys, *at));
    words.count() + usize::from(leaves_out(keys))
}

/// Recognises `the stop hook`, `on stop`: a name, and nobody stops anything.
fn is_noun(keys: &[&str], at: usize) -> bool {
    let behind =
        |word: &&str| word.ends_with("ing") || matches!(*word, "to" | "it" | "that" | "this");
    keys[at] == "stop" && at > 0 && !keys.get(at + 1).is_some_and(behind)
}

/// Recognises `leave the field empty`: who leaves a thing out does not put it in.
fn leaves_out(keys: &[&str]) -> bool {
    let at = keys
        .iter()
        .position(|key| key.starts_with("leav") || *key == "left");
    at.is_some_and(|at| keys[at + 1..].iter().any(|key| is_left_out(key)))
}

/// Says whether a word is part of such a phrase.
fn is_left_out(key: &str) -> bool {
    let out = |part| {
        matches!(
            part,
            "out" | "off" | "empty" | "nil" | "null" | "unset" | "blank"
        )
    };
    key.starts_with("leav") || key == "left" || key.split('/').any(out)
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
    let left_out = leaves_out(keys);
    let words = keys
        .iter()
        .filter(spaced)
        .filter(|key| !(cues::is_empty(key) || left_out && is_left_out(key)));
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
    let asked = |at: &usize| {
        let you = keys.get(at + 1).is_some_and(|next| *next == "you");
        you && matches!(keys[*at], "can" | "could" | "would" | "will")
    };
    let head = (0..keys.len())
        .find(|at| !cues::is_filler(keys[*at]) && !asked(at))
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
    if has_to(keys) || cues::is_lexical(first) || keys.iter().any(|key| cues::is_forbidding(key)) {
        return true;
    }
    let states = keys.iter().any(|key| cues::is_copula(key));
    hard_at.iter().any(|at| match keys[*at] {
        "don't" | "dont" | "not" | "no" => *at <= head,
        "none" | "nothing" | "nobody" | "neither" | "nor" => false,
        key => cues::is_foreign(key) && !states,
    })
}

/// Recognises `needs to`, `has to`: an order that is put as a statement.
fn has_to(keys: &[&str]) -> bool {
    let pair = |pair: &[&str]| matches!(pair, ["need" | "needs" | "has" | "have", "to"]);
    keys.windows(2).any(pair)
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
