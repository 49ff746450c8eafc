//! Reads a model dumped in four files: words, unigrams, bigrams, trigrams. It is the form of the source that we ship.
//!
//! The words are text, a line each; the number of a word is its line, from 0. The others are records without a header, little
//! endian: `f32 log10 p, f32 log10 backoff` by word; `u32 left, u32 right, f32, f32`; `u32 a, u32 b, u32 c, f32 log10 p`.

use rustc_hash::FxHashSet;

use super::ngrams::{Bigram, NGramWeight, NGrams, Trigram};

/// The four files, decompressed.
#[derive(Clone, Copy, Debug)]
pub struct ModelDump<'a> {
    /// A word a line.
    pub words: &'a [u8],
    /// Records of 8 bytes.
    pub unigrams: &'a [u8],
    /// Records of 16 bytes.
    pub bigrams: &'a [u8],
    /// Records of 16 bytes.
    pub trigrams: &'a [u8],
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DumpFile {
    /// A word a line.
    Words,
    /// Records of 8 bytes.
    Unigrams,
    /// Records of 16 bytes.
    Bigrams,
    /// Records of 16 bytes.
    Trigrams,
}

/// Why files are no dump.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DumpError {
    /// A line of the words that is not a word.
    #[error("line {line}: expected {expected}")]
    Word {
        /// The line, from 1.
        line: usize,
        /// What should stand there.
        expected: &'static str,
    },
    /// A record that is none.
    #[error("byte {byte}: expected {expected}")]
    Record {
        file: DumpFile,
        /// Where the record begins, from 0.
        byte: usize,
        /// What should stand there.
        expected: &'static str,
    },
    /// Not as many unigrams as words.
    #[error("expected a record for each of the {words} words, found {unigrams}")]
    Count { words: usize, unigrams: usize },
}

impl DumpError {
    /// The file at fault.
    #[must_use]
    pub fn file(&self) -> DumpFile {
        match self {
            Self::Word { .. } => DumpFile::Words,
            Self::Record { file, .. } => *file,
            Self::Count { .. } => DumpFile::Unigrams,
        }
    }
}

impl ModelDump<'_> {
    /// Reads all of it: some 0.2 s for seven million n-grams.
    ///
    /// # Errors
    /// The first record or line that is none.
    pub fn read(&self) -> Result<NGrams, DumpError> {
        let words = read_words(self.words)?;
        let unigrams: Vec<NGramWeight> =
            read_records(DumpFile::Unigrams, self.unigrams, |record: &[u8; 8], expect| {
                expect.check_weight(f32_at(record, 0), f32_at(record, 4))
            })?;
        if unigrams.len() != words.len() {
            return Err(DumpError::Count { words: words.len(), unigrams: unigrams.len() });
        }
        let bigrams = read_records(DumpFile::Bigrams, self.bigrams, |record: &[u8; 16], expect| {
            let [left, right] = [0, 4].map(|at| u32_at(record, at));
            expect.check_words(&[left, right], words.len())?;
            Ok(Bigram { words: [left, right], weight: expect.check_weight(f32_at(record, 8), f32_at(record, 12))? })
        })?;
        let trigrams = read_records(DumpFile::Trigrams, self.trigrams, |record: &[u8; 16], expect| {
            let numbers = [0, 4, 8].map(|at| u32_at(record, at));
            expect.check_words(&numbers, words.len())?;
            Ok(Trigram { words: numbers, log10: expect.check_weight(f32_at(record, 12), 0.0)?.log10 })
        })?;
        Ok(NGrams { words, unigrams, bigrams, trigrams })
    }
}

fn read_words(file: &[u8]) -> Result<Vec<String>, DumpError> {
    let lines = file.strip_suffix(b"\n").unwrap_or(file).split(|&byte| byte == b'\n');
    let mut seen = FxHashSet::default();
    let mut words = Vec::new();
    for (index, bytes) in lines.enumerate() {
        let error = |expected| DumpError::Word { line: index + 1, expected };
        let word = std::str::from_utf8(bytes).map_err(|_| error("a word in UTF-8"))?;
        if word.is_empty() {
            return Err(error("a word, not an empty line"));
        }
        if !seen.insert(word) {
            return Err(error("a word that no line before has"));
        }
        words.push(word.to_owned());
    }
    Ok(words)
}

/// Says what a record should hold, and where it is.
struct RecordValidator {
    file: DumpFile,
    byte: usize,
}

impl RecordValidator {
    fn error(&self, expected: &'static str) -> DumpError {
        DumpError::Record { file: self.file, byte: self.byte, expected }
    }

    fn check_words(&self, numbers: &[u32], words: usize) -> Result<(), DumpError> {
        let known = numbers.iter().all(|&number| (number as usize) < words);
        known.then_some(()).ok_or_else(|| self.error("numbers of words, each below the count of words"))
    }

    fn check_weight(&self, log10: f32, backoff: f32) -> Result<NGramWeight, DumpError> {
        let sound = log10.is_finite() && log10 <= 0.0 && backoff.is_finite();
        sound
            .then_some(NGramWeight { log10, backoff })
            .ok_or_else(|| self.error("log10 of a probability, at most 0, and a finite backoff"))
    }
}

fn read_records<const N: usize, T>(
    file: DumpFile,
    bytes: &[u8],
    read: impl Fn(&[u8; N], &RecordValidator) -> Result<T, DumpError>,
) -> Result<Vec<T>, DumpError> {
    let (records, rest) = bytes.as_chunks::<N>();
    if !rest.is_empty() {
        let expected = if N == 8 { "a record of 8 bytes" } else { "a record of 16 bytes" };
        return Err(RecordValidator { file, byte: bytes.len() - rest.len() }.error(expected));
    }
    records.iter().enumerate().map(|(index, record)| read(record, &RecordValidator { file, byte: N * index })).collect()
}

fn u32_at(record: &[u8], at: usize) -> u32 {
    u32::from_le_bytes([record[at], record[at + 1], record[at + 2], record[at + 3]])
}

fn f32_at(record: &[u8], at: usize) -> f32 {
    f32::from_bits(u32_at(record, at))
}
