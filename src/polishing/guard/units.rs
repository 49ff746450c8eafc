//! What numbers count: money, per cent, time, data. Reads folded text around a number.

use super::{language::DetectedLanguage, words::words};

/// What a number counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unit {
    /// By its ISO 4217 code; `yuan` is what 元 and 块 say, of any Chinese currency.
    Money(&'static str),
    /// Hundredths.
    Percent,
    /// 八折: tenths of a price.
    Zhe,
    /// Days on which offices are open.
    BusinessDay,
    /// Anything else, by its English name.
    Other(&'static str),
}

impl Unit {
    fn of(name: &'static str) -> Self {
        match name {
            "percent" => Self::Percent,
            "zhe" => Self::Zhe,
            "business day" => Self::BusinessDay,
            "yuan" => Self::Money(name),
            _ if name.len() == 3 && name.bytes().all(|byte| byte.is_ascii_uppercase()) => Self::Money(name),
            _ => Self::Other(name),
        }
    }

    /// Whether a number with it can never mean the same as one without.
    pub(super) const fn is_essential(self) -> bool {
        matches!(self, Self::Money(_) | Self::Percent | Self::Zhe | Self::BusinessDay)
    }

    /// Whether both may be the same: 元 is said of each Chinese currency.
    pub(super) fn matches(self, other: Self) -> bool {
        let chinese = |code| matches!(code, "CNY" | "TWD" | "HKD");
        match (self, other) {
            (Self::Money("yuan"), Self::Money(code)) | (Self::Money(code), Self::Money("yuan")) => {
                code == "yuan" || chinese(code)
            }
            // 30G: so gigabytes are typed.
            (Self::Other("gram"), Self::Other("gigabyte")) | (Self::Other("gigabyte"), Self::Other("gram")) => true,
            (one, another) => one == another,
        }
    }
}

/// The currencies that go without saying in a language.
pub(super) const fn home(language: Option<DetectedLanguage>) -> &'static [Unit] {
    match language {
        Some(DetectedLanguage::Chinese) => &[Unit::Money("yuan"), Unit::Money("CNY")],
        Some(DetectedLanguage::Portuguese) => &[Unit::Money("BRL"), Unit::Money("EUR")],
        _ => &[],
    }
}

/// Whether a number counts tenths: 两成 is 20 %.
pub(super) fn is_tenths(after: &str) -> bool {
    after.starts_with('成') && words().no_tenths.beginning(after).is_none()
}

/// The unit that stands before a number, and how many bytes it takes with the space behind it.
pub(super) fn before(text: &str) -> Option<(Unit, usize)> {
    let trimmed = text.trim_end_matches(' ');
    let word = words().before.ending(trimmed)?;
    Some((Unit::of(word.value), text.len() - trimmed.len() + word.text.len()))
}

/// The unit that stands behind a number, perhaps after a space or a hyphen, and how many bytes it takes with these.
pub(super) fn after(text: &str) -> Option<(Unit, usize)> {
    let rest = text.strip_prefix([' ', '-']).unwrap_or(text);
    let word = words().after.beginning(rest)?;
    // 早9晚5 are two times.
    if word.text == "晚" && rest[word.text.len()..].starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    Some((Unit::of(word.value), text.len() - rest.len() + word.text.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_read() {
        for (text, expected) in [
            ("共nt$", Some(Unit::Money("TWD"))),
            ("共hk$ ", Some(Unit::Money("HKD"))),
            ("of us$", Some(Unit::Money("USD"))),
            ("r$", Some(Unit::Money("BRL"))),
            ("cars", None),
        ] {
            assert_eq!(before(text).map(|(unit, _)| unit), expected, "{text}");
        }
        for (text, expected) in [
            (" dias uteis", Some(Unit::BusinessDay)),
            ("-day trip", Some(Unit::Other("day"))),
            (" nights", Some(Unit::Other("night"))),
            ("块钱", Some(Unit::Money("yuan"))),
            (" haircuts", None),
        ] {
            assert_eq!(after(text).map(|(unit, _)| unit), expected, "{text}");
        }
    }
}
