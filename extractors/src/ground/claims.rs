//! Takes the checkable tokens out of a lesson: numbers, paths, flags, URLs, code and identifiers.
//!
//! Figures (numbers, versions, dates, tickets, URLs) must stand in the cited turns, names in the episode.
//! It must not take prose for a token: capitals, acronyms and hyphenated words say nothing checkable.

use domain::Lesson;

use super::fold::{Text, Word};
use super::haystack::{self, Haystack};
use super::prose;

/// Returns the first token of the lesson that the turns do not hold.
pub(super) fn unfounded(lesson: &Lesson, hay: &Haystack<'_>) -> Option<String> {
    let rest = [&lesson.when, &lesson.do_, &lesson.warn];
    let mut fields = std::iter::once(&lesson.what).chain(rest.into_iter().flatten());
    fields.find_map(|field| in_field(field, hay))
}

fn in_field(field: &str, hay: &Haystack<'_>) -> Option<String> {
    let (spans, prose) = code_spans(field);
    let (urls, prose) = urls(&prose);
    let missing = |url: &String| !hay.cites_phrase(url.trim_end_matches('/'));
    urls.into_iter()
        .find(missing)
        .or_else(|| spans.iter().find_map(|span| in_span(span, hay)))
        .or_else(|| in_prose(&Text::of(&prose), hay))
}

/// Takes what stands between backticks out of a text; a backtick that is not closed is prose.
fn code_spans(field: &str) -> (Vec<String>, String) {
    let mut spans = Vec::new();
    let mut prose = String::new();
    let mut pieces = field.split('`').peekable();
    let mut inside = false;
    while let Some(piece) = pieces.next() {
        let closed = pieces.peek().is_some();
        match piece {
            // Several backticks open or close one span.
            "" => prose.push(' '),
            _ if inside && closed => {
                spans.push(piece.to_owned());
                prose.push(' ');
            }
            _ => prose.push_str(piece),
        }
        inside = (!inside || piece.is_empty()) && closed;
    }
    (spans, prose)
}

/// Takes addresses out of a text.
fn urls(prose: &str) -> (Vec<String>, String) {
    let mut urls = Vec::new();
    let mut rest = String::new();
    for piece in prose.split_inclusive(char::is_whitespace) {
        let from = ["https://", "http://"]
            .iter()
            .find_map(|scheme| piece.find(scheme));
        let Some(from) = from else {
            rest.push_str(piece);
            continue;
        };
        let ends = |c: char| c.is_whitespace() || matches!(c, ')' | '>' | '"' | '\'' | ']');
        let url = piece[from..].split(ends).next().unwrap_or_default();
        let url = url.trim_end_matches(['.', ',', ';', ':', '!', '?']);
        urls.push(url.to_owned());
        rest.push_str(&piece[..from]);
        rest.push(' ');
    }
    (urls, rest)
}

/// Checks a code span: as a whole, else by its words.
fn in_span(span: &str, hay: &Haystack<'_>) -> Option<String> {
    if hay.cites_phrase(span) {
        return None;
    }
    let text = Text::of(&without_holes(span));
    let known = |word: &&Word| match is_plain(&word.key) {
        true => hay.has_word(&word.key) || hay.has(&word.key),
        false => holds(&text, word, hay),
    };
    let missing = text.words.iter().find(|word| !known(word));
    missing.map(|word| text.raw(word).to_owned())
}

fn is_plain(key: &str) -> bool {
    let inner = |c: char| c.is_alphabetic() || matches!(c, '-' | '\'');
    key.chars().all(inner) && !key.starts_with('-')
}

/// Leaves out what a reader is to fill in: `<name>`, `{some name}`; not `{!busy && …}` or `<Tag a="b">`.
fn without_holes(span: &str) -> String {
    let mut out = String::new();
    let mut rest = span;
    while let Some(at) = rest.find(['<', '{']) {
        let closing = if rest[at..].starts_with('<') {
            '>'
        } else {
            '}'
        };
        let inner = |c: char| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_' | '.');
        let inside = &rest[at + 1..];
        let end = inside.find(|c| !inner(c)).unwrap_or(inside.len());
        out.push_str(&rest[..at]);
        let is_hole = end > 0 && inside[end..].starts_with(closing);
        rest = if is_hole { &inside[end + 1..] } else { inside };
        out.push(' ');
    }
    out + rest
}

fn in_prose(text: &Text, hay: &Haystack<'_>) -> Option<String> {
    let words = text.words.iter().enumerate();
    let checked = words.filter(|(index, _)| !is_list_number(text, *index));
    let mut missing = checked.filter(|(_, word)| !holds(text, word, hay));
    missing.next().map(|(_, word)| text.raw(word).to_owned())
}

/// Recognises the numbers of a list: `1. …` at the start of a line, `(2) …` within.
fn is_list_number(text: &Text, index: usize) -> bool {
    let word = &text.words[index];
    let digits = word.key.bytes().all(|b| b.is_ascii_digit());
    // `(2)` counts points; `(75)` states a number.
    let (small, single) = (digits && word.key.len() <= 2, digits && word.key.len() == 1);
    let before = &text.folded[..word.start];
    let after = &text.folded[word.end..];
    let opens_line = before
        .rsplit('\n')
        .next()
        .is_none_or(|line| line.trim().is_empty());
    let listed = opens_line && (after.starts_with(". ") || after.starts_with(')'));
    (small && listed) || (single && before.ends_with('(') && after.starts_with(')'))
}

/// Says whether a word is prose or stands in the cited turns.
fn holds(text: &Text, word: &Word, hay: &Haystack<'_>) -> bool {
    let raw = text.raw(word);
    let raw = raw.strip_suffix("'s").unwrap_or(raw);
    let is_called = text.folded[word.end..].starts_with("()");
    let is_variable = text.folded[..word.start].ends_with('$');
    let letters = raw.contains(char::is_alphabetic);
    let digits = raw.contains(|c: char| c.is_ascii_digit());
    if raw.starts_with('-') {
        return hay.has_exactly(raw);
    }
    if raw.contains(['/', '\\']) {
        return path_holds(&raw.replace('\\', "/"), hay);
    }
    if raw.contains(['@', '_']) || is_called || is_variable {
        return hay.has(raw) || is_key(raw, hay);
    }
    if digits && raw.to_lowercase().ends_with("xx") {
        // `4xx` names a class of numbers and none of them.
        return true;
    }
    if digits && (!letters || is_quantity(raw)) {
        let numbers = haystack::runs(raw);
        let is_date = raw.contains('-') && hay.cites(raw);
        return is_date || numbers.iter().all(|number| hay.has_number(number));
    }
    if raw.contains('.') {
        return prose::is_dotted_prose(&raw.to_lowercase()) || hay.has(raw) || is_key(raw, hay);
    }
    if digits {
        return hay.has(raw) || mixed_holds(raw, hay);
    }
    !is_humped(raw) || prose::is_brand(&raw.to_lowercase()) || hay.has(raw)
}

/// Recognises `build.cache.enabled`: where a setting lies, whose keys stand one below the other.
fn is_key(raw: &str, hay: &Haystack<'_>) -> bool {
    let keys: Vec<String> = raw.split('.').map(str::to_lowercase).collect();
    keys.len() > 2 && keys.iter().all(|key| hay.cites_word(key))
}

/// Says whether what was not found is a figure, and not a name.
pub(super) fn is_figure(token: &str) -> bool {
    let bare = token.trim_start_matches(['v', 'V', '#']);
    // A digest may begin with a digit; a unit has few letters.
    let unit = bare.chars().filter(|c| c.is_alphabetic()).count() <= 3;
    token.contains("://") || (unit && bare.starts_with(|c: char| c.is_ascii_digit()))
}

fn path_holds(path: &str, hay: &Haystack<'_>) -> bool {
    if hay.has_path(path) {
        return true;
    }
    // `added/removed`, `build/test`: words with a stroke, and no path, if one of two was said.
    let parts: Vec<&str> = path.split('/').collect();
    let is_word = |part: &&str| !part.is_empty() && part.chars().all(char::is_alphabetic);
    let said = |part: &&str| {
        let part = part.to_lowercase();
        hay.has_form(&part) || prose::is_stroke_prose(&part)
    };
    match parts.as_slice() {
        [folder, _] if prose::is_folder(folder) => false,
        [_, _] => parts.iter().all(is_word) && parts.iter().any(said),
        _ => parts.len() <= 3 && parts.iter().all(is_word) && parts.iter().all(said),
    }
}

/// Recognises `30s`, `5GB`, `3rd`, `v1.2`: a number in the dress of its unit.
fn is_quantity(raw: &str) -> bool {
    if raw.starts_with(['v', 'V']) && raw[1..].starts_with(|c: char| c.is_ascii_digit()) {
        return raw[1..].chars().all(|c| c.is_ascii_digit() || c == '.');
    }
    let digits = |c: char| c.is_ascii_digit() || matches!(c, '.' | ',');
    let unit = raw.trim_start_matches(digits);
    let short = unit.len() <= 3 && unit.chars().all(char::is_alphabetic);
    // `3-step`, `24-hour`; not `14-CONTEXT.md`, `17-AddUsers`.
    let is_word = |c: char| c.is_alphabetic() || c == '-';
    let counted = unit.starts_with('-') && unit.chars().all(is_word) && !is_humped(unit);
    unit.len() < raw.len() && (short || counted)
}

/// Accepts `node18` where the turn says `Node 18`.
fn mixed_holds(raw: &str, hay: &Haystack<'_>) -> bool {
    let lower = raw.to_lowercase();
    let mut letters = lower
        .split(|c: char| !c.is_alphabetic())
        .filter(|run| !run.is_empty());
    let is_named = raw.contains('-') && raw.chars().next().is_some_and(char::is_uppercase);
    !is_named
        && letters.all(|run| hay.has_word(run))
        && haystack::runs(&lower)
            .iter()
            .all(|number| hay.has_number(number))
}

/// Recognises `camelCase`, `PascalCase` and `HTTPServer`; one capital at the front is prose.
fn is_humped(raw: &str) -> bool {
    let chars: Vec<char> = raw.chars().collect();
    let rises = chars
        .windows(2)
        .any(|w| w[0].is_lowercase() && w[1].is_uppercase());
    let falls = chars.windows(4).any(|w| {
        w[0].is_uppercase() && w[1].is_uppercase() && w[2].is_lowercase() && w[3].is_lowercase()
    });
    rises || falls
}
