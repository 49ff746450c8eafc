//! Rules of word formation over the lexicons: what is right though no dictionary lists it.

mod english;
mod numbers;
mod portuguese;

pub(crate) use numbers::{NumeralClass, classify_numeral, correct_ordinal, is_roman_numeral};

/// Whose rules apply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grammar {
    /// Possessives, contractions, prefixes.
    English,
    /// Clitic pronouns after and inside verbs, prefixes.
    Portuguese,
}

impl Grammar {
    /// Whether a word (normalised) is formed rightly from words that `accepts` accepts.
    #[must_use]
    pub fn derives(self, word: &str, accepts: &dyn Fn(&str) -> bool) -> bool {
        match self {
            Self::English => english::derives(word, accepts),
            Self::Portuguese => portuguese::derives(word, accepts),
        }
    }

    /// The right spelling of a word that the dictionaries accept though an accent is missing for certain.
    #[must_use]
    pub(crate) fn missing_accent(self, word: &str, accepts: &dyn Fn(&str) -> bool) -> Option<String> {
        match self {
            Self::English => None,
            Self::Portuguese => portuguese::missing_accent(word, accepts),
        }
    }

    /// Whether a part of a hyphenated word is right there though it is no word: `pre-`, `pós-`.
    #[must_use]
    pub(crate) fn is_prefix(self, part: &str) -> bool {
        let prefixes = match self {
            Self::English => english::PREFIXES,
            Self::Portuguese => portuguese::PREFIXES,
        };
        prefixes.iter().any(|prefix| prefix.eq_ignore_ascii_case(part) || part.to_lowercase() == *prefix)
    }
}
