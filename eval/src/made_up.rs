//! Made-up memories and turns in any number, for measuring speed and size alone.
//!
//! Their words follow a long-tailed frequency like a language's, and the same number always makes the
//! same memory or turn.

use domain::{
    Agent, BeliefEvent, Changes, Episode, Evidence, Kind, Lesson, Memory, NewMemory, OwnerId, Part,
    PartKind, Place, ProjectId, Reason, Revision, Scope, Session, SessionId, Speaker, Turn, TurnId,
    Validity, Weight,
};
use jiff::{SignedDuration, Timestamp};

/// How many different words there are; coding transcripts have some thousands.
const VOCABULARY: u64 = 6_000;

/// A source of numbers that depends on its seed alone.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^ (bits >> 31)
    }

    /// Few words come often and many seldom: the cube of an even number does that.
    fn word(&mut self) -> String {
        let even = (self.next() >> 11) as f64 / (1_u64 << 53) as f64;
        let rank = (even.powi(3) * VOCABULARY as f64) as u64;
        spelled(rank)
    }

    fn sentence(&mut self, words: usize) -> String {
        (0..words)
            .map(|_| self.word())
            .collect::<Vec<_>>()
            .join(" ")
    }
}

fn spelled(mut rank: u64) -> String {
    const SYLLABLES: [&str; 16] = [
        "ka", "lo", "mi", "ne", "ru", "sa", "to", "vi", "be", "du", "fo", "ga", "hi", "jo", "pe",
        "zu",
    ];
    let mut word = String::new();
    for _ in 0..4 {
        word.push_str(SYLLABLES[(rank % 16) as usize]);
        rank /= 16;
    }
    word
}

/// Returns a query of three words as memories use them.
pub(crate) fn query(number: u64) -> String {
    Dice(number ^ 0x0051_ca7e).sentence(3)
}

/// Returns a memory with one quote and the belief that it gives.
pub(crate) fn memory(
    number: u64,
    owner: &OwnerId,
    project: &ProjectId,
) -> (NewMemory, BeliefEvent) {
    let mut dice = Dice(number);
    let at = Timestamp::UNIX_EPOCH + SignedDuration::from_secs(1_700_000_000 + number as i64);
    let lesson = Lesson {
        kind: Kind::ALL[(dice.next() % 7) as usize],
        scope: Scope::Project,
        what: dice.sentence(14),
        when: Some(dice.sentence(5)),
        do_: Some(dice.sentence(8)),
        warn: None,
    };
    let turn = TurnId::new(format!("turn-{number}"));
    let id = Memory::name(owner, Some(project), turn.as_str(), &lesson);
    let session = SessionId::new(format!("session-{}", number / 20));
    let evidence = Evidence {
        session: session.clone(),
        turn,
        quote: lesson.what.clone(),
        said_by: Speaker::User,
        at,
        branch: None,
    };
    let belief = BeliefEvent {
        memory: id.clone(),
        at,
        session: Some(session),
        reason: Reason::Evidence,
        weight: Weight::of_witness(Speaker::User),
    };
    let memory = Memory {
        id,
        owner: owner.clone(),
        project: Some(project.clone()),
        lesson,
        domain: "general".to_owned(),
        tags: Vec::new(),
        slot: None,
        asserted_by: Speaker::User,
        pinned: false,
        validity: Validity { from: at, to: None },
        recorded_at: at,
        retired_at: None,
        seen_at: at,
        revision: Revision::FIRST,
    };
    (
        NewMemory {
            memory,
            evidence: vec![evidence],
        },
        belief,
    )
}

/// Returns what reading a transcript of so many turns brings: a session, its turns, and its episodes.
pub(crate) fn reading(number: u64, turns: u64, project: &ProjectId) -> Changes {
    let started_at = Timestamp::UNIX_EPOCH + SignedDuration::from_secs(1_700_000_000);
    let id = SessionId::new(format!("transcript-{number}"));
    let turns: Vec<Turn> = (0..turns)
        .map(|position| turn(&id, number * turns + position, position, started_at))
        .collect();
    // Some twenty turns are one piece of work.
    let episodes = turns.chunks(20).map(|turns| Episode {
        id: Episode::name(&id, &turns[0].id),
        session: id.clone(),
        project: Some(project.clone()),
        place: Place::default(),
        started_at,
        turns: turns.iter().map(|turn| turn.id.clone()).collect(),
    });
    Changes {
        episodes: episodes.collect(),
        sessions: vec![Session {
            id: id.clone(),
            agent: Agent::ClaudeCode,
            project: Some(project.clone()),
            started_at,
            ended_at: started_at,
        }],
        turns,
        ..Changes::at(started_at)
    }
}

/// From one line to a screen full, as many of each.
fn turn(session: &SessionId, number: u64, position: u64, at: Timestamp) -> Turn {
    let words = 15 * (1 + number % 40) as usize;
    Turn {
        id: TurnId::new(format!("read-{number}")),
        session: session.clone(),
        parent: None,
        at,
        position: position as i64,
        place: Place::default(),
        sidechain: None,
        parts: vec![Part {
            speaker: Speaker::Assistant,
            kind: PartKind::Said,
            text: Dice(number ^ 0x7e11).sentence(words),
        }],
    }
}
