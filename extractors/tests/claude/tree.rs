//! Where a turn stands: its session, its parent, its place, its position and its name.

use serde_json::json;

use crate::kit::{
    assistant, drain, file, goes_of, line, read_all, result, text, turns, user, with,
};

fn child(line: serde_json::Value, parent: &str) -> serde_json::Value {
    with(line, json!({ "parentUuid": parent }))
}

#[test]
fn a_parent_is_found_past_lines_that_give_no_turn_and_past_a_compaction() {
    let turns = turns(&[
        user("u1", "go"),
        child(
            assistant("a1", json!([{"type": "thinking", "thinking": "hm"}])),
            "u1",
        ),
        child(
            line("progress", "x1", json!({"data": {"type": "hook_progress"}})),
            "a1",
        ),
        child(
            assistant("a2", json!([{"type": "text", "text": "done"}])),
            "x1",
        ),
        line(
            "system",
            "s1",
            json!({"subtype": "compact_boundary", "logicalParentUuid": "a2"}),
        ),
        child(user("u2", "on"), "s1"),
        child(user("u3", "elsewhere"), "not-in-this-file"),
    ]);
    let parents: Vec<_> = turns
        .iter()
        .map(|turn| {
            turn.parent
                .as_ref()
                .map(|parent| parent.as_str().to_owned())
        })
        .collect();
    let some = |id: &str| Some(id.to_owned());
    assert_eq!(
        parents,
        [None, some("u1"), some("a2"), some("not-in-this-file")]
    );
}

#[test]
fn positions_rise_with_the_file_although_clocks_do_not() {
    let at = |uuid: &str, time: &str| with(user(uuid, "x"), json!({ "timestamp": time }));
    let lines = [
        at("u1", "2026-03-01T10:00:05.000Z"),
        at("u2", "2026-03-01T10:00:03.000Z"),
        at("u3", "2026-03-01T10:00:05.000Z"),
        at("u4", "2026-03-01T10:00:06.000Z"),
    ];
    let whole = turns(&lines);
    assert!(whole.is_sorted_by(|one, two| one.position < two.position));
    let slice = turns(&lines[3..]);
    assert_eq!(
        slice[0].position, whole[3].position,
        "a slice sorts where it belongs"
    );
}

#[test]
fn a_turn_knows_where_it_was_said_although_the_place_changes() {
    let turns = turns(&[
        user("u1", "x"),
        with(
            user("u2", "x"),
            json!({"cwd": "/srv/web", "gitBranch": "fix"}),
        ),
        json!({"type": "queue-operation", "operation": "remove", "content": "y", "timestamp": "2026-03-01T10:00:00Z", "sessionId": "s"}),
    ]);
    let places: Vec<_> = turns
        .iter()
        .map(|turn| (turn.place.cwd.as_deref(), turn.place.branch.as_deref()))
        .collect();
    let web = (Some("/srv/web"), Some("fix"));
    assert_eq!(places, [(Some("/srv/shop"), Some("main")), web, web]);
}

#[test]
fn sessions_span_their_turns_and_a_fork_keeps_the_names_of_what_it_copied() {
    let other = json!({"sessionId": "fork", "timestamp": "2026-03-02T00:00:00.500Z"});
    let lines = [
        user("u1", "x"),
        user("u9", "y"),
        with(user("u1", "x"), other),
    ];
    let reading = read_all(text(&lines));
    let spans: Vec<_> = reading
        .sessions
        .iter()
        .map(|session| (session.started_at.to_string(), session.ended_at.to_string()))
        .collect();
    let span = |from: &str, to: &str| (from.to_owned(), to.to_owned());
    assert_eq!(
        spans,
        [
            span("2026-03-01T10:00:01Z", "2026-03-01T10:00:09Z"),
            span("2026-03-02T00:00:00.5Z", "2026-03-02T00:00:00.5Z"),
        ]
    );
    assert_eq!(reading.turns[0].id, reading.turns[2].id);
    assert_ne!(reading.turns[0].session, reading.turns[2].session);
}

#[test]
fn a_line_is_not_lost_over_a_field_of_a_wrong_type_or_none() {
    let odd = json!({
        "type": "user", "uuid": 7, "parentUuid": [], "timestamp": {}, "sessionId": null, "cwd": 1,
        "isMeta": "no", "origin": "human", "toolUseResult": [[[]]], "version": {},
        "message": {"role": 3, "content": [null, 4, "x", {"type": "text", "text": "still here"}, {"type": 5}]},
    });
    let (_file, mut source) = file(text(std::slice::from_ref(&odd)));
    let reading = drain(&mut source, goes_of(9));
    assert_eq!(crate::kit::said(&reading.turns), ["user said: still here"]);
    let again = turns(std::slice::from_ref(&odd));
    let other = with(odd, json!({"message": {"content": "else"}}));
    assert_ne!(again[0].id, turns(&[other])[0].id);
    assert_eq!(
        again[0].id.as_str(),
        reading.turns[0].id.as_str(),
        "its name is made of it"
    );
    assert_eq!(
        turns(&[
            json!({"type": "user", "message": "loose"}),
            json!({"type": "assistant"})
        ]),
        []
    );
}

#[test]
fn types_that_nobody_knows_are_counted_by_name_and_those_we_pass_over_too() {
    let reading = read_all(text(&[
        line("brand-new", "x1", json!({})),
        line("brand-new", "x2", json!({})),
        json!({"type": "summary", "summary": "of another", "leafUuid": "zz"}),
        json!({"silly": "this"}),
        json!([1]),
        result("u1", "t", "", false),
    ]));
    let report = reading.report;
    let unknown: Vec<_> = report
        .unknown
        .iter()
        .map(|(name, n)| format!("{n} {name}"))
        .collect();
    assert_eq!(unknown, ["1 (no object)", "1 (none)", "2 brand-new"]);
    assert_eq!(report.skipped.get("summary"), Some(&1));
    assert_eq!((report.lines, report.broken), (6, 0));
}
