//! The one spelling under which a word is looked up: composed accents, plain apostrophes and hyphens, nothing invisible.

use std::borrow::Cow;

use unicode_normalization::{IsNormalized, UnicodeNormalization as _, is_nfc_quick};

/// The word as dictionaries write it. Allocates only if something changes.
#[must_use]
pub fn normalised(word: &str) -> Cow<'_, str> {
    if word.is_ascii() {
        return Cow::Borrowed(word);
    }
    let plain: Cow<'_, str> = if word.contains(|c| !matches!(plain(c), Plain::Same)) {
        let mut rewritten = String::with_capacity(word.len());
        for c in word.chars() {
            match plain(c) {
                Plain::Same => rewritten.push(c),
                Plain::As(text) => rewritten.push_str(text),
            }
        }
        Cow::Owned(rewritten)
    } else {
        Cow::Borrowed(word)
    };
    if is_nfc_quick(plain.chars()) == IsNormalized::Yes { plain } else { Cow::Owned(plain.nfc().collect()) }
}

enum Plain {
    Same,
    As(&'static str),
}

const fn plain(c: char) -> Plain {
    match c {
        // Soft hyphen, zero-width spaces and joiners, word joiner, byte order mark, marks of direction.
        '\u{AD}'
        | '\u{200B}'..='\u{200F}'
        | '\u{202A}'..='\u{202E}'
        | '\u{2060}'
        | '\u{2066}'..='\u{2069}'
        | '\u{FEFF}' => Plain::As(""),
        '\u{2018}' | '\u{2019}' | '\u{2BC}' => Plain::As("'"),
        '\u{2010}' | '\u{2011}' => Plain::As("-"),
        'ﬀ' => Plain::As("ff"),
        'ﬁ' => Plain::As("fi"),
        'ﬂ' => Plain::As("fl"),
        'ﬃ' => Plain::As("ffi"),
        'ﬄ' => Plain::As("ffl"),
        'ﬅ' | 'ﬆ' => Plain::As("st"),
        _ => Plain::Same,
    }
}

/// The word without accents and cedillas, in small letters.
#[must_use]
pub fn unaccented(word: &str) -> String {
    word.nfd().filter(|c| !unicode_normalization::char::is_combining_mark(*c)).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(word: &str, expected: &str) {
        assert_eq!(normalised(word), expected, "{word:?}");
    }

    #[test]
    fn normalises() {
        check("plain", "plain");
        check("ação", "ação");
        check("ac\u{327}a\u{303}o", "ação");
        check("don\u{2019}t", "don't");
        check("so\u{AD}ft\u{200B}ware", "software");
        check("o\u{FB03}ce", "office");
        check("e\u{2011}mail", "e-mail");
    }

    #[test]
    fn drops_accents() {
        assert_eq!(unaccented("Ação"), "acao");
    }
}
