//! Numbers in digits, with the separators of all three languages, to canonical decimals.

use super::{
    super::{is_han, numerals::chinese_factor, words::words},
    Value,
};

/// The longest number that is read as one.
const MAX_LENGTH: usize = 40;

/// Reads the number at the beginning of `text`, which begins with a digit. Returns it and its length in bytes.
pub(super) fn read(text: &str) -> (Value, usize) {
    let bytes = text.as_bytes();
    let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let mut end = 0;
    while end < MAX_LENGTH {
        let spaced = bytes.get(end) == Some(&b' ') && is_group(bytes, end + 1) && is_leading(&bytes[..end]);
        if digit(end) {
            end += 1;
        } else if bytes.get(end).is_some_and(|byte| b".,'".contains(byte)) && digit(end + 1) && !divides(text, end)
            || spaced
        {
            end += 2;
        } else {
            break;
        }
    }
    let token: String = text[..end].chars().filter(|c| !matches!(c, '\'' | ' ')).collect();
    let mut values = candidates(&token);
    if values.is_empty() {
        return (Value::Raw(token), end);
    }
    if let Some((power, length)) = factor(&text[end..]) {
        values = values.iter().map(|value| shifted(value, power)).collect();
        end += length;
    }
    (Value::Number(values), end)
}

/// Whether a comma divides clauses of Chinese: "4000,10月" are two numbers.
fn divides(text: &str, comma: usize) -> bool {
    let after = &text[comma + 1..];
    let digits = after.len() - after.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    text.as_bytes()[comma] == b',' && digits != 3 && after[digits..].starts_with(is_han)
}

/// Three digits and no more.
fn is_group(bytes: &[u8], at: usize) -> bool {
    bytes.len() >= at + 3
        && bytes[at..at + 3].iter().all(u8::is_ascii_digit)
        && !bytes.get(at + 3).is_some_and(u8::is_ascii_digit)
}

/// One to three digits, perhaps with groups of three behind.
fn is_leading(bytes: &[u8]) -> bool {
    let mut groups = bytes.split(|byte| *byte == b' ');
    groups
        .next()
        .is_some_and(|first| (1..=3).contains(&first.len()) && first.iter().all(u8::is_ascii_digit) && first[0] != b'0')
        && groups.all(|group| group.len() == 3)
}

/// Powers of ten by a factor behind the digits: 3万, 5 mil, 2 million.
fn factor(after: &str) -> Option<(usize, usize)> {
    let mut length = 0;
    let mut power = 0;
    while let Some(c) = after[length..].chars().next().filter(|c| chinese_factor(*c).is_some()) {
        power += usize::try_from(chinese_factor(c)?.ilog10()).ok()?;
        length += c.len_utf8();
    }
    if length > 0 {
        return Some((power, length));
    }
    // 5k, but not 5 kg.
    if let Some(rest) = after.strip_prefix('k')
        && !rest.starts_with(char::is_alphanumeric)
    {
        return Some((3, 1));
    }
    let word = words().powers.beginning(after.strip_prefix(' ')?)?;
    Some((word.value, word.text.len() + 1))
}

/// What a token of digits, full stops and commas may mean; nothing, if it is no number.
fn candidates(token: &str) -> Vec<String> {
    let dots = token.matches('.').count();
    let commas = token.matches(',').count();
    let groups_of = |separator: char| {
        let mut groups = token.split(['.', ',']);
        let first = groups.next().unwrap_or_default();
        (1..=3).contains(&first.len()) && token.split(separator).skip(1).all(|group| group.len() == 3)
    };
    match (dots, commas) {
        (0, 0) => vec![canonical(token, "")],
        (_, 0) | (0, _) if dots + commas > 1 => {
            let separator = if dots > 0 { '.' } else { ',' };
            if groups_of(separator) || separator == ',' && is_indian(token) {
                vec![canonical(&token.replace(separator, ""), "")]
            } else {
                Vec::new()
            }
        }
        (1, 0) | (0, 1) => {
            let Some((whole, fraction)) = token.split_once(['.', ',']) else { return Vec::new() };
            let decimal = canonical(whole, fraction);
            if fraction.len() == 3 && (1..=3).contains(&whole.len()) && whole != "0" {
                vec![canonical(&format!("{whole}{fraction}"), ""), decimal]
            } else {
                vec![decimal]
            }
        }
        _ => {
            let Some(last) = token.rfind(['.', ',']) else { return Vec::new() };
            let decimal = &token[last..=last];
            let (whole, fraction) = (&token[..last], &token[last + 1..]);
            let thousands = if decimal == "." { ',' } else { '.' };
            let right = !whole.contains(decimal) && whole.split(thousands).skip(1).all(|group| group.len() == 3);
            if right { vec![canonical(&whole.replace(thousands, ""), fraction)] } else { Vec::new() }
        }
    }
}

/// 5,00,000: groups of two before the last of three.
fn is_indian(token: &str) -> bool {
    let groups: Vec<usize> = token.split(',').map(str::len).collect();
    matches!(groups[..], [1..=2, ref middle @ .., 3] if middle.iter().all(|length| *length == 2))
}

/// Without needless zeros. Three digits or more that begin with a zero are a code, and kept.
fn canonical(whole: &str, fraction: &str) -> String {
    let stripped = whole.trim_start_matches('0');
    let whole = match stripped {
        "" => "0",
        _ if whole.len() >= 3 && fraction.is_empty() => whole,
        _ => stripped,
    };
    match fraction.trim_end_matches('0') {
        "" => whole.to_owned(),
        fraction => format!("{whole}.{fraction}"),
    }
}

/// Ten to the `power` times as much.
pub(super) fn shifted(value: &str, power: usize) -> String {
    let (whole, fraction) = value.split_once('.').unwrap_or((value, ""));
    let mut digits = fraction.to_owned();
    while digits.len() < power {
        digits.push('0');
    }
    let (more, fraction) = digits.split_at(power);
    canonical(format!("{whole}{more}").trim_start_matches('0'), fraction)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[&str], length: usize) {
        let (value, taken) = read(text);
        let found = match value {
            Value::Number(values) => values,
            Value::Raw(raw) => vec![format!("raw {raw}")],
            other => vec![format!("{other:?}")],
        };
        assert_eq!((found, taken), (expected.iter().map(ToString::to_string).collect(), length), "{text}");
    }

    #[test]
    fn reads_the_separators_of_all_three_languages() {
        check("1.234,56", &["1234.56"], 8);
        check("1,234.56 x", &["1234.56"], 8);
        check("1.234", &["1234", "1.234"], 5);
        check("1.234.567", &["1234567"], 9);
        check("10,00.", &["10"], 5);
        check("0,5", &["0.5"], 3);
        check("5,00,000", &["500000"], 8);
        check("5 lakh", &["500000"], 6);
        check("40k", &["40000"], 3);
        check("1 234 567 x", &["1234567"], 9);
        check("12 345678", &["12"], 2);
        check("2.3.1", &["raw 2.3.1"], 5);
        check("0800", &["0800"], 4);
        check("05", &["5"], 2);
        check("3.5万元", &["35000"], 6);
        check("5 mil reais", &["5000"], 5);
        check("5 milk", &["5"], 1);
        check("2千", &["2000"], 4);
        check("4000,10月", &["4000"], 4);
    }
}
