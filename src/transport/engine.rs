//! What the handlers need of spelling, so that a test can put something slow or broken in its place.

use crate::{
    language::Language,
    spelling::{CheckRequest, Report, Speller, SpellingError, Suggestion},
};

/// Checks documents and words; shared by all calls.
pub trait Engine: Send + Sync + 'static {
    /// Checks one document; returns soon after `request.cancelled` is set.
    ///
    /// # Errors
    /// [`SpellingError`], if the language has no data.
    fn check(&self, request: &CheckRequest<'_>) -> Result<Report, SpellingError>;

    /// Ranks the likeliest right spellings of one word.
    ///
    /// # Errors
    /// [`SpellingError`], if the language has no data.
    fn suggest(&self, word: &str, language: Language, limit: usize) -> Result<Vec<Suggestion>, SpellingError>;

    /// Whether the word is right as it is.
    ///
    /// # Errors
    /// [`SpellingError`], if the language has no data.
    fn accepts(&self, word: &str, language: Language) -> Result<bool, SpellingError>;
}

impl Engine for Speller {
    fn check(&self, request: &CheckRequest<'_>) -> Result<Report, SpellingError> {
        Self::check(self, request)
    }

    fn suggest(&self, word: &str, language: Language, limit: usize) -> Result<Vec<Suggestion>, SpellingError> {
        Self::suggest(self, word, language, limit)
    }

    fn accepts(&self, word: &str, language: Language) -> Result<bool, SpellingError> {
        Self::accepts(self, word, language)
    }
}
