//! Holds the extractor to the stored labels, and says how precise and how complete it is on them.
//!
//! A label is never changed to suit the extractor; `README.md` beside the data says how they came.

use domain::Speaker;
use extractors::ground;
use extractors::rules::{candidates, rules_in};
use serde::Deserialize;

use crate::talk::said;

const DEV: &str = include_str!("../data/rules/dev.jsonl");
const HELDOUT: &str = include_str!("../data/rules/heldout.jsonl");
const WRITTEN: &str = include_str!("../data/rules/written.jsonl");

#[derive(Deserialize)]
struct Label {
    text: String,
    label: String,
    /// Whether the extractor found it when the label was stored.
    found: bool,
}

impl Label {
    fn is_rule(&self) -> bool {
        self.label == "rule"
    }

    fn is_found(&self) -> bool {
        !rules_in(&self.text).is_empty()
    }
}

fn labels(file: &str) -> Vec<Label> {
    let lines = file.lines();
    lines
        .map(|line| serde_json::from_str(line).expect("a stored label"))
        .collect()
}

fn all() -> Vec<Label> {
    [DEV, HELDOUT, WRITTEN]
        .into_iter()
        .flat_map(labels)
        .collect()
}

/// How often a find is a rule, and how often a rule is found, in whole per cent.
#[derive(Debug, PartialEq, Eq)]
struct Score {
    precision: usize,
    recall: usize,
}

fn score(file: &str) -> Score {
    let labels = labels(file);
    let rules = labels.iter().filter(|label| label.is_rule()).count();
    let finds: Vec<&Label> = labels.iter().filter(|label| label.is_found()).collect();
    let right = finds.iter().filter(|label| label.is_rule()).count();
    Score {
        precision: right * 100 / finds.len(),
        recall: right * 100 / rules,
    }
}

#[test]
fn no_sentence_that_is_labelled_as_no_rule_is_taken_for_one() {
    let labels = all();
    let wrong = labels
        .iter()
        .filter(|label| !label.is_rule() && label.is_found());
    let wrong: Vec<&str> = wrong.map(|label| label.text.as_str()).collect();
    assert_eq!(wrong, Vec::<&str>::new());
}

#[test]
fn a_rule_that_was_found_once_is_still_found() {
    let labels = all();
    let lost = labels
        .iter()
        .filter(|label| label.is_rule() && label.found && !label.is_found());
    let lost: Vec<&str> = lost.map(|label| label.text.as_str()).collect();
    assert_eq!(lost, Vec::<&str>::new());
}

#[test]
fn every_rule_that_is_found_stands_on_its_quote() {
    for label in all() {
        let turns = [said(Speaker::User, &label.text)];
        for candidate in candidates(&turns) {
            assert_eq!(ground::check(&candidate, &turns), Ok(()), "{}", label.text);
        }
    }
}

#[test]
fn the_labels_hold_enough_that_looks_like_a_rule_and_is_none() {
    let real = [DEV, HELDOUT].into_iter().flat_map(labels);
    assert!(real.filter(|label| !label.is_rule()).count() >= 60);
    assert!(
        labels(WRITTEN)
            .iter()
            .filter(|label| !label.is_rule())
            .count()
            >= 60
    );
}

/// The figures that `docs/BENCHMARKS.md` may quote. Precision is bought with recall, on purpose.
#[test]
fn precision_and_recall_on_the_labels_are_what_they_were() {
    assert_eq!(
        score(DEV),
        Score {
            precision: 100,
            recall: 37
        }
    );
    assert_eq!(
        score(HELDOUT),
        Score {
            precision: 100,
            recall: 20
        }
    );
    assert_eq!(
        score(WRITTEN),
        Score {
            precision: 100,
            recall: 96
        }
    );
}
