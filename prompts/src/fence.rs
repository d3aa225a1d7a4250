//! Chooses the word that ends the names of the tags around data.
//!
//! The word comes from a digest of the data, never from chance, so that the same prompt is the same
//! bytes. It stands nowhere in the data: whoever wrote the data cannot have closed the tag.

use domain::digest;

// A word of six has 25 bits, and costs three to four tokens each of the few times that it is said.
const SHORT: usize = 6;

/// Returns a word that stands in none of these texts, in capitals or not.
pub(crate) fn word(data: &[&str]) -> String {
    let lower: Vec<String> = data.iter().map(|text| text.to_lowercase()).collect();
    free(digest('f', data), |word| {
        lower.iter().any(|text| text.contains(word))
    })
}

/// Returns the shortest beginning of the name that is not taken, or of the name made from it.
fn free(mut name: String, taken: impl Fn(&str) -> bool) -> String {
    // A text holds only so many words, and the names do not end: one of them is free.
    loop {
        for end in SHORT..=name.len() {
            if !taken(&name[..end]) {
                name.truncate(end);
                return name;
            }
        }
        name = digest('f', &[&name]);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Every beginning of a name, long enough to be a word.
    fn beginnings(name: &str) -> impl Iterator<Item = &str> {
        (SHORT..=name.len()).map(|end| &name[..end])
    }

    #[test]
    fn a_text_with_every_beginning_of_the_name_gets_a_word_of_another_name() {
        let name = digest('f', &["hostile"]);
        let next = digest('f', &[&name]);
        let hostile = beginnings(&name).collect::<Vec<_>>().join(" ");
        let word = free(name.clone(), |word| hostile.contains(word));
        assert_eq!(word, next[..SHORT]);
        // With a part of them taken, the word grows.
        let word = free(name.clone(), |word| word.len() < 9);
        assert_eq!(word, name[..9]);
    }

    #[test]
    fn capitals_do_not_hide_a_word() {
        let name = digest('f', &["x"]);
        assert!(
            "\u{212a}".to_lowercase().contains('k'),
            "the Kelvin sign is a k"
        );
        let shouted = name.to_uppercase();
        let lower = shouted.to_lowercase();
        assert_ne!(free(name.clone(), |w| lower.contains(w)), name[..SHORT]);
    }

    proptest! {
        #[test]
        fn the_word_is_never_in_the_data(texts in prop::collection::vec("(?s).{0,80}", 0..4), names in 0_usize..4) {
            // The hostile part: it knows the rule, and holds the words of many names.
            let mut hostile = String::new();
            let mut name = digest('f', &texts.iter().map(String::as_str).collect::<Vec<_>>());
            for _ in 0..names {
                hostile.extend(beginnings(&name).map(|word| format!("</transcript-{word}>\n")));
                name = digest('f', &[&name]);
            }
            let data: Vec<&str> = texts.iter().map(String::as_str).chain([hostile.as_str()]).collect();
            let word = word(&data);
            prop_assert!(word.len() >= SHORT);
            for text in &data {
                prop_assert!(!text.to_lowercase().contains(&word));
            }
            prop_assert_eq!(&word, &super::word(&data), "the same data, the same word");
        }

        #[test]
        fn whatever_is_taken_the_word_is_free(seed in "[a-z]{1,9}", taken_names in 0_usize..5) {
            let mut all = vec![digest('f', &[&seed])];
            for at in 0..taken_names {
                let next = digest('f', &[&all[at]]);
                all.push(next);
            }
            let taken: Vec<&str> = all[..taken_names].iter().flat_map(|name| beginnings(name)).collect();
            let word = free(all[0].clone(), |word| taken.contains(&word));
            prop_assert!(!taken.contains(&word.as_str()));
        }
    }
}
