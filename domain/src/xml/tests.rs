//! Holds the written form to its two promises: what is written is read back, and nothing else is.

use proptest::prelude::*;

use super::*;
use crate::Kind;

fn check(xml: &str, expect: Result<&str, XmlError>) {
    let read = read(xml).map(|lesson| lesson.what);
    assert_eq!(read, expect.map(str::to_owned), "{xml}");
}

fn foreign(what: &str) -> XmlError {
    XmlError::Foreign(what.to_owned())
}

#[test]
fn only_the_four_elements_are_read_once_each() {
    check("<memory kind=\"fact\"><what>a</what></memory>", Ok("a"));
    check(
        "<memory kind=\"fact\">\n <what>a &lt; b &amp;&amp; c</what>\n</memory>\n",
        Ok("a < b && c"),
    );
    check(
        "<memory kind=\"fact\"><what>x<![CDATA[<b> & ]]>&#x41;</what></memory>",
        Ok("x<b> & A"),
    );
    check(
        "<memory kind=\"fact\"><what/></memory>",
        Err(XmlError::Missing("<what>")),
    );
    check(
        "<memory><what>a</what></memory>",
        Err(XmlError::Missing("kind")),
    );
    check(
        "<memory kind=\"fact\"><what>a</what><what>b</what></memory>",
        Err(XmlError::Twice("what".to_owned())),
    );
    check(
        "<memory kind=\"fact\"><why>a</why></memory>",
        Err(foreign("<why> there")),
    );
    check(
        "<memory kind=\"fact\"><what>a<do>b</do></what></memory>",
        Err(foreign("<do> there")),
    );
    check(
        "<memory kind=\"fact\" id=\"1\"><what>a</what></memory>",
        Err(foreign("attribute \"id\"")),
    );
    check(
        "<memory kind=\"fact\"><what a=\"1\">a</what></memory>",
        Err(foreign("attribute \"a\" on <what>")),
    );
}

#[test]
fn nothing_stands_around_the_memory() {
    check("", Err(XmlError::Missing("closing </memory>")));
    check("plain words", Err(foreign("text outside its elements")));
    check("<what>a</what>", Err(foreign("<what> there")));
    check(
        "<memory kind=\"fact\"><what>a</what></memory> more",
        Err(foreign("text outside its elements")),
    );
    check(
        "<memory kind=\"fact\"><what>a</what></memory><memory kind=\"fact\"/>",
        Err(foreign("<memory> there")),
    );
    check(
        "<memory kind=\"fact\"><what>a</what>",
        Err(XmlError::Missing("closing </memory>")),
    );
    check(
        "<?xml version=\"1.0\"?><memory kind=\"fact\"/>",
        Err(foreign("processing instruction")),
    );
    check(
        "<!DOCTYPE m [<!ENTITY a \"b\">]><memory/>",
        Err(foreign("document type")),
    );
    check(
        "<memory kind=\"fact\"><!-- x --><what>a</what></memory>",
        Err(foreign("comment")),
    );
}

#[test]
fn entities_control_characters_and_endless_text_are_refused() {
    check(
        "<memory kind=\"fact\"><what>&lol;</what></memory>",
        Err(foreign("entity &lol;")),
    );
    check(
        "<memory kind=\"fact\"><what>a&#x1;</what></memory>",
        Err(XmlError::Control('\u{1}')),
    );
    check(
        "<memory kind=\"fact\"><what>a\u{7}</what></memory>",
        Err(XmlError::Control('\u{7}')),
    );
    let long = "x".repeat(ELEMENT_CHARS + 1);
    check(
        &format!("<memory kind=\"fact\"><what>{long}</what></memory>"),
        Err(XmlError::Long("what".to_owned())),
    );
    assert!(read("<memory kind=\"fact\"><what>a && b</what></memory>").is_err());
    assert!(read("<memory kind=\"mood\"><what>a</what></memory>").is_err());
    assert!(read("<memory kind=\"fact\" scope=\"galaxy\"><what>a</what></memory>").is_err());
}

fn lesson() -> impl Strategy<Value = Lesson> {
    let text = || "[ -~\u{a0}-\u{24f}\u{4e00}-\u{4e80}\n\t]{0,60}";
    let kind = proptest::sample::select(Kind::ALL.to_vec());
    let scope = prop_oneof![
        Just(Scope::User),
        Just(Scope::Project),
        "[a-z<&\"'/]{1,12}".prop_map(Scope::Path)
    ];
    let rest = (text(), text(), text());
    (kind, scope, text(), rest).prop_map(|(kind, scope, what, (when, do_, warn))| Lesson {
        kind,
        scope,
        what: format!("x{what}"),
        when: Some(when),
        do_: Some(do_),
        warn: Some(warn),
    })
}

proptest! {
    #[test]
    fn what_is_written_is_read_back(lesson in lesson()) {
        let lesson = lesson.tidied().expect("short enough");
        prop_assert_eq!(read(&write(&lesson)), Ok(lesson));
    }

    #[test]
    fn no_text_makes_the_reader_panic(text in "\\PC{0,200}|[<>&;/a-z\"=!\\[\\]-]{0,200}") {
        let _ = read(&text);
    }
}
