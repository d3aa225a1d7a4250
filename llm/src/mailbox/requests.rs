//! `requests.jsonl`: the requests that wait, each once.
//!
//! Builds no request and judges no reply.

use std::collections::HashSet;
use std::io::{self, BufReader, Write};
use std::path::Path;

use super::folder::{self, Folder, Locked, Print};
use super::lines::{Lines, Text};
use super::request;

/// The names of the requests that stand in the file.
#[derive(Debug, Default)]
pub(crate) struct Requests {
    print: Print,
    names: HashSet<String>,
}

impl Requests {
    /// Reads the names anew if the file has changed.
    pub(crate) fn refresh(&mut self, path: &Path) -> io::Result<()> {
        let print = folder::print(path)?;
        if print != self.print {
            let mut names = HashSet::new();
            each(path, |_, name| {
                names.extend(name.map(str::to_owned));
                Ok(())
            })?;
            *self = Self { print, names };
        }
        Ok(())
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.names.contains(name)
    }

    /// Adds a request's line. The right to write is asked for, so nobody else adds it meanwhile.
    pub(crate) fn add(
        &mut self,
        locked: &Locked,
        path: &Path,
        name: &str,
        line: &[u8],
    ) -> io::Result<()> {
        folder::append_ours(locked, path, line)?;
        self.names.insert(name.to_owned());
        self.print = folder::print(path)?;
        Ok(())
    }
}

/// Hands each whole line to the caller, with the request's name where it can be read.
pub(crate) fn each(
    path: &Path,
    mut take: impl FnMut(&[u8], Option<&str>) -> io::Result<()>,
) -> io::Result<()> {
    let Some(file) = folder::open(path)? else {
        return Ok(());
    };
    let mut lines = Lines::from(BufReader::with_capacity(128 * 1024, file), 0);
    while let Some(line) = lines.next()? {
        match line.text {
            Text::Whole(b"") => {}
            Text::Whole(text) => take(text, request::name_in(text).as_deref())?,
            // A crash tore it; the next one that is added takes its place.
            Text::Open(text) => {
                if let Some(name) = request::name_in(text) {
                    take(text, Some(&name))?;
                }
            }
            Text::TooLong => {
                tracing::warn!("a line of {} is longer than any request", path.display());
            }
        }
    }
    Ok(())
}

/// Removes the requests of which the caller says so, and returns how many.
pub(crate) fn remove(
    _locked: &Locked,
    folder: &Folder,
    gone: impl Fn(&[u8], Option<&str>) -> bool,
) -> io::Result<u64> {
    let path = folder.requests();
    let mut removed = Vec::new();
    let mut count = 0;
    each(&path, |line, name| {
        if gone(line, name) {
            count += 1;
            removed.extend(name.map(str::to_owned));
        }
        Ok(())
    })?;
    if count == 0 {
        return Ok(0);
    }
    folder::replace(&path, |out| {
        each(&path, |line, name| match gone(line, name) {
            true => Ok(()),
            false => out.write_all(line).and_then(|()| out.write_all(b"\n")),
        })
    })?;
    for name in removed {
        folder::remove(&folder.page(&name))?;
    }
    Ok(count)
}
