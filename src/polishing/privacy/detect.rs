//! Finds what is masked: by `document::mask` what that knows, by patterns with check digits the numbers of people and accounts.
//! Knows no placeholder.

use std::sync::LazyLock;

use regex::Regex;

use super::{
    Patterns, Scope, ValueKind,
    digits::{is_card, is_chinese_id, is_cnpj, is_cpf, is_iban},
};
use vermilion_engine::{
    document::{SkipReason, mask},
    text::Span,
};

/// A value and what it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Detected {
    /// Where, in bytes.
    pub span: Span,
    /// What.
    pub kind: ValueKind,
}

/// Digits that make a bare number a code: fewer are quantities, prices and years as a rule.
const CODE_DIGITS: usize = 6;

/// Digits of a number with check digits behind a hyphen: fewer are a range.
const CHECKED_DIGITS: usize = 8;

/// Digits of a telephone number with its area code (ITU-T E.164 allows 15).
const PHONE_DIGITS: std::ops::RangeInclusive<usize> = 8..=15;

/// Digits with what people put between them.
static NUMBERS: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"[+(]?[0-9](?:[ \u{a0}\-./()]{0,2}[0-9]){5,40}[Xx]?").ok());

static IBANS: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?-u:\b)[A-Z]{2}\d{2}(?: ?[A-Z0-9]){11,30}(?-u:\b)").ok());

/// A short number that a word before it makes a code.
static NAMED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?i)(?:(?-u:\b)(?:order|ticket|case|invoice|booking|reference|ref|tracking|protocol|pedido|protocolo|chamado|fatura|nota fiscal|rastreio|reserva|contrato)(?: (?:number|no|id|número|numero|nº))?|订单号?|单号|编号|工单号?|快递号|订单编号|訂單號?|單號|編號|工單號?|訂單編號)[.:：]?\s?(?:is|é|为|是)?\s?#?\s?([0-9]{4,})(?-u:\b)",
    )
    .ok()
});

/// Everything that stands for itself in a text: links, addresses, numbers of people and accounts, codes. Ascending, disjoint.
/// O(length).
#[must_use]
pub(crate) fn detect(text: &str) -> Vec<Detected> {
    all(text, &[], &Patterns::default(), Scope::All)
}

/// The same with fixed ranges, which win over all else, and the operator's patterns.
pub(super) fn all(text: &str, fixed: &[(Span, ValueKind)], patterns: &Patterns, scope: Scope) -> Vec<Detected> {
    let mut found: Vec<(u8, Detected)> = Vec::new();
    let mut add = |rank: u8, span: Span, kind: ValueKind| {
        if !span.is_empty() {
            found.push((rank, Detected { span, kind }));
        }
    };
    for &(span, kind) in fixed {
        add(0, span, kind);
    }
    for pattern in patterns.iter() {
        for hit in pattern.find_iter(text) {
            add(1, hit.range().into(), ValueKind::Custom);
        }
    }
    for region in mask::scan(text) {
        match kind_of(region.reason) {
            Some(ValueKind::Placeholder) => add(2, region.span, ValueKind::Placeholder),
            // A model must see what it writes about.
            Some(ValueKind::Code) if is_prose(region.span.slice(text)) => {}
            Some(kind) if scope == Scope::All => add(if kind == ValueKind::Code { 4 } else { 2 }, region.span, kind),
            _ => {}
        }
    }
    if scope == Scope::All {
        numbers(text, add);
    }
    settle(found)
}

/// What stands behind digits without a space.
const UNITS: &[&str] = &[
    "x", "k", "m", "h", "hr", "hrs", "hs", "d", "s", "w", "y", "yr", "yrs", "min", "mins", "sec", "secs", "day",
    "days", "wk", "wks", "mo", "mos", "am", "pm", "a", "o", "st", "nd", "rd", "th", "kb", "mb", "gb", "tb", "gig",
    "gigs", "mbps", "kbps", "gbps", "g", "kg", "kgs", "mg", "lb", "lbs", "oz", "l", "ml", "mm", "cm", "km", "ft", "in",
    "mi", "kw", "kwh", "mwh", "v", "w", "mah", "p", "px", "mp", "usd", "eur", "gbp", "brl", "cad", "aud", "inr", "rmb",
    "cny", "pcs", "pc", "ppl", "pax", "pts", "dias", "dia", "anos", "ano", "meses", "mes", "horas", "hora", "reais",
    "mil", "un", "und", "star", "way", "digit",
];

/// Words of chats with digits for syllables.
const CHAT_WORDS: &[&str] = &[
    "b4", "2nite", "2moro", "2morrow", "u2", "gr8", "l8r", "l8", "w8", "m8", "h8", "str8", "any1", "every1", "some1",
    "no1", "b2b", "b2c", "d+", "9dade", "t+",
];

/// What holds digits and letters as people write: 50gb, 5-10mins, 16th, 40k, 55x40x20cm, 1h30, b4. And the versions of programs.
fn is_prose(code: &str) -> bool {
    if CHAT_WORDS.iter().any(|word| code.eq_ignore_ascii_case(word)) {
        return true;
    }
    if let Some(version) = code.strip_prefix(['v', 'V']) {
        return version.contains(|c: char| c.is_ascii_digit())
            && version.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    }
    let mut rest = code;
    let mut units = 0;
    loop {
        let after = rest.trim_start_matches(|c: char| c.is_ascii_digit());
        if !(1..CODE_DIGITS).contains(&(rest.len() - after.len())) {
            return false;
        }
        let behind = after.trim_start_matches(|c: char| c.is_ascii_alphabetic());
        let unit = &after[..after.len() - behind.len()];
        if !unit.is_empty() {
            if !UNITS.iter().any(|known| unit.eq_ignore_ascii_case(known)) {
                return false;
            }
            units += 1;
        }
        if behind.is_empty() {
            return units > 0;
        }
        // Digits follow a unit only where it divides: 1h30, 55x40, 2ft6.
        let divides = ["x", "h", "ft", "min"].iter().any(|known| unit.eq_ignore_ascii_case(known));
        rest = match behind.strip_prefix(['.', ',', '-', '/', ':']) {
            Some(next) => next,
            None if divides => behind,
            None => return false,
        };
    }
}

const fn kind_of(reason: SkipReason) -> Option<ValueKind> {
    Some(match reason {
        SkipReason::Url => ValueKind::Url,
        SkipReason::EmailAddress => ValueKind::EmailAddress,
        SkipReason::Mention | SkipReason::Hashtag => ValueKind::Mention,
        SkipReason::Placeholder => ValueKind::Placeholder,
        SkipReason::FileName | SkipReason::Code | SkipReason::ProgramCode => ValueKind::Code,
        _ => return None,
    })
}

/// Keeps the best of what overlaps: the lower rank, then the longer, then the first. Fixed ranges that overlap or touch each
/// other become one.
fn settle(mut found: Vec<(u8, Detected)>) -> Vec<Detected> {
    found.sort_by_key(|(rank, detected)| (*rank, detected.span.start, usize::MAX - detected.span.len()));
    let mut kept = std::collections::BTreeMap::<usize, Detected>::new();
    for (rank, detected) in found {
        let before = kept.range(..detected.span.end).next_back().map(|(_, other)| *other);
        match before {
            Some(other) if other.span.overlaps(detected.span) => {
                if rank == 0 && other.span.end < detected.span.end {
                    // Only fixed ranges are here yet, in the order of their starts.
                    let span = Span::new(other.span.start, detected.span.end);
                    kept.insert(other.span.start, Detected { span, kind: other.kind });
                }
            }
            _ => {
                kept.insert(detected.span.start, detected);
            }
        }
    }
    kept.into_values().collect()
}

fn numbers(text: &str, mut add: impl FnMut(u8, Span, ValueKind)) {
    if !text.bytes().any(|byte| byte.is_ascii_digit()) {
        return;
    }
    for hit in IBANS.iter().flat_map(|pattern| pattern.find_iter(text)) {
        // The run may reach into the words behind: the longest part that is right counts.
        let right =
            (15..=hit.len()).rev().find(|&end| hit.as_str().is_char_boundary(end) && is_iban(&hit.as_str()[..end]));
        if let Some(end) = right {
            add(2, Span::new(hit.start(), hit.start() + hit.as_str()[..end].trim_end().len()), ValueKind::Iban);
        }
    }
    for hit in NUMBERS.iter().flat_map(|pattern| pattern.find_iter(text)) {
        let before = text[..hit.start()].chars().next_back();
        if before.is_some_and(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | ',' | '-' | '/')) {
            continue;
        }
        // What is one number to the pattern may be several: a code stands by itself between blanks.
        let mut rest = Span::new(hit.start(), hit.start());
        for word in hit.as_str().split_inclusive([' ', '\u{a0}']) {
            let end = rest.end + word.len();
            let code = word.trim_end_matches([' ', '\u{a0}']);
            if is_reference(code) && identity(code).is_none() {
                number(text, rest, &mut add);
                add(3, Span::new(rest.end, rest.end + code.len()), ValueKind::Code);
                rest = Span::new(end, end);
            } else {
                rest = Span::new(rest.start, end);
            }
        }
        number(text, rest, &mut add);
    }
    for named in NAMED.iter().flat_map(|pattern| pattern.captures_iter(text)).filter_map(|captures| captures.get(1)) {
        add(4, named.range().into(), ValueKind::Code);
    }
}

/// What a candidate is: a number of people or accounts, of a telephone, or runs of digits.
fn number(text: &str, candidate: Span, add: &mut impl FnMut(u8, Span, ValueKind)) {
    let Span { start, end } = candidate;
    let candidate = text[start..end].trim_end_matches([' ', '\u{a0}']);
    let whole = Span::new(start, start + candidate.len());
    if let Some(kind) = identity(candidate) {
        add(2, whole, kind);
    } else if is_phone(candidate) && !is_amount(&text[..start], &text[whole.end..]) {
        let trimmed = candidate.trim_end_matches(['X', 'x']);
        add(3, Span::new(start, start + trimmed.len()), ValueKind::PhoneNumber);
    } else {
        bare(text, start, candidate, add);
    }
}

/// Whether a number is that of a protocol, a case, a document: with check digits behind a hyphen (`20241187-55`), or a year beside
/// a serial number (`2024/000318`, `0001234-56.2024.8.26.0100`).
fn is_reference(candidate: &str) -> bool {
    if !candidate.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'-' | b'.' | b'/')) {
        return false;
    }
    let digits = candidate.bytes().filter(u8::is_ascii_digit).count();
    let has_check_digits = candidate
        .split_once('-')
        .is_some_and(|(_, check)| matches!(check.len(), 1 | 2) && check.bytes().all(|byte| byte.is_ascii_digit()));
    let is_serial = candidate.split(['-', '.', '/']).any(|group| group.len() > 4);
    // A telephone number may end in what looks like a year, behind a hyphen and five digits.
    let ends_in_year = candidate.rsplit_once('-').is_some_and(|(number, year)| number.len() > 5 && is_year(year));
    let mut parts = candidate.split(['.', '/']).map(|part| part.split('-').next().unwrap_or_default());
    has_check_digits && digits >= CHECKED_DIGITS || is_serial && (ends_in_year || parts.any(is_year))
}

fn is_year(group: &str) -> bool {
    group.len() == 4 && (group.starts_with("19") || group.starts_with("20"))
}

/// Long runs of digits in a candidate that is nothing better.
fn bare(text: &str, start: usize, candidate: &str, add: &mut impl FnMut(u8, Span, ValueKind)) {
    let mut at = 0;
    for run in candidate.split(|c: char| !c.is_ascii_digit()) {
        let (from, to) = (start + at, start + at + run.len());
        at += run.len() + candidate[at + run.len()..].chars().next().map_or(0, char::len_utf8);
        if run.len() >= CODE_DIGITS && !is_amount(&text[..from], &text[to..]) {
            add(4, Span::new(from, to), ValueKind::Code);
        }
    }
}

/// What the digits of a candidate are by their check digits.
fn identity(candidate: &str) -> Option<ValueKind> {
    let digits: Vec<u8> = candidate.bytes().filter(u8::is_ascii_digit).map(|byte| byte - b'0').collect();
    let compact = !candidate.contains(['(', '+']);
    if compact && is_chinese_id(candidate) {
        return Some(ValueKind::NationalId);
    }
    if candidate.ends_with(['X', 'x']) || !compact {
        return None;
    }
    let grouped = |groups: &[usize]| candidate.split(['-', '.', '/']).map(str::len).eq(groups.iter().copied());
    if is_cpf(&digits) && !candidate.contains(' ')
        || is_cnpj(&digits) && !candidate.contains(' ')
        || grouped(&[3, 2, 4])
    {
        return Some(ValueKind::NationalId);
    }
    (is_card(&digits) && !candidate.contains(['.', '/'])).then_some(ValueKind::CardNumber)
}

/// Whether a run of digits reads as a telephone number rather than as a date, an amount or a range of years.
fn is_phone(candidate: &str) -> bool {
    let digits = candidate.bytes().filter(u8::is_ascii_digit).count();
    if !PHONE_DIGITS.contains(&digits) || candidate.contains('/') || candidate.ends_with(['X', 'x']) {
        return candidate.starts_with('+') && (7..=15).contains(&digits) && !candidate.contains('/');
    }
    if candidate.starts_with(['+', '(']) {
        return true;
    }
    let groups: Vec<&str> =
        candidate.split([' ', '\u{a0}', '-', '.', '(', ')']).filter(|group| !group.is_empty()).collect();
    let lengths: Vec<usize> = groups.iter().map(|group| group.len()).collect();
    let has_blank = candidate.contains([' ', '\u{a0}']);
    match lengths[..] {
        // Mobile numbers of China and Brazil, and anything else with as many digits that begins as they do.
        [11] => groups[0].starts_with('1') || groups[0].as_bytes()[2] == b'9',
        // Mobile numbers of Taiwan and Portugal.
        [10] => groups[0].starts_with("09"),
        [9] => is_portuguese(groups[0]) && groups[0].starts_with('9'),
        [_] => false,
        [4, 1..=2, 1..=2] | [1..=2, 1..=2, 4] if groups.iter().any(|group| is_year(group)) => false,
        [4, 4] if has_blank => is_of_hong_kong(groups[0], groups[1]),
        [4, 4] => !(is_year(groups[0]) && is_year(groups[1])) && candidate.contains('-'),
        [3, 3, 3] if has_blank && is_portuguese(groups[0]) => true,
        // 1.234.567 and 1 234 567: groups of three behind the first are an amount.
        [1..=3, ref rest @ ..] if rest.iter().all(|length| *length == 3) && !candidate.contains('-') => {
            lengths.len() == 3 && groups[0] == "0800" || digits >= 10 && groups[0].len() == 3 && has_blank
        }
        _ => lengths.iter().all(|length| *length <= 5) || lengths.len() == 2,
    }
}

/// Whether nine digits may begin so in Portugal (ANACOM's numbering plan): mobile, fixed, nomadic, reduced and shared cost.
fn is_portuguese(number: &str) -> bool {
    let starts = ["91", "92", "93", "96", "30", "70", "80"];
    starts.iter().any(|start| number.starts_with(start)) || number.starts_with('2') && !number.starts_with("20")
}

/// Whether two groups of four are a number of Hong Kong or Macau rather than years, or two round counts.
fn is_of_hong_kong(first: &str, second: &str) -> bool {
    let begins = first.starts_with(['2', '3', '5', '6', '7', '8', '9']);
    begins && !is_year(first) && !is_year(second) && !second.ends_with("00")
}

/// Whether what is around a number makes it a sum of money or a count.
fn is_amount(before: &str, after: &str) -> bool {
    let before = before.trim_end();
    let currency = |c: char| matches!(c, '$' | '€' | '£' | '¥' | '￥');
    let (next, word) = (after.chars().next(), after.trim_start().chars().next());
    before.ends_with(currency)
        || ["USD", "EUR", "BRL", "CNY", "RMB", "GBP"].iter().any(|code| before.ends_with(code))
        || next.is_some_and(|c| currency(c) || matches!(c, '%' | '％'))
        || after.strip_prefix(',').is_some_and(|decimals| decimals.starts_with(|c: char| c.is_ascii_digit()))
        // These stand behind a sum, also after a blank.
        || word.is_some_and(|c| matches!(c, '€' | '元' | '块' | '塊' | '万' | '萬' | '亿' | '億'))
}
