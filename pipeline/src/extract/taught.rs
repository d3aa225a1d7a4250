//! What an episode has taught, as changes: new memories, support for known ones, quarantine.
//!
//! Tells new from known; what is forgotten stays so.

use std::collections::BTreeMap;

use domain::{
    BeliefEvent, Candidate, Changes, Episode, Evidence, Link, LinkKind, Memory, MemoryId,
    NewMemory, OwnerId, Reason, Record, Revision, Scope, Turn, Validity, Weight,
};
use extractors::trust;
use jiff::Timestamp;

use crate::dedupe::{Verdict, judge};

/// What an episode has taught so far.
pub(super) struct Taught<'a> {
    owner: OwnerId,
    episode: &'a Episode,
    turns: &'a [Turn],
    now: Timestamp,
    pub(super) changes: Changes,
    /// Where in `changes.saved` the memories of this very episode stand.
    new: BTreeMap<String, usize>,
}

impl<'a> Taught<'a> {
    pub(super) fn new(
        owner: OwnerId,
        (episode, turns): (&'a Episode, &'a [Turn]),
        now: Timestamp,
    ) -> Self {
        Self {
            owner,
            episode,
            turns,
            now,
            changes: Changes::at(now),
            new: BTreeMap::new(),
        }
    }

    pub(super) fn take(&mut self, candidate: Candidate, doubt: Option<String>, known: &[Record]) {
        match (doubt, judge(known)) {
            (Some(doubt), Verdict::New) if known.is_empty() => {
                let memory = self.save(candidate);
                self.quarantine(memory, doubt);
            }
            // What is forgotten stays so; a doubt about what is known already is no news.
            (_, Verdict::Forgotten) | (Some(_), _) => {}
            (None, Verdict::Same(record)) => {
                // Whoever was shown a memory, or read it in a page, may say the same again without
                // knowing more: that neither strengthens it nor keeps it fresh.
                let counts = |quote: &Evidence| trust::bears_out(quote, self.turns);
                let evidence = candidate.evidence.into_iter().filter(counts).collect();
                self.support(record, evidence);
            }
            (None, Verdict::New) => self.save_or_fold(candidate),
        }
    }

    /// The same words twice in one episode are one memory with both quotes.
    fn save_or_fold(&mut self, candidate: Candidate) {
        let fingerprint = candidate.lesson.fingerprint();
        let evidence = candidate.evidence.clone();
        let id = match self.new.get(&fingerprint) {
            Some(&index) => {
                let saved = &mut self.changes.saved[index];
                saved.evidence.extend(candidate.evidence);
                saved.memory.id.clone()
            }
            None => {
                self.new.insert(fingerprint, self.changes.saved.len());
                self.save(candidate)
            }
        };
        self.believe(&id, &evidence);
    }

    fn save(&mut self, candidate: Candidate) -> MemoryId {
        let Candidate {
            lesson,
            domain,
            slot,
            asserted_by,
            evidence,
        } = candidate;
        let first = evidence
            .iter()
            .map(|quote| quote.at)
            .min()
            .unwrap_or(self.now);
        let last = evidence
            .iter()
            .map(|quote| quote.at)
            .max()
            .unwrap_or(self.now);
        let turn = evidence.first().map_or("", |quote| quote.turn.as_str());
        let project = match lesson.scope {
            Scope::User => None,
            Scope::Project | Scope::Path(_) => self.episode.project.clone(),
        };
        let id = Memory::name(&self.owner, project.as_ref(), turn, &lesson);
        let memory = Memory {
            id: id.clone(),
            owner: self.owner.clone(),
            project,
            lesson,
            domain,
            slot,
            tags: Vec::new(),
            asserted_by,
            pinned: false,
            validity: Validity {
                from: first,
                to: None,
            },
            recorded_at: self.now,
            retired_at: None,
            seen_at: last,
            revision: Revision::FIRST,
        };
        self.changes.saved.push(NewMemory { memory, evidence });
        id
    }

    fn quarantine(&mut self, memory: MemoryId, why: String) {
        self.changes.links.push(Link {
            from: memory,
            to: None,
            kind: LinkKind::Quarantined,
            at: self.now,
            ended_at: None,
            why,
        });
    }

    /// A memory that we hold gains what this episode says for it; its wording stays.
    pub(super) fn support(&mut self, record: &Record, evidence: Vec<Evidence>) {
        let id = &record.memory.id;
        let fresh: Vec<Evidence> = evidence
            .into_iter()
            .filter(|quote| !record.evidence.contains(quote))
            .collect();
        let Some(last) = fresh.iter().map(|quote| quote.at).max() else {
            return;
        };
        self.believe(id, &fresh);
        let gained = fresh.into_iter().map(|quote| (id.clone(), quote));
        self.changes.evidence.extend(gained);
        let waiting = self.changes.updated.iter().any(|memory| memory.id == *id);
        if last > record.memory.seen_at && !waiting {
            self.changes.read.push((id.clone(), record.memory.revision));
            let revision = record.memory.revision.next();
            self.changes.updated.push(Memory {
                seen_at: last,
                revision,
                ..record.memory.clone()
            });
        }
    }

    fn believe(&mut self, memory: &MemoryId, evidence: &[Evidence]) {
        let events = evidence.iter().map(|quote| BeliefEvent {
            memory: memory.clone(),
            at: quote.at,
            session: Some(quote.session.clone()),
            reason: Reason::Evidence,
            weight: Weight::of_witness(quote.said_by),
        });
        self.changes.beliefs.extend(events);
    }
}
