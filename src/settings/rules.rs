//! What values the settings may take. Pure; a rule that is broken says what is expected and never quotes what was sent.

use std::ops::RangeInclusive;

use unicode_normalization::{UnicodeNormalization as _, char::is_combining_mark};

use vermilion_engine::{glossary::Glossary, language};

/// The longest word of a dictionary, in characters.
pub const MAX_WORD_CHARACTERS: usize = 64;

/// How many words one call may add.
pub const MAX_BATCH_WORDS: usize = 10_000;

/// How many words a tenant, or an agent, may have: what a replica keeps in memory stays within bounds.
pub const MAX_WORDS: u32 = 50_000;

/// The longest language tag, in bytes: longer than any in use.
const MAX_TAG_BYTES: usize = 64;

/// A value that breaks a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidValue {
    /// A number out of its range.
    #[error("expected {least} to {most}")]
    OutOfRange {
        /// The least.
        least: u32,
        /// The most.
        most: u32,
    },
    /// No language tag.
    #[error("{}; or empty for none", language::InvalidLanguageTag)]
    LanguageCode,
    /// Too many characters in a free text.
    #[error("the text has {size} characters, more than the limit of {limit}")]
    TextTooLong {
        /// So many.
        size: usize,
        /// The most.
        limit: u32,
    },
    /// Control characters in a free text.
    #[error("a text has no control characters but line ends and tabs")]
    TextControl,
    /// No characters.
    #[error("the word is empty")]
    WordEmpty,
    /// Too many characters.
    #[error("the word has {size} characters, more than the limit of {MAX_WORD_CHARACTERS}")]
    WordTooLong {
        /// So many.
        size: usize,
    },
    /// Control characters, line ends, or space at its ends.
    #[error("a word is one line without control characters, tabs, or spaces at its beginning or end")]
    WordNotOneLine,
    /// It would be right within every word that it is a part of.
    #[error("a single character would be right within every word: add the whole word that it stands in")]
    WordSingleCharacter,
    /// Nothing that spelling could mark.
    #[error("a word has at least one letter")]
    WordWithoutLetter,
}

/// A number within a range, both ends included.
///
/// # Errors
/// [`InvalidValue::OutOfRange`].
pub fn validate_range(number: i64, range: &RangeInclusive<u32>) -> Result<u32, InvalidValue> {
    let out_of_range = InvalidValue::OutOfRange { least: *range.start(), most: *range.end() };
    u32::try_from(number).ok().filter(|number| range.contains(number)).ok_or(out_of_range)
}

/// A language tag, as sent; empty: none.
///
/// # Errors
/// [`InvalidValue::LanguageCode`], if it is not well-formed. Which language it is does not matter: others than ours fall
/// back to English.
pub fn validate_language_code(tag: &str) -> Result<String, InvalidValue> {
    if tag.is_empty() || tag.len() <= MAX_TAG_BYTES && language::resolve(tag, "").is_ok() {
        Ok(tag.to_owned())
    } else {
        Err(InvalidValue::LanguageCode)
    }
}

/// A word of a dictionary, composed (NFC), so that the same word is the same however it was typed.
///
/// # Errors
/// [`InvalidValue`], by the rules of `DictionaryWord.text`.
pub fn validate_word(text: &str) -> Result<String, InvalidValue> {
    // Nobody's word; and not worth composing.
    if text.len() > 64 * MAX_WORD_CHARACTERS {
        return Err(InvalidValue::WordTooLong { size: text.chars().count() });
    }
    let word: String = text.nfc().collect();
    let size = word.chars().count();
    let one_line = |c: char| !c.is_control() && !matches!(c, '\u{2028}' | '\u{2029}');
    match () {
        () if size == 0 => Err(InvalidValue::WordEmpty),
        () if size > MAX_WORD_CHARACTERS => Err(InvalidValue::WordTooLong { size }),
        () if word.trim() != word || !word.chars().all(one_line) => Err(InvalidValue::WordNotOneLine),
        () if !word.chars().any(char::is_alphabetic) => Err(InvalidValue::WordWithoutLetter),
        () if stands_within_words(&word) => Err(InvalidValue::WordSingleCharacter),
        () => Ok(word),
    }
}

/// Whether it is one character, with or without marks on it, of a script that writes without spaces: 报 alone would silence 报歉.
fn stands_within_words(word: &str) -> bool {
    let is_mark = |c: char| is_combining_mark(c) || matches!(c, '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}');
    let mut letters = word.chars().filter(|&c| !is_mark(c));
    letters.next().is_some_and(Glossary::stands_within_words) && letters.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_composed_or_refused() {
        for text in [
            "fretebox",
            "FreteBox",
            "张伟",
            "Dr. Müller",
            "C++",
            "O'Neill",
            "a",
            "报歉",
            "Ж",
            "汉B",
            "é",
            &"ç".repeat(64),
        ] {
            assert_eq!(validate_word(text).as_deref(), Ok(text));
        }
        assert_eq!(validate_word("cafe\u{301}").as_deref(), Ok("café"));
        assert_eq!(validate_word(&"e\u{301}".repeat(64)).map(|word| word.chars().count()), Ok(64));
        for (text, expected) in [
            ("", InvalidValue::WordEmpty),
            (&*"a".repeat(65), InvalidValue::WordTooLong { size: 65 }),
            (&*"a".repeat(5000), InvalidValue::WordTooLong { size: 5000 }),
            (" a", InvalidValue::WordNotOneLine),
            ("a\u{3000}", InvalidValue::WordNotOneLine),
            ("a\nb", InvalidValue::WordNotOneLine),
            ("a\0b", InvalidValue::WordNotOneLine),
            ("a\u{2028}b", InvalidValue::WordNotOneLine),
            ("123-4", InvalidValue::WordWithoutLetter),
            ("😀", InvalidValue::WordWithoutLetter),
            ("报", InvalidValue::WordSingleCharacter),
            ("報\u{E0100}", InvalidValue::WordSingleCharacter),
            ("か", InvalidValue::WordSingleCharacter),
            ("か\u{3099}", InvalidValue::WordSingleCharacter),
            ("ก", InvalidValue::WordSingleCharacter),
        ] {
            assert_eq!(validate_word(text), Err(expected), "{text:?}");
        }
    }

    #[test]
    fn tags_are_well_formed_or_none() {
        for tag in ["", "en", "pt-BR", "zh-Hant", "de", "pt_BR"] {
            assert_eq!(validate_language_code(tag).as_deref(), Ok(tag));
        }
        for tag in ["english", "e", "en-", "en\0", "'; drop", &format!("en-x-{}", ["abcdefgh"; 12].join("-"))] {
            assert_eq!(validate_language_code(tag), Err(InvalidValue::LanguageCode), "{tag:?}");
        }
    }
}
