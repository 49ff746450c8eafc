//! What is right in one language: its lexicons, the supplements over them, and how frequent words are.

use std::sync::Arc;

use super::{
    blocklist::BlockList,
    common::{CentiZipf, CommonWords},
    lexicon::Lexicon,
    run_ons::RunOns,
};

/// The layers of one language. The first lexicon is the preferred variety: its spellings are suggested first.
#[derive(Clone, Debug)]
pub struct Vocabulary {
    /// Compiled dictionaries, the preferred variety first.
    pub lexicons: Vec<Arc<Lexicon>>,
    /// Reviewed additions.
    pub supplements: Vec<Arc<Lexicon>>,
    /// Frequent words of the language, of all its varieties.
    pub common: Arc<CommonWords>,
    /// What is right, but never suggested.
    pub blocked: Arc<BlockList>,
    /// Expressions of the language that are often written without their blank.
    pub run_ons: Arc<RunOns>,
}

impl Vocabulary {
    /// Whether a word is right as written, by Hunspell's rules, in any layer.
    #[must_use]
    pub fn accepts(&self, word: &str) -> bool {
        self.layers().any(|lexicon| lexicon.accepts(word))
    }

    /// Whether this very form, in this very case, is in a lexicon or a supplement.
    #[must_use]
    pub(crate) fn has_form(&self, form: &str) -> bool {
        self.layers().any(|lexicon| lexicon.has_form(form))
    }

    /// Whether this very form, in this very case, may be suggested.
    #[must_use]
    pub(crate) fn is_suggestible(&self, form: &str) -> bool {
        self.layers().any(|lexicon| lexicon.is_suggestible(form)) && !self.blocked.blocks(form)
    }

    /// How frequent this very form is, in small letters; `None` if it is rare, or no form in a lexicon or a supplement.
    #[must_use]
    pub(crate) fn frequency_of_form(&self, lower: &str) -> Option<CentiZipf> {
        self.common.frequency(lower).filter(|_| self.has_form(lower))
    }

    /// How frequent a word is, in any case; `None` if rare.
    #[must_use]
    pub fn frequency(&self, word: &str) -> Option<CentiZipf> {
        self.common.frequency(word).or_else(|| self.common.frequency(&word.to_lowercase()))
    }

    fn layers(&self) -> impl Iterator<Item = &Lexicon> {
        self.lexicons.iter().chain(&self.supplements).map(Arc::as_ref)
    }
}
