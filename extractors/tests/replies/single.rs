//! Replies that hold one thing: a saved memory, a merged one, a verdict.
//!
//! Where there are two, there is none.

use domain::Ended;
use extractors::replies::{Merged, Structured, Verdict, merged, structured, verdict};

use crate::kit::reply;

fn saved(text: &str) -> Structured {
    structured(&reply(text, Ended::Whole))
}

#[test]
fn what_is_saved_is_one_lesson_or_a_reason() {
    let memory = "<memory kind=\"rule\" domain=\"Build\" scope=\"project\"><what>Use a &amp;&amp; b.</what><slot subject=\"x\" attribute=\"y\">z</slot></memory>";
    let json = "{\"memory\": {\"kind\": \"rule\", \"domain\": \"build\", \"scope\": \"project\", \"what\": \"Use a && b.\", \"do\": null, \"slot\": {\"subject\": \"x\", \"attribute\": \"y\", \"value\": \"z\"}}, \"reject\": null}";
    let twice = format!("{memory}\n{memory}");
    for text in [memory, json, &twice, &format!("```\n{memory}\n```")] {
        let Structured::Lesson(written) = saved(text) else {
            panic!("no lesson: {text}");
        };
        assert_eq!(written.lesson.what, "Use a && b.");
        assert_eq!(written.domain, "build");
        assert_eq!(written.slot.expect("a slot").value, "z");
    }
    for (text, reason) in [
        ("<reject reason=\"only a status\"/>", "only a status"),
        ("<reject>only a status</reject>", "only a status"),
        (
            "{\"memory\": null, \"reject\": \"only a status\"}",
            "only a status",
        ),
        ("REJECT: only a status", "only a status"),
    ] {
        let reason = reason.to_owned();
        assert_eq!(saved(text), Structured::Rejected { reason }, "{text}");
    }
    let two = format!("{memory}{}", memory.replace("Use a", "Use b"));
    for text in [
        two.as_str(),
        "<memory kind=\"fact\"><what>cut",
        "<memory kind=\"fact\"></memory>",
        "Of course!",
        "I'm sorry, I cannot do that.",
        // A person's words are refused with a reason or not at all.
        "REJECT",
        "<none/>",
        "<reject reason=\"\"/>",
        "{\"memory\": null, \"reject\": null}",
    ] {
        assert!(matches!(saved(text), Structured::Unreadable(_)), "{text}");
    }
}

#[test]
fn what_is_merged_names_the_members_that_it_quotes() {
    let text = "<memory kind=\"fact\"><what>Both.</what><evidence member=\"m1a\">one</evidence><evidence member=\"m2b\">two</evidence><evidence>none</evidence></memory>";
    let json = "{\"memory\": {\"kind\": \"fact\", \"what\": \"Both.\", \"evidence\": [{\"member\": \"m1a\", \"quote\": \"one\"}, {\"member\": \"m2b\", \"quote\": \"two\"}]}}";
    for text in [text, json] {
        let Merged::Lesson { written, quotes } = merged(&reply(text, Ended::Whole)) else {
            panic!("no lesson: {text}");
        };
        assert_eq!(written.lesson.what, "Both.");
        let quotes: Vec<(&str, &str)> = quotes
            .iter()
            .map(|(member, quote)| (member.as_str(), quote.as_str()))
            .collect();
        assert_eq!(quotes, [("m1a", "one"), ("m2b", "two")]);
    }
    for text in ["<none/>", "{\"memory\": null}", "NONE"] {
        assert_eq!(merged(&reply(text, Ended::Whole)), Merged::None, "{text}");
    }
    let talk = merged(&reply("They differ.", Ended::Whole));
    assert!(matches!(talk, Merged::Unreadable(_)));
}

#[test]
fn a_verdict_is_one_word_or_none() {
    use Verdict::{Contradicts, Duplicate, Refines, Unrelated};
    for (text, expected) in [
        ("<verdict>duplicate</verdict>", Duplicate),
        ("<Verdict> REFINES. </Verdict>", Refines),
        ("{\"verdict\": \"contradicts\"}", Contradicts),
        ("```json\n{\"relation\": \"unrelated\"}\n```", Unrelated),
        ("Unrelated", Unrelated),
        ("**refines**", Refines),
        (
            "They cannot both hold, so it contradicts A.\n\ncontradicts",
            Contradicts,
        ),
        ("B clearly contradicts A.", Contradicts),
        ("<think>duplicate? no</think>refines", Refines),
        (
            "<verdict>duplicate</verdict>\n<verdict>duplicate</verdict>",
            Duplicate,
        ),
    ] {
        assert_eq!(verdict(&reply(text, Ended::Whole)), expected, "{text}");
    }
    for text in [
        "",
        "maybe",
        "It is not a duplicate.",
        "duplicate or refines",
        "B refines A; it is unrelated to the rest",
        "<verdict>duplicate</verdict><verdict>refines</verdict>",
        "{\"verdict\": \"same\"}",
        "<verdict>dupli",
        "I'm sorry, I can't.",
    ] {
        let read = verdict(&reply(text, Ended::Whole));
        assert!(matches!(read, Verdict::Unreadable(_)), "{text}: {read:?}");
    }
}
