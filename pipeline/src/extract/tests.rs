//! Holds an episode's lessons to what is known, what is doubted and what is forgotten.

use domain::{
    Belief, Candidate, Changes, Episode, EpisodeId, Evidence, Kind, Lesson, LinkKind, NewMemory,
    OwnerId, Part, PartKind, Place, Record, Scope, Speaker, Standing, Turn, TurnId,
};
use extractors::ground::Ungrounded;
use jiff::Timestamp;

use super::taught::Taught;

fn episode() -> Episode {
    Episode {
        id: EpisodeId::new("e1"),
        session: domain::SessionId::new("s1"),
        project: Some(domain::ProjectId::new("p1")),
        place: Place::default(),
        started_at: Timestamp::UNIX_EPOCH,
        turns: vec![TurnId::new("t1")],
    }
}

fn candidate(turn: &str) -> Candidate {
    let what = "Use pnpm, never npm".to_owned();
    let evidence = Evidence {
        session: domain::SessionId::new("s1"),
        turn: TurnId::new(turn),
        quote: what.clone(),
        said_by: Speaker::User,
        at: Timestamp::UNIX_EPOCH,
        branch: None,
    };
    let (kind, scope) = (Kind::Preference, Scope::Project);
    let lesson = Lesson {
        kind,
        scope,
        what,
        when: None,
        do_: None,
        warn: None,
    };
    let domain = "general".to_owned();
    Candidate {
        lesson,
        domain,
        slot: None,
        asserted_by: Speaker::User,
        evidence: vec![evidence],
    }
}

/// A turn in which the user lays it down, and then the assistant and a page say it too.
fn turn(id: &str) -> Turn {
    let said = |speaker| Part {
        speaker,
        kind: PartKind::Said,
        text: "Use pnpm, never npm".to_owned(),
    };
    let speakers = [Speaker::User, Speaker::Assistant, Speaker::Outside];
    Turn {
        id: TurnId::new(id),
        session: domain::SessionId::new("s1"),
        parent: None,
        at: Timestamp::UNIX_EPOCH,
        position: 0,
        place: Place::default(),
        sidechain: None,
        parts: speakers.map(said).to_vec(),
    }
}

/// Returns what is written when this comes out of an episode and that is known.
fn taught(candidates: Vec<(Candidate, Option<Ungrounded>)>, known: &[Record]) -> Changes {
    let episode = episode();
    let turns = ["t0", "t1", "t2"].map(turn);
    let at = Timestamp::UNIX_EPOCH;
    let mut taught = Taught::new(OwnerId::new("me"), (&episode, &turns), at);
    for (candidate, doubt) in candidates {
        taught.take(candidate, doubt.map(|doubt| doubt.to_string()), known);
    }
    taught.changes
}

fn known(standing: Standing) -> Vec<Record> {
    let saved = taught(vec![(candidate("t0"), None)], &[]).saved.remove(0);
    let NewMemory { memory, evidence } = saved;
    vec![Record {
        memory,
        evidence,
        belief: Belief::default(),
        standing,
    }]
}

#[test]
fn what_cannot_be_grounded_is_quarantined_with_its_reason_and_believed_by_nobody() {
    let changes = taught(vec![(candidate("t1"), Some(Ungrounded::NoEvidence))], &[]);
    assert_eq!(changes.saved.len(), 1);
    assert_eq!(changes.links[0].kind, LinkKind::Quarantined);
    assert_eq!(changes.links[0].why, Ungrounded::NoEvidence.to_string());
    assert_eq!(changes.beliefs, Vec::new());
    let again = taught(
        vec![(candidate("t1"), Some(Ungrounded::NoEvidence))],
        &known(Standing::Quarantined),
    );
    assert_eq!(again, Changes::at(Timestamp::UNIX_EPOCH));
}

#[test]
fn what_is_forgotten_leaves_no_trace() {
    let changes = taught(vec![(candidate("t1"), None)], &known(Standing::Forgotten));
    assert_eq!(changes, Changes::at(Timestamp::UNIX_EPOCH));
}

#[test]
fn what_is_held_gains_evidence_once_and_keeps_its_wording() {
    let held = known(Standing::Active);
    let changes = taught(vec![(candidate("t1"), None)], &held);
    assert_eq!(changes.saved, Vec::new());
    assert_eq!(changes.evidence.len(), 1);
    assert_eq!(changes.beliefs.len(), 1);
    let again = taught(vec![(candidate("t0"), None)], &held);
    assert_eq!(
        again,
        Changes::at(Timestamp::UNIX_EPOCH),
        "the same quote is no news"
    );
}

#[test]
fn who_may_not_lay_it_down_neither_strengthens_it_nor_keeps_it_fresh() {
    let held = known(Standing::Active);
    for speaker in [Speaker::Assistant, Speaker::Outside] {
        let mut again = candidate("t1");
        again.asserted_by = speaker;
        again.evidence[0].said_by = speaker;
        again.evidence[0].at = "2026-05-01T10:00:00Z".parse().expect("a time");
        let changes = taught(vec![(again, None)], &held);
        assert_eq!(changes, Changes::at(Timestamp::UNIX_EPOCH), "{speaker:?}");
    }
}

#[test]
fn the_same_words_twice_in_one_episode_are_one_memory() {
    let changes = taught(vec![(candidate("t1"), None), (candidate("t2"), None)], &[]);
    assert_eq!(changes.saved.len(), 1);
    assert_eq!(changes.saved[0].evidence.len(), 2);
}
