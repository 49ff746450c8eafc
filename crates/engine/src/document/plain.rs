//! Reads plain text. Pairs of `*`, `**`, `~` and `~~` that divide a word (WhatsApp, Markdown: `*mis*spelled`, `请*登*录`) are
//! no part of it. Knows no channel: marks around whole words (`_so_`, `*so*`) divide nothing and stay.

use super::{
    builder::ProseBuilder,
    prose::{Prose, no_reference},
};
use crate::text::Span;

/// How far apart the two marks of a pair may be, in bytes.
const MAX_PAIR_DISTANCE: usize = 200;

/// Reads a text. O(length); borrows it unless marks divide words in it.
pub(super) fn read(source: &str) -> Prose<'_> {
    let (mut pairs, mut length) = (0, source.len());
    each_pair(source, |opening, closing| {
        pairs += 1;
        length -= opening.len() + closing.len();
    });
    if pairs == 0 {
        return Prose::identical(source);
    }
    let mut builder = ProseBuilder::new(source, 2 * pairs + 1, no_reference);
    builder.reserve(length);
    let mut at = 0;
    each_pair(source, |opening, closing| {
        builder.push_text(Span::new(at, opening.start), true);
        builder.push_text(Span::new(opening.end, closing.start), true);
        at = closing.end;
    });
    builder.push_text(Span::new(at, source.len()), true);
    builder.finish(Vec::new(), true)
}

/// Calls `each` with the pairs of marks to take away, ascending.
fn each_pair(source: &str, mut each: impl FnMut(Span, Span)) {
    let bytes = source.as_bytes();
    let mut done = 0;
    for at in memchr::memchr2_iter(b'*', b'~', bytes) {
        if at < done {
            continue;
        }
        let opening = run(bytes, at);
        done = opening.end;
        if opening.len() > 2 {
            continue;
        }
        let Some(closing) = closing(source, opening) else { continue };
        let inside = Span::new(opening.end, closing.start).slice(source);
        let is_within = |mark: Span| is_letter(before(source, mark)) && is_letter(after(source, mark));
        if (is_within(opening) || is_within(closing)) && inside.chars().all(|c| !matches!(c, '*' | '~' | '`')) {
            each(opening, closing);
            done = closing.end;
        }
    }
}

/// The marks of one kind that begin at `at`.
fn run(bytes: &[u8], at: usize) -> Span {
    let length = bytes[at..].iter().take_while(|&&byte| byte == bytes[at]).count();
    Span::new(at, at + length)
}

/// The mark that closes a pair: on the same line, before the next mark of its kind, with a letter on its inner side as on the
/// inner side of the one that opens.
fn closing(source: &str, opening: Span) -> Option<Span> {
    let bytes = source.as_bytes();
    let mark = bytes[opening.start];
    let end = bytes.len().min(opening.end + MAX_PAIR_DISTANCE);
    let at = opening.end + memchr::memchr2(mark, b'\n', &bytes[opening.end..end])?;
    let closing = if bytes[at] == mark { run(bytes, at) } else { return None };
    let fits =
        closing.len() == opening.len() && is_letter(after(source, opening)) && is_letter(before(source, closing));
    fits.then_some(closing)
}

fn before(source: &str, mark: Span) -> Option<char> {
    source[..mark.start].chars().next_back()
}

fn after(source: &str, mark: Span) -> Option<char> {
    source[mark.end..].chars().next()
}

fn is_letter(c: Option<char>) -> bool {
    c.is_some_and(|c| c.is_alphabetic() || matches!(c, '\u{300}'..='\u{36F}'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(source: &str, expected: &str) {
        let prose = read(source);
        assert_eq!(prose.text(), expected);
        assert_eq!(prose.is_identical(), source == expected, "{source}");
        let whole = prose.source_spans(Span::new(0, expected.len()));
        assert_eq!(whole.iter().map(|span| span.slice(source)).collect::<String>(), expected);
    }

    #[test]
    fn takes_marks_out_of_words() {
        check("*mis*spelled and mis~spel~led", "misspelled and misspelled");
        check("**mis**spelled 请*登*录 请~~登~~录", "misspelled 请登录 请登录");
        check("mis*spelled words*", "misspelled words");
    }

    #[test]
    fn leaves_other_marks() {
        check("*bold* _italic_ ~strike~ `code`", "*bold* _italic_ ~strike~ `code`");
        check("2*3*4 a * b * c s**t f***k *** x", "2*3*4 a * b * c s**t f***k *** x");
        check("*one\ntwo*three", "*one\ntwo*three");
        check("ab*c`d*e`", "ab*c`d*e`");
        check("", "");
    }
}
