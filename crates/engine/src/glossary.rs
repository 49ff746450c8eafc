//! A tenant's own words: names, products and terms that are right in every language. Knows no tenant, no store, no checker.
//!
//! One finite-state map over all words in small letters, walked from each place in a text where a word can begin. A text
//! without any of the words costs a step or two a word; ten thousand words take some 150 KB.

mod near;
#[cfg(test)]
mod tests;

use std::{cmp::Ordering, collections::BTreeMap};

use fst::{Map, raw::Fst};
use unicode_normalization::UnicodeNormalization as _;

use crate::text::Span;

/// Words that are right, for looking up. Immutable: built once for each change of the words, and shared.
#[derive(Clone, Debug, Default)]
pub struct Glossary {
    /// Each word, composed, in the order of its folded form.
    words: Box<[GlossaryEntry]>,
    /// From a folded form, composed and decomposed, to the first of its words and their number. None where there is no word, as
    /// for most callers: even an empty map is built, and that takes as long as half a check.
    index: Option<Map<Vec<u8>>>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct GlossaryEntry {
    folded: Box<str>,
    text: Box<str>,
}

impl PartialEq for Glossary {
    fn eq(&self, other: &Self) -> bool {
        self.words == other.words
    }
}

impl Eq for Glossary {}

impl Glossary {
    /// Of these words, in any order; repeated and empty ones do not count. O(n log n), some 17 ms for ten thousand words.
    #[must_use]
    pub fn new<W: AsRef<str>>(words: impl IntoIterator<Item = W>) -> Self {
        let word = |text: W| {
            let text: String = text.as_ref().trim().nfc().collect();
            GlossaryEntry { folded: folded(&text).into(), text: text.into() }
        };
        let mut words: Vec<GlossaryEntry> =
            words.into_iter().map(word).filter(|word| !word.folded.is_empty()).collect();
        words.sort_unstable_by(|a, b| (&a.folded, &a.text).cmp(&(&b.folded, &b.text)));
        words.dedup();
        if words.is_empty() {
            return Self::default();
        }
        let mut keys = BTreeMap::new();
        let mut first = 0;
        for group in words.chunk_by(|a, b| a.folded == b.folded) {
            let value = pack(first, group.len());
            keys.insert(group[0].folded.nfd().collect::<String>(), value);
            keys.insert(group[0].folded.to_string(), value);
            first += group.len();
        }
        // A sorted map has sorted keys, which is all that can be wrong with them.
        let index = Map::from_iter(keys).ok();
        Self { words: words.into(), index }
    }

    /// Whether it holds no word.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// How many words it holds.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.words.len()
    }

    /// Where in a text its words stand: ascending and disjoint, the longest word at each place, from the left. A word in small
    /// letters stands in any case, one with capitals as it is or all in capitals. Letters and digits do not run on beyond
    /// either end, but for Han and other scripts that write without spaces.
    ///
    /// O(length of the text) for words of bounded length; no allocation for a text that holds none.
    #[must_use]
    pub fn find(&self, text: &str) -> Vec<Span> {
        let mut found = Vec::new();
        if self.is_empty() {
            return found;
        }
        let mut previous = None;
        let mut at = 0;
        while let Some(c) = text[at..].chars().next() {
            if !previous.is_some_and(|before| run_on(before, c))
                && let Some(end) = self.longest_at(text, at)
            {
                found.push(Span::new(at, end));
                previous = text[..end].chars().next_back();
                at = end;
            } else {
                previous = Some(c);
                at += c.len_utf8();
            }
        }
        found
    }

    /// Whether a word by itself is one of these.
    #[must_use]
    pub fn contains(&self, word: &str) -> bool {
        self.group(&folded(word)).iter().any(|entry| entry.allows(word))
    }

    /// The end of the longest word that begins at `start` and ends where a word may end.
    fn longest_at(&self, text: &str, start: usize) -> Option<usize> {
        let fst: &Fst<Vec<u8>> = self.index.as_ref()?.as_fst();
        let mut node = fst.root();
        let mut output = 0;
        let mut longest = None;
        let mut rest = text[start..].char_indices().peekable();
        while let Some((at, c)) = rest.next() {
            for lower in c.to_lowercase() {
                for byte in lower.encode_utf8(&mut [0; 4]).bytes() {
                    let Some(transition) = node.find_input(byte) else { return longest };
                    let transition = node.transition(transition);
                    output += transition.out.value();
                    node = fst.node(transition.addr);
                }
            }
            let end = start + at + c.len_utf8();
            let may_end = !rest.peek().is_some_and(|&(_, next)| run_on(c, next));
            if node.is_final() && may_end {
                let group = self.unpack(output + node.final_output().value());
                if group.iter().any(|entry| entry.allows(&text[start..end])) {
                    longest = Some(end);
                }
            }
        }
        longest
    }

    fn group(&self, folded: &str) -> &[GlossaryEntry] {
        self.index.as_ref().and_then(|index| index.get(folded)).map_or(&[], |value| self.unpack(value))
    }

    fn unpack(&self, value: u64) -> &[GlossaryEntry] {
        let (first, count) = ((value >> 32) as usize, (value & 0xffff_ffff) as usize);
        self.words.get(first..first + count).unwrap_or_default()
    }
}

impl GlossaryEntry {
    /// Whether it may be written so, given that the folded forms are the same.
    fn allows(&self, written: &str) -> bool {
        *self.text == *self.folded
            || written.nfc().cmp(self.text.chars()) == Ordering::Equal
            || !written.contains(char::is_lowercase)
    }
}

const fn pack(first: usize, count: usize) -> u64 {
    (first as u64) << 32 | count as u64
}

fn folded(word: &str) -> String {
    word.nfc().flat_map(char::to_lowercase).collect()
}

/// Whether a word goes on from one character to the next.
fn run_on(a: char, b: char) -> bool {
    let joins = |c: char| (c.is_alphanumeric() && !writes_without_spaces(c)) || is_mark(c);
    joins(a) && joins(b) || is_mark(b)
}

/// A mark that stands on the letter before it.
fn is_mark(c: char) -> bool {
    unicode_normalization::char::is_combining_mark(c)
}

/// Han, Kana, Thai, Lao, Khmer, Myanmar: by block, as a word may begin at any letter of theirs.
const fn writes_without_spaces(c: char) -> bool {
    matches!(c,
        '\u{0e00}'..='\u{0eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' | '\u{2e80}'..='\u{31ff}'
        | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}
