//! Finds the order of a page, a file or a tool that a lesson merely repeats.
//!
//! It must not take an order from those who may give it: the user who says it, the assistant who
//! said it first, and a session in which it mended what had failed.

use domain::{Candidate, Kind, Lesson, PartKind, Speaker, Turn};

use super::foreign::{self, Said};
use super::weigh::{self, Words};
use super::{orders, own, poison, proof, voice};

// Of the words of an advice, so many stand in the order that it repeats.
const REPEATS: f64 = 0.6;
// So many at the least: two words meet anywhere.
const FEWEST_WORDS: usize = 3;
// Who says this much of an advice themselves has said it.
const SAYS: f64 = 0.5;

/// Returns the order of data that a lesson repeats and that nobody who may has given.
pub(super) fn of(candidate: &Candidate, turns: &[Turn]) -> Option<String> {
    let statements = statements(&candidate.lesson);
    if statements.is_empty() {
        return None;
    }
    let data = foreign::sentences(turns);
    statements.iter().find_map(|statement| {
        let words = weigh::words(statement);
        let repeated = data
            .iter()
            .find(|said| repeats(&words, said) && orders::could_steer(&said.sentence))?;
        let said = by_user(candidate, turns, &words)
            || by_assistant(turns, repeated.place, &words)
            || proof::passed(statement, turns)
            || proof::heeded(&turns[repeated.place.0].parts[repeated.place.1], turns);
        (!said).then(|| repeated.sentence.chars().take(160).collect())
    })
}

/// Returns what of a lesson could steer an agent.
fn statements(lesson: &Lesson) -> Vec<&str> {
    let rules = matches!(lesson.kind, Kind::Preference | Kind::Decision | Kind::Skill);
    let what = rules || orders::given(&lesson.what) || poison::in_any_way(&lesson.what);
    let advice = [&lesson.do_, &lesson.warn].into_iter().flatten();
    let what = what.then_some(&lesson.what);
    what.into_iter()
        .chain(advice)
        .flat_map(|text| text.lines())
        .collect()
}

fn repeats(statement: &Words, order: &Said) -> bool {
    let shared = weigh::shared(statement, &order.words);
    let enough = shared >= FEWEST_WORDS || (shared > 1 && shared == statement.len());
    enough && weigh::covered(statement, &order.words) >= REPEATS
}

/// Says whether the user says as much in the turns that are cited.
fn by_user(candidate: &Candidate, turns: &[Turn], statement: &Words) -> bool {
    let cited = turns
        .iter()
        .filter(|turn| candidate.evidence.iter().any(|quote| quote.turn == turn.id));
    let mut messages = cited.flat_map(|turn| {
        let own = (0..turn.parts.len()).filter(|index| voice::is_own(turn, *index));
        own.map(|index| own::stretches(&turn.parts[index].text).concat())
    });
    messages.any(|said| weigh::covered(statement, &weigh::words(&said)) >= SAYS)
}

/// Says whether the assistant said as much before data did.
fn by_assistant(turns: &[Turn], before: (usize, usize), statement: &Words) -> bool {
    let places = turns.iter().enumerate().flat_map(|(at, turn)| {
        let parts = turn.parts.iter().enumerate();
        parts.map(move |(index, part)| ((at, index), part))
    });
    let mut earlier = places
        .take_while(|(place, _)| *place < before)
        .filter(|(_, part)| {
            part.speaker == Speaker::Assistant && !matches!(part.kind, PartKind::Result { .. })
        });
    earlier.any(|(_, part)| {
        let sentences = weigh::sentences(&part.text);
        let mut pairs = sentences.windows(2).map(|pair| pair.join(" "));
        let says = |text: &str| weigh::covered(statement, &weigh::words(text)) >= SAYS;
        sentences.iter().any(|sentence| says(sentence)) || pairs.any(|pair| says(&pair))
    })
}
