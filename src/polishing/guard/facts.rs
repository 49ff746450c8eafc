//! What a text states in numbers: amounts, percentages, dates, times, counts, days. In a form that does not depend on how it is
//! written, so that 1.234,56 equals 1,234.56, 三千五百元 equals 3500元 and "May 5" equals 05/05. Pure.

use super::{
    is_han,
    numerals::{BY_WORD, fold, to_digits},
    units::{self, Unit},
};

mod date;
mod number;

pub(super) use date::Date;

/// What is stated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Value {
    /// Canonical decimals, several where the writing is ambiguous (1.234).
    Number(Vec<String>),
    /// Digits that are no number: versions, network addresses.
    Raw(String),
    /// A day of the year.
    Date(Date),
    /// Minutes since midnight.
    Time(u32),
    /// 1 is Monday.
    Weekday(u8),
    /// Days from today.
    Relative(i8),
    /// A month by its name alone.
    Month(u32),
}

/// One statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fact {
    pub(super) value: Value,
    pub(super) unit: Option<Unit>,
    /// Whether it must have its like in the other text. Those that need not may still be the like of one.
    pub(super) required: bool,
}

impl Fact {
    /// Whether two statements say the same.
    pub(super) fn matches(&self, other: &Self) -> bool {
        let units = match (&self.unit, &other.unit) {
            (Some(one), Some(another)) => one == another,
            (Some(unit), None) | (None, Some(unit)) => !unit.is_essential(),
            (None, None) => true,
        };
        units
            && match (&self.value, &other.value) {
                (Value::Number(one), Value::Number(another)) => one.iter().any(|value| another.contains(value)),
                (Value::Date(one), Value::Date(another)) => one.matches(another),
                (Value::Time(minutes), Value::Number(numbers)) | (Value::Number(numbers), Value::Time(minutes)) => {
                    minutes % 60 == 0
                        && (numbers.contains(&(minutes / 60).to_string())
                            || *minutes > 12 * 60 && numbers.contains(&(minutes / 60 - 12).to_string()))
                }
                (one, another) => one == another,
            }
    }
}

/// Everything that a text states, in its order. O(length).
pub(super) fn read(text: &str) -> Vec<Fact> {
    let text = to_digits(&fold(text));
    let mut facts = Vec::new();
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        let before = text[..at].chars().next_back();
        let rest = &text[at..];
        let word_start = c.is_alphabetic()
            && !before.is_some_and(|c| c.is_alphabetic() && !is_han(c) && !is_han(rest.chars().next().unwrap_or(' ')));
        let taken = if c.is_ascii_digit() {
            numeric(&text, at, &mut facts)
        } else if word_start {
            word(rest, &mut facts)
        } else {
            None
        };
        at += taken.unwrap_or(c.len_utf8()).max(c.len_utf8());
    }
    facts
}

/// Reads what begins with a digit. Returns how many bytes it took.
fn numeric(text: &str, at: usize, facts: &mut Vec<Fact>) -> Option<usize> {
    let (before, rest) = (&text[..at], &text[at..]);
    let by_word = before.ends_with(BY_WORD);
    if let Some((date, length)) = date::numeric(rest) {
        facts.push(Fact { value: Value::Date(date), unit: None, required: true });
        return Some(length);
    }
    if let Some((minutes, length)) = date::time(before, rest) {
        facts.push(Fact { value: Value::Time(minutes), unit: None, required: true });
        return Some(length);
    }
    let (value, length) = number::read(rest);
    let before = before.trim_end_matches(BY_WORD);
    let after = &rest[length..];
    let unit = units::before(before).or_else(|| units::after(after));
    // The numbers of a list's items may go with the list.
    let is_item = before.rsplit('\n').next().is_some_and(|line| line.trim().is_empty())
        && after.starts_with(['.', ')', '、'])
        && !by_word
        && length <= 2;
    let is_one = by_word && value == Value::Number(vec!["1".to_owned()]);
    facts.push(Fact { value, unit, required: !is_item && !is_one });
    Some(length)
}

/// Reads what begins with a letter.
fn word(rest: &str, facts: &mut Vec<Fact>) -> Option<usize> {
    if let Some((date, length)) = date::named(rest) {
        facts.push(Fact { value: Value::Date(date), unit: None, required: true });
        return Some(length);
    }
    let (value, required, length) = date::day_word(rest)?;
    facts.push(Fact { value, unit: None, required });
    Some(length)
}
