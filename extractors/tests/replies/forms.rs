//! One answer in many dresses is one answer.
//!
//! The fixtures say nothing of how well a model extracts.

use extractors::replies::Outcome;

use crate::kit::{self, STANDARD, show, whole};

#[test]
fn one_answer_in_many_dresses_is_read_as_one() {
    // It says one thing more, and is read below.
    let others = ["double_escaped"];
    let mut seen = 0;
    for name in kit::names() {
        if others.contains(&name.as_str()) {
            continue;
        }
        let text = kit::fixture(&name);
        assert_eq!(show(&whole(&text)), STANDARD, "{name}");
        seen += 1;
    }
    assert!(seen >= 24, "only {seen} fixtures were found");
}

#[test]
fn what_is_escaped_twice_is_resolved_twice_unless_the_episode_has_such_words() {
    let text = kit::fixture("double_escaped");
    let meant = "Run pnpm add && pnpm build <name>.";
    let read = whole(&text);
    assert_eq!(read.candidates[0].lesson.do_.as_deref(), Some(meant));
    let mut turns = kit::turns();
    turns[2].parts[0].text = "write &lt; for it".to_owned();
    let reply = kit::reply(&text, domain::Ended::Whole);
    let read = extractors::replies::lessons(&reply, &kit::episode(), &turns);
    assert_eq!(
        read.candidates[0].lesson.do_.as_deref(),
        Some("Run pnpm add &amp;&amp; pnpm build &lt;name&gt;.")
    );
}

fn what(inside: &str) -> String {
    let text = format!(
        "<memories><memory kind=fact><what>{inside}</what><evidence turn=t7>if x < 3 then a && b must hold</evidence></memory></memories>"
    );
    let read = whole(&text);
    assert_eq!(read.outcome, Outcome::Lessons, "{inside}");
    assert_eq!(read.problems, [], "{inside}");
    assert_eq!(
        read.candidates[0].evidence[0].quote,
        "if x < 3 then a && b must hold"
    );
    read.candidates[0].lesson.what.clone()
}

#[test]
fn signs_and_tags_that_are_not_ours_are_text() {
    for text in [
        "a && b, and x < 3 > y",
        "Vec<T> and HashMap<String, Vec<u8>>",
        "a <div class=\"x\"> holds <br/> and </div>",
        "strip <think> blocks, keep </think>",
        "AT&T; R&D & co",
        "1 << 2 <= 3 <- <> </ <",
        "ends with <wha",
        "the <when> element comes before <do/> and </warn>",
        "an Option<Memory> and a Vec<Do>",
        "`</memory>` closes it, `<memory>` opens it",
        "{\"memories\": []} is the empty list",
        "<none/> means nothing",
        "]]> and <!-- this --> stay",
        "über 日本語 emoji 👩‍💻 میخواهم",
    ] {
        assert_eq!(what(text), text);
    }
}

#[test]
fn entities_are_resolved_and_never_defined() {
    for (text, expected) in [
        ("a &amp;&amp; b", "a && b"),
        ("Vec&lt;T&gt;", "Vec<T>"),
        ("&#60;&#x3c; &unknown; &#0;&#xD800;end", "<< &unknown; end"),
        ("<![CDATA[a && b <what> &lt;]]>", "a && b <what> <"),
        ("<![CDATA[no end", "no end"),
    ] {
        assert_eq!(what(text), expected);
    }
}

#[test]
fn several_advices_are_lines_and_several_claims_are_none() {
    let memory = |inside: &str| {
        format!(
            "<memories><memory kind=fact>{inside}<evidence turn=t1>always use pnpm</evidence></memory></memories>"
        )
    };
    let read = whole(&memory(
        "<what>a b</what><do>one</do><do>two</do><do>one</do><warn/>",
    ));
    assert_eq!(read.candidates[0].lesson.do_.as_deref(), Some("one\ntwo"));
    assert_eq!(read.candidates[0].lesson.warn, None);
    let read = whole(&memory("<what>a b</what><what>a b</what>"));
    assert_eq!(read.candidates.len(), 1);
    let read = whole(&memory("<what>a b</what><what>c d</what>"));
    assert_eq!(
        show(&read),
        "Lessons\n! memory 1: its what stands twice, with different words\n"
    );
    let read = whole(&memory("<when>now</when>"));
    assert_eq!(show(&read), "Lessons\n! memory 1: it has no <what>\n");
    let read = whole(&memory("<what>   </what>"));
    assert_eq!(show(&read), "Lessons\n! memory 1: it has no <what>\n");
    let read = whole(&memory(&format!("<what>{}</what>", "x".repeat(4_001))));
    assert_eq!(
        show(&read),
        "Lessons\n! memory 1: it is no lesson: <memory> has more than 4000 characters\n"
    );
}

#[test]
fn a_slot_is_whole_or_left_out() {
    let memory = |slot: &str| {
        format!(
            "<memories><memory kind=fact><what>a b</what>{slot}<evidence turn=t1>always use pnpm</evidence></memory></memories>"
        )
    };
    for slot in [
        "<slot subject=\"x\">y</slot>",
        "<slot>y</slot>",
        "<slot subject=\"a\" attribute=\"b\"></slot>",
    ] {
        let read = whole(&memory(slot));
        assert_eq!(read.candidates[0].slot, None);
        assert_eq!(
            read.problems[0].to_string(),
            "memory 1: its slot is not whole and is left out"
        );
    }
    assert_eq!(whole(&memory("<slot/>")).problems, []);
}
