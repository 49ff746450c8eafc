//! The language model: how likely a word is after two others.
//!
//! A word trigram model with the backoff of Katz (1987) in the form of ARPA files: the probability of an n-gram that was seen is
//! stored, that of another is the one of its shorter end times the backoff of its beginning,
//!
//! ```text
//! p(c | a b) = p3(a b c)                          if (a b c) is in the model
//!            = backoff(a b) p2(b c)               if (b c) is
//!            = backoff(a b) backoff(b) p1(c)      else
//! ```
//!
//! where the backoff of what is not in the model is 1. That is what KenLM computes, and all here is log10.
//!
//! [`pack`] makes the file from [`ngrams`], which [`dump`] and [`arpa`] read. The file is read in place: opening it reads the
//! header, some tables of 10 KB and the first characters of the words (0.2 ms), and a score touches four or five cache lines. Of its sections,
//!
//! | section | what |
//! |---|---|
//! | `letters`, `children`, `parents` | the words and their numbers, as `trie.rs` describes |
//! | `nodes` | by node, all that scores need of a word: `NodeColumns` |
//! | `rights` | how many words end a bigram |
//! | `rows` | what follows each word that begins a bigram, as `row.rs` describes |
//! | `codebooks` | the values of the codes: unigrams, their backoffs, bigrams, their backoffs, trigrams |
//!
//! and others may be added, which [`NGramModel::section`] gives.
//!
//! Of the model that we ship nothing is lost but in the unigrams, which are rounded by 0.0015 at most: its bigrams and trigrams
//! have sixteen values each, and sixteen backoffs, so a code of theirs is half a byte. Other models have codes of up to a byte.
//!
//! There are no words for the beginning and the end of a sentence: the texts are checked in pieces, between what is masked, and
//! the model that we ship has none. An unknown word, and the place before the first word, is [`ModelWordId::UNKNOWN`].

pub mod arpa;
mod bits;
mod codebook;
mod container;
pub mod dump;
pub mod ngrams;
pub mod pack;
mod row;
mod score;
mod score_cache;
mod sections;
#[cfg(test)]
mod tests;
mod trie;

use std::{borrow::Cow, iter};

pub use codebook::QuantisationLoss;
pub use container::NGramModelError;
pub use score::BigramContext;
pub use score::BigramScore;
pub use score::TrigramContext;
pub use score::WordScore;
pub(crate) use score_cache::ScoreCache;
pub use trie::WordCharacters;

use bits::ColumnLayout;
use row::CodeWidths;
use sections::{SectionReader, StoredCodebooks};
use trie::Trie;

/// The number of a word. Words that begin alike are not neighbours, but shorter words have smaller numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ModelWordId(u32);

impl ModelWordId {
    /// Any word that the model does not hold, and the place before the first word.
    pub const UNKNOWN: Self = Self(0);

    /// As a number, for tables: from 0, below [`NGramModel::id_bound`].
    #[must_use]
    pub const fn index(self) -> usize {
        self.0 as usize
    }

    /// The word of such a number.
    #[must_use]
    pub(crate) const fn from_index(index: u32) -> Self {
        Self(index)
    }
}

/// What some words begin with.
#[derive(Clone, Copy, Debug)]
pub(crate) struct WordPrefix(u32);

impl WordPrefix {
    /// What all words begin with.
    const EMPTY: Self = Self(0);
}

/// A packed model, read in place.
#[derive(Clone, Debug)]
pub struct NGramModel {
    bytes: Cow<'static, [u8]>,
    trie: Trie,
    roots: Box<[u32]>,
    nodes: NodeColumns,
    /// Words that end a bigram.
    rights: u32,
    /// First byte of the rows.
    rows: usize,
    codes: StoredCodebooks,
    widths: CodeWidths,
}

/// What there is to know of each node, in one line of a table. Nodes that are no words have the codes of the unknown word.
#[derive(Clone, Copy, Debug)]
struct NodeColumns {
    is_word: ColumnLayout,
    unigram: ColumnLayout,
    backoff: ColumnLayout,
    /// From 1; 0 for a word that ends no bigram.
    rank: ColumnLayout,
    /// From the first byte of the rows; 0 for a word that begins no bigram.
    row: ColumnLayout,
}

impl NGramModel {
    /// Opens a packed model. `verify` also checks its checksum: some 20 ms, for files that did not come with the program.
    ///
    /// # Errors
    /// [`NGramModelError`] if the bytes are no model, one of another version, cut short or damaged. A model that opened never panics,
    /// though what a damaged one says, if unverified, means nothing.
    pub fn open(bytes: Cow<'static, [u8]>, verify: bool) -> Result<Self, NGramModelError> {
        container::check_header(&bytes, verify)?;
        let sections = SectionReader { file: &bytes };
        let trie = Trie {
            letters: sections.array("letters")?,
            children: sections.array("children")?,
            parents: sections.array("parents")?,
        };
        let [is_word, unigram, backoff, rank, row] = sections.columns("nodes")?;
        let (rights, rows) = (sections.read_number("rights")?, sections.section_range("rows")?.start);
        sections.check_fit("children", trie.is_consistent())?;
        sections.check_fit("nodes", is_word.len == trie.node_count())?;
        sections.check_fit("rights", rights as usize <= trie.node_count())?;
        let codes = sections.read_codebooks()?;
        let widths = CodeWidths {
            bigram: codes.bigram.width,
            backoff: codes.bigram_backoff.width,
            trigram: codes.trigram.width,
        };
        let (roots, nodes) = (trie.root_index(&bytes), NodeColumns { is_word, unigram, backoff, rank, row });
        Ok(Self { trie, roots, nodes, rights, rows, codes, widths, bytes })
    }

    /// The bytes of a section that was added when the model was packed.
    #[must_use]
    pub fn section(&self, name: &str) -> Option<&[u8]> {
        container::section_range(&self.bytes, name).map(|place| &self.bytes[place])
    }

    /// One above the largest number of a word.
    #[must_use]
    pub(crate) fn id_bound(&self) -> usize {
        self.trie.node_count()
    }

    /// All words by number, without the unknown one.
    pub fn words(&self) -> impl Iterator<Item = ModelWordId> {
        (1..self.id_bound() as u32).filter_map(|node| self.word_at(node))
    }

    /// The characters of a word; none for [`ModelWordId::UNKNOWN`]. Some 20 ns a character.
    #[must_use]
    pub fn word_characters(&self, word: ModelWordId) -> WordCharacters {
        self.trie.spell(&self.bytes, word)
    }

    /// The number of a word.
    #[must_use]
    pub fn id_of_str(&self, word: &str) -> Option<ModelWordId> {
        self.word_at(self.find_node(word.chars(), |_, _| ())?)
    }

    /// The number of the word that some characters spell.
    #[must_use]
    pub(crate) fn id_of_chars(&self, word: &[char]) -> Option<ModelWordId> {
        self.word_at(self.find_node(word.iter().copied(), |_, _| ())?)
    }

    /// Gives all words with which a text begins, shortest first, each with its length in characters.
    #[inline]
    pub(crate) fn for_each_prefix(&self, text: &[char], mut found: impl FnMut(usize, ModelWordId)) {
        self.find_node(text.iter().copied(), |length, node| {
            if let Some(word) = self.word_at(node) {
                found(length, word);
            }
        });
    }

    /// What words may begin with, if any begins with these characters.
    #[must_use]
    #[inline]
    pub(crate) fn find_prefix(&self, text: &[char]) -> Option<WordPrefix> {
        self.walk(WordPrefix::EMPTY, text.iter().copied(), |_, _| ()).map(WordPrefix)
    }

    /// Gives all words that begin in a certain way, and go on with a character and none or more of those that follow, shortest
    /// first, each with the number of characters after the beginning.
    #[inline]
    pub(crate) fn for_each_completion(
        &self,
        beginning: WordPrefix,
        next: char,
        text: &[char],
        mut found: impl FnMut(usize, ModelWordId),
    ) {
        self.walk(beginning, iter::once(next).chain(text.iter().copied()), |length, node| {
            if let Some(word) = self.word_at(node) {
                found(length, word);
            }
        });
    }

    #[inline]
    fn find_node(&self, letters: impl IntoIterator<Item = char>, on_the_way: impl FnMut(usize, u32)) -> Option<u32> {
        self.walk(WordPrefix::EMPTY, letters, on_the_way)
    }

    /// Walks down the tree as far as the letters lead; the node where they end, if it is there.
    #[inline]
    fn walk(
        &self,
        WordPrefix(mut node): WordPrefix,
        letters: impl IntoIterator<Item = char>,
        mut on_the_way: impl FnMut(usize, u32),
    ) -> Option<u32> {
        let bytes = &*self.bytes;
        for (index, letter) in letters.into_iter().enumerate() {
            node = match node {
                0 => self.trie.root_child(bytes, &self.roots, letter)?,
                _ => self.trie.child(bytes, node, letter)?,
            };
            on_the_way(index + 1, node);
        }
        Some(node)
    }

    #[inline]
    fn word_at(&self, node: u32) -> Option<ModelWordId> {
        (node > 0 && self.nodes.is_word.get(&self.bytes, node as usize) == Some(1)).then_some(ModelWordId(node))
    }

    /// log10 of the probability of a word by itself. A number that is no word's counts as unknown.
    #[must_use]
    #[inline]
    pub fn unigram_log10(&self, word: ModelWordId) -> f32 {
        let code = self.nodes.unigram.get(&self.bytes, word.index());
        self.codes.unigram.get(code.unwrap_or(0))
    }
}
