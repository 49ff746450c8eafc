//! Character references (`&eacute;`, `&#233;`, `&#xE9;`, also without their semicolon), as the WHATWG's tokeniser reads
//! them in text. Knows no tag.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

/// The longest name without a semicolon that stands for a character (`&Aacute`), in bytes.
const MAX_BARE_NAME_BYTES: usize = 6;
/// The longest name, in bytes: `CounterClockwiseContourIntegral`.
const MAX_NAME_BYTES: usize = 31;

/// Names without the ampersand, with their semicolon where they need one.
static NAMED: LazyLock<FxHashMap<&str, &str>> = LazyLock::new(|| {
    entities::ENTITIES.iter().map(|entity| (entity.entity.trim_start_matches('&'), entity.characters)).collect()
});

/// What a reference stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CharacterReference {
    /// One or two characters that have a name.
    Named(&'static str),
    /// One by number.
    Numeric(char),
}

impl CharacterReference {
    /// Their length in bytes.
    pub(super) const fn len(self) -> usize {
        match self {
            Self::Named(characters) => characters.len(),
            Self::Numeric(c) => c.len_utf8(),
        }
    }

    /// Appends them to a text.
    pub(super) fn push_to(self, text: &mut String) {
        match self {
            Self::Named(characters) => text.push_str(characters),
            Self::Numeric(c) => text.push(c),
        }
    }
}

/// The reference with which `text` begins, and its length in bytes; `None` if the ampersand stands for itself.
pub(super) fn read(text: &str) -> Option<(CharacterReference, usize)> {
    let name = text.strip_prefix('&')?;
    match name.as_bytes().first()? {
        b'#' => numbered(name).map(|(c, length)| (CharacterReference::Numeric(c), 1 + length)),
        byte if byte.is_ascii_alphanumeric() => named(name),
        _ => None,
    }
}

fn named(name: &str) -> Option<(CharacterReference, usize)> {
    let bytes = name.as_bytes();
    let length = bytes.iter().take(MAX_NAME_BYTES + 1).take_while(|byte| byte.is_ascii_alphanumeric()).count();
    let found = |length: usize| NAMED.get(&name[..length]).map(|&found| (CharacterReference::Named(found), 1 + length));
    if bytes.get(length) == Some(&b';')
        && let Some(found) = found(length + 1)
    {
        return Some(found);
    }
    (2..=length.min(MAX_BARE_NAME_BYTES)).rev().find_map(found)
}

fn numbered(name: &str) -> Option<(char, usize)> {
    let hexadecimal = name[1..].starts_with(['x', 'X']);
    let (radix, start) = if hexadecimal { (16, 2) } else { (10, 1) };
    let digits = name[start..].bytes().take_while(|&byte| char::from(byte).is_digit(radix)).count();
    if digits == 0 {
        return None;
    }
    let end = start + digits;
    let number = name[start..end]
        .chars()
        .try_fold(0_u32, |number, digit| number.checked_mul(radix)?.checked_add(digit.to_digit(radix)?));
    let length = end + usize::from(name[end..].starts_with(';'));
    Some((character(number.unwrap_or(u32::MAX)), length))
}

/// The character of a number: those of Windows-1252 for the C1 controls, the replacement character for what is none.
fn character(number: u32) -> char {
    const WINDOWS: [char; 32] = [
        '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8D}', 'Ž', '\u{8F}', '\u{90}', '‘',
        '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9D}', 'ž', 'Ÿ',
    ];
    match number {
        0 => char::REPLACEMENT_CHARACTER,
        0x80..=0x9F => WINDOWS[(number - 0x80) as usize],
        _ => char::from_u32(number).unwrap_or(char::REPLACEMENT_CHARACTER),
    }
}

/// Appends `source`, all of it text, with its references read.
pub(super) fn decode(source: &str, text: &mut String) {
    let mut rest = source;
    while let Some(at) = memchr::memchr(b'&', rest.as_bytes()) {
        text.push_str(&rest[..at]);
        rest = &rest[at..];
        let length = match read(rest) {
            Some((characters, length)) => {
                characters.push_to(text);
                length
            }
            None => {
                text.push('&');
                1
            }
        };
        rest = &rest[length..];
    }
    text.push_str(rest);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(source: &str, expected: &str) {
        let mut text = String::new();
        decode(source, &mut text);
        assert_eq!(text, expected, "{source}");
    }

    #[test]
    fn reads_names() {
        check("caf&eacute; &amp;amp; &lt;b&gt;", "café &amp; <b>");
        check("caf&eacute &ccedil&atilde", "café çã");
        check("&notit; &notin; &not", "¬it; ∉ ¬");
        check("AT&T & &; &x; &nosuch; &hellip", "AT&T & &; &x; &nosuch; &hellip");
        check("&NotEqualTilde;&CounterClockwiseContourIntegral;&ac;", "≂̸∳∾");
        check("&AMP &COPY&lt&ltb", "& ©<<b");
    }

    #[test]
    fn reads_numbers() {
        check("&#233;&#xE9;&#x00e9;&#233 &#xe9g", "éééé ég");
        check("&#128512; &#x1F600", "😀 😀");
        check("&#150;&#x80;&#0;&#xD800;&#99999999999;", "–€\u{FFFD}\u{FFFD}\u{FFFD}");
        check("&#; &#x; &#xg; &#", "&#; &#x; &#xg; &#");
    }

    /// Every name decodes to what the table says, whatever follows it.
    #[test]
    fn knows_every_name() {
        for entity in &entities::ENTITIES {
            check(entity.entity, entity.characters);
            let longest = entity.entity.trim_matches(['&', ';']).len();
            assert!(longest <= MAX_NAME_BYTES && (entity.entity.ends_with(';') || longest <= MAX_BARE_NAME_BYTES));
        }
    }
}
