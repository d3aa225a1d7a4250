//! Measures what the worst replies cost to read: 10 MB of one hostile pattern each.
//!
//! Writes nothing: `cargo run --release -p extractors --example replies`

#![expect(clippy::print_stdout, reason = "the figures are what it is for")]

use std::time::Instant;

use domain::{
    Ended, Episode, Part, PartKind, Place, Reply, SessionId, Speaker, Turn, TurnId, Usage,
};
use extractors::replies;
use jiff::Timestamp;

const BYTES: usize = 10_000_000;

const PATTERNS: &[&str] = &[
    "x",
    "<",
    "<what>",
    "</think>",
    "<think></think>",
    "<think>",
    "<memory>",
    "<memory kind=fact><what>Use pnpm.</what><evidence turn=t1>use pnpm</evidence></memory>",
    "<memory kind=fact><what>Use pnpm.</what><evidence>never said by anyone at all here, ever</evidence></memory>",
    "<supports id=m1><evidence>never said by anyone at all here, ever</evidence></supports>",
    LONG,
    "<memory><slot subject=\"",
    "<do a='<do b=\"",
    "<memory><![CDATA[",
    "<![CDATA[]]>",
    "<!--",
    "&amp;",
    "&amp;amp;",
    "&#x26;",
    "{\"",
    "{  ",
    "[{",
    "{\"memories\": [{\"what\": \"a\"}], ",
    "{\"memories\": [{\"what\": \"a\", \"evidence\": [\"never said by anyone at all\"]}]} ",
    "{} ",
    "\"\\",
    "password=hunter2hunter2 ",
    "\u{200b}",
    "é",
];

// Three quotes of the greatest length that is searched with changes allowed.
const LONG: &str = "<memory kind=fact><what>Use pnpm.</what><evidence>LONG</evidence><evidence>LONG</evidence><evidence>LONG</evidence></memory>";

fn main() {
    let (episode, turns) = episode();
    let mut worst = 0.0_f64;
    for pattern in PATTERNS {
        for begin in [
            "",
            "<memories><memory><what>",
            "{\"memories\": [{\"what\": \"",
        ] {
            let pattern = pattern.replace("LONG", &"pnpm of number here. ".repeat(140));
            let text = format!("{begin}{}", pattern.repeat(BYTES / pattern.len()));
            // The least of three: what else the machine does is not ours.
            let goes = [(); 3].map(|()| measure(text.clone(), &episode, &turns));
            let took = goes.into_iter().fold(f64::MAX, f64::min);
            println!("{took:7.1} ms  {begin}{pattern:?}");
            worst = worst.max(took);
        }
    }
    println!("{worst:7.1} ms at the most");
}

#[expect(clippy::disallowed_methods, reason = "it measures time")]
fn measure(text: String, episode: &Episode, turns: &[Turn]) -> f64 {
    let reply = Reply {
        text,
        ended: Ended::Whole,
        at: Timestamp::UNIX_EPOCH,
        usage: Usage::default(),
    };
    let start = Instant::now();
    let harvest = replies::lessons(&reply, episode, turns);
    let single = (
        replies::structured(&reply),
        replies::merged(&reply),
        replies::verdict(&reply),
    );
    let took = start.elapsed().as_secs_f64() * 1e3;
    drop((harvest, single));
    took
}

/// An episode of some 30,000 tokens, as long as a window takes.
fn episode() -> (Episode, Vec<Turn>) {
    let turns: Vec<Turn> = (0..40)
        .map(|number| Turn {
            id: TurnId::new(format!("u{number}")),
            session: SessionId::new("s"),
            parent: None,
            at: Timestamp::UNIX_EPOCH,
            position: number,
            place: Place::default(),
            sidechain: None,
            parts: vec![Part {
                speaker: Speaker::User,
                kind: PartKind::Said,
                text: format!("Always use pnpm here, number {number} of them. ").repeat(65),
            }],
        })
        .collect();
    let session = SessionId::new("s");
    let ids: Vec<TurnId> = turns.iter().map(|turn| turn.id.clone()).collect();
    let episode = Episode {
        id: Episode::name(&session, &ids[0]),
        session,
        project: None,
        place: Place::default(),
        started_at: Timestamp::UNIX_EPOCH,
        turns: ids,
    };
    (episode, turns)
}
