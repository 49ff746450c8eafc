//! The entry point of spelling: chooses the checker of a language.

use std::sync::atomic::AtomicBool;

use super::{Kind, Report, Suggestion};
use crate::{language::Language, text::Span};

/// The most suggestions that a caller may ask for, for one word.
pub const MAX_SUGGESTIONS: usize = 20;

/// One document to check.
#[derive(Clone, Copy, Debug)]
pub struct CheckRequest<'r> {
    /// The content as sent: plain text.
    pub text: &'r str,
    /// The language to check it in.
    pub language: Language,
    /// Ranges that are never checked, in bytes; in any order, may overlap.
    pub protected: &'r [Span],
    /// At most this many suggestions for each finding; capped at [`MAX_SUGGESTIONS`].
    pub max_suggestions: usize,
    /// Report only these kinds; empty: all.
    pub kinds: &'r [Kind],
    /// Set by the caller to abandon the check: it returns soon after, with what it has and `incomplete`.
    pub cancelled: &'r AtomicBool,
}

/// Why a document cannot be checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SpellingError {
    /// This build has no data for the language.
    #[error("{} cannot be checked yet", .0.tag())]
    UnsupportedLanguage(Language),
}

/// Checks documents in every language that it has data for. Immutable and shared by all calls.
#[derive(Debug)]
pub struct Speller {}

impl Speller {
    /// With the dictionaries built into the program.
    #[must_use]
    pub fn embedded() -> Self {
        Self {}
    }

    /// Checks one document. O(length of the text), plus bounded work for suggestions.
    ///
    /// # Errors
    /// [`SpellingError::UnsupportedLanguage`].
    pub fn check(&self, _request: &CheckRequest<'_>) -> Result<Report, SpellingError> {
        Ok(Report::default())
    }

    /// Ranks the likeliest right spellings of one word, best first.
    ///
    /// # Errors
    /// [`SpellingError::UnsupportedLanguage`].
    pub fn suggest(&self, _word: &str, _language: Language, _limit: usize) -> Result<Vec<Suggestion>, SpellingError> {
        Ok(Vec::new())
    }

    /// Whether the word, as written, is right.
    ///
    /// # Errors
    /// [`SpellingError::UnsupportedLanguage`].
    pub fn accepts(&self, _word: &str, _language: Language) -> Result<bool, SpellingError> {
        Ok(true)
    }
}
