//! Files of words: sections, each a name in brackets and lines below it; a line that begins with `#` is a comment. Knows no words.

/// Why a file of words cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}, line {line}: expected {expected}")]
pub struct WordsError {
    pub(super) file: &'static str,
    /// Counted from 1; 0 for the whole.
    pub(super) line: usize,
    pub(super) expected: &'static str,
}

/// Of each language that the guard reads.
pub(super) const LANGUAGES: [(&str, &str); 3] = [
    ("en.txt", include_str!("lexicon/en.txt")),
    ("pt.txt", include_str!("lexicon/pt.txt")),
    ("zh.txt", include_str!("lexicon/zh.txt")),
];

/// The lines of a file that are no comments: their numbers, sections and texts.
pub(super) fn lines(text: &'static str) -> impl Iterator<Item = (usize, &'static str, &'static str)> {
    let mut section = "";
    text.lines().enumerate().filter_map(move |(index, line)| {
        match line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            Some(name) => section = name,
            None if line.is_empty() || line.starts_with('#') => {}
            None => return Some((index + 1, section, line)),
        }
        None
    })
}
