//! `ledger.jsonl`: which requests were ever asked here, and what each may cost.
//!
//! Holds no word of a request, so that it needs no purge.

use std::collections::HashMap;
use std::io::{self, BufReader};

use super::folder::{self, Folder, Locked};
use super::lines::{Lines, Text};
use super::request::Entry;

/// Adds an entry.
pub(crate) fn add(locked: &Locked, folder: &Folder, entry: &Entry) -> io::Result<()> {
    let mut line = serde_json::to_vec(entry).expect("names and numbers are always JSON");
    line.push(b'\n');
    folder::append_ours(locked, &folder.ledger(), &line)
}

/// Reads all entries, by their names. A line that cannot be read is passed over: what it named is
/// answered all the same, and only counted as unknown.
pub(crate) fn read(folder: &Folder) -> io::Result<HashMap<String, Entry>> {
    let mut entries = HashMap::new();
    let Some(file) = folder::open(&folder.ledger())? else {
        return Ok(entries);
    };
    let mut lines = Lines::from(BufReader::new(file), 0);
    while let Some(line) = lines.next()? {
        let (Text::Whole(text) | Text::Open(text)) = line.text else {
            continue;
        };
        if let Ok(entry) = serde_json::from_slice::<Entry>(text) {
            entries.insert(entry.custom_id.clone(), entry);
        }
    }
    Ok(entries)
}
