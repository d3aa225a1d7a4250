//! Takes in one line after the other and collects turns, sessions and a report.
//!
//! Reads no file and knows no offsets: the same lines give the same turns, however they are cut.

use std::borrow::Cow;
use std::collections::BTreeMap;

use domain::{Agent, Cursor, Part, Place, Session, SessionId, Speaker, Turn, TurnId, digest, time};

use super::json::{self, pick};
use super::line::{Field, Line};
use super::state::{Queued, State};
use super::{NAME_BYTES, PATH_BYTES, attachment, keep, message, prompt, queue, skim};
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
        let (bytes, open) = match line {
            read::Line::Whole(bytes) => (bytes, false),
            read::Line::Open(bytes) => (bytes, true),
            read::Line::LongOpen => return Step::Unfinished,
            read::Line::Long => {
                self.report.lines += 1;
                self.report.too_long += 1;
                return Step::Passed;
            }
        };
        let bytes = trim(bytes);
        if bytes.is_empty() {
            return Step::Passed;
        }
        if self.room() == Room::None {
            return Step::Full;
        }
        if let Some(kind) = skim::bookkeeping(bytes).filter(|_| !open) {
            self.report.lines += 1;
            count(&mut self.report.skipped, kind);
            return Step::Passed;
        }
        let text = String::from_utf8_lossy(bytes);
        let mended;
        let (json, outline, hurt) = match Line::outline(&text) {
            Some(outline) => (text.as_ref(), Some(outline), matches!(text, Cow::Owned(_))),
            None => {
                mended = json::mend(&text);
                (mended.as_str(), Line::outline(&mended), true)
            }
        };
        match outline {
            Some(outline) => {
                if self.room() == Room::Prompt && message::is_prompt(&outline) {
                    return Step::Full;
                }
                self.report.mended += u64::from(hurt);
                self.take(&outline);
            }
            None if open && !json::is_whole(json) => return Step::Unfinished,
            None if json::is_whole(json) => count(&mut self.report.unknown, "(no object)"),
            None => self.broken(offset),
        }
        self.report.lines += 1;
        Step::Passed
    }

    fn broken(&mut self, offset: u64) {
        self.report.broken += 1;
        if self.report.broken_at.len() < Report::PLACES {
            self.report.broken_at.push(offset);
        }
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
        parts.retain(|part| !part.text.is_empty() || !matches!(part.kind, domain::PartKind::Said));
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
            agent.map_or_else(|| "inline".to_owned(), |agent| keep::name(&agent, NAME_BYTES))
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
        match self.sessions.iter_mut().find(|known| known.id == turn.session) {
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

/// The place that the last line named, so that the same words are not cleaned a thousand times.
#[derive(Default)]
struct PlaceMemo {
    cwd: Option<String>,
    branch: Option<String>,
}

impl PlaceMemo {
    /// Returns the line's place if it names another one than the line before.
    fn read(&mut self, line: &Line<'_>) -> Option<Place> {
        let (cwd, branch) = (line.raw(Field::Cwd), line.raw(Field::Branch));
        let known = self.cwd.as_deref() == cwd && self.branch.as_deref() == branch;
        if known || (cwd.is_none() && branch.is_none()) {
            return None;
        }
        self.cwd = cwd.map(str::to_owned);
        self.branch = branch.map(str::to_owned);
        let clean = |field| Some(keep::name(&line.text(field)?, PATH_BYTES));
        Some(Place {
            cwd: clean(Field::Cwd),
            branch: clean(Field::Branch),
        })
    }
}

/// Returns the line that a subagent's message would have been, had it its own file.
fn subagent<'a>(line: &Line<'a>) -> Option<Line<'a>> {
    let [kind, message, agent] = pick(line.raw(Field::Data)?, ["type", "message", "agentId"])?;
    if kind != Some("\"agent_progress\"") {
        return None;
    }
    let inner = pick(message?, ["type", "uuid", "timestamp", "message"])?;
    inner[3].is_some().then(|| line.wrapping(inner, agent))
}

/// Returns the name of a line's turn: its uuid, or a digest of what makes it what it is.
fn turn_id(line: &Line<'_>) -> String {
    let parts = [
        Field::Session,
        Field::Timestamp,
        Field::Type,
        Field::Message,
        Field::Content,
    ];
    line.id(Field::Uuid)
        .unwrap_or_else(|| digest('t', &parts.map(|field| line.raw(field).unwrap_or_default())))
}

/// Returns a path's last part without its ending: the client names files after their sessions.
fn stem(path: &str) -> String {
    let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
    keep::name(name.split('.').next().unwrap_or(name), NAME_BYTES)
}

/// Returns the line without what may stand around its object: blanks, a mark of byte order, and
/// the NULs that a crash leaves in a file.
fn trim(line: &[u8]) -> &[u8] {
    let line = line.strip_prefix("\u{feff}".as_bytes()).unwrap_or(line);
    let from = line.iter().position(|byte| !is_blank(*byte));
    let to = line.iter().rposition(|byte| !is_blank(*byte));
    match (from, to) {
        (Some(from), Some(to)) => &line[from..=to],
        _ => &[],
    }
}

fn is_blank(byte: u8) -> bool {
    byte == 0 || byte.is_ascii_whitespace()
}

fn count(counts: &mut BTreeMap<String, u64>, name: &str) {
    let room = counts.len() < UNKNOWN_TYPES || counts.contains_key(name);
    let name = if room { name } else { "(other)" };
    match counts.get_mut(name) {
        Some(count) => *count += 1,
        None => drop(counts.insert(name.to_owned(), 1)),
    }
}
