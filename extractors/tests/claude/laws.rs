//! Laws that hold for every transcript, however it is cut, grown or damaged.

use std::collections::BTreeMap;
use std::io::Write as _;

use domain::Turn;
use extractors::Budget;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::kit::{
    WHOLE, assistant, call, drain, file, goes_of, line, read_all, result, text, user, with,
};

/// One line of each kind that the reader treats in its own way.
fn kinds(n: usize) -> Vec<Value> {
    let id = |letter: &str| format!("{letter}{n}");
    let parent = json!({"parentUuid": format!("a{}", n.saturating_sub(1))});
    vec![
        with(user(&id("u"), format!("prompt {n}")), parent.clone()),
        user(
            &id("w"),
            "<system-reminder>hm</system-reminder>and now é \u{1f916}",
        ),
        call(
            &id("a"),
            &id("t"),
            "Bash",
            json!({"command": format!("cargo test {n}")}),
        ),
        result(&id("r"), &id("t"), format!("ok {n}"), false),
        result(
            &id("s"),
            "t0",
            "The user doesn't want to proceed with this tool use. the user said:\nno",
            true,
        ),
        assistant(&id("b"), json!([{"type": "thinking", "thinking": "hm"}])),
        with(
            assistant(&id("c"), json!([{"type": "text", "text": "done"}])),
            parent,
        ),
        line(
            "queue-operation",
            &id("q"),
            json!({"operation": "enqueue", "content": format!("later {n}")}),
        ),
        line("queue-operation", &id("q"), json!({"operation": "remove"})),
        line("queue-operation", &id("q"), json!({"operation": "dequeue"})),
        line(
            "attachment",
            &id("x"),
            json!({"attachment": {"type": "queued_command", "prompt": format!("later {n}")}}),
        ),
        line(
            "progress",
            &id("p"),
            json!({"data": {"type": "hook_progress"}}),
        ),
        line(
            "progress",
            &id("p"),
            json!({"data": {"type": "agent_progress", "agentId": "g", "message": {
            "type": "assistant", "uuid": id("g"), "message": {"content": [{"type": "text", "text": "found"}]}}}}),
        ),
        line(
            "system",
            &id("y"),
            json!({"subtype": "compact_boundary", "logicalParentUuid": "u1"}),
        ),
        json!({"type": "file-history-snapshot", "messageId": "m", "snapshot": {}}),
        json!({"type": "brand-new"}),
        json!(42),
    ]
}

fn transcript() -> impl Strategy<Value = Vec<Value>> {
    let kinds_of_lines = kinds(0).len();
    prop::collection::vec((0..kinds_of_lines, 0_usize..40), 0..25).prop_map(|picks| {
        picks
            .into_iter()
            .map(|(kind, n)| kinds(n).swap_remove(kind))
            .collect()
    })
}

fn by_id(turns: &[Turn]) -> BTreeMap<String, &Turn> {
    turns
        .iter()
        .rev()
        .map(|turn| (turn.id.to_string(), turn))
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn goes_of_any_size_give_the_same_as_one(
        lines in transcript(), turns in 0_usize..9, text_bytes in 0_usize..200
    ) {
        let content = text(&lines);
        let whole = read_all(&content);
        let (_file, mut source) = file(&content);
        let goes = drain(&mut source, Budget { turns, text_bytes, ..WHOLE });
        prop_assert_eq!(&goes.turns, &whole.turns);
        prop_assert_eq!(&goes.cursor, &whole.cursor);
        prop_assert_eq!(&goes.report, &whole.report);
        prop_assert_eq!(drain(&mut source, WHOLE).turns, vec![], "reading again adds nothing");
    }

    #[test]
    fn a_prefix_names_its_turns_as_the_whole_does(lines in transcript(), cut in 0_usize..25) {
        let whole = read_all(text(&lines)).turns;
        let prefix = read_all(text(&lines[..cut.min(lines.len())])).turns;
        let (whole, prefix) = (by_id(&whole), by_id(&prefix));
        for (id, turn) in prefix {
            prop_assert_eq!(whole.get(&id), Some(&turn));
        }
    }

    #[test]
    fn no_bytes_make_it_fail(
        before in transcript(), noise in prop::collection::vec(any::<u8>(), 0..300), at in any::<prop::sample::Index>()
    ) {
        let mut content = text(&before).into_bytes();
        let at = at.index(content.len() + 1);
        content.splice(at..at, noise);
        let whole = read_all(&content);
        let (_file, mut source) = file(&content);
        prop_assert_eq!(drain(&mut source, goes_of(1)).turns, whole.turns);
    }
}

/// Reads a file cut at this byte, completes it, reads on, and returns all that was read.
fn read_cut(content: &[u8], at: usize) -> (Vec<Turn>, domain::Cursor) {
    let (mut growing, mut source) = file(&content[..at]);
    let mut turns = drain(&mut source, WHOLE).turns;
    growing.write_all(&content[at..]).expect("written");
    turns.extend(drain(&mut source, WHOLE).turns);
    (turns, source.cursor)
}

#[test]
fn a_file_cut_at_any_byte_of_its_last_lines_loses_nothing_when_it_is_completed() {
    for kind in (0..kinds(0).len()).step_by(2) {
        let last = (kind + 1) % kinds(0).len();
        let lines = [
            user("u1", "one"),
            kinds(7).swap_remove(kind),
            kinds(8).swap_remove(last),
        ];
        for ending in ["\n", ""] {
            let content = text(&lines);
            let content = format!("{}{ending}", content.trim_end());
            let whole = read_all(&content);
            let from = content.find('\n').expect("there are three lines");
            for at in from..=content.len() {
                let (turns, cursor) = read_cut(content.as_bytes(), at);
                assert_eq!(turns, whole.turns, "cut at {at} of {content}");
                assert_eq!(cursor, whole.cursor, "cut at {at} of {content}");
            }
        }
    }
}

#[test]
fn every_line_but_mere_bookkeeping_leaves_a_trace_in_the_laws_above() {
    let lines: Vec<_> = (0..3).flat_map(kinds).collect();
    let reading = read_all(text(&lines));
    assert!(reading.turns.len() > 20, "{} turns", reading.turns.len());
}
