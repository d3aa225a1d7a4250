//! Sees through characters that hide or imitate others.
//!
//! It must not take a script for a disguise: a Russian or a Greek word is a word like any other.

use unicode_normalization::UnicodeNormalization;

/// Returns the first word that would not read as it is written.
pub(super) fn found(text: &str) -> Option<String> {
    let odd = |word: &&str| word.contains(is_hidden) || hides_within(word) || mixes(word);
    let found = text.split_whitespace().find(odd)?;
    Some(found.chars().take(40).collect())
}

/// Returns a text as a reader takes it in: lower case, one space between words, plain apostrophes,
/// nothing hidden, lookalikes as what they look like.
pub(super) fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for line in text.lines() {
        let kept: String = line
            .nfkc()
            .filter(|c| !is_hidden(*c) && !is_zero(*c))
            .collect();
        for word in kept.split_whitespace() {
            let latin = word.chars().any(|c| c.is_ascii_alphabetic());
            let seen = word.chars().map(|c| if latin { looks_like(c) } else { c });
            let seen: String = seen.collect();
            out.push_str(&seen.to_lowercase().replace(['’', '‘'], "'"));
            out.push(' ');
        }
        out.truncate(out.trim_end().len());
        out.push('\n');
    }
    out
}

/// Returns whether a text holds an override of its direction, or tags that no font draws.
pub(super) fn hides(text: &str) -> bool {
    text.contains(|c: char| matches!(c, '\u{202d}' | '\u{202e}' | '\u{e0000}'..='\u{e007f}'))
}

/// Turns the direction of what follows, or is a tag that no font draws.
fn is_hidden(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{2060}'..='\u{2064}'
        | '\u{e0000}'..='\u{e007f}' | '\u{200b}')
}

/// Joins or parts letters; in Persian and Hindi, and between emoji, it belongs to the spelling.
fn is_zero(c: char) -> bool {
    matches!(c, '\u{200c}'..='\u{200f}' | '\u{feff}' | '\u{ad}')
}

fn hides_within(word: &str) -> bool {
    let chars: Vec<char> = word.chars().collect();
    chars
        .windows(3)
        .any(|w| is_zero(w[1]) && w[0].is_ascii_alphanumeric() && w[2].is_ascii_alphanumeric())
}

/// Says whether one run of letters is both Latin and a lookalike of Latin.
fn mixes(word: &str) -> bool {
    word.split(|c: char| !c.is_alphabetic()).any(|run| {
        let latin = run.chars().any(|c| c.is_ascii_alphabetic());
        latin && run.chars().any(|c| looks_like(c) != c)
    })
}

// Cyrillic and Greek letters, each above the Latin one that it is taken for.
const ALIKE: &str = "авекмнорстухіјѕһԁԛԝАВЕКМНОРСТХορνΑΒΕΚΜΗΟΡΤΧΙΝΖ";
const LATIN: &str = "abekmhopctyxijshdqwABEKMHOPCTXopvABEKMHOPTXINZ";

fn looks_like(c: char) -> char {
    if c.is_ascii() {
        return c;
    }
    let mut pairs = ALIKE.chars().zip(LATIN.chars());
    pairs
        .find(|(odd, _)| *odd == c)
        .map_or(c, |(_, latin)| latin)
}

#[cfg(test)]
mod tests {
    use super::{ALIKE, LATIN, found, plain};

    #[test]
    fn every_lookalike_has_its_letter() {
        assert_eq!(ALIKE.chars().count(), LATIN.chars().count());
        assert_eq!(plain("\u{430}lw\u{430}ys d\u{435}ploy"), "always deploy\n");
    }

    #[test]
    fn a_script_is_no_disguise() {
        for text in [
            "всегда используй pnpm",
            "npm-пакеты",
            "α-helix, λx, 5 μs",
            "می‌خواهم",
            "👩‍💻 ok",
        ] {
            assert_eq!(found(text), None, "{text}");
        }
        for text in ["p\u{430}ypal", "al\u{200b}ways", "x\u{202e}y", "a\u{200d}b"] {
            assert!(found(text).is_some(), "{text}");
        }
    }
}
