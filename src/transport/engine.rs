//! What the handlers need of spelling, so that a test can put something slow or broken in its place.

use vermilion_engine::{
    language::Language,
    spelling::{CheckRequest, Speller, SpellingReport, Suggestion},
};

/// Checks documents and words; shared by all calls.
pub trait SpellingEngine: Send + Sync + 'static {
    /// Checks one document; returns soon after `request.cancelled` is set.
    fn check(&self, request: &CheckRequest<'_>) -> SpellingReport;

    /// Ranks the likeliest right spellings of one word.
    fn suggest(&self, word: &str, language: Language, limit: usize) -> Vec<Suggestion>;

    /// Whether the word is right as it is.
    fn accepts(&self, word: &str, language: Language) -> bool;
}

impl SpellingEngine for Speller {
    fn check(&self, request: &CheckRequest<'_>) -> SpellingReport {
        Self::check(self, request)
    }

    fn suggest(&self, word: &str, language: Language, limit: usize) -> Vec<Suggestion> {
        Self::suggest(self, word, language, limit)
    }

    fn accepts(&self, word: &str, language: Language) -> bool {
        Self::accepts(self, word, language)
    }
}
