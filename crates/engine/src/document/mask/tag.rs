//! Mentions and hashtags: `@someone`, `#topic`. Knows no list of users or topics.

use super::super::SkipReason;
use super::{class, code};

/// Han characters that a mention, or a topic that no second `#` closes, may take: a sentence may follow without a space.
const LONGEST_HAN: usize = 8;

/// Where the mention ends whose `@` stands at `at`.
pub(super) fn mention(text: &str, at: usize) -> Option<usize> {
    let name = &text[at + 1..];
    let is_han = name.starts_with(class::is_unspaced);
    let mut han = 0;
    let mut end = 0;
    let mut rest = name.char_indices().peekable();
    while let Some((offset, c)) = rest.next() {
        let joins = match c {
            '_' => true,
            '.' | '-' => rest.peek().is_some_and(|&(_, next)| next.is_ascii_lowercase() || next.is_ascii_digit()),
            _ if class::is_unspaced(c) => is_han,
            _ => c.is_alphanumeric() || class::continues_token(c),
        };
        if !joins {
            break;
        }
        han += usize::from(class::is_unspaced(c));
        if han > LONGEST_HAN {
            return None;
        }
        end = offset + c.len_utf8();
    }
    let name = name[..end].trim_end_matches('_');
    name.contains(char::is_alphanumeric).then_some(at + 1 + name.len())
}

/// Where the hashtag, or the order number, ends whose `#` stands at `at`.
pub(super) fn hashtag(text: &str, at: usize) -> Option<(usize, SkipReason)> {
    let topic = &text[at + 1..];
    let ascii = topic.bytes().take_while(|&byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')).count();
    let number = topic[..ascii].trim_end_matches(['-', '_']);
    if is_order_number(number) {
        return Some((at + 1 + number.len(), SkipReason::Code));
    }
    let mut length = 0;
    let mut han = 0;
    for (offset, c) in topic.char_indices() {
        if !(c.is_alphanumeric() || c == '_' || class::continues_token(c)) {
            break;
        }
        han += usize::from(class::is_unspaced(c));
        length = offset + c.len_utf8();
    }
    if !topic[..length].contains(char::is_alphabetic) {
        return None;
    }
    if han > 0 && topic[length..].starts_with('#') {
        return Some((at + 1 + length + 1, SkipReason::Hashtag));
    }
    (han <= LONGEST_HAN).then(|| (at + 1 + topic[..length].trim_end_matches('_').len(), SkipReason::Hashtag))
}

fn is_order_number(number: &str) -> bool {
    let digits = number.bytes().filter(u8::is_ascii_digit).count();
    let letters = number.bytes().filter(u8::is_ascii_alphabetic).count();
    code::is_code(number) && !number.contains('_') && (digits >= letters || (digits > 0 && number.contains('-')))
}
