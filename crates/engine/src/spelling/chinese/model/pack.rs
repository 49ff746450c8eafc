//! Packs a model into the file that [`super::NGramModel`] reads. The same n-grams give the same bytes.

use super::{
    bits::{self, BitWriter},
    codebook::{Codebook, QuantisationLoss},
    container::SectionWriter,
    ngrams::{NGramWeight, NGrams, SENTENCE_END, SENTENCE_START, UNKNOWN_WORD},
    row::{self, CodeWidths, RowBigram},
    trie::{MAX_NODES, MAX_WORD_LEN, NODE_BITS, TrieBuilder},
};

const NODE_MASK: u32 = (1 << NODE_BITS) - 1;

/// Of the rows; so all places in a file fit in 32 bits.
const MAX_ROW_BYTES: usize = 1 << 31;

/// Values of the codebooks of unigrams, which are few and matter most.
const UNIGRAM_VALUES: usize = 1 << 10;

/// Values of the others.
const NGRAM_VALUES: usize = 1 << 8;

/// Why n-grams cannot be packed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PackError {
    /// Nothing to pack.
    #[error("the model holds no words")]
    Empty,
    /// More words, and beginnings of words, than their numbers have bits for.
    #[error("the words have {0} different beginnings; a packed model numbers {max}", max = MAX_NODES)]
    TooManyWords(usize),
    /// More n-grams than the numbers of a file reach.
    #[error("the packed n-grams take {0} bytes, more than the {max} that a file may have", max = MAX_ROW_BYTES)]
    TooLarge(usize),
    /// An n-gram that stands twice.
    #[error("the n-gram `{0}` stands twice")]
    Repeated(String),
}

/// What went into a packed model.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PackSummary {
    /// Words, without the unknown one.
    pub words: usize,
    pub bigrams: usize,
    pub trigrams: usize,
    /// Words left out: `<s>`, `</s>`, those longer than [`MAX_WORD_LEN`] characters, and those not to be kept.
    pub left_out: usize,
    /// Bigrams added, with the probability that backing off gives them, since a trigram begins or ends with them.
    pub added: usize,
    /// What rounding costs: unigrams, their backoffs, bigrams, their backoffs, trigrams.
    pub losses: [QuantisationLoss; 5],
}

/// A packed model, to which sections can be added.
#[derive(Clone, Debug)]
pub(crate) struct PackedModel {
    sections: SectionWriter,
    /// What went into it.
    pub summary: PackSummary,
}

impl PackedModel {
    /// Adds a section that [`super::NGramModel::section`] will give.
    ///
    /// # Panics
    /// If the name is empty, longer than 16 bytes, or taken.
    pub(crate) fn add_section(&mut self, name: &str, bytes: Vec<u8>) {
        self.sections.add(name, bytes);
    }

    /// The file.
    #[must_use]
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        self.sections.to_bytes()
    }
}

/// Packs the n-grams all of whose words `keep` accepts. Some 4 s for seven million, and 16 bytes of memory for each.
///
/// # Errors
/// [`PackError`] for what no model is: no words, too many, an n-gram twice.
pub(crate) fn pack_model(ngrams: &NGrams, keep: impl Fn(&str) -> bool) -> Result<PackedModel, PackError> {
    let vocabulary = PackedVocabulary::new(ngrams, keep)?;
    let mut sorted = SortedNGrams::new(ngrams, &vocabulary)?;
    let added = sorted.add_missing_bigrams(&vocabulary);
    let books = FittedCodebooks::fit(&vocabulary, &sorted);
    let mut sections = SectionWriter::default();
    for (name, bytes) in ["letters", "children", "parents"].into_iter().zip(vocabulary.tree.sections()) {
        sections.add(name, bytes);
    }
    let rows = PackedRows::encode(&sorted, &books);
    if rows.bytes.len() > MAX_ROW_BYTES {
        return Err(PackError::TooLarge(rows.bytes.len()));
    }
    let [unigrams, backoffs] = unigram_codes(&vocabulary, &books);
    let nodes = [&vocabulary.tree.word_marks(), &unigrams, &backoffs, &rows.ranks, &rows.at];
    sections.add("nodes", bits::encode_table(nodes.map(Vec::as_slice)));
    sections.add("rights", rows.rights.to_le_bytes().to_vec());
    sections.add("codebooks", books.to_section());
    sections.add("rows", rows.bytes);
    let summary = PackSummary {
        words: vocabulary.weights.len() - 1,
        bigrams: sorted.bigrams.len(),
        trigrams: sorted.trigrams.len(),
        left_out: vocabulary.left_out,
        added,
        losses: books.all().map(|book| book.loss),
    };
    Ok(PackedModel { sections, summary })
}

/// The words that are kept, by their new numbers.
struct PackedVocabulary {
    tree: TrieBuilder,
    /// By number in the source, the number in the tree; 0 for words left out.
    nodes: Vec<u32>,
    /// Numbers and weights, ascending. The first is the unknown word, 0.
    weights: Vec<(u32, NGramWeight)>,
    left_out: usize,
}

impl PackedVocabulary {
    fn new(ngrams: &NGrams, keep: impl Fn(&str) -> bool) -> Result<Self, PackError> {
        let fits = |word: &str| (1..=MAX_WORD_LEN).contains(&word.chars().count()) && keep(word);
        let numbered = (0_u32..).zip(ngrams.words.iter().map(String::as_str));
        let mut kept: Vec<(&str, u32)> = numbered
            .filter(|(_, word)| ![UNKNOWN_WORD, SENTENCE_START, SENTENCE_END].contains(word) && fits(word))
            .map(|(number, word)| (word, number))
            .collect();
        kept.sort_unstable();
        if let Some(pair) = kept.windows(2).find(|pair| pair[0].0 == pair[1].0) {
            return Err(PackError::Repeated(pair[0].0.to_owned()));
        }
        let weight = |number: u32| ngrams.unigrams.get(number as usize).copied().unwrap_or_default();
        let unlikeliest = kept.iter().map(|&(_, number)| weight(number).log10).min_by(f32::total_cmp);
        // A model without an unknown word gives it the probability of its least likely one.
        let unlikeliest = NGramWeight { log10: unlikeliest.ok_or(PackError::Empty)?, backoff: 0.0 };
        let unknown = (0_u32..).zip(&ngrams.words).find(|(_, word)| *word == UNKNOWN_WORD);
        let unknown = unknown.map_or(unlikeliest, |(number, _)| NGramWeight { backoff: 0.0, ..weight(number) });
        let tree = TrieBuilder::new(&kept.iter().map(|(word, _)| *word).collect::<Vec<_>>());
        if tree.len() > MAX_NODES {
            return Err(PackError::TooManyWords(tree.len()));
        }
        let mut nodes = vec![0; ngrams.words.len()];
        let mut weights = vec![(0, unknown)];
        for (&(_, number), &node) in kept.iter().zip(tree.word_nodes()) {
            nodes[number as usize] = node;
            weights.push((node, weight(number)));
        }
        weights.sort_unstable_by_key(|(node, _)| *node);
        let special = usize::from(ngrams.words.iter().any(|word| word == UNKNOWN_WORD));
        let left_out = ngrams.words.len() - special - kept.len();
        Ok(Self { tree, nodes, weights, left_out })
    }

    /// The key of an n-gram; `None` if one of its words is left out. Keys ascend as the numbers do.
    fn ngram_key(&self, words: &[u32]) -> Option<u64> {
        words.iter().try_fold(0, |key, &word| match self.nodes.get(word as usize) {
            None | Some(0) => None,
            Some(&node) => Some(key << NODE_BITS | u64::from(node)),
        })
    }

    fn weight(&self, node: u32) -> NGramWeight {
        let found = self.weights.binary_search_by_key(&node, |(node, _)| *node);
        found.map_or(NGramWeight::default(), |index| self.weights[index].1)
    }
}

/// The numbers of a key's last two words.
fn last_two_words(key: u64) -> [u32; 2] {
    [(key >> NODE_BITS) as u32 & NODE_MASK, key as u32 & NODE_MASK]
}

/// The n-grams by ascending key.
struct SortedNGrams {
    bigrams: Vec<(u64, NGramWeight)>,
    trigrams: Vec<(u64, f32)>,
    /// By number of the left word, its first bigram; one more at the end.
    rows: Vec<usize>,
}

impl SortedNGrams {
    fn new(ngrams: &NGrams, vocabulary: &PackedVocabulary) -> Result<Self, PackError> {
        let bigrams = ngrams.bigrams.iter().filter_map(|it| Some((vocabulary.ngram_key(&it.words)?, it.weight)));
        let trigrams = ngrams.trigrams.iter().filter_map(|it| Some((vocabulary.ngram_key(&it.words)?, it.log10)));
        let mut sorted = Self { bigrams: bigrams.collect(), trigrams: trigrams.collect(), rows: Vec::new() };
        sorted.trigrams.sort_unstable_by_key(|(key, _)| *key);
        sorted.index_rows(vocabulary);
        let twice = |keys: [u64; 2]| keys[0] == keys[1];
        let repeated = |words: &[u32], key: u64| {
            let spelled: Vec<&str> = words.iter().map(|&word| ngrams.words[word as usize].as_str()).collect();
            (vocabulary.ngram_key(words) == Some(key)).then(|| PackError::Repeated(spelled.join(" ")))
        };
        if let Some(pair) = sorted.bigrams.windows(2).find(|pair| twice([pair[0].0, pair[1].0])) {
            return ngrams.bigrams.iter().find_map(|it| repeated(&it.words, pair[0].0)).map_or(Ok(sorted), Err);
        }
        if let Some(pair) = sorted.trigrams.windows(2).find(|pair| twice([pair[0].0, pair[1].0])) {
            return ngrams.trigrams.iter().find_map(|it| repeated(&it.words, pair[0].0)).map_or(Ok(sorted), Err);
        }
        Ok(sorted)
    }

    /// Sorts the bigrams and finds their rows.
    fn index_rows(&mut self, vocabulary: &PackedVocabulary) {
        self.bigrams.sort_unstable_by_key(|(key, _)| *key);
        self.rows = vec![0; vocabulary.tree.len() + 1];
        for (key, _) in &self.bigrams {
            self.rows[last_two_words(*key)[0] as usize + 1] += 1;
        }
        for left in 1..self.rows.len() {
            self.rows[left] += self.rows[left - 1];
        }
    }

    fn row(&self, left: u32) -> &[(u64, NGramWeight)] {
        &self.bigrams[self.rows[left as usize]..self.rows[left as usize + 1]]
    }

    /// The place of a bigram in its row.
    fn row_index(&self, words: [u32; 2]) -> Option<usize> {
        self.row(words[0]).binary_search_by_key(&words[1], |(key, _)| last_two_words(*key)[1]).ok()
    }

    /// Adds the bigrams with which trigrams begin and end, where a pruned model lacks them, and says how many.
    fn add_missing_bigrams(&mut self, vocabulary: &PackedVocabulary) -> usize {
        let mut missing = Vec::new();
        for &(key, _) in &self.trigrams {
            for words in [last_two_words(key >> NODE_BITS), last_two_words(key)] {
                if self.row_index(words).is_none() {
                    missing.push(words);
                }
            }
        }
        missing.sort_unstable();
        missing.dedup();
        let backed_off = |[left, right]: [u32; 2]| {
            let log10 = vocabulary.weight(left).backoff + vocabulary.weight(right).log10;
            (u64::from(left) << NODE_BITS | u64::from(right), NGramWeight { log10, backoff: 0.0 })
        };
        self.bigrams.extend(missing.iter().copied().map(backed_off));
        if !missing.is_empty() {
            self.index_rows(vocabulary);
        }
        missing.len()
    }
}

struct FittedCodebooks {
    unigram: Codebook,
    unigram_backoff: Codebook,
    bigram: Codebook,
    bigram_backoff: Codebook,
    trigram: Codebook,
}

impl FittedCodebooks {
    fn fit(vocabulary: &PackedVocabulary, sorted: &SortedNGrams) -> Self {
        let unigrams = || vocabulary.weights.iter().map(|(_, weight)| weight);
        let bigrams = || sorted.bigrams.iter().map(|(_, weight)| weight);
        Self {
            unigram: Codebook::fit(unigrams().map(|weight| weight.log10), UNIGRAM_VALUES),
            unigram_backoff: Codebook::fit(unigrams().map(|weight| weight.backoff), UNIGRAM_VALUES),
            bigram: Codebook::fit(bigrams().map(|weight| weight.log10), NGRAM_VALUES),
            bigram_backoff: Codebook::fit(bigrams().map(|weight| weight.backoff), NGRAM_VALUES),
            trigram: Codebook::fit(sorted.trigrams.iter().map(|(_, log10)| *log10), NGRAM_VALUES),
        }
    }

    fn all(&self) -> [&Codebook; 5] {
        [&self.unigram, &self.unigram_backoff, &self.bigram, &self.bigram_backoff, &self.trigram]
    }

    fn widths(&self) -> CodeWidths {
        CodeWidths { bigram: self.bigram.width(), backoff: self.bigram_backoff.width(), trigram: self.trigram.width() }
    }

    fn to_section(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        self.all().into_iter().for_each(|book| book.write(&mut bytes));
        bytes
    }
}

/// By node, the codes of its probability and its backoff; those of the unknown word for nodes that are no words.
fn unigram_codes(vocabulary: &PackedVocabulary, books: &FittedCodebooks) -> [Vec<u32>; 2] {
    let codes = |weight: NGramWeight| {
        [books.unigram.nearest_code(weight.log10), books.unigram_backoff.nearest_code(weight.backoff)]
    };
    let unknown = codes(vocabulary.weight(0));
    let [mut unigrams, mut backoffs] = unknown.map(|code| vec![code; vocabulary.tree.len()]);
    for &(node, weight) in &vocabulary.weights {
        [unigrams[node as usize], backoffs[node as usize]] = codes(weight);
    }
    [unigrams, backoffs]
}

/// The rows, one after another.
struct PackedRows {
    /// Words that end a bigram.
    rights: u32,
    /// By node, its rank among them, from 1; 0 for the others.
    ranks: Vec<u32>,
    /// By node, where its row begins; 0 for those that begin no bigram.
    at: Vec<u32>,
    bytes: Vec<u8>,
}

impl PackedRows {
    fn encode(sorted: &SortedNGrams, books: &FittedCodebooks) -> Self {
        let nodes = sorted.rows.len() - 1;
        let (rights, ranks) = right_word_ranks(sorted, nodes);
        let mut at = vec![0; nodes];
        let widths = books.widths();
        let mut bits = BitWriter::default();
        // No row begins at byte 0, which stands for none.
        bits.push(0, 8);
        let mut trigrams = sorted.trigrams.as_slice();
        for left in 0..nodes as u32 {
            let row = sorted.row(left);
            if row.is_empty() {
                continue;
            }
            at[left as usize] = bits.len() as u32;
            let mine = trigrams.partition_point(|(key, _)| key >> (2 * NODE_BITS) == u64::from(left));
            let (these, others) = trigrams.split_at(mine);
            trigrams = others;
            let below = trigram_entries(these, sorted, books);
            let mut below = below.as_slice();
            let bigrams: Vec<RowBigram<'_>> = row
                .iter()
                .map(|(key, weight)| {
                    let right = last_two_words(*key)[1];
                    let (these, others) = below.split_at(below.partition_point(|(second, _)| *second <= right));
                    below = others;
                    let continued = weight.backoff != 0.0 || !these.is_empty();
                    RowBigram {
                        rank: ranks[right as usize] - 1,
                        code: books.bigram.nearest_code(weight.log10),
                        backoff: continued.then(|| books.bigram_backoff.nearest_code(weight.backoff)),
                        width: widths.trigram_width(sorted.row(right).len() as u32),
                        trigrams: these,
                    }
                })
                .collect();
            row::write_row(&mut bits, &bigrams, rights, widths);
        }
        Self { rights, ranks, at, bytes: bits.finish() }
    }
}

/// How many words end a bigram, and by node its rank among them, from 1.
fn right_word_ranks(sorted: &SortedNGrams, nodes: usize) -> (u32, Vec<u32>) {
    let mut ranks = vec![0; nodes];
    for (key, _) in &sorted.bigrams {
        ranks[last_two_words(*key)[1] as usize] = 1;
    }
    let mut rights = 0;
    for rank in ranks.iter_mut().filter(|rank| **rank > 0) {
        rights += 1;
        *rank = rights;
    }
    (rights, ranks)
}

/// Of the trigrams of a row: the second word, and the entry that stands for the third and the probability.
fn trigram_entries(trigrams: &[(u64, f32)], sorted: &SortedNGrams, books: &FittedCodebooks) -> Vec<(u32, u32)> {
    let entry = |&(key, log10): &(u64, f32)| {
        let words = last_two_words(key);
        let place = sorted.row_index(words).unwrap_or_default() as u32;
        (words[0], place << books.trigram.width() | books.trigram.nearest_code(log10))
    };
    trigrams.iter().map(entry).collect()
}
