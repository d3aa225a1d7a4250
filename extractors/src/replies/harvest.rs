//! Gathers what a reply's drafts come to: lessons, supports, and what had to be left out.
//!
//! It must not drop anything in silence.

use domain::{Candidate, Evidence, Scope, Speaker};

use super::claim::{self, Written};
use super::draft::Draft;
use super::fault::{Fault, Problem, short};
use super::names::Name;
use super::witness::{self, Witness};
use super::{Harvest, MAX_EVIDENCE, MAX_LESSONS, MAX_SUPPORTS, Support, save, sense};

impl Harvest {
    /// Takes a memory in, or says why not.
    pub(super) fn memory(&mut self, item: &str, draft: &Draft, witness: &Witness<'_>) {
        if let Err(fault) = self.try_memory(item, draft, witness) {
            self.problems.push(Problem::of(item, fault));
        }
    }

    fn try_memory(
        &mut self,
        item: &str,
        draft: &Draft,
        witness: &Witness<'_>,
    ) -> Result<(), Fault> {
        let (written, fault) = claim::written(draft)?;
        let print = written.lesson.fingerprint();
        let same = self
            .candidates
            .iter()
            .position(|known| known.lesson.fingerprint() == print);
        if same.is_none() && self.candidates.len() == MAX_LESSONS {
            return Err(Fault::TooMany);
        }
        let (evidence, found) = self.evidence(item, draft, witness);
        if let Some(index) = same {
            add(&mut self.candidates[index].evidence, evidence);
            return Err(Fault::Repeated);
        }
        if evidence.is_empty() {
            return Err(Fault::NoEvidence);
        }
        if let Some(fault) = fault {
            self.problems.push(Problem::of(item, fault));
        }
        let claim = draft.text(Name::AssertedBy).and_then(sense::speaker);
        let candidate = candidate(written, witness::asserted(claim, &found), evidence);
        self.candidates.push(candidate);
        Ok(())
    }

    /// Takes a support in, or says why not.
    pub(super) fn support(&mut self, item: &str, draft: &Draft, witness: &Witness<'_>) {
        if let Err(fault) = self.try_support(item, draft, witness) {
            self.problems.push(Problem::of(item, fault));
        }
    }

    fn try_support(
        &mut self,
        item: &str,
        draft: &Draft,
        witness: &Witness<'_>,
    ) -> Result<(), Fault> {
        let memory = save::memory_id(draft.text(Name::Id).unwrap_or_default())?;
        let same = self
            .supports
            .iter()
            .position(|known| known.memory == memory);
        if same.is_none() && self.supports.len() == MAX_SUPPORTS {
            return Err(Fault::TooMany);
        }
        let mut evidence = Vec::new();
        for seen in self.look_up(item, draft, witness) {
            let Evidence { quote, turn, .. } = &seen.evidence;
            if seen.is_said {
                evidence.push(seen.evidence);
            } else {
                let fault = Fault::NotSaid(short(quote), turn.to_string());
                self.problems.push(Problem::of(item, fault));
            }
        }
        match same {
            _ if evidence.is_empty() => return Err(Fault::NoEvidence),
            Some(index) => add(&mut self.supports[index].evidence, evidence),
            None => self.supports.push(Support { memory, evidence }),
        }
        Ok(())
    }

    /// Returns a draft's evidence, and who was found to have said it.
    fn evidence(
        &mut self,
        item: &str,
        draft: &Draft,
        witness: &Witness<'_>,
    ) -> (Vec<Evidence>, Vec<Speaker>) {
        let seen = self.look_up(item, draft, witness);
        let said = seen.iter().filter(|seen| seen.is_said);
        let found = said.map(|seen| seen.evidence.said_by).collect();
        let mut evidence = Vec::new();
        add(
            &mut evidence,
            seen.into_iter().map(|seen| seen.evidence).collect(),
        );
        (evidence, found)
    }

    fn look_up(&mut self, item: &str, draft: &Draft, witness: &Witness<'_>) -> Vec<witness::Seen> {
        let mut seen = Vec::new();
        for (index, field) in draft.all(Name::Evidence).enumerate() {
            if index == MAX_EVIDENCE {
                self.problems.push(Problem::of(item, Fault::ManyQuotes));
                break;
            }
            match witness.look_up(field) {
                Ok(found) => seen.push(found),
                Err(fault) => self.problems.push(Problem::of(item, fault)),
            }
        }
        seen
    }
}

/// Adds quotes that are not there yet.
fn add(known: &mut Vec<Evidence>, more: Vec<Evidence>) {
    for evidence in more {
        if !known.contains(&evidence) {
            known.push(evidence);
        }
    }
}

fn candidate(written: Written, asserted_by: Speaker, evidence: Vec<Evidence>) -> Candidate {
    let mut lesson = written.lesson;
    // Only the user's own words reach beyond the project in which they were said.
    if lesson.scope == Scope::User && asserted_by != Speaker::User {
        lesson.scope = Scope::Project;
    }
    Candidate {
        lesson,
        domain: written.domain,
        slot: written.slot,
        asserted_by,
        evidence,
    }
}
