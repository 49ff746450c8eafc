//! Divides prose into words: UAX 29 word boundaries, joined again over hyphens and apostrophes, so that `e-mail`, `dá-lo`
//! and `T&Cs` are looked up whole. Knows no dictionary.

use unicode_segmentation::UnicodeSegmentation as _;

use crate::text::Span;

/// One word of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct WordToken {
    /// Where, in bytes.
    pub span: Span,
    /// What it is made of.
    pub shape: TokenShape,
}

/// What a word is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TokenShape {
    /// Letters of ASCII and Latin-1 only: needs no normalisation.
    Plain,
    /// Latin letters with anything else: digits, hyphens, apostrophes, combining marks.
    Composed,
    /// Digits and signs only.
    Number,
    /// Letters of another script.
    OtherScript,
}

/// Calls `each` for every word of `text[span]` in order, until it returns `false`. O(length).
pub(crate) fn for_each_token(text: &str, span: Span, mut each: impl FnMut(WordToken) -> bool) -> bool {
    let bytes = text.as_bytes();
    let mut at = span.start;
    while at < span.end {
        if bytes[at].is_ascii_whitespace() {
            at += 1;
            continue;
        }
        let start = at;
        while at < span.end && !bytes[at].is_ascii_whitespace() {
            at += 1;
        }
        let chunk = Span::new(start, at);
        let goes_on = match plain_word(bytes, chunk) {
            Some(span) => each(WordToken { span, shape: TokenShape::Plain }),
            None => for_each_segmented(text, chunk, &mut each),
        };
        if !goes_on {
            return false;
        }
    }
    true
}

/// The fast path: most chunks between blanks are one word of plain letters between ASCII punctuation.
fn plain_word(bytes: &[u8], chunk: Span) -> Option<Span> {
    let (mut start, mut end) = (chunk.start, chunk.end);
    while start < end && is_edge(bytes[start]) {
        start += 1;
    }
    while start < end && is_edge(bytes[end - 1]) {
        end -= 1;
    }
    let mut at = start;
    while at < end {
        match bytes[at] {
            b'a'..=b'z' | b'A'..=b'Z' => at += 1,
            // U+00C0 to U+00FF but the signs of multiplication (U+00D7) and division (U+00F7).
            0xC3 if at + 1 < end && !matches!(bytes[at + 1], 0x97 | 0xB7) => at += 2,
            _ => return None,
        }
    }
    (start < end).then(|| Span::new(start, end))
}

/// Punctuation that never belongs to a word when it stands at its edge and that UAX 29 divides from letters.
const fn is_edge(byte: u8) -> bool {
    matches!(byte, b'!' | b'"' | b'\'' | b'('..=b'/' | b':'..=b'?' | b'['..=b']' | b'{'..=b'~')
}

/// The full path: UAX 29, and joining over connectors.
fn for_each_segmented(text: &str, chunk: Span, each: &mut impl FnMut(WordToken) -> bool) -> bool {
    let mut open: Option<OpenToken> = None;
    for (at, segment) in chunk.slice(text).split_word_bound_indices() {
        let start = chunk.start + at;
        if is_connector(segment) {
            if let Some(word) = &mut open
                && word.end == start
                && !word.joins
            {
                word.joins = true;
                word.next = start + segment.len();
                continue;
            }
        } else if segment.contains(char::is_alphanumeric) {
            for part in split_segment(segment) {
                let span = part.shifted(start);
                match &mut open {
                    Some(word) if word.joins && word.next == span.start && !has_other_script(span.slice(text)) => {
                        (word.end, word.joins) = (span.end, false);
                    }
                    _ => {
                        if !emit_token(text, open.take(), each) {
                            return false;
                        }
                        open = Some(OpenToken { start: span.start, end: span.end, next: span.end, joins: false });
                        if has_other_script(span.slice(text)) && !emit_token(text, open.take(), each) {
                            return false;
                        }
                    }
                }
            }
            continue;
        }
        if !emit_token(text, open.take(), each) {
            return false;
        }
    }
    emit_token(text, open, each)
}

/// A word that may still grow over a connector.
#[derive(Clone, Copy)]
struct OpenToken {
    start: usize,
    end: usize,
    /// Where the part after the connector must begin.
    next: usize,
    /// Whether a connector follows `end`.
    joins: bool,
}

fn emit_token(text: &str, open: Option<OpenToken>, each: &mut impl FnMut(WordToken) -> bool) -> bool {
    let Some(word) = open else { return true };
    // UAX 29 takes what follows a letter and is not seen for part of the word; a mark that covered it would be one too long.
    let length = text[word.start..word.end].trim_end_matches(is_direction_mark).len();
    let span = Span::new(word.start, word.start + length);
    each(WordToken { span, shape: classify_shape(span.slice(text)) })
}

/// Marks of the direction of text, and others that stand between words and are not seen.
const fn is_direction_mark(c: char) -> bool {
    matches!(c, '\u{61C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
}

fn classify_shape(word: &str) -> TokenShape {
    if has_other_script(word) {
        TokenShape::OtherScript
    } else if !word.contains(char::is_alphabetic) {
        TokenShape::Number
    } else if word.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        TokenShape::Plain
    } else {
        TokenShape::Composed
    }
}

/// A segment divided at underscores, and at full stops and colons between whole words (`end.Start`), which UAX 29 keeps
/// together; initials and abbreviations (`U.S.A`, `p.m`, `n.º`) stay whole.
fn split_segment(segment: &str) -> impl Iterator<Item = Span> + '_ {
    let divides_at_stops = segment.split(['.', ':', '·']).all(|part| part.chars().nth(1).is_some())
        && segment.chars().all(|c| !c.is_ascii_digit());
    let divides = move |c: char| c == '_' || divides_at_stops && matches!(c, '.' | ':' | '·');
    segment.split(divides).filter(|part| !part.is_empty()).map(|part| {
        let start = part.as_ptr() as usize - segment.as_ptr() as usize;
        Span::new(start, start + part.len())
    })
}

/// Signs over which two parts are one word.
fn is_connector(segment: &str) -> bool {
    matches!(segment, "-" | "\u{2010}" | "\u{2011}" | "'" | "\u{2019}" | "\u{2BC}" | "&" | "\u{200B}")
}

/// The parts of a token between hyphens, or `None` if it has none.
#[must_use]
pub(crate) fn hyphenated_parts(text: &str, token: Span) -> Option<Vec<WordToken>> {
    let word = token.slice(text);
    let is_hyphen = |c| matches!(c, '-' | '\u{2010}' | '\u{2011}');
    word.contains(is_hyphen).then(|| {
        word.split(is_hyphen)
            .filter(|part| part.contains(char::is_alphanumeric))
            .map(|part| {
                let start = token.start + (part.as_ptr() as usize - word.as_ptr() as usize);
                let span = Span::new(start, start + part.len());
                WordToken { span, shape: classify_shape(part) }
            })
            .collect()
    })
}

/// Whether a word has a letter that is not Latin. Modifier letters and the ordinal signs count as Latin.
fn has_other_script(word: &str) -> bool {
    word.chars().any(|c| c.is_alphabetic() && !is_latin(c))
}

/// Letters of the Latin blocks, the ordinal signs and modifier letters.
const fn is_latin(c: char) -> bool {
    matches!(c, '\0'..='\u{2FF}' | '\u{300}'..='\u{36F}' | '\u{1D00}'..='\u{1EFF}' | '\u{2C60}'..='\u{2C7F}'
        | '\u{A720}'..='\u{A7FF}' | '\u{FB00}'..='\u{FB06}' | '\u{2070}'..='\u{209C}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let mut words = Vec::new();
        for_each_token(text, Span::new(0, text.len()), |token| {
            words.push(token.span.slice(text));
            true
        });
        assert_eq!(words, expected, "{text:?}");
    }

    #[test]
    fn divides_prose() {
        check("", &[]);
        check("  \r\n ", &[]);
        check("Hello, world!", &["Hello", "world"]);
        check("(ação) \"já\"…", &["ação", "já"]);
        check("e-mail dá-lo T&Cs o'clock you\u{2019}ll", &["e-mail", "dá-lo", "T&Cs", "o'clock", "you\u{2019}ll"]);
        check("wait--what - no", &["wait", "what", "no"]);
        check("-Jen 'quoted' rock-", &["Jen", "quoted", "rock"]);
        check("*bold* _italic_ ~strike~ snake_case", &["bold", "italic", "strike", "snake", "case"]);
        check("end.Start e.g. U.S.A. 3.14 n.º", &["end", "Start", "e.g", "U.S.A", "3.14", "n.º"]);
        check("请reset密码", &["请", "reset", "密", "码"]);
        check("so\u{AD}ft ze\u{200B}ro e\u{301}a", &["so\u{AD}ft", "ze\u{200B}ro", "e\u{301}a"]);
        check("either/or 5pm 10h30", &["either", "or", "5pm", "10h30"]);
        check("a\u{A0}b×c", &["a", "b", "c"]);
        check("\u{202B}um\u{200E} dois\u{202C}, t\u{200E}rês\u{2069}\u{200F}", &["um", "dois", "t\u{200E}rês"]);
    }

    #[test]
    fn tells_shapes_apart() {
        for (text, shape) in [
            ("café", TokenShape::Plain),
            ("e-mail", TokenShape::Composed),
            ("e\u{301}a", TokenShape::Composed),
            ("123", TokenShape::Number),
            ("привет", TokenShape::OtherScript),
            ("码", TokenShape::OtherScript),
        ] {
            for_each_token(text, Span::new(0, text.len()), |token| {
                assert_eq!(token.shape, shape, "{text}");
                true
            });
        }
    }
}
