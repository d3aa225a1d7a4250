//! Keeps out sentences that only look like rules: questions, guesses, hearsay, tales, and what is
//! bound to the task at hand.
//!
//! Precision comes first: a rule that is missed can be said again, one that is made up does harm.

use std::sync::LazyLock;

use regex::Regex;

use super::plain::Plain;

const QUESTION: &[&str] = &[
    r"[?？]",
    r"^(?:do|does|did) (?:you|we|i|they|it|the|this|that|these|any|not you)\b",
    r"^(?:can|could|would|should|will|shall|may|might|is|are|was|were|am|has) ",
    r"^(?:is|are|ca|could|wo|would|should|did|does|have|has|was|were)n't ",
    r"^(?:can't|won't) ",
    r"^(?:have|had) (?:you|we|i|they|it|the)\b",
    r"^don't (?:you|we|i|they)\b",
    r"^(?:why|what|what's|where|who|how|which|any (?:reason|idea|chance))\b",
    r", (?:right|no|yeah|yes|ok|okay|or)$",
];

const GUESS: &[&str] = &[
    r"\bi (?:think|guess|suppose|believe|wonder|feel|bet|assume|hope|doubt)\b",
    r"\bi'm wondering\b",
    r"\b(?:maybe|perhaps|probably|possibly|might|not sure|ideally|kind of|sort of|supposedly|apparently)\b",
    r"\b(?:seems?|seemed|looks like|sounds like|presumably)\b",
    r"\b(?:w|c|sh)ould(?: have|'ve)\b",
];

const MOMENT: &[&str] = &[
    r"\b(?:yet|now|right away|this time|here|there|until|till|still|so far|meanwhile|asap|already)\b",
    r"\b(?:for (?:the )?(?:moment|time being)|at the moment|currently|for this)\b",
    r"\b(?:today|tonight|tomorrow|yesterday|(?:this|last|next) (?:week|month|sprint))\b",
    r"\b(?:once|since|while|as soon as) (?:you|we|i|it|this|that|they|he|she)\b",
    r"\bwhen (?:you're|you are|it's|it is|we're|i'm) (?:done|finished|ready|back)\b",
    r"\bbefore (?:you |we )?(?:go|going|continue|continuing|proceed|proceeding|move|moving|start|starting)\b",
    r"\bnext (?:step|one|task|phase|pr|commit|iteration|session|release)\b",
    concat!(
        r"\b(?:first|second|third|last|latter|former|other|above|previous|following|remaining|new|old|same|current) ",
        r"(?:one|ones|option|approach|step|part|two|three|file|item|point)\b",
    ),
    r"\b(?:option \w+|step \d+|phase \d+|above|below)\b",
];

// A pointing word ties the sentence to what lies on the table, unless it points at the house.
const POINTING: &[&str] = &[
    r"\b(?:this|that|these|those) (?:\w+ )?(?:prs?|branch|commits?|changes?|files?|functions?|methods?)\b",
    r"\b(?:this|that|these|those) (?:\w+ )?(?:tests?|ones?|cases?|issues?|bugs?|plan|steps?|tasks?|tickets?)\b",
    r"\b(?:this|that|these|those) (?:\w+ )?(?:time|round|session|class|lines?|errors?|feature|approach|idea)\b",
    r"\b(?:this|that|these|those) (?:\w+ )?(?:part|sections?|pages?|button|scripts?|commands?|query|message)\b",
    r"\b(?:this|that|these|those) (?:\w+ )?(?:version|component|module|package|code|directory|folder|fix)\b",
    r"\b(?:this|that|these|those) (?:thing|things|stuff|point)\b",
];

const HEARSAY: &[&str] = &[
    concat!(
        r"\b(?:it|he|she|they|docs?|documentation|readme|linter|message|errors?|logs?|output|claude|gpt|gemini|codex|",
        r"comments?|guide|article|prompt|plan|spec|which|that|review\w*|tool|agent|instructions?|warning) ",
        r"(?:says?|said|tells?|told|states?|stated|suggests?|suggested|claims?|recommends?|complains?|shows?|reads?|",
        r"mentions?|warns?)\b",
    ),
    r"\baccording to\b",
];

const IDIOM: &[&str] = &[
    r"\bnever (?:mind|give up|say never|look back|too late|ending)\b",
    r"\balways (?:welcome|full)\b",
];

// A part to play in the conversation is no rule about the work.
const PART: &[&str] = &[
    r"\b(?:act|behave|pose|pretend|role-?play)(?:ing)? (?:as|like|to be|that you|you)\b",
    r"\b(?:in character|play(?:ing)? the (?:role|part) of|take on the (?:role|persona) of)\b",
    concat!(
        r"(?:^|henceforth,? |going forward,? |from here on(?: out)?,? )(?:you are|you're|you will be|you'll be) ",
        r"(?:an?|the|my|our|called|named|known as|[\w-]+[.!]*$)(?: |$|\b)",
    ),
    r"\byou(?:'re| are) now\b",
];

// "you never give up and always try": what stands before the cue says that somebody is described.
const STATEMENT: &[&str] =
    &[r"^(?:we|you|they|our|your|my|the|an?|these|people|everyone)(?:'\w+)?\b"];

const BIDS: &[&str] = &[r"^(?:we|you) (?:should|must|need to|have to|ought to)\b"];

// "before you go on" is of the moment, "always run the tests before you commit" is not.
const WAYPOINT: &[&str] = &[
    r"\b(?:before|after) (?:you|we|i|it|this|that|they)\b",
    // "container-first" is a way of working, "first" an order of steps.
    r"(?:^|[^-])\bfirst\b",
];

const STANDING: &[&str] =
    &[r"\b(?:always|never|henceforth|whenever|next time|in future|ask me|check with me)\b"];

// Whoever tells a story or describes a thing lays down no rule.
const TALE: &[&str] = &[
    r"^(?:it|he|she|they|there|this|that|these|those|it's|that's|there's|they're|who|one|some|most|not)\b",
    r"^(?:nothing|everything|someone|somebody|let me)\b",
    r"^i(?:'m|'ll|'ve|'d (?:love|like|be)) ",
    r"^i (?:will|have|had|was|am|did|didn't|don't|tried|see|saw|ran|run|get|got|can|can't|could|couldn't)\b",
    r"^i (?:know|knew|mean|meant|thought|said|just|noticed|found|also|would like|wanted|need|like|do|keep)\b",
    r"^(?:if|when|whenever|once|after|since|because|as|while|even|unless) (?:i|it|he|she|they|the|this|that|there)\b",
    r"^(?:when|whenever|if|once|every time|each time) we\b",
    r"^when(?:ever)? (?:some|any|no|every)thing\b",
];

static KEPT_OUT: LazyLock<Regex> =
    LazyLock::new(|| any(&[QUESTION, GUESS, MOMENT, POINTING, IDIOM, PART].concat()));
static HEARD: LazyLock<Regex> = LazyLock::new(|| any(HEARSAY));
static AWAITED: LazyLock<Regex> = LazyLock::new(|| any(WAYPOINT));
static STANDS: LazyLock<Regex> = LazyLock::new(|| any(STANDING));
static STATED: LazyLock<Regex> = LazyLock::new(|| any(STATEMENT));
static BIDDEN: LazyLock<Regex> = LazyLock::new(|| any(BIDS));
static TOLD: LazyLock<Regex> = LazyLock::new(|| any(TALE));

fn any(patterns: &[&str]) -> Regex {
    Regex::new(&patterns.join("|")).expect("a pattern in the source")
}

// A rule needs a verb and something to do it with.
const FEWEST_WORDS: usize = 3;
// The longest rule of the recorded sessions has 34 words; beyond it, people argue or describe.
const MOST_WORDS: usize = 45;

/// Returns whether nothing in the sentence ties it to the moment or makes it something else.
pub(super) fn may_stand(plain: &Plain) -> bool {
    let body = &plain.body;
    let waits = AWAITED.is_match(body) && !STANDS.is_match(body);
    (FEWEST_WORDS..=MOST_WORDS).contains(&body.split(' ').count())
        && !waits
        && !KEPT_OUT.is_match(body)
        && !HEARD.is_match(&plain.whole)
}

/// Returns whether the sentence tells or describes; only the speaker's own wishes may open so.
pub(super) fn is_tale(plain: &Plain) -> bool {
    TOLD.is_match(&plain.body)
}

/// Returns whether what stands before a clause states something, so that the clause does too.
pub(super) fn is_statement(before: &str) -> bool {
    STATED.is_match(before) && !BIDDEN.is_match(before)
}
