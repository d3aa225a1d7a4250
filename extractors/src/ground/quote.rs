//! Finds a quote in a text, word for word or with one word in ten changed.
//!
//! It must not accept a change that turns the meaning: a number, or a word that negates.

use std::collections::HashMap;
use std::ops::Range;

use super::cues;
use super::fold::{Text, Word, is_unspaced};

// One word in ten may differ: the design's 0.9.
const WORDS_PER_EDIT: usize = 10;
// Longer than any sentence worth quoting; the search costs words of the quote times words of the text.
const MAX_FUZZY_WORDS: usize = 600;
// As many places as a repeated sentence is looked at in.
const MAX_PLACES: usize = 8;
// A quote this long may end in the middle of a word, where something cut it to length.
const MAY_BE_CUT: usize = 6;
// Below this a single word or two could stand anywhere.
const MIN_WORDS: usize = 2;
const MIN_CHARS: usize = 8;
const MIN_UNSPACED: usize = 3;
// How far around a quote its sentence is looked for, in words.
const REACH: usize = 24;

/// Says whether a quote says too little: less than two words and eight characters.
pub(super) fn is_too_short(quote: &Text) -> bool {
    let chars: usize = quote.words.iter().map(|w| w.key.chars().count()).sum();
    if quote.folded.contains(is_unspaced) {
        return chars < MIN_UNSPACED;
    }
    quote.words.is_empty() || (quote.words.len() < MIN_WORDS && chars < MIN_CHARS)
}

/// Returns the places of a quote in a text, as ranges of words.
pub(super) fn find(quote: &Text, text: &Text) -> Vec<Range<usize>> {
    let whole = place(&quote.words, text);
    if !whole.is_empty() {
        return whole;
    }
    let pieces = pieces(quote);
    match pieces.len() {
        0 | 1 => Vec::new(),
        _ => in_order(&pieces, text).into_iter().collect(),
    }
}

/// Cuts a quote at `...`, where its author left words out.
fn pieces(quote: &Text) -> Vec<&[Word]> {
    let mut pieces = Vec::new();
    let mut from = 0;
    for index in 1..quote.words.len() {
        if quote.gap(index).contains("...") {
            pieces.push(&quote.words[from..index]);
            from = index;
        }
    }
    pieces.push(&quote.words[from..]);
    pieces
}

/// Finds all pieces one behind the other, with nothing between them that turns their meaning.
fn in_order(pieces: &[&[Word]], text: &Text) -> Option<Range<usize>> {
    let mut found: Option<Range<usize>> = None;
    for piece in pieces {
        if piece.len() < MIN_WORDS {
            return None;
        }
        let places = place(piece, text);
        found = Some(match found {
            None => places.into_iter().next()?,
            Some(so_far) => {
                let next = places.into_iter().find(|p| p.start >= so_far.end)?;
                if turns_meaning(text, so_far.end..next.start) {
                    return None;
                }
                so_far.start..next.end
            }
        });
    }
    found
}

/// Says whether words that were left out negate a sentence of which the rest was quoted.
fn turns_meaning(text: &Text, gap: Range<usize>) -> bool {
    let ends = |index: &usize| text.gap(*index).contains(['.', '!', '?', '\n', '。']);
    let head = gap.clone().take_while(|index| !ends(index));
    let tail = gap.clone().rev().take_while(|index| !ends(&(index + 1)));
    head.chain(tail)
        .any(|index| cues::negates(&text.words[index].key))
}

fn place(quote: &[Word], text: &Text) -> Vec<Range<usize>> {
    let (ours, theirs) = numbered(quote, &text.words);
    let exact = exact(&ours, &theirs, |index| {
        let last = quote.last().map_or("", |word| word.key.as_str());
        quote.len() >= MAY_BE_CUT && text.words[index].key.starts_with(last)
    });
    if !exact.is_empty() || quote.len() > MAX_FUZZY_WORDS {
        return exact;
    }
    fuzzy(&ours, &theirs)
}

/// A word of the text, by its number in the quote, and whether it may not be changed.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Token {
    number: u32,
    fixed: bool,
}

const STRANGE: u32 = u32::MAX;

/// Numbers the words, so that the search compares numbers.
fn numbered(quote: &[Word], text: &[Word]) -> (Vec<Token>, Vec<Token>) {
    let mut numbers: HashMap<&str, u32> = HashMap::new();
    let fixed = |key: &str| key.bytes().any(|b| b.is_ascii_digit()) || cues::negates(key);
    let mut ours = Vec::with_capacity(quote.len());
    for word in quote {
        let next = u32::try_from(numbers.len()).unwrap_or(STRANGE - 1);
        let number = *numbers.entry(&word.key).or_insert(next);
        ours.push(Token {
            number,
            fixed: fixed(&word.key),
        });
    }
    let theirs = text.iter().map(|word| Token {
        number: numbers.get(word.key.as_str()).copied().unwrap_or(STRANGE),
        fixed: fixed(&word.key),
    });
    let theirs = theirs.collect();
    (ours, theirs)
}

/// Finds the places where the words stand as they are; the last may be cut off short.
fn exact(
    quote: &[Token],
    words: &[Token],
    begins_with_last: impl Fn(usize) -> bool,
) -> Vec<Range<usize>> {
    let Some((last, head)) = quote.split_last() else {
        return Vec::new();
    };
    let starts = 0..words.len().saturating_sub(head.len());
    let stands = |start: &usize| {
        let end = start + head.len();
        let same = words[*start..end]
            .iter()
            .zip(head)
            .all(|(a, b)| a.number == b.number);
        same && (words[end].number == last.number || begins_with_last(end))
    };
    let found = starts.filter(stands).take(MAX_PLACES);
    found.map(|start| start..start + quote.len()).collect()
}

/// Finds the places with the fewest changed words, no more than one in ten.
///
/// Sellers' search: one row of edit distances, moved along the text, free to start anywhere.
fn fuzzy(quote: &[Token], words: &[Token]) -> Vec<Range<usize>> {
    let allowed = quote.len() / WORDS_PER_EDIT;
    if allowed == 0 {
        return Vec::new();
    }
    let mut row: Vec<usize> = (0..=quote.len()).collect();
    let mut ends: Vec<(usize, usize)> = Vec::new();
    for (at, word) in words.iter().enumerate() {
        let mut diagonal = 0;
        for (index, token) in quote.iter().enumerate() {
            let changed = diagonal + usize::from(token.number != word.number);
            diagonal = row[index + 1];
            row[index + 1] = changed.min(diagonal + 1).min(row[index] + 1);
        }
        if row[quote.len()] <= allowed {
            ends.push((row[quote.len()], at + 1));
        }
    }
    ends.sort_unstable();
    let near = ends.iter().take(MAX_PLACES);
    near.filter_map(|(_, end)| aligned(quote, words, *end, allowed))
        .collect()
}

/// Walks an alignment back from its end; `None` when a fixed word is among the changed ones.
fn aligned(quote: &[Token], words: &[Token], end: usize, allowed: usize) -> Option<Range<usize>> {
    let start = end.saturating_sub(quote.len() + allowed);
    let window = &words[start..end];
    let costs = table(quote, window);
    let (mut i, mut j) = (quote.len(), window.len());
    let mut met: Option<(Place, Place)> = None;
    while i > 0 {
        let same = j > 0 && quote[i - 1].number == window[j - 1].number;
        if same && costs[i][j] == costs[i - 1][j - 1] {
            (i, j) = (i - 1, j - 1);
            let here = (i, start + j);
            met = Some((here, met.map_or(here, |(_, last)| last)));
            continue;
        }
        let (ours, theirs) = if j > 0 && costs[i][j] == costs[i - 1][j - 1] + 1 {
            (true, true)
        } else if costs[i][j] == costs[i - 1][j] + 1 {
            (true, false)
        } else {
            (false, true)
        };
        if (ours && quote[i - 1].fixed) || (theirs && window[j - 1].fixed) {
            return None;
        }
        (i, j) = (i - usize::from(ours), j - usize::from(theirs));
    }
    let (first, last) = met?;
    (!steps_around(quote, words, first, last)).then_some(start + j..end)
}

/// A word of the quote and the word of the text that it is, by their numbers.
type Place = (usize, usize);

/// Says whether the ends of a quote step around a fixed word: "so it disturbs git" does not stand in
/// "so it doesn't disturb git" because its head does.
fn steps_around(quote: &[Token], words: &[Token], first: Place, last: Place) -> bool {
    let (head, tail) = (first.0, quote.len() - 1 - last.0);
    let before = first.1.saturating_sub(head + 1)..first.1;
    let after = last.1 + 1..words.len().min(last.1 + 2 + tail);
    let fixed = |range: Range<usize>| words[range].iter().any(|word| word.fixed);
    (head > 0 && fixed(before)) || (tail > 0 && fixed(after))
}

fn table(quote: &[Token], window: &[Token]) -> Vec<Vec<usize>> {
    let mut costs = vec![vec![0; window.len() + 1]; quote.len() + 1];
    for i in 1..=quote.len() {
        costs[i][0] = i;
        for j in 1..=window.len() {
            let changed = usize::from(quote[i - 1].number != window[j - 1].number);
            let through = costs[i - 1][j - 1] + changed;
            costs[i][j] = through.min(costs[i - 1][j] + 1).min(costs[i][j - 1] + 1);
        }
    }
    costs
}

/// Returns the whole sentences around a place: what a quote leaves off may negate it.
pub(super) fn sentences(text: &Text, place: &Range<usize>) -> String {
    let mut first = place.start;
    while first > 0 && place.start - first < REACH && !super::clauses::ends_sentence(text, first) {
        first -= 1;
    }
    let mut last = place.end;
    while last < text.words.len()
        && last - place.end < REACH
        && !super::clauses::ends_sentence(text, last)
    {
        last += 1;
    }
    let from = text.words[first].start;
    let to = text.words.get(last).map_or(text.folded.len(), |w| w.start);
    text.folded[from..to].to_owned()
}
