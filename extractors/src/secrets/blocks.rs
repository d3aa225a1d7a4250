//! Finds private keys as blocks: whole, cut short at either end, indented, numbered or escaped.
//!
//! Leaves certificates and public keys alone, and a heading that no key follows.

use super::edges::Class;
use super::span::{Rank, Span};

/// What opens a block; the words behind it say whether it is private.
pub(super) const HEADINGS: [&str; 3] = ["-----BEGIN ", "---- BEGIN ", "Private-Lines: "];
/// What closes a block whose beginning may be missing.
pub(super) const CLOSING: &str = "-----END ";

#[cfg(test)]
pub(super) const KINDS: [&str; 2] = [KEY, SERVICE_ACCOUNT];
const KEY: &str = "private-key";
const SERVICE_ACCOUNT: &str = "gcp-service-account";

// A line of a key is 64 to 76 characters; what is shorter than this is a number or a word.
const LONG_RUN: usize = 16;
// A 16384-bit RSA key has 13 kB; PGP keys with many identities reach a few times that.
const MAX_BLOCK: usize = 128 * 1024;
// The lines that may stand between the heading and the key.
const FIELDS: [&str; 9] = [
    "Proc-Type",
    "DEK-Info",
    "Version",
    "Comment",
    "Hash",
    "Charset",
    "MessageID",
    "Subject",
    "Private-MAC",
];

/// Returns the key under the heading at `start`.
pub(super) fn find(text: &str, start: usize, end: usize) -> Option<Span> {
    let body = if text[start..].starts_with('P') {
        end
    } else {
        heading_end(text, end)?
    };
    let from = if body == end { end } else { start };
    let stop = body_end(text, body)?;
    let before = &text[text.floor_char_boundary(start.saturating_sub(20))..start];
    let kind = if before.contains("private_key") {
        SERVICE_ACCOUNT
    } else {
        KEY
    };
    Some(Span {
        start: from,
        end: stop,
        kind,
        rank: Rank::Formed,
    })
}

/// Returns the end of a key whose closing line stands at `start` and whose heading is missing.
pub(super) fn find_tail(text: &str, start: usize, end: usize) -> Option<Span> {
    let stop = heading_end(text, end)?;
    let from = tail_start(text, start)?;
    Some(Span {
        start: from,
        end: stop,
        kind: KEY,
        rank: Rank::Formed,
    })
}

// `RSA PRIVATE KEY-----`, `PGP PRIVATE KEY BLOCK-----`, `SSH2 ENCRYPTED PRIVATE KEY ----`.
fn heading_end(text: &str, at: usize) -> Option<usize> {
    let line = &text[at..text.floor_char_boundary(text.len().min(at + 64))];
    let (words, _) = line.split_once("----")?;
    let plain = words
        .bytes()
        .all(|byte| Class::Upper.has(byte) || byte == b' ');
    let private = plain && words.contains("PRIVATE KEY");
    let dashes = line[words.len()..]
        .bytes()
        .take_while(|&byte| byte == b'-')
        .count();
    private.then_some(at + words.len() + dashes)
}

/// What stands next between a heading and its closing line.
enum Piece {
    /// Base64 of the key itself.
    Long(usize),
    /// A few base64 characters: a line number, a checksum, the last line, or a word.
    Short(usize),
    /// What a file, a quote or a listing puts between two lines.
    Glue(usize),
    /// A line such as `Proc-Type: 4,ENCRYPTED`.
    Field(usize),
    /// The closing line, or another heading.
    Dashes,
    /// Anything else.
    Other,
}

fn body_end(text: &str, body: usize) -> Option<usize> {
    let limit = text.len().min(body + MAX_BLOCK);
    let (mut at, mut last) = (body, None);
    while at < limit {
        at = match piece(text, at) {
            Piece::Long(end) => *last.insert(end),
            Piece::Glue(end) | Piece::Field(end) => end,
            Piece::Short(end) if is_margin(&text.as_bytes()[at..end]) => end,
            Piece::Short(end) if last.is_some() && ends_body(text, end) => *last.insert(end),
            Piece::Dashes => return last.map(|end| closing_end(text, at).unwrap_or(end)),
            Piece::Short(_) | Piece::Other => break,
        }
    }
    last
}

fn piece(text: &str, at: usize) -> Piece {
    let bytes = text.as_bytes();
    if bytes[at..].starts_with(b"----") {
        return Piece::Dashes;
    }
    let end = Class::Base64.run_end(bytes, at, MAX_BLOCK);
    match end - at {
        0 => glue_end(bytes, at).map_or(Piece::Other, Piece::Glue),
        LONG_RUN.. => Piece::Long(end),
        _ => field_end(text, at).map_or(Piece::Short(end), Piece::Field),
    }
}

// An escape is glue together with its letter, which would else pass for base64.
fn glue_end(bytes: &[u8], at: usize) -> Option<usize> {
    let slashes = bytes[at..]
        .iter()
        .take_while(|&&byte| byte == b'\\')
        .count();
    if slashes > 0 {
        let letter = bytes
            .get(at + slashes)
            .is_some_and(|byte| b"nrt".contains(byte));
        return Some(at + slashes + usize::from(letter));
    }
    let byte = bytes[at];
    // Arrows and ellipses are not ASCII; listings put them before a line and in place of many.
    let listing = b"\"'`,>|.:;-#*()[".contains(&byte) || !byte.is_ascii();
    let mark = bytes[at..].starts_with(super::span::MARK.as_bytes());
    ((listing || byte.is_ascii_whitespace()) && !mark).then_some(at + 1)
}

fn field_end(text: &str, at: usize) -> Option<usize> {
    let known = |name: &&str| {
        text[at..]
            .strip_prefix(*name)
            .is_some_and(|r| r.starts_with(':'))
    };
    FIELDS.iter().find(|name| known(name))?;
    let line = text[at..]
        .bytes()
        .take(200)
        .take_while(|&byte| byte != b'\n' && byte != b'\\');
    Some(text.floor_char_boundary(at + line.count()))
}

// A line number, or the sign before a line in a diff or a comment.
fn is_margin(run: &[u8]) -> bool {
    run.iter()
        .all(|&byte| byte.is_ascii_digit() || byte == b'+' || byte == b'/')
}

// The last line of a key is short; it is padded, a checksum, or followed by the closing line.
fn ends_body(text: &str, end: usize) -> bool {
    let mut at = end;
    while at < text.len().min(end + 40) {
        match piece(text, at) {
            Piece::Glue(next) | Piece::Field(next) => at = next,
            Piece::Dashes => return true,
            _ => break,
        }
    }
    text[..end].ends_with('=')
}

fn closing_end(text: &str, at: usize) -> Option<usize> {
    let rest = text[at..].trim_start_matches('-').trim_start_matches(' ');
    let words = rest.strip_prefix("END ")?;
    heading_end(text, text.len() - words.len())
}

// Walks back over lines of base64; a word or a heading ends it.
fn tail_start(text: &str, closing: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let floor = closing.saturating_sub(MAX_BLOCK);
    let (mut at, mut first) = (closing, None);
    while at > floor {
        let run = Class::Base64.run_start(bytes, at, at - floor);
        let escaped = run > 0 && bytes[run - 1] == b'\\' && b"nrt".contains(&bytes[run]);
        let start = run + usize::from(escaped);
        match at - start.min(at) {
            0 if b" \t\r\n\\\"',>|".contains(&bytes[at - 1]) => at -= 1,
            40.. => (at, first) = (run, Some(start)),
            // The last line may be short; a shorter one further up is a margin or an end.
            1.. if first.is_none() && closing - at < 8 || is_margin(&bytes[start..at]) => at = run,
            _ if escaped && start == at => at = run,
            _ => break,
        }
    }
    first
}
