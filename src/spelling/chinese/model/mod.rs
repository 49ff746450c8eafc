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
//! header and some tables of 1 KB, and a score touches five or six cache lines. Of its sections,
//!
//! | section | what |
//! |---|---|
//! | `letters`, `children`, `parents` | the words and their numbers, as [`trie`] describes |
//! | `nodes` | by node: whether it is a word; codes of its probability and its backoff; its rank from 1 among the words that end a bigram; where its row begins |
//! | `rights` | how many words end a bigram |
//! | `rows` | what follows each word that begins a bigram, as [`row`] describes |
//! | `codebooks` | the values of the codes: unigrams, their backoffs, bigrams, their backoffs, trigrams |
//!
//! and others may be added, which [`Model::section`] gives.
//!
//! There are no words for the beginning and the end of a sentence: the texts are checked in pieces, between what is masked, and
//! the model that we ship has none. An unknown word, and the place before the first word, is [`WordId::UNKNOWN`].

pub mod arpa;
mod bits;
mod codebook;
mod container;
pub mod dump;
pub mod ngrams;
pub mod pack;
mod row;
#[cfg(test)]
mod tests;
mod trie;

use std::{borrow::Cow, ops::Range};

pub use codebook::Loss;
pub use container::ModelError;
pub use trie::{LONGEST_WORD, Word};

use bits::{Column, Place};
use codebook::Values;
use row::{CodeWidths, Row};
use trie::Trie;

/// The number of a word. Words that begin alike are not neighbours, but shorter words have smaller numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WordId(u32);

impl WordId {
    /// Any word that the model does not hold, and the place before the first word.
    pub const UNKNOWN: Self = Self(0);

    /// As a number, for tables: from 0, below [`Model::id_bound`].
    #[must_use]
    pub const fn index(self) -> usize {
        self.0 as usize
    }

    /// The word of such a number.
    #[must_use]
    pub const fn from_index(index: u32) -> Self {
        Self(index)
    }
}

/// A packed model, read in place.
#[derive(Clone, Debug)]
pub struct Model {
    bytes: Cow<'static, [u8]>,
    trie: Trie,
    roots: Box<[u32]>,
    nodes: Nodes,
    /// Words that end a bigram.
    rights: u32,
    /// First byte of the rows.
    rows: usize,
    codes: Codes,
    widths: CodeWidths,
}

/// What there is to know of each node, in one line of a table.
#[derive(Clone, Copy, Debug)]
struct Nodes {
    is_word: Column,
    unigram: Column,
    backoff: Column,
    /// From 1; 0 for a word that ends no bigram.
    rank: Column,
    /// From the first byte of the rows; 0 for a word that begins no bigram.
    row: Column,
}

/// The values of the codes.
#[derive(Clone, Debug)]
struct Codes {
    unigram: Values,
    unigram_backoff: Values,
    bigram: Values,
    bigram_backoff: Values,
    trigram: Values,
}

/// How likely a word is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scored {
    /// log10 of its probability.
    pub log10: f32,
    /// Words of the longest n-gram in the model that ends with it: 3 to 1.
    pub order: u8,
}

impl Model {
    /// Opens a packed model. `verify` also checks its checksum: some 20 ms, for files that did not come with the program.
    ///
    /// # Errors
    /// [`ModelError`] if the bytes are no model, one of another version, cut short or damaged. A model that opened never panics,
    /// though what a damaged one says, if unverified, means nothing.
    pub fn open(bytes: Cow<'static, [u8]>, verify: bool) -> Result<Self, ModelError> {
        container::check(&bytes, verify)?;
        let sections = SectionReader { file: &bytes };
        let trie = Trie {
            letters: sections.array("letters")?,
            children: sections.array("children")?,
            parents: sections.array("parents")?,
        };
        let [is_word, unigram, backoff, rank, row] = sections.columns("nodes")?;
        let nodes = Nodes { is_word, unigram, backoff, rank, row };
        let (rights, rows) = (sections.number("rights")?, sections.place("rows")?.start);
        let codes = sections.codes()?;
        for (fits, section) in
            [(trie.fits(), "children"), (is_word.len == trie.nodes() && rights as usize <= trie.nodes(), "nodes")]
        {
            let unfit = ModelError::Section { section, what: "does not fit the others" };
            fits.then_some(()).ok_or(unfit)?;
        }
        let widths = CodeWidths {
            bigram: codes.bigram.width,
            backoff: codes.bigram_backoff.width,
            trigram: codes.trigram.width,
        };
        let roots = trie.roots(&bytes);
        Ok(Self { trie, roots, nodes, rights, rows, codes, widths, bytes })
    }

    /// The bytes of a section that was added when the model was packed.
    #[must_use]
    pub fn section(&self, name: &str) -> Option<&[u8]> {
        container::section(&self.bytes, name).map(|place| &self.bytes[place])
    }

    /// One above the largest number of a word.
    #[must_use]
    pub fn id_bound(&self) -> usize {
        self.trie.nodes()
    }

    /// All words by number, without the unknown one.
    pub fn words(&self) -> impl Iterator<Item = WordId> {
        (1..self.id_bound() as u32).filter_map(|node| self.word_at(node))
    }

    /// The characters of a word; none for [`WordId::UNKNOWN`]. Some 20 ns a character.
    #[must_use]
    pub fn word(&self, word: WordId) -> Word {
        self.trie.spell(&self.bytes, word)
    }

    /// The number of a word.
    #[must_use]
    pub fn id(&self, word: &str) -> Option<WordId> {
        self.word_at(self.node(word.chars(), |_, _| ())?)
    }

    /// The number of the word that some characters spell.
    #[must_use]
    pub fn id_of(&self, word: &[char]) -> Option<WordId> {
        self.word_at(self.node(word.iter().copied(), |_, _| ())?)
    }

    /// Gives all words with which a text begins, shortest first, each with its length in characters.
    #[inline]
    pub fn prefixes(&self, text: &[char], mut found: impl FnMut(usize, WordId)) {
        self.node(text.iter().copied(), |length, node| {
            if let Some(word) = self.word_at(node) {
                found(length, word);
            }
        });
    }

    /// Walks down the tree as far as the letters lead; the node where they end, if it is there.
    #[inline]
    fn node(&self, letters: impl IntoIterator<Item = char>, mut on_the_way: impl FnMut(usize, u32)) -> Option<u32> {
        let bytes = &*self.bytes;
        let mut node = 0;
        for (index, letter) in letters.into_iter().enumerate() {
            node = match index {
                0 => self.trie.root(bytes, &self.roots, letter)?,
                _ => self.trie.child(bytes, node, letter)?,
            };
            on_the_way(index + 1, node);
        }
        Some(node)
    }

    #[inline]
    fn word_at(&self, node: u32) -> Option<WordId> {
        (node > 0 && self.nodes.is_word.get(&self.bytes, node as usize) == Some(1)).then_some(WordId(node))
    }

    /// log10 of the probability of a word by itself. A number that is none's counts as unknown.
    #[must_use]
    #[inline]
    pub fn unigram(&self, word: WordId) -> f32 {
        let known = self.nodes.is_word.get(&self.bytes, word.index()) == Some(1);
        let code = self.nodes.unigram.get(&self.bytes, if known { word.index() } else { 0 });
        self.codes.unigram.get(code.unwrap_or(0))
    }

    /// How likely a word is after two others, the nearer one last. Whoever asks for many words after the same ones gets the answers
    /// in a third of the time from [`Model::after`].
    #[must_use]
    pub fn score(&self, [first, second]: [WordId; 2], word: WordId) -> Scored {
        let after = self.after(second);
        after.context(first).score(after.step(word))
    }

    /// What may follow a word.
    #[must_use]
    #[inline]
    pub fn after(&self, word: WordId) -> After<'_> {
        let bytes = &*self.bytes;
        let at = self.nodes.row.get(bytes, word.index()).filter(|&at| at > 0);
        After {
            model: self,
            bytes,
            word,
            row: at.map(|at| Row::read(bytes, self.rows + at as usize, self.rights, self.widths)),
            backoff: self.codes.unigram_backoff.get(self.nodes.backoff.get(bytes, word.index()).unwrap_or(0)),
        }
    }
}

/// What may follow one word; the word before it still open. Made once for all words that follow.
#[derive(Clone, Debug)]
pub struct After<'m> {
    model: &'m Model,
    bytes: &'m [u8],
    word: WordId,
    row: Option<Row>,
    backoff: f32,
}

/// A word after another, whatever was before: what [`Context::score`] needs of it.
#[derive(Clone, Copy, Debug)]
pub struct Step {
    /// Its place in the row of the word before, if they are a bigram.
    place: Option<u32>,
    log10: f32,
}

impl Step {
    /// Its score where nothing is known of the words before those two.
    #[must_use]
    #[inline]
    pub fn scored(self) -> Scored {
        Scored { log10: self.log10, order: if self.place.is_some() { 2 } else { 1 } }
    }
}

/// Two words, of which the first is [`WordId::UNKNOWN`] at the beginning. Small, to be kept in the states of a decoder.
#[derive(Clone, Copy, Debug)]
pub struct Context<'m> {
    model: &'m Model,
    bytes: &'m [u8],
    trigrams: Place,
    backoff: f32,
}

impl<'m> After<'m> {
    /// A word that follows.
    #[must_use]
    #[inline]
    pub fn step(&self, word: WordId) -> Step {
        let codes = &self.model.codes;
        match self.place(word) {
            Some((row, place)) => {
                let log10 = codes.bigram.get(row.code(self.bytes, place as usize));
                Step { place: Some(place), log10 }
            }
            None => Step { place: None, log10: self.backoff + self.model.unigram(word) },
        }
    }

    /// The place of a word in the row.
    #[inline]
    fn place(&self, word: WordId) -> Option<(&Row, u32)> {
        let row = self.row.as_ref()?;
        let rank = self.model.nodes.rank.get(self.bytes, word.index())?.checked_sub(1)?;
        Some((row, row.find(self.bytes, rank)? as u32))
    }

    /// The context that this word makes with the one before it.
    #[must_use]
    #[inline]
    pub fn context(&self, before: WordId) -> Context<'m> {
        let before = self.model.after(before);
        let place = before.place(self.word).map(|(_, place)| place);
        before.context_of(place, self)
    }

    /// The context that this word makes with the next, to which a step led: the same as `next.context` of this word, without the
    /// search for them.
    #[must_use]
    #[inline]
    pub fn then(&self, step: Step, next: &Self) -> Context<'m> {
        self.context_of(step.place, next)
    }

    #[inline]
    fn context_of(&self, place: Option<u32>, next: &Self) -> Context<'m> {
        let Self { model, bytes, .. } = *self;
        let continued = self.row.as_ref().zip(place).and_then(|(row, place)| row.continued(bytes, place));
        let Some(continued) = continued else {
            return Context { model, bytes, trigrams: Place::default(), backoff: 0.0 };
        };
        let width = model.widths.entry(next.row.as_ref().map_or(0, Row::len));
        let (start, end) = continued.trigrams;
        let trigrams = Place { start, width, len: (end - start) / width as usize };
        Context { model, bytes, trigrams, backoff: model.codes.bigram_backoff.get(continued.backoff) }
    }
}

impl Context<'_> {
    /// How likely a word is there. The step must come from the [`After`] that made the context, or one of the same word.
    #[must_use]
    #[inline]
    pub fn score(&self, step: Step) -> Scored {
        if let Some(place) = step.place
            && let Some(log10) = self.trigram(place)
        {
            return Scored { log10, order: 3 };
        }
        let Scored { log10, order } = step.scored();
        Scored { log10: self.backoff + log10, order }
    }

    #[inline]
    fn trigram(&self, place: u32) -> Option<f32> {
        let Model { codes, widths, .. } = self.model;
        let entries = self.trigrams.of(self.bytes);
        let at = entries.lower_bound(0, self.trigrams.len, place << widths.trigram);
        let entry = (at < self.trigrams.len).then(|| entries.get(at))?;
        let code = entry & ((1 << widths.trigram) - 1);
        (entry >> widths.trigram == place).then(|| codes.trigram.get(code))
    }
}

/// The sections of a file that passed [`container::check`].
struct SectionReader<'a> {
    file: &'a [u8],
}

impl SectionReader<'_> {
    fn place(&self, section: &'static str) -> Result<Range<usize>, ModelError> {
        let missing = ModelError::Section { section, what: "is missing or not within the file" };
        container::section(self.file, section).ok_or(missing)
    }

    fn columns<const N: usize>(&self, section: &'static str) -> Result<[Column; N], ModelError> {
        let place = self.place(section)?;
        let columns = bits::columns(&self.file[place.clone()], place.start);
        columns.ok_or(ModelError::Section { section, what: "is too short for its numbers" })
    }

    fn array(&self, section: &'static str) -> Result<Place, ModelError> {
        let place = self.place(section)?;
        let array = bits::array_at(&self.file[place.clone()], place.start);
        array.ok_or(ModelError::Section { section, what: "is too short for its numbers" })
    }

    fn number(&self, section: &'static str) -> Result<u32, ModelError> {
        let number = bits::read_u32(&self.file[self.place(section)?], 0);
        number.ok_or(ModelError::Section { section, what: "is too short for a number" })
    }

    fn codes(&self) -> Result<Codes, ModelError> {
        let error = ModelError::Section { section: "codebooks", what: "does not hold five codebooks" };
        let mut rest = &self.file[self.place("codebooks")?];
        let mut next = || {
            let (values, after) = Values::read(rest).ok_or_else(|| error.clone())?;
            rest = after;
            Ok(values)
        };
        Ok(Codes {
            unigram: next()?,
            unigram_backoff: next()?,
            bigram: next()?,
            bigram_backoff: next()?,
            trigram: next()?,
        })
    }
}
