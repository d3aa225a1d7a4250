//! Takes single fields out of a JSON text without building a tree of the rest.
//!
//! Says nothing about what the fields mean, and never fails over a field that nobody asked for.

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer as _, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;

#[derive(Deserialize)]
struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

/// Returns the raw values of an object's fields of these names; `None` if it is no object.
///
/// A name that stands twice has its last value, as in every client's own reader.
pub(crate) fn pick<'a, const N: usize>(
    json: &'a str,
    names: [&str; N],
) -> Option<[Option<&'a str>; N]> {
    let mut reader = serde_json::Deserializer::from_str(json);
    let found = Names(names).deserialize(&mut reader).ok()?;
    reader.end().ok()?;
    Some(found)
}

/// Returns the raw elements of an array; `None` if it is no array.
pub(crate) fn elements(json: &str) -> Option<Vec<&str>> {
    let elements: Vec<&RawValue> = serde_json::from_str(json).ok()?;
    Some(elements.into_iter().map(RawValue::get).collect())
}

/// Returns a raw string's text; `None` if it is no string.
pub(crate) fn text(json: &str) -> Option<Cow<'_, str>> {
    if !json.starts_with('"') {
        return None;
    }
    match serde_json::from_str::<Text<'_>>(json) {
        Ok(text) => Some(text.0),
        Err(_) => serde_json::from_str::<String>(&mend(json))
            .ok()
            .map(Cow::Owned),
    }
}

/// Returns whether a raw value is `true`.
pub(crate) fn is_true(json: Option<&str>) -> bool {
    json == Some("true")
}

/// Returns the JSON with what serde refuses replaced: raw control characters, lone surrogates.
pub(crate) fn mend(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    let mut rest = json;
    while let Some(at) = rest.find(|c: char| c == '\\' || c < ' ') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let used = if rest.starts_with('\\') {
            mend_escape(rest, &mut out)
        } else {
            out.push(' ');
            1
        };
        rest = &rest[used..];
    }
    out.push_str(rest);
    out
}

/// Copies one escape, or a pair of surrogates, and returns how many bytes it took.
fn mend_escape(rest: &str, out: &mut String) -> usize {
    let used = match unit(rest) {
        Some(0xD800..=0xDBFF) => match rest.get(6..).and_then(unit) {
            Some(0xDC00..=0xDFFF) => 12,
            _ => 0,
        },
        Some(0xDC00..=0xDFFF) => 0,
        Some(_) => 6,
        None => 1 + rest[1..].chars().next().map_or(0, char::len_utf8),
    };
    if used == 0 {
        out.push_str("\\ufffd");
        return 6;
    }
    let escape = &rest[..used];
    out.extend(escape.chars().map(|c| if c < ' ' { ' ' } else { c }));
    used
}

/// Returns the UTF-16 unit of the `\uXXXX` at the start.
fn unit(text: &str) -> Option<u16> {
    let digits = text.strip_prefix("\\u")?.get(..4)?;
    u16::from_str_radix(digits, 16).ok()
}

struct Names<'n, const N: usize>([&'n str; N]);

impl<'de, const N: usize> DeserializeSeed<'de> for Names<'_, N> {
    type Value = [Option<&'de str>; N];

    fn deserialize<D: serde::Deserializer<'de>>(self, from: D) -> Result<Self::Value, D::Error> {
        from.deserialize_map(self)
    }
}

impl<'de, const N: usize> Visitor<'de> for Names<'_, N> {
    type Value = [Option<&'de str>; N];

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut found = [None; N];
        while let Some(name) = map.next_key::<Text<'de>>()? {
            match self.0.iter().position(|known| *known == name.0) {
                Some(index) => found[index] = Some(map.next_value::<&'de RawValue>()?.get()),
                None => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(found)
    }
}

/// Returns whether a JSON text nests deeper than serde follows.
pub(crate) fn is_too_deep(json: &str) -> bool {
    // The limit is serde_json's own.
    const MOST: usize = 127;
    let (mut depth, mut quoted, mut escaped) = (0_usize, false, false);
    json.bytes().any(|byte| {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = quoted,
            b'"' => quoted = !quoted,
            b'[' | b'{' if !quoted => depth += 1,
            b']' | b'}' if !quoted => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth > MOST
    })
}

/// Returns whether the text is one whole JSON value.
pub(crate) fn is_whole(json: &str) -> bool {
    let mut reader = serde_json::Deserializer::from_str(json);
    let value = reader.deserialize_ignored_any(IgnoredAny);
    value.is_ok() && reader.end().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_found_whatever_their_order_and_neighbours() {
        let json = r#"{"z":{"b":1},"b":"\ud83e\udd16","a":[1, {"b":2}],"b":"last"}"#;
        assert_eq!(
            pick(json, ["a", "b", "c"]),
            Some([Some(r#"[1, {"b":2}]"#), Some(r#""last""#), None])
        );
        assert_eq!(pick("[1]", ["a"]), None);
        assert_eq!(pick(r#"{"a":1} x"#, ["a"]), None);
        assert_eq!(pick(r#"{"a":1,}"#, ["a"]), None);
    }

    #[test]
    fn only_brackets_outside_of_strings_nest() {
        let nested = |open: &str, depth: usize| format!("{{\"a\":{}", open.repeat(depth));
        assert!(!is_too_deep(&nested("[", 126)));
        assert!(is_too_deep(&nested("[", 127)));
        assert!(!is_too_deep(&nested(r#""[{\"[","#, 200)));
        assert!(!is_too_deep(&nested("[],", 200)));
    }

    #[test]
    fn what_serde_refuses_is_replaced_and_nothing_else() {
        let check = |json: &str, text_: &str| assert_eq!(text(json).as_deref(), Some(text_));
        check(r#""\ud83e\udd16""#, "\u{1f916}");
        check(r#""a\ud83eb""#, "a\u{fffd}b");
        check(r#""a\udd16\ud83e\u0041""#, "a\u{fffd}\u{fffd}A");
        check("\"a\0b\tc\"", "a b c");
        check(r#""\\ud83e""#, r"\ud83e");
        check("\"\\ud83e\0\"", "\u{fffd} ");
        assert_eq!(text("42"), None);
        assert_eq!(text(r#""a\x""#), None);
    }
}
