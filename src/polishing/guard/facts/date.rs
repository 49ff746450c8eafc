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

const MONTHS: [&[&str]; 12] = [
    &["january", "jan", "janeiro"],
    &["february", "feb", "fevereiro", "fev"],
    &["march", "mar", "março"],
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

/// Months that are no other word, for standing alone.
const CLEAR_MONTHS: &[&str] = &[
    "january",
    "janeiro",
    "february",
    "fevereiro",
    "março",
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

fn month_pattern() -> String {
    let mut names: Vec<&str> = MONTHS.iter().flat_map(|names| names.iter().copied()).collect();
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
static CHINESE: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"^(\d{1,2})月 ?\u{E000}?(\d{1,2})[日号]").ok());
static NUMERIC: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"^(\d{1,2})(?:/(\d{1,2})(?:/(\d{4}|\d{2}))?|[.-](\d{1,2})[.-](\d{4}))(?-u:\b)").ok());
static DAY_MONTH: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let months = month_pattern();
    Regex::new(&format!(
        r"^(\d{{1,2}})(?:st|nd|rd|th|º)?(?: (?:of |de )?|-)({months})(?-u:\b)\.?(?:,? (?:de |of )?(\d{{4}})(?-u:\b))?"
    ))
    .ok()
});
static MONTH_DAY: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let months = month_pattern();
    Regex::new(&format!(
        r"^({months})(?-u:\b)\.? (?:the )?(\d{{1,2}})(?:st|nd|rd|th)?(?-u:\b)(?:,? (\d{{4}})(?-u:\b))?"
    ))
    .ok()
});
static TIME: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"^(\d{1,2})(?:(?::|h)(\d{2})(?::\d{2}|min)?(?-u:\b)|点 ?\u{E000}?(\d{1,2})分?|点(半)|点(?:整|钟)?|:(\d{2}))?(?: ?(?:horas )?(a\.?m(?-u:\b)\.?|p\.?m(?-u:\b)\.?|da manhã|da tarde|da noite|in the morning|in the afternoon|in the evening|at night))?",
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
        return Some((date(None, number(&found, 1)?, number(&found, 2)?)?, found[0].len()));
    }
    if let Some(found) = captures(&DAY_MONTH, text) {
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

/// A time of the day, in minutes, that begins with a digit; what stands before it may tell which half.
pub(super) fn time(before: &str, text: &str) -> Option<(u32, usize)> {
    let found = captures(&TIME, text)?;
    let half = found.get(7).map_or("", |half| half.as_str());
    let matched = &found[0];
    // A bare number is no time, nor is 17h: that is as often a duration.
    if half.is_empty() && !matched.contains([':', '点']) && number(&found, 2).is_none() {
        return None;
    }
    if matched.contains('点') && before.ends_with('差') {
        return None;
    }
    let mut hour = number(&found, 1)?;
    let minute = number(&found, 2).or_else(|| number(&found, 3)).or_else(|| number(&found, 6));
    let minute = if found.get(4).is_some() { 30 } else { minute.unwrap_or(0) };
    let before = before.trim_end_matches([' ', super::super::numerals::BY_WORD]);
    let late = half.starts_with('p')
        || half.ends_with("tarde")
        || half.ends_with("noite")
        || half.ends_with("afternoon")
        || half.ends_with("evening")
        || ["下午", "晚上", "傍晚", "晚"].iter().any(|word| before.ends_with(word));
    if late && hour < 12 {
        hour += 12;
    } else if hour == 12 && (half.starts_with('a') || before.ends_with("凌晨")) {
        hour = 0;
    }
    (hour <= 24 && minute < 60).then_some((hour * 60 + minute, matched.len()))
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
        ("明天", 1, true),
        ("明日", 1, true),
        ("后天", 2, true),
        ("昨天", -1, true),
        ("昨日", -1, true),
    ] {
        if text.starts_with(word) {
            return Some((Value::Relative(days), required, word.len()));
        }
    }
    let end = text.find(|c: char| !c.is_alphabetic() && c != '-').unwrap_or(text.len());
    let word = text[..end].trim_end_matches('-');
    let days = |number: u8| Some((Value::Weekday(number), true));
    let (value, required) = match word {
        "monday" | "mondays" | "segunda-feira" => days(1),
        "tuesday" | "tuesdays" | "terça-feira" | "terca-feira" => days(2),
        "wednesday" | "wednesdays" | "quarta-feira" => days(3),
        "thursday" | "thursdays" | "quinta-feira" => days(4),
        "friday" | "fridays" | "sexta-feira" => days(5),
        "saturday" | "saturdays" | "sábado" | "sábados" | "sabado" => days(6),
        "sunday" | "sundays" | "domingo" | "domingos" => days(7),
        // Also "second", "third" ...: they may be the like of a day and need none.
        "segunda" => Some((Value::Weekday(1), false)),
        "terça" => Some((Value::Weekday(2), false)),
        "quarta" => Some((Value::Weekday(3), false)),
        "quinta" => Some((Value::Weekday(4), false)),
        "sexta" => Some((Value::Weekday(5), false)),
        // Courtesy adds it: "thank you for writing to us today".
        "today" | "hoje" => Some((Value::Relative(0), false)),
        "tomorrow" | "amanhã" | "amanha" => Some((Value::Relative(1), true)),
        "yesterday" | "ontem" => Some((Value::Relative(-1), true)),
        _ if CLEAR_MONTHS.contains(&word) => Some((Value::Month(month(word)?), true)),
        _ => None,
    }?;
    Some((value, required, word.len()))
}
