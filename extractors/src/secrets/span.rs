//! Where a secret stands in a text, and how two finds that overlap become one.
//!
//! Knows nothing of what a secret looks like.

/// What every mark begins with; a find that contains it was redacted before.
pub(super) const MARK: &str = "[redacted:";

/// How much a find says about what it found; of two that overlap the higher names the kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Rank {
    /// The name beside the value said so.
    Named,
    /// The place said so: a header, a URL, a command line.
    Placed,
    /// The secret's own form said so.
    Formed,
}

/// One secret: a byte range on character boundaries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) kind: &'static str,
    pub(super) rank: Rank,
}

/// Returns the finds in order, with those that overlap joined under the most telling kind.
pub(super) fn join(mut spans: Vec<Span>) -> Vec<Span> {
    spans.sort_by_key(|span| (span.start, span.end));
    let mut joined: Vec<Span> = Vec::with_capacity(spans.len());
    for span in spans {
        match joined.last_mut() {
            Some(last) if span.start < last.end => absorb(last, span),
            _ => joined.push(span),
        }
    }
    joined
}

fn absorb(last: &mut Span, span: Span) {
    last.end = last.end.max(span.end);
    if span.rank > last.rank {
        last.kind = span.kind;
        last.rank = span.rank;
    }
}
