//! Says whether a lesson has anything to do with what was said around its quotes.
//!
//! A single word in common is enough: it must not refuse a lesson for its wording, nor one that is
//! written in another language than its source.

use domain::{Lesson, Turn};

use super::cues;
use super::fold::{Text, Word, is_hangul, is_unspaced};
use super::share::is_form;

/// So many turns on either side of a cited one are heard too: an answer may leave out what was asked.
const AROUND: usize = 3;
// A lesson of one or two telling words may well retell its quote in two others.
const LEAST_WORDS: usize = 3;
// Of a text in English at most one word in eight looks like a small word of another language.
const FOREIGN: f64 = 0.125;

/// Says whether the lesson shares no telling word with the cited turns and those around them.
pub(super) fn is_unrelated(lesson: &Lesson, cited: &[&Turn], turns: &[Turn]) -> bool {
    let advice = [&lesson.do_, &lesson.warn, &lesson.when];
    let fields = std::iter::once(&lesson.what).chain(advice.into_iter().flatten());
    let fields: Vec<Text> = fields.map(|field| Text::of(field)).collect();
    let near = near(cited, turns).map(|turn| Text::of(&words_of(turn)));
    let near: Vec<Text> = near.collect();
    if fields.iter().any(is_foreign) || near.iter().any(is_foreign) {
        return false;
    }
    let mut ours = fields.iter().flat_map(telling).peekable();
    let few = ours.clone().count() < LEAST_WORDS;
    let said = |word: &str| {
        near.iter()
            .flat_map(words)
            .any(|other| is_same(word, other))
    };
    !few && ours.peek().is_some() && !ours.any(said)
}

/// Returns what a turn says, and where it was said.
fn words_of(turn: &Turn) -> String {
    let mut words = turn.quotable();
    for place in [&turn.place.cwd, &turn.place.branch].into_iter().flatten() {
        words.push('\n');
        words.push_str(place);
    }
    words
}

/// Returns the cited turns and their neighbours.
pub(super) fn near<'a>(cited: &[&Turn], turns: &'a [Turn]) -> impl Iterator<Item = &'a Turn> {
    let places: Vec<usize> = (0..turns.len())
        .filter(|at| cited.iter().any(|turn| turn.id == turns[*at].id))
        .collect();
    let close = move |at: usize| places.iter().any(|place| place.abs_diff(at) <= AROUND);
    let turns = turns.iter().enumerate();
    turns.filter_map(move |(at, turn)| close(at).then_some(turn))
}

fn words(text: &Text) -> impl Iterator<Item = &str> + Clone {
    text.words.iter().flat_map(parts)
}

fn telling(text: &Text) -> impl Iterator<Item = &str> + Clone {
    words(text).filter(|word| word.len() > 2 && !cues::is_empty(word))
}

/// Returns the pieces of a name: who says `user_store` speaks of a user.
fn parts(word: &Word) -> impl Iterator<Item = &str> + Clone {
    let joined = |c: char| matches!(c, '_' | '.' | '/' | '-' | '@');
    word.key.split(joined).filter(|part| !part.is_empty())
}

/// Says whether two words are one, or one stands in the other: `commit` in `precommit`.
fn is_same(one: &str, other: &str) -> bool {
    let holds = |long: &str, short: &str| short.len() > 3 && long.contains(short);
    is_form(one, other) || holds(one, other) || holds(other, one)
}

/// Recognises a text whose words need not be those of an English lesson.
fn is_foreign(text: &Text) -> bool {
    let other = |c: char| is_unspaced(c) || is_hangul(c) || (c.is_alphabetic() && c > '\u{24f}');
    let small = text
        .words
        .iter()
        .filter(|word| cues::is_of_another_tongue(&word.key));
    let share = small.count() as f64 / text.words.len().max(1) as f64;
    text.folded.contains(other) || share > FOREIGN
}
