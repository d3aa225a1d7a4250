//! Estimates how many tokens a model would count in a text.
//!
//! It must not depend on a model's tokenizer, and has nothing to do with the tokens of the index: it
//! is only used to cut to size, and errs on the safe side. Measured by others, English prose has 4
//! to 4.5 characters a token and code 3 to 3.5; scripts without spaces have about one.

/// Characters of text with spaces that make a token.
const CHARS: usize = 4;

/// Returns an estimate of the tokens in a text, never 0: even an empty part costs its frame.
pub fn estimate_tokens(text: &str) -> usize {
    let (mut dense, mut spaced) = (0, 0);
    for c in text.chars() {
        match is_dense(c) {
            true => dense += 1,
            false => spaced += 1,
        }
    }
    1 + dense + usize::div_ceil(spaced, CHARS)
}

/// Says whether a character is about a token by itself: Chinese, Japanese, Korean, emoji.
fn is_dense(c: char) -> bool {
    matches!(c, '\u{1100}'..='\u{11ff}' | '\u{2e80}'..='\u{a4cf}' | '\u{ac00}'..='\u{d7ff}'
        | '\u{f900}'..='\u{faff}' | '\u{ff00}'..='\u{ffef}' | '\u{1f000}'..='\u{3ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn four_letters_and_one_sign_weigh_the_same() {
        assert_eq!(estimate_tokens(""), 1);
        assert_eq!(estimate_tokens("abcd"), 2);
        assert_eq!(estimate_tokens("abcde"), 3);
        assert_eq!(estimate_tokens("使用"), 3);
        assert_eq!(estimate_tokens("한국어"), 4);
        assert_eq!(estimate_tokens("use 使用"), 4);
        assert_eq!(estimate_tokens("é".repeat(8).as_str()), 3);
    }

    #[test]
    fn more_text_never_weighs_less() {
        let text = "Use pnpm, 不要用 npm. ".repeat(20);
        let ends = text.char_indices().map(|(at, _)| &text[..at]);
        let sizes: Vec<usize> = ends.map(estimate_tokens).collect();
        assert!(sizes.is_sorted());
    }
}
