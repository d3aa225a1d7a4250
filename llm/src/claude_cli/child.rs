//! Runs one child in a process group of its own, and sees to it that the group ends.
//!
//! The group ends with its leader, with the deadline, with too much output, when the caller stops
//! waiting, and when we are killed ourselves: then a watcher inside the group, which holds the other
//! end of our socket, hears it close. Only what leaves the group (setsid) outlives it. Reads no
//! meaning in what is printed.

use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream as Pair;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use domain::Sent;
use rustix::process::{Pid, Signal, kill_process_group};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use tokio::net::UnixStream;
use tokio::process::{Child, ChildStdin, Command};
use tokio::time::timeout;

use super::answer::{Ran, Trouble};
use super::command::Call;
use super::shown;

/// What a child may use up.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    pub(super) deadline: Duration,
    pub(super) longest_output: usize,
}

/// The shell leaves a watcher behind and becomes the program. Our socket is its stderr, so it comes
/// without any other descriptor: the program writes into it, and the watcher waits for its end. It
/// hangs on nobody's PATH, is no child of the program, and kills its own group, which is gone before
/// its number can be another's.
const WATCH: &str = r#"
( { while read -r _ <&3; do :; done; kill -KILL 0; } 3<&2 </dev/null >/dev/null 2>&1 & )
exec "$@"
"#;

/// What was said on stderr is for one sentence.
const LONGEST_COMPLAINT: usize = 16 * 1024;
/// After the group is gone its pipes are empty at once; only a process that left it holds them.
const LAST_WORDS: Duration = Duration::from_secs(1);

/// A process group, killed when it is dropped.
struct Group(Option<Pid>);

impl Group {
    fn end(&self) {
        if let Some(leader) = self.0 {
            // An error means that nobody is left.
            let _ = kill_process_group(leader, Signal::KILL);
        }
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        self.end();
    }
}

/// What a child printed so far.
#[derive(Default)]
struct Heard {
    out: Vec<u8>,
    err: Vec<u8>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ended {
    Said,
    Overlong,
}

/// Runs a child to its end or to one of its limits.
pub(super) async fn run(call: &Call, stage: &Path, limits: Limits) -> Result<Ran, Trouble> {
    let (mut child, ours) = start(call, stage).map_err(|error| {
        Trouble::busy(&format!(
            "{} cannot be started: {error}",
            shown(&call.program)
        ))
    })?;
    let group = Group(
        child
            .id()
            .and_then(|id| Pid::from_raw(i32::try_from(id).ok()?)),
    );
    let mut heard = Heard::default();
    let ran = timeout(
        limits.deadline,
        listen(&mut child, &group, ours, call, limits, &mut heard),
    );
    let ran = ran.await;
    group.end();
    // Killed, it ends at once; waiting for it leaves no zombie behind.
    let status = child.wait().await.ok().and_then(|status| status.code());
    match ran {
        Err(_) => Err(Trouble::Down {
            why: format!("no answer within {} s", limits.deadline.as_secs()),
            again: None,
            sent: Sent::Heard,
        }),
        Ok(Ended::Overlong) => Err(Trouble::Garbled {
            why: format!("it printed more than {} bytes", limits.longest_output),
            raw: text(&heard.out[..heard.out.len().min(4_000)]),
        }),
        Ok(Ended::Said) => Ok(Ran {
            program: shown(&call.program),
            code: status,
            out: text(&heard.out),
            err: text(&heard.err),
        }),
    }
}

fn start(call: &Call, stage: &Path) -> std::io::Result<(Child, UnixStream)> {
    let (ours, theirs) = Pair::pair()?;
    ours.set_nonblocking(true)?;
    let ours = UnixStream::from_std(ours)?;
    let mut command = Command::new("/bin/sh");
    command
        .args(["-c", WATCH, "sh"])
        .arg(&call.program)
        .args(&call.words)
        .current_dir(stage)
        .envs(call.set.iter().map(|(name, value)| (name, value)))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::from(OwnedFd::from(theirs)))
        .process_group(0)
        .kill_on_drop(true);
    for name in call.unset {
        command.env_remove(name);
    }
    // The command keeps its copy of the socket until it is dropped, here.
    Ok((command.spawn()?, ours))
}

/// Speaks and listens until the leader has ended.
async fn listen(
    child: &mut Child,
    group: &Group,
    ours: UnixStream,
    call: &Call,
    limits: Limits,
    heard: &mut Heard,
) -> Ended {
    let stdin = child.stdin.take();
    let stdout = child.stdout.take().expect("stdout is piped");
    let Heard { out, err } = heard;
    let talk = async {
        let most = limits.longest_output;
        let all = tokio::try_join!(
            say(stdin, &call.prompt),
            fill(stdout, out, most),
            drain(ours, err)
        );
        all.map_or_else(|overlong| overlong, |_| Ended::Said)
    };
    tokio::pin!(talk);
    tokio::select! {
        ended = &mut talk => {
            if ended == Ended::Said {
                let _ = child.wait().await;
            }
            ended
        }
        _ = child.wait() => {
            // Whoever of the group still holds the pipes lets go of them now.
            group.end();
            timeout(LAST_WORDS, &mut talk).await.unwrap_or(Ended::Said)
        }
    }
}

async fn say(stdin: Option<ChildStdin>, prompt: &str) -> Result<(), Ended> {
    if let Some(mut stdin) = stdin {
        // A child that ends without listening says why on its own.
        let _ = stdin.write_all(prompt.as_bytes()).await;
        let _ = stdin.shutdown().await;
    }
    Ok(())
}

async fn fill(
    mut from: impl AsyncRead + Unpin,
    into: &mut Vec<u8>,
    most: usize,
) -> Result<(), Ended> {
    let mut piece = vec![0; 64 * 1024];
    loop {
        match from.read(&mut piece).await {
            Ok(0) | Err(_) => return Ok(()),
            Ok(read) if into.len() + read > most => return Err(Ended::Overlong),
            Ok(read) => into.extend_from_slice(&piece[..read]),
        }
    }
}

/// Keeps the beginning and reads on, so that nobody is held up by what nobody keeps.
async fn drain(mut from: impl AsyncRead + Unpin, into: &mut Vec<u8>) -> Result<(), Ended> {
    let mut piece = vec![0; 4 * 1024];
    loop {
        match from.read(&mut piece).await {
            Ok(0) | Err(_) => return Ok(()),
            Ok(read) => {
                let room = LONGEST_COMPLAINT.saturating_sub(into.len());
                into.extend_from_slice(&piece[..read.min(room)]);
            }
        }
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
