//! Looks for lessons in one episode, checks each against its source, and tells new from known.
//!
//! Without a model the rules extractor speaks; what it brings is checked like anything else.

use std::collections::BTreeMap;
use std::path::Path;

use domain::{
    BeliefEvent, Candidate, Changes, Episode, EpisodeId, Evidence, Lesson, Link, LinkKind, Memory,
    MemoryId, NewMemory, OwnerId, Reason, Record, Revision, Scope, Turn, Validity, Weight,
};
use extractors::ground::{self, Ungrounded};
use extractors::project;
use jiff::Timestamp;

use crate::dedupe::{Verdict, judge};
use crate::{Ports, Rules, StepError};

/// Returns what one episode teaches, as changes.
pub(crate) async fn run(
    ports: &Ports<'_>,
    rules: &Rules,
    owner: &OwnerId,
    id: &EpisodeId,
) -> Result<Changes, StepError> {
    let found = ports.library.episode(id).await?;
    let (episode, turns) = found.ok_or_else(|| StepError::NoEpisode(id.clone()))?;
    let mut taught = Taught::new(owner.clone(), &episode, ports.clock.now());
    for candidate in candidates(rules, &episode, &turns) {
        let checked = ground::check(&candidate, &turns);
        let fingerprint = candidate.lesson.fingerprint();
        let known = ports
            .library
            .saying(episode.project.as_ref(), &fingerprint)
            .await?;
        taught.take(candidate, checked.err(), &known);
    }
    Ok(taught.changes)
}

/// Lets the rules speak, and gives each lesson the reach of the place where it was learnt.
fn candidates(rules: &Rules, episode: &Episode, turns: &[Turn]) -> Vec<Candidate> {
    let cwd = episode.place.cwd.as_deref().unwrap_or_default();
    let root = project::locate(Path::new(cwd), rules.ceiling.as_deref()).root;
    let tidy = extractors::rules::candidates(turns)
        .into_iter()
        .filter_map(|candidate| {
            let scope = match candidate.lesson.scope {
                Scope::Project => reach(&candidate.evidence, turns, &root),
                given => given,
            };
            let lesson = Lesson {
                scope,
                ..candidate.lesson
            }
            .tidied()
            .ok()?;
            Some(Candidate {
                lesson,
                ..candidate
            })
        });
    tidy.collect()
}

/// Returns the package that the cited turns touched or were said in, or the whole project.
fn reach(evidence: &[Evidence], turns: &[Turn], root: &Path) -> Scope {
    // "In this repository we use tabs" is about the whole, wherever it was said.
    let whole = [
        "repository",
        "repo",
        "codebase",
        "monorepo",
        "project",
        "everywhere",
    ];
    let names_whole = evidence.iter().any(|quote| {
        let quote = quote.quote.to_lowercase();
        let words: Vec<&str> = quote.split(|c: char| !c.is_alphanumeric()).collect();
        words.iter().any(|word| whole.contains(word))
            || words.windows(2).any(|pair| pair == ["all", "packages"])
    });
    if names_whole {
        return Scope::Project;
    }
    let cited = turns
        .iter()
        .filter(|turn| evidence.iter().any(|quote| quote.turn == turn.id));
    let (mut files, mut folders) = (Vec::new(), Vec::new());
    for turn in cited {
        let cwd = turn.place.cwd.as_deref().unwrap_or_default();
        files.extend(project::touched_files(turn, cwd));
        folders.push(format!("{cwd}/"));
    }
    let places = if files.is_empty() { folders } else { files };
    project::package_scope(&places, root).unwrap_or(Scope::Project)
}

/// What an episode has taught so far.
struct Taught<'a> {
    owner: OwnerId,
    episode: &'a Episode,
    now: Timestamp,
    changes: Changes,
    /// Where in `changes.saved` the memories of this very episode stand.
    new: BTreeMap<String, usize>,
}

impl<'a> Taught<'a> {
    fn new(owner: OwnerId, episode: &'a Episode, now: Timestamp) -> Self {
        Self {
            owner,
            episode,
            now,
            changes: Changes::at(now),
            new: BTreeMap::new(),
        }
    }

    fn take(&mut self, candidate: Candidate, doubt: Option<Ungrounded>, known: &[Record]) {
        match (doubt, judge(known)) {
            (Some(doubt), Verdict::New) if known.is_empty() => {
                let memory = self.save(candidate);
                self.quarantine(memory, &doubt);
            }
            // What is forgotten stays so; a doubt about what is known already is no news.
            (_, Verdict::Forgotten) | (Some(_), _) => {}
            (None, Verdict::Same(record)) => self.support(record, candidate.evidence),
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

    fn quarantine(&mut self, memory: MemoryId, doubt: &Ungrounded) {
        self.changes.links.push(Link {
            from: memory,
            to: None,
            kind: LinkKind::Quarantined,
            at: self.now,
            ended_at: None,
            why: doubt.to_string(),
        });
    }

    /// A memory that we hold gains what this episode says for it; its wording stays.
    fn support(&mut self, record: &Record, evidence: Vec<Evidence>) {
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

#[cfg(test)]
mod tests;
