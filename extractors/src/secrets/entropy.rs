//! Tells a value that a machine drew at random from one that a person wrote.
//!
//! Knows nothing of names or places; it judges the characters alone.

/// Returns the Shannon entropy of the value in bits a byte.
pub(super) fn bits(value: &str) -> f64 {
    let mut counts = [0_u32; 256];
    value
        .bytes()
        .for_each(|byte| counts[usize::from(byte)] += 1);
    let total = value.len() as f64;
    let share = |count: u32| f64::from(count) / total;
    counts
        .into_iter()
        .filter(|&n| n > 0)
        .map(|n| -share(n) * share(n).log2())
        .sum()
}

/// Returns whether the value looks drawn at random rather than spelled.
pub(super) fn looks_random(value: &str) -> bool {
    // Random hex has about 3.6 bits at 32 characters and 3.0 at 12; dates, counters and
    // repeated syllables stay below.
    let floor = if value.len() < 16 { 2.5 } else { 3.0 };
    let letters = value.bytes().any(|byte| byte.is_ascii_alphabetic());
    (letters || value.len() >= 20) && bits(value) >= floor && !reads_as_words(value)
}

/// Returns whether the value is made of words, names and small numbers.
pub(super) fn reads_as_words(value: &str) -> bool {
    let mut chunks = value
        .split(|c: char| !c.is_alphanumeric())
        .filter(|c| !c.is_empty());
    chunks.all(is_word_chunk)
}

// A word with a short number behind it (`token2`, `v1`), or a short number alone.
fn is_word_chunk(chunk: &str) -> bool {
    let word = chunk.trim_end_matches(|c: char| c.is_ascii_digit());
    chunk.len() - word.len() <= 4 && (word.is_empty() || is_spelled(word))
}

fn is_spelled(word: &str) -> bool {
    if !word.is_ascii() {
        return word.chars().all(char::is_alphabetic);
    }
    let letters = word.bytes().all(|byte| byte.is_ascii_alphabetic());
    // Camel-case names have three letters a hump and more; random letters change case every two.
    letters && word.len() >= 3 * humps(word) && longest_consonants(word) <= 5 && has_vowels(word)
        || letters && word.len() <= 4
}

fn humps(word: &str) -> usize {
    let bytes = word.as_bytes();
    1 + bytes
        .windows(2)
        .filter(|w| w[0].is_ascii_lowercase() && w[1].is_ascii_uppercase())
        .count()
}

fn longest_consonants(word: &str) -> usize {
    word.split(is_vowel).map(str::len).max().unwrap_or(0)
}

// English runs near two vowels in five letters; letters drawn at random near one in four.
fn has_vowels(word: &str) -> bool {
    let vowels = word.chars().filter(|&c| is_vowel(c)).count();
    let needed = if word.len() < 12 { 6 } else { 4 };
    vowels * needed >= word.len()
}

fn is_vowel(c: char) -> bool {
    matches!(c.to_ascii_lowercase(), 'a' | 'e' | 'i' | 'o' | 'u' | 'y')
}
