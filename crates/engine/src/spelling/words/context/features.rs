//! The features of a place: hashes of words, signs, endings and classes around it, by themselves and together. Knows no weights.

use super::{
    hashing::mix,
    pattern::SentenceFacts,
    window::{ContextToken, ContextTokens},
};

/// The features of one place, at most: 60 of the window, three of each list of the sentence.
pub(crate) const MOST_FEATURES: usize = 72;

/// From where on the numbers of features of the sentence are.
const SENTENCE_TEMPLATES: u64 = 1_000;

/// Whose features they are: the number of a set, or the hash of a word with features of its own.
pub(crate) type FeatureOwner = u64;

/// The features of a place for one owner.
#[derive(Clone, Debug)]
pub(crate) struct FeatureList {
    features: [u64; MOST_FEATURES],
    length: usize,
}

impl Default for FeatureList {
    fn default() -> Self {
        Self { features: [0; MOST_FEATURES], length: 0 }
    }
}

impl FeatureList {
    /// As hashes.
    pub(crate) fn as_slice(&self) -> &[u64] {
        &self.features[..self.length]
    }

    /// Makes it the list of a window's features.
    pub(crate) fn fill(&mut self, owner: FeatureOwner, around: &ContextTokens) {
        self.length = 0;
        let [l1, l2, l3] = around.left;
        let [r1, r2, r3] = around.right;
        let (word, ending, long, class) = (
            |token: ContextToken| token.word,
            |token: ContextToken| token.ending,
            |token: ContextToken| token.long_ending,
            |token: ContextToken| token.class,
        );
        let mut add_as = |template: u64, parts: [u64; 3]| self.add(owner, template, parts);
        // Wherever they are on a side.
        for token in around.left {
            add_as(1, [word(token), 0, 0]);
        }
        for token in around.right {
            add_as(2, [word(token), 0, 0]);
        }
        for token in around.left {
            add_as(3, [ending(token), 0, 0]);
        }
        let mut template = 3;
        let mut add = |parts| {
            template += 1;
            add_as(template, parts);
        };
        // Of one word.
        add([word(l1), 0, 0]);
        add([word(r1), 0, 0]);
        add([word(l2), 0, 0]);
        add([word(r2), 0, 0]);
        add([word(l3), 0, 0]);
        add([word(r3), 0, 0]);
        add([long(l1), 0, 0]);
        add([long(r1), 0, 0]);
        add([ending(l1), 0, 0]);
        add([ending(r1), 0, 0]);
        add([ending(l2), 0, 0]);
        add([ending(r2), 0, 0]);
        // Of two.
        add([word(l1), word(r1), 0]);
        add([word(l2), word(l1), 0]);
        add([word(r1), word(r2), 0]);
        add([word(l1), long(r1), 0]);
        add([word(l1), ending(r1), 0]);
        add([long(l1), word(r1), 0]);
        add([ending(l1), word(r1), 0]);
        add([ending(l2), word(l1), 0]);
        add([word(r1), ending(r2), 0]);
        add([ending(l1), ending(r1), 0]);
        add([ending(l2), ending(l1), 0]);
        add([ending(r1), ending(r2), 0]);
        add([word(l1), word(r2), 0]);
        add([word(l2), word(r1), 0]);
        // Of three.
        add([word(l2), word(l1), word(r1)]);
        add([word(l1), word(r1), word(r2)]);
        add([word(l3), word(l2), word(l1)]);
        add([word(r1), word(r2), word(r3)]);
        // Of the furthest, whose number the word may have: `os clientes da loja tem`.
        add([ending(l3), 0, 0]);
        add([ending(l3), ending(l2), ending(l1)]);
        // Of classes.
        add([class(l1), 0, 0]);
        add([class(l3), 0, 0]);
        add([class(r3), 0, 0]);
        add([class(r1), 0, 0]);
        add([class(l2), 0, 0]);
        add([class(r2), 0, 0]);
        add([class(l1), class(r1), 0]);
        add([class(l2), class(l1), 0]);
        add([class(r1), class(r2), 0]);
        add([word(l1), class(r1), 0]);
        add([class(l1), word(r1), 0]);
        add([class(l2), word(l1), 0]);
        add([word(r1), class(r2), 0]);
        add([class(r1), word(r2), 0]);
        add([class(l2), class(l1), class(r1)]);
        add([class(l1), class(r1), class(r2)]);
        add([word(l1), class(r1), class(r2)]);
        add([class(l3), class(l2), class(l1)]);
        add([class(r1), class(r2), class(r3)]);
    }
}

impl FeatureList {
    fn add(&mut self, owner: FeatureOwner, template: u64, parts: [u64; 3]) {
        let seed = mix(owner ^ template.wrapping_mul(0x9E37_79B9_7F4A_7C15));
        let hash = parts.iter().fold(seed, |hash, part| mix(hash ^ part).wrapping_add(hash.rotate_left(17)));
        self.features[self.length] = hash;
        self.length += 1;
    }

    /// Adds what the sentence tells, also that it has none of a list's words: by itself, with the word before and with the end of the
    /// word after. None is a side, too, and zero stands for what is not there.
    pub(crate) fn add_sentence(&mut self, owner: FeatureOwner, around: &ContextTokens, facts: SentenceFacts) {
        let (before, after) = (around.left[0].word, around.right[0].ending);
        for (&sides, list) in facts.sides().iter().zip(0..) {
            let (template, sides) = (SENTENCE_TEMPLATES + 3 * list, u64::from(sides) + 1);
            self.add(owner, template, [sides, 0, 0]);
            self.add(owner, template + 1, [sides, before, 0]);
            self.add(owner, template + 2, [sides, after, 0]);
        }
    }

    /// Makes it a list of facts that are none of the window's.
    pub(crate) fn fill_facts(&mut self, facts: [u64; 3]) {
        self.features[..facts.len()].copy_from_slice(&facts);
        self.length = facts.len();
    }
}
