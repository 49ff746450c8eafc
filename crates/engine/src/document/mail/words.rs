//! Blanks, lines and phrases as mail programs write them, and forms looked up by their ends. Knows characters only.

use rustc_hash::FxHashMap;

use crate::{document::prose::OBJECT_REPLACEMENT, text::Span};

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

/// Whether a character is of a script that writes without blanks, or a mark of one.
pub(super) fn is_unspaced(c: char) -> bool {
    c >= '\u{2E80}'
}

/// How wide a text is: Han takes two columns.
pub(super) fn columns(text: &str) -> usize {
    text.chars().map(|c| 1 + usize::from(is_unspaced(c))).sum()
}

/// The line that begins at `start`, without its end.
pub(super) fn line(text: &str, start: usize) -> Span {
    let rest = &text[start..];
    let length = memchr::memchr(b'\n', rest.as_bytes()).unwrap_or(rest.len());
    Span::new(start, start + length)
}

/// Where the line after a line begins.
pub(super) fn after(text: &str, line: Span) -> usize {
    (line.end + 1).min(text.len())
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
