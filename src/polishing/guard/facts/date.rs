//! Days and times in their national forms.

use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::Value;

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

const MONTHS: [&[&str]; 12] = [
    &["january", "jan", "janeiro"],
    &["february", "feb", "fevereiro", "fev"],
    &["march", "mar", "marco"],
    &["april", "apr", "abril", "abr"],
    &["may", "maio", "mai"],
    &["june", "jun", "junho"],
    &["july", "jul", "julho"],
    &["august", "aug", "agosto", "ago"],
    &["september", "sept", "sep", "setembro", "set"],
    &["october", "oct", "outubro", "out"],
    &["november", "nov", "novembro"],
    &["december", "dec", "dezembro", "dez"],
];

/// Names of Portuguese alone; three of them are frequent words of English.
const PORTUGUESE: &[&str] = &[
    "janeiro",
    "fevereiro",
    "fev",
    "marco",
    "abril",
    "abr",
    "maio",
    "mai",
    "junho",
    "julho",
    "agosto",
    "ago",
    "setembro",
    "set",
    "outubro",
    "out",
    "novembro",
    "dezembro",
    "dez",
];

/// Months that are no other word, for standing alone.
const CLEAR_MONTHS: &[&str] = &[
    "january",
    "janeiro",
    "february",
    "fevereiro",
    "marco",
    "april",
    "abril",
    "maio",
    "june",
    "junho",
    "july",
    "julho",
    "august",
    "agosto",
    "september",
    "setembro",
    "october",
    "outubro",
    "november",
    "novembro",
    "december",
    "dezembro",
];

/// Names that stand before their day: Portuguese puts them behind.
fn english_months() -> String {
    longest_first(
        MONTHS.iter().flat_map(|names| names.iter().copied()).filter(|name| !PORTUGUESE.contains(name)).collect(),
    )
}

fn all_months() -> String {
    longest_first(MONTHS.iter().flat_map(|names| names.iter().copied()).collect())
}

fn longest_first(mut names: Vec<&str>) -> String {
    names.sort_by_key(|name| usize::MAX - name.len());
    names.join("|")
}

fn month(name: &str) -> Option<u32> {
    let at = MONTHS.iter().position(|names| names.contains(&name))?;
    u32::try_from(at + 1).ok()
}

static YEAR_FIRST: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^(\d{4})(?:[-/.]|年 ?)\u{E000}?(\d{1,2})(?:[-/.]|月 ?)\u{E000}?(\d{1,2})(?:[日号]|(?-u:\b))").ok()
});
static CHINESE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^(?<whole>(\d{1,2})月 ?\u{E000}?(\d{1,2})[日号]?)(?:$|[^\d月点:.个元块%折万千百天年份])").ok()
});
static NUMERIC: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"^(\d{1,2})(?:/(\d{1,2})(?:/(\d{4}|\d{2}))?|[.-](\d{1,2})[.-](\d{4}))(?-u:\b)").ok());
static DAY_MONTH: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let months = all_months();
    Regex::new(&format!(
        r"^(\d{{1,2}})(?:st|nd|rd|th|º|o)?(?: (?:of |de )?|-|/)({months})(?-u:\b)\.?(?:,? (?:de |of )?(\d{{4}})(?-u:\b))?"
    ))
    .ok()
});
static MONTH_DAY: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let months = english_months();
    Regex::new(&format!(
        r"^({months})(?-u:\b)\.? (?:the )?(\d{{1,2}})(?:st|nd|rd|th)?(?-u:\b)(?:,? (\d{{4}})(?-u:\b))?"
    ))
    .ok()
});
static TIME: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?x)^(?<hour>\d{1,2})
        (?: (?: :|h )(?<minute>\d{2}) (?: :\d{2} | min)? (?: (?-u:\b) | (?<tight>[ap]\.?m(?-u:\b)) )
          | \.(?<dotted>\d{2}) (?<dot>\ ?[ap]\.?m(?-u:\b))
          | 点\u{E000}?(?: (?<half>半) | (?<spoken>\d{1,2})分? | 整 | 钟 )?
        )?
        (?: \ ?(?:horas\ )? (?<part> a\.?m(?-u:\b)\.? | p\.?m(?-u:\b)\.? | da\ manha | da\ tarde | da\ noite
            | in\ the\ (?: morning | afternoon | evening ) | at\ night ) )?",
    )
    .ok()
});

fn number(captures: &Captures<'_>, group: usize) -> Option<u32> {
    captures.get(group)?.as_str().parse().ok()
}

fn captures<'t>(pattern: &LazyLock<Option<Regex>>, text: &'t str) -> Option<Captures<'t>> {
    pattern.as_ref()?.captures(text)
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
        return Some((date(number(&found, 3), month(&found[2])?, number(&found, 1)?)?, found[0].len()));
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
    Some((date(number(&found, 3), month(&found[1])?, number(&found, 2)?)?, found[0].len()))
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
        c.is_ascii_digit()
            || matches!(c, ' ' | '-' | '~' | ':' | '到' | '至' | '点' | '半' | super::super::numerals::BY_WORD)
    });
    let late = part.starts_with('p')
        || ["tarde", "noite", "afternoon", "evening", "night"].iter().any(|end| part.ends_with(end))
        || ["下午", "晚上", "傍晚", "晚"].iter().any(|word| before.ends_with(word));
    let early = part.starts_with('a')
        || ["manha", "morning"].iter().any(|end| part.ends_with(end))
        || ["上午", "早上", "凌晨", "清晨", "早"].iter().any(|word| before.ends_with(word));
    let open = !late && !early && (1..12).contains(&hour) && !matched.starts_with('0');
    if late && hour < 12 {
        hour += 12;
    } else if hour == 12 && (part.starts_with('a') || before.ends_with("凌晨")) {
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

/// Days of the week, days from today and months by their names: what it says, whether it must have its like, its length.
pub(super) fn day_word(text: &str) -> Option<(Value, bool, usize)> {
    const CHINESE_DAYS: [(char, u8); 8] =
        [('一', 1), ('二', 2), ('三', 3), ('四', 4), ('五', 5), ('六', 6), ('日', 7), ('天', 7)];
    for prefix in ["星期", "礼拜", "周"] {
        let Some(day) = text.strip_prefix(prefix).and_then(|rest| rest.chars().next()) else { continue };
        if let Some((_, number)) = CHINESE_DAYS.iter().find(|(c, _)| *c == day) {
            return Some((Value::Weekday(*number), true, prefix.len() + day.len_utf8()));
        }
    }
    for (word, days, required) in [
        ("今天", 0, true),
        ("今日", 0, true),
        ("今晚", 0, true),
        ("明天", 1, true),
        ("明日", 1, true),
        ("明晚", 1, true),
        ("明早", 1, true),
        ("后天", 2, true),
        ("昨天", -1, true),
        ("昨日", -1, true),
        ("昨晚", -1, true),
    ] {
        if text.starts_with(word) {
            return Some((Value::Relative(days), required, word.len()));
        }
    }
    for (word, minutes) in
        [("meio-dia", 12 * 60), ("meio dia", 12 * 60), ("meia-noite", 0), ("meia noite", 0), ("正午", 12 * 60)]
    {
        if text.starts_with(word) {
            return Some((Value::Time { minutes, open: false }, false, word.len()));
        }
    }
    let end = text.find(|c: char| !c.is_ascii_alphabetic() && c != '-').unwrap_or(text.len());
    let hyphenated = text[..end].trim_end_matches('-');
    let word = if hyphenated.ends_with("-feira") { hyphenated } else { hyphenated.split('-').next()? };
    let (value, required) = match word {
        "monday" | "mondays" | "segunda-feira" => (Value::Weekday(1), true),
        "tuesday" | "tuesdays" | "tue" | "tues" | "terca-feira" => (Value::Weekday(2), true),
        "wednesday" | "wednesdays" | "quarta-feira" => (Value::Weekday(3), true),
        "thursday" | "thursdays" | "thu" | "thur" | "thurs" | "quinta-feira" => (Value::Weekday(4), true),
        "friday" | "fridays" | "fri" | "sexta-feira" => (Value::Weekday(5), true),
        "saturday" | "saturdays" | "sabado" | "sabados" => (Value::Weekday(6), true),
        "sunday" | "sundays" | "domingo" | "domingos" => (Value::Weekday(7), true),
        // Also other words, or "second", "third" ...: they may be the like of a day and need none.
        "mon" | "segunda" | "seg" => (Value::Weekday(1), false),
        "terca" | "ter" => (Value::Weekday(2), false),
        "wed" | "quarta" | "qua" => (Value::Weekday(3), false),
        "quinta" | "qui" => (Value::Weekday(4), false),
        "sexta" | "sex" => (Value::Weekday(5), false),
        "sat" | "sab" => (Value::Weekday(6), false),
        "sun" | "dom" => (Value::Weekday(7), false),
        "noon" | "midday" => (Value::Time { minutes: 12 * 60, open: false }, false),
        "midnight" => (Value::Time { minutes: 0, open: false }, false),
        // Courtesy adds it: "thank you for writing to us today".
        "today" | "tonight" | "hoje" | "hj" => (Value::Relative(0), false),
        "tomorrow" | "tmrw" | "tmr" | "tmw" | "tomorow" | "tommorow" | "amanha" => (Value::Relative(1), true),
        "yesterday" | "ontem" => (Value::Relative(-1), true),
        _ => (Value::Month(month(word)?), CLEAR_MONTHS.contains(&word)),
    };
    Some((value, required, word.len()))
}
