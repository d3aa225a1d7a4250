//! Tells code from comments and literals in a Rust file.
//!
//! No parser: it knows just enough that a rule about code is not fooled by a comment or a string.

use std::ops::Range;

/// A Rust file, with its code alone and its string literals beside it.
pub(crate) struct RustText {
    pub(crate) path: String,
    pub(crate) text: String,
    /// The text with comments and the insides of literals blanked; lines and offsets are the same.
    pub(crate) code: String,
    pub(crate) literals: Vec<Literal>,
}

/// The inside of a string literal, as written, and the line where it starts.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Literal {
    pub(crate) line: usize,
    pub(crate) text: String,
}

enum Piece {
    Code(usize),
    Blank(Range<usize>, usize),
    Literal(Range<usize>, usize),
}

/// Takes a Rust file apart.
pub(crate) fn read(path: &str, text: &str) -> RustText {
    let bytes = text.as_bytes();
    let mut code = bytes.to_vec();
    let mut literals = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        at = match piece(bytes, at) {
            Piece::Code(end) => end,
            Piece::Blank(inside, end) => {
                blank(&mut code[inside]);
                end
            }
            Piece::Literal(inside, end) => {
                blank(&mut code[inside.clone()]);
                literals.push(Literal {
                    line: line_of(text, at),
                    text: text[inside].to_owned(),
                });
                end
            }
        };
    }
    RustText {
        path: path.to_owned(),
        text: text.to_owned(),
        code: String::from_utf8(code).expect("only whole characters were blanked"),
        literals,
    }
}

/// Returns the line, from 1, on which a byte stands.
pub(crate) fn line_of(text: &str, at: usize) -> usize {
    text.as_bytes()[..at]
        .iter()
        .filter(|byte| **byte == b'\n')
        .count()
        + 1
}

/// Returns where a word stands in code, not as a part of a longer word.
pub(crate) fn words<'a>(code: &'a str, word: &'a str) -> impl Iterator<Item = usize> + 'a {
    code.match_indices(word)
        .map(|(at, _)| at)
        .filter(move |at| {
            let before = code[..*at].bytes().next_back();
            let after = code[at + word.len()..].bytes().next();
            !before.is_some_and(in_word) && !after.is_some_and(in_word)
        })
}

/// Says whether a byte can stand in an identifier.
pub(crate) fn in_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}

fn piece(bytes: &[u8], at: usize) -> Piece {
    if let Some(end) = comment_end(bytes, at) {
        return Piece::Blank(at..end, end);
    }
    if let Some((inside, end)) = string(bytes, at) {
        return Piece::Literal(inside, end);
    }
    if let Some(end) = character_end(bytes, at) {
        return Piece::Blank(at + 1..end - 1, end);
    }
    if !in_word(bytes[at]) {
        return Piece::Code(at + 1);
    }
    let length = bytes[at..]
        .iter()
        .take_while(|byte| in_word(**byte))
        .count();
    Piece::Code(at + length)
}

fn blank(bytes: &mut [u8]) {
    for byte in bytes.iter_mut().filter(|byte| **byte != b'\n') {
        *byte = b' ';
    }
}

fn comment_end(bytes: &[u8], at: usize) -> Option<usize> {
    let rest = &bytes[at..];
    if rest.starts_with(b"//") {
        let length = rest.iter().take_while(|byte| **byte != b'\n').count();
        return Some(at + length);
    }
    if !rest.starts_with(b"/*") {
        return None;
    }
    let (mut depth, mut end) = (1, 2);
    while depth > 0 && end < rest.len() {
        if rest[end..].starts_with(b"/*") {
            (depth, end) = (depth + 1, end + 2);
        } else if rest[end..].starts_with(b"*/") {
            (depth, end) = (depth - 1, end + 2);
        } else {
            end += 1;
        }
    }
    Some(at + end)
}

/// Returns the inside of the string literal that starts at `at`, and where it ends.
fn string(bytes: &[u8], at: usize) -> Option<(Range<usize>, usize)> {
    let rest = &bytes[at..];
    let prefix = ["br", "cr", "r", "b", "c", ""].into_iter().find(|prefix| {
        rest.starts_with(prefix.as_bytes()) && matches!(rest.get(prefix.len()), Some(b'"' | b'#'))
    })?;
    let raw = prefix.ends_with('r');
    let hashes = rest[prefix.len()..]
        .iter()
        .take_while(|byte| **byte == b'#')
        .count();
    let start = prefix.len() + hashes + 1;
    if rest.get(start - 1) != Some(&b'"') || (hashes > 0 && !raw) {
        return None;
    }
    let length = if raw {
        raw_length(&rest[start..], hashes)
    } else {
        escaped_length(&rest[start..], b'"')
    };
    let end = (start + length + 1 + hashes).min(rest.len());
    Some((at + start..at + start + length, at + end))
}

fn raw_length(inside: &[u8], hashes: usize) -> usize {
    let closes = |at: &usize| {
        inside[*at] == b'"'
            && inside[at + 1..]
                .iter()
                .take(hashes)
                .filter(|byte| **byte == b'#')
                .count()
                == hashes
    };
    (0..inside.len()).find(closes).unwrap_or(inside.len())
}

fn escaped_length(inside: &[u8], close: u8) -> usize {
    let mut at = 0;
    while at < inside.len() && inside[at] != close {
        at += if inside[at] == b'\\' { 2 } else { 1 };
    }
    at.min(inside.len())
}

/// Returns where the character literal at `at` ends; `None` for a lifetime.
fn character_end(bytes: &[u8], at: usize) -> Option<usize> {
    let inside = bytes[at..].strip_prefix(b"'")?;
    if inside.first()? == &b'\\' {
        return Some((at + escaped_length(inside, b'\'') + 2).min(bytes.len()));
    }
    let width = match inside[0] {
        0..0x80 => 1,
        0x80..0xe0 => 2,
        0xe0..0xf0 => 3,
        _ => 4,
    };
    (inside.get(width) == Some(&b'\'')).then_some(at + width + 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(input: &str, code: &str, literals: &[&str]) {
        let read = read("x.rs", input);
        let found: Vec<&str> = read
            .literals
            .iter()
            .map(|literal| literal.text.as_str())
            .collect();
        assert_eq!(read.code, code, "code of {input}");
        assert_eq!(found, literals, "literals of {input}");
    }

    #[test]
    fn comments_and_literals_are_blanked() {
        check("a // {\nb", "a     \nb", &[]);
        check("a /* { /* } */ { */ b", "a                   b", &[]);
        check(r#"f("{ \" }")"#, r#"f("      ")"#, &[r#"{ \" }"#]);
        check(r##"f(r#"{ " }"#)"##, r##"f(r#"     "#)"##, &[r#"{ " }"#]);
        check(
            "b\"x\" br\"y\" c\"z\"",
            "b\" \" br\" \" c\" \"",
            &["x", "y", "z"],
        );
        check("('{', '\\'', 'é')", "(' ', '  ', '  ')", &[]);
    }

    #[test]
    fn lifetimes_raw_names_and_attributes_are_code() {
        check("fn f<'a>(x: &'a str)", "fn f<'a>(x: &'a str)", &[]);
        check("r#type #[x] for \"y\"", "r#type #[x] for \" \"", &["y"]);
    }

    #[test]
    fn a_file_that_ends_inside_a_literal_is_read_to_its_end() {
        for input in ["\"abc", "r#\"abc", "/* abc", "'\\", "\"a\\"] {
            assert_eq!(read("x.rs", input).code.len(), input.len(), "{input}");
        }
    }

    #[test]
    fn a_word_is_not_found_inside_another() {
        let found: Vec<usize> = words("sqlx sqlx_core my_sqlx ::sqlx::", "sqlx").collect();
        assert_eq!(found, [0, 25]);
    }
}
