//! Days and times in their national forms.

use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::{
    super::{
        numerals::{BY_WORD, MAYBE},
        pattern,
        words::{Word, words},
    },
    Relative, Value,
};

/// A day, as far as it is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::polishing::guard) struct Date {
    year: Option<u32>,
    /// Month and day; two readings of 05/12.
    readings: Vec<(u32, u32)>,
    /// The two numbers as they stand, where nothing tells which is which.
    written: Option<(u32, u32)>,
}

impl Date {
    /// Another day of the same month, where the month is told.
    pub(super) fn with_day(&self, day: u32) -> Option<Self> {
        let [(month, _)] = self.readings[..] else { return None };
        date(self.year, month, day).filter(|_| self.written.is_none())
    }

    /// Whether both can be the same day. Of two that are written in numbers alone, the order must be the same, too.
    pub(in crate::polishing::guard) fn matches(&self, other: &Self) -> bool {
        let same_year = match (self.year, other.year) {
            (Some(one), Some(another)) => one % 100 == another % 100,
            (None, None) => true,
            _ => false,
        };
        same_year
            && match (self.written, other.written) {
                (Some(one), Some(another)) => one == another,
                _ => self.readings.iter().any(|reading| other.readings.contains(reading)),
            }
    }
}

/// How far before a time its half of the day may be told, in bytes.
const REACH: usize = 32;

/// Names that stand before their day: Portuguese puts them behind.
fn english_months() -> String {
    let words = words();
    longest_first(words.months.keys().copied().filter(|name| !words.months_behind.contains(name)).collect())
}

fn all_months() -> String {
    longest_first(words().months.keys().copied().collect())
}

fn longest_first(mut names: Vec<&str>) -> String {
    names.sort_by_key(|name| usize::MAX - name.len());
    names.join("|")
}

static YEAR_FIRST: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"^(\d{4})(?:[-/.]|年 ?)\u{E000}?(\d{1,2})(?:[-/.]|月 ?)\u{E000}?(\d{1,2})(?:[日号]|(?-u:\b))")
});
static CHINESE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"^(?<whole>(\d{1,2})月 ?\u{E000}?(\d{1,2})[日号]?)(?:$|[^\d月点:.个元块%折万千百天年份])")
});
static NUMERIC: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"^(\d{1,2})(?:/(\d{1,2})(?:/(\d{4}|\d{2}))?|[.-](\d{1,2})[.-](\d{4}))(?-u:\b)"));
static DAY_MONTH: LazyLock<Regex> = LazyLock::new(|| {
    let months = all_months();
    pattern(&format!(
        r"^(\d{{1,2}})(?:st|nd|rd|th|º|o)?(?: (?:of |de )?|-|/)({months})(?-u:\b)\.?(?:,? (?:de |of )?(\d{{4}})(?-u:\b))?"
    ))
});
static MONTH_DAY: LazyLock<Regex> = LazyLock::new(|| {
    let months = english_months();
    pattern(&format!(r"^({months})(?-u:\b)\.? (?:the )?(\d{{1,2}})(?:st|nd|rd|th)?(?-u:\b)(?:,? (\d{{4}})(?-u:\b))?"))
});
static TIME: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?x)^(?<hour>\d{1,2})
        (?: (?: :|h )(?<minute>\d{2}) (?: :\d{2} | min)? (?: (?-u:\b) | (?<tight>[ap]\.?m(?-u:\b)) )
          | \.(?<dotted>\d{2}) (?<dot>\ ?[ap]\.?m(?-u:\b))
          | 点\u{E000}?(?: (?<half>半) | (?<spoken>\d{1,2})分? | 整 | 钟 )?
        )?
        (?: \ ?(?:horas\ )? (?<part> a\.?m(?-u:\b)\.? | p\.?m(?-u:\b)\.? | da\ manha | da\ tarde | da\ noite
            | in\ the\ (?: morning | afternoon | evening ) | at\ night ) )?",
    )
});

fn number(captures: &Captures<'_>, group: usize) -> Option<u32> {
    captures.get(group)?.as_str().parse().ok()
}

fn captures<'t>(pattern: &LazyLock<Regex>, text: &'t str) -> Option<Captures<'t>> {
    pattern.captures(text)
}

/// Compiles all patterns, so that one that cannot be stops the start and not a call.
pub(in crate::polishing::guard) fn compile_patterns() {
    for pattern in [&YEAR_FIRST, &CHINESE, &NUMERIC, &DAY_MONTH, &MONTH_DAY, &TIME] {
        LazyLock::force(pattern);
    }
}

fn date(year: Option<u32>, month: u32, day: u32) -> Option<Date> {
    ((1..=12).contains(&month) && (1..=31).contains(&day)).then(|| Date {
        year,
        readings: vec![(month, day)],
        written: None,
    })
}

/// A date that begins with a digit, and its length in bytes.
pub(super) fn numeric(text: &str) -> Option<(Date, usize)> {
    if let Some(found) = captures(&YEAR_FIRST, text) {
        return Some((date(number(&found, 1), number(&found, 2)?, number(&found, 3)?)?, found[0].len()));
    }
    if let Some(found) = captures(&CHINESE, text) {
        return Some((date(None, number(&found, 2)?, number(&found, 3)?)?, found["whole"].len()));
    }
    // "2 out of 3" is no day of October.
    let is_day = |found: &Captures<'_>| !(&found[2] == "out" && text[found[0].len()..].starts_with(" of "));
    if let Some(found) = captures(&DAY_MONTH, text).filter(is_day) {
        return Some((
            date(number(&found, 3), words().months.get(&found[2]).copied()?, number(&found, 1)?)?,
            found[0].len(),
        ));
    }
    let found = captures(&NUMERIC, text)?;
    let (one, two) = (number(&found, 1)?, number(&found, 2).or_else(|| number(&found, 4))?);
    let year = number(&found, 3).or_else(|| number(&found, 5));
    let readings: Vec<(u32, u32)> =
        [(two, one), (one, two)].into_iter().filter(|(month, day)| date(None, *month, *day).is_some()).collect();
    let bare = !text[found[0].len()..].starts_with(['/', '%']);
    (!readings.is_empty() && bare).then(|| (Date { year, readings, written: Some((one, two)) }, found[0].len()))
}

/// A date that begins with the name of a month.
pub(super) fn named(text: &str) -> Option<(Date, usize)> {
    let found = captures(&MONTH_DAY, text)?;
    Some((date(number(&found, 3), words().months.get(&found[1]).copied()?, number(&found, 2)?)?, found[0].len()))
}

/// A time of the day that begins with a digit: its minutes, whether its half of the day is open, its length in bytes. What
/// stands before it may tell which half.
pub(super) fn time(before: &str, text: &str) -> Option<(u32, bool, usize)> {
    let found = captures(&TIME, text)?;
    let named = |name: &str| found.name(name).map(|part| part.as_str());
    let part = ["tight", "dot", "part"].into_iter().find_map(named).unwrap_or_default().trim_start();
    let matched = &found[0];
    // A bare number is no time, nor is 17h: that is as often a duration.
    if part.is_empty() && !matched.contains([':', '点']) && named("minute").is_none() {
        return None;
    }
    if matched.contains('点') && before.ends_with('差') {
        return None;
    }
    let parsed = |name: &str| named(name)?.parse::<u32>().ok();
    let mut hour = parsed("hour")?;
    let minute = if named("half").is_some() { Some(30) } else { None };
    let minute = minute.or_else(|| ["minute", "dotted", "spoken"].into_iter().find_map(parsed)).unwrap_or(0);
    // 下午2-5点: the half of the day is told once, and near.
    let before = &before[before.ceil_char_boundary(before.len().saturating_sub(REACH))..];
    let before = before.trim_end_matches(|c: char| {
        c.is_ascii_digit() || matches!(c, ' ' | '-' | '~' | ':' | '到' | '至' | '点' | '半' | BY_WORD | MAYBE)
    });
    let late = part.starts_with('p')
        || ["tarde", "noite", "afternoon", "evening", "night"].iter().any(|end| part.ends_with(end))
        || ["下午", "晚上", "傍晚", "晚"].iter().any(|word| before.ends_with(word));
    let early = part.starts_with('a')
        || ["manha", "morning"].iter().any(|end| part.ends_with(end))
        || ["上午", "早上", "凌晨", "清晨", "早"].iter().any(|word| before.ends_with(word));
    let open = !late && !early && (1..12).contains(&hour) && !matched.starts_with('0');
    let at_night = ["晚上", "晚", "半夜"].iter().any(|word| before.ends_with(word));
    if late && hour < 12 {
        hour += 12;
    } else if hour == 24 || hour == 12 && (at_night || part.starts_with('a') || before.ends_with("凌晨")) {
        hour = 0;
    }
    (hour <= 24 && minute < 60).then_some((hour * 60 + minute, open, matched.len()))
}

/// 2a and 6ª: the days of the week from Monday to Friday as Portuguese counts them, from two. Also the length in bytes.
pub(super) fn ordinal_day(text: &str) -> Option<(u8, usize)> {
    let rest = text.strip_prefix(['2', '3', '4', '5', '6'])?.strip_prefix(['a', 'ª'])?;
    let day = text.as_bytes()[0] - b'0';
    (!rest.starts_with(char::is_alphanumeric)).then_some((day, text.len() - rest.len()))
}

/// Days of the week, days, weeks and months from today, and months by their names: what it says, whether it must have its like, its
/// length in bytes.
pub(super) fn day_word(text: &str) -> Option<(Value, bool, usize)> {
    let words = words();
    let relative = |found: Option<&Word<i8>>, unit: Relative| {
        found.map(|word| (Value::Relative(unit, word.value), word.is_required, word.text.len()))
    };
    let week = words.weeks.beginning(text).map(|word| {
        // 下周二 is a day of next week: what names the day is read next.
        let named = ["周", "星期", "礼拜"].iter().find(|name| word.text.ends_with(**name));
        let day =
            named.filter(|_| text[word.text.len()..].starts_with(['一', '二', '三', '四', '五', '六', '日', '天']));
        (
            Value::Relative(Relative::Week, word.value),
            word.is_required,
            word.text.len() - day.map_or(0, |name| name.len()),
        )
    });
    let weekday =
        || words.weekdays.beginning(text).map(|word| (Value::Weekday(word.value), word.is_required, word.text.len()));
    let time = || {
        let word = words.times.beginning(text)?;
        Some((Value::Time { minutes: word.value, open: false }, false, word.text.len()))
    };
    let month = || {
        let name = &text[..text.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(text.len())];
        let month = *words.months.get(name)?;
        Some((Value::Month(month), words.months_alone.contains(&name), name.len()))
    };
    relative(words.days.beginning(text), Relative::Day)
        .or(week)
        .or_else(|| relative(words.relative_months.beginning(text), Relative::Month))
        .or_else(weekday)
        .or_else(time)
        .or_else(month)
}
