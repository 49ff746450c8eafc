//! How frequent words are: the common tier, in which suggestions are looked for first.
//!
//! Frequencies are on the Zipf scale (van Heuven et al. 2014): log10 of occurrences per 10^9 words, here in hundredths,
//! so that 300 is one in a million and 600 one in a thousand. Data: `wordfreq` (CC BY-SA 4.0), kept in a file of its own.

use std::borrow::Cow;

use fst::{Map, MapBuilder, Streamer as _, raw::Fst};

use super::lexicon::{AutomatonBytes, FormatError, Lexicon};

/// Frequency of a word in hundredths of the Zipf scale; see the module.
pub(crate) type CentiZipf = u16;

/// Frequent words in small letters, with their frequencies.
#[derive(Debug)]
pub struct CommonWords(Map<AutomatonBytes>);

impl CommonWords {
    /// Opens a compiled list. `verify` reads all of it to check its checksum.
    ///
    /// # Errors
    /// [`FormatError::Automaton`] if the bytes are none, or damaged.
    pub fn open(bytes: Cow<'static, [u8]>, verify: bool) -> Result<Self, FormatError> {
        let words = Map::new(AutomatonBytes::whole(bytes))?;
        if verify {
            words.as_fst().verify()?;
        }
        Ok(Self(words))
    }

    /// The frequency of a word in small letters; `None` if it is rare.
    #[must_use]
    pub fn frequency(&self, lower: &str) -> Option<CentiZipf> {
        self.0.get(lower).and_then(|frequency| CentiZipf::try_from(frequency).ok())
    }

    /// The words at least that frequent, in byte order. O(all words): about 10 ms for 100,000.
    #[must_use]
    pub(crate) fn words_at_least(&self, least: CentiZipf) -> Vec<(Box<str>, CentiZipf)> {
        let mut found = Vec::new();
        let mut words = self.0.stream();
        while let Some((word, frequency)) = words.next() {
            let frequency = CentiZipf::try_from(frequency).unwrap_or(CentiZipf::MAX);
            if frequency >= least
                && let Ok(word) = std::str::from_utf8(word)
            {
                found.push((word.into(), frequency));
            }
        }
        found
    }

    /// The automaton, for searches. Values are [`CentiZipf`].
    #[must_use]
    pub fn automaton(&self) -> &Fst<AutomatonBytes> {
        self.0.as_fst()
    }
}

/// Compiles lines of `word TAB centizipf`, keeping the words that some lexicon accepts in some case.
///
/// # Errors
/// The first line, from 1, that is not of this form; or [`FormatError`] from the automaton's builder.
pub fn compile_frequencies(tsv: &str, lexicons: &[Lexicon]) -> Result<Vec<u8>, FrequencyCompileError> {
    let mut words: Vec<(&str, CentiZipf)> = Vec::new();
    for (index, line) in tsv.lines().enumerate().filter(|(_, line)| !line.starts_with('#')) {
        let (word, frequency) = line
            .split_once('\t')
            .and_then(|(word, frequency)| Some((word, frequency.parse().ok()?)))
            .ok_or(FrequencyCompileError::Line(index + 1))?;
        let mut upper = String::new();
        super::casing::capitalise_into(word, &mut upper);
        // In capitals a word of any casing is right, so this one question covers all.
        if lexicons.iter().any(|lexicon| lexicon.accepts(&word.to_uppercase()) || lexicon.accepts(&upper)) {
            words.push((word, frequency));
        }
    }
    words.sort_unstable();
    words.dedup_by_key(|(word, _)| *word);
    let mut builder = MapBuilder::memory();
    for (word, frequency) in words {
        builder.insert(word, u64::from(frequency)).map_err(FormatError::from)?;
    }
    Ok(builder.into_inner().map_err(FormatError::from)?)
}

/// Why frequencies cannot be compiled.
#[derive(Debug, thiserror::Error)]
pub enum FrequencyCompileError {
    /// A line that is not a word, a tab and a number.
    #[error("line {0}: expected a word, a tab and its frequency in hundredths of the Zipf scale")]
    Line(usize),
    /// The automaton cannot be written.
    #[error(transparent)]
    Format(#[from] FormatError),
}
