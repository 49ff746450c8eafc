//! Classes of words that stand among the same words (`router` and `modem`, `happy` and `worried`), as [`super::train`] found them in right
//! text: what was learnt of one word of a class is told of the others, too. Knows no weights.

use super::hashing::mix;

/// Which class each frequent word has.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct WordClasses {
    /// The upper halves of the words' hashes, ascending.
    words: Vec<u32>,
    /// The class of each.
    classes: Vec<u8>,
}

impl WordClasses {
    /// Of words by hash, each with its class. Of two words with one half of a hash the first is kept.
    pub(crate) fn new(mut words: Vec<(u64, u8)>) -> Self {
        words.sort_by_key(|(word, _)| half(*word));
        words.dedup_by_key(|(word, _)| half(*word));
        Self {
            words: words.iter().map(|(word, _)| half(*word)).collect(),
            classes: words.iter().map(|(_, class)| *class).collect(),
        }
    }

    /// As they are packed: the words (u32, little endian), then their classes (u8). `None` if the words do not ascend.
    pub(crate) fn from_bytes(words: &[u8], classes: &[u8]) -> Option<Self> {
        let words: Vec<u32> = words.as_chunks().0.iter().map(|bytes: &[u8; 4]| u32::from_le_bytes(*bytes)).collect();
        (words.len() == classes.len() && words.is_sorted_by(|one, next| one < next))
            .then(|| Self { words, classes: classes.to_vec() })
    }

    /// What [`Self::from_bytes`] reads.
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        self.words.iter().flat_map(|word| word.to_le_bytes()).chain(self.classes.iter().copied()).collect()
    }

    /// How many words have a class.
    pub(crate) fn len(&self) -> usize {
        self.words.len()
    }

    /// Whether a word has a class: text has it often enough.
    pub(crate) fn has(&self, word: u64) -> bool {
        self.class(word).is_some()
    }

    /// A hash of the class of a word: of its ending, if it has none; zero where there is no word. Some 10 ns.
    pub(crate) fn of(&self, word: u64, ending: u64) -> u64 {
        if word == 0 {
            return 0;
        }
        self.class(word).map_or(ending, |class| mix(u64::from(class) + 1))
    }

    fn class(&self, word: u64) -> Option<u8> {
        self.words.binary_search(&half(word)).ok().map(|at| self.classes[at])
    }
}

const fn half(word: u64) -> u32 {
    (word >> 32) as u32
}

#[cfg(test)]
mod tests {
    use super::{super::hashing::hash_word, *};

    #[test]
    fn words_of_a_class_are_the_same_and_others_are_their_endings() {
        let [router, modem, happy] = ["router", "modem", "happy"].map(hash_word);
        let classes = WordClasses::new(vec![(router, 3), (modem, 3), (happy, 4)]);
        let bytes = classes.to_bytes();
        let (words, numbers) = bytes.split_at(4 * classes.len());
        assert_eq!(WordClasses::from_bytes(words, numbers).as_ref(), Some(&classes));
        assert_eq!(classes.of(router, 1), classes.of(modem, 2));
        assert_ne!(classes.of(router, 1), classes.of(happy, 1));
        assert_eq!(classes.of(hash_word("zebra"), 7), 7);
        assert_eq!(classes.of(0, 7), 0);
        let descending: Vec<u8> = words.chunks(4).rev().flatten().copied().collect();
        assert_eq!(WordClasses::from_bytes(&descending, numbers), None);
    }
}
