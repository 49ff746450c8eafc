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

/// Accented words that differ much from what they are without: as neighbours, only these keep their accents, and words' ends that are spelt like
/// them.
const KEPT_ACCENTS: [&str; 15] =
    ["é", "à", "às", "está", "há", "só", "dá", "lá", "têm", "vêm", "dê", "pôde", "pôr", "nós", "quê"];

/// The hash of a word, or of its end, as it stands beside another: who leaves one accent out leaves out the others, too (`nao esta
/// disponivel`), and what is learnt from right text must be found there.
pub(crate) fn hash_neighbour(word: &str) -> u64 {
    if word.is_ascii() || KEPT_ACCENTS.contains(&word) {
        return hash_word(word);
    }
    let mut hasher = StableHasher::default();
    for c in word.chars() {
        hasher.write(without_accent(c).encode_utf8(&mut [0; 4]).as_bytes());
    }
    hasher.finish() | 1
}

/// Whether a word is `expected` beside another: as written, or all its accents left out.
pub(crate) fn is_neighbour(word: &str, expected: &str) -> bool {
    word == expected
        || word.is_ascii()
            && !expected.is_ascii()
            && !KEPT_ACCENTS.contains(&expected)
            && expected.chars().map(without_accent).eq(word.chars())
}

/// Whether a word beside another ends so: as written, or, where the ending is of three letters or more (`ção`, not `rá`), all its accents
/// left out.
pub(crate) fn has_neighbours_ending(word: &str, ending: &str) -> bool {
    let letters = ending.chars().count();
    word.ends_with(ending)
        || letters >= 3
            && word.is_ascii()
            && !ending.is_ascii()
            && ending.chars().rev().map(without_accent).eq(word.chars().rev().take(letters))
}

/// A small letter without its accent, of those of Portuguese and its neighbours.
const fn without_accent(c: char) -> char {
    match c {
        'à'..='å' => 'a',
        'ç' => 'c',
        'è'..='ë' => 'e',
        'ì'..='ï' => 'i',
        'ñ' => 'n',
        'ò'..='ö' => 'o',
        'ù'..='ü' => 'u',
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_neighbour_is_the_same_without_its_accents() {
        for (accented, bare) in [("não", "nao"), ("previsão", "previsao"), ("ções", "coes"), ("serviço", "servico")]
        {
            assert_eq!(hash_neighbour(accented), hash_word(bare), "{accented}");
            assert!(is_neighbour(accented, accented) && is_neighbour(bare, accented) && !is_neighbour(accented, bare));
        }
        for (accented, bare) in [("é", "e"), ("está", "esta"), ("às", "as")] {
            assert_ne!(hash_neighbour(accented), hash_word(bare), "{accented}");
            assert!(is_neighbour(accented, accented) && !is_neighbour(bare, accented));
        }
        assert!(!is_neighbour("nas", "não") && !is_neighbour("nã", "não"));
        assert_eq!((hash_neighbour("of"), hash_neighbour("")), (hash_word("of"), 0));
    }

    #[test]
    fn hashes_stay_as_they_are() {
        assert_eq!(hash_word("of"), 12_783_075_038_287_785_909, "a model file is of no use if this changes");
    }
}
