//! Turns a text around: a negation put in, or taken out, in the forms that people use.
//!
//! Mechanical: a form that does not fit a text leaves it alone. It must not turn what would mean the
//! same afterwards.

/// A text turned around.
pub(super) struct Turned {
    /// By which form.
    pub(super) form: &'static str,
    pub(super) text: String,
}

/// Where the text stands in a lesson.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    What,
    Do,
    Warn,
}

/// Pairs of what stands there, and what turns it.
const TAKEN_OUT: &[(&str, &str)] = &[
    ("do not ", ""),
    ("does not ", "does "),
    ("did not ", "did "),
    ("is not ", "is "),
    ("are not ", "are "),
    ("was not ", "was "),
    ("were not ", "were "),
    ("cannot ", "can "),
    ("can not ", "can "),
    ("can't ", "can "),
    ("must not ", "must "),
    ("should not ", "should "),
    ("shouldn't ", "should "),
    ("will not ", "will "),
    ("won't ", "will "),
    ("would not ", "would "),
    ("wouldn't ", "would "),
    ("doesn't ", "does "),
    ("didn't ", "did "),
    ("isn't ", "is "),
    ("aren't ", "are "),
    ("wasn't ", "was "),
    ("don't ", ""),
    ("never ", "always "),
    ("no longer ", "still "),
];

const PUT_IN: &[(&str, &str)] = &[
    ("always ", "never "),
    ("must ", "must not "),
    ("should ", "should not "),
    ("can ", "cannot "),
    ("could ", "could not "),
    ("will ", "will not "),
    ("would ", "would not "),
    ("is ", "is not "),
    ("are ", "are not "),
    ("was ", "was not "),
    ("were ", "were not "),
    ("has ", "has not "),
    ("have ", "have not "),
    ("needs ", "does not need "),
    ("uses ", "does not use "),
];

/// Words that open an order; anything else at the front of an advice may be a noun.
const ORDERS: &[&str] = &[
    "use",
    "run",
    "keep",
    "add",
    "look",
    "leave",
    "compare",
    "preserve",
    "measure",
    "skip",
    "write",
    "log",
    "replace",
    "repair",
    "refer",
    "instrument",
    "edit",
    "set",
    "make",
    "check",
    "fix",
    "update",
    "remove",
    "create",
    "put",
    "call",
    "commit",
    "push",
    "install",
    "delete",
    "move",
    "read",
    "open",
    "start",
    "restart",
    "enable",
    "disable",
    "build",
    "test",
    "try",
];

/// Returns the text turned around in every form that fits it, one negation each.
pub(super) fn turned(text: &str, place: Place) -> Vec<Turned> {
    let mut found = Vec::new();
    let taken_out = TAKEN_OUT.iter().filter_map(|pair| replaced(text, pair));
    // A warning without its "do not" still names the thing that it warns of.
    if place != Place::Warn {
        found.extend(taken_out.take(1).map(|text| turned_by("taken out", text)));
    }
    if !has_negation(text) {
        let put_in = PUT_IN.iter().filter_map(|pair| replaced(text, pair));
        // "should not only" says more than "should", and not the opposite.
        let put_in =
            put_in.filter(|text| !text.contains("not just ") && !text.contains("not only "));
        found.extend(put_in.take(1).map(|text| turned_by("put in", text)));
        found.extend(forbidden(text));
    }
    found
}

fn turned_by(form: &'static str, text: String) -> Turned {
    Turned { form, text }
}

/// Forbids what a text orders.
fn forbidden(text: &str) -> Vec<Turned> {
    let first = text.split(' ').next().unwrap_or_default().to_lowercase();
    if !ORDERS.contains(&first.as_str()) {
        return Vec::new();
    }
    let rest = format!("{first}{}", &text[first.len()..]);
    let forms = [
        ("never", "Never"),
        ("do not", "Do not"),
        ("avoid", "Avoid to"),
    ];
    forms
        .into_iter()
        .map(|(form, word)| turned_by(form, format!("{word} {rest}")))
        .collect()
}

fn has_negation(text: &str) -> bool {
    let text = text.to_lowercase();
    let mut words = text.split(|c: char| !c.is_alphanumeric() && c != '\'');
    words.any(|word| {
        matches!(
            word,
            "not" | "no" | "never" | "none" | "nothing" | "cannot" | "without" | "nor" | "neither"
        ) || word.ends_with("n't")
    })
}

/// Replaces a word the first time that it stands by itself, outside of brackets and after words.
fn replaced(text: &str, (from, to): &(&str, &str)) -> Option<String> {
    let lower = text.to_lowercase();
    if lower.len() != text.len() {
        return None;
    }
    let free = |at: &usize| {
        *at == 0
            || !lower[..*at].ends_with(|c: char| {
                c.is_alphanumeric() || matches!(c, '\'' | '-' | '`' | '_' | '.' | '/')
            })
    };
    let at = lower.match_indices(from).map(|(at, _)| at).find(free)?;
    Some(format!("{}{to}{}", &text[..at], &text[at + from.len()..]))
}

/// Returns a quote with its first negation dropped, if it has one.
///
/// The `no` that opens an answer is none: *no, remove it* and *remove it* want the same.
pub(super) fn dropped(quote: &str) -> Option<String> {
    if quote.to_lowercase().starts_with("no ") {
        return None;
    }
    let words = [
        "not ", "never ", "no ", "don't ", "cannot ", "can't ", "doesn't ", "isn't ", "won't ",
        "didn't ", "without ",
    ];
    words.iter().find_map(|word| replaced(quote, &(word, "")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn forms(text: &str, place: Place) -> Vec<String> {
        turned(text, place)
            .into_iter()
            .map(|turned| turned.text)
            .collect()
    }

    #[test]
    fn a_text_is_turned_in_each_form_that_fits_it() {
        assert_eq!(
            forms("Never push to main", Place::Do),
            ["always push to main"]
        );
        assert_eq!(
            forms("Use pnpm", Place::Do),
            ["Never use pnpm", "Do not use pnpm", "Avoid to use pnpm"]
        );
        assert_eq!(
            forms("The build is slow", Place::What),
            ["The build is not slow"]
        );
        assert_eq!(forms("It is not set", Place::What), ["It is set"]);
        assert!(forms("Do not push", Place::Warn).is_empty());
        assert!(forms("This history", Place::What).is_empty());
    }

    #[test]
    fn a_quote_loses_its_negation() {
        assert_eq!(dropped("we do not push").as_deref(), Some("we do push"));
        assert_eq!(dropped("a note"), None);
        assert_eq!(dropped("no remove this again"), None);
    }
}
