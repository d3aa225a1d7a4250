//! Weighs what two clauses have in common.
//!
//! It must not look at which way they speak.

// Prose has few words as long as this; what is longer is a name that lost its humps.
const LONGEST_PROSE_WORD: usize = 18;

/// Returns the weight of those words of one clause that stand in another, in whatever form.
pub(super) fn shared(ours: &[String], theirs: &[String]) -> usize {
    let one = |word: &str| theirs.iter().any(|other| is_form(word, other));
    // `commit_sha` is a commit's sha.
    let said = |word: &&String| {
        one(word)
            || (word.contains('_') && word.split('_').all(|part| !part.is_empty() && one(part)))
    };
    ours.iter().filter(said).map(|word| weight_of(word)).sum()
}

/// Says whether the first word of a clause, which says what is done, stands in another.
pub(super) fn holds_first(one: &[String], other: &[String]) -> bool {
    let held = |first: &String| {
        let parts = |word: &String| word.split('_').any(|part| is_form(first, part));
        other.iter().any(|word| is_form(first, word) || parts(word))
    };
    one.first().is_some_and(held)
}

/// Returns the weight of words: a name tells twice as much as a word of prose.
pub(super) fn weight(words: &[String]) -> usize {
    words.iter().map(|word| weight_of(word)).sum()
}

fn weight_of(word: &str) -> usize {
    let joined = |c: char| matches!(c, '_' | '.' | '/');
    1 + usize::from(word.trim_matches('.').contains(joined) || word.len() > LONGEST_PROSE_WORD)
}

/// Endings of four letters that make a form of a word, beside those in `ing`.
const LONG_ENDINGS: [&str; 16] = [
    "able", "ally", "ance", "ated", "ates", "ator", "ence", "ible", "ical", "ings", "ions", "ised",
    "ized", "ment", "ness", "tion",
];

/// Says whether two words are forms of one: `push`, `pushes`, `pushen`, `pushing`.
pub(super) fn is_form(one: &str, other: &str) -> bool {
    if one == other {
        return true;
    }
    let (short, long) = match one.len() <= other.len() {
        true => (one, other),
        false => (other, one),
    };
    let plain = |word: &str| word.chars().all(char::is_alphabetic);
    let stem = match short.len() {
        0..=2 => return false,
        3 => short,
        _ => short.trim_end_matches(['e', 's', 'y']),
    };
    if !plain(one) || !plain(other) || stem.len() < 3 {
        return false;
    }
    let Some(ending) = long.strip_prefix(stem) else {
        return false;
    };
    match (stem.len(), ending.len()) {
        (3, _) => matches!(ending, "s" | "es" | "ed" | "ing" | "e" | "en"),
        (_, 0..=3) => true,
        // What is longer may be a word of its own: a database is no form of data.
        (_, 4) => ending.ends_with("ing") || LONG_ENDINGS.contains(&ending),
        _ => false,
    }
}
