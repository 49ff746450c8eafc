//! Remembers what was found out: words that are right, words that are not, places where there was nothing to tell. The same few words
//! make up most of any text, and who types is checked with every few letters. Fixed size, no lock; knows nothing of what its keys are of.

use std::{
    hash::{BuildHasher as _, Hash, Hasher as _, RandomState},
    sync::atomic::{AtomicU64, Ordering},
};

use rustc_hash::FxHasher;

/// What something hashes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct MemoryKey(u64);

/// What makes keys that nobody can foretell.
#[derive(Debug)]
pub(super) struct SecretKeys(RandomState);

impl SecretKeys {
    #[expect(clippy::disallowed_methods, reason = "strangers could aim at what is hashed")]
    pub(super) fn new() -> Self {
        Self(RandomState::new())
    }

    /// Nobody can aim at the key of another thing. Takes three times as long as [`MemoryKey::of`].
    pub(super) fn key_of(&self, value: impl Hash) -> MemoryKey {
        MemoryKey::from_hash(self.0.hash_one(value))
    }
}

/// Keys, each in a slot of eight bytes that its upper bits choose. A newer one takes the slot of an older.
#[derive(Debug)]
pub(super) struct KeyMemory(Box<[AtomicU64]>);

impl MemoryKey {
    /// Two things of one key are one in 2^63, unless somebody looks for them: not for what would harm others if it were mistaken.
    pub(super) fn of(value: impl Hash) -> Self {
        let mut hasher = FxHasher::default();
        value.hash(&mut hasher);
        Self::from_hash(hasher.finish())
    }

    fn from_hash(hash: u64) -> Self {
        // Zero is an empty slot.
        Self(hash | 1)
    }
}

impl KeyMemory {
    /// An empty one with so many slots, a power of two.
    pub(super) fn with_slots(slots: usize) -> Self {
        debug_assert!(slots.is_power_of_two(), "the bits of a key choose the slot");
        Self((0..slots).map(|_| AtomicU64::new(0)).collect())
    }

    /// Whether a key is remembered.
    pub(super) fn has(&self, MemoryKey(key): MemoryKey) -> bool {
        self.slot(key).load(Ordering::Relaxed) == key
    }

    /// From now on it is remembered, until another takes its slot.
    pub(super) fn put(&self, MemoryKey(key): MemoryKey) {
        self.slot(key).store(key, Ordering::Relaxed);
    }

    fn slot(&self, key: u64) -> &AtomicU64 {
        // The lowest bit is always set, and the highest are mixed best.
        &self.0[(key >> 40) as usize & (self.0.len() - 1)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn remembers_what_was_put_and_nothing_else() {
        let memory = KeyMemory::with_slots(1 << 15);
        let words = || ('a'..='z').flat_map(|first| ('a'..='z').map(move |second| format!("{first}{second}")));
        let (put, other): (Vec<String>, Vec<String>) = words().partition(|word| word.as_str() < "n");
        put.iter().for_each(|word| memory.put(MemoryKey::of(word.as_str())));
        assert!(other.iter().all(|word| !memory.has(MemoryKey::of(word.as_str()))));
        // Some took the slots of others.
        let kept = put.iter().filter(|word| memory.has(MemoryKey::of(word.as_str()))).count();
        assert!(kept * 10 >= put.len() * 9, "{kept} of {}", put.len());
    }

    #[test]
    fn secret_keys_are_others_in_each_memory() {
        let (one, other) = (SecretKeys::new(), SecretKeys::new());
        assert_eq!(one.key_of("word"), one.key_of("word"));
        assert_ne!(one.key_of("word"), other.key_of("word"));
    }
}
