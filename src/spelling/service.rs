//! The entry point of spelling: chooses the checker of a language.

use std::{
    sync::{Arc, atomic::AtomicBool},
    thread,
};

use super::{
    Kind, Report, Suggestion,
    data::LanguageData,
    words::{
        checker::{Checker, Options},
        common::CommonWords,
        lexicon::{FormatError, Lexicon},
        neighbours::Neighbours,
        rules::Grammar,
        supplement::{self, SupplementError},
        vocabulary::Vocabulary,
    },
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

/// Why the language data cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum DataError {
    /// A lexicon or a list of common words.
    #[error("{path}: {source}")]
    Format {
        /// Its place below the data folder.
        path: &'static str,
        /// What is wrong.
        source: FormatError,
    },
    /// A supplement.
    #[error("{path}: {source}")]
    Supplement {
        /// Its place below the data folder.
        path: &'static str,
        /// What is wrong.
        source: SupplementError,
    },
    /// A supplement that is not UTF-8.
    #[error("{path}: not valid UTF-8")]
    Encoding {
        /// Its place below the data folder.
        path: &'static str,
    },
    /// A file that the program needs and that is not there.
    #[error("{path}: missing")]
    Missing {
        /// Its place below the data folder.
        path: &'static str,
    },
}

/// Checks documents in every language that it has data for. Immutable and shared by all calls.
#[derive(Debug)]
pub struct Speller {
    english: Checker,
    english_us: Checker,
    english_gb: Checker,
    portuguese_br: Checker,
    portuguese_pt: Checker,
}

/// Which layers a speller has; `eval` measures them apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Layers {
    /// The reviewed supplements.
    pub supplements: bool,
}

impl Speller {
    /// With the dictionaries built into the program. About 30 ms.
    ///
    /// # Errors
    /// [`DataError`] if they are damaged.
    pub fn embedded() -> Result<Self, DataError> {
        Self::new(LanguageData::embedded(), Layers { supplements: true })
    }

    /// With this data.
    ///
    /// # Errors
    /// [`DataError`] names the file and what is wrong with it.
    pub fn new(data: LanguageData, layers: Layers) -> Result<Self, DataError> {
        let mut loader = Loader { data, layers };
        let us = loader.lexicon("en-US/lexicon.bin")?;
        let gb = loader.lexicon("en-GB/lexicon.bin")?;
        let br = loader.lexicon("pt-BR/lexicon.bin")?;
        let pt = loader.lexicon("pt-PT/lexicon.bin")?;
        let english_common = loader.common("en/common.fst")?;
        let portuguese_common = loader.common("pt/common.fst")?;
        let english_words = loader.supplement("en/supplement.txt")?;
        let british_words = loader.supplement("en-GB/supplement.txt")?;
        let portuguese_words = loader.supplement("pt/supplement.txt")?;
        let brazilian_words = loader.supplement("pt-BR/supplement.txt")?;
        let european_words = loader.supplement("pt-PT/supplement.txt")?;

        let either = |one: &Arc<Lexicon>, two: &Arc<Lexicon>, word: &str| one.has_form(word) || two.has_form(word);
        // The two take most of the time to start, so they are made side by side.
        let (english_near, portuguese_near) = thread::scope(|scope| {
            let english = scope.spawn(|| Neighbours::of(&english_common, |word| either(&us, &gb, word)));
            let portuguese = Neighbours::of(&portuguese_common, |word| either(&br, &pt, word));
            (english.join().map(Arc::new), Arc::new(portuguese))
        });
        let english_near = english_near.unwrap_or_else(|panic| std::panic::resume_unwind(panic));

        let english = |lexicons: &[&Arc<Lexicon>], own: &[&Arc<Lexicon>]| Vocabulary {
            lexicons: lexicons.iter().copied().cloned().collect(),
            supplements: [&[&english_words], own].concat().into_iter().cloned().collect(),
            common: Arc::clone(&english_common),
        };
        let portuguese = |lexicon: &Arc<Lexicon>, own: &Arc<Lexicon>| Vocabulary {
            lexicons: vec![Arc::clone(lexicon)],
            supplements: vec![Arc::clone(&portuguese_words), Arc::clone(own)],
            common: Arc::clone(&portuguese_common),
        };
        let any_english = english(&[&us, &gb], &[&british_words]);
        let (american, british) = (english(&[&us], &[]), english(&[&gb], &[&british_words]));
        let (brazilian, european) = (portuguese(&br, &brazilian_words), portuguese(&pt, &european_words));
        let english =
            |vocabulary| Checker::new(vocabulary, Arc::clone(&english_near), Grammar::English, Some(brazilian.clone()));
        let portuguese = |vocabulary| {
            Checker::new(vocabulary, Arc::clone(&portuguese_near), Grammar::Portuguese, Some(any_english.clone()))
        };
        Ok(Self {
            english_us: english(american),
            english_gb: english(british),
            english: english(any_english.clone()),
            portuguese_br: portuguese(brazilian.clone()),
            portuguese_pt: portuguese(european),
        })
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
            Language::English => Ok(&self.english),
            Language::EnglishUs => Ok(&self.english_us),
            Language::EnglishGb => Ok(&self.english_gb),
            Language::PortugueseBr => Ok(&self.portuguese_br),
            Language::PortuguesePt => Ok(&self.portuguese_pt),
            Language::ChineseSimplified | Language::ChineseTraditional => {
                Err(SpellingError::UnsupportedLanguage(language))
            }
        }
    }
}

/// Opens the files of language data.
struct Loader {
    data: LanguageData,
    layers: Layers,
}

impl Loader {
    fn lexicon(&mut self, path: &'static str) -> Result<Arc<Lexicon>, DataError> {
        let file = self.data.take(path).ok_or(DataError::Missing { path })?;
        let lexicon = Lexicon::open(file.bytes, file.replaced);
        lexicon.map(Arc::new).map_err(|source| DataError::Format { path, source })
    }

    fn common(&mut self, path: &'static str) -> Result<Arc<CommonWords>, DataError> {
        let file = self.data.take(path).ok_or(DataError::Missing { path })?;
        let words = CommonWords::open(file.bytes, file.replaced);
        words.map(Arc::new).map_err(|source| DataError::Format { path, source })
    }

    fn supplement(&mut self, path: &'static str) -> Result<Arc<Lexicon>, DataError> {
        let file = self.data.take(path).ok_or(DataError::Missing { path })?;
        let text = std::str::from_utf8(&file.bytes).map_err(|_| DataError::Encoding { path })?;
        let lexicon = supplement::read(if self.layers.supplements { text } else { "" });
        lexicon.map(Arc::new).map_err(|source| DataError::Supplement { path, source })
    }
}
