//! Takes requests back that nobody is to answer any more, and puts what was replied to them aside.
//!
//! Deletes no reply: somebody may have written it by hand. That is a purge's.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::io;
use std::path::Path;

use domain::AskId;

use super::folder::{self, Folder, Locked};
use super::purge::{drop_files, drop_replies, each_reply};
use super::request::{Entry, name_in};
use super::{ledger, requests};

/// What was taken out of a mailbox.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Withdrawn {
    /// Requests that nobody answers now.
    pub requests: u64,
    /// Replies that lie in the folder `withdrawn` now.
    pub replies: u64,
}

/// What lies in a mailbox.
#[derive(Clone, Debug, Default)]
pub struct Lying {
    /// What was asked here and still lies here, as a request or as a reply.
    pub entries: Vec<Entry>,
    /// What every ask was about that was ever asked here.
    pub abouts: HashMap<AskId, String>,
}

/// Returns what lies in a mailbox.
pub fn lying(path: &Path) -> io::Result<Lying> {
    let folder = Folder::at(path);
    let mut asked = ledger::read(&folder)?;
    let about = |entry: &Entry| (entry.ask.clone(), entry.about.clone());
    let abouts = asked.values().map(about).collect();
    let mut names = HashSet::new();
    requests::each(&folder.requests(), |_, name| {
        names.extend(name.map(str::to_owned));
        Ok(())
    })?;
    each_reply(&folder.replies(), |text| {
        names.extend(text.and_then(name_in));
        Ok(())
    })?;
    for name in asked.keys() {
        if folder.written_reply(name).exists() || folder.page(name).exists() {
            names.insert(name.clone());
        }
    }
    let entries = names.iter().filter_map(|name| asked.remove(name));
    Ok(Lying {
        entries: entries.collect(),
        abouts,
    })
}

/// Takes the requests of these names back. Their replies come to lie in the folder `withdrawn`.
pub fn withdraw(path: &Path, names: &HashSet<String>) -> io::Result<Withdrawn> {
    if names.is_empty() || !path.is_dir() {
        return Ok(Withdrawn::default());
    }
    let folder = Folder::at(path);
    let locked = folder.lock()?;
    let replies = put_aside(&locked, &folder, names)?;
    let is_gone = |_: &[u8], name: Option<&str>| name.is_some_and(|name| names.contains(name));
    let listed = requests::remove(&locked, &folder, is_gone)?;
    let pages = drop_files(&folder.pages(), &|_| false, names)?;
    Ok(Withdrawn {
        requests: listed + pages,
        replies,
    })
}

/// What lies aside is on the disk before it is gone here: a crash between leaves it twice.
fn put_aside(locked: &Locked, folder: &Folder, names: &HashSet<String>) -> io::Result<u64> {
    let aside = folder.withdrawn();
    let mut lines = Vec::new();
    each_reply(&folder.replies(), |text| {
        let ours = |text: &&[u8]| name_in(text).is_some_and(|name| names.contains(&name));
        if let Some(text) = text.filter(ours) {
            lines.extend_from_slice(text);
            lines.push(b'\n');
        }
        Ok(())
    })?;
    let mut count = 0;
    if !lines.is_empty() {
        folder::make(aside.path())?;
        folder::append_theirs(locked, &aside.replies(), &lines)?;
        count += drop_replies(folder, &|_| false, names)?;
    }
    for name in names {
        let written = folder.written_reply(name);
        if written.exists() {
            folder::make(&aside.written())?;
            fs::rename(&written, aside.written_reply(name))?;
            count += 1;
        }
    }
    Ok(count)
}
