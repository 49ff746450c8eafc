//! What the handlers need of spelling, so that a test can put something slow or broken in its place.

use vermilion_engine::{
    language::Language,
    spelling::{CheckRequest, Speller, SpellingReport, Suggestion},
};

/// Checks documents and words; shared by all calls.
pub trait SpellingEngine: Send + Sync + 'static {
    /// Checks one document; returns soon after `request.cancelled` is set.
    fn check(&self, request: &CheckRequest<'_>) -> SpellingReport;

    /// The same, if it takes no more than so many steps of some 0.1 us: else `None`, soon after.
    fn check_within(&self, request: &CheckRequest<'_>, steps: u32) -> Option<SpellingReport>;

    /// Ranks the likeliest right spellings of one word.
    fn suggest(&self, word: &str, language: Language, limit: usize) -> Vec<Suggestion>;

    /// The same, if it takes no more than so many steps.
    fn suggest_within(&self, word: &str, language: Language, limit: usize, steps: u32) -> Option<Vec<Suggestion>>;

    /// Whether the word is right as it is.
    fn accepts(&self, word: &str, language: Language) -> bool;
}

impl SpellingEngine for Speller {
    fn check(&self, request: &CheckRequest<'_>) -> SpellingReport {
        Self::check(self, request)
    }

    fn check_within(&self, request: &CheckRequest<'_>, steps: u32) -> Option<SpellingReport> {
        Self::check_within(self, request, steps)
    }

    fn suggest(&self, word: &str, language: Language, limit: usize) -> Vec<Suggestion> {
        Self::suggest(self, word, language, limit)
    }

    fn suggest_within(&self, word: &str, language: Language, limit: usize, steps: u32) -> Option<Vec<Suggestion>> {
        Self::suggest_within(self, word, language, limit, steps)
    }

    fn accepts(&self, word: &str, language: Language) -> bool {
        Self::accepts(self, word, language)
    }
}
