//! Reads Hunspell dictionaries, the source form of a lexicon, and derives every form that they accept.
//!
//! The format is that of hunspell(5). What this reader cannot honour is an error with file and line, never silence.
//! Knows nothing of the compiled form but the flags of a derived word.

pub mod affix;
mod condition;
mod encoding;
pub mod entries;
pub mod expand;
mod flags;
mod tables;

pub(crate) use affix::AffixFile;
pub(crate) use entries::DictionaryFile;
pub(crate) use expand::expand;

/// Why a Hunspell dictionary cannot be compiled.
#[derive(Debug, thiserror::Error)]
pub enum HunspellError {
    /// A line that does not follow hunspell(5).
    #[error("{file}:{line}: {expected}")]
    Malformed {
        /// The file's name, as given.
        file: String,
        /// Counted from 1.
        line: usize,
        /// What was expected there.
        expected: String,
    },
    /// A directive that changes which words are right and that this compiler does not honour.
    #[error("{file}:{line}: {directive} is not supported")]
    Unsupported {
        /// The file's name, as given.
        file: String,
        /// Counted from 1.
        line: usize,
        /// Its keyword.
        directive: String,
    },
    /// The SET directive names no known character set.
    #[error("{file}:{line}: SET names the unknown character set {label:?}")]
    UnknownCharset {
        /// The file's name, as given.
        file: String,
        /// Counted from 1.
        line: usize,
        /// As written.
        label: String,
    },
    /// Bytes that are not in the declared character set.
    #[error("{file}:{line}: not valid {charset}")]
    Undecodable {
        /// The file's name, as given.
        file: String,
        /// Counted from 1.
        line: usize,
        /// Its name.
        charset: &'static str,
    },
    /// The affix rules derive more forms than a lexicon may hold.
    #[error("{file}:{line}: with this entry the affix rules derive more than {limit} forms, the most a lexicon holds")]
    TooManyForms {
        /// The word file's name, as given.
        file: String,
        /// The line of the entry that crossed the limit, counted from 1.
        line: usize,
        limit: usize,
    },
}
