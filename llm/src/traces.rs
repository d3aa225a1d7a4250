//! Takes the traces of a key out of a text: the key, what is left of it in parts, turned round or in base64.
//!
//! Knows one key and no other secret; those are the eye's for secrets that the binary lends.

use std::collections::HashSet;

use secrecy::{ExposeSecret, SecretString};

/// So many letters in a row are a trace of a key where a server complains.
pub(crate) const IN_AN_ERROR: usize = 8;
/// In a reply more are needed: keys of one provider begin alike, and a lesson may speak of that.
const IN_A_REPLY: usize = 16;

const HIDDEN: &str = "***";

/// Returns a reply without the key, if the key is long enough to be no word of the language: a server of
/// one's own takes any.
pub(crate) fn hide_in_reply(text: String, key: Option<&SecretString>) -> String {
    match key {
        Some(key) if key.expose_secret().len() >= IN_A_REPLY => hide(&text, key, IN_A_REPLY),
        _ => text,
    }
}

/// Returns the text with every run of so many letters of the key hidden; a shorter key only as a whole.
pub(crate) fn hide(text: &str, key: &SecretString, run: usize) -> String {
    let key = key.expose_secret().as_bytes();
    if key.is_empty() {
        return text.to_owned();
    }
    let run = run.min(key.len());
    let shapes = shapes(key);
    let pieces: HashSet<Vec<u8>> = shapes
        .iter()
        .flat_map(|shape| shape.windows(run))
        .map(<[u8]>::to_ascii_lowercase)
        .collect();
    without(text, run, |piece| {
        pieces.contains(&piece.to_ascii_lowercase())
    })
}

/// The key, the key turned round, and each of them in base64, however far before them it begins.
fn shapes(key: &[u8]) -> Vec<Vec<u8>> {
    let turned: Vec<u8> = key.iter().rev().copied().collect();
    let mut shapes = Vec::new();
    for way in [key.to_vec(), turned] {
        for before in 0..3 {
            let text = base64(&way, before);
            // In addresses two of its letters are others.
            let letters = text.iter().map(|letter| match letter {
                b'+' => b'-',
                b'/' => b'_',
                other => *other,
            });
            shapes.push(letters.collect());
            shapes.push(text);
        }
        shapes.push(way);
    }
    shapes
}

/// Writes the bytes in base64 as they look behind so many others, without the letters at both ends
/// that depend on what stands there.
fn base64(bytes: &[u8], before: usize) -> Vec<u8> {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let bits = |at: usize| -> Option<u8> {
        // Six bits of the stream, which begins with the bytes before.
        let (first, shift) = (at * 6 / 8, at * 6 % 8);
        let byte = |index: usize| bytes.get(index.checked_sub(before)?).copied();
        let high = byte(first)?;
        let low = match shift {
            0 | 2 => 0,
            _ => byte(first + 1)?,
        };
        let pair = u16::from_be_bytes([high, low]);
        u8::try_from((pair >> (10 - shift)) & 0b11_1111).ok()
    };
    let letters = (bytes.len() + before) * 8 / 6;
    (0..=letters)
        .filter_map(|at| Some(LETTERS[usize::from(bits(at)?)]))
        .collect()
}

/// Hides what lies under a window of this width wherever it is known.
fn without(text: &str, width: usize, is_known: impl Fn(&[u8]) -> bool) -> String {
    let mut clean = String::with_capacity(text.len());
    let mut shown_to = 0;
    let mut hidden_to = 0;
    for (at, window) in text.as_bytes().windows(width).enumerate() {
        if !is_known(window) {
            continue;
        }
        if at > hidden_to || hidden_to == 0 {
            // A key is plain ASCII, and so is what lies under a window that is known.
            clean.push_str(&text[shown_to..at]);
            clean.push_str(HIDDEN);
        }
        hidden_to = at + width;
        shown_to = hidden_to;
    }
    clean.push_str(&text[shown_to..]);
    clean
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "sk-proj-A1b2C3d4E5f6G7h8";

    fn hidden(text: &str) -> String {
        hide(text, &SecretString::from(KEY.to_owned()), IN_AN_ERROR)
    }

    /// Says whether eight letters of the key in a row, in any of its shapes, can still be read.
    fn shows(text: &str) -> bool {
        let shapes = shapes(KEY.as_bytes());
        let mut pieces = shapes.iter().flat_map(|shape| shape.windows(8));
        pieces.any(|piece| text.as_bytes().windows(8).any(|window| window == piece))
    }

    #[test]
    fn a_key_is_hidden_whole_in_part_turned_round_and_upper_case() {
        assert_eq!(
            hidden(&format!("bad key {KEY}, sorry")),
            "bad key ***, sorry"
        );
        assert_eq!(
            hidden("key sk-proj-A1b2C3d4E5f6**** is bad"),
            "key ******* is bad"
        );
        assert_eq!(hidden("has 2C3d4E5f in it"), "has *** in it");
        let turned: String = KEY.chars().rev().collect();
        assert_eq!(hidden(&turned), "***");
        assert_eq!(hidden(&KEY.to_uppercase()), "***");
        assert_eq!(hidden("é sk-proj-A1b2 é"), "é *** é");
    }

    #[test]
    fn a_key_in_base64_is_hidden_wherever_it_begins() {
        // As `printf 'Bearer KEY' | base64` and the like write them.
        for text in [
            "c2stcHJvai1BMWIyQzNkNEU1ZjZHN2g4",
            "QmVhcmVyIHNrLXByb2otQTFiMkMzZDRFNWY2RzdoOA==",
            "a2V5PXNrLXByb2otQTFiMkMzZDRFNWY2RzdoOA==",
        ] {
            let clean = hidden(text);
            assert!(clean.contains("***") && !shows(&clean), "{text}: {clean}");
        }
    }

    #[test]
    fn what_is_no_key_is_left_as_it_is() {
        let text = "no such model: gpt-5-mini, ask again";
        assert_eq!(hidden(text), text);
        let key = SecretString::from("ollama".to_owned());
        assert_eq!(hide("an ollama llama", &key, IN_AN_ERROR), "an *** llama");
    }
}
