//! The table of orders: what the user tells the agent to do, or to leave alone, from then on.
//!
//! Rows only. A row that needs more than words and a guard does not belong here.

use domain::Kind;

use super::cues::{Cue, Force, Place};
use super::guards::Guard;

const fn order(
    name: &'static str,
    place: Place,
    guard: Guard,
    force: Force,
    pattern: &'static str,
) -> Cue {
    Cue {
        name,
        place,
        guard,
        kind: Kind::Preference,
        force,
        pattern,
    }
}

/// Orders, the plainest first: a sentence is known by the first row that speaks.
pub(super) const ORDERS: &[Cue] = &[
    order(
        "always",
        Place::Clause,
        Guard::Verb,
        Force::Do,
        "{bidding}always {rest}",
    ),
    order(
        "never",
        Place::Clause,
        Guard::Verb,
        Force::Warn,
        "{bidding}(?:never(?:,? ever)?|don't ever|do not ever) {rest}",
    ),
    order(
        "from now on",
        Place::Aside,
        Guard::Free,
        Force::Do,
        r"(?:henceforth|from here on(?: out)?|going forward|from this point (?:on|forward)|as a (?:general )?rule)\b,? {rest}",
    ),
    order(
        "from now on, at the end",
        Place::Opening,
        Guard::Free,
        Force::Do,
        concat!(
            r"(?P<rest>(?:always|never|don't|do not|use|keep|prefer|avoid|write|run|put|commit|add|make sure|you should|",
            r"we should|we will|i want you to) .+) (?:henceforth|from here on(?: out)?|going forward)[.!]*$",
        ),
    ),
    order(
        "next time",
        Place::Opening,
        Guard::Loose,
        Force::Do,
        concat!(
            r"(?:next time|in (?:the )?future),? (?:please )?(?:use|run|ask|check|read|write|keep|avoid|stop|make sure|",
            r"do not|don't|start|look|tell|put|add|prefer|try|commit) {rest}",
        ),
    ),
    order(
        "not without leave",
        Place::Clause,
        Guard::Thing,
        Force::Warn,
        concat!(
            r"(?:you |we )?(?:do not|don't|never|should not|shouldn't|must not|mustn't|may not|can only|should only|",
            r"may only|only)\b(?P<rest>.+)\b(?:",
            r"unless (?:explicitly|i|you're|you are|told|asked|instructed|otherwise|specifically)\b|",
            r"without (?:asking|my |explicit|permission|approval|being (?:asked|told)|confirm|checking with|consulting|",
            r"telling me))",
        ),
    ),
    order(
        "ask before",
        Place::Clause,
        Guard::Loose,
        Force::Do,
        "(?:always )?(?:ask|check with|confirm with|consult|tell) me before (?:you )?{rest}",
    ),
    order(
        "stop",
        Place::Clause,
        Guard::Thing,
        Force::Warn,
        concat!(
            r"stop (?:adding|using|writing|creating|putting|making|committing|pushing|generating|mocking|guessing|",
            r"assuming|apologi[sz]ing|saying|hardcoding|inserting|including|suggesting|inventing|editing) {rest}",
        ),
    ),
    order(
        "avoid",
        Place::Opening,
        Guard::Sweeping,
        Force::Warn,
        "avoid {rest}",
    ),
    order(
        "do not, for a reason",
        Place::Tale,
        Guard::Verb,
        Force::Warn,
        concat!(
            r"(?:i (?:don't|do not) want you to|don't|do not) (?P<rest>.+?",
            r"(?:, (?:these|those|they|it)(?:'s|'re| is| are)\b|,? because\b|, since\b| ever again\b| ever\b| any ?more\b).*)",
        ),
    ),
    order(
        "do not, in general",
        Place::Opening,
        Guard::Verb,
        Force::Warn,
        concat!(
            r"(?:don't|do not) (?P<rest>.+? (?:",
            r"in (?:specs|tests|production|prod|comments|commits|commit messages|docs|documentation|ci|pull requests|prs|",
            r"code|code comments)|when(?:ever)? \w+ing|to (?:main|master|production|prod)|on (?:main|master))\b.*)",
        ),
    ),
    order(
        "when you",
        Place::Opening,
        Guard::Loose,
        Force::Do,
        concat!(
            r"(?:whenever you|every time you|each time you|any ?time you|when(?:ever)? \w+ing|",
            r"if you (?:ever )?(?:need|want|have) to) (?P<rest>[^,]*?(?:, (?:please )?|\b)(?:use|run|make sure|don't|",
            r"do not|prefer|refer to|consult|keep|write|avoid|put|only|always|never|ask|consider) .+)",
        ),
    ),
    order(
        "every one must",
        Place::Opening,
        Guard::Loose,
        Force::Do,
        concat!(
            r"(?:all|every|each|any) (?:new )?(?:commits?|commit messages?|prs?|pull requests?|modules?|public \w+|code|",
            r"docs|comments|branches|migrations?|dependenc(?:y|ies)) (?:must|needs? to|ha(?:ve|s) to) {rest}",
        ),
    ),
    order(
        "remember that",
        Place::Aside,
        Guard::Free,
        Force::Do,
        concat!(
            r"remember(?: that|:|,)? (?:(?:we|i|you) (?:always|never|only|use|prefer|want|don't|do not|should|must|",
            r"need to|can't) |(?:i|we)(?:'d| would) (?:rather|prefer) |(?:to always|to never|never|always|don't|do not) )",
            r"{rest}",
        ),
    ),
    order(
        "told you",
        Place::Aside,
        Guard::Verb,
        Force::Warn,
        r"i(?:'ve| have)? (?:already |just )?(?:told|asked) you (?:to always|to never|not to|never to) {rest}",
    ),
    order(
        "hate when you",
        Place::Tale,
        Guard::Verb,
        Force::Warn,
        "i (?:really )?(?:hate|can't stand|dislike|don't like) (?:it )?when you {rest}",
    ),
];
