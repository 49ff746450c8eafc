//! Where the checker goes beyond dictionaries: words that they have and that are none, words that they lack and that are right, and
//! corrections that need no slip to explain them. Knows words, no text.

use super::{
    super::{
        casing::{self, in_case_of},
        common::CentiZipf,
        rules::Grammar,
        suggest::{RankedSuggestions, own_spelling},
    },
    CheckerParts, WordChecker,
};
use crate::spelling::finding::Suggestion;

/// How much more frequent the word must be of which a word is a slip, to come before what the slips alone suggest, in hundredths
/// of the Zipf scale.
const FAR_MORE_FREQUENT: CentiZipf = 100;

impl WordChecker {
    /// Puts first what needs no slip to explain it: the own spelling of a word of the other variety, the right form of a
    /// possessive.
    pub(super) fn put_certain_first(&self, ranked: &mut RankedSuggestions, word: &str, limit: usize) {
        let CheckerParts { vocabulary, grammar, other_variety, frequent, .. } = &self.parts;
        let lower = word.to_lowercase();
        let slip_of = frequent.slips.get(lower.as_str());
        let is_slip = slip_of.is_some();
        // Costs tell two words apart that are about as frequent; where one is far more so, it was meant.
        let first = ranked.suggestions.first().and_then(|first| vocabulary.frequency(&first.text)).unwrap_or_default();
        let slip_of =
            slip_of.filter(|meant| vocabulary.frequency(meant).is_some_and(|f| f >= first + FAR_MORE_FREQUENT));
        let in_other = || other_variety.as_ref().is_some_and(|lexicon| lexicon.accepts(&lower));
        let certain = grammar.certain_correction(&lower).or(slip_of.map(|meant| &**meant)).map(str::to_owned);
        let own = || own_spelling(&lower, *grammar, vocabulary, in_other());
        let certain = certain.or_else(|| if is_slip { None } else { own() });
        let Some(certain) = certain else { return };
        let text = in_case_of(&certain, casing::classify(word));
        if ranked.suggestions.first().is_some_and(|first| first.text == text) {
            return;
        }
        let score = ranked.suggestions.first().map_or(0.9, |first| first.score);
        let others = ranked.suggestions.iter().filter(|other| other.text != text).cloned();
        ranked.suggestions = [Suggestion { text: text.clone(), score }].into_iter().chain(others).take(limit).collect();
    }

    /// Whether a word that the dictionaries have is right only before a pronoun.
    pub(super) fn is_bound_stem(&self, word: &str) -> bool {
        let CheckerParts { vocabulary, grammar, .. } = &self.parts;
        // What a form is that the frequency list lacks: one in 10^8.
        const UNLISTED: CentiZipf = 100;
        if *grammar != Grammar::Portuguese || !word.ends_with(['á', 'ê', 'ô', 'Á', 'Ê', 'Ô']) && !word.ends_with("mo")
        {
            return false;
        }
        let frequency =
            |word: &str| vocabulary.common.frequency(word).or_else(|| vocabulary.accepts(word).then_some(UNLISTED));
        grammar.is_bound_stem(&word.to_lowercase(), &frequency)
    }

    /// Whether a word is a prefix and a frequent word, joined as the language joins them.
    pub(super) fn is_prefixed(&self, word: &str) -> bool {
        const LEAST: CentiZipf = 300;
        let vocabulary = &self.parts.vocabulary;
        let is_frequent = |base: &str| {
            vocabulary.common.frequency(base).is_some_and(|frequency| frequency >= LEAST) && vocabulary.accepts(base)
        };
        self.parts.grammar.base_after_prefix(word).is_some_and(is_frequent)
    }

    /// Whether a capitalised word that the dictionaries have is a slip: only where every word has a capital.
    pub(super) fn is_capitalised_slip(&self, word: &str) -> bool {
        let CheckerParts { frequent, vocabulary, .. } = &self.parts;
        !frequent.certain.contains(word)
            && frequent.slips.contains_key(word.to_lowercase().as_str())
            && !vocabulary.has_form(word)
    }
}
