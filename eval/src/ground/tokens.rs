//! Swaps the checkable tokens of a text for wrong ones: numbers, names, paths, flags, versions, URLs.
//!
//! Mechanical and always the same; knows nothing of how grounding looks for tokens.

use std::ops::Range;

/// What sort of token is swapped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Sort {
    Number,
    Version,
    Identifier,
    Path,
    Flag,
    Url,
}

impl Sort {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Number => "number",
            Self::Version => "version",
            Self::Identifier => "identifier",
            Self::Path => "path",
            Self::Flag => "flag",
            Self::Url => "url",
        }
    }
}

/// A text with one token swapped.
pub(super) struct Swapped {
    pub(super) sort: Sort,
    /// The token that stands there now.
    pub(super) token: String,
    pub(super) text: String,
}

/// Returns the text once for each of its tokens, that token swapped for one that `said` has not.
pub(super) fn swapped(text: &str, said: &str) -> Vec<Swapped> {
    let said = said.to_lowercase();
    let found = tokens(text).into_iter().filter_map(|(range, sort)| {
        let token = &text[range.clone()];
        let other = others(token, sort).find(|other| !said.contains(&other.to_lowercase()))?;
        Some(Swapped {
            sort,
            text: format!("{}{other}{}", &text[..range.start], &text[range.end..]),
            token: other,
        })
    });
    found.collect()
}

/// Returns the tokens of a text with their places.
pub(super) fn tokens(text: &str) -> Vec<(Range<usize>, Sort)> {
    let mut found = Vec::new();
    let mut from = 0;
    for piece in text.split_inclusive(char::is_whitespace) {
        let range = trimmed(text, from..from + piece.len());
        from += piece.len();
        if let Some(sort) = sort_of(&text[range.clone()]) {
            found.push((range, sort));
        }
    }
    found
}

/// Leaves off what stands around a token.
fn trimmed(text: &str, range: Range<usize>) -> Range<usize> {
    let around = |c: char| !c.is_alphanumeric() && !matches!(c, '_' | '-' | '/' | '.' | '@' | '$');
    let piece = &text[range.clone()];
    let rest = piece.trim_start_matches(around);
    let start = range.start + piece.len() - rest.len();
    let rest = rest.trim_end_matches(|c: char| !c.is_alphanumeric() && c != '/' && c != '_');
    start..start + rest.len()
}

fn sort_of(token: &str) -> Option<Sort> {
    let letters = token.chars().any(char::is_alphabetic);
    let digits = token.bytes().filter(u8::is_ascii_digit).count();
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '/' | '.' | '@');
    if token.starts_with("https://") || token.starts_with("http://") {
        return Some(Sort::Url);
    }
    // Brackets, arrows and signs within make more than one token of it.
    if token.is_empty() || !token.chars().all(plain) {
        return None;
    }
    if token.starts_with('-') {
        let name = token.trim_start_matches('-');
        return (name.len() > 1 && name.starts_with(char::is_alphabetic)).then_some(Sort::Flag);
    }
    let bare = token.trim_start_matches('v');
    let dotted = bare.contains('.') && bare.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    if dotted {
        return (bare.split('.').all(|run| !run.is_empty())).then_some(Sort::Version);
    }
    if !letters && digits == token.len() {
        return Some(Sort::Number);
    }
    if token.contains('/') {
        let parts = token.split('/').filter(|part| !part.is_empty()).count();
        return (parts > 2 || (token.contains('.') && letters)).then_some(Sort::Path);
    }
    let chars: Vec<char> = token.chars().collect();
    let hump = chars
        .windows(2)
        .any(|w| w[0].is_lowercase() && w[1].is_uppercase());
    let dot = token.split('.').collect::<Vec<_>>();
    let is_name = dot.len() == 2 && dot.iter().all(|part| part.len() > 1);
    let snake = token.trim_matches('_').contains('_');
    (letters && (hump || is_name || snake)).then_some(Sort::Identifier)
}

/// Returns wrong tokens that look like this one.
fn others(token: &str, sort: Sort) -> impl Iterator<Item = String> {
    let digit_at = token.rfind(|c: char| c.is_ascii_digit());
    let by_digit = matches!(sort, Sort::Number | Sort::Version);
    let at = match by_digit {
        true => digit_at,
        // A letter in the middle of the last part; before the ending of a file.
        false => middle(token),
    };
    let token = token.to_owned();
    (1..10_u8).filter_map(move |by| {
        let at = at?;
        let old = token.as_bytes()[at];
        let (first, size) = match old {
            b'0'..=b'9' => (b'0', 10),
            b'a'..=b'z' => (b'a', 26),
            b'A'..=b'Z' => (b'A', 26),
            _ => return None,
        };
        let new = first + (old - first + by) % size;
        let mut bytes = token.clone().into_bytes();
        bytes[at] = new;
        String::from_utf8(bytes).ok()
    })
}

fn middle(token: &str) -> Option<usize> {
    let end = match token.rsplit_once('.') {
        Some((stem, ending)) if ending.len() <= 5 && stem.len() > 1 => stem.len(),
        _ => token.len(),
    };
    let last = token[..end].trim_end_matches('/');
    let start = last.rfind(['/', '.', '-', '_']).map_or(0, |at| at + 1);
    let middle = start + (last.len() - start) / 2;
    let letter = |at: &usize| {
        token
            .as_bytes()
            .get(*at)
            .is_some_and(u8::is_ascii_alphanumeric)
    };
    Some(middle).filter(letter)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_token_is_swapped_for_one_that_was_not_said() {
        let text =
            "Run `cargo-x --locked` 18 times with v1.2.3 in src/a/main.rs, see https://a.dev/b.";
        let found = swapped(text, "19 times");
        let seen: Vec<(&str, &str)> = found
            .iter()
            .map(|swap| (swap.sort.as_str(), swap.token.as_str()))
            .collect();
        let wanted = [
            ("flag", "--locled"),
            ("number", "10"),
            ("version", "v1.2.4"),
            ("path", "src/a/majn.rs"),
            ("url", "https://b.dev/b"),
        ];
        assert_eq!(seen, wanted);
        assert!(found[0].text.contains("`cargo-x --locled` 18"));
    }

    #[test]
    fn prose_is_no_token() {
        assert!(tokens("The end-to-end API of GitHub is read/write, e.g. here.").len() <= 1);
    }
}
