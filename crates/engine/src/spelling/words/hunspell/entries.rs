//! The word file (.dic): one entry a line, `word/flags` and morphology fields.

use std::collections::HashMap;

use super::{AffixFile, HunspellError, encoding, flags::Flag};

/// One line of a word file.
#[derive(Clone, Debug)]
pub(super) struct DictionaryEntry {
    pub(super) word: String,
    pub(super) flags: Vec<Flag>,
    /// Where it stands, counted from 1; 0 for a word that is of no file.
    pub(super) line: usize,
}

/// A parsed word file.
#[derive(Clone, Debug)]
pub(crate) struct DictionaryFile {
    /// The name that stands in error messages.
    pub(super) name: String,
    pub(super) entries: Vec<DictionaryEntry>,
}

impl DictionaryFile {
    /// Reads a word file with the flags and the character set of its affix file. `name` stands in error messages.
    ///
    /// # Errors
    /// [`HunspellError`] with file and line.
    pub(crate) fn parse(name: &str, bytes: &[u8], affix: &AffixFile) -> Result<Self, HunspellError> {
        let lines = encoding::decode_lines(name, bytes, affix.charset)?;
        let malformed = |line, expected: &str| HunspellError::Malformed {
            file: name.to_owned(),
            line,
            expected: expected.to_owned(),
        };
        let Some((first, count)) = lines.first() else { return Err(malformed(1, "expected the number of entries")) };
        if count.split_whitespace().next().is_none_or(|count| count.parse::<usize>().is_err()) {
            return Err(malformed(*first, "expected the number of entries"));
        }
        let mut entries = Vec::with_capacity(lines.len());
        for (number, line) in &lines[1..] {
            let (word, flags) = split_flags(without_morphology(line));
            let word = affix.without_ignored(&word);
            if word.is_empty() {
                continue;
            }
            let flags = match flags {
                Some(flags) => affix.parse_flags(flags).ok_or_else(|| malformed(*number, "unreadable flags"))?,
                None => Vec::new(),
            };
            entries.push(DictionaryEntry { word, flags, line: *number });
        }
        Ok(Self { name: name.to_owned(), entries })
    }

    /// Entries without flags.
    #[must_use]
    pub(crate) fn from_words<'w>(words: impl IntoIterator<Item = &'w str>) -> Self {
        let entry = |word: &str| DictionaryEntry { word: word.to_owned(), flags: Vec::new(), line: 0 };
        Self { name: String::new(), entries: words.into_iter().map(entry).collect() }
    }

    /// The entries that a COMPOUNDRULE of the affix file can name, with the flags that it names them by.
    #[must_use]
    pub(crate) fn compound_components(&self, affix: &AffixFile) -> HashMap<String, Vec<u32>> {
        let mut components: HashMap<String, Vec<u32>> = HashMap::new();
        for entry in &self.entries {
            let flags = entry.flags.iter().copied().filter(|&flag| affix.is_compound_flag(flag));
            for flag in flags {
                components.entry(entry.word.clone()).or_default().push(flag);
            }
        }
        components
    }

    /// The number of entries.
    #[must_use]
    pub(crate) fn len(&self) -> usize {
        self.entries.len()
    }
}

/// Morphology follows a tab, or blanks and a two-letter field such as `po:noun`. Blanks alone may be of the word.
fn without_morphology(line: &str) -> &str {
    let line = line.split('\t').next().unwrap_or_default();
    let bytes = line.as_bytes();
    let field = memchr::memchr_iter(b':', bytes).find(|&colon| {
        colon >= 4 && bytes[colon - 3] == b' ' && bytes[colon - 2..colon].iter().all(u8::is_ascii_lowercase)
    });
    match field {
        Some(colon) => line[..colon - 3].trim_end(),
        None => line.trim_end(),
    }
}

/// Divides at the first slash that is neither escaped nor the first character.
fn split_flags(entry: &str) -> (String, Option<&str>) {
    let slash = entry.char_indices().skip(1).find(|&(at, c)| c == '/' && !entry[..at].ends_with('\\'));
    match slash {
        Some((at, _)) => {
            let flags = entry[at + 1..].split(' ').next().unwrap_or_default();
            (entry[..at].replace("\\/", "/"), (!flags.is_empty()).then_some(flags))
        }
        None => (entry.replace("\\/", "/"), None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(line: &str, word: &str, flags: Option<&str>) {
        assert_eq!(split_flags(without_morphology(line)), (word.to_owned(), flags), "{line:?}");
    }

    #[test]
    fn divides_entries() {
        check("work/AB", "work", Some("AB"));
        check("work", "work", None);
        check("a/c\\/d/X", "a", Some("c\\/d/X"));
        check("km\\/h/X", "km/h", Some("X"));
        check("/", "/", None);
        check("drink po:verb", "drink", None);
        check("drink/S po:verb al:drank", "drink", Some("S"));
        check("eau de vie", "eau de vie", None);
        check("a\t[CAT=punct]", "a", None);
    }
}
