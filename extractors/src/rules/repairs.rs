//! Finds a command that failed for want of something, the command that mended it, and the proof:
//! the same command passing afterwards.
//!
//! Claims nothing of code under work: a test that is red before its feature stands is no lesson.

use std::collections::{BTreeMap, BTreeSet};

use domain::{Candidate, Evidence, Kind, Lesson, Part, PartKind, Scope, Speaker, Turn};

use super::commands::{self, Fault};
use super::wording;

// Beyond this many calls nobody can say which of them mended it.
const FARTHEST: usize = 12;
// A changed option is tried at once or not for that reason.
const NEXT: usize = 3;
// A command of more than this is a script, and its failure hardly general.
const LONGEST_COMMAND_CHARS: usize = 160;

// Grounding takes a quote of one word from eight letters on; punctuation is not counted there.
const SHORTEST_WORD_CHARS: usize = 12;

/// A shell command with its outcome.
struct Run<'a> {
    turn: &'a Turn,
    /// The assistant, or the user who typed it.
    by: Speaker,
    /// As it was called.
    called: &'a str,
    /// Without its dressing.
    bare: String,
    answer: Option<Answer<'a>>,
}

struct Answer<'a> {
    turn: &'a Turn,
    text: &'a str,
    failed: bool,
}

/// Returns the repairs that these turns prove.
pub(super) fn repairs(turns: &[Turn]) -> Vec<Candidate> {
    let strands: BTreeSet<Option<&str>> =
        turns.iter().map(|turn| turn.sidechain.as_deref()).collect();
    let mut known = BTreeSet::new();
    let mut found = Vec::new();
    for strand in strands {
        let runs = runs(
            turns
                .iter()
                .filter(|turn| turn.sidechain.as_deref() == strand),
        );
        for first in 0..runs.len() {
            let repair = repair(&runs, first);
            found.extend(repair.filter(|repair| known.insert(repair.lesson.fingerprint())));
        }
    }
    found
}

fn runs<'a>(turns: impl Iterator<Item = &'a Turn> + Clone) -> Vec<Run<'a>> {
    let parts = turns.flat_map(|turn| turn.parts.iter().map(move |part| (turn, part)));
    let answers = parts.clone().filter_map(|(turn, part)| answer(turn, part));
    let mut answers: BTreeMap<&str, Answer<'a>> = answers.collect();
    let called = parts.filter_map(|(turn, part)| match &part.kind {
        PartKind::Call { call, tool } if tool == "Bash" => Some((turn, part, call.as_str())),
        _ => None,
    });
    let answered = called.map(|(turn, part, call)| Run {
        turn,
        by: part.speaker,
        called: part.text.trim(),
        bare: commands::bare(&part.text),
        answer: answers.remove(call),
    });
    answered.collect()
}

fn answer<'a>(turn: &'a Turn, part: &'a Part) -> Option<(&'a str, Answer<'a>)> {
    match &part.kind {
        PartKind::Result { call, failed, .. } if part.speaker == Speaker::Tool => Some((
            call.as_str(),
            Answer {
                turn,
                text: &part.text,
                failed: *failed,
            },
        )),
        _ => None,
    }
}

fn repair(runs: &[Run<'_>], first: usize) -> Option<Candidate> {
    let failed = &runs[first];
    let told = failed.answer.as_ref().filter(|answer| answer.failed)?;
    let (fault, line) = commands::fault(told.text)?;
    if !commands::works(&failed.bare) || !is_quotable(failed) {
        return None;
    }
    let later = &runs[first + 1..];
    let mend = match fault {
        Fault::Option => later
            .iter()
            .take(NEXT)
            .find(|run| run.passed() && commands::drops_option(&failed.bare, &run.bare, line)),
        _ => mended(failed, later, fault),
    };
    let mend = mend.filter(|mend| is_quotable(mend))?;
    Some(candidate(failed, told, line, mend, fault))
}

/// Returns the one command between failure and success that can have made the difference.
fn mended<'r, 'a>(failed: &Run<'_>, later: &'r [Run<'a>], fault: Fault) -> Option<&'r Run<'a>> {
    let again = later
        .iter()
        .take(FARTHEST)
        .position(|run| run.bare == failed.bare)?;
    if !later[again].passed() {
        return None;
    }
    let mut mends = later[..again]
        .iter()
        .filter(|run| run.passed() && commands::mends(&run.bare, fault));
    let mend = mends.next()?;
    mends.next().is_none().then_some(mend)
}

impl Run<'_> {
    fn passed(&self) -> bool {
        self.answer.as_ref().is_some_and(|answer| !answer.failed)
    }
}

fn is_quotable(run: &Run<'_>) -> bool {
    run.called.chars().count() <= LONGEST_COMMAND_CHARS && !run.called.contains('\n')
}

fn candidate(
    failed: &Run<'_>,
    told: &Answer<'_>,
    line: &str,
    mend: &Run<'_>,
    fault: Fault,
) -> Candidate {
    let advice = match fault {
        Fault::Option => format!("run `{}`", mend.bare),
        _ => format!("run `{}`, then `{}` again", mend.bare, failed.bare),
    };
    Candidate {
        lesson: Lesson {
            kind: Kind::Bug,
            scope: Scope::Project,
            what: format!("`{}` failed: {line}", failed.bare),
            when: Some(format!("`{}` fails like that", failed.bare)),
            do_: Some(advice),
            warn: None,
        },
        domain: wording::GENERAL.to_owned(),
        slot: None,
        asserted_by: Speaker::Tool,
        evidence: evidence(failed, told, line, mend),
    }
}

/// Returns the quotes: what failed, how, and what mended it.
fn evidence(failed: &Run<'_>, told: &Answer<'_>, line: &str, mend: &Run<'_>) -> Vec<Evidence> {
    let called = quote(failed.turn, failed.called, failed.by);
    // A lone `make` is found anywhere and proves nothing; the line that it printed must name it.
    let proves = called.quote.contains(' ') || called.quote.chars().count() >= SHORTEST_WORD_CHARS;
    let rest = [
        quote(told.turn, line, Speaker::Tool),
        quote(mend.turn, mend.called, mend.by),
    ];
    proves.then_some(called).into_iter().chain(rest).collect()
}

fn quote(turn: &Turn, words: &str, said_by: Speaker) -> Evidence {
    Evidence {
        session: turn.session.clone(),
        turn: turn.id.clone(),
        quote: words.to_owned(),
        said_by,
        at: turn.at,
        branch: turn.place.branch.clone(),
    }
}
