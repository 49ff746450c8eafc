//! Words that are never suggested, though they are right if somebody types them: obscene and insulting ones. A customer's name
//! or a product code is one slip from many of them. Knows no text and no ranking.

use rustc_hash::FxHashSet;

/// A stem shorter than this would block half a dictionary.
const MIN_STEM_LETTERS: usize = 4;

/// A reviewed list of one language.
#[derive(Clone, Debug, Default)]
pub struct BlockList {
    words: FxHashSet<Box<str>>,
    stems: Vec<Box<str>>,
}

/// A line that cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("line {0}: expected one word in small letters, or a stem of four letters or more and `*`")]
pub struct BlockListError(usize);

impl BlockList {
    /// Reads a list: one word a line in small letters, accents and all; `stem*` stands for all that begins so; `#` begins a
    /// comment line.
    ///
    /// # Errors
    /// [`BlockListError`] names the first line that is no word and no stem.
    pub fn parse(text: &str) -> Result<Self, BlockListError> {
        let mut list = Self::default();
        for (index, line) in text.lines().map(str::trim).enumerate() {
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let stem = line.strip_suffix('*');
            let letters = stem.unwrap_or(line);
            let least = if stem.is_some() { MIN_STEM_LETTERS } else { 2 };
            if letters.chars().count() < least || !letters.chars().all(char::is_lowercase) {
                return Err(BlockListError(index + 1));
            }
            match stem {
                Some(stem) => list.stems.push(stem.into()),
                None => _ = list.words.insert(line.into()),
            }
        }
        Ok(list)
    }

    /// Whether any part of a suggestion, between blanks, hyphens and apostrophes, is on the list. Some 100 ns.
    #[must_use]
    pub fn blocks(&self, suggestion: &str) -> bool {
        let lower = suggestion.to_lowercase();
        lower
            .split([' ', '-', '\'', '.'])
            .any(|part| self.words.contains(part) || self.stems.iter().any(|stem| part.starts_with(&**stem)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(suggestion: &str, expected: bool) {
        let list = BlockList::parse("# none of these\nhell\nmerd*\nânus\n").unwrap();
        assert_eq!(list.blocks(suggestion), expected, "{suggestion}");
    }

    #[test]
    fn blocks_words_stems_and_parts() {
        for suggestion in ["hell", "HELL", "Hell's", "what hell", "merda", "Merdinha", "puro-merda", "Ânus"] {
            check(suggestion, true);
        }
        for suggestion in ["hello", "shell", "camerda", "anus", "ânuso", ""] {
            check(suggestion, false);
        }
    }

    #[test]
    fn a_malformed_line_is_an_error_with_its_number() {
        for (text, line) in [("fine\nTwo words\n", 2), ("abc*\n", 1), ("x\n", 1), ("Hell\n", 1), ("*\n", 1)] {
            assert_eq!(BlockList::parse(text).map_err(|error| error.0).err(), Some(line), "{text:?}");
        }
    }
}
