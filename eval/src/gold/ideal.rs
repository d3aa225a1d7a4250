//! Writes the reply that an ideal model would give: the label's words, with quotes of its lines.
//!
//! Such a reply tests what stands behind the model; it says nothing about any model.

use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;

use domain::{Ended, Episode, Part, Reply, Speaker, Turn, TurnId, Usage, words};
use extractors::replies::{MAX_EVIDENCE, MAX_LESSONS};
use jiff::Timestamp;

use super::{Claim, Quoted};

/// Which claim is told of which episode, with which quotes.
pub(crate) struct Plan<'a> {
    pub(crate) claim: &'a Claim,
    /// What it says, without the sentences whose figures stand in none of the quoted turns: who reads
    /// one episode cannot know what was counted in another.
    pub(crate) what: String,
    does: String,
    warn: String,
    /// The place of the episode in the list.
    pub(crate) episode: usize,
    quotes: Vec<&'a Quoted>,
}

impl<'a> Plan<'a> {
    pub(crate) fn new(
        claim: &'a Claim,
        episode: usize,
        quotes: Vec<&'a Quoted>,
        turns: &HashMap<&TurnId, &Turn>,
    ) -> Self {
        let quoted = quotes.iter().filter_map(|quote| turns.get(&quote.turn));
        let quoted: HashSet<String> = quoted
            .flat_map(|turn| words::tokens(&turn.quotable()))
            .collect();
        let borne_out = |text: &str| borne_out(text, &quoted);
        Self {
            what: borne_out(&claim.what),
            does: borne_out(&claim.does),
            warn: borne_out(&claim.warn),
            claim,
            episode,
            quotes,
        }
    }
}

/// Returns the sentences of a text whose figures are all among these words; the whole text, if there
/// are none.
fn borne_out(text: &str, words: &HashSet<String>) -> String {
    let stands = |sentence: &&str| {
        let tokens = words::tokens(sentence);
        let mut figures = tokens.iter().filter(|token| is_figure(token));
        figures.all(|figure| words.contains(figure))
    };
    let sentences = text.split_inclusive("; ");
    let sentences = sentences.flat_map(|half| half.split_inclusive(". "));
    let kept: String = sentences.filter(stands).collect();
    let kept = kept.trim().trim_end_matches(';');
    match kept.is_empty() {
        true => text.to_owned(),
        false => kept.to_owned(),
    }
}

fn is_figure(word: &str) -> bool {
    word.chars().any(|letter| letter.is_ascii_digit())
}

/// Gives each claim the episode whose turns tell most of it, three claims to an episode at the most.
///
/// A claim makes room for another where it can be told elsewhere. One whose every episode is full of
/// claims that cannot, or that no episode holds, is not told.
pub(crate) fn plan<'a>(
    claims: impl IntoIterator<Item = &'a Claim>,
    episodes: &[Episode],
    turns: &[Turn],
) -> (Vec<Plan<'a>>, Vec<&'a Claim>) {
    let turns: HashMap<&TurnId, &Turn> = turns.iter().map(|turn| (&turn.id, turn)).collect();
    let claims: Vec<&Claim> = claims.into_iter().collect();
    let choices: Vec<Vec<Choice<'a>>> = claims
        .iter()
        .map(|claim| choices(claim, episodes, &turns))
        .collect();
    let mut seats = Seats::new(&choices, episodes.len());
    let seated: Vec<bool> = (0..claims.len())
        .map(|claim| seats.find(claim, &mut HashSet::new()))
        .collect();
    let mut plans = Vec::new();
    for (episode, tellers) in seats.taken.iter().enumerate() {
        for at in tellers {
            let choice = choices[*at].iter().find(|choice| choice.episode == episode);
            let quotes = choice.map(|choice| choice.quotes.clone());
            plans.extend(quotes.map(|quotes| Plan::new(claims[*at], episode, quotes, &turns)));
        }
    }
    let untold = claims.into_iter().zip(seated);
    let untold = untold.filter(|(_, seated)| !seated).map(|(claim, _)| claim);
    (plans, untold.collect())
}

/// An episode in which a claim can be told, with the quotes that tell it.
struct Choice<'a> {
    episode: usize,
    quotes: Vec<&'a Quoted>,
}

/// Returns where a claim can be told, the best place first; of equals the first.
fn choices<'a>(
    claim: &'a Claim,
    episodes: &[Episode],
    turns: &HashMap<&TurnId, &Turn>,
) -> Vec<Choice<'a>> {
    let chosen = episodes.iter().map(|episode| choose(claim, episode, turns));
    let mut chosen: Vec<_> = chosen
        .enumerate()
        .filter(|(_, (_, quotes))| !quotes.is_empty())
        .collect();
    chosen.sort_by_key(|(_, (told, _))| std::cmp::Reverse(*told));
    let choice = |(episode, (_, quotes))| Choice { episode, quotes };
    chosen.into_iter().map(choice).collect()
}

/// Which claims are told in which episode.
struct Seats<'c, 'a> {
    choices: &'c [Vec<Choice<'a>>],
    taken: Vec<Vec<usize>>,
}

impl<'c, 'a> Seats<'c, 'a> {
    fn new(choices: &'c [Vec<Choice<'a>>], episodes: usize) -> Self {
        Self {
            choices,
            taken: vec![Vec::new(); episodes],
        }
    }

    /// Finds an episode for a claim; who has a seat there moves on, if it can be told elsewhere.
    fn find(&mut self, claim: usize, asked: &mut HashSet<usize>) -> bool {
        for choice in &self.choices[claim] {
            let episode = choice.episode;
            if self.taken[episode].len() < MAX_LESSONS {
                self.taken[episode].push(claim);
                return true;
            }
            if !asked.insert(episode) {
                continue;
            }
            for place in 0..MAX_LESSONS {
                let other = self.taken[episode][place];
                if self.find(other, asked) {
                    self.taken[episode][place] = claim;
                    return true;
                }
            }
        }
        false
    }
}

/// Returns how many episodes hold a line of a claim.
pub(crate) fn tellers(claim: &Claim, episodes: &[Episode]) -> usize {
    let quoted = |id: &TurnId| claim.quotes.iter().any(|quote| quote.turn == *id);
    episodes
        .iter()
        .filter(|episode| episode.turns.iter().any(quoted))
        .count()
}

/// Chooses the three turns that together hold most of the claim's words; one in which a person speaks
/// is among them where there is one, else one of the assistant's: an ideal reply quotes who decided.
///
/// How well an episode tells a claim is how many of its figures stand in those turns, for a figure must
/// be quoted; then how many of its words stand in the episode at all, and then how many in those turns;
/// nothing, when none of the claim's lines is in it.
fn choose<'a>(
    claim: &'a Claim,
    episode: &Episode,
    turns: &HashMap<&TurnId, &Turn>,
) -> ((usize, usize, usize), Vec<&'a Quoted>) {
    let text = [&claim.what, &claim.does, &claim.warn].map(String::as_str);
    let wanted: HashSet<String> = words::tokens(&text.join("\n")).into_iter().collect();
    let held = |id: &TurnId| -> HashSet<String> {
        let text = turns.get(id).map(|turn| turn.quotable());
        let said = words::tokens(&text.unwrap_or_default());
        said.into_iter()
            .filter(|token| wanted.contains(token))
            .collect()
    };
    let inside = claim.quotes.iter().enumerate();
    let inside = inside.filter(|(_, quote)| episode.turns.contains(&quote.turn));
    let mut left: Vec<(usize, &Quoted, HashSet<String>)> = inside
        .map(|(at, quote)| (at, quote, held(&quote.turn)))
        .collect();
    let (mut chosen, mut known) = (Vec::new(), HashSet::new());
    // What rests on the context alone was told of the episode before.
    let is_new = |quote: &Quoted| !episode.context().contains(&quote.turn);
    if !left.iter().any(|(_, quote, _)| is_new(quote)) {
        return ((0, 0, 0), Vec::new());
    }
    let best_speaker = left
        .iter()
        .filter_map(|(_, quote, _)| rank(turns.get(&quote.turn)?))
        .min();
    while chosen.len() < MAX_EVIDENCE {
        let speaks =
            |at: usize| turns.get(&left[at].1.turn).and_then(|turn| rank(turn)) == best_speaker;
        let may = |at: &usize| !chosen.is_empty() || speaks(*at);
        let best = (0..left.len())
            .rev()
            .filter(may)
            .max_by_key(|at| gain(&left[*at].2, &known));
        let wanted = |at: &usize| chosen.is_empty() || gain(&left[*at].2, &known).1 > 0;
        let Some(best) = best.filter(wanted) else {
            break;
        };
        let (at, quote, held) = left.remove(best);
        known.extend(held);
        chosen.push((at, quote));
    }
    if chosen.is_empty() {
        return ((0, 0, 0), Vec::new());
    }
    if !chosen.iter().any(|(_, quote)| is_new(quote)) {
        let new = left.into_iter().find(|(_, quote, _)| is_new(quote));
        chosen.pop();
        chosen.extend(new.map(|(at, quote, _)| (at, quote)));
    }
    let whole: HashSet<String> = episode.turns.iter().flat_map(held).collect();
    chosen.sort_by_key(|(at, _)| *at);
    let quotes = chosen.into_iter().map(|(_, quote)| quote).collect();
    ((figures(&known), whole.len(), known.len()), quotes)
}

/// Returns how many figures, and how many words, these add to what is known.
fn gain(held: &HashSet<String>, known: &HashSet<String>) -> (usize, usize) {
    let new: HashSet<&String> = held.difference(known).collect();
    (figures(new.iter().copied()), new.len())
}

/// Returns how many of these words have a digit in them.
fn figures<'t>(words: impl IntoIterator<Item = &'t String>) -> usize {
    words.into_iter().filter(|word| is_figure(word)).count()
}

/// Returns how much whoever speaks in a turn may say: a person most.
fn rank(turn: &Turn) -> Option<u8> {
    let rank = |part: &Part| match part.speaker {
        Speaker::User => 0,
        Speaker::Assistant => 1,
        _ => 2,
    };
    turn.parts.iter().map(rank).min()
}

/// Returns the reply that tells these claims of an episode; nothing, if there are none.
pub(crate) fn reply(plans: &[&Plan<'_>], episode: &Episode, turns: &[Turn]) -> Reply {
    let mut text = String::from("<memories>\n");
    for plan in plans {
        memory(&mut text, plan, episode, turns);
    }
    text.push_str("</memories>\n");
    if plans.is_empty() {
        "<none/>".clone_into(&mut text);
    }
    Reply {
        text,
        ended: Ended::Whole,
        at: Timestamp::UNIX_EPOCH,
        usage: Usage::default(),
    }
}

fn memory(out: &mut String, plan: &Plan<'_>, episode: &Episode, turns: &[Turn]) {
    let Claim { kind, scope, .. } = plan.claim;
    let quoted = |turn: &&Turn| plan.quotes.iter().any(|quote| quote.turn == turn.id);
    let by_user = |turn: &Turn| turn.parts.iter().any(|part| part.speaker == Speaker::User);
    let by = match turns.iter().filter(quoted).any(by_user) {
        true => "user",
        false => "assistant",
    };
    // Writing into a text cannot fail.
    let _ = writeln!(
        out,
        r#"  <memory kind="{kind}" domain="general" scope="{scope}" asserted_by="{by}">"#
    );
    let claim = plan.claim;
    let fields = [
        ("what", &plan.what),
        ("when", &claim.when),
        ("do", &plan.does),
        ("warn", &plan.warn),
    ];
    for (name, text) in fields.into_iter().filter(|(_, text)| !text.is_empty()) {
        let _ = writeln!(out, "    <{name}>{}</{name}>", escaped(text));
    }
    for quote in &plan.quotes {
        let place = episode.turns.iter().position(|id| *id == quote.turn);
        let number = place.map_or(0, |place| place + 1);
        let words = escaped(&quote.words);
        let _ = writeln!(out, r#"    <evidence turn="t{number}">{words}</evidence>"#);
    }
    out.push_str("  </memory>\n");
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_whose_figure_was_counted_elsewhere_is_not_told() {
        let words = ["465", "8"].map(str::to_owned).into();
        let text = "It made 465 commits in 8 minutes. A gc brought 29 packs to 2; all is well";
        assert_eq!(
            borne_out(text, &words),
            "It made 465 commits in 8 minutes. all is well"
        );
        assert_eq!(borne_out("29 packs", &words), "29 packs");
    }
}
