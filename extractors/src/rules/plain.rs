//! Brings a sentence into the plain form that cues are matched against.
//!
//! Lower case, one space between words, straight apostrophes; what stands in code spans or
//! quotation marks becomes one blank word, since those are not the speaker's own words.

use std::sync::LazyLock;

use regex::Regex;

/// The word that stands for a code span or a quotation.
pub(super) const BLANK: &str = "qq";

static SPANS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"`[^`]*`|"[^"]*"|“[^”]*”|«[^»]*»|「[^」]*」"#).expect("a pattern in the source")
});

static OPENING: LazyLock<Regex> = LazyLock::new(|| {
    let words = concat!(
        "nope|nah|no|okay|ok|yes|yeah|yep|yup|and|also|but|so|well|actually|hmm+|btw|fyi|oh|ah|hey|hi|sorry|right|",
        "alright|note|rule|important|reminder|one more thing|in general|generally|wait|thanks|thank you|cool|great|",
        "perfect|again|please|pls|plz|just|claude",
    );
    Regex::new(&format!(r"^(?:(?:{words})(?:[\s,.:;!…–—-]+|$))+")).expect("a pattern in the source")
});

/// A sentence in plain form.
#[derive(Debug)]
pub(super) struct Plain {
    /// The whole sentence.
    pub(super) whole: String,
    /// The sentence without the small words that open it.
    pub(super) body: String,
}

/// Returns the plain form of a sentence.
pub(super) fn plain(sentence: &str) -> Plain {
    let blanked = SPANS.replace_all(sentence, BLANK);
    let straight = blanked
        .replace(['’', '‘'], "'")
        .replace(['*', '_'], " ")
        .to_lowercase();
    let whole = straight.split_whitespace().collect::<Vec<_>>().join(" ");
    // The one standing phrase that is made of a word that binds to the moment.
    let whole = whole.replace("from now on", "henceforth");
    let opening = OPENING.find(&whole).map_or(0, |opening| opening.end());
    Plain {
        body: whole[opening..].to_owned(),
        whole,
    }
}
