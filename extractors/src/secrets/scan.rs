//! Runs one search for all literals over the text and asks each literal's rule about its place.
//!
//! One pass of the automaton; rules look at a bounded window, so the work grows with the text.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind};

use super::names::{Sort, WORDS};
use super::shapes::{SHAPES, Shape};
use super::span::{MARK, Span, join};
use super::tokens::{TOKENS, Token};
use super::{blocks, named, tags, urls};

/// Who judges the place where a literal stands.
#[derive(Debug, Clone, Copy)]
enum Rule {
    Token(&'static Token),
    Shape(&'static Shape),
    Name(Sort),
    Heading,
    Closing,
    Url,
}

// Nothing shorter than this is passed over unread: a named value may hold a key that says more.
const LONG: usize = 512;

// No mark is longer than its opening and the longest kind.
const MAX_MARK: usize = 48;

struct Net {
    automaton: AhoCorasick,
    rules: Vec<Rule>,
}

static NET: LazyLock<Net> = LazyLock::new(weave);

/// Returns the secrets of the text, in order and apart from each other.
pub(super) fn spans(text: &str) -> Vec<Span> {
    let found: Vec<Span> = finds(text).collect();
    if found.is_empty() { found } else { join(found) }
}

/// Returns whether the text holds any secret.
pub(super) fn any(text: &str) -> bool {
    finds(text).next().is_some()
}

fn finds(text: &str) -> impl Iterator<Item = Span> {
    let net = &*NET;
    let mut past = 0;
    net.automaton
        .find_overlapping_iter(text)
        .filter_map(move |hit| {
            if hit.start() < past {
                return None;
            }
            let rule = net.rules[hit.pattern().as_usize()];
            let span = judge(rule, text, hit.start(), hit.end())?;
            let new = is_new(text, &span);
            // Only a block or a hostile text is that long; its inside is not worth judging.
            if new && span.end - span.start >= LONG {
                past = span.end;
            }
            new.then_some(span)
        })
}

fn judge(rule: Rule, text: &str, start: usize, end: usize) -> Option<Span> {
    match rule {
        Rule::Token(token) => token.find(text, start, end),
        Rule::Shape(shape) => shape.find(text, start).map(|span| before_tag(text, span)),
        Rule::Name(sort) => named::find(text, start, end, sort),
        Rule::Heading => blocks::find(text, start, end),
        Rule::Closing => blocks::find_tail(text, start, end),
        Rule::Url => urls::find(text, start, end),
    }
}

// Without its tags a model's reply cannot be read.
fn before_tag(text: &str, span: Span) -> Span {
    Span {
        end: tags::first_closing(text.as_bytes(), span.start, span.end).unwrap_or(span.end),
        ..span
    }
}

// A mark holds no secret, and what touches a mark was judged when the mark was set.
fn is_new(text: &str, span: &Span) -> bool {
    let reach = text.ceil_char_boundary((span.end + MARK.len() - 1).min(text.len()));
    let before = &text[text.floor_char_boundary(span.start.saturating_sub(MAX_MARK))..span.start];
    let inside = before
        .rfind(MARK)
        .is_some_and(|at| !before[at..].contains(']'));
    span.start < span.end && !inside && !text[span.start..reach].contains(MARK)
}

fn weave() -> Net {
    let (mut literals, mut rules) = (Vec::new(), Vec::new());
    let mut add = |names: &[&'static str], rule: Rule| {
        literals.extend_from_slice(names);
        rules.resize(literals.len(), rule);
    };
    TOKENS
        .iter()
        .for_each(|token| add(token.prefixes, Rule::Token(token)));
    SHAPES
        .iter()
        .for_each(|shape| add(shape.literals, Rule::Shape(shape)));
    WORDS
        .iter()
        .for_each(|word| add(word.spellings, Rule::Name(word.sort)));
    add(&blocks::HEADINGS, Rule::Heading);
    add(&[blocks::CLOSING], Rule::Closing);
    add(&[urls::LITERAL], Rule::Url);
    let automaton = AhoCorasick::builder()
        .kind(Some(AhoCorasickKind::DFA))
        .build(&literals)
        .expect("a few hundred short literals fit an automaton");
    Net { automaton, rules }
}

/// Every kind that any rule can find.
#[cfg(test)]
pub(super) fn kinds() -> std::collections::BTreeSet<&'static str> {
    let tokens = TOKENS.iter().map(|token| token.kind);
    let shapes = SHAPES.iter().map(|shape| shape.kind);
    let placed = blocks::KINDS.into_iter().chain(urls::KINDS);
    tokens
        .chain(shapes)
        .chain(placed)
        .chain(super::names::kinds())
        .collect()
}
