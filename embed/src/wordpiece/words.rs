//! Makes words of a text: lower case, without accents, every sign and every Chinese character alone.
//!
//! Follows BERT's normalisation to the letter and nothing beyond it; knows no vocabulary.

use unicode_normalization::char::decompose_canonical;

use super::classes::{PUNCTUATION, VANISHING};

/// The teacher's tokenizer calls a longer word unknown, and so do we, without holding it.
const LONGEST_WORD: usize = 100;

/// Characters that stand alone because their scripts have no spaces, as BERT counts them.
const CHINESE: [u32; 16] = [
    0x3400, 0x4dbf, 0x4e00, 0x9fff, 0xf900, 0xfaff, 0x20000, 0x2a6df, 0x2a700, 0x2b73f, 0x2b740,
    0x2b81f, 0x2b920, 0x2ceaf, 0x2f800, 0x2fa1f,
];

/// Hands on each word of a text, in their order.
pub(super) fn each(text: &str, take: impl FnMut(&str)) {
    let mut words = Words {
        word: String::new(),
        characters: 0,
        take,
    };
    for character in text.chars() {
        match character.is_ascii() {
            true => words.ascii(character),
            false => words.beyond_ascii(character),
        }
    }
    words.end();
}

/// A word that grows, and what is done with it when it ends.
struct Words<F> {
    word: String,
    characters: usize,
    take: F,
}

impl<F: FnMut(&str)> Words<F> {
    fn ascii(&mut self, character: char) {
        match character {
            ' ' | '\t' | '\n' | '\r' => self.end(),
            _ if character.is_ascii_control() => {}
            _ if character.is_ascii_punctuation() => self.alone(character),
            _ => self.push(character.to_ascii_lowercase()),
        }
    }

    fn beyond_ascii(&mut self, character: char) {
        if within(&VANISHING, character) {
            return;
        }
        if character.is_whitespace() {
            return self.end();
        }
        let is_chinese = within(&CHINESE, character);
        if is_chinese {
            self.end();
        }
        decompose_canonical(character, |part| {
            if !within(&VANISHING, part) {
                part.to_lowercase()
                    .for_each(|lower| self.letter_or_sign(lower));
            }
        });
        if is_chinese {
            self.end();
        }
    }

    fn letter_or_sign(&mut self, character: char) {
        match character.is_ascii_punctuation() || within(&PUNCTUATION, character) {
            true => self.alone(character),
            false => self.push(character),
        }
    }

    fn push(&mut self, character: char) {
        self.characters += 1;
        if self.characters <= LONGEST_WORD {
            self.word.push(character);
        }
    }

    fn alone(&mut self, character: char) {
        self.end();
        self.push(character);
        self.end();
    }

    fn end(&mut self) {
        if (1..=LONGEST_WORD).contains(&self.characters) {
            (self.take)(&self.word);
        }
        self.word.clear();
        self.characters = 0;
    }
}

/// Tells whether a character is in one of the ranges, which stand as first and last, first and last.
fn within(ranges: &[u32], character: char) -> bool {
    let number = u32::from(character);
    let below = ranges.partition_point(|&bound| bound < number);
    // An odd place is the end of a range that began below; an even one must begin right here.
    below % 2 == 1 || ranges.get(below) == Some(&number)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expect: &[&str]) {
        let mut found = Vec::new();
        each(text, |word| found.push(word.to_owned()));
        assert_eq!(found, expect, "{text:?}");
    }

    #[test]
    fn words_lose_case_and_accents() {
        check("Crème BRÛLÉE İstanbul", &["creme", "brulee", "istanbul"]);
        check("cafe\u{301}", &["cafe"]);
        check("ΟΔΟΣ", &["οδοσ"]);
    }

    #[test]
    fn a_sign_is_a_word_of_its_own() {
        check(
            "src/main.rs:12",
            &["src", "/", "main", ".", "rs", ":", "12"],
        );
        check("was?¿—don’t", &["was", "?", "¿", "—", "don", "’", "t"]);
    }

    #[test]
    fn chinese_characters_stand_alone_and_japanese_letters_do_not() {
        check("修复bug", &["修", "复", "bug"]);
        check("テスト", &["テスト"]);
    }

    #[test]
    fn control_and_format_characters_leave_no_gap() {
        check(
            "a\u{0}b\u{200b}c\u{7f}d\u{feff}e\u{b}f\u{85}g",
            &["abcdefg"],
        );
        check("a\u{a0}b\u{3000}c\r\n\td", &["a", "b", "c", "d"]);
    }

    #[test]
    fn a_word_of_over_a_hundred_characters_is_left_out_whole() {
        let (fits, too_long) = ("x".repeat(100), "é".repeat(101));
        check(&format!("a {too_long} {fits} b"), &["a", &fits, "b"]);
    }

    #[test]
    fn ranges_hold_their_ends_and_nothing_beside_them() {
        let ranges = [5, 7, 9, 9];
        let held: Vec<char> = ('\0'..'\u{c}').filter(|&c| within(&ranges, c)).collect();
        assert_eq!(held, ['\u{5}', '\u{6}', '\u{7}', '\u{9}']);
    }
}
