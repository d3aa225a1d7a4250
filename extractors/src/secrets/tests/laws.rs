//! What holds for every text: no panic, no second change, no copy without need, linear work.
//!
//! The texts are made of literals that call rules, so that rules run and meet.

use std::borrow::Cow;

use proptest::prelude::*;

use super::positives::cases;
use crate::secrets::{has_secret, redact};

const PIECES: [&str; 36] = [
    "password",
    "token",
    "=",
    ":",
    "\"",
    "'",
    "\\",
    "\\n",
    "\n",
    " ",
    "://",
    "@",
    "eyJ",
    "ghp_",
    "sk-",
    "AKIA",
    "-----BEGIN ",
    "PRIVATE KEY-----",
    "-----END ",
    "[redacted:",
    "]",
    "ä",
    "鍵",
    "🐭",
    "Bearer ",
    "curl ",
    "-u",
    "API_KEY",
    "(",
    "<",
    ">",
    "x9K2mP7qL4nR8sT3",
    "://u:",
    ".",
    "A1b2C3d4E5f6G7h8J9k0L1m2N3p4Q5r6S7t8U9v0",
    "1234567890:AA",
];

fn built() -> impl Strategy<Value = String> {
    let literal = prop::sample::select(PIECES.to_vec()).prop_map(str::to_owned);
    let secret = prop::sample::select(cases()).prop_map(|case| case.2);
    let noise = "[A-Za-z0-9_-]{1,40}";
    prop::collection::vec(
        prop_oneof![6 => literal, 1 => secret, 2 => noise, 1 => ".{0,6}"],
        0..24,
    )
    .prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn redacting_twice_changes_nothing(text in built()) {
        let once = redact(&text).text.into_owned();
        let twice = redact(&once);
        prop_assert_eq!(&twice.text, &once);
        prop_assert!(twice.found.is_empty());
    }

    #[test]
    fn has_secret_says_whether_redact_changes_the_text(text in built()) {
        prop_assert_eq!(has_secret(&text), redact(&text).text != text);
    }

    #[test]
    fn no_text_makes_it_panic(text in any::<String>(), at in 0_usize..200) {
        let cut = text.floor_char_boundary(at);
        let _ = redact(&text);
        let _ = redact(&format!("password=\"{}token=eyJ{}", &text[..cut], &text[cut..]));
    }

    #[test]
    fn a_cut_anywhere_in_a_secret_makes_nothing_panic(case in prop::sample::select(cases()), at in 0_usize..2000) {
        let cut = case.2.floor_char_boundary(at);
        let _ = redact(&format!("{}鍵", &case.2[..cut]));
        let _ = redact(&format!("鍵{}", &case.2[cut..]));
    }
}

#[test]
fn a_clean_text_is_not_copied() {
    let clean = redact("a password is asked for, a token is not");
    assert!(matches!(clean.text, Cow::Borrowed(_)));
    assert_eq!(clean.found.capacity(), 0);
}

#[test]
fn megabytes_of_one_piece_take_linear_time() {
    let pieces = [
        ("a", 10),
        ("eyJ", 10),
        ("eyJ.", 1),
        ("password", 1),
        ("://", 1),
        ("curl ", 1),
    ];
    for (piece, megabytes) in pieces {
        let text = piece.repeat(megabytes * 1_000_000 / piece.len());
        assert!(!has_secret(&text), "{piece}");
    }
}
