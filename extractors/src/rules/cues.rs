//! Reads English sentences against the two tables of turns of phrase that lay down a rule.
//!
//! Knows words only: no turns, no evidence. What ties a sentence to the moment is in `bounds`.

use std::sync::LazyLock;

use domain::Kind;
use regex::Regex;

use super::bounds;
use super::guards::{Guard, HOUSE, holds};
use super::habits::HABITS;
use super::orders::ORDERS;
use super::plain::Plain;

/// What a rule asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Force {
    /// To do something.
    Do,
    /// To leave something alone.
    Warn,
}

/// A rule that was recognised in a sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Rule {
    /// Which row of which table spoke.
    pub(super) cue: &'static str,
    /// What sort of claim it makes.
    pub(super) kind: Kind,
    /// What it asks for.
    pub(super) force: Force,
}

/// Where in a sentence a cue may stand.
#[derive(Clone, Copy)]
pub(super) enum Place {
    /// Only where the sentence begins.
    Opening,
    /// Where any of its clauses begins.
    Clause,
    /// Where the sentence begins, even if it opens like a tale.
    Tale,
    /// Where any of its clauses begins, even if the sentence opens like a tale.
    Aside,
}

/// A turn of phrase that lays down a rule; `{rest}` in its pattern is what the guard looks at.
pub(super) struct Cue {
    /// Names the row in tests and labels.
    pub(super) name: &'static str,
    /// Where it may stand.
    pub(super) place: Place,
    /// What the words behind it must be.
    pub(super) guard: Guard,
    /// What sort of claim it makes.
    pub(super) kind: Kind,
    /// What it asks for, unless the sentence forbids.
    pub(super) force: Force,
    /// Its words, in plain form.
    pub(super) pattern: &'static str,
}

const CLAUSE: &str = r"(?:^|[,;:(] ?|\s[-–—]+ |\.\.+ ?|\b(?:and|but|so|then|please|also) )";

// "you should", "make sure to" and their like, before "always" or "never".
const BIDDING: &str = concat!(
    r"(?:(?:you|we) (?:should|must|need to|have to|ought to) )?(?:(?:please|pls) )?",
    r"(?:(?:make|be) sure (?:to |that you |that we |you |we )?|remember to |i (?:want|need|expect) you to )?",
);

// What one does every day; "we always get this error" is a complaint.
const WORK: &str = concat!(
    r"(?:use|run|write|commit|push|squash|rebase|prefer|put|keep|name|add|test|deploy|merge|pin|tag|sign|format|lint|",
    r"review|create|start|require|return|wrap|import|install|build|document|release|branch|mock|edit|touch|want)",
);

const INSTEAD: &str = r"(?:, not|,? never| not| and not|,? instead of|,? rather than|, no)";

static CUES: LazyLock<Vec<(&Cue, Regex)>> = LazyLock::new(|| {
    let cues = ORDERS.iter().chain(HABITS);
    cues.map(|cue| (cue, compiled(cue))).collect()
});

static FORBIDS: LazyLock<Regex> = LazyLock::new(|| {
    let words = "don't|do not|never|no longer|shouldn't|should not|must not|mustn't|avoid|stop|not to|against";
    Regex::new(&format!(r"\b(?:{words})\b")).expect("a pattern in the source")
});

fn compiled(cue: &Cue) -> Regex {
    let start = match cue.place {
        Place::Opening | Place::Tale => "^",
        Place::Clause | Place::Aside => CLAUSE,
    };
    let words = [
        ("bidding", BIDDING),
        ("work", WORK),
        ("instead", INSTEAD),
        ("house", HOUSE),
        ("rest", "(?P<rest>.+)"),
    ];
    let filled = words
        .iter()
        .fold(cue.pattern.to_owned(), |pattern, (name, words)| {
            pattern.replace(&format!("{{{name}}}"), words)
        });
    Regex::new(&format!("{start}{filled}")).expect("a pattern in the source")
}

/// Returns the rule that a sentence lays down, if it does.
pub(super) fn read(plain: &Plain) -> Option<Rule> {
    if !bounds::may_stand(plain) {
        return None;
    }
    let told = bounds::is_tale(plain);
    let mut cues = CUES
        .iter()
        .filter(|(cue, _)| !told || matches!(cue.place, Place::Tale | Place::Aside));
    let (cue, _) = cues.find(|(cue, pattern)| {
        let Some(found) = pattern.captures(&plain.body) else {
            return false;
        };
        let before = found
            .get(0)
            .map_or("", |whole| &plain.body[..whole.start()]);
        let rest = found.name("rest").map_or("", |rest| rest.as_str().trim());
        !bounds::is_statement(before) && holds(cue.guard, rest)
    })?;
    Some(Rule {
        cue: cue.name,
        kind: cue.kind,
        force: force(cue, plain),
    })
}

/// Returns what the sentence asks for: "use this, never that" still asks to do something.
fn force(cue: &Cue, plain: &Plain) -> Force {
    let both = matches!(cue.guard, Guard::Contrast) || cue.name == "always";
    if !both && FORBIDS.is_match(&plain.body) {
        Force::Warn
    } else {
        cue.force
    }
}
