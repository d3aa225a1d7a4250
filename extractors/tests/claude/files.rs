//! Files as they are found: cut, damaged, replaced, growing, or no files at all.

use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::path::Path;

use domain::Transient as _;
use extractors::{Budget, ReadError, Sniffed, read, sniff};
use serde_json::json;

use crate::kit::{
    WHOLE, counts, drain, file, goes_of, offset, read_all, said, source, text, turns, user,
};

fn append(path: &Path, content: &[u8]) {
    let mut file = OpenOptions::new().append(true).open(path).expect("opens");
    file.write_all(content).expect("written");
}

/// Replaces the whole content in place, as a client does that rewrites its own file.
fn rewrite(path: &Path, content: &[u8]) {
    let mut file = File::create(path).expect("opens");
    file.write_all(content).expect("written");
}

#[test]
fn broken_lines_are_counted_with_their_place_and_the_rest_is_read() {
    let content = format!(
        "{}\nnot json\n{{\"type\":\"user\",\n{}\n",
        user("u1", "one"),
        user("u2", "two")
    );
    let reading = read_all(&content);
    assert_eq!(said(&reading.turns), ["user said: one", "user said: two"]);
    assert_eq!(counts(&reading.report), (2, 0, 0, false));
    let place = content.find("not json").expect("it is there") as u64;
    assert_eq!(reading.report.broken_at, [place, place + 9]);
    assert_eq!(offset(&reading.cursor), content.len());
}

#[test]
fn no_line_in_which_something_stood_is_passed_in_silence() {
    let check = |line: &str, expect: (u64, usize)| {
        let content = format!("{}\n{line}\n{}\n", user("u1", "one"), user("u2", "two"));
        let report = read_all(&content).report;
        let place = content.find('\n').expect("it is there") as u64 + 1;
        assert_eq!(
            (report.broken, report.broken_at.len()),
            expect,
            "{line:.40}"
        );
        assert!(report.broken_at.iter().all(|at| *at == place));
    };
    check(&"\0".repeat(5_000), (1, 1));
    check("\0", (1, 1));
    check(" \t\r", (0, 0));
    let deep = format!("{}1{}", "[".repeat(100_000), "]".repeat(100_000));
    check(&deep, (1, 1));
    check(&format!("{{\"type\":\"user\",\"message\":{deep}}}"), (1, 1));
    let nested = format!("{{\"role\":\"user\",\"content\":{deep}}}");
    check(
        &format!("{{\"type\":\"user\",\"message\":{nested}}}"),
        (1, 1),
    );
    check(&format!("{{\"type\":{deep}}}"), (1, 1));
}

#[test]
fn a_line_whose_time_or_name_nobody_can_read_keeps_its_words_and_is_counted() {
    let check = |field: &str, value: serde_json::Value| {
        let mut odd = user("u2", "two");
        odd[field] = value;
        let content = text(&[user("u1", "one"), odd, user("u3", "three")]);
        let reading = read_all(&content);
        assert_eq!(
            said(&reading.turns),
            ["user said: one", "user said: two", "user said: three"]
        );
        assert_eq!(
            (reading.report.mended, reading.report.broken),
            (1, 0),
            "{field}"
        );
        let place = content.find('\n').expect("it is there") as u64 + 1;
        assert_eq!(reading.report.mended_at, [place]);
        reading
    };
    for time in ["yesterday", "2026-13-45T99:00:00Z", ""] {
        let reading = check("timestamp", time.into());
        assert_eq!(reading.turns[1].at, reading.turns[0].at);
    }
    check("timestamp", 17.into());
    let reading = check("uuid", "u".repeat(200_000).into());
    assert!(reading.turns[1].id.as_str().len() < 100);
}

#[test]
fn line_breaks_marks_of_order_nul_and_blank_lines_hide_no_words() {
    let one = user("u1", "one").to_string();
    let two = user("u2", "two").to_string();
    let expect = ["user said: one", "user said: two"];
    for content in [
        format!("{one}\r\n{two}\r\n"),
        format!("\u{feff}{one}\n\n \t\n{two}"),
        format!("\0\0\0{one}\n\0\0{two}\0\0\n"),
    ] {
        assert_eq!(said(&read_all(&content).turns), expect, "{content:?}");
    }
}

#[test]
fn bytes_that_are_no_text_spoil_only_themselves() {
    let line = |inner: &[u8]| {
        let whole = user("u1", "XX").to_string();
        let (before, after) = whole.split_once("XX").expect("it is there");
        [before.as_bytes(), inner, after.as_bytes(), b"\n"].concat()
    };
    let check = |inner: &[u8], expect: &str| {
        let reading = read_all(line(inner));
        assert_eq!(said(&reading.turns), [format!("user said: {expect}")]);
        assert_eq!(reading.report.broken, 0);
    };
    check(b"caf\xe9 au lait", "caf\u{fffd} au lait");
    check(br"a\ud83e b", "a\u{fffd} b");
    check(br"\ud83e\udd16", "\u{1f916}");
    check(b"a\0b\tc", "a b c");
    check(br"a\u0000b", "a\u{fffd}b");
}

#[test]
fn a_line_over_the_cap_is_passed_over_with_a_count() {
    let long = user("u2", "long ".repeat(1_000));
    let content = text(&[user("u1", "one"), long.clone(), user("u3", "three")]);
    let small = Budget {
        line_bytes: 2_000,
        ..WHOLE
    };
    let (_file, mut source) = file(&content);
    let reading = drain(&mut source, small);
    assert_eq!(said(&reading.turns), ["user said: one", "user said: three"]);
    assert_eq!(counts(&reading.report), (0, 0, 1, false));
    assert_eq!(offset(&reading.cursor), content.len());

    let (unfinished, mut source) = file(long.to_string());
    let reading = drain(&mut source, small);
    assert_eq!(counts(&reading.report), (0, 0, 0, true));
    assert_eq!(offset(&reading.cursor), 0);
    append(unfinished.path(), b"\n");
    assert_eq!(counts(&drain(&mut source, small).report), (0, 0, 1, false));
}

#[test]
fn a_line_of_fifty_megabytes_is_passed_over() {
    let (long, mut source) = file(text(&[user("u1", "one")]));
    let megabyte = vec![b'x'; 1 << 20];
    (0..50).for_each(|_| append(long.path(), &megabyte));
    append(long.path(), format!("\n{}", user("u2", "two")).as_bytes());
    let reading = drain(&mut source, Budget::default());
    assert_eq!(said(&reading.turns), ["user said: one", "user said: two"]);
    assert_eq!(counts(&reading.report), (0, 0, 1, false));
}

#[test]
fn a_last_line_without_a_break_is_taken_once_and_what_follows_is_read_on() {
    let (growing, mut source) = file(user("u1", "one").to_string());
    assert_eq!(said(&drain(&mut source, WHOLE).turns), ["user said: one"]);
    assert_eq!(drain(&mut source, WHOLE).turns, []);
    append(
        growing.path(),
        format!("\n{}", user("u2", "two")).as_bytes(),
    );
    assert_eq!(said(&drain(&mut source, WHOLE).turns), ["user said: two"]);
    append(
        growing.path(),
        format!("{}\n", user("u3", "three")).as_bytes(),
    );
    assert_eq!(said(&drain(&mut source, WHOLE).turns), ["user said: three"]);
}

#[test]
fn a_line_that_is_still_being_written_waits() {
    let (growing, mut source) = file(format!("{}\n{{\"type\":\"us", user("u1", "one")));
    let reading = drain(&mut source, WHOLE);
    assert_eq!((reading.turns.len(), reading.report.unfinished), (1, true));
    let before = source.cursor.clone();
    let again = drain(&mut source, WHOLE);
    assert_eq!((again.turns, again.cursor), (vec![], before));
    append(
        growing.path(),
        b"er\",\"uuid\":\"u2\",\"message\":{\"content\":\"two\"}}\n",
    );
    assert_eq!(said(&drain(&mut source, WHOLE).turns), ["user said: two"]);
}

#[test]
fn another_file_under_the_same_path_is_read_from_its_start() {
    let (replaced, mut source) = file(text(&[user("u1", "one"), user("u2", "two")]));
    drain(&mut source, WHOLE);
    let cases = [
        (text(&[user("u3", "three")]), "a shorter one"),
        (
            text(&[user("u4", "four"), user("u5", "five"), user("u6", "six")]),
            "a longer one",
        ),
    ];
    for (content, what) in cases {
        rewrite(replaced.path(), content.as_bytes());
        let reading = drain(&mut source, WHOLE);
        assert!(reading.report.anew, "{what}");
        assert_eq!(reading.turns.len(), content.lines().count(), "{what}");
        assert_eq!(drain(&mut source, WHOLE).turns, [], "{what}");
    }
}

#[test]
fn a_file_that_was_rewritten_behind_its_head_is_read_from_its_start() {
    let head = text(&[user("u1", "x".repeat(3_000))]);
    let (rewritten, mut source) = file(format!("{head}{}\n", user("u2", "two")));
    drain(&mut source, WHOLE);
    rewrite(
        rewritten.path(),
        format!("{head}{}\n", user("u3", "six")).as_bytes(),
    );
    let reading = drain(&mut source, WHOLE);
    assert!(reading.report.anew);
    assert_eq!(reading.turns.len(), 2);
}

#[test]
fn what_is_no_file_is_refused_and_nothing_waits_for_it() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let check = |path: &Path, what: &str| {
        let error = sniff(path).expect_err("it is no file").to_string();
        assert!(
            error.ends_with(&format!("is {what}, not a file")),
            "{error}"
        );
        let error = read(&source(path), WHOLE).expect_err("it is no file");
        assert!(matches!(error, ReadError::NotAFile { .. }) && !error.is_transient());
    };
    check(folder.path(), "a folder");
    #[cfg(unix)]
    {
        let fifo = folder.path().join("fifo");
        let made = std::process::Command::new("mkfifo").arg(&fifo).status();
        assert!(made.expect("mkfifo is there").success());
        check(&fifo, "a FIFO");
        let socket = folder.path().join("socket");
        let _bound = std::os::unix::net::UnixListener::bind(&socket).expect("bound");
        check(&socket, "a socket");
        check(Path::new("/dev/null"), "a device");
    }
}

#[test]
fn a_file_that_is_gone_is_said_to_be_gone() {
    let (file, mut source) = file(text(&[user("u1", "one")]));
    drain(&mut source, WHOLE);
    file.close().expect("removed");
    let error = read(&source, WHOLE).expect_err("it is gone");
    assert!(matches!(error, ReadError::Gone { .. }) && !error.is_transient());
}

#[test]
fn a_go_ends_before_a_prompt_once_the_budget_is_used_up() {
    let lines: Vec<_> = (0..12)
        .map(|n| match n % 4 {
            0 => user(&format!("u{n}"), "next matter"),
            _ => crate::kit::assistant(&format!("a{n}"), json!([{"type": "text", "text": "ok"}])),
        })
        .collect();
    let (long, mut source) = file(text(&lines));
    let mut sizes = Vec::new();
    loop {
        let reading = read(&source, goes_of(3)).expect("reads");
        source.cursor = reading.cursor;
        sizes.push(reading.turns.len());
        if !reading.more {
            break;
        }
    }
    assert_eq!(sizes, [4, 4, 4]);
    let small = Budget {
        text_bytes: 1,
        ..WHOLE
    };
    assert_eq!(
        read(&self::source(long.path()), small)
            .expect("reads")
            .turns
            .len(),
        1
    );
}

#[test]
fn each_known_format_is_told_by_its_content() {
    let check = |content: &str, expect: Sniffed| {
        let (file, _) = file(content);
        let start: String = content.chars().take(80).collect();
        assert_eq!(sniff(file.path()).expect("a file"), expect, "{start}");
    };
    let not_yet = Sniffed::NotYet;
    check("", Sniffed::Empty);
    check("\n\n", Sniffed::Unknown);
    check("{\"name\": \"some-package\"}", Sniffed::Unknown);
    check("# Notes\n\n> quoted\n", Sniffed::Unknown);
    let claude = Sniffed::Known(domain::Format::ClaudeCodeJsonl);
    check(&text(&[user("u1", "x")]), claude);
    check(
        "\u{feff}garbage\n{\"type\":\"summary\",\"summary\":\"x\",\"leafUuid\":\"y\"}",
        claude,
    );
    let pasted = "x".repeat(400_000);
    check(
        &format!(r#"{{"parentUuid":null,"sessionId":"s","type":"user","message":"{pasted}"}}"#),
        claude,
    );
    check(
        r#"{"timestamp":"t","type":"session_meta","payload":{}}"#,
        not_yet("codex-rollout-jsonl"),
    );
    check(
        r#"{"type":"session.start","data":{"sessionId":"x"},"id":"1"}"#,
        not_yet("copilot-cli-jsonl"),
    );
    check(
        "{\n \"sessionId\": \"x\",\n \"projectHash\": \"y\",\n \"messages\": [",
        not_yet("gemini-cli-json"),
    );
    check(
        "{\"info\":{},\"messages\":[{\"info\":{},\"parts\":[]}]}",
        not_yet("opencode-json"),
    );
    check("<!-- Generated by SpecStory -->\n", not_yet("specstory-md"));
    check(
        "# aider chat started at 2026-01-01 10:00:00\n",
        not_yet("aider-md"),
    );
    check(
        "> do it\n\n⏺ Bash(ls)\n  ⎿ x\n",
        not_yet("claude-console-md"),
    );
    check(
        "{\"trajectory\":[{\"action\":\"x\",\"observation\":\"y\"}]}",
        not_yet("swe-agent-traj"),
    );
    check(
        "[{\"title\":\"x\",\"mapping\":{\"a\":{\"parent\":null}}}]",
        not_yet("chatgpt-export-json"),
    );
    check(
        "[{\"uuid\":\"x\",\"chat_messages\":[]}]",
        not_yet("claude-ai-export-json"),
    );
}

#[test]
fn a_session_that_begins_with_a_pasted_picture_is_told_all_the_same() {
    let check = |content: &str, expect: Sniffed| {
        let (file, _) = file(content);
        let start: String = content.chars().take(80).collect();
        assert_eq!(sniff(file.path()).expect("a file"), expect, "{start}");
    };
    let claude = Sniffed::Known(domain::Format::ClaudeCodeJsonl);
    let picture = "A".repeat(600_000);
    let behind = |picture: &str| {
        format!(r#"{{"type":"user","message":"{picture}","uuid":"u1","sessionId":"s"}}"#)
    };
    check(&behind(&picture), claude);
    check(&format!("{}\n", behind(&picture)), claude);
    check(&format!("{}\n{}", behind("x"), behind(&picture)), claude);
    // A line that reading would pass over says nothing; the next ones do, or its own beginning.
    let huge = "A".repeat(9 << 20);
    let note = format!(r#"{{"type":"user","message":"{huge}"}}"#);
    check(&format!("{note}\n{}\n", behind("x")), claude);
    let begun = format!(r#"{{"parentUuid":null,"isSidechain":false,"message":"{huge}"}}"#);
    check(&begun, claude);
    check(&note, Sniffed::Unknown);
    check(&format!("{note}\n{{\"a\":1}}\n"), Sniffed::Unknown);
    let rollout = format!(r#"{{"text":"{picture}","type":"session_meta","payload":{{}}}}"#);
    check(&rollout, Sniffed::NotYet("codex-rollout-jsonl"));
}

#[test]
fn an_empty_file_gives_nothing_and_is_read_on_when_it_grows() {
    let (growing, mut source) = file("");
    let reading = drain(&mut source, WHOLE);
    assert_eq!((reading.turns, offset(&reading.cursor)), (vec![], 0));
    append(growing.path(), text(&[user("u1", "one")]).as_bytes());
    assert_eq!(drain(&mut source, WHOLE).turns, turns(&[user("u1", "one")]));
}
