//! Takes in one line after the other and collects turns, sessions and a report.
//!
//! Reads no file and knows no offsets: the same lines give the same turns, however they are cut.

use std::borrow::Cow;
use std::collections::BTreeMap;

use domain::{Agent, Cursor, Part, PartKind, Session, SessionId, Speaker, Turn, TurnId, time};

use super::json;
use super::line::{Field, Line};
use super::naming::{PlaceMemo, stem, subagent, turn_id};
use super::state::{Queued, State};
use super::{NAME_BYTES, attachment, keep, message, prompt, queue, skim};
use crate::read::{self, Budget, Report};

// A count for each of so many unknown types; the rest share one.
const UNKNOWN_TYPES: usize = 64;

/// What became of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// It was read or passed over; the cursor may move behind it.
    Passed,
    /// The budget is used up; the line is read next time.
    Full,
    /// It is still being written.
    Unfinished,
    /// There is no line.
    End,
}

/// Reads lines into turns.
pub(super) struct Reader<'p> {
    path: &'p str,
    budget: Budget,
    place: PlaceMemo,
    text_bytes: usize,
    /// What the next line needs to know.
    pub(super) state: State,
    /// The turns so far.
    pub(super) turns: Vec<Turn>,
    /// The sessions so far.
    pub(super) sessions: Vec<Session>,
    /// What was passed over so far.
    pub(super) report: Report,
}

impl<'p> Reader<'p> {
    /// Begins where a cursor stands.
    pub(super) fn new(path: &'p str, cursor: &Cursor, budget: Budget) -> Self {
        Self {
            path,
            budget,
            place: PlaceMemo::default(),
            text_bytes: 0,
            state: State::from_carry(cursor.carry.as_deref()),
            turns: Vec::new(),
            sessions: Vec::new(),
            report: Report::default(),
        }
    }

    /// Takes in one line that begins at `offset`.
    pub(super) fn line(&mut self, line: read::Line<'_>, offset: u64) -> Step {
        let step = match line {
            read::Line::LongOpen => Step::Unfinished,
            read::Line::Whole([]) | read::Line::Open([]) => return Step::Passed,
            _ if self.room() == Room::None => Step::Full,
            read::Line::Whole(bytes) => self
                .whole(bytes, offset)
                .unwrap_or_else(|| self.broken(offset)),
            read::Line::Open(bytes) => self.object(bytes, offset).unwrap_or(Step::Unfinished),
            read::Line::Long => {
                self.report.too_long += 1;
                Step::Passed
            }
        };
        self.report.lines += u64::from(step == Step::Passed);
        step
    }

    /// Takes in a line of which all has been written; `None` if it is no JSON.
    fn whole(&mut self, bytes: &[u8], offset: u64) -> Option<Step> {
        if let Some(kind) = skim::bookkeeping(bytes) {
            count(&mut self.report.skipped, kind);
            return Some(Step::Passed);
        }
        self.object(bytes, offset)
    }

    /// Takes in a line that should be an object; `None` if it is no JSON.
    fn object(&mut self, bytes: &[u8], offset: u64) -> Option<Step> {
        // Checking first is several times faster than looking for what to replace.
        let text = std::str::from_utf8(bytes)
            .map_or_else(|_| String::from_utf8_lossy(bytes), Cow::Borrowed);
        let mended;
        let (outline, hurt) = match Line::outline(&text) {
            Some(outline) => (outline, matches!(text, Cow::Owned(_))),
            None => {
                mended = json::mend(&text);
                let Some(outline) = Line::outline(&mended) else {
                    let value = json::is_whole(&mended) && !json::is_too_deep(&mended);
                    return value.then(|| {
                        count(&mut self.report.unknown, "(no object)");
                        Step::Passed
                    });
                };
                (outline, true)
            }
        };
        if self.room() == Room::Prompt && message::is_prompt(&outline) {
            return Some(Step::Full);
        }
        if hurt || outline.is_odd() {
            self.report.mended += 1;
            place(&mut self.report.mended_at, offset);
        }
        let turns = self.turns.len();
        self.take(&outline);
        // What is too deep to be read is no noise, though nothing came of it.
        let lost = self.turns.len() == turns && json::is_too_deep(&text);
        Some(if lost {
            self.broken(offset)
        } else {
            Step::Passed
        })
    }

    fn broken(&mut self, offset: u64) -> Step {
        self.report.broken += 1;
        place(&mut self.report.broken_at, offset);
        Step::Passed
    }

    /// Returns what may still be taken: anything, anything but a prompt, or nothing.
    fn room(&self) -> Room {
        let used = |turns: usize, text: usize| self.turns.len() >= turns || self.text_bytes >= text;
        let Budget {
            turns, text_bytes, ..
        } = self.budget;
        match () {
            // Whatever the budget, one turn always fits: else the cursor would never move.
            () if self.turns.is_empty() => Room::Any,
            () if used(turns.saturating_mul(2), text_bytes.saturating_mul(2)) => Room::None,
            () if used(turns, text_bytes) => Room::Prompt,
            () => Room::Any,
        }
    }

    /// Takes in a line whose fields were found.
    fn take(&mut self, line: &Line<'_>) {
        let kind = line.text(Field::Type).unwrap_or(Cow::Borrowed("(none)"));
        self.notice(line);
        match kind.as_ref() {
            "user" | "assistant" => self.message(line),
            "progress" => self.progress(line),
            "attachment" => self.attachment(line),
            "system" => self.system(line),
            "queue-operation" => {
                let words = queue::operation(line, &mut self.state);
                self.queued(line, words);
            }
            known if skim::is_known(known) => count(&mut self.report.skipped, known),
            unknown => {
                self.chain(line);
                count(&mut self.report.unknown, &keep::name(unknown, NAME_BYTES));
            }
        }
    }

    /// Remembers what a line says of its time, session and place.
    fn notice(&mut self, line: &Line<'_>) {
        if let Some(at) = line.at() {
            self.state.at = at;
        }
        if let Some(session) = line.text(Field::Session) {
            let same = self.state.session.as_deref() == Some(session.as_ref());
            if !same {
                self.state.session = Some(keep::name(&session, NAME_BYTES));
            }
        }
        if let Some(place) = self.place.read(line) {
            self.state.place = place;
        }
    }

    fn message(&mut self, line: &Line<'_>) {
        let id = turn_id(line);
        let parts = match line.text(Field::Type).as_deref() {
            Some("assistant") => message::assistant(line, &mut self.state),
            _ => message::user(line, &id, &self.state),
        };
        for part in parts.iter().filter(|part| part.speaker == Speaker::User) {
            self.state.forget_queued(&part.text);
        }
        self.turn(line, id, parts);
    }

    /// Takes in a subagent's message; other progress is passed over.
    fn progress(&mut self, line: &Line<'_>) {
        self.chain(line);
        match subagent(line) {
            Some(inner) => {
                self.notice(&inner);
                self.message(&inner);
            }
            None => count(&mut self.report.skipped, "progress"),
        }
    }

    fn attachment(&mut self, line: &Line<'_>) {
        let raw = line.raw(Field::Attachment).unwrap_or("{}");
        let kind = attachment::kind(raw).unwrap_or_default();
        if kind == "queued_command" {
            let words = queue::attachment(raw, line, &mut self.state);
            self.chain(line);
            self.queued(line, words);
            return;
        }
        let parts = attachment::parts(&kind, raw);
        if parts.is_empty() {
            self.chain(line);
            count(&mut self.report.skipped, "attachment");
        } else {
            self.turn(line, turn_id(line), parts);
        }
    }

    fn system(&mut self, line: &Line<'_>) {
        let command = line.text(Field::Subtype).as_deref() == Some("local_command");
        match line.text(Field::Content).filter(|_| command) {
            Some(content) => {
                let id = turn_id(line);
                let parts = prompt::parts(&content, prompt::Voice::User, &id);
                self.turn(line, id, parts);
            }
            None => {
                self.chain(line);
                count(&mut self.report.skipped, "system");
            }
        }
    }

    /// Gives out words of the queue as a turn.
    fn queued(&mut self, line: &Line<'_>, words: Option<Queued>) {
        let Some(words) = words else {
            count(&mut self.report.skipped, "queue-operation");
            return;
        };
        let parts = prompt::parts(&words.text, prompt::Voice::Person, &words.id);
        let turn = self.shape(line, words.id, words.at, parts);
        self.keep(turn);
    }

    /// Remembers what a line without a turn hangs on.
    fn chain(&mut self, line: &Line<'_>) {
        let before = line
            .id(Field::LogicalParent)
            .or_else(|| line.id(Field::Parent));
        if let Some(id) = line.id(Field::Uuid) {
            self.state.link(&id, before.as_deref());
        }
    }

    fn turn(&mut self, line: &Line<'_>, id: String, mut parts: Vec<Part>) {
        parts.retain(|part| !part.text.is_empty() || !matches!(part.kind, PartKind::Said));
        if parts.is_empty() {
            self.report.empty += 1;
            self.chain(line);
            return;
        }
        // Whoever speaks for himself names the turn, whatever was put before his words.
        parts.sort_by_key(|part| !part.speaker.bears_witness());
        let turn = self.shape(line, id, self.state.at, parts);
        self.keep(turn);
    }

    fn shape(&mut self, line: &Line<'_>, id: String, at: i64, parts: Vec<Part>) -> Turn {
        let parent = line.id(Field::Parent);
        let sidechain = line.is(Field::Sidechain).then(|| {
            let agent = line.text(Field::Agent);
            agent.map_or_else(
                || "inline".to_owned(),
                |agent| keep::name(&agent, NAME_BYTES),
            )
        });
        let session = self.state.session.clone();
        Turn {
            id: TurnId::new(id),
            session: SessionId::new(session.unwrap_or_else(|| stem(self.path))),
            parent: parent.and_then(|parent| self.state.parent(&parent)),
            at: time::from_ms(at).unwrap_or_default(),
            position: self.state.next_position(self.state.at),
            place: self.state.place.clone(),
            sidechain,
            parts,
        }
    }

    fn keep(&mut self, turn: Turn) {
        self.text_bytes += turn.parts.iter().map(|part| part.text.len()).sum::<usize>();
        match self
            .sessions
            .iter_mut()
            .find(|known| known.id == turn.session)
        {
            Some(known) => {
                known.started_at = known.started_at.min(turn.at);
                known.ended_at = known.ended_at.max(turn.at);
            }
            None => self.sessions.push(Session {
                id: turn.session.clone(),
                agent: Agent::ClaudeCode,
                project: None,
                started_at: turn.at,
                ended_at: turn.at,
            }),
        }
        self.turns.push(turn);
    }
}

#[derive(PartialEq)]
enum Room {
    Any,
    Prompt,
    None,
}

fn place(places: &mut Vec<u64>, offset: u64) {
    if places.len() < Report::PLACES {
        places.push(offset);
    }
}

fn count(counts: &mut BTreeMap<String, u64>, name: &str) {
    let room = counts.len() < UNKNOWN_TYPES || counts.contains_key(name);
    let name = if room { name } else { "(other)" };
    match counts.get_mut(name) {
        Some(count) => *count += 1,
        None => drop(counts.insert(name.to_owned(), 1)),
    }
}
