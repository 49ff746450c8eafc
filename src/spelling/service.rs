//! The entry point of spelling: chooses the checker of a language.

use std::sync::atomic::AtomicBool;

use super::{
    Kind, Report, Suggestion,
    assembly::{self, Checkers, DataError, Layers},
    data::LanguageData,
    words::checker::{Checker, Options},
};
use crate::{document::mask, language::Language, text::Span};

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
    /// Also report findings of lower certainty.
    pub hints: bool,
    /// Also report variants that a style guide would change.
    pub style: bool,
    /// Set by the caller to abandon the check: it returns soon after, with what it has and `incomplete`.
    pub cancelled: &'r AtomicBool,
}

impl<'r> CheckRequest<'r> {
    /// A check for the default kinds, with five suggestions each.
    #[must_use]
    pub const fn new(text: &'r str, language: Language, cancelled: &'r AtomicBool) -> Self {
        Self { text, language, protected: &[], max_suggestions: 5, kinds: &[], hints: false, style: false, cancelled }
    }
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
pub struct Speller(Checkers);

impl Speller {
    /// With the dictionaries built into the program. About 30 ms.
    ///
    /// # Errors
    /// [`DataError`] if they are damaged.
    pub fn embedded() -> Result<Self, DataError> {
        Self::new(LanguageData::embedded(), Layers::ALL)
    }

    /// With this data.
    ///
    /// # Errors
    /// [`DataError`] names the file and what is wrong with it.
    pub fn new(data: LanguageData, layers: Layers) -> Result<Self, DataError> {
        assembly::checkers(data, layers).map(Self)
    }

    /// Checks one document. O(length of the text), plus bounded work for suggestions.
    ///
    /// # Errors
    /// [`SpellingError::UnsupportedLanguage`].
    pub fn check(&self, request: &CheckRequest<'_>) -> Result<Report, SpellingError> {
        let checker = self.checker(request.language)?;
        let masked = mask::scan(request.text, request.protected);
        let options =
            Options { max_suggestions: request.max_suggestions.min(MAX_SUGGESTIONS), cancelled: request.cancelled };
        let mut report = checker.check(request.text, masked, options);
        if !request.kinds.is_empty() {
            report.findings.retain(|finding| request.kinds.contains(&finding.kind));
        }
        Ok(report)
    }

    /// Ranks the likeliest right spellings of one word, best first.
    ///
    /// # Errors
    /// [`SpellingError::UnsupportedLanguage`].
    pub fn suggest(&self, word: &str, language: Language, limit: usize) -> Result<Vec<Suggestion>, SpellingError> {
        Ok(self.checker(language)?.suggest(word, limit.min(MAX_SUGGESTIONS)))
    }

    /// Whether the word, as written, is right.
    ///
    /// # Errors
    /// [`SpellingError::UnsupportedLanguage`].
    pub fn accepts(&self, word: &str, language: Language) -> Result<bool, SpellingError> {
        Ok(self.checker(language)?.accepts(word))
    }

    /// Whether the language can be checked.
    #[must_use]
    pub fn supports(&self, language: Language) -> bool {
        self.checker(language).is_ok()
    }

    fn checker(&self, language: Language) -> Result<&Checker, SpellingError> {
        match language {
            Language::English => Ok(&self.0.english),
            Language::EnglishUs => Ok(&self.0.english_us),
            Language::EnglishGb => Ok(&self.0.english_gb),
            Language::PortugueseBr => Ok(&self.0.portuguese_br),
            Language::PortuguesePt => Ok(&self.0.portuguese_pt),
            Language::ChineseSimplified | Language::ChineseTraditional => {
                Err(SpellingError::UnsupportedLanguage(language))
            }
        }
    }
}
