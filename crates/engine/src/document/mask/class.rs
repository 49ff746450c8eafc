//! Classes of bytes and characters: which may stand in a plain word, and which call for a closer look. Knows no pattern.

/// ASCII letters, and every byte of a character beyond ASCII.
pub(super) const LETTER: u16 = 1;
/// `0` to `9`.
pub(super) const DIGIT: u16 = 1 << 1;
/// The full stop.
pub(super) const DOT: u16 = 1 << 2;
/// `/` and `\`.
pub(super) const SLASH: u16 = 1 << 3;
pub(super) const COLON: u16 = 1 << 4;
/// `@`.
pub(super) const AT: u16 = 1 << 5;
/// `_`.
pub(super) const UNDERSCORE: u16 = 1 << 6;
/// What joins the parts of a token and is common in prose: `-`, `+`, `=`.
pub(super) const GLUE: u16 = 1 << 7;
/// What opens a delimited construct: a placeholder, an entity, a tag, program code.
pub(super) const OPENER: u16 = 1 << 8;

/// Bytes that plain words hold at most at their end.
const TRIGGER: u16 = DIGIT | DOT | SLASH | COLON | AT | UNDERSCORE | OPENER;
/// Bytes of which tokens consist.
const TOKEN: u16 = LETTER | DIGIT | DOT | SLASH | COLON | AT | UNDERSCORE | GLUE;

/// Bytes looked at together where there is nothing to find.
const BLOCK: usize = 16;

static CLASSES: [u16; 256] = classes();

const fn classes() -> [u16; 256] {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        #[expect(clippy::cast_possible_truncation, reason = "below 256 by the loop's condition")]
        let class = match byte as u8 {
            b'a'..=b'z' | b'A'..=b'Z' | 0x80.. => LETTER,
            b'0'..=b'9' => DIGIT,
            b'.' => DOT,
            b'/' | b'\\' => SLASH,
            b':' => COLON,
            b'@' => AT,
            b'_' => UNDERSCORE,
            b'-' | b'+' | b'=' => GLUE,
            b'`' | b'{' | b'[' | b'$' | b'%' | b'&' | b'<' | b'#' => OPENER,
            _ => 0,
        };
        table[byte] = class;
        byte += 1;
    }
    table
}

pub(super) fn byte_class(byte: u8) -> u16 {
    CLASSES[usize::from(byte)]
}

/// The classes of all bytes together.
pub(super) fn union_of_classes(bytes: &[u8]) -> u16 {
    bytes.iter().fold(0, |seen, &byte| seen | byte_class(byte))
}

/// The first byte at or after `from` that calls for a closer look. Passes over plain words a block at a time.
pub(super) fn next_trigger(bytes: &[u8], from: usize) -> Option<usize> {
    let rest = bytes.get(from..)?;
    let (blocks, _) = rest.as_chunks::<BLOCK>();
    let plain = blocks.iter().take_while(|block| union_of_classes(*block) & TRIGGER == 0).count() * BLOCK;
    let found = rest[plain..].iter().position(|&byte| byte_class(byte) & TRIGGER != 0)?;
    Some(from + plain + found)
}

/// Whether a character beyond ASCII continues a token: letters of alphabets, and their accents. Han, kana, symbols,
/// typographic and full-width punctuation, the ordinal signs `º` and `ª` end it.
pub(super) fn continues_token(c: char) -> bool {
    matches!(c, '\u{C0}'..='\u{1FFF}') && (c.is_alphanumeric() || matches!(c, '\u{300}'..='\u{36F}'))
}

/// Whether a character is a letter of a script written without spaces: Han, kana, Hangul.
pub(super) fn is_unspaced(c: char) -> bool {
    c >= '\u{2E80}' && c.is_alphanumeric()
}

/// Where the token that holds the byte `at` begins, not before `floor`.
pub(super) fn token_start(text: &str, floor: usize, at: usize) -> usize {
    let bytes = text.as_bytes();
    let mut start = at;
    while start > floor {
        let byte = bytes[start - 1];
        if byte.is_ascii() {
            if byte_class(byte) & TOKEN == 0 {
                break;
            }
            start -= 1;
        } else {
            match text[floor..start].chars().next_back() {
                Some(c) if continues_token(c) => start -= c.len_utf8(),
                _ => break,
            }
        }
    }
    start
}

/// Where the token that holds the byte `at` ends.
pub(super) fn token_end(text: &str, at: usize) -> usize {
    let bytes = text.as_bytes();
    let mut end = at;
    while let Some(&byte) = bytes.get(end) {
        if byte.is_ascii() {
            if byte_class(byte) & TOKEN == 0 {
                break;
            }
            end += 1;
        } else {
            match text[end..].chars().next() {
                Some(c) if continues_token(c) => end += c.len_utf8(),
                _ => break,
            }
        }
    }
    end
}
