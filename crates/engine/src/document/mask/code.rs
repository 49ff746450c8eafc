//! Codes: order numbers, versions, hexadecimal values, network addresses, identifiers. Knows no addresses and no paths.

/// Letters that may follow a number and leave it a word: `5pm`, `22nd`, `10kg`.
const LONGEST_UNIT: usize = 3;
/// Digits that make a code of lower-case words: `inv-00981`, but not `pre-2020`.
const CODE_DIGITS: usize = 5;
/// Capitals that make a code with a number: `INV-7`, but not `WINDOWS-11`.
const LONGEST_PREFIX: usize = 5;
/// Names that stand between double underscores in Python, JavaScript, C and PHP.
const RESERVED_NAMES: &[&str] = &[
    "DATE",
    "DIR",
    "FILE",
    "LINE",
    "TIME",
    "all",
    "call",
    "class",
    "construct",
    "del",
    "dict",
    "dir",
    "dirname",
    "doc",
    "enter",
    "eq",
    "exit",
    "file",
    "filename",
    "func",
    "hash",
    "init",
    "iter",
    "len",
    "main",
    "name",
    "new",
    "next",
    "proto",
    "repr",
    "slots",
    "str",
    "version",
];

/// Calls `found` with each code in `step`, a run of letters, digits, `_`, `-`, `.`, `+`, `@`, as bytes of it.
///
/// Labels joined by full stops make one code when all are codes or numbers: `v2.3.1`, but `A12B3` in `A12B3.Thanks`.
pub(super) fn each_code(step: &str, mut found: impl FnMut(usize, usize)) {
    let mut run = CodeRun::default();
    let mut start = 0;
    while start <= step.len() {
        let end = step[start..].find(['.', '+', '@']).map_or(step.len(), |length| start + length);
        let (from, to) = trim(step, start, end);
        let label = &step[from..to];
        let is_number = !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_digit());
        // What may be a word with a slip in it is left to those who know words.
        let is_word = || from == 0 && to == step.len() && has_stray_digit(label);
        let is_code = is_code(label) && !is_word() || (run.numbers >= 2 && is_prerelease(label));
        if is_number || is_code {
            run.extend(from, to, is_code);
        }
        if !(is_number || is_code) || step.as_bytes().get(end) != Some(&b'.') {
            run.close(&mut found);
        }
        start = end + 1;
    }
}

/// Consecutive labels, each a code or a number.
#[derive(Default)]
struct CodeRun {
    span: Option<(usize, usize)>,
    numbers: usize,
    has_code: bool,
}

impl CodeRun {
    fn extend(&mut self, from: usize, to: usize, is_code: bool) {
        self.span = Some((self.span.map_or(from, |(start, _)| start), to));
        self.numbers += usize::from(!is_code);
        self.has_code |= is_code;
    }

    fn close(&mut self, found: &mut impl FnMut(usize, usize)) {
        if let (Some((start, end)), true) = (self.span, self.has_code) {
            found(start, end);
        }
        *self = Self::default();
    }
}

fn trim(step: &str, start: usize, end: usize) -> (usize, usize) {
    let label = step[start..end].trim_end_matches(['-', '_']);
    let trimmed = label.trim_start_matches(['-', '_']);
    (start + label.len() - trimmed.len(), start + label.len())
}

/// Whether a label of letters, digits, `-` and `_`, without `-` or `_` at its ends, is a code.
pub(super) fn is_code(label: &str) -> bool {
    if label.contains('_') {
        return true;
    }
    let digits = label.bytes().filter(u8::is_ascii_digit).count();
    if digits == 0 || !label.chars().any(char::is_alphabetic) {
        return false;
    }
    if label.split('-').any(is_mixed) {
        return true;
    }
    label.contains('-') && (digits >= CODE_DIGITS || has_prefix(label) || is_mac(label, '-'))
}

/// Whether a token of letters and digits may be a word with a slip in it rather than a code, by its form: small letters, the first
/// perhaps a capital, and a single digit.
#[must_use]
pub(crate) fn has_stray_digit(token: &str) -> bool {
    let letters = token.chars().filter(|c| !c.is_ascii_digit());
    let mut small = token.chars().enumerate().filter(|(_, c)| !c.is_ascii_digit());
    token.bytes().filter(u8::is_ascii_digit).count() == 1
        && letters.clone().nth(2).is_some()
        && small.all(|(at, c)| c.is_lowercase() || at == 0 && c.is_uppercase())
}

/// Letters and digits in one, other than a number with its unit.
fn is_mixed(part: &str) -> bool {
    let numeral = part.bytes().take_while(u8::is_ascii_digit).count();
    let rest = &part[numeral..];
    if numeral == 0 {
        return rest.bytes().any(|byte| byte.is_ascii_digit());
    }
    if let Some(hexadecimal) = part.strip_prefix("0x").or_else(|| part.strip_prefix("0X")) {
        return !hexadecimal.is_empty() && hexadecimal.bytes().all(|byte| byte.is_ascii_hexdigit());
    }
    if is_unit(rest) {
        return false;
    }
    // Hours and dimensions: 10h30, 10h30min, 4x4.
    let Some(second) = rest.strip_prefix(['h', 'H', 'x', 'X']) else { return true };
    let unit = second.trim_start_matches(|c: char| c.is_ascii_digit());
    second.len() == unit.len() || !is_unit(unit)
}

fn is_unit(letters: &str) -> bool {
    letters.chars().all(char::is_alphabetic) && letters.chars().take(LONGEST_UNIT + 1).count() <= LONGEST_UNIT
}

/// `INV-7`, `7-INV`: numbers with short words in capitals only.
fn has_prefix(label: &str) -> bool {
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let is_prefix = |part: &str| part.len() <= LONGEST_PREFIX && part.bytes().all(|byte| byte.is_ascii_uppercase());
    label.split('-').any(is_number) && label.split('-').all(|part| is_number(part) || is_prefix(part))
}

/// The last label of a version such as `2.3.1-beta`.
fn is_prerelease(label: &str) -> bool {
    label.split_once('-').is_some_and(|(number, name)| {
        !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()) && !name.is_empty()
    })
}

/// `__init__`, `__proto__`: names that languages reserve. Others, such as `__important__`, are words in bold.
pub(super) fn is_dunder(token: &str) -> bool {
    let name = token.strip_prefix("__").and_then(|rest| rest.strip_suffix("__"));
    name.is_some_and(|name| RESERVED_NAMES.contains(&name))
}

/// An address of a network card or of IP version 6.
pub(super) fn is_hardware_or_ipv6(token: &str) -> bool {
    const LONGEST: usize = 39;
    token.len() <= LONGEST && (is_mac(token, ':') || is_ipv6(token))
}

fn is_mac(token: &str, separator: char) -> bool {
    let is_octet = |group: &str| group.len() == 2 && group.bytes().all(|byte| byte.is_ascii_hexdigit());
    token.split(separator).count() == 6 && token.split(separator).all(is_octet)
}

fn is_ipv6(token: &str) -> bool {
    let is_group = |group: &str| group.len() <= 4 && group.bytes().all(|byte| byte.is_ascii_hexdigit());
    let groups = token.split(':').count();
    let is_whole = groups == 8 && token.split(':').all(|group| !group.is_empty());
    (is_whole || (token.contains("::") && (3..=8).contains(&groups) && token.bytes().any(|b| b.is_ascii_digit())))
        && token.split(':').all(is_group)
}

/// An address of IP version 4. Numbers with thousands groups such as `1.000.000.000` are none.
pub(super) fn is_ipv4(token: &str) -> bool {
    let is_octet =
        |group: &str| group.len() <= 3 && (group == "0" || !group.starts_with('0')) && group.parse::<u8>().is_ok();
    token.len() <= 15 && token.split('.').count() == 4 && token.split('.').all(is_octet)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_stray_digits_from_codes() {
        for (token, expected) in [
            ("orde4r", true),
            ("Orde4r", true),
            ("tryi8ng", true),
            ("0rder", true),
            ("th3", false),
            ("AB3C", false),
            ("a12bc", false),
            ("inv3OICE", false),
            ("mp3", false),
            ("h3llo", true),
        ] {
            assert_eq!(has_stray_digit(token), expected, "{token}");
        }
    }
}
