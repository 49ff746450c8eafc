//! Rules of word formation over the lexicons: what is right though no dictionary lists it.

mod clitics;
mod compounds;
mod english;
mod formation;
mod inflections;
mod numbers;
mod portuguese;
mod prefixes;

use super::common::CentiZipf;

pub(crate) use formation::Formation;
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

    /// The right spelling of a hyphenated word in small letters that breaks a rule of the language, whatever dictionaries say of its
    /// parts: verbs with pronouns (`inclui-lo`), prefixes as before the agreement of 1990 (`auto-escola`).
    #[must_use]
    pub(crate) fn repaired_hyphenation(self, word: &str, accepts: &dyn Fn(&str) -> bool) -> Option<String> {
        match self {
            Self::English => None,
            Self::Portuguese => clitics::repaired(word, accepts).or_else(|| {
                let (prefix, base) = word.split_once('-').filter(|(_, base)| base.chars().nth(2).is_some())?;
                prefixes::joined(prefix, base).filter(|joined| accepts(joined) || accepts(base))
            }),
        }
    }

    /// Whether a word in small letters that the dictionaries accept is none by itself; `frequency` is that of a word, `None` if
    /// it is none.
    #[must_use]
    pub(crate) fn is_bound_stem(self, word: &str, frequency: &dyn Fn(&str) -> Option<CentiZipf>) -> bool {
        self == Self::Portuguese && clitics::is_bound_stem(word, frequency)
    }

    /// The base of a word formed with a prefix that forms words at will.
    #[must_use]
    pub(crate) fn base_after_prefix(self, word: &str) -> Option<&str> {
        match self {
            Self::English => None,
            Self::Portuguese => prefixes::base_after_prefix(word),
        }
    }

    /// What a word that is no word stands for, without doubt, in small letters.
    #[must_use]
    pub(crate) fn certain_correction(self, word: &str) -> Option<&'static str> {
        match self {
            Self::English => english::right_possessive(word),
            Self::Portuguese => None,
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
