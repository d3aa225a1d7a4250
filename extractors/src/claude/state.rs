//! What the reader must remember from one line to the next, and over the gap between two readings.
//!
//! Bounded in every direction, and free of secrets: it is stored with the cursor.

use std::collections::VecDeque;

use domain::{Place, Speaker, TurnId};
use serde::{Deserialize, Serialize};

// Parallel calls are at most a few dozen; a call whose result is further away has none.
const CALLS: usize = 128;
// Between two turns stand at most a few dozen lines of hooks and progress.
const LINKS: usize = 64;
const QUEUED: usize = 16;
const TAKEN: usize = 16;
// One millisecond of a session holds 4,096 places.
const PLACES_A_MS: i64 = 4096;

/// The reader's memory.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct State {
    /// The position given out last.
    pub(super) position: i64,
    /// The time of the last line that had one.
    pub(super) at: i64,
    /// The session of the last line that named one.
    pub(super) session: Option<String>,
    /// Where the last line was written that said so.
    pub(super) place: Place,
    calls: VecDeque<Call>,
    queued: VecDeque<Queued>,
    taken: VecDeque<String>,
    links: VecDeque<(String, Option<String>)>,
}

/// A tool call without a result yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Call {
    id: String,
    /// The tool's name.
    pub(super) tool: String,
    /// Who speaks in its result.
    pub(super) speaker: Speaker,
}

/// Words that wait in the client's queue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Queued {
    /// The name that their turn will have.
    pub(super) id: String,
    /// When they were typed.
    pub(super) at: i64,
    /// The words, already clean.
    pub(super) text: String,
}

impl State {
    /// Takes up what an earlier reading left; what cannot be read counts for nothing.
    pub(super) fn from_carry(carry: Option<&str>) -> Self {
        carry
            .and_then(|carry| serde_json::from_str(carry).ok())
            .unwrap_or_default()
    }

    /// Returns what the next reading must know.
    pub(super) fn to_carry(&self) -> String {
        serde_json::to_string(self).expect("strings and numbers always have a written form")
    }

    /// Gives out the next position: by the clock where it moves on, by the file where it does not.
    pub(super) fn next_position(&mut self, at: i64) -> i64 {
        self.position = (self.position + 1).max(at.saturating_mul(PLACES_A_MS));
        self.position
    }

    /// Remembers a call until its result comes.
    pub(super) fn open_call(&mut self, id: String, tool: String, speaker: Speaker) {
        push(&mut self.calls, CALLS, Call { id, tool, speaker });
    }

    /// Returns the call to which a result belongs. It stays: a forked answer may come twice.
    pub(super) fn call(&self, id: &str) -> Option<&Call> {
        self.calls.iter().rev().find(|call| call.id == id)
    }

    /// Remembers what stands before a line that gives no turn, so that chains of parents hold.
    pub(super) fn link(&mut self, line: &str, before: Option<&str>) {
        let before = before.and_then(|before| self.before(before));
        push(&mut self.links, LINKS, (line.to_owned(), before));
    }

    /// Returns the turn that a line's parent names, past lines that gave no turn.
    pub(super) fn parent(&self, parent: &str) -> Option<TurnId> {
        self.before(parent).map(TurnId::new)
    }

    fn before(&self, parent: &str) -> Option<String> {
        let known = self.links.iter().rev().find(|(line, _)| line == parent);
        known.map_or_else(|| Some(parent.to_owned()), |(_, before)| before.clone())
    }

    /// Remembers words that were typed while the agent worked.
    pub(super) fn enqueue(&mut self, queued: Queued) {
        push(&mut self.queued, QUEUED, queued);
    }

    /// Takes out the queued words that `text` names, or else the oldest.
    pub(super) fn unqueue(&mut self, text: Option<&str>) -> Option<Queued> {
        let at = match text {
            Some(text) => self.queued.iter().position(|queued| queued.text == text)?,
            None => 0,
        };
        self.queued.remove(at)
    }

    /// Forgets queued words that have come back as a line of their own.
    pub(super) fn forget_queued(&mut self, said: &str) {
        self.queued
            .retain(|queued| !holds_lines(said, &queued.text));
    }

    /// Forgets all that was queued.
    pub(super) fn clear_queue(&mut self) {
        self.queued.clear();
    }

    /// Returns whether a turn of the queue is taken for the first time.
    pub(super) fn take_once(&mut self, id: &str) -> bool {
        if self.taken.iter().any(|taken| taken == id) {
            return false;
        }
        push(&mut self.taken, TAKEN, id.to_owned());
        true
    }
}

/// Returns whether a text holds another as whole lines: the client joins queued texts by lines.
fn holds_lines(text: &str, lines: &str) -> bool {
    text.match_indices(lines).any(|(at, found)| {
        let (before, after) = (&text[..at], &text[at + found.len()..]);
        (before.is_empty() || before.ends_with('\n'))
            && (after.is_empty() || after.starts_with('\n'))
    })
}

fn push<T>(list: &mut VecDeque<T>, cap: usize, item: T) {
    if list.len() >= cap {
        list.pop_front();
    }
    list.push_back(item);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_follow_the_clock_forward_and_the_file_where_it_stands_or_falls_back() {
        let mut state = State::default();
        let positions = [5, 5, 4, 6].map(|at| state.next_position(at));
        assert_eq!(positions, [20480, 20481, 20482, 24576]);
    }

    #[test]
    fn a_chain_of_parents_holds_past_lines_that_gave_no_turn() {
        let mut state = State::default();
        state.link("hook-1", Some("turn-1"));
        state.link("hook-2", Some("hook-1"));
        state.link("root", None);
        assert_eq!(state.parent("hook-2"), Some(TurnId::new("turn-1")));
        assert_eq!(state.parent("turn-9"), Some(TurnId::new("turn-9")));
        assert_eq!(state.parent("root"), None);
    }

    #[test]
    fn the_carry_is_bounded_and_comes_back_as_it_was() {
        let mut state = State::default();
        for n in 0..1_000 {
            state.link(&n.to_string(), None);
            state.open_call(n.to_string(), "Bash".to_owned(), Speaker::Tool);
            state.take_once(&n.to_string());
            state.enqueue(Queued {
                id: n.to_string(),
                at: n,
                text: "words".to_owned(),
            });
        }
        let carry = state.to_carry();
        assert!(carry.len() < 32_000, "{} bytes", carry.len());
        assert_eq!(State::from_carry(Some(&carry)), state);
        assert_eq!(State::from_carry(Some("{nonsense")), State::default());
    }
}
