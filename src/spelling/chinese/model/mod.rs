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
//! | `words`, `unigrams` | which nodes are words; by rank of the word, codes of its probability and its backoff |
//! | `lefts`, `rows.at`, `rows` | the words that begin a bigram; by rank, where its row begins; the rows, as [`row`] describes |
//! | `rights` | the words that end a bigram |
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
mod ranked;
mod row;
mod trie;

use std::{borrow::Cow, ops::Range};

pub use codebook::Loss;
pub use container::ModelError;
pub use trie::{LONGEST_WORD, Word};

use bits::Place;
use codebook::Values;
use ranked::Ranked;
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
    words: Ranked,
    unigrams: Place,
    lefts: Ranked,
    rights: Ranked,
    rows_at: Place,
    /// First byte of the rows.
    rows: usize,
    codes: Codes,
    widths: CodeWidths,
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
        let unfit = |section| ModelError::Section { section, what: "does not fit the others" };
        let (words, lefts) = (sections.ranked("words")?, sections.ranked("lefts")?);
        let (unigrams, rows_at) = (sections.array("unigrams")?, sections.array("rows.at")?);
        let codes = sections.codes()?;
        for (fits, section) in [
            (trie.fits(), "children"),
            (unigrams.len == words.len && words.len > 0, "unigrams"),
            (unigrams.width == codes.unigram.width + codes.unigram_backoff.width, "codebooks"),
            (rows_at.len == lefts.len, "rows.at"),
        ] {
            fits.then_some(()).ok_or_else(|| unfit(section))?;
        }
        let widths = CodeWidths {
            bigram: codes.bigram.width,
            backoff: codes.bigram_backoff.width,
            trigram: codes.trigram.width,
        };
        let (rights, rows) = (sections.ranked("rights")?, sections.place("rows")?.start);
        Ok(Self { trie, words, unigrams, lefts, rights, rows_at, rows, codes, widths, bytes })
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
        (1..self.id_bound() as u32).filter(|&node| self.words.rank(&self.bytes, node).is_some()).map(WordId)
    }

    /// The characters of a word; none for [`WordId::UNKNOWN`]. Some 20 ns a character.
    #[must_use]
    pub fn word(&self, word: WordId) -> Word {
        self.trie.spell(&self.bytes, word)
    }

    /// The number of a word.
    #[must_use]
    pub fn id(&self, word: &str) -> Option<WordId> {
        let node = word.chars().try_fold(0, |node, letter| self.trie.child(&self.bytes, node, letter))?;
        self.word_at(node)
    }

    /// The number of the word that some characters spell.
    #[must_use]
    pub fn id_of(&self, word: &[char]) -> Option<WordId> {
        let node = word.iter().try_fold(0, |node, &letter| self.trie.child(&self.bytes, node, letter))?;
        self.word_at(node)
    }

    /// Gives all words with which a text begins, shortest first, each with its length in characters.
    #[inline]
    pub fn prefixes(&self, text: &[char], mut found: impl FnMut(usize, WordId)) {
        let mut node = 0;
        for (index, &letter) in text.iter().enumerate() {
            let Some(child) = self.trie.child(&self.bytes, node, letter) else { return };
            node = child;
            if let Some(word) = self.word_at(node) {
                found(index + 1, word);
            }
        }
    }

    fn word_at(&self, node: u32) -> Option<WordId> {
        (node > 0 && self.words.rank(&self.bytes, node).is_some()).then_some(WordId(node))
    }

    /// log10 of the probability of a word by itself. A number that is none's counts as unknown.
    #[must_use]
    #[inline]
    pub fn unigram(&self, word: WordId) -> f32 {
        self.codes.unigram.get(self.unigram_codes(word) & ((1 << self.codes.unigram.width) - 1))
    }

    fn unigram_backoff(&self, word: WordId) -> f32 {
        self.codes.unigram_backoff.get(self.unigram_codes(word) >> self.codes.unigram.width)
    }

    #[inline]
    fn unigram_codes(&self, word: WordId) -> u32 {
        let rank = self.words.rank(&self.bytes, word.0).unwrap_or(0);
        self.unigrams.of(&self.bytes).get(rank as usize)
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
        After { model: self, word, row: self.row(word), backoff: self.unigram_backoff(word) }
    }

    fn row(&self, left: WordId) -> Option<Row> {
        let rank = self.lefts.rank(&self.bytes, left.0)?;
        let at = self.rows + self.rows_at.of(&self.bytes).get(rank as usize) as usize;
        Some(Row::read(&self.bytes, at, self.rights.len as u32, self.widths))
    }
}

/// What may follow one word; the word before it still open. Made once for all words that follow.
#[derive(Clone, Copy, Debug)]
pub struct After<'m> {
    model: &'m Model,
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
    trigrams: Place,
    backoff: f32,
}

impl<'m> After<'m> {
    /// A word that follows.
    #[must_use]
    #[inline]
    pub fn step(&self, word: WordId) -> Step {
        let Model { bytes, rights, codes, .. } = self.model;
        let found = self.row.and_then(|row| Some((row, row.find(bytes, rights.rank(bytes, word.0)?)?)));
        match found {
            Some((row, place)) => Step { place: Some(place as u32), log10: codes.bigram.get(row.code(bytes, place)) },
            None => Step { place: None, log10: self.backoff + self.model.unigram(word) },
        }
    }

    /// The context that this word makes with the one before it.
    #[must_use]
    #[inline]
    pub fn context(&self, before: WordId) -> Context<'m> {
        let Model { bytes, rights, codes, widths, .. } = self.model;
        let continued = self.model.row(before).and_then(|row| {
            let place = row.find(bytes, rights.rank(bytes, self.word.0)?)?;
            row.continued(bytes, place)
        });
        let Some(continued) = continued else {
            return Context { model: self.model, trigrams: Place::default(), backoff: 0.0 };
        };
        let width = widths.entry(self.row.map_or(0, |row| row.len()));
        let (start, end) = continued.trigrams;
        let len = end.saturating_sub(start) / width.max(1) as usize;
        let trigrams = Place { start, width, len };
        Context { model: self.model, trigrams, backoff: codes.bigram_backoff.get(continued.backoff) }
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
        let Model { bytes, codes, widths, .. } = self.model;
        let entries = self.trigrams.of(bytes);
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

    fn array(&self, section: &'static str) -> Result<Place, ModelError> {
        let place = self.place(section)?;
        let array = bits::array_place(&self.file[place.clone()], place.start);
        array.ok_or(ModelError::Section { section, what: "is too short for its numbers" })
    }

    fn ranked(&self, section: &'static str) -> Result<Ranked, ModelError> {
        let place = self.place(section)?;
        let set = Ranked::open(&self.file[place.clone()], place.start);
        set.ok_or(ModelError::Section { section, what: "is too short for its members" })
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
