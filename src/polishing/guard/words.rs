//! The words of numbers, units, money, days and months, in all languages at once, from `lexicon/facts.txt`. Knows no text that is
//! judged.
//!
//! A line of most sections is a key, a colon and words; a question mark before a word says that it may be the like of a fact, and
//! needs none. Sections without keys are lists of words.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use super::{
    fold::fold_phrase,
    wordfiles::{WordsError, lines},
};

/// A word and what it stands for.
#[derive(Clone, Debug)]
pub(super) struct Word<T> {
    /// Folded.
    pub(super) text: String,
    pub(super) value: T,
    /// Whether it must have its like in the other text.
    pub(super) is_required: bool,
}

/// Words by their first or last character, the longest first.
#[derive(Debug)]
pub(super) struct Words<T>(FxHashMap<char, Vec<Word<T>>>);

impl<T> Default for Words<T> {
    fn default() -> Self {
        Self(FxHashMap::default())
    }
}

impl<T> Words<T> {
    fn add(&mut self, key: Option<char>, word: Word<T>) {
        let Some(key) = key else { return };
        let words = self.0.entry(key).or_default();
        let at = words.partition_point(|other| other.text.len() >= word.text.len());
        words.insert(at, word);
    }

    /// The longest word that the text begins with; words of Latin letters end there.
    pub(super) fn beginning(&self, text: &str) -> Option<&Word<T>> {
        let ends = |word: &&Word<T>| {
            text.strip_prefix(word.text.as_str())
                .is_some_and(|rest| !(word.text.ends_with(is_latin) && rest.starts_with(is_latin)))
        };
        self.0.get(&text.chars().next()?)?.iter().find(ends)
    }

    /// The longest word that the text ends with; words of Latin letters begin there.
    pub(super) fn ending(&self, text: &str) -> Option<&Word<T>> {
        let begins = |word: &&Word<T>| {
            text.strip_suffix(word.text.as_str())
                .is_some_and(|rest| !(word.text.starts_with(is_letter) && rest.ends_with(is_letter)))
        };
        self.0.get(&text.chars().next_back()?)?.iter().find(begins)
    }
}

/// Whether it is a letter or a digit of a script with spaces.
fn is_latin(c: char) -> bool {
    c.is_alphanumeric() && u32::from(c) < 0x2E80
}

fn is_letter(c: char) -> bool {
    c.is_alphabetic() && u32::from(c) < 0x2E80
}

/// All of them.
#[derive(Debug, Default)]
pub(super) struct FactWords {
    /// What stands before a number, by the last character.
    pub(super) before: Words<&'static str>,
    /// What stands behind one.
    pub(super) after: Words<&'static str>,
    pub(super) numbers: FxHashMap<&'static str, u64>,
    pub(super) factors: FxHashMap<&'static str, u64>,
    pub(super) powers: Words<usize>,
    pub(super) months: FxHashMap<&'static str, u32>,
    pub(super) months_behind: Vec<&'static str>,
    pub(super) months_alone: Vec<&'static str>,
    pub(super) weekdays: Words<u8>,
    pub(super) days: Words<i8>,
    pub(super) weeks: Words<i8>,
    pub(super) relative_months: Words<i8>,
    pub(super) times: Words<u32>,
    pub(super) ordinals: Words<u8>,
    pub(super) half_hours: Words<()>,
    pub(super) range: Vec<&'static str>,
    pub(super) counted: Words<()>,
    pub(super) not_counted: Words<()>,
    pub(super) idioms: Words<()>,
    pub(super) one: Words<()>,
    pub(super) no_tenths: Words<()>,
}

const FILE: (&str, &str) = ("facts.txt", include_str!("lexicon/facts.txt"));

static WORDS: LazyLock<Result<FactWords, WordsError>> = LazyLock::new(|| FactWords::read(FILE.0, FILE.1));

static NONE: LazyLock<FactWords> = LazyLock::new(FactWords::default);

/// Whether the file can be read.
///
/// # Errors
/// [`WordsError`].
pub(super) fn verify() -> Result<(), WordsError> {
    WORDS.as_ref().map(|_| ()).map_err(Clone::clone)
}

/// All of them; none if the file cannot be read, which [`verify`] tells at the start.
pub(super) fn words() -> &'static FactWords {
    WORDS.as_ref().unwrap_or_else(|_| &NONE)
}

/// Adds a word under its first character.
fn first<T>(words: &mut Words<T>, text: &str, value: T, is_required: bool) {
    let text = fold_phrase(text);
    words.add(text.chars().next(), Word { text, value, is_required });
}

impl FactWords {
    fn read(file: &'static str, text: &'static str) -> Result<Self, WordsError> {
        let mut all = Self::default();
        for (line, section, content) in lines(text) {
            let wrong = |expected| WordsError { file, line, expected };
            let (key, list) = match section {
                "months behind their day"
                | "months alone"
                | "half hours"
                | "range"
                | "counted"
                | "not counted"
                | "idioms"
                | "one"
                | "no tenths" => ("", content),
                _ => content.split_once(": ").ok_or_else(|| wrong("a key, a colon and words"))?,
            };
            for word in list.split(", ") {
                if word.is_empty() {
                    return Err(wrong("words divided by commas"));
                }
                let (word, is_required) = word.strip_prefix('?').map_or((word, true), |word| (word, false));
                all.add(section, key, word, is_required).ok_or_else(|| wrong("a number, a colon and words"))?;
            }
        }
        Ok(all)
    }

    fn add(&mut self, section: &str, key: &'static str, word: &'static str, is_required: bool) -> Option<()> {
        match section {
            "before" => {
                let text = fold_phrase(word);
                self.before.add(text.chars().next_back(), Word { text, value: key, is_required });
            }
            "after" => first(&mut self.after, word, key, is_required),
            "numbers" => _ = self.numbers.insert(word, key.parse().ok()?),
            "factors" => _ = self.factors.insert(word, key.parse().ok()?),
            "powers" => first(&mut self.powers, word, key.parse().ok()?, is_required),
            "months" => _ = self.months.insert(word, key.parse().ok()?),
            "months behind their day" => self.months_behind.push(word),
            "months alone" => self.months_alone.push(word),
            "weekdays" => first(&mut self.weekdays, word, key.parse().ok()?, is_required),
            "days" => first(&mut self.days, word, key.parse().ok()?, is_required),
            "weeks" => first(&mut self.weeks, word, key.parse().ok()?, is_required),
            "relative months" => first(&mut self.relative_months, word, key.parse().ok()?, is_required),
            "times" => first(&mut self.times, word, key.parse().ok()?, is_required),
            "ordinals" => first(&mut self.ordinals, word, key.parse().ok()?, is_required),
            "half hours" => first(&mut self.half_hours, word, (), is_required),
            "range" => self.range.push(word),
            "counted" => first(&mut self.counted, word, (), is_required),
            "not counted" => first(&mut self.not_counted, word, (), is_required),
            "idioms" => first(&mut self.idioms, word, (), is_required),
            "one" => first(&mut self.one, word, (), is_required),
            "no tenths" => first(&mut self.no_tenths, word, (), is_required),
            _ => return None,
        }
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_can_be_read() {
        assert_eq!(verify(), Ok(()));
        assert_eq!((1..=12).filter(|month| words().months.values().any(|value| value == month)).count(), 12);
        assert_eq!(words().after.beginning("working days.").map(|word| word.value), Some("business day"));
        assert_eq!(words().before.ending("共nt$").map(|word| word.value), Some("TWD"));
        assert!(words().before.ending("carb$").is_some_and(|word| word.value == "USD"));
    }

    #[test]
    fn a_line_that_cannot_be_read_is_named() {
        for (text, line, expected) in [
            ("[months]\n1: january\nx: y\n", 3, "a number, a colon and words"),
            ("[after]\ndays\n", 2, "a key, a colon and words"),
        ] {
            assert_eq!(FactWords::read("x", text).err(), Some(WordsError { file: "x", line, expected }));
        }
    }
}
