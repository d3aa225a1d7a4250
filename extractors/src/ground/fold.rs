//! Folds a text for comparison and cuts it into words that keep paths, flags and names whole.
//!
//! It must not change what a text says: case stays in the folded text, and only the words' keys
//! are in lower case.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;

/// A folded text with its words.
#[derive(Debug)]
pub(super) struct Text {
    /// NFKC, with plain quotes and dashes, without invisible characters; line breaks kept.
    pub(super) folded: String,
    /// The words in order.
    pub(super) words: Vec<Word>,
}

/// A word: letters and digits, joined by what joins paths, versions and names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Word {
    /// The word in lower case.
    pub(super) key: String,
    /// Where it begins in the folded text.
    pub(super) start: usize,
    /// Where it ends there.
    pub(super) end: usize,
}

impl Text {
    /// Folds a text and cuts it.
    pub(super) fn of(text: &str) -> Self {
        let folded = fold(text).into_owned();
        let words = words(&folded);
        Self { folded, words }
    }

    /// Returns a word as it was written.
    pub(super) fn raw(&self, word: &Word) -> &str {
        &self.folded[word.start..word.end]
    }

    /// Returns what stands between a word and the one before it.
    pub(super) fn gap(&self, index: usize) -> &str {
        let from = match index {
            0 => 0,
            _ => self.words[index - 1].end,
        };
        &self.folded[from..self.words[index].start]
    }
}

fn fold(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    Cow::Owned(
        text.nfkc()
            .filter(|c| !is_invisible(*c))
            .map(plain)
            .collect(),
    )
}

fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{ad}' | '\u{fe0f}'
    )
}

fn plain(c: char) -> char {
    match c {
        '‘' | '’' | '‚' | '‛' | '′' | '´' => '\'',
        '“' | '”' | '„' | '‟' | '«' | '»' | '″' => '"',
        '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' => '-',
        _ => c,
    }
}

/// Says whether a character is written without spaces between words.
pub(super) fn is_unspaced(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30ff}' | '\u{31f0}'..='\u{31ff}' | '\u{3400}'..='\u{4dbf}'
        | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3134f}')
}

/// Says whether a character is Korean.
pub(super) fn is_hangul(c: char) -> bool {
    matches!(c, '\u{ac00}'..='\u{d7a3}')
}

fn is_letter(c: char) -> bool {
    (c.is_alphanumeric() || c == '_') && !is_unspaced(c)
}

fn words(folded: &str) -> Vec<Word> {
    let chars: Vec<(usize, char)> = folded.char_indices().collect();
    let mut words = Vec::with_capacity(folded.len() / 5);
    let mut at = 0;
    while at < chars.len() {
        let from = at;
        let (start, c) = chars[at];
        at = match c {
            _ if is_unspaced(c) => at + 1,
            _ if is_letter(c) => word_end(&chars, at),
            _ => match lead(&chars, at) {
                Some(letter) => word_end(&chars, letter),
                None => {
                    at += 1;
                    continue;
                }
            },
        };
        debug_assert!(at > from, "the cut moves on");
        let end = chars.get(at).map_or(folded.len(), |(end, _)| *end);
        let key = folded[start..end].to_lowercase().replace('\\', "/");
        words.push(Word { key, start, end });
    }
    words
}

/// Returns where the letters begin after signs that open a word: `--flag`, `.env`, `/usr`, `@scope`.
fn lead(chars: &[(usize, char)], at: usize) -> Option<usize> {
    let before = at.checked_sub(1).map(|before| chars[before].1);
    let is_free = before.is_none_or(|c| !is_letter(c) && !matches!(c, '.' | '-' | '/' | '@'));
    let letter_at = |index: usize| {
        let (_, c) = chars.get(index)?;
        is_letter(*c).then_some(index)
    };
    match chars[at].1 {
        '-' if is_free => {
            let two = chars.get(at + 1).is_some_and(|(_, c)| *c == '-');
            let letter = letter_at(at + 1 + usize::from(two))?;
            (!chars[letter].1.is_ascii_digit()).then_some(letter)
        }
        '.' | '/' | '@' if is_free => letter_at(at + 1),
        _ => None,
    }
}

fn word_end(chars: &[(usize, char)], from: usize) -> usize {
    let mut at = from + 1;
    while let Some((_, c)) = chars.get(at) {
        if is_letter(*c) {
            // Korean puts its particles right behind a foreign name: `npm을`.
            if is_hangul(*c) != is_hangul(chars[at - 1].1) {
                break;
            }
            at += 1;
        } else if joins(chars, at) {
            at += 2;
        } else if *c == '/'
            && chars.get(at + 1).is_some_and(|(_, c)| *c == '.')
            && letter_at(chars, at + 2)
        {
            // A dotted file below a folder: `packages/.env`.
            at += 3;
        } else {
            break;
        }
    }
    at
}

fn letter_at(chars: &[(usize, char)], at: usize) -> bool {
    chars.get(at).is_some_and(|(_, c)| is_letter(*c))
}

/// Says whether the sign here joins the letters on both sides into one word.
fn joins(chars: &[(usize, char)], at: usize) -> bool {
    let digit = |index: usize| chars.get(index).is_some_and(|(_, c)| c.is_ascii_digit());
    match chars[at].1 {
        '.' | '-' | '/' | '@' | '\'' | '\\' => letter_at(chars, at + 1),
        ',' => digit(at - 1) && digit(at + 1),
        _ => false,
    }
}
