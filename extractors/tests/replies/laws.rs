//! Laws that hold for every reply, however it was bent.
//!
//! What comes out is a lesson by the rules of all lessons, and reading it again says the same.

use domain::{Ended, xml};
use extractors::replies::{MAX_EVIDENCE, MAX_LESSONS, merged, structured, verdict};
use extractors::secrets;
use proptest::prelude::*;

use crate::kit::{self, read, reply};

/// Pieces of which replies are made, sound and unsound.
const PIECES: &[&str] = &[
    "<memories>",
    "</memories>",
    "<memory kind=\"fact\">",
    "<memory kind='bug' scope=user asserted_by=user>",
    "</memory>",
    "<what>",
    "</what>",
    "a b c",
    "<when>",
    "</when>",
    "<do>",
    "</do>",
    "<warn/>",
    "<slot subject=\"a\" attribute=\"b\">",
    "c</slot>",
    "<evidence turn=\"t1\">",
    "always use pnpm",
    "</evidence>",
    "<evidence turn=t4>",
    "<supports id=m81>",
    "</supports>",
    "<none/>",
    "<![CDATA[",
    "]]>",
    "<!--",
    "-->",
    "&lt;",
    "&amp;amp;lt;",
    "&",
    "<",
    ">",
    "\"",
    "'",
    "=",
    "/",
    "\\",
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "\"memories\"",
    "\"what\"",
    "\"evidence\"",
    "null",
    "<think>",
    "</think>",
    "```",
    "\n",
    "\r\n",
    "\u{feff}",
    "\u{200b}",
    "é",
    "日本",
    "NONE",
    "I'm sorry",
    "<verdict>",
    "</verdict>",
    "duplicate",
    "<reject reason=\"",
    "&#x3c;",
    "password=hunter2hunter2",
];

fn made() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        8 => proptest::sample::select(PIECES).prop_map(ToOwned::to_owned),
        1 => "\\PC{0,6}",
    ];
    proptest::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

/// A sound reply with some stretches taken out, doubled or replaced.
fn bent() -> impl Strategy<Value = String> {
    let edits = proptest::collection::vec(
        (any::<prop::sample::Index>(), 0..12_usize, 0..3_u8, made()),
        0..4,
    );
    (proptest::sample::select(kit::names()), edits).prop_map(|(name, edits)| {
        let mut chars: Vec<char> = kit::fixture(&name).chars().collect();
        for (place, length, how, with) in edits {
            let at = place.index(chars.len() + 1);
            let end = (at + length).min(chars.len());
            let gone: Vec<char> = chars[at..end].to_vec();
            let new: Vec<char> = match how {
                0 => Vec::new(),
                1 => [gone.clone(), gone].concat(),
                _ => with.chars().take(30).collect(),
            };
            chars.splice(at..end, new);
        }
        chars.into_iter().collect()
    })
}

fn holds(text: &str) -> Result<(), TestCaseError> {
    for ended in [Ended::Whole, Ended::Cut] {
        let harvest = read(text, ended);
        prop_assert!(harvest.candidates.len() <= MAX_LESSONS);
        for candidate in &harvest.candidates {
            let lesson = &candidate.lesson;
            let tidied = lesson.clone().tidied();
            prop_assert_eq!(tidied.as_ref(), Ok(lesson));
            let written = xml::write(lesson);
            let again = xml::read(&written);
            prop_assert_eq!(again.as_ref(), Ok(lesson));
            prop_assert!(!secrets::has_secret(&lesson.text()));
            prop_assert!((1..=MAX_EVIDENCE * 64).contains(&candidate.evidence.len()));
        }
        let again = read(text, ended);
        prop_assert_eq!(harvest, again);
        let reply = reply(text, ended);
        let _ = (structured(&reply), merged(&reply), verdict(&reply));
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(384))]

    #[test]
    fn anything_is_read_without_harm(text in "\\PC{0,300}") {
        holds(&text)?;
    }

    #[test]
    fn any_bytes_are_read_without_harm(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        holds(&String::from_utf8_lossy(&bytes))?;
    }

    #[test]
    fn pieces_of_replies_are_read_without_harm(text in made()) {
        holds(&text)?;
    }

    #[test]
    fn bent_replies_are_read_without_harm(text in bent()) {
        holds(&text)?;
    }

    #[test]
    fn what_was_read_reads_the_same_again(text in bent()) {
        let first = read(&text, Ended::Whole);
        let written: String = first.candidates.iter().map(|candidate| {
            let evidence: String = candidate.evidence.iter().map(|evidence| {
                let quote = xml_text(&evidence.quote);
                format!("<evidence turn=\"{}\">{quote}</evidence>", evidence.turn)
            }).collect();
            let memory = xml::write(&candidate.lesson);
            memory.replace("</memory>", &format!("{evidence}</memory>"))
        }).collect();
        let again = read(&format!("<memories>{written}</memories>"), Ended::Whole);
        let lessons = |harvest: &extractors::replies::Harvest| {
            let candidates = harvest.candidates.iter();
            candidates.map(|c| (c.lesson.text(), c.evidence.len().min(MAX_EVIDENCE))).collect::<Vec<_>>()
        };
        // A text that still holds a reference is resolved once more; that is the one exception.
        prop_assume!(!written.contains("&amp;"));
        prop_assert_eq!(lessons(&first), lessons(&again));
    }
}

fn xml_text(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}
