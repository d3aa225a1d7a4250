//! Turns the character references of XML and HTML into what they stand for.
//!
//! Nothing is ever defined by the text itself, so nothing grows: what is not known stays as it is.

use std::borrow::Cow;

use memchr::memchr;

const CDATA: &str = "<![CDATA[";
const CDATA_END: &str = "]]>";
// `&#x10ffff;` and the longest of the names below.
const LONGEST: usize = 10;

const NAMED: &[(&str, &str)] = &[
    ("lt", "<"),
    ("gt", ">"),
    ("amp", "&"),
    ("quot", "\""),
    ("apos", "'"),
    ("nbsp", " "),
    ("hellip", "…"),
    ("ndash", "–"),
    ("mdash", "—"),
    ("lsquo", "‘"),
    ("rsquo", "’"),
    ("ldquo", "“"),
    ("rdquo", "”"),
    ("laquo", "«"),
    ("raquo", "»"),
    ("rarr", "→"),
    ("larr", "←"),
    ("times", "×"),
    ("middot", "·"),
    ("bull", "•"),
    ("auml", "ä"),
    ("ouml", "ö"),
    ("uuml", "ü"),
    ("Auml", "Ä"),
    ("Ouml", "Ö"),
    ("Uuml", "Ü"),
    ("szlig", "ß"),
    ("eacute", "é"),
    ("egrave", "è"),
    ("agrave", "à"),
    ("ccedil", "ç"),
    ("ntilde", "ñ"),
];

/// Returns an element's content as plain text: references resolved once, CDATA word for word.
pub(super) fn plain(content: &str) -> String {
    let mut out = String::with_capacity(content.len());
    let mut rest = content;
    while let Some(at) = rest.find(CDATA) {
        out.push_str(&decode(&rest[..at]));
        rest = &rest[at + CDATA.len()..];
        // Without its end the mark says nothing, and the rest is text like any other.
        if let Some(end) = rest.find(CDATA_END) {
            out.push_str(&rest[..end]);
            rest = &rest[end + CDATA_END.len()..];
        }
    }
    out.push_str(&decode(rest));
    out
}

/// Resolves each reference once; a bare `&` and an unknown name stay as they are.
pub(super) fn decode(text: &str) -> Cow<'_, str> {
    let Some(first) = memchr(b'&', text.as_bytes()) else {
        return Cow::Borrowed(text);
    };
    let mut out = String::with_capacity(text.len());
    out.push_str(&text[..first]);
    let mut rest = &text[first..];
    while let Some(at) = memchr(b'&', rest.as_bytes()) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        match reference(rest) {
            Some((length, says)) => {
                out.push_str(&says);
                rest = &rest[length..];
            }
            None => {
                out.push('&');
                rest = &rest[1..];
            }
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// Returns the length of the reference that a text begins with, and what it stands for.
fn reference(text: &str) -> Option<(usize, Cow<'static, str>)> {
    let window = &text.as_bytes()[1..text.len().min(LONGEST + 1)];
    let end = 1 + memchr(b';', window)?;
    let name = text.get(1..end)?;
    let says = match name.strip_prefix('#') {
        Some(number) => Cow::Owned(numbered(number)?),
        None => Cow::Borrowed(NAMED.iter().find(|(known, _)| *known == name)?.1),
    };
    Some((end + 1, says))
}

/// A number that names no character, or one that no text needs, stands for nothing.
fn numbered(number: &str) -> Option<String> {
    let hex = number.strip_prefix(['x', 'X']);
    let digits = hex.unwrap_or(number);
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
        return None;
    }
    let radix = if hex.is_some() { 16 } else { 10 };
    let code = u32::from_str_radix(digits, radix).ok()?;
    let c = char::from_u32(code).filter(|c| !super::door::is_unwanted(*c));
    Some(c.map(String::from).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_known_is_resolved_once_and_the_rest_stays() {
        for (given, expected) in [
            ("a && b", "a && b"),
            ("a &amp;&amp; b", "a && b"),
            ("Vec&lt;T&gt; &#60;&#x3C;&#X3e;", "Vec<T> <<>"),
            ("&amp;lt;", "&lt;"),
            ("&lol9; &nbsp;x &#xD800;|&#0;|&#x1;|", "&lol9;  x |||"),
            ("a&", "a&"),
            ("&#;&#x;&;&#99999999999;", "&#;&#x;&;&#99999999999;"),
            ("f&uuml;r &ü;", "für &ü;"),
        ] {
            assert_eq!(decode(given), expected, "{given}");
        }
    }

    #[test]
    fn a_cdata_section_is_taken_word_for_word() {
        assert_eq!(
            plain("a &lt; <![CDATA[b &lt; <c>]]> &gt; d"),
            "a < b &lt; <c> > d"
        );
        assert_eq!(plain("<![CDATA[a && b"), "a && b");
    }
}
