//! Blanks and phrases as mail programs write them, and forms looked up by their ends. Knows characters only.

use rustc_hash::FxHashMap;

use crate::document::prose::OBJECT_REPLACEMENT;

/// A phrase as it is looked up: in small letters, without blanks, as programs set some labels apart (`日　期`).
pub(super) fn key(phrase: &str) -> String {
    phrase.chars().filter(|c| !is_space(*c)).flat_map(char::to_lowercase).collect()
}

pub(super) fn is_space(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{200B}' | '\u{FEFF}' | '\u{200E}' | '\u{200F}')
}

/// Whether a line shows nothing; an object in it is no text.
pub(super) fn is_blank(text: &str) -> bool {
    text.chars().all(|c| is_space(c) || c == OBJECT_REPLACEMENT)
}

/// Forms by the characters, in small letters, that they begin and end with, so that few need a closer look at a line.
#[derive(Debug)]
pub(super) struct FormsByEdge<F> {
    by_first: FxHashMap<char, Vec<F>>,
    /// Those that begin with a gap.
    by_last: FxHashMap<char, Vec<F>>,
    /// Those that begin and end with one.
    others: Vec<F>,
}

impl<F> Default for FormsByEdge<F> {
    fn default() -> Self {
        Self { by_first: FxHashMap::default(), by_last: FxHashMap::default(), others: Vec::new() }
    }
}

impl<F> FormsByEdge<F> {
    /// Adds a form that begins and ends with these words, either of which may be none.
    pub(super) fn add(&mut self, form: F, start: &str, end: &str) {
        match (start.chars().next(), end.chars().next_back()) {
            (Some(first), _) => self.by_first.entry(first).or_default().push(form),
            (None, Some(last)) => self.by_last.entry(last).or_default().push(form),
            (None, None) => self.others.push(form),
        }
    }

    /// Those that a text may begin as.
    pub(super) fn beginning(&self, text: &str) -> &[F] {
        let first = text.chars().next().and_then(|first| first.to_lowercase().next());
        first.and_then(|first| self.by_first.get(&first)).map_or(&[], Vec::as_slice)
    }

    /// Those that a text may be.
    pub(super) fn candidates(&self, text: &str) -> impl Iterator<Item = &F> {
        let last = text.chars().next_back().and_then(|last| last.to_lowercase().next());
        let ending = last.and_then(|last| self.by_last.get(&last)).map_or(&[][..], Vec::as_slice);
        self.beginning(text).iter().chain(ending).chain(&self.others)
    }
}
