//! A memory of scores. A check asks for the same words in sequence again and again: when it decodes a text, when it decodes it with
//! edits, when it compares candidates, and when it reads the text once more. The memory answers what was asked before with
//! one load, and changes no answer: each table keeps the last key that fell on each of its places, whole.

use super::{
    Model, Scored, WordId,
    bits::Place,
    score::{Continuation, Following, Step},
    trie::NODE_BITS,
};

/// Binary logarithms of the sizes of the tables: together some 200 KB.
const ROW_BITS: u32 = 7;
const PAIR_BITS: u32 = 12;
const CONTEXT_BITS: u32 = 10;
const TRIPLE_BITS: u32 = 12;

/// What one model answered lately. Not to be used with another model.
#[derive(Debug)]
pub struct Memo {
    rows: Table<Following>,
    pairs: Table<Step>,
    contexts: Table<Continuation>,
    triples: Table<Scored>,
}

impl Default for Memo {
    fn default() -> Self {
        Self {
            rows: Table::new(ROW_BITS, Following { row: None, backoff: 0.0 }),
            pairs: Table::new(PAIR_BITS, Step { place: None, log10: 0.0 }),
            contexts: Table::new(CONTEXT_BITS, Continuation { trigrams: Place::default(), backoff: 0.0 }),
            triples: Table::new(TRIPLE_BITS, Scored { log10: 0.0, order: 0 }),
        }
    }
}

impl Memo {
    /// As [`Model::score`]: how likely a word is after two others.
    #[inline]
    pub fn score(&mut self, model: &Model, [first, second]: [WordId; 2], word: WordId) -> Scored {
        let key = key([first, second, word]);
        if let Some(scored) = self.triples.get(key) {
            return scored;
        }
        let step = self.step(model, second, word);
        let scored = self.continuation(model, [first, second]).score(model, step);
        self.triples.put(key, scored)
    }

    /// How likely a word is after another.
    #[inline]
    pub fn step(&mut self, model: &Model, before: WordId, word: WordId) -> Step {
        let key = key([WordId::UNKNOWN, before, word]);
        if let Some(step) = self.pairs.get(key) {
            return step;
        }
        let step = following(&mut self.rows, model, before).step(model, word);
        self.pairs.put(key, step)
    }

    fn continuation(&mut self, model: &Model, [first, second]: [WordId; 2]) -> Continuation {
        let key = key([WordId::UNKNOWN, first, second]);
        if let Some(continuation) = self.contexts.get(key) {
            return continuation;
        }
        let step = self.step(model, first, second);
        let bigrams = following(&mut self.rows, model, second).bigrams();
        let continuation = following(&mut self.rows, model, first).then(model, step, bigrams);
        self.contexts.put(key, continuation)
    }
}

#[inline]
fn following<'t>(rows: &'t mut Table<Following>, model: &Model, word: WordId) -> &'t Following {
    rows.get_or(key([WordId::UNKNOWN, WordId::UNKNOWN, word]), || model.following(word))
}

/// Three words as a number other than 0.
#[inline]
fn key([first, second, third]: [WordId; 3]) -> u64 {
    let number = |word: WordId| word.index() as u64;
    (number(first) << (2 * NODE_BITS) | number(second) << NODE_BITS | number(third)) + 1
}

/// A table in which each key has one place, and displaces what was there.
#[derive(Debug)]
struct Table<T> {
    slots: Vec<(u64, T)>,
    shift: u32,
}

impl<T: Copy> Table<T> {
    fn new(bits: u32, value: T) -> Self {
        Self { slots: vec![(0, value); 1 << bits], shift: u64::BITS - bits }
    }

    #[inline]
    fn place(&self, key: u64) -> usize {
        (key.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> self.shift) as usize
    }

    #[inline]
    fn get(&self, key: u64) -> Option<T> {
        let slot = &self.slots[self.place(key)];
        (slot.0 == key).then_some(slot.1)
    }

    #[inline]
    fn get_or(&mut self, key: u64, value: impl FnOnce() -> T) -> &T {
        let place = self.place(key);
        let slot = &mut self.slots[place];
        if slot.0 != key {
            *slot = (key, value());
        }
        &slot.1
    }

    #[inline]
    fn put(&mut self, key: u64, value: T) -> T {
        let place = self.place(key);
        self.slots[place] = (key, value);
        value
    }
}
