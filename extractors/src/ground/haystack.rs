//! Holds what the turns say in a form in which tokens are found fast.
//!
//! It must not hold a word of a part that bears no witness. A number is looked for in the cited turns
//! alone, a name in the whole episode: whoever quotes the sentence that matters may name the file
//! that stood in a command before it, but a figure means something only where it was said.

use std::collections::HashSet;
use std::sync::OnceLock;

use domain::Turn;
use memchr::memmem;

use super::Beyond;
use super::fold::{Text, is_hangul, is_unspaced};
use super::prose;

/// The quotable text of the cited turns, with that of the turns around them.
pub(super) struct Haystack<'a> {
    cited: Said,
    turns: &'a [Turn],
    /// Of all turns; gathered when the cited ones lack a name.
    around: OnceLock<Said>,
    beyond: Beyond<'a>,
    /// Of what lies beyond the episode; gathered when that lacks it too.
    farther: OnceLock<Said>,
}

/// What some turns say.
struct Said {
    /// In lower case, every run of white space one space.
    lower: String,
    /// The same with its case.
    exact: String,
    /// Every number, and every number that a longer version begins with.
    numbers: HashSet<String>,
    words: HashSet<String>,
    cwds: Vec<String>,
}

impl<'a> Haystack<'a> {
    /// Gathers what the cited turns say; `turns` are those of the whole episode.
    pub(super) fn of(cited: &[&Turn], turns: &'a [Turn], beyond: Beyond<'a>) -> Self {
        Self {
            cited: Said::of(cited, &[]),
            turns,
            around: OnceLock::new(),
            beyond,
            farther: OnceLock::new(),
        }
    }

    fn either(&self, holds: impl Fn(&Said) -> bool) -> bool {
        let around = || Said::of(&self.turns.iter().collect::<Vec<_>>(), &[]);
        let farther = || {
            Said::of(
                &self.beyond.turns.iter().collect::<Vec<_>>(),
                self.beyond.known,
            )
        };
        holds(&self.cited)
            || holds(self.around.get_or_init(around))
            || holds(self.farther.get_or_init(farther))
    }

    /// Says whether a name stands in the episode by itself, whatever its case.
    pub(super) fn has(&self, token: &str) -> bool {
        self.either(|said| said.has(token))
    }

    /// Says whether a token stands in the cited turns by itself, whatever its case.
    pub(super) fn cites(&self, token: &str) -> bool {
        self.cited.has(token)
    }

    /// Says whether a token stands in the episode with this very case: `-d` is not `-D`.
    pub(super) fn has_exactly(&self, token: &str) -> bool {
        self.either(|said| stands_in(&said.exact, token))
    }

    /// Says whether these characters stand anywhere in the cited turns, white space and case aside.
    pub(super) fn cites_phrase(&self, phrase: &str) -> bool {
        self.cited.has_phrase(phrase)
    }

    /// Says whether a word stands in the cited turns as a whole.
    pub(super) fn cites_word(&self, word: &str) -> bool {
        self.cited.words.contains(word)
    }

    /// Says whether a word stands in the episode as a whole.
    pub(super) fn has_word(&self, word: &str) -> bool {
        self.either(|said| said.words.contains(word))
    }

    /// Says whether a word stands in the episode, be it with an ending: `rebased` for `rebase`.
    pub(super) fn has_form(&self, word: &str) -> bool {
        let form = |other: &String| word.len() > 4 && other.starts_with(word);
        self.either(|said| said.words.contains(word) || said.words.iter().any(form))
    }

    /// Says whether a path stands in the episode, or does so as seen from a turn's working directory.
    pub(super) fn has_path(&self, path: &str) -> bool {
        self.either(|said| said.has_path(path))
    }

    /// Says whether a number stands in the cited turns, in digits or, when it is small, as a word.
    pub(super) fn has_number(&self, number: &str) -> bool {
        let number = canonical(number);
        self.cited.numbers.contains(&number)
            || prose::number_words(&number).any(|word| self.cited.words.contains(word))
    }
}

impl Said {
    /// Gathers what the turns say, and where and when they were said.
    fn of(turns: &[&Turn], known: &[String]) -> Self {
        let mut said = known.join("\n");
        said.push('\n');
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

    fn has(&self, token: &str) -> bool {
        stands_in(&self.lower, &token.to_lowercase())
    }

    fn has_phrase(&self, phrase: &str) -> bool {
        let phrase = one_spaced(phrase).to_lowercase().replace('\\', "/");
        stands_in(&self.lower, &phrase)
    }

    fn has_path(&self, path: &str) -> bool {
        let path = path.to_lowercase();
        let below = |cwd: &String| path.strip_prefix(cwd.as_str())?.strip_prefix('/');
        stands_in(&self.lower, &path)
            || self
                .cwds
                .iter()
                .filter_map(below)
                .any(|path| stands_in(&self.lower, path))
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
