//! Words with digits: units, clock times, ordinals; and Roman numerals.

use super::Grammar;

/// What a word with digits is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NumeralClass {
    /// A number with its unit, a time, an ordinal: right.
    Right,
    /// An ordinal with another number's ending: `22th`.
    WrongOrdinal,
    /// Anything else: a code, a model, a licence plate.
    Code,
}

/// What may follow a number without a blank, in small letters.
const UNITS: &[&str] = &[
    "a", "am", "b", "bn", "c", "cl", "cm", "d", "db", "f", "fl", "ft", "g", "gb", "gbps", "ghz", "gib", "h", "hr",
    "hrs", "hz", "in", "k", "kb", "kbps", "kcal", "kg", "khz", "kib", "km", "kmh", "kva", "kw", "kwh", "l", "lb",
    "lbs", "m", "ma", "mah", "mb", "mbps", "mg", "mhz", "mi", "mib", "min", "mins", "ml", "mm", "mo", "mp", "ms", "mw",
    "o", "oz", "p", "pm", "ppm", "px", "rpm", "s", "sec", "secs", "st", "t", "tb", "u", "v", "w", "wh", "x", "y", "yr",
    "yrs", "º", "ª", "os", "as", "ºs", "ªs",
];

/// Classifies a normalised word that holds a digit.
#[must_use]
pub(crate) fn classify_numeral(word: &str, grammar: Grammar) -> NumeralClass {
    let digits =
        word.len() - word.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | ',' | ':')).len();
    let (number, unit) = word.split_at(digits);
    let unit = unit.to_lowercase();
    if number.is_empty() {
        return NumeralClass::Code;
    }
    if grammar == Grammar::English && matches!(unit.as_str(), "st" | "nd" | "rd" | "th") {
        return if ordinal_ending(number) == unit { NumeralClass::Right } else { NumeralClass::WrongOrdinal };
    }
    let plural = unit.strip_prefix('\'').unwrap_or(&unit);
    if UNITS.contains(&plural) || is_clock(&unit) { NumeralClass::Right } else { NumeralClass::Code }
}

/// The rest of `10h30`, `10h30min`.
fn is_clock(unit: &str) -> bool {
    unit.strip_prefix('h').is_some_and(|minutes| {
        let minutes = minutes.trim_end_matches("min").trim_end_matches('m');
        (1..=2).contains(&minutes.len()) && minutes.bytes().all(|byte| byte.is_ascii_digit())
    })
}

/// The English ending of an ordinal.
#[must_use]
pub(super) fn ordinal_ending(number: &str) -> &'static str {
    let mut digits = number.bytes().rev().filter(u8::is_ascii_digit);
    let (last, ten) = (digits.next(), digits.next());
    match (ten, last) {
        (Some(b'1'), _) => "th",
        (_, Some(b'1')) => "st",
        (_, Some(b'2')) => "nd",
        (_, Some(b'3')) => "rd",
        _ => "th",
    }
}

/// The right ordinal for one with a wrong ending.
#[must_use]
pub(crate) fn correct_ordinal(word: &str) -> String {
    let number = word.trim_end_matches(|c: char| c.is_alphabetic());
    format!("{number}{}", ordinal_ending(number))
}

/// Whether a word in capitals is a Roman numeral of two letters or more, in the usual subtractive writing, below 4000.
#[must_use]
pub(crate) fn is_roman_numeral(word: &str) -> bool {
    let mut rest = word;
    for (ten, five, one) in [("", "", "M"), ("M", "D", "C"), ("C", "L", "X"), ("X", "V", "I")] {
        rest = strip_roman_digit(rest, one, five, ten);
    }
    word.len() > 1 && rest.is_empty()
}

/// What is left after one decimal digit written with these signs.
fn strip_roman_digit<'w>(word: &'w str, one: &str, five: &str, ten: &str) -> &'w str {
    let Some(rest) = word.strip_prefix(one) else {
        let Some(rest) = word.strip_prefix(five).filter(|_| !five.is_empty()) else { return word };
        return strip_roman_ones(rest, one);
    };
    if !five.is_empty() {
        if let Some(rest) = rest.strip_prefix(ten) {
            return rest;
        }
        if let Some(rest) = rest.strip_prefix(five) {
            return rest;
        }
    }
    strip_roman_ones(word, one)
}

fn strip_roman_ones<'w>(word: &'w str, one: &str) -> &'w str {
    (0..3).fold(word, |rest, _| rest.strip_prefix(one).unwrap_or(rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(word: &str, english: NumeralClass, portuguese: NumeralClass) {
        assert_eq!(
            (classify_numeral(word, Grammar::English), classify_numeral(word, Grammar::Portuguese)),
            (english, portuguese),
            "{word}"
        );
    }

    #[test]
    fn classifies_numerals() {
        use NumeralClass::{Code, Right, WrongOrdinal};
        for word in ["5pm", "10AM", "5GB", "24h", "10h30", "90s", "3x", "1.5kg", "2º", "3ª"] {
            check(word, Right, Right);
        }
        check("21st", Right, Right);
        check("11st", WrongOrdinal, Right);
        check("22nd", Right, Code);
        check("22th", WrongOrdinal, Code);
        check("A12", Code, Code);
        check("2FA", Code, Code);
    }

    #[test]
    fn corrects_ordinals() {
        for (wrong, right) in [("22th", "22nd"), ("11st", "11th"), ("1th", "1st"), ("113rd", "113th")] {
            assert_eq!(correct_ordinal(wrong), right);
        }
    }

    #[test]
    fn reads_roman_numerals() {
        for (word, expected) in [
            ("XIV", true),
            ("IX", true),
            ("MMXXVI", true),
            ("II", true),
            ("IIII", false),
            ("I", false),
            ("VX", false),
            ("DM", false),
        ] {
            assert_eq!(is_roman_numeral(word), expected, "{word}");
        }
    }
}
