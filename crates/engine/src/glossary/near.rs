//! Which words of a glossary are a slip away from a word as typed. A plain scan: thousands of words, each turned away by its
//! length or its letters before any table is filled.

use super::{Glossary, folded};

/// Words shorter than this are a slip away from too much.
const MIN_LETTERS: usize = 4;

impl Glossary {
    /// The words that one slip (a letter more, fewer, another, or two swapped) or capitals alone make into `word`; at most
    /// `limit`. O(number of words), some 25 us for ten thousand.
    #[must_use]
    pub fn similar_words(&self, word: &str, limit: usize) -> Vec<&str> {
        let typed: Vec<char> = folded(word).chars().collect();
        if self.is_empty() || typed.len() < MIN_LETTERS || limit == 0 {
            return Vec::new();
        }
        let letters = letters(typed.iter().copied());
        let near = |folded: &str| {
            // One slip changes at most two letters of the set: one goes, one comes.
            folded.len().abs_diff(word.len()) <= 4
                && (letters ^ self::letters(folded.chars())).count_ones() <= 2
                && is_one_slip(&typed, folded)
        };
        let others = self.words.iter().filter(|entry| *entry.text != *word);
        others.filter(|entry| near(&entry.folded)).map(|entry| &*entry.text).take(limit).collect()
    }
}

/// A bit for each letter, by its code modulo 64.
fn letters(word: impl Iterator<Item = char>) -> u64 {
    word.fold(0, |set, c| set | 1 << (u32::from(c) % 64))
}

/// Whether a word can be made of another by one slip at most.
fn is_one_slip(typed: &[char], word: &str) -> bool {
    let meant: Vec<char> = word.chars().collect();
    if meant.len() < MIN_LETTERS {
        return false;
    }
    let same = typed.iter().zip(&meant).take_while(|(a, b)| a == b).count();
    let (a, b) = (&typed[same..], &meant[same..]);
    match (a, b) {
        ([], []) => true,
        ([_, a @ ..], [_, b @ ..]) if a == b => true,
        ([a0, a1, a @ ..], [b0, b1, b @ ..]) if a0 == b1 && a1 == b0 && a == b => true,
        _ => a.len() == b.len() + 1 && a[1..] == *b || b.len() == a.len() + 1 && b[1..] == *a,
    }
}
