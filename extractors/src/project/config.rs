//! Reads the remotes out of a repository's own git config.
//!
//! It must not follow `[include]` nor apply `url.insteadOf`: both depend on the person's machine,
//! and a name that clones share must not.

use std::path::Path;

use super::gitdir;

/// Returns the addresses of the remotes: `origin` first, then the others as they stand.
pub(super) fn remotes(common: &Path) -> Vec<String> {
    let mut remotes = named(common);
    // The sort is stable: the others keep their order.
    remotes.sort_by_key(|(name, _)| name != "origin");
    remotes.into_iter().map(|(_, url)| url).collect()
}

/// Returns the address that a clone was made from: `origin`, or the only remote under another name.
pub(super) fn origin(common: &Path) -> Option<String> {
    let remotes = named(common);
    let only = remotes.len() == 1;
    let found = remotes
        .into_iter()
        .find(|(name, _)| only || name == "origin");
    found.map(|(_, url)| url)
}

fn named(common: &Path) -> Vec<(String, String)> {
    urls(&gitdir::read(&common.join("config")).unwrap_or_default())
}

/// Returns each remote's first address, with the remote's name.
fn urls(config: &str) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    let mut remote: Option<String> = None;
    for line in joined(config) {
        let mut line = line.trim();
        if let Some((header, rest)) = header(line) {
            remote = remote_name(header);
            line = rest.trim();
        }
        let Some(name) = &remote else { continue };
        let Some(url) = value_of_url(line) else {
            continue;
        };
        if !url.is_empty() && !found.iter().any(|(known, _)| known == name) {
            found.push((name.clone(), url));
        }
    }
    found
}

/// Joins lines that end in a backslash with what follows.
fn joined(config: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut open = false;
    for line in config.lines() {
        let (text, goes_on) = match line.strip_suffix('\\') {
            Some(text) => (text, true),
            None => (line, false),
        };
        match lines.last_mut() {
            Some(last) if open => last.push_str(text),
            _ => lines.push(text.to_owned()),
        }
        open = goes_on;
    }
    lines
}

/// Splits `[remote "origin"] url = …` into the header's inside and what follows it.
fn header(line: &str) -> Option<(&str, &str)> {
    let inside = line.strip_prefix('[')?;
    let mut quoted = false;
    let mut escaped = false;
    for (at, c) in inside.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => quoted = !quoted,
            ']' if !quoted => return Some((&inside[..at], &inside[at + 1..])),
            _ => {}
        }
    }
    None
}

/// Returns the remote that a section is about, in the new writing or the old dotted one.
fn remote_name(header: &str) -> Option<String> {
    let header = header.trim();
    let (section, name) = match header.split_once(char::is_whitespace) {
        Some((section, quoted)) => {
            let inner = quoted.trim().strip_prefix('"')?.strip_suffix('"')?;
            (section, unescaped(inner))
        }
        None => {
            let (section, name) = header.split_once('.')?;
            (section, name.to_lowercase())
        }
    };
    section.eq_ignore_ascii_case("remote").then_some(name)
}

fn value_of_url(line: &str) -> Option<String> {
    let (key, value) = line.split_once('=')?;
    let is_url = key.trim().eq_ignore_ascii_case("url");
    is_url.then(|| value_text(value.trim()))
}

/// Returns a value without its quotes, escapes and closing comment.
fn value_text(value: &str) -> String {
    let mut out = String::new();
    let mut quoted = false;
    let mut chars = value.chars();
    while let Some(c) = chars.next() {
        match c {
            '"' => quoted = !quoted,
            '\\' => out.extend(chars.next()),
            '#' | ';' if !quoted => break,
            _ => out.push(c),
        }
    }
    out.trim().to_owned()
}

fn unescaped(text: &str) -> String {
    let mut out = String::new();
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => out.extend(chars.next()),
            _ => out.push(c),
        }
    }
    out
}
