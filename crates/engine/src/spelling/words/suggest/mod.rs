//! Suggestions: the likeliest right spellings of a misspelt word. Knows vocabularies, not texts; total and bounded.
//!
//! A noisy channel: each candidate scores its frequency less the weighted cost of the slips that lead from it to the word as
//! typed. Two tiers are searched: the common words with frequencies, first nearby and then as far as a frequent word could
//! still win; then supplements and full lexicons, only as far as a rare word could still enter the list. Hunspell and its
//! heirs try fixed lists of edits in a fixed order instead, without frequencies.
//!
//! Costs are per pair of characters: accents are nearly free; keyboard neighbours, doubled letters, swaps and
//! respellings that sound similar are cheap. The search walks the automata depth first with one row of the distance
//! table a node, and leaves a branch when nothing below it could still enter the list. One word takes at most 40,000
//! steps (about 5 ms), one text 400,000; beyond that the report says `incomplete`. The checker remembers the
//! suggestions of 2,000 recent misspellings a language, as people repeat theirs.
//!
//! Names need to know only whether anything frequent is near a word; `words/neighbours.rs` answers that without a
//! search.

mod alphabet;
mod costs;
mod parts;
mod query;
mod rank;
mod search;
mod sounds;
#[cfg(test)]
mod tests;
mod varieties;
mod weights;

use std::sync::{Arc, LazyLock};

pub(super) use self::{alphabet::are_adjacent_keys, varieties::own_spelling};
use self::{
    costs::{EditCost, EditCostTables},
    query::Query,
    rank::{CandidateRanking, CommonTier, LexiconTier, RankScore, RunOnTier, ScoredCandidate},
    search::Search,
    weights::WEIGHTS,
};
use super::vocabulary::Vocabulary;
use crate::spelling::finding::Suggestion;

/// Steps for one word at most: about 5 ms. The misspellings of the development lists take 2,000 in the median.
const WORD_STEPS: u32 = 40_000;

/// The first search: most typos are one slip away from a frequent word, which then bounds all that follows.
const NEARBY_COST: EditCost = 100;

static COSTS: LazyLock<EditCostTables> = LazyLock::new(|| EditCostTables::new(WEIGHTS));

/// Bounded work for suggestions: search steps left. One for a whole text, so that 10,000 misspellings stay cheap.
#[derive(Clone, Debug)]
pub struct SearchBudget {
    steps: u32,
}

impl SearchBudget {
    /// That many steps, each a node of an automaton visited: 0.1 to 0.15 us.
    #[must_use]
    pub const fn new(steps: u32) -> Self {
        Self { steps }
    }

    /// Steps left.
    pub(crate) const fn left(&self) -> u32 {
        self.steps
    }

    /// Counts the steps of a search done elsewhere; `false`, and none counted, if this budget would have cut it short.
    pub(crate) const fn pay(&mut self, steps: u32) -> bool {
        let pays = steps < self.steps;
        if pays {
            self.steps -= steps;
        }
        pays
    }

    /// Counts the steps of a search that was lent them.
    pub(crate) const fn take(&mut self, steps: u32) {
        self.steps = self.steps.saturating_sub(steps);
    }

    /// Whether no step is left.
    #[must_use]
    pub(crate) const fn is_spent(&self) -> bool {
        self.steps == 0
    }
}

/// The outcome of one search.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RankedSuggestions {
    /// Best first.
    pub suggestions: Arc<[Suggestion]>,
    /// Whether the search ended early, by the limit for one word or that for a text: there may be better suggestions.
    pub cut: bool,
    /// What the search took.
    pub steps: u32,
}

/// Ranks the likeliest right spellings of `word` (in NFC, apostrophes as `'`), best first, in the case of the input: at most
/// `limit`, none of them `word` itself, a word that is never suggested, or one that the vocabulary lacks. Words of more than
/// 40 letters get none.
///
/// A suggestion's score is the probability that it was meant, had the writer meant one of the list or a word unlike them all.
#[must_use]
pub fn suggest(vocabulary: &Vocabulary, word: &str, limit: usize, budget: &mut SearchBudget) -> RankedSuggestions {
    suggest_with(&COSTS, vocabulary, word, limit, budget)
}

fn suggest_with(
    costs: &EditCostTables,
    vocabulary: &Vocabulary,
    word: &str,
    limit: usize,
    budget: &mut SearchBudget,
) -> RankedSuggestions {
    let allowance = budget.steps.min(WORD_STEPS);
    let mut steps = allowance;
    let best = rank_spellings(costs, vocabulary, word, limit, &mut steps);
    let taken = allowance - steps;
    budget.steps -= taken;
    RankedSuggestions { suggestions: with_probabilities(best), cut: steps == 0, steps: taken }
}

fn rank_spellings(
    costs: &EditCostTables,
    vocabulary: &Vocabulary,
    word: &str,
    limit: usize,
    steps: &mut u32,
) -> Vec<ScoredCandidate> {
    let Some(query) = Query::new(word, costs).filter(|_| limit > 0) else { return Vec::new() };
    let weights = &costs.weights;
    let mut ranking = CandidateRanking::new(vocabulary, costs, word, limit);
    parts::add_repaired(&mut ranking, word, |part| {
        rank_spellings(costs, vocabulary, part, parts::CANDIDATES_PER_PART, steps)
    });
    let mut search = Search::new(&query, costs, *steps);
    for max in [NEARBY_COST, EditCost::MAX] {
        search.run(vocabulary.common.automaton(), &mut CommonTier { ranking: &mut ranking, max });
    }
    let supplements = vocabulary.supplements.iter().map(|list| (list, weights.supplement, weights.max_cost_supplement));
    let lexicons = vocabulary.lexicons.iter().map(|lexicon| (lexicon, weights.rare, weights.max_cost_rare));
    for (lexicon, frequency, max) in supplements.chain(lexicons) {
        search.run(lexicon.automaton(), &mut LexiconTier { ranking: &mut ranking, frequency, max });
    }
    search.run(vocabulary.run_ons.automaton(), &mut RunOnTier { ranking: &mut ranking });
    parts::add_splits(&mut ranking, word);
    *steps = search.steps();
    ranking.into_best()
}

/// Scores as probabilities: logarithms on a flatter scale, since edit costs are no true ones, against the chance that none of
/// the candidates was meant.
fn with_probabilities(candidates: Vec<ScoredCandidate>) -> Arc<[Suggestion]> {
    const FLATNESS: f32 = 60.0;
    const NONE_OF_THESE: RankScore = -250;
    let top = candidates.first().map_or(NONE_OF_THESE, |best| best.score.max(NONE_OF_THESE));
    let weight = |score: RankScore| ((score - top) as f32 / FLATNESS).exp();
    let sum = candidates.iter().map(|candidate| weight(candidate.score)).sum::<f32>() + weight(NONE_OF_THESE);
    let suggestion =
        |candidate: ScoredCandidate| Suggestion { score: weight(candidate.score) / sum, text: candidate.text };
    candidates.into_iter().map(suggestion).collect()
}
