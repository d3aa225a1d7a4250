//! The table of habits: what the user or the team does, likes, or has decided.
//!
//! Rows only. A row that needs more than words and a guard does not belong here.

use domain::Kind;

use super::cues::{Cue, Force, Place};
use super::guards::Guard;

const fn liked(name: &'static str, place: Place, guard: Guard, pattern: &'static str) -> Cue {
    Cue {
        name,
        place,
        guard,
        kind: Kind::Preference,
        force: Force::Do,
        pattern,
    }
}

const fn decided(name: &'static str, guard: Guard, pattern: &'static str) -> Cue {
    Cue {
        name,
        place: Place::Opening,
        guard,
        kind: Kind::Decision,
        force: Force::Do,
        pattern,
    }
}

/// Habits, the plainest first: a sentence is known by the first row that speaks.
pub(super) const HABITS: &[Cue] = &[
    liked(
        "habit",
        Place::Clause,
        Guard::Thing,
        "(?:we|i) (?:always|never) {work} {rest}",
    ),
    liked(
        "prefer",
        Place::Clause,
        Guard::Thing,
        "(?:i|we) (?:(?:really|strongly|much|generally|usually|always|do) )*prefer {rest}",
    ),
    liked(
        "prefer, bidding",
        Place::Opening,
        Guard::Thing,
        "prefer {rest}",
    ),
    liked(
        "rather than",
        Place::Clause,
        Guard::Contrast,
        "(?:i|we)(?:'d| would) (?:rather|prefer(?: to)?) (?P<rest>.+? (?:than|over|to|instead of) .+)",
    ),
    liked(
        "our rule",
        Place::Opening,
        Guard::Thing,
        concat!(
            r"(?:our|the team's|my) (?:\w+ )?(?:convention|policy|rule|standard|style|practice|preference)s? ",
            r"(?:is|are|for \w+ is)(?: to| that)? {rest}",
        ),
    ),
    decided(
        "we use",
        Guard::Brief,
        concat!(
            r"(?:in {house},? )?we(?:'re| are)? (?:only |exclusively |all )?",
            r"(?:use|using|follow|following|stick to|stick with|target|avoid) {rest}",
        ),
    ),
    decided(
        "we use, not",
        Guard::Contrast,
        concat!(
            r"(?:in {house},? )?we(?:'re| are)? (?:only |exclusively |all )?",
            r"(?:use|using|follow|following|stick to|stick with|target) (?P<rest>.+?{instead} .+)",
        ),
    ),
    decided(
        "we do",
        Guard::Thing,
        r"we do (?P<rest>\S+-(?:first|driven|based|only)\b.*)",
    ),
    decided(
        "we do not use",
        Guard::Brief,
        concat!(
            r"(?:in {house},? )?we (?:don't|do not|no longer|never) ",
            r"(?:use|commit|write|mock|allow|ship|vendor|support|rebase|squash) {rest}",
        ),
    ),
    decided(
        "we firmly do not want",
        Guard::Thing,
        concat!(
            r"we (?:explicitly|really|definitely|absolutely|certainly|deliberately|intentionally) (?:don't|do not) ",
            r"(?:want|use|need|allow|support) {rest}",
        ),
    ),
    decided(
        "we decided",
        Guard::Thing,
        r"we(?:'ve| have)? (?:decided|agreed|settled|standardi[sz]ed) (?:to|on|that|against|not to) {rest}",
    ),
    decided(
        "we adopt",
        Guard::Thing,
        concat!(
            r"(?:we(?:'re| are) (?:going to (?:adopt|standardi[sz]e on)|adopting|standardi[sz]ing on)|",
            r"let's (?:adopt|standardi[sz]e on)) {rest}",
        ),
    ),
    Cue {
        name: "the house uses",
        place: Place::Tale,
        guard: Guard::Brief,
        kind: Kind::Decision,
        force: Force::Do,
        pattern: concat!(
            r"(?:{house}|our (?:team|project|repo|repository|codebase)) (?:only |always |exclusively )?",
            r"(?:uses|follows|targets) {rest}",
        ),
    },
    decided(
        "use, not",
        Guard::Contrast,
        "(?:let's )?use (?P<rest>.+?{instead} .+)",
    ),
];
