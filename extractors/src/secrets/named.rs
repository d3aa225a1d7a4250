//! Decides whether a value under a telling name is a secret: `.env` lines, settings, code, JSON.
//!
//! A name alone proves nothing: types, calls, variables, words and dummies stay.

use super::edges::{Class, starts_word};
use super::entropy::{looks_random, reads_as_words};
use super::names::{Sort, kind_of, names_secret};
use super::placeholder::{contains, is_placeholder};
use super::span::{Rank, Span};
use super::values::{Join, Value, after, whole_end};

const MAX_NAME: usize = 64;

/// Returns the secret that is given to the name around the word at `start..end`.
pub(super) fn find(text: &str, start: usize, end: usize, sort: Sort) -> Option<Span> {
    let bytes = text.as_bytes();
    let name_end = name_end(bytes, end);
    let name_start = Class::Dash.run_start(bytes, start, MAX_NAME);
    let name = &text[name_start..name_end];
    if !names_secret(&text[name_start..start], &text[end..name_end], sort) {
        return None;
    }
    let value = after(text, name_start, name_end)?;
    // `pw` is short enough to stand in other words and to name a width.
    let terse = end - start == 2;
    if terse && (!starts_word(bytes, start) || reads_as_words(value.text)) {
        return None;
    }
    is_secret(name, &value, sort).then(|| Span {
        start: value.start,
        end: whole_end(text, &value),
        kind: kind_of(name, sort),
        rank: Rank::Named,
    })
}

// `$password->hash` ends in an arrow, not in a dash.
fn name_end(bytes: &[u8], end: usize) -> usize {
    let stop = Class::Dash.run_end(bytes, end, MAX_NAME);
    let arrow = bytes.get(stop) == Some(&b'>') && stop > end && bytes[stop - 1] == b'-';
    stop - usize::from(arrow)
}

fn is_secret(name: &str, value: &Value<'_>, sort: Sort) -> bool {
    let text = value.text;
    let phrase = value.quoted && value.join != Join::Weak && contains(name, "phrase");
    let words = text.contains(char::is_whitespace);
    if words && !phrase {
        return sort == Sort::Password && value.quoted && is_spaced(text);
    }
    let spaced = words && value.join == Join::Told && text.split_whitespace().count() < 4;
    if spaced || is_placeholder(text) || is_reference(value) || text.eq_ignore_ascii_case(name) {
        return false;
    }
    match sort {
        Sort::AnyKey => text.len() >= 20 && is_drawn(text) && !is_type_name(text),
        Sort::Password if value.join == Join::Told && words => true,
        Sort::Password if matches!(value.join, Join::Told | Join::Weak) => is_told(text),
        _ if matches!(value.join, Join::Told | Join::Weak) => {
            is_told(text) && text.len() >= 8 && is_drawn(text)
        }
        Sort::Password => is_password(name, value),
        Sort::Secret | Sort::Token | Sort::Key => is_shared_secret(name, value),
    }
}

// "The password is hunter2", but not "the password is sha256" or "base64-encoded".
fn is_told(text: &str) -> bool {
    let methods = [
        "sha", "base", "utf", "md5", "argon", "pbkdf", "bcrypt", "oauth", "x509",
    ];
    let method = methods
        .iter()
        .any(|name| text.to_ascii_lowercase().starts_with(name));
    let letters = text.bytes().any(|byte| byte.is_ascii_alphabetic());
    let call = text.ends_with(')') && text.contains('(');
    // Signs around a word are emphasis; between letters they were chosen.
    let inner = text.trim_matches(|c: char| !c.is_alphanumeric());
    let signed = inner.len() >= 8 && inner.bytes().any(|byte| b"!#$%^&*~".contains(&byte));
    text.len() >= 6 && letters && (has_digit(text) || signed) && !method && !call
}

// Between quotes a blank may belong to a password, if a word beside it is one that nobody spells.
fn is_spaced(text: &str) -> bool {
    let chosen = |word: &str| word.len() >= 8 && has_sign(word) && is_told(word);
    let words = text.split_whitespace();
    words.clone().count() <= 4 && words.into_iter().any(chosen) && !is_placeholder(text)
}

// People choose passwords, so a digit or a sign among the letters must do.
fn is_password(name: &str, value: &Value<'_>) -> bool {
    let text = value.text;
    let letters = text.bytes().any(|byte| byte.is_ascii_alphabetic());
    let mixed = has_digit(text) && (letters || !is_bare(value));
    let setting = is_setting(name, value);
    let given = setting || value.quoted && value.join == Join::Tight;
    let long = text.contains(' ') || value.quoted && text.len() >= 10;
    let named = !setting && names_password(text);
    text.len() >= 6 && !named && (mixed || has_sign(text) || long || given)
}

fn is_shared_secret(name: &str, value: &Value<'_>) -> bool {
    let text = value.text;
    if is_setting(name, value) && !text.contains('.') {
        let letters = text.bytes().any(|byte| !byte.is_ascii_digit());
        return letters && text.len() >= if has_digit(text) { 8 } else { 16 };
    }
    if value.quoted && has_sign(text) && has_digit(text) {
        return text.len() >= 10;
    }
    // Behind `: ` or ` = ` and without quotes stands a type or a variable more often than a
    // value: `Uint8Array`, `ed25519Seed`.
    let enough = if is_bare(value) { 16 } else { 10 };
    let type_name = is_bare(value) && is_type_name(text);
    text.len() >= enough && !type_name && is_drawn(text) && (has_digit(text) || text.len() >= 16)
}

// Paths, member access and code are not secrets, whatever they are called.
fn is_reference(value: &Value<'_>) -> bool {
    let text = value.text;
    let nearby = text.starts_with("./") || text.starts_with("../");
    let path = text.starts_with(['/', '~']) && reads_as_words(text);
    let code = ["::", "->", "()", "://"]
        .iter()
        .any(|sign| text.contains(sign));
    let operator = text.starts_with(['&', '*', '!', '-']);
    let name = is_key_of(text) || is_bare(value) && is_code_name(text);
    nearby || path || code || operator || name
}

// `REDIS_PASSWORD` and `redis.password` say where the secret is kept.
fn is_key_of(text: &str) -> bool {
    let screams = text.contains('_') && text.bytes().all(|b| b == b'_' || Class::Upper.has(b));
    let dotted = text.contains('.') && text.bytes().all(|b| Class::Dotted.has(b));
    (screams || dotted) && !has_digit(text) && reads_as_words(text)
}

// `new_password_2`, `WIN32_ERROR`: with an underscore, in one case and without quotes it is code.
fn is_code_name(text: &str) -> bool {
    let plain = text.contains('_') && text.bytes().all(|byte| Class::Word.has(byte));
    let lower = text.bytes().any(|byte| byte.is_ascii_lowercase());
    let upper = text.bytes().any(|byte| byte.is_ascii_uppercase());
    // Of random characters more than one in five is a digit, in hex more than half.
    plain && !(lower && upper) && digits(text) * 5 <= text.len()
}

// `X509HardwareKeyUsageFlags`: words with a number somewhere between them.
fn is_type_name(text: &str) -> bool {
    let mut parts = text.split(|c: char| c.is_ascii_digit());
    digits(text) * 6 <= text.len() && parts.all(reads_as_words)
}

// `current-password` and `sha256_password` speak of one.
fn names_password(text: &str) -> bool {
    let ends = ["-password", "_password", "Password", "PASSWORD"]
        .iter()
        .any(|end| text.ends_with(end));
    ends && reads_as_words(text)
}

// `DB_PASSWORD=…` on its own, as in `.env`: what follows is a value, never code.
fn is_setting(name: &str, value: &Value<'_>) -> bool {
    let upper = !name.bytes().skip(1).any(|byte| byte.is_ascii_lowercase());
    upper && matches!(value.join, Join::Line | Join::Tight)
}

fn is_bare(value: &Value<'_>) -> bool {
    !value.quoted && value.join == Join::Loose
}

fn is_drawn(text: &str) -> bool {
    looks_random(text) && text.is_ascii()
}

fn has_sign(text: &str) -> bool {
    text.bytes().any(|byte| b"!@#$%^&*+=?~".contains(&byte))
}

fn has_digit(text: &str) -> bool {
    digits(text) > 0
}

fn digits(text: &str) -> usize {
    text.bytes().filter(u8::is_ascii_digit).count()
}
