//! Each fake client holds a pipe open as long as anyone of its group lives: its end is seen there.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use domain::{Clock, Ended};
use jiff::Timestamp;

use super::*;
use crate::mailbox::tests::ask;

struct Still;

impl Clock for Still {
    fn now(&self) -> Timestamp {
        "2027-01-02T03:04:05Z".parse().expect("an instant")
    }
}

fn around(variable: fn(&str) -> Option<String>) -> Surroundings {
    Surroundings {
        clock: Arc::new(Still),
        redact: |text| text.replace("sk-ant", "***"),
        variable,
    }
}

fn client(dir: &Path, program: &Path, deadline: Duration) -> Box<dyn Model> {
    let settings = ClaudeCli {
        program: program.to_owned(),
        deadline,
        longest_output: 1_000_000,
        ..ClaudeCli::usual(dir.join("cli"))
    };
    open(settings, around(|_| None))
}

const LONG: Duration = Duration::from_secs(60);

/// Writes a client that does this; `$DIR` is the test's folder.
fn fake(dir: &Path, does: &str) -> PathBuf {
    let path = dir.join("claude");
    let mut file = File::create(&path).expect("a file");
    write!(file, "#!/bin/sh\nDIR='{}'\n{does}\n", dir.display()).expect("writes");
    drop(file);
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("may run");
    path
}

const ANSWERS: &str = r#"cat > "$DIR/stdin"
echo '{"type":"assistant","message":{"id":"m1","content":[{"type":"text","text":"<none/>"}]}}'
echo '{"type":"result","subtype":"success","is_error":false,"num_turns":1,"result":"<none/>","stop_reason":"end_turn","usage":{"input_tokens":5,"cache_read_input_tokens":7,"output_tokens":3}}'"#;

/// A child, and a grandchild that hears no SIGTERM; both live for ever and hold the pipe.
const HANGS: &str = r#"exec 9> "$DIR/alive"
sh -c 'trap "" TERM HUP INT; while :; do sleep 1000; done' &
echo started > "$DIR/started"
while :; do sleep 1000; done"#;

/// Makes the pipes of a test, and tells when one was opened and when nobody holds it any more.
struct Pulse {
    began: Receiver<()>,
    over: Receiver<()>,
}

fn pulse(dir: &Path) -> Pulse {
    for name in ["alive", "started"] {
        let made = Command::new("mkfifo")
            .arg(dir.join(name))
            .status()
            .expect("mkfifo runs");
        assert!(made.success());
    }
    let watch = |name: &str| {
        let (path, (tell, told)) = (dir.join(name), channel());
        std::thread::spawn(move || {
            let mut text = String::new();
            let read = File::open(path).expect("opens").read_to_string(&mut text);
            read.map(|_| tell.send(())).expect("a pipe reads")
        });
        told
    };
    Pulse {
        over: watch("alive"),
        began: watch("started"),
    }
}

impl Pulse {
    fn assert_over(&self) {
        self.over
            .recv_timeout(Duration::from_secs(20))
            .expect("the whole group has ended");
    }
}

#[tokio::test]
async fn an_answer_is_read_and_the_child_hears_only_the_prompt() {
    let dir = tempfile::tempdir().expect("a folder");
    let tells = r#"env > "$DIR/env"; pwd > "$DIR/pwd"; ls -A > "$DIR/ls"; printf '%s\n' "$@" > "$DIR/args""#;
    let program = fake(dir.path(), &format!("{tells}\n{ANSWERS}"));
    let reply = client(dir.path(), &program, LONG)
        .ask(&ask("a", "what?"))
        .await
        .expect("a reply");
    assert_eq!(
        (reply.text.as_str(), reply.ended, reply.at),
        ("<none/>", Ended::Whole, Still.now())
    );
    assert_eq!(
        (reply.usage.input_tokens, reply.usage.output_tokens),
        (12, 3)
    );
    let read = |name: &str| fs::read_to_string(dir.path().join(name)).expect("was told");
    assert_eq!(read("stdin"), "what?");
    assert!(read("env").lines().any(|line| line == "DORMOUSE_OFF=1"));
    assert!(
        read("env")
            .lines()
            .any(|line| line == "CLAUDE_CODE_DISABLE_ATTACHMENTS=1")
    );
    assert!(
        !read("env")
            .lines()
            .any(|line| line.starts_with("CLAUDECODE="))
    );
    assert!(read("pwd").trim_end().ends_with("cli/empty"));
    assert_eq!(read("ls"), "");
    let args = read("args");
    for word in [
        "--no-session-persistence",
        "--strict-mcp-config",
        "--setting-sources",
        "Extract.",
    ] {
        assert!(args.lines().any(|line| line == word), "{word} in {args}");
    }
}

#[tokio::test]
async fn a_child_that_hangs_is_ended_with_its_grandchild() {
    let dir = tempfile::tempdir().expect("a folder");
    let pulse = pulse(dir.path());
    let program = fake(dir.path(), HANGS);
    let model = client(dir.path(), &program, Duration::from_millis(1_500));
    let said = model.ask(&ask("a", "what?")).await;
    assert!(
        matches!(
            said,
            Err(ModelError::Down {
                sent: Sent::Heard,
                ..
            })
        ),
        "{said:?}"
    );
    pulse.assert_over();
}

#[tokio::test]
async fn whoever_stops_waiting_ends_the_child() {
    let dir = tempfile::tempdir().expect("a folder");
    let Pulse { began, over } = pulse(dir.path());
    let program = fake(dir.path(), HANGS);
    let model = client(dir.path(), &program, LONG);
    let ask = ask("a", "what?");
    let mut asking = model.ask(&ask);
    let began = tokio::task::spawn_blocking(move || began.recv_timeout(Duration::from_secs(20)));
    tokio::select! {
        said = &mut asking => panic!("it hangs: {said:?}"),
        began = began => began.expect("listens").expect("the child has started"),
    }
    drop(asking);
    over.recv_timeout(Duration::from_secs(20))
        .expect("the whole group has ended");
}

/// Runs itself once more, in a folder where it is the one that asks, and kills that.
#[tokio::test]
async fn a_child_does_not_outlive_us_when_we_are_killed() {
    let here = std::env::current_dir().expect("a folder");
    if here.join("victim").exists() {
        let model = client(&here, &here.join("claude"), LONG);
        let said = model.ask(&ask("a", "what?")).await;
        panic!("it hangs: {said:?}");
    }
    let dir = tempfile::tempdir().expect("a folder");
    let pulse = pulse(dir.path());
    fake(dir.path(), HANGS);
    File::create(dir.path().join("victim")).expect("a mark");
    let name = "claude_cli::tests::a_child_does_not_outlive_us_when_we_are_killed";
    let mut victim = Command::new(std::env::current_exe().expect("this test"))
        .args(["--exact", name])
        .current_dir(dir.path())
        .stdout(std::process::Stdio::null())
        .spawn()
        .expect("starts");
    let began = pulse.began.recv_timeout(Duration::from_secs(20));
    began.expect("the child has started");
    victim.kill().expect("SIGKILL");
    victim.wait().expect("is gone");
    pulse.assert_over();
}

#[tokio::test]
async fn what_a_child_leaves_behind_ends_with_it() {
    let dir = tempfile::tempdir().expect("a folder");
    let pulse = pulse(dir.path());
    // The grandchild holds stdout as well, and would keep a reader waiting.
    let leaves = r#"exec 9> "$DIR/alive"
sh -c 'trap "" TERM HUP; while :; do sleep 1000; done' &
echo started > "$DIR/started""#;
    let program = fake(dir.path(), &format!("{leaves}\n{ANSWERS}"));
    let reply = client(dir.path(), &program, LONG)
        .ask(&ask("a", "what?"))
        .await
        .expect("a reply");
    assert_eq!(reply.text, "<none/>");
    pulse.assert_over();
}

#[tokio::test]
async fn a_flood_is_dammed() {
    let dir = tempfile::tempdir().expect("a folder");
    let pulse = pulse(dir.path());
    let floods = r#"exec 9> "$DIR/alive"; echo started > "$DIR/started"; yes"#;
    let program = fake(dir.path(), floods);
    let said = client(dir.path(), &program, LONG)
        .ask(&ask("a", "what?"))
        .await;
    assert!(
        matches!(&said, Err(ModelError::Garbled { raw, .. }) if raw.starts_with("y\ny\n")),
        "{said:?}"
    );
    pulse.assert_over();
}

#[tokio::test]
async fn whatever_else_a_child_does_has_its_name() {
    let check = async |does: &str, says: &str| {
        let dir = tempfile::tempdir().expect("a folder");
        let program = fake(dir.path(), does);
        let said = client(dir.path(), &program, LONG)
            .ask(&ask("a", &"words ".repeat(50_000)))
            .await;
        let error = said.expect_err("there is no reply");
        assert!(format!("{error:?}").contains(says), "{does}: {error:?}");
        error
    };
    let garbage = check("echo hello", "holds no result").await;
    assert!(matches!(garbage, ModelError::Garbled { raw, .. } if raw == "hello\n"));
    let failed = check("echo 'sk-ant broke' >&2; exit 3", "ended with 3: *** broke").await;
    assert!(matches!(
        failed,
        ModelError::Down {
            sent: Sent::Heard,
            ..
        }
    ));
    let killed = check("kill -KILL $$", "was killed").await;
    assert!(matches!(killed, ModelError::Down { .. }));
    let old = check(
        "echo \"error: unknown option '--tools'\" >&2; exit 1",
        "update Claude Code",
    )
    .await;
    assert!(matches!(old, ModelError::Shut { .. }));
}

#[tokio::test]
async fn a_client_that_is_not_there_is_shut_and_says_what_to_do() {
    let dir = tempfile::tempdir().expect("a folder");
    for program in ["no-such-claude-anywhere", "/no/such/claude"] {
        let said = client(dir.path(), Path::new(program), LONG)
            .ask(&ask("a", "what?"))
            .await;
        let Err(ModelError::Shut { why, sent, .. }) = said else {
            panic!("{said:?}");
        };
        assert_eq!(sent, Sent::Nothing, "nobody was there to send it");
        assert!(
            why.contains("install Claude Code") && why.contains(program),
            "{why}"
        );
    }
}

#[tokio::test]
async fn nothing_is_started_inside_a_child_of_ours() {
    let dir = tempfile::tempdir().expect("a folder");
    let program = fake(dir.path(), "touch \"$DIR/ran\"");
    let settings = ClaudeCli {
        program,
        ..ClaudeCli::usual(dir.path().join("cli"))
    };
    let model = open(
        settings,
        around(|name| (name == OFF).then(|| "1".to_owned())),
    );
    let said = model.ask(&ask("a", "what?")).await;
    assert!(matches!(said, Err(ModelError::Shut { .. })), "{said:?}");
    assert!(!dir.path().join("ran").exists());
}

#[tokio::test]
async fn one_child_runs_at_a_time() {
    let dir = tempfile::tempdir().expect("a folder");
    let alone = r#"mkdir "$DIR/inside" || touch "$DIR/two"; cat > /dev/null"#;
    let program = fake(
        dir.path(),
        &format!("{alone}\n{ANSWERS}\nrmdir \"$DIR/inside\""),
    );
    let model = client(dir.path(), &program, LONG);
    let (one, two) = (ask("a", "what?"), ask("b", "what?"));
    let (first, second) = tokio::join!(model.ask(&one), model.ask(&two));
    assert!(first.is_ok() && second.is_ok(), "{first:?} {second:?}");
    assert!(!dir.path().join("two").exists());
    // Another process holds the lock.
    let lock = File::options()
        .write(true)
        .open(dir.path().join("cli/claude-cli.lock"))
        .expect("is there");
    lock.lock().expect("locks");
    let said = model.ask(&one).await;
    assert!(
        matches!(
            said,
            Err(ModelError::Down {
                sent: Sent::Nothing,
                again: Some(_),
                ..
            })
        ),
        "{said:?}"
    );
}

#[test]
fn where_the_words_go_is_said_as_far_as_it_is_known() {
    assert_eq!(host(|_| None), "api.anthropic.com, through claude");
    let url = |name: &str| {
        (name == "ANTHROPIC_BASE_URL").then(|| "https://llm.example:8/x?key=1".to_owned())
    };
    assert_eq!(host(url), "llm.example, through claude");
    let cloud = |name: &str| (name == "CLAUDE_CODE_USE_BEDROCK").then(|| "1".to_owned());
    assert_eq!(host(cloud), "Amazon Bedrock, through claude");
}
