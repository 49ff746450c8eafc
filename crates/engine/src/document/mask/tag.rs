//! Mentions and hashtags: `@someone`, `#topic`. Knows no list of users or topics.

use super::super::SkipReason;
use super::{class, code};

/// Han characters that a mention, or a topic that no second `#` closes, may take before a blank.
const LONGEST_HAN: usize = 8;
/// The same before anything else: a sentence may follow a name without a blank.
const LONGEST_HAN_ALONE: usize = 4;

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
        if !joins || han > LONGEST_HAN {
            break;
        }
        han += usize::from(class::is_unspaced(c));
        end = offset + c.len_utf8();
    }
    if !is_delimited(han, &name[end..]) {
        return None;
    }
    let name = name[..end].trim_end_matches('_');
    name.contains(char::is_alphanumeric).then_some(at + 1 + name.len())
}

/// Whether so many Han characters are a name by themselves, given what stands behind them.
fn is_delimited(han: usize, after: &str) -> bool {
    let longest = if after.starts_with(char::is_whitespace) { LONGEST_HAN } else { LONGEST_HAN_ALONE };
    han <= longest
}

/// Where the hashtag, or the order number, ends whose `#` stands at `at`. What does not begin with Han ends where Han begins,
/// unless a second `#` closes it.
pub(super) fn hashtag(text: &str, at: usize) -> Option<(usize, SkipReason)> {
    let topic = &text[at + 1..];
    let ascii = topic.bytes().take_while(|&byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')).count();
    let number = topic[..ascii].trim_end_matches(['-', '_']);
    if is_order_number(number) {
        return Some((at + 1 + number.len(), SkipReason::Code));
    }
    let joins = |c: char| c.is_alphanumeric() || c == '_' || class::continues_token(c);
    let whole = &topic[..topic.find(|c| !joins(c)).unwrap_or(topic.len())];
    let han = whole.chars().filter(|&c| class::is_unspaced(c)).count();
    let after = &topic[whole.len()..];
    if han > 0 && after.strip_prefix('#').is_some_and(|after| !after.starts_with(|c: char| c.is_ascii_alphanumeric())) {
        return Some((at + 1 + whole.len() + 1, SkipReason::Hashtag));
    }
    let tag = if whole.starts_with(class::is_unspaced) {
        Some(whole).filter(|_| is_delimited(han, after))?
    } else {
        &whole[..whole.find(class::is_unspaced).unwrap_or(whole.len())]
    };
    tag.contains(char::is_alphabetic).then(|| (at + 1 + tag.trim_end_matches('_').len(), SkipReason::Hashtag))
}

fn is_order_number(number: &str) -> bool {
    let digits = number.bytes().filter(u8::is_ascii_digit).count();
    let letters = number.bytes().filter(u8::is_ascii_alphabetic).count();
    code::is_code(number) && !number.contains('_') && (digits >= letters || (digits > 0 && number.contains('-')))
}
