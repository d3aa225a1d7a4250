//! Knows the little English we need: words that tell nothing, and the stem that word forms share.
//!
//! It must not guess: a word it does not understand keeps its one form. The stem is indexed beside
//! the word, never instead of it, so a wrong stem costs a token and hides nothing.

/// Words that tell nothing in a question, sorted; contractions stand without their apostrophe.
const STOP_WORDS: [&str; 89] = [
    "a", "about", "also", "am", "an", "and", "any", "are", "as", "at", "be", "been", "but", "by",
    "can", "could", "d", "did", "do", "does", "for", "from", "had", "has", "have", "he", "her",
    "his", "how", "hows", "i", "if", "im", "in", "into", "is", "it", "its", "ive", "let", "lets",
    "ll", "m", "may", "me", "my", "of", "on", "or", "our", "re", "s", "shall", "she", "should",
    "so", "some", "t", "than", "that", "thats", "the", "their", "them", "then", "there", "these",
    "they", "this", "those", "to", "us", "ve", "was", "we", "were", "what", "whats", "when",
    "where", "which", "who", "whos", "why", "will", "with", "would", "you", "your",
];

/// Says whether a question loses nothing without this token.
///
/// Negations (`not`, `never`, `no`) tell much in a rule and are no stop words.
pub(super) fn is_stop_word(token: &str) -> bool {
    token.len() <= 6 && STOP_WORDS.binary_search(&token).is_ok()
}

/// Returns the stem of a lower-case word as the part that stays and the letters put behind it.
///
/// Plurals, `-ing` and `-ed` go; then a last `e` of a long word and a `y` after a consonant, so that
/// `cache`, `caches`, `cached`, `caching` share `cach` and `retry`, `retries` share `retri`.
/// `None` when the stem is the word itself or the word is too short, too long or not plain letters.
pub(super) fn stem(word: &str) -> Option<(&str, &'static str)> {
    let plain = (4..=32).contains(&word.len()) && word.bytes().all(|b| b.is_ascii_lowercase());
    if !plain {
        return None;
    }
    if matches!(word, "used" | "using") {
        return Some(("us", "e"));
    }
    let (kept, ending) = last_letter(without_tense(without_plural(word)));
    (kept.len() < word.len() && !is_stop_word(word)).then_some((kept, ending))
}

fn without_plural(word: &str) -> &str {
    let Some(stem) = word.strip_suffix('s') else {
        return word;
    };
    if stem.ends_with(['s', 'u', 'i']) {
        return word; // process, status, analysis
    }
    let hissing = ["che", "she", "xe", "sse"]
        .iter()
        .any(|end| stem.ends_with(end));
    let stem = if hissing {
        &stem[..stem.len() - 1]
    } else {
        stem
    };
    if stem.len() >= 3 { stem } else { word }
}

/// The stem of a verb form; `Some` letter is one that English dropped before the ending.
fn without_tense(word: &str) -> (&str, Option<&'static str>) {
    let stem = match word.strip_suffix("ing") {
        Some(stem) => stem,
        None if word.ends_with("eed") => return (word, None),
        None => match word.strip_suffix("ed") {
            Some(stem) => stem,
            None => return (word, None),
        },
    };
    if stem.len() < 3 || !stem.bytes().any(is_vowel) {
        return (word, None); // thing, string, shed
    }
    let bytes = stem.as_bytes();
    let [.., before, middle, last] = *bytes else {
        return (stem, None);
    };
    if bytes.len() > 3 && middle == last && b"bdgmnprt".contains(&last) {
        return (&stem[..stem.len() - 1], None); // running, committed
    }
    let short = bytes.len() == 3 && !is_vowel(before) && is_vowel(middle);
    let dropped_e = short && !is_vowel(last) && !b"wx".contains(&last);
    (stem, dropped_e.then_some("e")) // making, coded; not fixing, showing
}

fn last_letter<'a>((stem, dropped): (&'a str, Option<&'static str>)) -> (&'a str, &'static str) {
    if let Some(letter) = dropped {
        return (stem, letter);
    }
    match *stem.as_bytes() {
        [.., before, b'e'] if stem.len() >= 5 && before != b'e' => (&stem[..stem.len() - 1], ""),
        [.., before, b'y'] if stem.len() >= 4 && !is_vowel(before) => {
            (&stem[..stem.len() - 1], "i")
        }
        _ => (stem, ""),
    }
}

fn is_vowel(letter: u8) -> bool {
    b"aeiouy".contains(&letter)
}

#[cfg(test)]
mod tests {
    use super::{STOP_WORDS, is_stop_word, stem};

    fn stemmed(word: &str) -> String {
        stem(word).map_or_else(
            || word.to_owned(),
            |(kept, ending)| format!("{kept}{ending}"),
        )
    }

    #[test]
    fn forms_of_one_word_share_a_stem() {
        for forms in [
            "test tests tested testing",
            "install installs installed installing",
            "run runs running",
            "commit commits committed committing",
            "cache caches cached caching",
            "update updates updated updating",
            "code codes coded coding",
            "type types typed typing",
            "fix fixes fixed fixing",
            "log logs logged logging",
            "use used using",
            "class classes",
            "index indexes indexed indexing",
            "query queries queried querying",
            "copy copies copied copying",
            "cookie cookies",
            "dependency dependencies",
            "deploy deploys deployed deploying",
            "setting settings",
            "process processes processed processing",
        ] {
            let stems: Vec<_> = forms.split(' ').map(stemmed).collect();
            assert!(
                stems.iter().all(|stem| *stem == stems[0]),
                "{forms}: {stems:?}"
            );
        }
    }

    #[test]
    fn words_that_only_look_like_forms_keep_their_one_form() {
        for word in [
            "status", "process", "this", "string", "thing", "bring", "need", "speed", "feed",
            "bus", "shed", "does", "was", "axis", "css", "js", "ping", "trie", "note", "größe",
            "x2s",
        ] {
            assert_eq!(stem(word), None, "{word}");
        }
    }

    #[test]
    fn every_stop_word_is_recognised() {
        assert!(STOP_WORDS.iter().all(|word| is_stop_word(word)));
    }

    #[test]
    fn a_negation_is_never_a_stop_word() {
        for word in [
            "not", "no", "never", "dont", "always", "only", "must", "without",
        ] {
            assert!(!is_stop_word(word), "{word}");
        }
    }
}
