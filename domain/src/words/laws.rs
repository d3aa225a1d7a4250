//! Holds the tokenizer to what both search engines rely on, whatever the text.
//!
//! It must not list examples; those stand in the tables.

use std::collections::HashSet;

use proptest::prelude::*;
use unicode_normalization::UnicodeNormalization;

use super::{MAX_QUERY_TOKENS, MAX_TOKEN_CHARS, jaccard, query, tokens, words};

/// Any characters at all, and the ones that meet a rule of ours far more often than chance would.
fn text() -> impl Strategy<Value = String> {
    let telling = "[a-cA-CsSgied0-9_.' \u{2019}/-]{0,12}";
    let foreign = "[ßẞİıæÆøŁςΣéÜ\u{301}\u{307}\u{345}\u{200D}用户カナﾞ한국어ไทกहि्न्🚀ﬁⅧａ]{0,8}";
    prop::collection::vec(prop_oneof![telling, foreign, any::<String>()], 0..8)
        .prop_map(|parts| parts.concat())
}

fn is_clean(token: &str) -> bool {
    let characters = token.chars().count();
    (1..=MAX_TOKEN_CHARS).contains(&characters)
        && token.chars().all(|c| c.is_alphanumeric() || c == '_')
        && token.chars().any(|c| c != '_')
}

proptest! {
    #[test]
    fn a_token_holds_only_letters_digits_and_underscores(text in text()) {
        for token in tokens(&text) {
            prop_assert!(is_clean(&token), "{token:?}");
        }
    }

    #[test]
    fn a_text_is_found_by_itself(text in text()) {
        let indexed: HashSet<_> = tokens(&text).into_iter().collect();
        let asked = query(&text);
        prop_assert!(asked.iter().all(|token| indexed.contains(token)), "{asked:?} in {indexed:?}");
        prop_assert_eq!(asked.is_empty(), indexed.is_empty());
        prop_assert!(asked.len() <= MAX_QUERY_TOKENS);
        prop_assert_eq!(asked.iter().collect::<HashSet<_>>().len(), asked.len());
    }

    #[test]
    fn lower_casing_only_takes_the_parts_of_camel_case_away(text in text()) {
        let indexed: HashSet<_> = tokens(&text).into_iter().collect();
        // Styled capitals (𝕀) have a lower case only once they are plain letters.
        let plain: String = text.nfkc().collect();
        for token in tokens(&plain.to_lowercase()) {
            prop_assert!(indexed.contains(&token), "{token:?} in {indexed:?}");
        }
        prop_assert_eq!(words(&text), words(&text.to_lowercase()));
    }

    #[test]
    fn capitals_alone_make_no_difference(text in "[a-z0-9_.' /-]{0,40}") {
        prop_assert_eq!(tokens(&text), tokens(&text.to_uppercase()));
    }

    #[test]
    fn texts_side_by_side_keep_their_own_tokens(a in text(), b in text()) {
        let both = tokens(&format!("{a} {b}"));
        prop_assert_eq!(both, [tokens(&a), tokens(&b)].concat());
    }

    #[test]
    fn similarity_is_a_symmetric_share(a in text(), b in text()) {
        let (a, b) = (words(&a), words(&b));
        let alike = jaccard(&a, &b);
        prop_assert!((0.0..=1.0).contains(&alike));
        prop_assert_eq!(alike, jaccard(&b, &a));
        prop_assert_eq!(jaccard(&a, &a), if a.is_empty() { 0.0 } else { 1.0 });
    }
}

#[test]
fn every_letter_with_a_lower_case_is_one_with_it() {
    let cased = ('\u{80}'..='\u{1FFFF}').filter(|c| !c.to_lowercase().eq([*c]));
    for c in cased {
        let (text, lowered) = (c.to_string(), c.to_lowercase().to_string());
        assert_eq!(words(&text), words(&lowered), "{c:?}");
        let indexed = tokens(&text);
        assert!(
            tokens(&lowered).iter().all(|token| indexed.contains(token)),
            "{c:?}"
        );
    }
}

#[test]
fn no_character_makes_an_unclean_token() {
    // Beyond the second plane stand only more Han characters and private ones.
    for c in '\0'..='\u{1FFFF}' {
        let text = format!("a{c}b");
        assert!(
            tokens(&text).iter().all(|token| is_clean(token)),
            "{c:?}: {:?}",
            tokens(&text)
        );
    }
}
