//! Orders candidates: how frequent a word is against what the slips to it cost, and in which case it is written.

use super::{
    costs::{EditCost, EditCostTables, UNREACHABLE_COST},
    query::MAX_TYPED_LEN,
    search::Sink,
};
use crate::spelling::words::{
    casing::{self, Casing},
    common::CentiZipf,
    lexicon::FormFlags,
    vocabulary::Vocabulary,
};

/// Frequency less weighted cost, in hundredths of the Zipf scale: the logarithm of a probability, but for a constant. The
/// noisy channel of Kernighan, Church and Gale (1990), with edit costs for the channel.
pub(super) type RankScore = i32;

/// How frequent an expression counts as, in hundredths of the Zipf scale: more than most words, or it would not be in the list.
const EXPRESSION_FREQUENCY: u16 = 540;
/// What a missing blank takes off.
const MISSING_BLANK: RankScore = 70;
/// The highest cost of further slips, in hundredths of an edit: with more, it is another word.
const MOST_FURTHER_COST: u16 = 90;

/// What may have been meant, in the case of the input.
#[derive(Clone, Debug)]
pub(super) struct ScoredCandidate {
    pub(super) text: String,
    pub(super) score: RankScore,
}

/// The best candidates so far.
#[derive(Debug)]
pub(super) struct CandidateRanking<'r> {
    pub(super) vocabulary: &'r Vocabulary,
    pub(super) costs: &'r EditCostTables,
    typed: &'r str,
    casing: Casing,
    max_cost: EditCost,
    /// As frequent as a word of this length may be.
    most_frequent: CentiZipf,
    limit: usize,
    best: Vec<ScoredCandidate>,
}

impl<'r> CandidateRanking<'r> {
    pub(super) fn new(vocabulary: &'r Vocabulary, costs: &'r EditCostTables, typed: &'r str, limit: usize) -> Self {
        let weights = &costs.weights;
        let length = typed.chars().take(MAX_TYPED_LEN).count() as u16;
        let max_cost = (weights.max_cost + weights.max_cost_letter * length).min(weights.max_cost_limit);
        let most_frequent = (weights.most_frequent + 5 * weights.rarer_letter)
            .saturating_sub(weights.rarer_letter * length)
            .clamp(weights.rarer_limit, weights.most_frequent);
        let best = Vec::with_capacity(limit + 1);
        Self { vocabulary, costs, typed, casing: casing::classify(typed), max_cost, most_frequent, limit, best }
    }

    pub(super) fn into_best(self) -> Vec<ScoredCandidate> {
        self.best
    }

    /// Whether a candidate of this score would be kept.
    pub(super) fn admits(&self, score: RankScore) -> bool {
        score > self.threshold()
    }

    /// Adds a form, written as its dictionary has it.
    pub(super) fn add(&mut self, form: &str, score: RankScore) {
        let score = score - self.name_penalty(form);
        if !self.admits(score) {
            return;
        }
        let text = self.in_case_of_input(form);
        if text == self.typed || self.vocabulary.blocked.blocks(&text) {
            return;
        }
        let (mut text, mut score) = (text, score);
        if let Some(same) = self.best.iter().position(|other| same_but_for_case(&other.text, &text)) {
            let other = &self.best[same];
            if other.text == text || is_product_name(&other.text) || is_product_name(&text) {
                // Lists that tolerate "whatsapp" suggest "WhatsApp".
                if is_product_name(&other.text) {
                    text.clone_from(&other.text);
                }
                score = score.max(other.score);
                self.best.remove(same);
            }
        }
        let at = self.best.partition_point(|other| other.score >= score);
        self.best.insert(at, ScoredCandidate { text, score });
        self.best.truncate(self.limit);
    }

    fn score(&self, frequency: CentiZipf, cost: EditCost) -> RankScore {
        let weights = &self.costs.weights;
        RankScore::from(frequency.min(weights.most_frequent))
            - RankScore::from(weights.edit) * RankScore::from(cost) / 100
    }

    /// The highest cost at which a word of this frequency is kept, `max` at most.
    fn bound(&self, frequency: CentiZipf, max: EditCost) -> EditCost {
        let weights = &self.costs.weights;
        let room = RankScore::from(frequency.min(weights.most_frequent)).saturating_sub(self.threshold());
        let cost = room.max(0).saturating_mul(100) / RankScore::from(weights.edit);
        EditCost::try_from(cost).unwrap_or(UNREACHABLE_COST).min(max).min(self.max_cost)
    }

    /// Candidates must score more than this.
    fn threshold(&self) -> RankScore {
        let below_best = self.best.first().map(|best| best.score - RankScore::from(self.costs.weights.margin));
        let last_place = if self.best.len() < self.limit { None } else { self.best.last().map(|last| last.score) };
        below_best.max(last_place).unwrap_or(RankScore::MIN)
    }

    fn name_penalty(&self, form: &str) -> RankScore {
        let is_name = self.casing == Casing::Lower && casing::classify(form) != Casing::Lower;
        if is_name { RankScore::from(self.costs.weights.name) } else { 0 }
    }

    fn in_case_of_input(&self, form: &str) -> String {
        match self.casing {
            Casing::AllCaps if self.typed.chars().nth(1).is_some() => form.to_uppercase(),
            Casing::Initial | Casing::MixedInitial | Casing::AllCaps if form.starts_with(char::is_lowercase) => {
                // Product names keep their own case: "Ifone" is "iPhone".
                if casing::classify(form) == Casing::Mixed { form.to_owned() } else { casing::capitalised(form) }
            }
            _ => form.to_owned(),
        }
    }
}

/// Takes in words of the common tier; values are frequencies.
#[derive(Debug)]
pub(super) struct CommonTier<'s, 'r> {
    pub(super) ranking: &'s mut CandidateRanking<'r>,
    pub(super) max: EditCost,
}

impl Sink for CommonTier<'_, '_> {
    fn bound(&self) -> EditCost {
        self.ranking.bound(self.ranking.most_frequent, self.max)
    }

    fn offer(&mut self, word: &str, value: u64, cost: EditCost) {
        let frequency = CentiZipf::try_from(value).unwrap_or(CentiZipf::MAX);
        let score = self.ranking.score(frequency, cost);
        if !self.ranking.admits(score) || is_stray_letter(word, frequency) {
            return;
        }
        let vocabulary = self.ranking.vocabulary;
        // The tier is shared by the varieties of a language: this one may not have the word.
        let Some(form) = stored_case(vocabulary, word) else { return };
        let is_preferred = vocabulary.lexicons.len() < 2 || vocabulary.lexicons[0].is_suggestible(&form);
        let variety = if is_preferred { 0 } else { RankScore::from(self.ranking.costs.weights.variety) };
        self.ranking.add(&form, score - variety);
    }
}

/// Takes in forms of a lexicon; values are flags. All count as equally frequent.
#[derive(Debug)]
pub(super) struct LexiconTier<'s, 'r> {
    pub(super) ranking: &'s mut CandidateRanking<'r>,
    pub(super) frequency: CentiZipf,
    pub(super) max: EditCost,
}

impl Sink for LexiconTier<'_, '_> {
    fn bound(&self) -> EditCost {
        self.ranking.bound(self.frequency, self.max)
    }

    fn offer(&mut self, word: &str, value: u64, cost: EditCost) {
        const HIDDEN: [FormFlags; 4] =
            [FormFlags::FORBIDDEN, FormFlags::NO_SUGGEST, FormFlags::ONLY_IN_COMPOUND, FormFlags::ONLY_ALL_CAPS];
        let flags = FormFlags::from_value(value);
        if !is_stray_letter(word, 0) && !HIDDEN.into_iter().any(|hidden| flags.contains(hidden)) {
            self.ranking.add(word, self.ranking.score(self.frequency, cost));
        }
    }
}

/// Takes in expressions that are written without their blank; values are where it stood, in bytes.
#[derive(Debug)]
pub(super) struct RunOnTier<'s, 'r> {
    pub(super) ranking: &'s mut CandidateRanking<'r>,
}

impl Sink for RunOnTier<'_, '_> {
    fn bound(&self) -> EditCost {
        self.ranking.bound(EXPRESSION_FREQUENCY, MOST_FURTHER_COST)
    }

    fn offer(&mut self, joined: &str, value: u64, cost: EditCost) {
        let blank = usize::try_from(value).unwrap_or_default();
        // One variety may lack a word of the list.
        let is_word = |part: &str| self.ranking.vocabulary.accepts(part);
        if let Some((left, right)) =
            joined.split_at_checked(blank).filter(|(left, right)| is_word(left) && is_word(right))
        {
            self.ranking
                .add(&format!("{left} {right}"), self.ranking.score(EXPRESSION_FREQUENCY, cost) - MISSING_BLANK);
        }
    }
}

/// Capitals inside: a name that is written in one way.
fn is_product_name(text: &str) -> bool {
    matches!(casing::classify(text), Casing::Mixed | Casing::MixedInitial)
}

fn same_but_for_case(one: &str, other: &str) -> bool {
    one.chars().flat_map(char::to_lowercase).eq(other.chars().flat_map(char::to_lowercase))
}

/// The case in which a word of the common tier is suggested: small letters before a name before capitals. `None` if the
/// vocabulary has it in no such case, or not as a suggestion.
pub(super) fn stored_case(vocabulary: &Vocabulary, lower: &str) -> Option<String> {
    if vocabulary.is_suggestible(lower) {
        return Some(lower.to_owned());
    }
    [casing::capitalised(lower), lower.to_uppercase()].into_iter().find(|form| vocabulary.is_suggestible(form))
}

/// Dictionaries have every single letter, but hardly one is ever meant unless it is a word: `a`, `I`; `e`, `o`, `é`, `à`.
pub(super) fn is_stray_letter(word: &str, frequency: CentiZipf) -> bool {
    const LEAST_OF_A_WORD: CentiZipf = 600;
    word.chars().nth(1).is_none() && frequency < LEAST_OF_A_WORD
}
