//! Finds passwords and tokens in the user part of a URL: `scheme://user:secret@host`.
//!
//! Keeps scheme, user and host, which are what a reader needs; URLs without a secret stay.

use super::edges::Class;
use super::entropy::looks_random;
use super::placeholder::is_placeholder;
use super::span::{Rank, Span};

/// What calls this search.
pub(super) const LITERAL: &str = "://";

#[cfg(test)]
pub(super) const KINDS: [&str; 2] = [DATABASE, URL];
const DATABASE: &str = "database-password";
const URL: &str = "url-password";

const MAX_USER_PART: usize = 512;

// The schemes of databases, caches and queues; `starts_with` covers `postgresql`, `mongodb+srv`.
const DATABASES: [&str; 13] = [
    "postgres",
    "mysql",
    "mariadb",
    "mongodb",
    "redis",
    "amqp",
    "mssql",
    "sqlserver",
    "oracle",
    "clickhouse",
    "cockroach",
    "libsql",
    "jdbc",
];

/// Returns the secret in the user part that follows the `://` at `start..end`.
pub(super) fn find(text: &str, start: usize, end: usize) -> Option<Span> {
    let database = is_database(text, start);
    let at = sign(&text.as_bytes()[end..], database).map(|at| end + at)?;
    let user_part = &text[end..at];
    let secret = match user_part.split_once(':') {
        Some((_, password)) => (!is_no_password(password)).then_some(password)?,
        None => is_token(user_part).then_some(user_part)?,
    };
    let kind = if database { DATABASE } else { URL };
    Some(Span {
        start: at - secret.len(),
        end: at,
        kind,
        rank: Rank::Placed,
    })
}

// The last `@` before the path ends the user part. A database password is often written with a
// bare slash; then the path's `@` ends it, unless what stands before the slash is a host.
fn sign(bytes: &[u8], database: bool) -> Option<usize> {
    let part = &bytes[..bytes.len().min(MAX_USER_PART)];
    let authority = until(part, b"/?#\"'`<>\\,|");
    let colon = authority
        .iter()
        .position(|&byte| byte == b':')
        .unwrap_or(authority.len());
    let port = authority[colon..].iter().skip(1).all(u8::is_ascii_digit);
    let searched = if database && !port {
        until(part, b"?#\"'`<>\\,|")
    } else {
        authority
    };
    let at = searched.iter().rposition(|&byte| byte == b'@')?;
    // `@` as the last character is an address that was cut, or prose.
    let host = part
        .get(at + 1)
        .is_some_and(|b| b.is_ascii_alphanumeric() || b"[${".contains(b));
    host.then_some(at)
}

fn until<'b>(bytes: &'b [u8], ends: &[u8]) -> &'b [u8] {
    let end = bytes
        .iter()
        .position(|byte| byte.is_ascii_whitespace() || ends.contains(byte));
    &bytes[..end.unwrap_or(bytes.len())]
}

fn is_no_password(password: &str) -> bool {
    let port = password.bytes().all(|byte| byte.is_ascii_digit()) && password.len() < 4;
    password.is_empty() || port || is_placeholder(password)
}

fn is_token(user: &str) -> bool {
    user.len() >= 20 && !is_placeholder(user) && looks_random(user)
}

fn is_database(text: &str, colon: usize) -> bool {
    let bytes = text.as_bytes();
    let scheme = Class::Dotted.run_start(bytes, colon, 16);
    // `mongodb+srv` and `postgresql+asyncpg` name a driver behind the plus.
    let plus = scheme > 0 && bytes[scheme - 1] == b'+';
    let from = if plus {
        Class::Alnum.run_start(bytes, scheme - 1, 16)
    } else {
        scheme
    };
    let name = text[from..colon].to_ascii_lowercase();
    DATABASES
        .iter()
        .any(|database| name.starts_with(database) || name.ends_with(database))
}
