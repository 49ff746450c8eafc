//! Which words of a glossary are a slip away from a word as typed.
//!
//! One slip leaves either the first or the second half of a word as it was, unless it swaps the two letters in the middle: so
//! only words that begin or end as the typed one does are compared with it, a few of ten thousand. Where most words of a
//! glossary begin alike, the comparisons are counted, and end.

use super::{
    Glossary,
    list::{GlossaryEntry, WordList, folded},
};

/// Words shorter than this are a slip away from too much.
const MIN_LETTERS: usize = 4;

/// Steps for one word at most.
const WORD_STEPS: u32 = 2_000;

/// Bytes of a word that a step compares.
const BYTES_PER_STEP: usize = 32;

/// The words near another.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NearbyWords<'g> {
    /// In the order of their letters.
    pub words: Vec<&'g str>,
    /// Whether the steps ended before all words were compared: there may be more.
    pub cut: bool,
}

impl Glossary {
    /// The words that one slip (a letter more, fewer, another, or two swapped) or capitals alone make into `word`; at most
    /// `limit`. Takes at most 2,000 of the `steps`, each a short word compared: some 0.1 us. As a rule it takes five.
    #[must_use]
    pub fn similar_words(&self, word: &str, limit: usize, steps: &mut u32) -> NearbyWords<'_> {
        if self.is_empty() || limit == 0 {
            return NearbyWords::default();
        }
        let typed = folded(word);
        let Some(halves) = Halves::of(&typed) else { return NearbyWords::default() };
        let lent = WORD_STEPS.min(*steps);
        let mut search = NearSearch { word, typed: &typed, found: Vec::new(), steps: lent, cut: false };
        for list in &self.lists {
            search.visit(list, &halves);
        }
        *steps -= lent - search.steps;
        let NearSearch { mut found, cut, .. } = search;
        found.sort_unstable();
        NearbyWords { words: found.into_iter().map(|entry| &*entry.text).take(limit).collect(), cut }
    }
}

/// A word in two.
struct Halves<'t> {
    first: &'t str,
    second: &'t str,
    /// The word with the letters in the middle swapped.
    swapped: String,
}

impl<'t> Halves<'t> {
    /// `None` if the word is too short.
    fn of(typed: &'t str) -> Option<Self> {
        let letters = typed.chars().count();
        let (middle, next) = typed.char_indices().nth(letters / 2)?;
        let (first, second) = typed.split_at(middle);
        let last = first.chars().next_back()?;
        let (before, after) = (&first[..first.len() - last.len_utf8()], &second[next.len_utf8()..]);
        (letters >= MIN_LETTERS).then(|| Self { first, second, swapped: format!("{before}{next}{last}{after}") })
    }
}

struct NearSearch<'s, 'g> {
    word: &'s str,
    typed: &'s str,
    found: Vec<&'g GlossaryEntry>,
    steps: u32,
    cut: bool,
}

impl<'g> NearSearch<'_, 'g> {
    fn visit(&mut self, list: &'g WordList, halves: &Halves<'_>) {
        let Halves { first, second, swapped } = halves;
        if *swapped != self.typed {
            self.compare_all(list.group(swapped).iter());
        }
        let start = list.words.partition_point(|entry| *entry.folded < **first);
        self.compare_all(list.words[start..].iter().take_while(|entry| entry.folded.starts_with(first)));
        let entry = |&number: &u32| &list.words[number as usize];
        let ends_before = |number: &u32| entry(number).folded.bytes().rev().lt(second.bytes().rev());
        let start = list.by_ending.partition_point(ends_before);
        let ending = list.by_ending[start..].iter().map(entry).take_while(|entry| entry.folded.ends_with(second));
        self.compare_all(ending.filter(|entry| !entry.folded.starts_with(first)));
    }

    fn compare_all(&mut self, entries: impl Iterator<Item = &'g GlossaryEntry>) {
        self.pay(1);
        for entry in entries {
            if !self.pay(1 + entry.folded.len() / BYTES_PER_STEP) {
                return;
            }
            if *entry.text != *self.word && is_one_slip(self.typed, &entry.folded) {
                self.found.push(entry);
            }
        }
    }

    fn pay(&mut self, steps: usize) -> bool {
        let left = u32::try_from(steps).ok().and_then(|steps| self.steps.checked_sub(steps));
        self.steps = left.unwrap_or(0);
        self.cut |= left.is_none();
        !self.cut
    }
}

/// Whether a word can be made of another by one slip at most: whether they differ in one letter, or two swapped, between what
/// they begin and what they end with.
fn is_one_slip(typed: &str, meant: &str) -> bool {
    let same = |(a, b): &(char, char)| a == b;
    let length = |pairs: &mut dyn Iterator<Item = (char, char)>| pairs.map(|(c, _)| c.len_utf8()).sum::<usize>();
    let begin = length(&mut typed.chars().zip(meant.chars()).take_while(same));
    let (typed, meant_rest) = (&typed[begin..], &meant[begin..]);
    let end = length(&mut typed.chars().rev().zip(meant_rest.chars().rev()).take_while(same));
    let (typed, rest) = (&typed[..typed.len() - end], &meant_rest[..meant_rest.len() - end]);
    let letters = |text: &str| {
        let mut chars = text.chars();
        (chars.next(), chars.next(), chars.next())
    };
    let slip = match (letters(typed), letters(rest)) {
        ((_, None, None), (_, None, None)) => true,
        ((a0, a1 @ Some(_), None), (b0, b1 @ Some(_), None)) => a0 == b1 && a1 == b0,
        _ => false,
    };
    slip && meant.chars().nth(MIN_LETTERS - 1).is_some()
}
