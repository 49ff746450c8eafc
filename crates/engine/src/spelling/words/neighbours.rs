//! Which frequent words are one or two slips away from a word: a yes or no in about a microsecond, where a search for
//! suggestions takes hundreds.
//!
//! Symmetric deletion (Garbe's SymSpell): two words within d edits of each other share a spelling after at most d letters are
//! deleted from each. All such spellings of the frequent words are kept as hashes; hits are verified by their distance.

use rustc_hash::FxHashSet;

use super::{common::CentiZipf, normal::unaccented};

/// Words at least this frequent (one in a million) are found one edit away.
pub(super) const FREQUENT_ZIPF: CentiZipf = 300;
/// Words at least this frequent are found two edits away, too.
pub(super) const VERY_FREQUENT_ZIPF: CentiZipf = 450;
/// Longer words are compared by their first letters only, which bounds the index and the work of a query.
const PREFIX_LETTERS: usize = 10;
/// Bits of the filter that turns most queries away before the index is searched.
const FILTER_BITS: usize = 1 << 22;

/// A frequent word near another.
#[derive(Clone, Copy, Debug)]
pub(super) struct NearbyWord {
    /// Edits between the two: insertions, deletions, replacements, swaps of adjacent letters.
    pub(super) edits: usize,
    pub(super) frequency: CentiZipf,
    /// Whether it is a word in small letters, not only a name.
    pub(super) common_noun: bool,
}

#[derive(Debug)]
struct IndexedWord {
    word: Box<str>,
    frequency: CentiZipf,
    common_noun: bool,
}

/// An index of the frequent words of a language.
#[derive(Debug)]
pub(crate) struct SymmetricDeletionIndex {
    words: Vec<IndexedWord>,
    /// Hash of a spelling with deletions (high half) and number of a word (low half), ascending.
    spellings: Vec<u64>,
    filter: Vec<u64>,
    /// Hashes of the bare spellings of all words with accents, the less frequent among them.
    accented: FxHashSet<u32>,
}

impl SymmetricDeletionIndex {
    /// Indexes the frequent among the words, about 10 ms. `has_form` tells whether a word is one in small letters.
    #[must_use]
    pub(crate) fn new(words: &[(Box<str>, CentiZipf)], has_form: impl Fn(&str) -> bool) -> Self {
        let accented = words.iter().filter(|(word, _)| !word.is_ascii()).map(|(word, _)| hash_of(&unaccented(word)));
        let mut index = Self {
            words: Vec::new(),
            spellings: Vec::new(),
            filter: vec![0; FILTER_BITS / 64],
            accented: accented.collect(),
        };
        for (word, frequency) in words.iter().filter(|(_, frequency)| *frequency >= FREQUENT_ZIPF) {
            let common_noun = has_form(word);
            let word = unaccented(word);
            let number = index.words.len() as u64;
            let deletions = if *frequency >= VERY_FREQUENT_ZIPF { 2 } else { 1 };
            for_each_deletion(&word, deletions, &mut |hash| index.spellings.push(u64::from(hash) << 32 | number));
            index.words.push(IndexedWord { word: word.into(), frequency: *frequency, common_noun });
        }
        index.spellings.sort_unstable();
        index.spellings.dedup();
        for spelling in &index.spellings {
            let hash = (spelling >> 32) as usize;
            index.filter[hash % FILTER_BITS / 64] |= 1 << (hash % 64);
        }
        index
    }

    /// Whether a frequent word is one edit away, or one that is not quite rare differs by accents only: what looks like a new
    /// word may be a slip.
    pub(super) fn has_neighbour(&self, word: &str) -> bool {
        self.has_neighbour_of(word, 0)
    }

    /// The same, but for words one edit away that are less frequent than that.
    pub(super) fn has_neighbour_of(&self, word: &str, least: CentiZipf) -> bool {
        word.is_ascii() && self.accented.contains(&hash_of(word))
            || self.any_nearby(word, |near| near.edits == 0 || near.edits == 1 && near.frequency >= least)
    }

    /// Whether a word is likely a slip of a word in small letters, or of a brand that everybody knows, however often it stands.
    pub(super) fn has_likely_meaning(&self, word: &str) -> bool {
        let letters = word.chars().count();
        self.any_nearby(word, |near| match (letters, near.edits) {
            (_, 0) => near.common_noun,
            (..=5, 1) => near.common_noun && near.frequency >= 550,
            (6, 1) => near.frequency >= if near.common_noun { 420 } else { VERY_FREQUENT_ZIPF },
            (7.., 1) => near.common_noun || near.frequency >= VERY_FREQUENT_ZIPF,
            _ => false,
        })
    }

    /// Whether any frequent word within two edits of `word` satisfies `is_meant`.
    pub(super) fn any_nearby(&self, word: &str, mut is_meant: impl FnMut(NearbyWord) -> bool) -> bool {
        let word = unaccented(word);
        let mut found = false;
        for_each_deletion(&word, 2, &mut |hash| {
            if found || self.filter[hash as usize % FILTER_BITS / 64] & (1 << (hash % 64)) == 0 {
                return;
            }
            let hash = u64::from(hash);
            let first = self.spellings.partition_point(|spelling| spelling >> 32 < hash);
            for spelling in self.spellings[first..].iter().take_while(|&&spelling| spelling >> 32 == hash) {
                let number = (spelling & 0xFFFF_FFFF) as usize;
                let &IndexedWord { word: ref known, frequency, common_noun } = &self.words[number];
                let edits = osa_distance(&word, known);
                found |= edits <= 2 && is_meant(NearbyWord { edits, frequency, common_noun });
            }
        });
        found
    }
}

/// Hashes of the first letters of a word with up to `deletions` of them deleted.
fn for_each_deletion(word: &str, deletions: usize, each: &mut impl FnMut(u32)) {
    let mut letters = [0_u32; PREFIX_LETTERS];
    let mut length = 0;
    for c in word.chars().take(PREFIX_LETTERS) {
        letters[length] = u32::from(c);
        length += 1;
    }
    let letters = &letters[..length];
    each(hash_without(letters, PREFIX_LETTERS, PREFIX_LETTERS));
    for first in 0..length {
        each(hash_without(letters, first, PREFIX_LETTERS));
        if deletions > 1 {
            for second in first + 1..length {
                each(hash_without(letters, first, second));
            }
        }
    }
}

/// FNV-1a over a whole word.
fn hash_of(word: &str) -> u32 {
    word.chars().fold(0x811C_9DC5, |hash, letter| (hash ^ u32::from(letter)).wrapping_mul(0x0100_0193))
}

/// FNV-1a over the letters but two.
fn hash_without(letters: &[u32], without: usize, nor: usize) -> u32 {
    let kept = letters.iter().enumerate().filter(|&(at, _)| at != without && at != nor);
    kept.fold(0x811C_9DC5, |hash, (_, &letter)| (hash ^ letter).wrapping_mul(0x0100_0193))
}

/// Optimal string alignment distance in characters (Damerau 1964, adjacent transpositions count one).
fn osa_distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    if a.len().abs_diff(b.len()) > 2 {
        return usize::MAX;
    }
    let mut older: Vec<usize> = Vec::new();
    let mut previous: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut row = vec![i; b.len() + 1];
        for j in 1..=b.len() {
            let replaced = usize::from(a[i - 1] != b[j - 1]);
            row[j] = (previous[j] + 1).min(row[j - 1] + 1).min(previous[j - 1] + replaced);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                row[j] = row[j].min(older[j - 2] + 1);
            }
        }
        older = std::mem::replace(&mut previous, row);
    }
    previous[b.len()]
}

#[cfg(test)]
mod tests {
    use super::{super::common::CommonWords, *};

    #[test]
    fn counts_edits() {
        for (a, b, edits) in [("teh", "the", 1), ("abc", "abc", 0), ("recieve", "receive", 1), ("kitten", "sittin", 2)]
        {
            assert_eq!(osa_distance(a, b), edits, "{a} {b}");
        }
    }

    #[test]
    fn finds_what_is_near() {
        let bytes = crate::spelling::data::LanguageData::embedded().take("en/common.fst").map(|file| file.bytes);
        let common = bytes.and_then(|bytes| CommonWords::open(bytes, false).ok()).expect("the embedded data");
        let index = SymmetricDeletionIndex::new(&common.words_at_least(FREQUENT_ZIPF), |_| true);
        for (word, edits) in [("Recieved", 1), ("definately", 1), ("thnkas", 2), ("acommodation", 1), ("received", 0)] {
            assert!(index.any_nearby(word, |near| near.edits == edits && near.frequency >= FREQUENT_ZIPF), "{word}");
        }
        assert!(!index.any_nearby("Szczepański", |_| true));
    }
}
