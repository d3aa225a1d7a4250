//! Brings text into the one spelling that is compared: composed, without invisible marks, lower case.
//!
//! It must not split anything: capitals survive until a word has been taken apart at them.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Writes the text as compatibility-composed characters, diacritics kept.
pub(super) fn compose(text: &str, out: &mut String) {
    out.extend(
        text.nfkc()
            .filter(|c| !is_invisible(*c))
            .map(plain_punctuation),
    );
}

/// Writes the text composed, and its Latin letters without diacritics.
///
/// Other scripts keep theirs: without its breve, Russian `й` would be another letter, and Japanese
/// `が` another syllable.
pub(super) fn compose_bare(text: &str, out: &mut String) {
    let mut after_latin = false;
    let stripped = text.nfkd().filter(|c| {
        let mark = is_combining_mark(*c);
        after_latin = if mark { after_latin } else { is_latin(*c) };
        !(mark && after_latin)
    });
    for c in stripped.nfc().filter(|c| !is_invisible(*c)) {
        match base_letter(c) {
            Some(base) => out.push_str(base),
            None => out.push(plain_punctuation(c)),
        }
    }
}

/// Writes a piece of composed text in lower case, `ß` as `ss` and the final sigma as any other.
pub(super) fn lower(piece: &str, out: &mut String) {
    if piece.is_ascii() {
        let from = out.len();
        out.push_str(piece);
        out[from..].make_ascii_lowercase();
        return;
    }
    for c in piece.chars().flat_map(char::to_lowercase) {
        match c {
            'ß' => out.push_str("ss"),
            'ς' => out.push('σ'),
            '\u{307}' => {} // the dot that lower-casing splits off from a Turkish İ
            c => out.push(c),
        }
    }
}

/// Marks without a letter's worth (a virama, a variation selector) and joiners: they neither split a word nor spell it.
fn is_invisible(c: char) -> bool {
    let joiner = matches!(
        c,
        '\u{AD}' | '\u{200C}'..='\u{200F}' | '\u{2060}' | '\u{FEFF}'
    );
    joiner || (is_combining_mark(c) && !c.is_alphanumeric())
}

fn plain_punctuation(c: char) -> char {
    match c {
        '\u{2019}' => '\'',
        '\u{2010}' => '-',
        c => c,
    }
}

fn is_latin(c: char) -> bool {
    c.is_ascii_alphabetic()
        || matches!(u32::from(c), 0xC0..=0x2AF | 0x1E00..=0x1EFF | 0x2C60..=0x2C7F | 0xA720..=0xA7FF)
}

/// The Latin letters whose stroke or ligature Unicode does not take apart.
fn base_letter(c: char) -> Option<&'static str> {
    Some(match c {
        'æ' => "ae",
        'Æ' => "Ae",
        'œ' => "oe",
        'Œ' => "Oe",
        'ø' => "o",
        'Ø' => "O",
        'ł' => "l",
        'Ł' => "L",
        'đ' => "d",
        'Đ' => "D",
        'ħ' => "h",
        'Ħ' => "H",
        'ŧ' => "t",
        'Ŧ' => "T",
        'ı' => "i",
        _ => return None,
    })
}
