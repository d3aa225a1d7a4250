//! Every reply has one outcome, and what is left out has its reason.
//!
//! The words of a refusal are data here like any other.

use domain::Ended;
use extractors::replies::Outcome;

use crate::kit::{read, show, whole};

#[test]
fn every_reply_has_an_outcome() {
    use Outcome::{Lessons, None, Refused};
    let memory =
        "<memory kind=fact><what>a b</what><evidence turn=t1>always use pnpm</evidence></memory>";
    let cases = [
        ("", None),
        ("  \n", None),
        ("NONE", None),
        ("```\nNONE\n```", None),
        ("<none/>", None),
        ("<none></none>", None),
        ("<NONE />", None),
        ("Nothing here is worth keeping.\n\n<none/>", None),
        ("<memories/>", None),
        ("<memories></memories>", None),
        ("<memories><none/></memories>", None),
        ("REJECT", None),
        ("<reject reason=\"one-off\"/>", None),
        ("{\"memories\": [], \"supports\": []}", None),
        ("[]", None),
        ("{}", None),
        ("null", None),
        ("<think>Hm.</think>\n<none/>", None),
        (
            "There are no lessons worth keeping in this transcript.",
            None,
        ),
        ("I'm sorry, but I can't help with that.", Refused),
        (
            "<think>no</think>I cannot assist with this request.",
            Refused,
        ),
        ("Es tut mir leid, dabei kann ich nicht helfen.", Refused),
        ("申し訳ありませんが、お手伝いできません。", Refused),
        (memory, Lessons),
        ("<memories><memory kind=fact></memory></memories>", Lessons),
    ];
    for (text, expected) in cases {
        let read = whole(text);
        let expected = if text == "<memories></memories>" {
            None
        } else {
            expected
        };
        assert_eq!(read.outcome, expected, "{text}");
    }
    for talk in [
        "The user likes pnpm.",
        "Sure!",
        "{\"a\": 1}",
        "<lessons",
        "<div>hello</div>",
    ] {
        let outcome = whole(talk).outcome;
        let expected = talk == "<lessons";
        assert_eq!(
            matches!(outcome, Outcome::Cut { whole: 0 }),
            expected,
            "{talk}"
        );
        assert_eq!(
            matches!(outcome, Outcome::Unreadable(_)),
            !expected,
            "{talk}"
        );
    }
}

#[test]
fn what_is_cut_is_asked_for_again_unless_it_says_all() {
    let cut = Outcome::Cut { whole: 0 };
    for (text, expected) in [
        ("", &cut),
        ("Here are the mem", &cut),
        ("<think>so the user", &cut),
        ("<none/>", &Outcome::None),
        ("NONE", &Outcome::None),
        ("I'm sorry, but I can't", &Outcome::Refused),
    ] {
        assert_eq!(&read(text, Ended::Cut).outcome, expected, "{text}");
    }
    assert_eq!(whole("<think>so the user").outcome, cut);
}

#[test]
fn no_more_than_three_lessons_are_kept_and_a_repeat_is_no_lesson() {
    let memory = |what: &str, quote: &str| {
        format!(
            "<memory kind=fact><what>{what}</what><evidence turn=t1>{quote}</evidence></memory>"
        )
    };
    let quote = "always use pnpm";
    let text = ["one", "two", "two", "three", "four"]
        .map(|what| memory(&format!("Lesson {what}."), quote))
        .concat();
    let read = whole(&format!("<memories>{text}</memories>"));
    assert_eq!(read.candidates.len(), 3);
    let problems: Vec<String> = read.problems.iter().map(ToString::to_string).collect();
    assert_eq!(
        problems,
        [
            "memory 3: it says the same as an earlier one",
            "memory 5: an episode gives at most 3 lessons and 10 supports"
        ]
    );
    let twice = [
        memory("Same.", "always use pnpm"),
        memory("same", "never npm at all"),
    ]
    .concat();
    let twice = twice.replace("never npm at all", "pnpm, never npm");
    let read = whole(&format!(
        "<memories>{twice}</memories><memories>{twice}</memories>"
    ));
    assert_eq!(read.candidates.len(), 1);
    assert_eq!(read.candidates[0].evidence.len(), 2);
}

#[test]
fn a_known_memory_is_supported_by_what_was_really_said() {
    let text = "<memories>
        <supports id=\"m3k9w0c4xq7d2\"><evidence turn=\"t1\">always use pnpm</evidence></supports>
        <supports id=\"M3K9W0C4XQ7D2\"><evidence turn=\"t1\">never npm</evidence></supports>
        <supports id=\"m81\"><evidence turn=\"t5\">run with make check</evidence></supports>
        <supports id=\"../etc\"><evidence turn=\"t1\">always use pnpm</evidence></supports>
        <supports id=\"m82\"></supports></memories>";
    assert_eq!(
        show(&whole(text)),
        "Lessons
supports m3k9w0c4xq7d2
  u1 user \"always use pnpm\"
  u1 user \"never npm\"
! support 3: the quote \"run with make check\" was not said in u5
! support 3: it has no evidence that could be looked up
! support 4: \"../etc\" is no name of a memory
! support 5: it has no evidence that could be looked up
"
    );
    let json = "{\"memories\": [], \"supports\": [{\"id\": \"m3k9\", \"evidence\": [{\"turn\": \"t1\", \"quote\": \"always use pnpm\"}]}]}";
    assert_eq!(
        show(&whole(json)),
        "Lessons\nsupports m3k9\n  u1 user \"always use pnpm\"\n"
    );
}
