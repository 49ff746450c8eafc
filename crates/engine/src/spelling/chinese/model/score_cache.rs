//! A memory of scores. A check asks for the same words in sequence again and again: when it decodes a text, when it decodes it with
//! edits, when it compares candidates, and when it reads the text once more. The memory answers what was asked before with
//! one load, and changes no answer: each table keeps the last key that fell on each of its places, whole.

use super::{
    ModelWordId, NGramModel, WordScore,
    bits::ArrayLayout,
    score::{BigramLookup, BigramScore, TrigramLookup},
    trie::NODE_BITS,
};

/// Binary logarithms of the sizes of the tables: together some 200 KB.
const ROW_BITS: u32 = 7;
const PAIR_BITS: u32 = 12;
const CONTEXT_BITS: u32 = 10;
const TRIPLE_BITS: u32 = 12;

/// What one model answered lately. Not to be used with another model.
#[derive(Debug)]
pub(crate) struct ScoreCache {
    rows: DirectMappedCache<BigramLookup>,
    pairs: DirectMappedCache<BigramScore>,
    contexts: DirectMappedCache<TrigramLookup>,
    triples: DirectMappedCache<WordScore>,
}

impl Default for ScoreCache {
    fn default() -> Self {
        Self {
            rows: DirectMappedCache::new(ROW_BITS, BigramLookup { row: None, backoff: 0.0 }),
            pairs: DirectMappedCache::new(PAIR_BITS, BigramScore { place: None, log10: 0.0 }),
            contexts: DirectMappedCache::new(
                CONTEXT_BITS,
                TrigramLookup { trigrams: ArrayLayout::default(), backoff: 0.0 },
            ),
            triples: DirectMappedCache::new(TRIPLE_BITS, WordScore { log10: 0.0, order: 0 }),
        }
    }
}

impl ScoreCache {
    /// As [`NGramModel::score`]: how likely a word is after two others.
    #[inline]
    pub(crate) fn score(
        &mut self,
        model: &NGramModel,
        [first, second]: [ModelWordId; 2],
        word: ModelWordId,
    ) -> WordScore {
        let key = ngram_key([first, second, word]);
        if let Some(scored) = self.triples.get(key) {
            return scored;
        }
        let step = self.bigram_score(model, second, word);
        let scored = self.trigram_lookup(model, [first, second]).score(model, step);
        self.triples.insert(key, scored)
    }

    /// How likely a word is after another.
    #[inline]
    pub(crate) fn bigram_score(&mut self, model: &NGramModel, before: ModelWordId, word: ModelWordId) -> BigramScore {
        let key = ngram_key([ModelWordId::UNKNOWN, before, word]);
        if let Some(step) = self.pairs.get(key) {
            return step;
        }
        let step = bigram_lookup(&mut self.rows, model, before).bigram_score(model, word);
        self.pairs.insert(key, step)
    }

    fn trigram_lookup(&mut self, model: &NGramModel, [first, second]: [ModelWordId; 2]) -> TrigramLookup {
        let key = ngram_key([ModelWordId::UNKNOWN, first, second]);
        if let Some(continuation) = self.contexts.get(key) {
            return continuation;
        }
        let step = self.bigram_score(model, first, second);
        let bigrams = bigram_lookup(&mut self.rows, model, second).bigram_count();
        let continuation = bigram_lookup(&mut self.rows, model, first).extend(model, step, bigrams);
        self.contexts.insert(key, continuation)
    }
}

#[inline]
fn bigram_lookup<'t>(
    rows: &'t mut DirectMappedCache<BigramLookup>,
    model: &NGramModel,
    word: ModelWordId,
) -> &'t BigramLookup {
    rows.get_or_insert_with(ngram_key([ModelWordId::UNKNOWN, ModelWordId::UNKNOWN, word]), || model.bigram_lookup(word))
}

/// Three words as a number other than 0.
#[inline]
fn ngram_key([first, second, third]: [ModelWordId; 3]) -> u64 {
    let number = |word: ModelWordId| word.index() as u64;
    (number(first) << (2 * NODE_BITS) | number(second) << NODE_BITS | number(third)) + 1
}

/// A table in which each key has one place, and displaces what was there.
#[derive(Debug)]
struct DirectMappedCache<T> {
    slots: Vec<(u64, T)>,
    shift: u32,
}

impl<T: Copy> DirectMappedCache<T> {
    fn new(bits: u32, value: T) -> Self {
        Self { slots: vec![(0, value); 1 << bits], shift: u64::BITS - bits }
    }

    #[inline]
    fn slot_index(&self, key: u64) -> usize {
        (key.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> self.shift) as usize
    }

    #[inline]
    fn get(&self, key: u64) -> Option<T> {
        let slot = &self.slots[self.slot_index(key)];
        (slot.0 == key).then_some(slot.1)
    }

    #[inline]
    fn get_or_insert_with(&mut self, key: u64, value: impl FnOnce() -> T) -> &T {
        let place = self.slot_index(key);
        let slot = &mut self.slots[place];
        if slot.0 != key {
            *slot = (key, value());
        }
        &slot.1
    }

    #[inline]
    fn insert(&mut self, key: u64, value: T) -> T {
        let place = self.slot_index(key);
        self.slots[place] = (key, value);
        value
    }
}
