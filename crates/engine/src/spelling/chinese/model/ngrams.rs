//! The n-grams of a model as they are read, before they are packed.

/// A backoff model of order 1 to 3 in the sense of Katz, as ARPA files hold it. Logarithms are to base 10.
#[derive(Clone, Debug, Default)]
pub struct NGrams {
    /// The words; the index of a word is its number below. [`UNKNOWN_WORD`], [`SENTENCE_START`] and [`SENTENCE_END`] have their meaning in ARPA files.
    pub words: Vec<String>,
    /// By word.
    pub unigrams: Vec<NGramWeight>,
    /// In any order.
    pub bigrams: Vec<Bigram>,
    /// In any order.
    pub trigrams: Vec<Trigram>,
}

/// The word that stands for all words the model does not hold.
pub(crate) const UNKNOWN_WORD: &str = "<unk>";
/// The word before the first of a sentence.
pub(crate) const SENTENCE_START: &str = "<s>";
/// The word after the last of a sentence.
pub(crate) const SENTENCE_END: &str = "</s>";

/// What a model says of an n-gram.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct NGramWeight {
    /// log10 of the probability of its last word after the others.
    pub log10: f32,
    /// log10 of what a probability of lower order is multiplied with where no longer n-gram begins with this one.
    pub backoff: f32,
}

/// Two words in sequence.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bigram {
    /// Their numbers.
    pub words: [u32; 2],
    /// What the model says.
    pub weight: NGramWeight,
}

/// Three words in sequence.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Trigram {
    /// Their numbers.
    pub words: [u32; 3],
    /// log10 of the probability of the last after the others.
    pub log10: f32,
}
