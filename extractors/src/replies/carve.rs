//! Carves JSON values out of a text, and mends what models get wrong inside them.
//!
//! It must not parse: what is carved is read by `serde_json`, strictly. No recursion, one pass.

use std::ops::Range;

// The contract needs five; what is nested deeper is no reply to us.
const MAX_DEPTH: usize = 32;

/// A value in a text.
#[derive(Debug, Default)]
pub(super) struct Carved {
    /// Where it stands; when it breaks off, to the end of the text.
    pub(super) place: Range<usize>,
    /// Whether it has its end.
    pub(super) is_whole: bool,
    /// The whole objects in its lists, each with the key of its list.
    pub(super) items: Vec<(Option<Range<usize>>, Range<usize>)>,
}

/// Returns where a value begins that may be a reply: an object with a key, or a list of objects.
pub(super) fn start(text: &str, from: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = from;
    loop {
        at += memchr::memchr2(b'{', b'[', &bytes[at..])?;
        let space = bytes[at + 1..]
            .iter()
            .take_while(|b| b.is_ascii_whitespace());
        let next = at + 1 + space.count();
        let fits = match (bytes[at], bytes.get(next)) {
            (_, None) => true,
            (b'{', Some(b)) => matches!(b, b'"' | b'}'),
            (_, Some(b)) => matches!(b, b'{' | b']'),
        };
        if fits {
            return Some(at);
        }
        at = next;
    }
}

/// Carves the value that begins here.
pub(super) fn carve(text: &str, start: usize) -> Carved {
    let mut knife = Knife::default();
    for (offset, byte) in text.as_bytes()[start..].iter().enumerate() {
        if knife.cut(*byte, start + offset) == Cut::Done {
            return Carved {
                place: start..start + offset + 1,
                is_whole: knife.open.is_empty() && !knife.is_broken,
                items: knife.items,
            };
        }
    }
    Carved {
        place: start..text.len(),
        is_whole: false,
        items: knife.items,
    }
}

#[derive(PartialEq, Eq)]
enum Cut {
    On,
    Done,
}

#[derive(Default)]
struct Knife {
    /// What is open: which bracket, and where.
    open: Vec<(u8, usize)>,
    /// Where the string began in which we are.
    string: Option<usize>,
    escaped: bool,
    is_broken: bool,
    /// The last string that stood right in the outermost object.
    key: Option<Range<usize>>,
    items: Vec<(Option<Range<usize>>, Range<usize>)>,
}

impl Knife {
    fn cut(&mut self, byte: u8, at: usize) -> Cut {
        if let Some(begin) = self.string {
            match byte {
                _ if self.escaped => self.escaped = false,
                b'\\' => self.escaped = true,
                b'"' => {
                    self.string = None;
                    if self.open.len() == 1 {
                        self.key = Some(begin + 1..at);
                    }
                }
                _ => {}
            }
            return Cut::On;
        }
        match byte {
            b'"' => self.string = Some(at),
            b'{' | b'[' if self.open.len() == MAX_DEPTH => {
                self.is_broken = true;
                return Cut::Done;
            }
            b'{' | b'[' => self.open.push((byte, at)),
            b'}' | b']' => return self.close(byte, at),
            _ => {}
        }
        Cut::On
    }

    fn close(&mut self, byte: u8, at: usize) -> Cut {
        let Some((opener, begin)) = self.open.pop() else {
            return Cut::Done;
        };
        if (opener == b'{') != (byte == b'}') {
            self.is_broken = true;
            return Cut::Done;
        }
        let outer: Vec<u8> = self.open.iter().map(|(byte, _)| *byte).collect();
        match outer.as_slice() {
            [] => return Cut::Done,
            b"{[" if opener == b'{' => self.items.push((self.key.clone(), begin..at + 1)),
            b"[" if opener == b'{' => self.items.push((None, begin..at + 1)),
            _ => {}
        }
        Cut::On
    }
}

/// Mends a carved value: line breaks in strings, strange escapes, commas before a closing bracket.
pub(super) fn mend(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    let mut chars = json.chars().peekable();
    let mut in_string = false;
    // Where a comma stands that only white space has followed.
    let mut comma: Option<usize> = None;
    while let Some(c) = chars.next() {
        match c {
            '"' => in_string = !in_string,
            '\n' if in_string => {
                out.push_str("\\n");
                continue;
            }
            '\t' if in_string => {
                out.push_str("\\t");
                continue;
            }
            '\\' if in_string => {
                match chars.next() {
                    Some(known) if "\"\\/bfnrtu".contains(known) => out.extend(['\\', known]),
                    Some(strange) => out.extend(['\\', '\\', strange]),
                    None => {}
                }
                continue;
            }
            '}' | ']' if !in_string => {
                if let Some(at) = comma {
                    out.remove(at);
                }
            }
            _ => {}
        }
        if !c.is_whitespace() {
            comma = (c == ',' && !in_string).then_some(out.len());
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_ends_where_its_bracket_closes_and_not_in_a_string() {
        let text = r#"so {x} then {"a": "}]\"{", "b": [{"c": 1}]} and more"#;
        let begin = start(text, 0).expect("a start");
        let carved = carve(text, begin);
        assert!(carved.is_whole);
        assert_eq!(&text[carved.place], r#"{"a": "}]\"{", "b": [{"c": 1}]}"#);
        let (key, item) = carved.items[0].clone();
        assert_eq!(&text[key.expect("a key")], "b");
        assert_eq!(&text[item], r#"{"c": 1}"#);
    }

    #[test]
    fn what_breaks_off_keeps_its_whole_items() {
        let carved = carve(r#"{"memories": [{"a": 1}, {"b": [1, {"#, 0);
        assert!(!carved.is_whole);
        assert_eq!(carved.items.len(), 1);
        assert!(!carve(&"[{\"a\":".repeat(1000), 0).is_whole);
        assert!(!carve("{]", 0).is_whole);
    }

    #[test]
    fn mending_leaves_a_sound_value_alone() {
        let sound = r#"{"a": "x,\n\\ }", "b": [1, 2], "c": "\u00e4"}"#;
        assert_eq!(mend(sound), sound);
        assert_eq!(
            mend("{\"a\": \"x\ny \\d\", \"b\": [1, 2, ] , }"),
            "{\"a\": \"x\\ny \\\\d\", \"b\": [1, 2 ]  }"
        );
    }
}
