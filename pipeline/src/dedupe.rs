//! Decides whether a candidate is new or something we already know.
//!
//! Pure: no store, no clock, no model. The caller brings what is known in just these words.

use domain::{Record, Standing};

/// What a candidate turns out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict<'a> {
    /// Nothing we know says this.
    New,
    /// We hold it: it gains evidence.
    Same(&'a Record),
    /// A person hid it for good: nothing is written.
    Forgotten,
}

/// Judges a candidate against the memories of every standing that say just these words.
///
/// A forgotten one keeps the words out for good, whatever else says them. One in quarantine does
/// not count as known: what could not be grounded then may be grounded now.
pub fn judge(known: &[Record]) -> Verdict<'_> {
    if known
        .iter()
        .any(|record| record.standing == Standing::Forgotten)
    {
        return Verdict::Forgotten;
    }
    let trusted = known
        .iter()
        .filter(|record| record.standing != Standing::Quarantined);
    // The least standing is the one nearest to active; among equals the oldest speaks.
    let best = trusted.min_by_key(|record| {
        (
            record.standing,
            record.memory.recorded_at,
            record.memory.id.clone(),
        )
    });
    best.map_or(Verdict::New, Verdict::Same)
}
