//! BM25 over a handful of candidates, with the frequencies of what the reader may see.
//!
//! Pure: the same candidates and the same census rank alike on either engine.

use domain::{Census, words};

// The usual constants; eval/recall has not yet been asked for better ones.
const K1: f64 = 1.2;
const B: f64 = 0.75;

/// A query's terms with what each is worth.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Terms {
    /// Rarest first.
    pub(crate) weighed: Vec<(String, f64)>,
    mean_tokens: f64,
}

/// Returns what a term is worth that stands in so many of these documents: rare ones are worth more.
pub(crate) fn worth(documents: u64, holding: u64) -> f64 {
    let (documents, holding) = (documents as f64, holding as f64);
    (1.0 + (documents - holding + 0.5).max(0.0) / (holding + 0.5)).ln()
}

impl Terms {
    /// Keeps the rarest terms that stand anywhere at all, each with its worth.
    pub(crate) fn weigh(terms: Vec<String>, census: &Census, most: usize) -> Self {
        let mut weighed: Vec<(String, f64)> = terms
            .into_iter()
            .zip(&census.holding)
            .filter(|(_, holding)| **holding > 0)
            .map(|(term, holding)| (term, worth(census.documents, *holding)))
            .collect();
        weighed.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        weighed.truncate(most);
        Self {
            weighed,
            mean_tokens: census.mean_tokens.max(1.0),
        }
    }

    /// Scores a text: the sum, and the part of each term that it holds.
    pub(crate) fn score(&self, text: &str) -> (f64, Vec<(String, f64)>) {
        // A handful of terms are sooner compared with each token than all tokens put into a map.
        let (mut length, mut counts) = (0.0, vec![0.0; self.weighed.len()]);
        words::each_token(text, |token| {
            length += 1.0;
            if let Some(place) = self.weighed.iter().position(|(term, _)| term == token) {
                counts[place] += 1.0;
            }
        });
        let parts: Vec<(String, f64)> = self
            .weighed
            .iter()
            .zip(counts)
            .filter(|(_, count)| *count > 0.0)
            .map(|((term, worth), count)| {
                let damped = count + K1 * (1.0 - B + B * length / self.mean_tokens);
                (term.clone(), worth * count * (K1 + 1.0) / damped)
            })
            .collect();
        (parts.iter().map(|(_, part)| part).sum(), parts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn terms(holding: &[u64]) -> Terms {
        let names = ["pnpm", "install", "the"].map(str::to_owned).to_vec();
        let census = Census {
            documents: 100,
            mean_tokens: 8.0,
            holding: holding.to_vec(),
        };
        Terms::weigh(names, &census, 2)
    }

    #[test]
    fn the_rarest_terms_are_kept_and_weigh_most() {
        let terms = terms(&[2, 10, 90]);
        assert_eq!(terms.weighed.len(), 2);
        assert_eq!(terms.weighed[0].0, "pnpm");
        assert!(terms.weighed[0].1 > terms.weighed[1].1);
    }

    #[test]
    fn a_term_that_stands_nowhere_asks_for_nothing() {
        assert!(terms(&[0, 0, 0]).weighed.is_empty());
    }

    #[test]
    fn a_short_text_with_the_rare_word_wins() {
        let terms = terms(&[2, 10, 90]);
        let short = terms.score("use pnpm here").0;
        let long = terms.score(&format!("pnpm {}", "and so on ".repeat(20))).0;
        let other = terms.score("install it").0;
        assert!(short > long && short > other, "{short} {long} {other}");
        assert_eq!(terms.score("nothing of it").0, 0.0);
    }
}
