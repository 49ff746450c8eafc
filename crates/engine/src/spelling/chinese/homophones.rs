//! An index of the vocabulary by sound: all words whose syllables are, one by one, easily taken for those of a piece of text.
//!
//! A hash table of word numbers without keys: eight bits of the hash tell most words of a bucket apart, and the caller compares
//! the characters anyway. Made when the model is packed. Little endian: first entry of each bucket u32, and
//! one more; entries u32, eight bits of hash below the number of a word.

use std::borrow::Cow;

use super::{
    model::{ModelWordId, NGramModel},
    readings::{FuzzySyllable, PinyinReadings},
};

const BUCKETS: usize = 1 << 16;
/// Lengths of the words that are indexed, in characters.
pub(crate) const INDEXED_LENGTHS: std::ops::RangeInclusive<usize> = 2..=5;
/// Readings of one character that are told apart.
const READINGS_PER_CHARACTER: usize = 2;
/// Ways of reading one word that are followed.
const READINGS_PER_WORD: usize = 8;

/// An index that does not fit.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("the index of homophones is damaged: it should have {expected} bytes and has {found}: pack the model anew")]
pub struct HomophoneIndexError {
    /// Bytes that the table of buckets speaks of.
    pub expected: usize,
    /// Bytes there.
    pub found: usize,
}

/// The index, read in place.
#[derive(Debug)]
pub struct HomophoneIndex(Cow<'static, [u8]>);

/// The hashes of all ways to read a growing string.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ReadingHashes {
    hashes: [u32; READINGS_PER_WORD],
    count: usize,
}

impl ReadingHashes {
    /// The empty string, read in one way.
    #[must_use]
    pub(crate) fn empty() -> Self {
        Self { hashes: [0x9E37; READINGS_PER_WORD], count: 1 }
    }

    /// With one more character; false when it has no reading.
    pub(crate) fn push(&mut self, readings: &PinyinReadings, c: char) -> bool {
        let mut syllables = [None::<FuzzySyllable>; READINGS_PER_CHARACTER];
        for &fuzzy in readings.readings_of(c).fuzzy_syllables() {
            let fuzzy = Some(fuzzy);
            if syllables.contains(&fuzzy) {
                continue;
            }
            let Some(slot) = syllables.iter_mut().find(|slot| slot.is_none()) else { break };
            *slot = fuzzy;
        }
        let mut grown = Self { hashes: [0; READINGS_PER_WORD], count: 0 };
        for hash in &self.hashes[..self.count] {
            for syllable in syllables.iter().flatten().take(READINGS_PER_WORD - grown.count) {
                let mixed = (hash ^ (syllable.index() as u32 + 1)).wrapping_mul(0x9E37_79B1);
                grown.hashes[grown.count] = mixed ^ (mixed >> 15);
                grown.count += 1;
            }
        }
        *self = grown;
        self.count > 0
    }

    /// Bucket and fingerprint of each way of reading.
    fn bucket_fingerprints(&self) -> impl Iterator<Item = (usize, u8)> {
        self.hashes[..self.count].iter().map(|hash| ((hash >> 8) as usize % BUCKETS, *hash as u8))
    }
}

impl HomophoneIndex {
    /// Makes the bytes of the index for the vocabulary of a model, in some 0.1 s.
    #[must_use]
    pub fn pack(model: &NGramModel, readings: &PinyinReadings) -> Vec<u8> {
        let mut entries: Vec<(usize, u32)> = Vec::new();
        for word in model.words() {
            let characters = model.word_characters(word);
            if !INDEXED_LENGTHS.contains(&characters.len()) {
                continue;
            }
            let mut ways = ReadingHashes::empty();
            if characters.iter().all(|&c| ways.push(readings, c)) {
                let entry = |(bucket, fingerprint)| (bucket, (word.index() as u32) << 8 | u32::from(fingerprint));
                entries.extend(ways.bucket_fingerprints().map(entry));
            }
        }
        entries.sort_unstable();
        entries.dedup();
        let first = (0..=BUCKETS).map(|bucket| entries.partition_point(|entry| entry.0 < bucket) as u32);
        first.chain(entries.iter().map(|entry| entry.1)).flat_map(u32::to_le_bytes).collect()
    }

    /// Opens an index; nothing is copied.
    ///
    /// # Errors
    /// When it is shorter or longer than it says.
    pub fn open(bytes: Cow<'static, [u8]>) -> Result<Self, HomophoneIndexError> {
        let found = bytes.len();
        let index = Self(bytes);
        let expected = 4 * (BUCKETS + 1 + index.u32_at(BUCKETS) as usize);
        if found == expected { Ok(index) } else { Err(HomophoneIndexError { expected, found }) }
    }

    /// Calls `each` with words that may be read like the text that `ways` has read, and some others: compare.
    pub(crate) fn for_each_match(&self, ways: &ReadingHashes, mut each: impl FnMut(ModelWordId)) {
        for (bucket, fingerprint) in ways.bucket_fingerprints() {
            let at = |entry: usize| 4 * (BUCKETS + 1 + entry);
            let range = at(self.u32_at(bucket) as usize)..at(self.u32_at(bucket + 1) as usize);
            let (entries, _) = self.0.get(range).unwrap_or_default().as_chunks::<4>();
            for entry in entries.iter().filter(|entry| entry[0] == fingerprint) {
                each(ModelWordId::from_index(u32::from_le_bytes(*entry) >> 8));
            }
        }
    }

    fn u32_at(&self, index: usize) -> u32 {
        let bytes = self.0.get(4 * index..4 * index + 4);
        bytes.map_or(0, |b| u32::from_le_bytes([b[0], b[1], b[2], b[3]]))
    }
}
