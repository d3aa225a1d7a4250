//! Removes text from a mailbox: the one way in which something leaves it unanswered.
//!
//! Does not reach what was already carried elsewhere; it says how many requests were.

use std::collections::HashSet;
use std::fs;
use std::io::{self, BufReader, Write};
use std::path::Path;

use domain::SessionId;
use serde_json::Value;

use super::folder::{self, Folder};
use super::lines::{Lines, Text};
use super::{ledger, requests};

/// What a purge removed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Purged {
    /// Requests.
    pub requests: u64,
    /// Replies.
    pub replies: u64,
}

/// Removes every request and reply in whose words the caller finds what is to go.
pub fn purge(path: &Path, matches: &dyn Fn(&str) -> bool) -> io::Result<Purged> {
    clear(path, &|line| holds(line, matches), &HashSet::new(), matches)
}

/// Removes every request that carries words of these sessions, with its replies.
pub fn purge_sessions(path: &Path, gone: &dyn Fn(&SessionId) -> bool) -> io::Result<Purged> {
    let ledger = ledger::read(&Folder::at(path))?;
    let names: HashSet<String> = ledger
        .into_values()
        .filter(|entry| entry.session.as_ref().is_some_and(gone))
        .map(|entry| entry.custom_id)
        .collect();
    clear(path, &|_| false, &names, &|_| false)
}

fn clear(
    path: &Path,
    line_matches: &dyn Fn(&[u8]) -> bool,
    named: &HashSet<String>,
    page_matches: &dyn Fn(&str) -> bool,
) -> io::Result<Purged> {
    if !path.is_dir() {
        return Ok(Purged::default());
    }
    let folder = Folder::at(path);
    let locked = folder.lock()?;
    // What a crash left half written is written anew when it is needed.
    for left in ["requests.new", "replies.new", ".batch.part"] {
        folder::remove(&path.join(left))?;
    }
    // A reply to a request that goes may repeat its words in another spelling: it goes as well.
    let mut gone = named.clone();
    requests::each(&folder.requests(), |line, name| {
        if line_matches(line) {
            gone.extend(name.map(str::to_owned));
        }
        Ok(())
    })?;
    let is_gone = |line: &[u8], name: Option<&str>| {
        name.map_or_else(|| line_matches(line), |name| gone.contains(name))
    };
    let mut replies = 0;
    for lie in [&folder, &folder.withdrawn()] {
        replies += drop_replies(lie, line_matches, &gone)?;
        replies += drop_files(&lie.written(), page_matches, &gone)?;
    }
    let requests = requests::remove(&locked, &folder, is_gone)?;
    let pages = drop_files(&folder.pages(), page_matches, &gone)?;
    Ok(Purged {
        requests: requests + pages,
        replies,
    })
}

/// Removes the replies' lines that go, and returns how many.
pub(super) fn drop_replies(
    folder: &Folder,
    matches: &dyn Fn(&[u8]) -> bool,
    gone: &HashSet<String>,
) -> io::Result<u64> {
    let path = folder.replies();
    let is_gone = |text: &[u8]| {
        super::request::name_in(text).is_some_and(|name| gone.contains(&name)) || matches(text)
    };
    let mut count = 0;
    each_reply(&path, |text| {
        count += u64::from(text.is_none_or(is_gone));
        Ok(())
    })?;
    if count > 0 {
        folder::replace(&path, |out| {
            each_reply(&path, |text| match text.filter(|text| !is_gone(text)) {
                Some(text) => out.write_all(text).and_then(|()| out.write_all(b"\n")),
                None => Ok(()),
            })
        })?;
    }
    Ok(count)
}

/// Hands every reply's line to the caller; `None` is one too long to look into, which goes to be safe.
pub(super) fn each_reply(
    path: &Path,
    mut take: impl FnMut(Option<&[u8]>) -> io::Result<()>,
) -> io::Result<()> {
    let Some(file) = folder::open(path)? else {
        return Ok(());
    };
    let mut lines = Lines::from(BufReader::with_capacity(128 * 1024, file), 0);
    while let Some(line) = lines.next()? {
        match line.text {
            Text::Whole(text) | Text::Open(text) => take(Some(text))?,
            Text::TooLong => take(None)?,
        }
    }
    Ok(())
}

pub(super) fn drop_files(
    path: &Path,
    matches: &dyn Fn(&str) -> bool,
    gone: &HashSet<String>,
) -> io::Result<u64> {
    let entries = match fs::read_dir(path) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(0),
        Err(error) => return Err(error),
    };
    let mut count = 0;
    for entry in entries {
        let entry = entry?.path();
        let name = entry
            .file_stem()
            .and_then(|name| name.to_str())
            .unwrap_or_default();
        let goes = gone.contains(name)
            || folder::read(&entry).is_ok_and(|bytes| matches(&String::from_utf8_lossy(&bytes)));
        count += u64::from(goes && folder::remove(&entry)?);
    }
    Ok(count)
}

/// Words are looked for as they stand in the file and as they were before JSON escaped them.
fn holds(line: &[u8], matches: &dyn Fn(&str) -> bool) -> bool {
    matches(&String::from_utf8_lossy(line))
        || serde_json::from_slice::<Value>(line).is_ok_and(|value| any_text(&value, matches))
}

fn any_text(value: &Value, matches: &dyn Fn(&str) -> bool) -> bool {
    match value {
        Value::String(text) => matches(text),
        Value::Array(list) => list.iter().any(|entry| any_text(entry, matches)),
        Value::Object(map) => map.values().any(|entry| any_text(entry, matches)),
        _ => false,
    }
}
