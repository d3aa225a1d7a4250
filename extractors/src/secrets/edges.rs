//! Says where a word begins and which bytes a token may be made of.
//!
//! Works on bytes and never looks further than a few of them.

/// The bytes that a token is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    /// Letters and digits.
    Alnum,
    /// Upper-case letters and digits.
    Upper,
    /// Lower-case letters and digits.
    Lower,
    /// Lower-case hexadecimal digits.
    Hex,
    /// Letters, digits and `_`.
    Word,
    /// Letters, digits, `_` and `-`.
    Dash,
    /// Letters, digits, `_`, `-` and `.`.
    Dotted,
    /// Standard base64 and its padding.
    Base64,
}

// One look-up a byte instead of several comparisons; runs are most of the work.
static MEMBERS: [u8; 256] = members();

const fn members() -> [u8; 256] {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        let mut class = 0;
        while class < CLASSES.len() {
            if CLASSES[class].lists(byte as u8) {
                table[byte] |= 1 << CLASSES[class] as u8;
            }
            class += 1;
        }
        byte += 1;
    }
    table
}

const CLASSES: [Class; 8] = [
    Class::Alnum,
    Class::Upper,
    Class::Lower,
    Class::Hex,
    Class::Word,
    Class::Dash,
    Class::Dotted,
    Class::Base64,
];

impl Class {
    /// Returns whether the byte belongs to the class.
    pub(super) fn has(self, byte: u8) -> bool {
        MEMBERS[byte as usize] & (1 << self as u8) != 0
    }

    const fn lists(self, byte: u8) -> bool {
        match self {
            Self::Alnum => byte.is_ascii_alphanumeric(),
            Self::Upper => byte.is_ascii_uppercase() || byte.is_ascii_digit(),
            Self::Lower => byte.is_ascii_lowercase() || byte.is_ascii_digit(),
            Self::Hex => byte.is_ascii_digit() || matches!(byte, b'a'..=b'f'),
            Self::Word => byte.is_ascii_alphanumeric() || byte == b'_',
            Self::Dash => byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'),
            Self::Dotted => byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.'),
            Self::Base64 => byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'='),
        }
    }

    /// Returns the end of the run of this class that starts at `at`, at most `max` bytes on.
    pub(super) fn run_end(self, bytes: &[u8], at: usize, max: usize) -> usize {
        let stop = bytes.len().min(at.saturating_add(max));
        let run = bytes[at..stop].iter().take_while(|&&byte| self.has(byte));
        at + run.count()
    }

    /// Returns the start of the run of this class that ends at `at`, at most `max` bytes back.
    pub(super) fn run_start(self, bytes: &[u8], at: usize, max: usize) -> usize {
        let stop = at.saturating_sub(max);
        let run = bytes[stop..at]
            .iter()
            .rev()
            .take_while(|&&byte| self.has(byte));
        at - run.count()
    }
}

/// Returns whether a word may begin at `at`, counting an escape before it as an edge.
///
/// `\nghp_` in raw JSON, `%3Dghp_` in a URL and a colour code on a terminal all end in a letter
/// that is none.
pub(super) fn starts_word(bytes: &[u8], at: usize) -> bool {
    begins(bytes, at, Class::Alnum)
}

/// Returns whether a word may begin at `at` that `-` and `_` do not tie to the one before.
pub(super) fn stands_alone(bytes: &[u8], at: usize) -> bool {
    begins(bytes, at, Class::Dash)
}

fn begins(bytes: &[u8], at: usize, inside: Class) -> bool {
    let before = &bytes[at.saturating_sub(12)..at];
    match before {
        [] | [.., b'\\', b'n' | b'r' | b't' | b'b' | b'f'] => true,
        [.., last] if !inside.has(*last) => true,
        [.., b'%', a, b] if a.is_ascii_hexdigit() && b.is_ascii_hexdigit() => true,
        [.., b'm'] => ends_colour(before),
        _ => ends_unicode_escape(before),
    }
}

fn ends_unicode_escape(before: &[u8]) -> bool {
    let Some((head, digits)) = before.split_last_chunk::<4>() else {
        return false;
    };
    head.ends_with(b"\\u") && digits.iter().all(u8::is_ascii_hexdigit)
}

fn ends_colour(before: &[u8]) -> bool {
    let body = &before[..before.len() - 1];
    let digits = body
        .iter()
        .rev()
        .take_while(|b| b.is_ascii_digit() || **b == b';')
        .count();
    body[..body.len() - digits].ends_with(b"[")
}
