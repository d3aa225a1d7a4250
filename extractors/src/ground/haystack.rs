//! Holds what the cited turns say in a form in which tokens are found fast.
//!
//! It must not hold a word of a part that bears no witness.

use std::collections::HashSet;

use domain::Turn;
use memchr::memmem;

use super::fold::{Text, is_hangul, is_unspaced};
use super::prose;

/// The quotable text of the cited turns.
pub(super) struct Haystack {
    /// In lower case, every run of white space one space.
    lower: String,
    /// The same with its case.
    exact: String,
    /// Every number, and every number that a longer version begins with.
    numbers: HashSet<String>,
    words: HashSet<String>,
    cwds: Vec<String>,
}

impl Haystack {
    /// Gathers what the turns say, and where and when they were said.
    pub(super) fn of(turns: &[&Turn]) -> Self {
        let mut said = String::new();
        for turn in turns {
            said.push_str(&turn.quotable());
            said.push('\n');
        }
        let text = Text::of(&said);
        let mut hay = Self {
            lower: String::new(),
            exact: String::new(),
            numbers: numbers_of(&text),
            words: text.words.iter().map(|word| word.key.clone()).collect(),
            cwds: Vec::new(),
        };
        hay.exact = one_spaced(&text.folded);
        for turn in turns {
            hay.add_place(turn);
        }
        hay.lower = hay.exact.to_lowercase().replace('\\', "/");
        hay
    }

    /// A turn's date, folder and branch are known as surely as its words.
    fn add_place(&mut self, turn: &Turn) {
        let date = turn.at.strftime("%Y-%m-%d").to_string();
        self.numbers.insert(date[..4].to_owned());
        self.exact.push_str(&date);
        let place = [&turn.place.cwd, &turn.place.branch];
        for known in place.into_iter().flatten() {
            self.exact.push(' ');
            self.exact.push_str(known);
        }
        self.exact.push('\n');
        let cwd = turn.place.cwd.iter();
        self.cwds
            .extend(cwd.map(|cwd| cwd.to_lowercase().trim_end_matches('/').to_owned()));
    }

    /// Says whether a token stands here by itself, whatever its case.
    pub(super) fn has(&self, token: &str) -> bool {
        stands_in(&self.lower, &token.to_lowercase())
    }

    /// Says whether a token stands here with this very case: `-d` is not `-D`.
    pub(super) fn has_exactly(&self, token: &str) -> bool {
        stands_in(&self.exact, token)
    }

    /// Says whether these characters stand anywhere here, white space and case aside.
    pub(super) fn has_phrase(&self, phrase: &str) -> bool {
        stands_in(
            &self.lower,
            &one_spaced(phrase).to_lowercase().replace('\\', "/"),
        )
    }

    /// Says whether a word stands here as a whole.
    pub(super) fn has_word(&self, word: &str) -> bool {
        self.words.contains(word)
    }

    /// Says whether a path stands here, or does so as seen from a turn's working directory.
    pub(super) fn has_path(&self, path: &str) -> bool {
        let path = path.to_lowercase();
        let below = |cwd: &String| path.strip_prefix(cwd.as_str())?.strip_prefix('/');
        stands_in(&self.lower, &path)
            || self
                .cwds
                .iter()
                .filter_map(below)
                .any(|path| stands_in(&self.lower, path))
    }

    /// Says whether a number stands here, in digits or, when it is small, as a word.
    pub(super) fn has_number(&self, number: &str) -> bool {
        let number = canonical(number);
        self.numbers.contains(&number)
            || prose::number_words(&number).any(|word| self.words.contains(word))
    }
}

fn one_spaced(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        out.push_str(word);
        out.push(' ');
    }
    out.truncate(out.trim_end().len());
    out.push(' ');
    out
}

/// Says whether a token occurs with no letter, digit or hyphen at its edges.
fn stands_in(text: &str, token: &str) -> bool {
    let token = token.trim();
    if token.is_empty() {
        return true;
    }
    let within = |c: char| c.is_alphanumeric() || c == '_' || c == '-';
    let opens = token.chars().next().is_some_and(is_inner);
    let closes = token.chars().next_back().is_some_and(is_inner);
    memmem::find_iter(text.as_bytes(), token.as_bytes()).any(|at| {
        let before = text[..at].chars().next_back();
        let after = text[at + token.len()..].chars().next();
        let free_before = !before.is_some_and(|c| match opens {
            true => is_inner(c),
            // A flag that begins with `-` must not be the tail of a longer one.
            false => within(c) && token.starts_with('-'),
        });
        let free_after =
            !(closes && after.is_some_and(within) && !ends_in_dash(&text[at + token.len()..]));
        free_before && free_after
    })
}

/// A hyphen after a token belongs to it only when letters follow.
fn ends_in_dash(rest: &str) -> bool {
    let mut chars = rest.chars();
    chars.next() == Some('-') && !chars.next().is_some_and(char::is_alphanumeric)
}

// Scripts without spaces put letters right against a name; they end it all the same.
fn is_inner(c: char) -> bool {
    (c.is_alphanumeric() || c == '_') && !is_unspaced(c) && !is_hangul(c)
}

fn numbers_of(text: &Text) -> HashSet<String> {
    let mut numbers = HashSet::new();
    for word in &text.words {
        if is_hash_like(&word.key) {
            continue;
        }
        for number in runs(&word.key) {
            let number = canonical(&number);
            // `18.4.0` answers for 18 and for 18.4.
            for (at, _) in number.match_indices('.') {
                numbers.insert(number[..at].to_owned());
            }
            if word.key.ends_with(&format!("{number}k")) {
                numbers.insert(format!("{number}000"));
            }
            numbers.insert(number);
        }
    }
    numbers
}

/// Says whether letters and digits alternate as in a digest, of which no digit is a number.
fn is_hash_like(key: &str) -> bool {
    let turns = key
        .as_bytes()
        .windows(2)
        .filter(|w| w[0].is_ascii_digit() != w[1].is_ascii_digit());
    let plain = key.bytes().all(|b| b.is_ascii_alphanumeric());
    plain && key.len() >= 7 && turns.count() >= 3
}

/// Returns the numbers in a word: digits, with the points and commas between them.
pub(super) fn runs(word: &str) -> Vec<String> {
    let mut runs: Vec<String> = Vec::new();
    let mut open = false;
    let chars: Vec<char> = word.chars().collect();
    for (at, c) in chars.iter().enumerate() {
        let inner =
            matches!(c, '.' | ',') && open && chars.get(at + 1).is_some_and(char::is_ascii_digit);
        if !c.is_ascii_digit() && !inner {
            open = false;
            continue;
        }
        match runs.last_mut() {
            Some(last) if open => last.push(*c),
            _ => runs.push(c.to_string()),
        }
        open = true;
    }
    runs
}

/// Writes a number in one way: no thousands commas, no leading zeros.
fn canonical(number: &str) -> String {
    let plain = number.replace(',', "");
    let trimmed = plain.trim_start_matches('0');
    match trimmed.chars().next() {
        Some(c) if c.is_ascii_digit() => trimmed.to_owned(),
        _ => format!("0{trimmed}"),
    }
}
