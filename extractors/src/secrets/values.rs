//! Finds the value that a name is given: `NAME=v`, `name: "v"`, `--name v`, `<name>v</name>`.
//!
//! Says where the value stands and how it is joined, not whether it is a secret.

use super::edges::Class;
use super::tags;

/// A value beside a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Value<'t> {
    pub(super) start: usize,
    pub(super) text: &'t str,
    pub(super) quoted: bool,
    pub(super) join: Join,
}

/// How the name and the value are joined.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Join {
    /// `NAME=value` at the start of a line or behind `export`: the rest of the word is the value.
    Line,
    /// `name=value` without spaces, in a URL, a connection string or a command.
    Tight,
    /// `name: value`, `name = value` and all others with an operator.
    Loose,
    /// `--name value`.
    Flag,
    /// `name is value`, in a sentence: the whole word is the value.
    Told,
    /// `name("value")`, `name || "value"`: only a value that is plainly random counts.
    Weak,
}

const MAX_VALUE: usize = 2048;
const MAX_GAP: usize = 32;

/// Returns the value given to the name at `name_start..name_end`.
pub(super) fn after(text: &str, name_start: usize, name_end: usize) -> Option<Value<'_>> {
    let bytes = text.as_bytes();
    let key_end = close_key(bytes, name_end);
    let gap_end = blanks_end(bytes, key_end);
    if bytes.get(gap_end) == Some(&b'>') {
        let element = name_start > 0 && bytes[name_start - 1] == b'<';
        return element.then(|| element_value(text, gap_end + 1)).flatten();
    }
    let (join, op_end) = operator(bytes, name_start, gap_end, gap_end > key_end)?;
    let value_start = blanks_end(bytes, op_end);
    let join = match join {
        Join::Loose if value_start == name_end + 1 && bytes[name_end] == b'=' => {
            if is_line(bytes, name_start, name_end) {
                Join::Line
            } else {
                Join::Tight
            }
        }
        other => other,
    };
    let opened = skip_wrapper(text, skip_type(text, value_start, op_end));
    match quote(bytes, opened) {
        Some(open) => quoted_value(text, &open, join),
        None if join == Join::Weak => None,
        None if join == Join::Told => told_value(text, value_start),
        None => bare_value(text, value_start, join),
    }
}

// The closing quote and bracket of `"name":`, `\"name\":` and `os.environ["NAME"] =`.
fn close_key(bytes: &[u8], at: usize) -> usize {
    let slashes = bytes[at..]
        .iter()
        .take(4)
        .take_while(|&&byte| byte == b'\\')
        .count();
    match bytes.get(at + slashes) {
        Some(b'"' | b'\'' | b'`') => {
            let end = at + slashes + 1;
            end + usize::from(bytes.get(end) == Some(&b']'))
        }
        _ => at,
    }
}

fn blanks_end(bytes: &[u8], at: usize) -> usize {
    let blank = |byte: &&u8| matches!(**byte, b' ' | b'\t');
    at + bytes[at..].iter().take(MAX_GAP).take_while(blank).count()
}

fn operator(bytes: &[u8], name: usize, at: usize, spaced: bool) -> Option<(Join, usize)> {
    let signs = bytes[at..]
        .iter()
        .take(3)
        .take_while(|b| b":=>!?|+".contains(b))
        .count();
    let end = at + signs;
    match &bytes[at..end] {
        b"" => wordless(bytes, name, at, spaced),
        b"=" | b":" | b":=" | b"=>" | b"==" | b"===" | b"!=" | b"!==" | b"+=" | b"?=" | b"?:" => {
            Some((Join::Loose, end))
        }
        b"||" | b"??" => Some((Join::Weak, end)),
        _ => None,
    }
}

fn wordless(bytes: &[u8], name: usize, at: usize, spaced: bool) -> Option<(Join, usize)> {
    let rest = &bytes[at..];
    let flag = bytes[..name].ends_with(b"--") || bytes[name..].starts_with(b"--");
    match rest {
        [b'(', ..] => Some((Join::Weak, at + 1)),
        _ if spaced && verb(rest) > 0 => Some((Join::Told, at + verb(rest))),
        [next, ..] if spaced && flag && !b"-|&;<>".contains(next) => Some((Join::Flag, at)),
        _ => None,
    }
}

// The length of "is", "was" or "ist" with a colon or an equals sign behind it, or 0.
fn verb(rest: &[u8]) -> usize {
    let words: [&[u8]; 3] = [b"is", b"was", b"ist"];
    let after = |word: &&[u8]| {
        let signs = usize::from(matches!(rest.get(word.len()), Some(b':' | b'=')));
        let end = word.len() + signs;
        let whole = rest.starts_with(word) && matches!(rest.get(end), Some(b' ' | b'\t'));
        whole.then_some(end)
    };
    words.iter().find_map(after).unwrap_or(0)
}

// Only upper-case names: `Password=…;Server=…` is a connection string.
fn is_line(bytes: &[u8], name: usize, end: usize) -> bool {
    // In raw JSON the `n` of an escaped line break is taken for the name's first letter.
    let name = name + usize::from(bytes[..name].ends_with(b"\\"));
    let before = &bytes[name.saturating_sub(7)..name];
    let upper = !bytes[name.min(end)..end].iter().any(u8::is_ascii_lowercase);
    let starts = before.is_empty()
        || before.ends_with(b"\n")
        || before.ends_with(b"\\n")
        || before.ends_with(b"export ")
        || before.ends_with(b"ENV ");
    upper && starts
}

// `API_KEY: &str = "…"`, `const key: string = '…'`.
fn skip_type(text: &str, at: usize, op_end: usize) -> usize {
    let bytes = text.as_bytes();
    if bytes[op_end - 1] != b':' {
        return at;
    }
    let window = &bytes[at..bytes.len().min(at + 40)];
    let named = |b: &&u8| b.is_ascii_alphanumeric() || b"&'_<>?| []:".contains(b);
    let end = at + window.iter().take_while(named).count();
    if end > at && bytes.get(end) == Some(&b'=') {
        blanks_end(bytes, end + 1)
    } else {
        at
    }
}

// `Some("…")`, `String::from("…")`, `SecretString::new("…")`, `b"…"`, `f'…'`.
fn skip_wrapper(text: &str, at: usize) -> usize {
    let bytes = text.as_bytes();
    let window = &bytes[at..bytes.len().min(at + 40)];
    let end = at
        + window
            .iter()
            .take_while(|b| Class::Dotted.has(**b) || **b == b':')
            .count();
    let letter = end == at + 1 && b"bfruBFRU@".contains(&bytes[at]);
    let call = end > at && bytes.get(end) == Some(&b'(');
    let next = end + usize::from(call);
    if (call || letter) && quote(bytes, next).is_some() {
        next
    } else {
        at
    }
}

/// An opening quote: where the value starts, which quote, behind how many backslashes.
struct Open {
    start: usize,
    mark: u8,
    slashes: usize,
}

fn quote(bytes: &[u8], at: usize) -> Option<Open> {
    let rest = bytes.get(at..)?;
    let slashes = rest
        .iter()
        .take(8)
        .take_while(|&&byte| byte == b'\\')
        .count();
    let mark = *rest.get(slashes)?;
    b"\"'`".contains(&mark).then_some(Open {
        start: at + slashes + 1,
        mark,
        slashes,
    })
}

fn quoted_value<'t>(text: &'t str, open: &Open, join: Join) -> Option<Value<'t>> {
    let bytes = text.as_bytes();
    let stop = bytes.len().min(open.start + MAX_VALUE);
    let mut at = open.start;
    while at < stop {
        let step = memchr::memchr2(open.mark, b'\n', &bytes[at..stop]).unwrap_or(stop - at);
        at += step;
        let slashes = bytes[open.start..at]
            .iter()
            .rev()
            .take_while(|&&b| b == b'\\')
            .count();
        let closes = if open.slashes == 0 {
            slashes % 2 == 0
        } else {
            slashes <= open.slashes
        };
        if at == stop || bytes[at] != open.mark || closes {
            break;
        }
        at += 1;
    }
    let closed = at < stop && bytes[at] == open.mark;
    if !closed {
        // The text was cut inside the quotes: what is there of the value is still secret.
        return bare_value(text, open.start, join).map(|value| Value {
            quoted: true,
            ..value
        });
    }
    let value = text[open.start..at].trim_end_matches('\\');
    Some(Value {
        start: open.start,
        text: value,
        quoted: true,
        join,
    })
}

fn bare_value(text: &str, start: usize, join: Join) -> Option<Value<'_>> {
    let bytes = text.as_bytes();
    let stop = bytes.len().min(start + MAX_VALUE);
    let ends = |byte: &&u8| byte.is_ascii_whitespace() || b"\"'`\\".contains(byte);
    // In a URL `&` begins the next parameter; behind `: ` it belongs to the value.
    let parts = |byte: &&u8| match join {
        Join::Line | Join::Told => false,
        Join::Loose => b",;<>(){}[]|".contains(byte),
        Join::Tight | Join::Flag | Join::Weak => b",;&<>(){}[]|".contains(byte),
    };
    // What begins like a closing tag and is none, belongs to the value: `ab</cd9`.
    let looks = |at: usize| bytes[at..].starts_with(b"</");
    let goes_on = |at: &usize| {
        let byte = &bytes[*at];
        !ends(&byte) && (looks(*at) || !parts(&byte)) && !tags::closes(bytes, *at)
    };
    let end = text.floor_char_boundary((start..stop).find(|at| !goes_on(at)).unwrap_or(stop));
    // `token = next(…)`, `token = tokens[0]`, `key = Map<…>`: an expression.
    let arrow = bytes[start..end].ends_with(b"-") && bytes.get(end) == Some(&b'>');
    let opens = bytes.get(end).is_some_and(|byte| b"([{<".contains(byte));
    let expression = arrow || opens && !tags::closes(bytes, end);
    (!expression && end > start).then_some(Value {
        start,
        text: &text[start..end],
        quoted: false,
        join,
    })
}

/// Returns where a secret value ends: what follows its comma without a blank is its own, unless
/// another field begins there.
pub(super) fn whole_end(text: &str, value: &Value<'_>) -> usize {
    let end = value.start + value.text.len();
    let sign = matches!(text.as_bytes().get(end), Some(b',' | b';' | b'|'));
    if value.quoted || value.join != Join::Loose || !sign {
        return end;
    }
    let tail = told_value(text, end).map_or("", |tail| tail.text);
    end + if tail.contains(FIELDS) { 0 } else { tail.len() }
}

// A sign of these behind a comma says that another name or another element follows.
const FIELDS: [char; 12] = [':', '=', '"', '\'', '`', '(', ')', '[', ']', '{', '}', '\\'];

// Everything up to the next blank, but for what ends the sentence or closes a bracket around it.
fn told_value(text: &str, start: usize) -> Option<Value<'_>> {
    let bytes = text.as_bytes();
    let stop = bytes.len().min(start + MAX_VALUE);
    let run = (start..stop).take_while(|&at| goes_on(bytes, at)).count();
    let word = &text[start..text.floor_char_boundary(start + run)];
    let value = word.trim_end_matches(['.', ',', ';', ':']);
    let call = value.ends_with(')') && value.contains('(');
    let closing = |c: char| !call && ".,;:)]}>".contains(c);
    let value = value.trim_end_matches(closing);
    (!value.is_empty()).then_some(Value {
        start,
        text: value,
        quoted: false,
        join: Join::Told,
    })
}

// A quote ends a word only where no letter follows it; `\n` in raw JSON always does.
fn goes_on(bytes: &[u8], at: usize) -> bool {
    let letter = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_alphanumeric);
    let quote = |at: usize| matches!(bytes.get(at), Some(b'"' | b'\'' | b'`'));
    match bytes[at] {
        b'\\' => quote(at + 1) && letter(at + 2),
        b'<' => !tags::closes(bytes, at),
        byte => !byte.is_ascii_whitespace() && (!quote(at) || letter(at + 1)),
    }
}

// Without its closing tag `<password>` is a blank to fill in.
fn element_value(text: &str, start: usize) -> Option<Value<'_>> {
    let stop = text.floor_char_boundary(text.len().min(start + MAX_VALUE));
    let value = &text[start..tags::first_closing(text.as_bytes(), start, stop)?];
    let plain = !value.replace("</", "").contains(['<', '\n']);
    plain.then_some(Value {
        start,
        text: value,
        quoted: true,
        join: Join::Loose,
    })
}
