//! One list of words: a finite-state map over all of them in small letters, walked from each place in a text where a word can
//! begin. A text without any of the words costs a step or two a word; ten thousand words take some 200 KB.

use std::{cmp::Ordering, collections::BTreeMap};

use fst::{Map, raw::Fst};
use unicode_normalization::UnicodeNormalization as _;

/// Words, for looking up by their beginning, their end, or as a whole.
#[derive(Debug, Default)]
pub(super) struct WordList {
    /// Each word, composed, in the order of its folded form.
    pub(super) words: Box<[GlossaryEntry]>,
    /// The numbers of all words in the order of their folded forms read backwards.
    pub(super) by_ending: Box<[u32]>,
    /// From a folded form, composed and decomposed, to the first of its words and their number. None where there is no word:
    /// even an empty map is built, and that takes as long as half a check.
    index: Option<Map<Vec<u8>>>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct GlossaryEntry {
    pub(super) folded: Box<str>,
    pub(super) text: Box<str>,
}

impl WordList {
    /// Of the words that are not `held` elsewhere.
    pub(super) fn new<W: AsRef<str>>(
        words: impl IntoIterator<Item = W>,
        held: impl Fn(&GlossaryEntry) -> bool,
    ) -> Self {
        let word = |text: W| {
            let text: String = text.as_ref().trim().nfc().collect();
            GlossaryEntry { folded: folded(&text).into(), text: text.into() }
        };
        let words = words.into_iter().map(word);
        let mut words: Vec<GlossaryEntry> = words.filter(|word| !word.folded.is_empty() && !held(word)).collect();
        words.sort_unstable();
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
        Self { by_ending: by_ending(&words), words: words.into(), index }
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    pub(super) const fn len(&self) -> usize {
        self.words.len()
    }

    /// Whether it has exactly this word.
    pub(super) fn holds(&self, word: &GlossaryEntry) -> bool {
        self.words.binary_search(word).is_ok()
    }

    /// Whether a word by itself is one of these.
    pub(super) fn contains(&self, word: &str) -> bool {
        self.group(&folded(word)).iter().any(|entry| entry.allows(word))
    }

    /// The end of the longest word that begins at `start` and ends where a word may end, and how many bytes were compared.
    pub(super) fn longest_at(&self, text: &str, start: usize) -> (Option<usize>, usize) {
        let Some(index) = &self.index else { return (None, 0) };
        let fst: &Fst<Vec<u8>> = index.as_fst();
        let mut node = fst.root();
        let mut output = 0;
        let (mut longest, mut compared) = (None, 0);
        let mut rest = text[start..].char_indices().peekable();
        while let Some((at, c)) = rest.next() {
            for lower in c.to_lowercase() {
                for byte in lower.encode_utf8(&mut [0; 4]).bytes() {
                    compared += 1;
                    let Some(transition) = node.find_input(byte) else { return (longest, compared) };
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
        (longest, compared)
    }

    /// The words of a folded form.
    pub(super) fn group(&self, folded: &str) -> &[GlossaryEntry] {
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

fn by_ending(words: &[GlossaryEntry]) -> Box<[u32]> {
    let mut numbers: Vec<u32> = (0..u32::try_from(words.len()).unwrap_or(u32::MAX)).collect();
    numbers.sort_unstable_by(|&a, &b| {
        let [a, b] = [a, b].map(|number| words[number as usize].folded.bytes().rev());
        a.cmp(b)
    });
    numbers.into()
}

const fn pack(first: usize, count: usize) -> u64 {
    (first as u64) << 32 | count as u64
}

pub(super) fn folded(word: &str) -> String {
    if word.is_ascii() {
        return word.to_ascii_lowercase();
    }
    word.nfc().flat_map(char::to_lowercase).collect()
}

/// Whether a word goes on from one character to the next.
pub(super) fn run_on(a: char, b: char) -> bool {
    if a.is_ascii() && b.is_ascii() {
        return a.is_ascii_alphanumeric() && b.is_ascii_alphanumeric();
    }
    let joins = |c: char| (c.is_alphanumeric() && !writes_without_spaces(c)) || is_mark(c);
    joins(a) && joins(b) || is_mark(b)
}

/// A mark that stands on the letter before it.
fn is_mark(c: char) -> bool {
    unicode_normalization::char::is_combining_mark(c)
}

/// Han, Kana, Thai, Lao, Khmer, Myanmar: by block, as a word may begin at any letter of theirs.
pub(super) const fn writes_without_spaces(c: char) -> bool {
    matches!(c,
        '\u{0e00}'..='\u{0eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' | '\u{2e80}'..='\u{31ff}'
        | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}
