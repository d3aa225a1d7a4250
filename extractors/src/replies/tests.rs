//! Holds mending to its laws: what it writes is well-formed, and mending it again changes nothing.

use proptest::prelude::*;

use super::mend::{Trust, mend};
use super::{strict, tags};

fn mended(text: &str) -> Vec<String> {
    let tags = tags::scan(text);
    mend(text, &tags, 0, Trust::Mend).blocks
}

const PIECES: &[&str] = &[
    "<memories>",
    "</memories>",
    "<memory kind=\"a\" what=x>",
    "</memory>",
    "<what>",
    "</what>",
    "a && b",
    "<when>",
    "</when>",
    "<do/>",
    "<slot subject='a<b' attribute=\"c\">",
    "</slot>",
    "<subject>",
    "</subject>",
    "<evidence turn=t1>",
    "</evidence>",
    "<quote>",
    "</quote>",
    "<supports id=m1>",
    "</supports>",
    "<![CDATA[",
    "]]>",
    "&amp;lt;",
    "&lt;",
    "&#13;",
    "<",
    ">",
    "\"",
    "'",
    "<!--",
    "-->",
    "<reject>",
    "</reject>",
    "<verdict>",
    "</verdict>",
    " ",
    "\n",
    "é",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn what_is_mended_is_well_formed_and_mending_it_changes_nothing(
        pieces in proptest::collection::vec(proptest::sample::select(PIECES), 0..40)
    ) {
        let blocks = mended(&pieces.concat());
        for block in &blocks {
            prop_assert!(strict::read(block).is_ok(), "{}: {:?}", block, strict::read(block));
        }
        prop_assert_eq!(mended(&blocks.concat()), blocks);
    }
}

#[test]
fn an_attribute_that_is_said_twice_is_written_once() {
    let blocks = mended("<reject><subject><subject></subject></subject></reject>");
    assert!(
        blocks.iter().all(|block| strict::read(block).is_ok()),
        "{blocks:?}"
    );
    assert_eq!(mended(&blocks.concat()), blocks);
}

#[test]
fn the_strict_reader_mends_nothing() {
    for sound in [
        "<memory><what>a</what></memory>",
        "<memory kind=\"fact\"><slot subject=\"a\" attribute=\"b\">c &amp; d</slot></memory>",
    ] {
        assert!(strict::read(sound).is_ok(), "{sound}");
    }
    for unsound in [
        "",
        "text",
        "<memory>",
        "<memory>text</memory>",
        "<memory><what>a</memory>",
        "<memory><what><b>a</b></what></memory>",
        "<memory><what>a && b</what></memory>",
        "<memory><what>&nbsp;</what></memory>",
        "<memory><nothing/></memory>",
        "<memory><what/></memory>",
        "<memory owner=\"x\"></memory>",
        "<memory kind=fact></memory>",
        "<memory></memory><memory></memory>",
        "<!DOCTYPE x><memory></memory>",
        "<!-- x --><memory></memory>",
        "<what>a</what>",
        "<memory><what><![CDATA[a]]></what></memory>",
    ] {
        assert!(strict::read(unsound).is_err(), "{unsound}");
    }
}
