//! Chooses what goes into a batch, and takes from what came back what was asked for.
//!
//! Sends nothing.

use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::io::{self, BufReader};
use std::path::Path;

use serde_json::Value;

use super::Limits;
use crate::mailbox::lines::{Lines, Text};
use crate::mailbox::{Entry, Folder, append_theirs, name_in, remove_file, requests};

/// So many bytes of replies are added at once.
const PIECE: usize = 1024 * 1024;

/// Groups requests so that each group fits into a batch. One batch asks one model.
pub(super) fn groups(
    folder: &Folder,
    entries: &[Entry],
    limits: &Limits,
) -> io::Result<Vec<Vec<String>>> {
    let models: HashMap<&str, &str> = entries
        .iter()
        .map(|entry| (entry.custom_id.as_str(), entry.model.as_str()))
        .collect();
    let mut open: HashMap<&str, (usize, Vec<String>)> = HashMap::new();
    let mut full = Vec::new();
    requests::each(&folder.requests(), |line, name| {
        let Some((name, model)) = name.and_then(|name| Some((name, models.get(name)?))) else {
            return Ok(());
        };
        let (bytes, names) = open.entry(model).or_default();
        if !names.is_empty()
            && (names.len() >= limits.requests || *bytes + line.len() >= limits.bytes)
        {
            full.push(std::mem::take(names));
            *bytes = 0;
        }
        *bytes += line.len() + 1;
        names.push(name.to_owned());
        Ok(())
    })?;
    let mut rest: Vec<Vec<String>> = open.into_values().map(|(_, names)| names).collect();
    rest.retain(|names| !names.is_empty());
    // In an order that no chance decides.
    rest.sort();
    full.extend(rest);
    Ok(full)
}

/// Returns the lines of these requests, for this endpoint.
pub(super) fn lines(folder: &Folder, names: &HashSet<&str>, endpoint: &str) -> io::Result<Vec<u8>> {
    let mut all = Vec::new();
    requests::each(&folder.requests(), |line, name| {
        if name.is_some_and(|name| names.contains(name)) {
            all.extend(addressed(line, endpoint)?);
            all.push(b'\n');
        }
        Ok(())
    })?;
    Ok(all)
}

fn addressed(line: &[u8], endpoint: &str) -> io::Result<Vec<u8>> {
    let mut value: Value = serde_json::from_slice(line)?;
    value["url"] = endpoint.into();
    Ok(serde_json::to_vec(&value)?)
}

/// Moves what came back for these requests among the replies, without secrets, and removes the file it
/// came in.
pub(super) fn take(
    folder: &Folder,
    part: &Path,
    names: &HashSet<&str>,
    redact: fn(&str) -> String,
) -> io::Result<()> {
    let locked = folder.lock()?;
    let mut lines = Lines::from(BufReader::new(File::open(part)?), 0);
    let mut piece = Vec::new();
    while let Some(line) = lines.next()? {
        let (Text::Whole(text) | Text::Open(text)) = line.text else {
            continue;
        };
        if name_in(text).is_some_and(|name| names.contains(name.as_str())) {
            piece.extend_from_slice(redact(&String::from_utf8_lossy(text)).as_bytes());
            piece.push(b'\n');
        }
        if piece.len() > PIECE {
            append_theirs(&locked, &folder.replies(), &piece)?;
            piece.clear();
        }
    }
    append_theirs(&locked, &folder.replies(), &piece)?;
    remove_file(part)?;
    Ok(())
}
