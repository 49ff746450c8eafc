//! Reads tags: their names and attributes, as the WHATWG's tokeniser does. Knows no element.

use crate::text::Span;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Tag<'s> {
    /// Where it stands, angle brackets included.
    pub(super) span: Span,
    /// As written, in any case of letters.
    pub(super) name: &'s str,
    /// What follows the name, up to the closing bracket.
    rest: &'s str,
    /// Whether it begins with `</`.
    pub(super) is_end: bool,
    /// Whether it ends with `/>`.
    pub(super) self_closing: bool,
}

impl<'s> Tag<'s> {
    /// Whether it may have attributes.
    pub(super) fn has_attributes(self) -> bool {
        self.rest.bytes().any(|byte| !byte.is_ascii_whitespace() && byte != b'/')
    }

    /// Calls `each` with the name and the value of every attribute, character references in it as written.
    pub(super) fn each_attribute(self, each: impl FnMut(&'s str, &'s str)) {
        scan(self.rest, each);
    }
}

/// The first whole tag at or after `from`. O(distance).
pub(super) fn next(source: &str, from: usize) -> Option<Tag<'_>> {
    let bytes = source.as_bytes();
    let mut at = from;
    while let Some(offset) = memchr::memchr(b'<', &bytes[at..]) {
        let start = at + offset;
        let is_end = bytes.get(start + 1) == Some(&b'/');
        let name_start = start + 1 + usize::from(is_end);
        if bytes.get(name_start).is_some_and(u8::is_ascii_alphabetic) {
            let length = bytes[name_start..].iter().position(|&byte| is_blank(byte) || matches!(byte, b'/' | b'>'))?;
            let rest_start = name_start + length;
            let (end, self_closing) = scan(&source[rest_start..], |_, _| {})?;
            return Some(Tag {
                span: Span::new(start, rest_start + end + 1),
                name: &source[name_start..rest_start],
                rest: &source[rest_start..rest_start + end],
                is_end,
                self_closing,
            });
        }
        at = start + 1;
        if bytes.get(at) == Some(&b'!') {
            // A document type: what stands in it is no tag.
            at += memchr::memchr(b'>', &bytes[at..])?;
        }
    }
    None
}

/// Reads attributes up to the bracket that closes the tag or to the end. Returns where the bracket stands, and whether a
/// slash stands before it.
fn scan<'s>(rest: &'s str, mut each: impl FnMut(&'s str, &'s str)) -> Option<(usize, bool)> {
    let bytes = rest.as_bytes();
    let find = |from: usize, ends: fn(u8) -> bool| {
        from + bytes[from..].iter().position(|&byte| ends(byte)).unwrap_or(bytes.len() - from)
    };
    let mut at = 0;
    loop {
        at = find(at, |byte| !is_blank(byte) && byte != b'/');
        match bytes.get(at) {
            None => return None,
            Some(b'>') => return Some((at, at > 0 && bytes[at - 1] == b'/')),
            Some(_) => {}
        }
        // A name may begin with an equals sign, but not hold one.
        let name_end = find(at + 1, |byte| is_blank(byte) || matches!(byte, b'/' | b'>' | b'='));
        let name_end = rest.ceil_char_boundary(name_end);
        let name = &rest[at..name_end];
        at = find(name_end, |byte| !is_blank(byte));
        if bytes.get(at) != Some(&b'=') {
            each(name, "");
            continue;
        }
        at = find(at + 1, |byte| !is_blank(byte));
        let (value, next) = match bytes.get(at) {
            Some(&quote @ (b'"' | b'\'')) => {
                let end = at + 1 + memchr::memchr(quote, &bytes[at + 1..]).unwrap_or(bytes.len() - at - 1);
                (Span::new(at + 1, end), (end + 1).min(bytes.len()))
            }
            _ => {
                let end = find(at, |byte| is_blank(byte) || byte == b'>');
                if bytes.get(end) == Some(&b'>') {
                    each(name, &rest[at..end]);
                    return Some((end, false));
                }
                (Span::new(at, end), end)
            }
        };
        each(name, value.slice(rest));
        at = next;
    }
}

const fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | 0x0C)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A tag, its name, its attributes.
    type ExpectedTag<'t> = (&'t str, &'t str, &'t [(&'t str, &'t str)]);

    #[track_caller]
    fn check(source: &str, expected: &[ExpectedTag<'_>]) {
        let mut found = Vec::new();
        let mut at = 0;
        while let Some(tag) = next(source, at) {
            let mut attributes = Vec::new();
            tag.each_attribute(|name, value| attributes.push((name, value)));
            found.push((tag.span.slice(source), tag.name, attributes));
            at = tag.span.end;
        }
        let found: Vec<_> = found.iter().map(|(tag, name, attributes)| (*tag, *name, &attributes[..])).collect();
        assert_eq!(found, expected, "{source}");
    }

    #[test]
    fn reads_tags() {
        check("<p>", &[("<p>", "p", &[])]);
        check("</P ><br/>", &[("</P >", "P", &[]), ("<br/>", "br", &[])]);
        check(
            "<a b=c d='e>f' g=\"h\" i j = k>x<z/y>",
            &[
                (
                    "<a b=c d='e>f' g=\"h\" i j = k>",
                    "a",
                    &[("b", "c"), ("d", "e>f"), ("g", "h"), ("i", ""), ("j", "k")],
                ),
                ("<z/y>", "z", &[("y", "")]),
            ],
        );
        check("<a b=><c =d=e><f g='h", &[("<a b=>", "a", &[("b", "")]), ("<c =d=e>", "c", &[("=d", "e")])]);
        check("<!doctype html <b> <o:p></o:p>", &[("<o:p>", "o:p", &[]), ("</o:p>", "o:p", &[])]);
        check("</><3 <é> <a\u{C}é=é>", &[("<a\u{C}é=é>", "a", &[("é", "é")])]);
    }

    #[test]
    fn tells_self_closing_tags() {
        for (source, expected) in [("<a/>", true), ("<a b/>", true), ("<a b=c/>", false), ("<a / >", false)] {
            assert_eq!(next(source, 0).map(|tag| tag.self_closing), Some(expected), "{source}");
        }
    }
}
