//! A reply that breaks off gives its whole memories, wherever it breaks off.
//!
//! Half a memory is none, however well its half reads.

use domain::{Candidate, Ended};
use extractors::replies::Outcome;

use crate::kit::{fixture, read, whole};

const THREE: &str = "Here they are:
<memories>
  <memory kind=\"fact\" scope=\"path:a/b\"><what>First, with a </memory> and a <when> in it.</what><evidence turn=\"t1\">always use pnpm</evidence></memory>
  <memory kind='bug'><what>Second: a && b &lt; <![CDATA[c </memory> d]]>.</what><do>so</do><evidence turn='t2'>The build runs as cargo build && cargo test</evidence></memory>
  <supports id=\"m81\"><evidence turn=\"t1\">always use pnpm</evidence></supports>
  <memory kind=\"fact\"><what>Third.</what><when>later</when><warn>Or else.</warn><slot subject=\"a\" attribute=\"b\">c</slot><evidence turn=\"t1\">never npm</evidence></memory>
</memories>
";

const JSON: &str = "{\"memories\": [
  {\"kind\": \"fact\", \"what\": \"First }] \\\"{\", \"evidence\": [{\"turn\": \"t1\", \"quote\": \"always use pnpm\"}]},
  {\"kind\": \"bug\", \"what\": \"Second\", \"slot\": {\"subject\": \"a\", \"attribute\": \"b\", \"value\": \"c\"}, \"evidence\": [{\"turn\": \"t2\", \"quote\": \"The build runs\"}]}],
 \"supports\": [{\"id\": \"m81\", \"evidence\": [{\"turn\": \"t1\", \"quote\": \"always use pnpm\"}]}]}";

/// Cuts a reply at every byte, and holds what is kept against how many blocks ended before the cut.
fn check(text: &str, ends: &[usize], over: usize) {
    let all = whole(text);
    for ended in [Ended::Cut, Ended::Whole] {
        for at in (1..text.len()).filter(|at| text.is_char_boundary(*at)) {
            let read = read(&text[..at], ended);
            let expected = ends.iter().filter(|end| **end <= at).count();
            let kept = read.candidates.len() + read.supports.len();
            assert_eq!(kept, expected, "cut at {at}: {:?}", &text[..at]);
            let is_prefix = |part: &[Candidate]| all.candidates.starts_with(part);
            assert!(is_prefix(&read.candidates), "cut at {at}");
            if ended == Ended::Cut && at < over {
                let cut = Outcome::Cut { whole: expected };
                assert_eq!(read.outcome, cut, "cut at {at}: {:?}", &text[..at]);
            }
        }
    }
}

#[test]
fn whole_memories_are_kept_wherever_a_reply_breaks_off() {
    let ends = ["</evidence></memory>", "</evidence></supports>"];
    let mut places: Vec<usize> = ends
        .iter()
        .flat_map(|end| THREE.match_indices(end).map(|(at, _)| at + end.len()))
        .collect();
    places.sort_unstable();
    assert_eq!(places.len(), 4);
    let over = THREE.rfind('>').expect("an end") + 1;
    check(THREE, &places, over);
}

#[test]
fn whole_objects_are_kept_wherever_a_reply_in_json_breaks_off() {
    let ends: Vec<usize> = JSON.match_indices("\"}]}").map(|(at, _)| at + 4).collect();
    assert_eq!(ends.len(), 3);
    check(JSON, &ends, JSON.len());
}

#[test]
fn a_memory_with_an_element_that_never_ended_is_half_when_the_reply_was_cut() {
    let text = fixture("elements_without_end");
    assert_eq!(whole(&text).candidates.len(), 1);
    let cut = text.replace("</memories>", "");
    assert_eq!(read(&cut, Ended::Cut).candidates, []);
    assert_eq!(read(&cut, Ended::Cut).outcome, Outcome::Cut { whole: 0 });
}
