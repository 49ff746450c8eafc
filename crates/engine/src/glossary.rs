//! A tenant's own words: names, products and terms that are right in every language. Knows no tenant, no store, no checker.
//!
//! A glossary is one or more lists (`list.rs`), each over the ones below it: the words of a tenant are one list, shared by the
//! glossaries of its agents, each of which lays its own few words over it. What is found is what one list of all the words
//! would find.

mod list;
mod near;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use self::list::WordList;
pub use self::near::NearbyWords;
use crate::text::Span;

/// Words that are right, for looking up. Immutable: built once for each change of the words, and shared.
#[derive(Clone, Debug, Default)]
pub struct Glossary {
    /// None is empty, and no two hold the same word.
    lists: Vec<Arc<WordList>>,
}

impl Glossary {
    /// Of these words, in any order; repeated and empty ones do not count. O(n log n), some 20 ms for ten thousand words.
    #[must_use]
    pub fn new<W: AsRef<str>>(words: impl IntoIterator<Item = W>) -> Self {
        Self::default().with_words(words)
    }

    /// These words laid over those of this glossary, which are shared, not copied. Takes as long as a glossary of these alone.
    #[must_use]
    pub fn with_words<W: AsRef<str>>(&self, words: impl IntoIterator<Item = W>) -> Self {
        let list = WordList::new(words, |word| self.lists.iter().any(|list| list.holds(word)));
        let mut lists = self.lists.clone();
        if !list.is_empty() {
            lists.push(Arc::new(list));
        }
        Self { lists }
    }

    /// Whether it holds no word.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.lists.is_empty()
    }

    /// How many words it holds.
    #[must_use]
    pub fn len(&self) -> usize {
        self.lists.iter().map(|list| list.len()).sum()
    }

    /// Where in a text its words stand: ascending and disjoint, the longest word at each place, from the left. A word in small
    /// letters stands in any case, one with capitals as it is or all in capitals. Letters and digits do not run on beyond
    /// either end, but for Han and other scripts that write without spaces.
    ///
    /// O(length of the text) for words of bounded length; no allocation for a text that holds none.
    #[must_use]
    pub fn find(&self, text: &str) -> Vec<Span> {
        self.find_while(text, |_| true)
    }

    /// The same, as long as `goes_on` says so, which is told at each word how many bytes were compared there.
    #[must_use]
    pub fn find_while(&self, text: &str, goes_on: impl Fn(usize) -> bool) -> Vec<Span> {
        let mut found = Vec::new();
        if self.is_empty() {
            return found;
        }
        let mut previous = None;
        let mut at = 0;
        while let Some(c) = text[at..].chars().next() {
            let begins = !previous.is_some_and(|before| list::run_on(before, c));
            let (longest, compared) = if begins { self.longest_at(text, at) } else { (None, 0) };
            if begins && !goes_on(compared) {
                break;
            }
            if let Some(end) = longest {
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
        self.lists.iter().any(|list| list.contains(word))
    }

    /// Whether a word of this one character would stand within words of others: it is of a script that writes without spaces.
    #[must_use]
    pub const fn stands_within_words(c: char) -> bool {
        list::writes_without_spaces(c)
    }

    /// The end of the longest word that begins at `start`, and how many bytes were compared.
    fn longest_at(&self, text: &str, start: usize) -> (Option<usize>, usize) {
        self.lists.iter().fold((None, 0), |(longest, compared), list| {
            let (end, more) = list.longest_at(text, start);
            (longest.max(end), compared + more)
        })
    }
}
