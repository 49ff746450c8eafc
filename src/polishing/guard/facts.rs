//! What a text states in numbers: amounts, percentages, dates, times, counts, days. In a form that does not depend on how it is
//! written, so that 1.234,56 equals 1,234.56, 三千五百元 equals 3500元 and "May 5" equals 05/05. Pure.

use std::ops::Range;

use super::{
    GuardCode, is_han,
    numerals::{BY_WORD, MAYBE, is_measure},
    units::{self, Unit},
    words::words,
};

mod date;
mod number;
mod restated;

pub(super) use date::compile_patterns;

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
    /// Minutes since midnight; half a day more, perhaps, where nothing tells which half.
    Time {
        /// As written.
        minutes: u32,
        /// Whether another time of the text tells its half and this one does not: 2:30-5 pm, 下午2点到5点.
        open: bool,
    },
    /// 1 is Monday.
    Weekday(u8),
    /// Days, weeks or months from now.
    Relative(Relative, i8),
    /// A month by its name alone.
    Month(u32),
}

/// What is counted from now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Relative {
    /// Days from today.
    Day,
    /// Weeks from this one.
    Week,
    /// Months from this one.
    Month,
}

impl Value {
    /// Whether both say the same; of what may be read in several ways, in one of them.
    pub(super) fn equals(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Number(one), Self::Number(another)) => one.iter().any(|value| another.contains(value)),
            (Self::Date(one), Self::Date(another)) => one.matches(another),
            (one, another) => one == another,
        }
    }
}

/// One statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fact {
    pub(super) value: Value,
    pub(super) unit: Option<Unit>,
    /// Whether it must have its like in the other text. Those that need not may still be the like of one.
    pub(super) required: bool,
    /// Whether it counts what is told next, in a word: "there are two ways".
    pub(super) is_small_count: bool,
    /// Whether it is a number with nothing behind it that it could count.
    is_bare: bool,
    /// Whether it is one end of a range whose other is a time after noon.
    in_range_of_late: bool,
    /// Whether it is a time as said aloud, without its half of the day: 6点.
    is_spoken: bool,
    /// Whether it is written with two decimals, as sums are.
    has_cents: bool,
    /// Where it stands with its unit, in bytes of the text with digits.
    pub(super) span: Range<usize>,
}

impl Fact {
    fn new(value: Value, unit: Option<Unit>, required: bool) -> Self {
        let (is_small_count, is_bare, in_range_of_late, is_spoken, has_cents) = Default::default();
        Self { value, unit, required, is_small_count, is_bare, in_range_of_late, is_spoken, has_cents, span: 0..0 }
    }

    /// A time is open where the other end of its range tells its half of the day, or where it is as said aloud: 6点.
    fn closed(mut self) -> Self {
        if let Value::Time { minutes, open } = &mut self.value {
            *open &= (self.in_range_of_late || self.is_spoken) && *minutes <= HALF_A_DAY;
        }
        self
    }

    /// Whether two statements say the same in the same way.
    pub(super) fn equals(&self, other: &Self) -> bool {
        self.unit == other.unit && self.value.equals(&other.value)
    }

    /// The rule that a change of it breaks.
    pub(super) const fn code(&self) -> GuardCode {
        match (&self.value, self.unit) {
            (_, Some(Unit::Money(_))) => GuardCode::AmountChanged,
            (_, Some(Unit::Percent | Unit::Zhe)) => GuardCode::PercentageChanged,
            (Value::Date(_) | Value::Weekday(_) | Value::Relative(..) | Value::Month(_), _) => GuardCode::DateChanged,
            (Value::Time { .. }, _) => GuardCode::TimeChanged,
            (Value::Number(_) | Value::Raw(_), _) => GuardCode::NumberChanged,
        }
    }

    /// Whether this statement of a draft and one of a reply may say the same.
    pub(super) fn matches(&self, other: &Self, home: &Home) -> bool {
        let units = match (self.unit, other.unit) {
            (Some(one), Some(another)) => one.matches(another),
            (None, Some(unit)) => !unit.is_essential() || home.goes_without_saying(self, unit),
            (Some(unit), None) => !unit.is_essential(),
            (None, None) => true,
        };
        units
            && match (&self.value, &other.value) {
                (Value::Time { minutes: one, open: first }, Value::Time { minutes: another, open: second }) => {
                    one == another || (*first || *second) && one.abs_diff(*another) == HALF_A_DAY
                }
                (Value::Time { minutes, .. }, Value::Number(numbers))
                | (Value::Number(numbers), Value::Time { minutes, .. }) => {
                    minutes % 60 == 0
                        && (numbers.contains(&(minutes / 60).to_string())
                            || *minutes > HALF_A_DAY && numbers.contains(&((minutes - HALF_A_DAY) / 60).to_string()))
                }
                (one, another) => one.equals(another),
            }
    }
}

/// The units that go without saying in a draft.
#[derive(Debug)]
pub(super) struct Home {
    /// Those of its language, and money and per cent that it names elsewhere.
    units: Vec<Unit>,
    /// Whether it names any money.
    has_money: bool,
}

impl Home {
    /// Of the facts of a draft.
    pub(super) fn of(facts: &[Fact], language_units: &[Unit]) -> Self {
        let used = || facts.iter().filter_map(|fact| fact.unit);
        let named = used().filter(|unit| matches!(unit, Unit::Money(_) | Unit::Percent));
        Self {
            units: language_units.iter().copied().chain(named).collect(),
            has_money: used().any(|unit| matches!(unit, Unit::Money(_))),
        }
    }

    /// Whether a number without a unit may get this one: 12 where $5 stands elsewhere, 46.30 as $46.30.
    fn goes_without_saying(&self, fact: &Fact, unit: Unit) -> bool {
        let is_home = self.units.iter().any(|home| home.matches(unit));
        let is_sum = matches!(unit, Unit::Money(_)) && fact.has_cents;
        fact.is_bare && is_home || is_sum && (is_home || !self.has_money)
    }
}

/// In minutes.
const HALF_A_DAY: u32 = 12 * 60;

/// A statement, and where it stands in the text that is read.
struct Placed {
    fact: Fact,
    start: usize,
    end: usize,
}

/// Everything that a folded text with digits states, in its order. O(length).
pub(super) fn read(text: &str) -> Vec<Fact> {
    let mut placed: Vec<Placed> = Vec::new();
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        let before = text[..at].chars().next_back();
        let rest = &text[at..];
        let word_start =
            c.is_alphabetic() && !before.is_some_and(|before| before.is_alphabetic() && !is_han(before) && !is_han(c));
        let mut facts = Vec::new();
        let taken = if c.is_ascii_digit() {
            numeric(text, at, &mut facts)
        } else if word_start {
            word(rest, &mut facts)
        } else {
            in_brackets(rest, &mut facts)
        };
        let end = at + taken.unwrap_or(c.len_utf8()).max(c.len_utf8());
        placed.extend(facts.into_iter().map(|mut fact| {
            if fact.span.is_empty() {
                fact.span = at..at + text[at..end].trim_end_matches(['.', ',', ' ']).len();
            }
            Placed { fact, start: at, end }
        }));
        at = end;
    }
    restated::merge(text, &mut placed);
    for at in 1..placed.len() {
        let (before, after) = placed.split_at_mut(at);
        if let (Some(one), Some(other)) = (before.last_mut(), after.first_mut()) {
            share(text, one, other);
        }
    }
    placed.into_iter().map(|placed| placed.fact.closed()).collect()
}

/// The ends of a range share their unit ("$5-10"), their month ("3 to 5 March") and their half of the day ("2:30-5 pm").
fn share(text: &str, one: &mut Placed, other: &mut Placed) {
    // A unit may stand between them: it is left out of the comparison.
    let between = &text[one.end..other.start.max(one.end)];
    let between = ["st", "nd", "rd", "th"].iter().find_map(|suffix| between.strip_prefix(suffix)).unwrap_or(between);
    let between = between.trim_matches(|c: char| matches!(c, ' ' | BY_WORD | MAYBE));
    if !words().range.contains(&between.trim_matches([' ', '$', '€', '£', '¥', '￥'])) {
        return;
    }
    let day = |number: &Fact| match (&number.value, number.unit) {
        (Value::Number(values), None) => values.first()?.parse().ok(),
        _ => None,
    };
    match (&one.fact.value, &other.fact.value) {
        (Value::Number(_), Value::Number(_)) => match (one.fact.unit, other.fact.unit) {
            (Some(unit), None) => other.fact.unit = Some(unit),
            (None, Some(unit)) => one.fact.unit = Some(unit),
            _ => {}
        },
        (Value::Number(_), Value::Date(date)) => {
            if let Some(date) = day(&one.fact).and_then(|day| date.with_day(day)) {
                one.fact.value = Value::Date(date);
            }
        }
        (Value::Date(date), Value::Number(_)) => {
            if let Some(date) = day(&other.fact).and_then(|day| date.with_day(day)) {
                other.fact.value = Value::Date(date);
            }
        }
        (Value::Time { minutes: first, .. }, Value::Time { minutes: second, .. }) => {
            let (first, second) = (*first, *second);
            one.fact.in_range_of_late |= second > HALF_A_DAY;
            // From 9:30 to 2:45 it goes past noon.
            other.fact.in_range_of_late |= first > HALF_A_DAY || second < first;
        }
        _ => {}
    }
}

/// Reads what begins with a digit. Returns how many bytes it took.
fn numeric(text: &str, at: usize, facts: &mut Vec<Fact>) -> Option<usize> {
    let (before, rest) = (&text[..at], &text[at..]);
    let by_word = before.ends_with(BY_WORD);
    if rest.starts_with("24/7") && !rest[4..].starts_with(|c: char| c.is_ascii_digit() || c == '/') {
        // Always, as often said without numbers.
        for number in ["24", "7"] {
            facts.push(Fact::new(Value::Number(vec![number.to_owned()]), None, false));
        }
        return Some(4);
    }
    if let Some((date, length)) = date::numeric(rest) {
        facts.push(Fact::new(Value::Date(date), None, true));
        return Some(length);
    }
    if let Some((minutes, open, length)) = date::time(before, rest) {
        let is_spoken = rest[..length].contains('点');
        facts.push(Fact { is_spoken, ..Fact::new(Value::Time { minutes, open }, None, true) });
        return Some(length);
    }
    if let Some((day, length)) = date::ordinal_day(rest) {
        // 2a: the second, or Monday.
        facts.push(Fact::new(Value::Number(vec![day.to_string()]), None, true));
        facts.push(Fact::new(Value::Weekday(day - 1), None, false));
        return Some(length);
    }
    let is_maybe = before.ends_with(MAYBE);
    let (value, length) = number::read(rest);
    let before = before.trim_end_matches([BY_WORD, MAYBE]);
    let after = &rest[length..];
    let (mut from, mut to) = (at, at + length);
    let (value, unit) = match value {
        Value::Number(values) if units::is_tenths(after) => {
            (Value::Number(values.iter().map(|value| number::shifted(value, 1)).collect()), Some(Unit::Percent))
        }
        value => match units::before(before) {
            Some((unit, taken)) => {
                from = before.len() - taken;
                (value, Some(unit))
            }
            None => {
                let found = units::after(after);
                to += found.map_or(0, |(_, taken)| taken);
                (value, found.map(|(unit, _)| unit))
            }
        },
    };
    // The numbers of a list's items may go with the list.
    let begins_line = || before.trim_end_matches([' ', '\t']).chars().next_back().is_none_or(|c| c == '\n');
    // "1) this 2) that"; but not "(see 2)".
    let is_inline = || {
        let near = &before[before.ceil_char_boundary(before.len().saturating_sub(REACH_OF_BRACKET))..];
        after.starts_with(')') && !near.contains('(') && !near.ends_with(|c: char| c.is_alphanumeric())
    };
    let is_item = length <= 2 && !by_word && (after.starts_with(['.', ')', '、']) && begins_line() || is_inline());
    // "12 noon".
    let is_noon = words().times.beginning(after.trim_start()).is_some();
    let is_one = by_word && value == Value::Number(vec!["1".to_owned()]);
    // "$0" may be put without a number.
    let is_free = matches!(unit, Some(Unit::Money(_))) && value == Value::Number(vec!["0".to_owned()]);
    let is_small_count = by_word && unit.is_none() && words().counted.beginning(after.trim_start()).is_some();
    let is_bare = unit.is_none() && !counts_something(after);
    let has_cents = rest.as_bytes().get(length.wrapping_sub(3)).is_some_and(|byte| b".,".contains(byte));
    let required = !is_item && !is_one && !is_free && !is_maybe && !is_noon;
    facts.push(Fact { is_small_count, is_bare, has_cents, span: from..to, ..Fact::new(value, unit, required) });
    Some(length)
}

/// How far before a closing bracket its opening one is looked for, in bytes.
const REACH_OF_BRACKET: usize = 40;

/// Whether a word stands behind a number, which may be what it counts.
fn counts_something(after: &str) -> bool {
    let word = after.trim_start_matches(' ');
    match word.chars().next() {
        Some(c) if is_han(c) => is_measure(c) && word == after && words().not_counted.beginning(word).is_none(),
        Some(c) if c.is_alphabetic() => words().not_counted.beginning(word).is_none(),
        _ => false,
    }
}

/// Reads what begins with a letter.
fn word(rest: &str, facts: &mut Vec<Fact>) -> Option<usize> {
    if let Some(half) = words().half_hours.beginning(rest) {
        let value = Value::Number(vec!["30".to_owned()]);
        facts.push(Fact::new(value, Some(Unit::Other("minute")), false));
        return Some(half.text.len());
    }
    if let Some((date, length)) = date::named(rest) {
        facts.push(Fact::new(Value::Date(date), None, true));
        return Some(length);
    }
    let day = date::day_word(rest);
    let ordinal = words().ordinals.beginning(rest);
    if let Some((value, required, _)) = &day {
        facts.push(Fact::new(value.clone(), None, *required));
    }
    if let Some(word) = ordinal {
        facts.push(Fact::new(Value::Number(vec![word.value.to_string()]), None, false));
    }
    day.map(|(.., length)| length).or(ordinal.map(|word| word.text.len()))
}

/// 11/15(五): the day of the week of a date.
fn in_brackets(text: &str, facts: &mut Vec<Fact>) -> Option<usize> {
    let mut chars = text.chars();
    let ('(', day, ')') = (chars.next()?, chars.next()?, chars.next()?) else { return None };
    let weekday = "一二三四五六日".chars().zip(1..).find(|(c, _)| *c == day)?.1;
    facts.push(Fact::new(Value::Weekday(weekday), None, false));
    None
}
