//! Knows the scripts that put no spaces between words, and reads their runs as overlapping pairs.
//!
//! It must not try to find real words: that needs a dictionary, and pairs find whatever a
//! dictionary would have found.

use super::split::Singles;

/// Says whether a letter belongs to a script whose words are not set apart by spaces.
///
/// Han, Kana, Bopomofo, Hangul (spaced, but its particles cling to the word), Thai, Lao, Khmer, Myanmar.
pub(super) fn is_unspaced(letter: char) -> bool {
    matches!(
        u32::from(letter),
        0x0E00..=0x0EFF
            | 0x1000..=0x109F
            | 0x1100..=0x11FF
            | 0x1780..=0x17FF
            | 0x2E80..=0x2FDF
            | 0x3005..=0x3007
            | 0x3021..=0x3029
            | 0x3038..=0x303C
            | 0x3040..=0x318F
            | 0x31A0..=0x31BF
            | 0x31F0..=0x31FF
            | 0x3400..=0x4DBF
            | 0x4E00..=0x9FFF
            | 0xA960..=0xA97F
            | 0xA9E0..=0xA9FF
            | 0xAA60..=0xAA7F
            | 0xAC00..=0xD7FF
            | 0xF900..=0xFAFF
            | 0x1AFF0..=0x1B16F
            | 0x20000..=0x3FFFF
    )
}

/// Calls `emit` with every pair of neighbouring characters of a run, and with single ones as asked.
pub(super) fn each_pair(run: &str, singles: Singles, emit: &mut impl FnMut(&str)) {
    let mut before = None;
    for (at, letter) in run.char_indices() {
        if let Some(from) = before.replace(at) {
            emit(&run[from..at + letter.len_utf8()]);
        }
    }
    let alone = run.chars().nth(1).is_none();
    if alone || singles == Singles::Always {
        run.char_indices()
            .for_each(|(at, letter)| emit(&run[at..at + letter.len_utf8()]));
    }
}
