//! Hashes of words that are the same on every machine and in every version of the program: model files hold what comes of them.

use std::hash::Hasher as _;

/// A hash that is the same on every machine and in every version of the program: model files hold what comes of it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct StableHasher(u64);

impl Default for StableHasher {
    fn default() -> Self {
        Self(0xCBF2_9CE4_8422_2325)
    }
}

impl std::hash::Hasher for StableHasher {
    /// FNV-1a.
    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x100_0000_01B3);
        }
    }

    /// The last step of `SplitMix64`, so that all bits depend on all bytes.
    fn finish(&self) -> u64 {
        mix(self.0)
    }
}

/// `SplitMix64`'s finaliser.
pub(crate) const fn mix(value: u64) -> u64 {
    let value = (value ^ (value >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    value ^ (value >> 31)
}

/// The hash of a word, never zero but for the empty one.
pub(crate) fn hash_word(word: &str) -> u64 {
    if word.is_empty() {
        return 0;
    }
    let mut hasher = StableHasher::default();
    hasher.write(word.as_bytes());
    hasher.finish() | 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_stay_as_they_are() {
        assert_eq!(hash_word("of"), 12_783_075_038_287_785_909, "a model file is of no use if this changes");
    }
}
