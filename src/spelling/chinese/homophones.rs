//! An index of the vocabulary by sound: all words whose syllables are, one by one, easily taken for those of a piece of text.
//!
//! A hash table of word numbers without keys: one bucket holds the words of several syllable strings, and the caller
//! compares the characters anyway. Made ahead of time, read in place: 16-bit hash -> range of 24-bit word numbers.

use super::{
    model::{Model, WordId},
    readings::{FuzzySyllable, Readings},
};

const BUCKETS: usize = 1 << 16;
/// Lengths of the words that are indexed, in characters.
pub const LENGTHS: std::ops::RangeInclusive<usize> = 2..=5;
/// Readings of one character that are told apart.
const READINGS: usize = 2;
/// Ways of reading one word that are followed.
const WAYS: usize = 8;

/// The index, owned or borrowed bytes having been unpacked by the caller.
#[derive(Debug)]
pub struct Homophones {
    first: Vec<u32>,
    words: Vec<WordId>,
}

/// The hashes of all ways to read a growing string.
#[derive(Clone, Copy, Debug)]
pub struct Ways {
    hashes: [u32; WAYS],
    count: usize,
}

impl Ways {
    /// The empty string, read in one way.
    #[must_use]
    pub fn start() -> Self {
        Self { hashes: [0x9E37; WAYS], count: 1 }
    }

    /// With one more character; false when it has no reading.
    pub fn push(&mut self, readings: &Readings, c: char) -> bool {
        let mut syllables = [None::<FuzzySyllable>; READINGS];
        for syllable in readings.of(c) {
            let fuzzy = Some(syllable.fuzzy());
            if syllables.contains(&fuzzy) {
                continue;
            }
            let Some(slot) = syllables.iter_mut().find(|slot| slot.is_none()) else { break };
            *slot = fuzzy;
        }
        let mut grown = Self { hashes: [0; WAYS], count: 0 };
        for hash in &self.hashes[..self.count] {
            for syllable in syllables.iter().flatten().take(WAYS - grown.count) {
                let mixed = (hash ^ (syllable.index() as u32 + 1)).wrapping_mul(0x9E37_79B1);
                grown.hashes[grown.count] = mixed ^ (mixed >> 15);
                grown.count += 1;
            }
        }
        *self = grown;
        self.count > 0
    }

    /// One hash a way of reading.
    fn buckets(&self) -> impl Iterator<Item = usize> {
        self.hashes[..self.count].iter().map(|hash| (hash >> 8) as usize % BUCKETS)
    }
}

impl Homophones {
    /// Indexes the vocabulary of a model.
    #[must_use]
    pub fn build(model: &Model, readings: &Readings) -> Self {
        let mut entries: Vec<(u32, WordId)> = Vec::new();
        for word in model.words() {
            let characters = model.word(word);
            if !LENGTHS.contains(&characters.len()) {
                continue;
            }
            let mut ways = Ways::start();
            if characters.iter().all(|&c| ways.push(readings, c)) {
                entries.extend(ways.buckets().map(|bucket| (bucket as u32, word)));
            }
        }
        entries.sort_unstable();
        entries.dedup();
        let first = (0..=BUCKETS).map(|b| entries.partition_point(|entry| (entry.0 as usize) < b) as u32).collect();
        Self { first, words: entries.into_iter().map(|(_, word)| word).collect() }
    }

    /// Calls `each` with words that may be read like the text that `ways` has read, and others: compare.
    pub fn for_each(&self, ways: &Ways, mut each: impl FnMut(WordId)) {
        for bucket in ways.buckets() {
            let range = self.first[bucket] as usize..self.first[bucket + 1] as usize;
            self.words[range].iter().for_each(|&word| each(word));
        }
    }
}
