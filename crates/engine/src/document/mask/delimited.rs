//! What an opening byte begins and a closing one ends: placeholders, entities, program code. Knows no template engine.

use super::super::SkipReason;
use super::class;

/// How far a placeholder may close behind its opening, in bytes.
const MAX_PLACEHOLDER_BYTES: usize = 100;
/// The longest name in single braces, angle brackets or per cent signs, in bytes.
const LONGEST_NAME: usize = 64;
/// The longest name of an entity, in bytes: HTML's is `CounterClockwiseContourIntegral`.
const LONGEST_ENTITY: usize = 31;

/// What an opening byte turned out to begin.
pub(super) enum DelimiterMatch {
    /// A construct that ends at this byte.
    Until(usize, SkipReason),
    /// Nothing: go on at this byte.
    Nothing(usize),
}

/// Reads what the opening byte at `at` begins. Looks ahead a bounded way, or to where nothing else can begin again.
pub(super) fn read(text: &str, at: usize) -> DelimiterMatch {
    let placeholder = |end: Option<usize>| end.map(|end| (end, SkipReason::Placeholder));
    let found = match text.as_bytes()[at] {
        b'`' => return backticks(text, at),
        b'%' if text[at..].starts_with("%%") => return DelimiterMatch::Nothing(at + 2),
        b'%' => placeholder(percent(text, at)),
        b'{' => placeholder(braces(text, at)),
        b'$' if text[at..].starts_with("${") => placeholder(closed_by(text, at + 2, "}", b'{')),
        b'[' if text[at..].starts_with("[[") => placeholder(closed_by(text, at + 2, "]]", b'[')),
        b'[' => content_id(text, at).map(|end| (end, SkipReason::Url)),
        b'<' => placeholder(angle(text, at)),
        b'&' => entity(text, at).map(|end| (end, SkipReason::Entity)),
        _ => None,
    };
    found.map_or(DelimiterMatch::Nothing(at + 1), |(end, reason)| DelimiterMatch::Until(end, reason))
}

/// `` `code` `` on one line, ` ```code``` ` over several. An apostrophe as in ``don`t`` opens none.
fn backticks(text: &str, at: usize) -> DelimiterMatch {
    let bytes = text.as_bytes();
    let length = bytes[at..].iter().take_while(|&&byte| byte == b'`').count();
    let inside = at + length;
    let follows_letter =
        text[..at].chars().next_back().is_some_and(|c| c.is_ascii_alphanumeric() || class::continues_token(c));
    if follows_letter {
        return DelimiterMatch::Nothing(inside);
    }
    // A search that finds nothing leaves no later opening of its kind on the line (or, for a fence, in the text), so
    // that each byte is searched once for each kind.
    let close = match length {
        1 => closing_ticks(bytes, inside, 1),
        2 => closing_ticks(bytes, inside, 2),
        _ => memchr::memmem::find(&bytes[inside..], b"```").map(|content| {
            let end = inside + content;
            end + bytes[end..].iter().take_while(|&&byte| byte == b'`').count()
        }),
    };
    close.map_or(DelimiterMatch::Nothing(inside), |end| DelimiterMatch::Until(end, SkipReason::ProgramCode))
}

/// Where the first run of at least `count` backticks (one or two) ends on the line of `from`, counting only `count`.
fn closing_ticks(bytes: &[u8], from: usize, count: usize) -> Option<usize> {
    for offset in memchr::memchr2_iter(b'`', b'\n', &bytes[from..]) {
        let at = from + offset;
        if bytes[at] == b'\n' {
            return None;
        }
        if count == 1 || bytes.get(at + 1) == Some(&b'`') {
            return Some(at + count);
        }
    }
    None
}

/// `{{ name }}`, `{{{name}}}`, `{% tag %}`, `{name}`.
fn braces(text: &str, at: usize) -> Option<usize> {
    let rest = &text[at..];
    if rest.starts_with("{{{") {
        closed_by(text, at + 3, "}}}", b'{')
    } else if rest.starts_with("{{") {
        closed_by(text, at + 2, "}}", b'{')
    } else if rest.starts_with("{%") {
        closed_by(text, at + 2, "%}", b'{')
    } else {
        let joins = |c: char| c.is_alphanumeric() || class::continues_token(c) || matches!(c, '_' | '.' | '-' | ' ');
        let name = name_length(&text[at + 1..], joins);
        let end = at + 1 + name;
        (text[at + 1..end].contains(char::is_alphanumeric) && text[end..].starts_with('}')).then_some(end + 1)
    }
}

/// Where the `close` ends that follows `from` on the same line, within reach, before the next `opening` bracket.
fn closed_by(text: &str, from: usize, close: &str, opening: u8) -> Option<usize> {
    let rest = &text.as_bytes()[from..];
    let first = close.as_bytes()[0];
    let reach = rest.len().min(MAX_PLACEHOLDER_BYTES);
    let mut content = 0;
    while content < reach && rest[content] != b'\n' && rest[content] != opening {
        if rest[content] == first && rest[content..].starts_with(close.as_bytes()) {
            let is_blank = rest[..content].iter().all(u8::is_ascii_whitespace);
            return (!is_blank).then_some(from + content + close.len());
        }
        content += 1;
    }
    None
}

/// `%s`, `%1$s`, `%.2f`, `%(name)s`, `%FIRST_NAME%`, but not `100%s` and not `%desconto`.
fn percent(text: &str, at: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    if at > 0 && bytes[at - 1].is_ascii_digit() {
        return None;
    }
    let name = name_length(&text[at + 1..], is_ascii_name);
    let after = at + 1 + name;
    if bytes.get(after) == Some(&b'%') && is_merge_field(&text[at + 1..after]) {
        return Some(after + 1);
    }
    let mut end = at + 1;
    if bytes.get(end) == Some(&b'(') {
        let name = name_length(&text[end + 1..], is_ascii_name);
        end += 1 + name;
        if name == 0 || bytes.get(end) != Some(&b')') {
            return None;
        }
        end += 1;
    }
    let digits = |from: usize| from + bytes[from..].iter().take(3).take_while(|byte| byte.is_ascii_digit()).count();
    let position = digits(end);
    if position > end && bytes.get(position) == Some(&b'$') {
        end = position + 1;
    }
    end += usize::from(matches!(bytes.get(end), Some(b'-' | b'+' | b'0')));
    end = digits(end);
    if bytes.get(end) == Some(&b'.') {
        end = digits(end + 1);
    }
    end += bytes[end..].iter().take(2).take_while(|&&byte| byte == b'l').count();
    if !matches!(bytes.get(end), Some(b's' | b'd' | b'i' | b'f' | b'u' | b'x' | b'X' | b'@')) {
        return None;
    }
    end += 1;
    let goes_on = text[end..].chars().next().is_some_and(|c| c.is_ascii_alphanumeric() || class::continues_token(c));
    (!goes_on).then_some(end)
}

/// `[cid:image001.png@01DB34F0.12345678]`: an image, in the text that programs make of HTML (RFC 2392).
fn content_id(text: &str, at: usize) -> Option<usize> {
    let rest = text.as_bytes().get(at + 1..)?;
    let is_one = rest.get(..4).is_some_and(|scheme| scheme.eq_ignore_ascii_case(b"cid:"));
    let length = rest
        .iter()
        .take(MAX_PLACEHOLDER_BYTES)
        .position(|byte| matches!(byte, b']' | b'\n' | b'['))
        .filter(|_| is_one)?;
    (rest[length] == b']').then_some(at + 1 + length + 1)
}

/// `<first_name>`, `<NAME>`, but not `<b>`.
fn angle(text: &str, at: usize) -> Option<usize> {
    let name = name_length(&text[at + 1..], |c| is_ascii_name(c) || c == '-');
    let end = at + 1 + name;
    (text[end..].starts_with('>') && is_merge_field(&text[at + 1..end])).then_some(end + 1)
}

/// `&amp;`, `&#233;`, `&#xE9;`.
fn entity(text: &str, at: usize) -> Option<usize> {
    let rest = &text.as_bytes()[at + 1..];
    let (prefix, belongs): (usize, fn(&u8) -> bool) = match rest {
        [b'#', b'x' | b'X', ..] => (2, u8::is_ascii_hexdigit),
        [b'#', ..] => (1, u8::is_ascii_digit),
        [first, ..] if first.is_ascii_alphabetic() => (0, u8::is_ascii_alphanumeric),
        _ => return None,
    };
    let name = rest[prefix..].iter().take(LONGEST_ENTITY + 1).take_while(|byte| belongs(byte)).count();
    let shortest = if prefix == 0 { 2 } else { 1 };
    let closes = rest.get(prefix + name) == Some(&b';');
    ((shortest..=LONGEST_ENTITY).contains(&name) && closes).then_some(at + 1 + prefix + name + 1)
}

/// The bytes at the beginning of `text` that `joins` accepts, at most as many as a name takes.
fn name_length(text: &str, joins: impl Fn(char) -> bool) -> usize {
    let ends = text.char_indices().map(|(offset, c)| (offset + c.len_utf8(), c));
    ends.take_while(|&(end, c)| end <= LONGEST_NAME && joins(c)).last().map_or(0, |(end, _)| end)
}

fn is_ascii_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

/// An identifier with an underscore inside, or in capitals.
fn is_merge_field(name: &str) -> bool {
    let has_inner_underscore = name.trim_matches('_').contains('_');
    let letters = name.bytes().filter(u8::is_ascii_alphabetic).count();
    letters >= 2 && (has_inner_underscore || !name.bytes().any(|byte| byte.is_ascii_lowercase()))
}
