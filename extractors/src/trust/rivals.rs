//! Finds what the user laid down and a candidate would take back or give another value.
//!
//! It must not decide which of two holds: it says that the user's word is touched without one of theirs.

use domain::{Candidate, Kind, Lesson, MemoryId, Record, Slot, Speaker};

use super::weigh::{self, Words};
use crate::ground;

// Two sentences that share half of their words speak of one thing.
const SAME_THING: f64 = 0.5;
// Who speaks of what a rule is about has one word in three of the shorter of the two.
const OF_THE_MATTER: usize = 3;
// A value is a word or two.
const VALUE_WORDS: usize = 2;
// Who says more than half of a lesson has said it.
const SAYS: f64 = 0.6;

/// Returns the first memory of the user's that a candidate contradicts without their words.
pub(super) fn of(candidate: &Candidate, by_user: &[String], known: &[Record]) -> Option<MemoryId> {
    let ours = weigh::words(&super::essence(&candidate.lesson));
    let theirs = weigh::words(&by_user.join("\n"));
    let mut rules = known.iter().filter(|known| {
        let memory = &known.memory;
        known.standing.is_held() && (memory.asserted_by == Speaker::User || memory.pinned)
    });
    let rival = rules.find(|rule| {
        let lesson = &rule.memory.lesson;
        let other_value = other_value(candidate.slot.as_ref(), rule.memory.slot.as_ref());
        (other_value
            || opposes(&candidate.lesson, rule)
            || takes_up(&candidate.lesson, rule)
            || swaps(&candidate.lesson, lesson))
            && !takes_back(&ours, &theirs, lesson)
    });
    rival.map(|rule| rule.memory.id.clone())
}

/// Says whether the user's words carry what sets the candidate apart from their rule.
fn takes_back(ours: &Words, theirs: &Words, rule: &Lesson) -> bool {
    let rule = weigh::words(&super::essence(rule));
    let new: Words = ours.difference(&rule).cloned().collect();
    weigh::covered(ours, theirs) >= SAYS || weigh::shared(&new, theirs) > 0
}

fn other_value(ours: Option<&Slot>, theirs: Option<&Slot>) -> bool {
    let (Some(ours), Some(theirs)) = (ours, theirs) else {
        return false;
    };
    let same = |a: &str, b: &str| domain::words::words(a) == domain::words::words(b);
    same(&ours.subject, &theirs.subject)
        && same(&ours.attribute, &theirs.attribute)
        && !same(&ours.value, &theirs.value)
}

/// Says whether a lesson negates what the rule says, or the other way round.
fn opposes(lesson: &Lesson, rule: &Record) -> bool {
    let quotes = rule.evidence.iter();
    let theirs = quotes.filter(|quote| quote.said_by == Speaker::User);
    let said = theirs.map(|quote| quote.quote.as_str());
    let contexts: Vec<String> = said.chain(laid_down(rule)).map(ToOwned::to_owned).collect();
    let ours = weigh::words(&super::essence(lesson));
    let theirs = weigh::words(&super::essence(&rule.memory.lesson));
    // What shares one name with a rule speaks of something else: *never npm*, *npm prints a line*.
    let shared = weigh::shared(&ours, &theirs);
    let matter = shared > 1 && shared * OF_THE_MATTER >= ours.len().min(theirs.len());
    matter && ground::opposes(lesson, &contexts)
}

/// Returns what the user laid down with a memory: all of it, where it is a rule or a decision. A bug and
/// a fact are retold, and of what stands in them only the user's own words bind anybody: *it counted
/// all lines instead of those that changed* forbids nothing. What they wrote down themselves has no
/// quote of theirs, and is their own words, however often a tool bears it out later.
fn laid_down(rule: &Record) -> Vec<&str> {
    let lesson = &rule.memory.lesson;
    let quotes = rule.evidence.iter();
    let mut theirs = quotes
        .filter(|quote| quote.said_by == Speaker::User)
        .peekable();
    let is_rule = matches!(lesson.kind, Kind::Preference | Kind::Decision);
    let is_written = rule.memory.asserted_by == Speaker::User && theirs.peek().is_none();
    if is_rule || rule.memory.pinned || is_written {
        return statements(lesson);
    }
    theirs.flat_map(|quote| quote.quote.lines()).collect()
}

/// Says whether a lesson asks for the very thing that the rule forbids: *never npm* against *use npm*.
fn takes_up(lesson: &Lesson, rule: &Record) -> bool {
    let mut rule_words = weigh::words(&super::essence(&rule.memory.lesson));
    rule_words.extend(weigh::words(&laid_down(rule).join("\n")));
    let forbidden = laid_down(rule)
        .into_iter()
        .map(|text| (forbidden(text), subject(text)));
    let forbidden: Vec<(Words, Words)> =
        forbidden.filter(|(clause, _)| !clause.is_empty()).collect();
    let asked = statements(lesson)
        .into_iter()
        .filter(|text| forbidden_from(text).is_none());
    let mut asked = asked.map(weigh::words);
    asked.any(|words| {
        forbidden.iter().any(|(clause, subject)| {
            // "The sha is not stored in the metadata" says nothing of what else they hold.
            if !subject.is_empty() && weigh::shared(&words, subject) == 0 {
                return false;
            }
            let touched = weigh::shared(&words, clause);
            // A word or two of a long clause are the matter, and not what is forbidden about it.
            touched * 2 >= clause.len() && weigh::shared(&words, &rule_words) > touched.min(1)
        })
    })
}

/// Says whether two lessons are one sentence but for a value.
fn swaps(lesson: &Lesson, rule: &Lesson) -> bool {
    let (ours, theirs) = (weigh::words(&lesson.what), weigh::words(&rule.what));
    let shared = weigh::shared(&ours, &theirs);
    let all = ours.len() + theirs.len() - shared;
    let alike = all > 0 && shared as f64 / all as f64 >= SAME_THING && shared > 1;
    let (new, gone) = (ours.len() - shared, theirs.len() - shared);
    alike && (1..=VALUE_WORDS).contains(&new) && (1..=VALUE_WORDS).contains(&gone)
}

fn statements(lesson: &Lesson) -> Vec<&str> {
    let advice = [&lesson.do_, &lesson.warn].into_iter().flatten();
    let all = std::iter::once(&lesson.what).chain(advice);
    all.flat_map(|text| text.lines()).collect()
}

const NEGATIONS: [&str; 11] = [
    "never ",
    "not ",
    "don't ",
    "dont ",
    "avoid ",
    "instead of ",
    "rather than ",
    "no longer ",
    "forbid",
    "without ",
    "cannot ",
];

fn forbidden_from(text: &str) -> Option<usize> {
    let lower = text.to_lowercase();
    let found = NEGATIONS
        .iter()
        .filter_map(|word| Some(lower.find(word)? + word.len()));
    found.min()
}

/// Returns of what a clause says that it is not, or must not be: *the sha is not stored*. An order
/// (*never store it*) and a choice (*pnpm, not npm*) have none.
fn subject(text: &str) -> Words {
    let lower = text.to_lowercase();
    let negations = NEGATIONS.iter().filter_map(|word| lower.find(word));
    let Some(at) = negations.min() else {
        return Words::new();
    };
    let begins = |c: char| matches!(c, '.' | ';' | ',' | ':' | '(' | '\n');
    let before = lower[..at].rsplit(begins).next().unwrap_or_default();
    let mut back = before
        .split_whitespace()
        .rev()
        .skip_while(|word| word.ends_with("ly"));
    let states = ["is", "are", "was", "were", "be", "been", "gets", "get"];
    match back.next().is_some_and(|word| states.contains(&word)) {
        true => weigh::words(before),
        false => Words::new(),
    }
}

/// Returns the words that stand behind a negation and nowhere before it.
fn forbidden(text: &str) -> Words {
    let lower = text.to_lowercase();
    let Some(from) = forbidden_from(&lower) else {
        return Words::new();
    };
    let ends = |c: char| matches!(c, '.' | ';' | ',' | '(' | '\n');
    let clause = lower[from..].split(ends).next().unwrap_or_default();
    let before = weigh::words(&lower[..from]);
    weigh::words(clause).difference(&before).cloned().collect()
}

#[cfg(test)]
mod tests {
    use domain::{
        Belief, Evidence, Memory, OwnerId, Revision, Scope, SessionId, Standing, TurnId, Validity,
    };
    use jiff::Timestamp;

    use super::*;

    fn lesson(kind: Kind, what: &str) -> Lesson {
        Lesson {
            kind,
            scope: Scope::Project,
            what: what.to_owned(),
            when: None,
            do_: None,
            warn: None,
        }
    }

    fn quote(words: &str) -> Evidence {
        Evidence {
            session: SessionId::new("s"),
            turn: TurnId::new("t"),
            quote: words.to_owned(),
            said_by: Speaker::User,
            at: Timestamp::UNIX_EPOCH,
            branch: None,
        }
    }

    fn held(kind: Kind, what: &str, said: &str) -> Record {
        let lesson = lesson(kind, what);
        let owner = OwnerId::new("me");
        let validity = Validity {
            from: Timestamp::UNIX_EPOCH,
            to: None,
        };
        let memory = Memory {
            id: Memory::name(&owner, None, "t", &lesson),
            owner,
            project: None,
            lesson,
            domain: "general".to_owned(),
            slot: None,
            tags: Vec::new(),
            asserted_by: Speaker::User,
            pinned: false,
            validity,
            recorded_at: Timestamp::UNIX_EPOCH,
            retired_at: None,
            seen_at: Timestamp::UNIX_EPOCH,
            revision: Revision::FIRST,
        };
        Record {
            memory,
            evidence: vec![quote(said)],
            belief: Belief::default(),
            standing: Standing::Active,
        }
    }

    fn touches(what: &str, known: Record) -> bool {
        let candidate = Candidate {
            lesson: lesson(Kind::Fact, what),
            domain: "general".to_owned(),
            slot: None,
            asserted_by: Speaker::Assistant,
            evidence: Vec::new(),
        };
        of(&candidate, &[], &[known]).is_some()
    }

    #[test]
    fn what_shares_a_place_with_a_decision_does_not_take_it_back() {
        let decided = "The commit sha is deliberately not stored in the attribution metadata";
        let held = || held(Kind::Decision, decided, "no, remove the sha again");
        assert!(!touches(
            "Attribution leaves the metadata folder out",
            held()
        ));
        assert!(touches(
            "The commit sha is stored in the attribution metadata",
            held()
        ));
    }

    #[test]
    fn a_bug_that_the_user_reported_forbids_nothing_by_its_retelling() {
        let retold = "It counted all lines of a file instead of the lines changed by the commit";
        let other = "Lines changed by the commit are found with a diff of both trees";
        let said = "why does it say 4617?";
        assert!(!touches(other, held(Kind::Bug, retold, said)));
        // The same words as a decision lay something down, and so do the user's own.
        assert!(touches(other, held(Kind::Decision, retold, said)));
        assert!(touches(
            "Push to main when the tests pass",
            held(Kind::Bug, "A push broke it", "never push to main")
        ));
    }

    #[test]
    fn a_note_that_the_user_wrote_binds_after_a_tool_bore_it_out() {
        let tool = Evidence {
            said_by: Speaker::Tool,
            ..quote("remote: force-push to main was declined")
        };
        let note = |evidence| Record {
            evidence,
            ..held(Kind::Context, "never force-push to main", "")
        };
        let asked = "Force-push to main when the history is rewritten";
        assert!(touches(asked, note(Vec::new())));
        assert!(touches(asked, note(vec![tool])));
    }
}
