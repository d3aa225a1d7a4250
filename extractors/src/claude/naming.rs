//! Says how a line's turn is called, where it was said, and whose message a line wraps.
//!
//! Looks at single lines; what several lines say together is the reader's knowledge.

use domain::{Place, digest};

use super::json::pick;
use super::line::{Field, Line};
use super::{NAME_BYTES, PATH_BYTES, keep};

/// The place that the last line named, so that the same words are not cleaned a thousand times.
#[derive(Default)]
pub(super) struct PlaceMemo {
    cwd: Option<String>,
    branch: Option<String>,
}

impl PlaceMemo {
    /// Returns the line's place if it names another one than the line before.
    pub(super) fn read(&mut self, line: &Line<'_>) -> Option<Place> {
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
pub(super) fn subagent<'a>(line: &Line<'a>) -> Option<Line<'a>> {
    // Most progress is a command's output or a hook's, and is not worth a look.
    let data = line
        .raw(Field::Data)
        .filter(|data| data.contains("\"agent_progress\""))?;
    let [kind, message, agent] = pick(data, ["type", "message", "agentId"])?;
    if kind != Some("\"agent_progress\"") {
        return None;
    }
    let inner = pick(message?, ["type", "uuid", "timestamp", "message"])?;
    inner[3].is_some().then(|| line.wrapping(inner, agent))
}

/// Returns the name of a line's turn: its uuid, or a digest of what makes it what it is.
pub(super) fn turn_id(line: &Line<'_>) -> String {
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
pub(super) fn stem(path: &str) -> String {
    let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
    keep::name(name.split('.').next().unwrap_or(name), NAME_BYTES)
}
